//! Container instances as ECS sees them: what is left on them, what they are, and which takes a task.

use crate::world::World;
use drydock::timeline::Outcome;
use serde_json::{Value, json};

/// A world with the cluster `shop` and these instances in it, as type and subnet, all registered.
fn fleet(machines: &[(&str, &str)]) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    for (instance_type, subnet) in machines {
        launch(&mut world, instance_type, subnet);
    }
    world.wait(90);
    world
}

fn launch(world: &mut World, instance_type: &str, subnet: &str) {
    let input = json!({
        "ImageId": "ami-ecs", "InstanceType": instance_type, "SubnetId": subnet, "UserData": "ECS_CLUSTER=shop",
    });
    world.call("ec2", "RunInstances", input).expect("it launches");
}

/// The instances in the order of their zones.
fn instances(world: &mut World) -> Vec<Value> {
    let listed = world.ok("ListContainerInstances", json!({"cluster": "shop"}));
    let asked = json!({"cluster": "shop", "containerInstances": listed["containerInstanceArns"]});
    let answer = world.ok("DescribeContainerInstances", asked);
    let mut found = answer["containerInstances"].as_array().expect("a list").clone();
    found.sort_by_key(|instance| attribute(instance, "ecs.availability-zone"));
    found
}

fn attribute(instance: &Value, name: &str) -> Option<String> {
    let attributes = instance["attributes"].as_array().expect("a list");
    let found = attributes.iter().find(|attribute| attribute["name"] == name)?;
    found["value"].as_str().map(str::to_string)
}

/// Registers `web` with one container that has these members too.
fn register(world: &mut World, network_mode: &str, extra: Value) {
    let mut container = json!({"name": "web", "image": "shop/web:1", "memory": 128});
    container.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let input = json!({"family": "web", "networkMode": network_mode, "containerDefinitions": [container]});
    world.ok("RegisterTaskDefinition", input);
}

fn run(world: &mut World, extra: Value) -> Value {
    let mut request = json!({"cluster": "shop", "taskDefinition": "web"});
    request.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    world.ok("RunTask", request)
}

/// CINST-06: CPU and memory are what is left; ports are those in use, and dynamic ones are not among them.
#[test]
fn remaining_resources_are_what_is_left_and_ports_in_use() {
    let mut world = fleet(&[("m5.large", "subnet-pri-a")]);
    let ports = json!([
        {"containerPort": 80, "hostPort": 8080},
        {"containerPort": 53, "hostPort": 53, "protocol": "udp"},
        {"containerPort": 81},
    ]);
    register(&mut world, "bridge", json!({"cpu": 256, "portMappings": ports}));
    run(&mut world, json!({}));
    world.wait(60);
    let instance = instances(&mut world)[0].clone();
    let remaining = |place: usize, member: &str| instance["remainingResources"][place][member].clone();
    assert_eq!((remaining(0, "name"), remaining(0, "integerValue")), (json!("CPU"), json!(2048 - 256)));
    assert_eq!((remaining(1, "name"), remaining(1, "integerValue")), (json!("MEMORY"), json!(7990 - 128)));
    assert_eq!(remaining(2, "stringSetValue"), json!(["22", "2375", "2376", "51678", "51679", "8080"]));
    assert_eq!(remaining(3, "stringSetValue"), json!(["53"]));
    let registered = &instance["registeredResources"];
    assert_eq!(registered[0]["integerValue"], 2048);
    assert_eq!(registered[2]["stringSetValue"], json!(["22", "2375", "2376", "51678", "51679"]));
    // What was told to stop is free for placement at once.
    let listed = world.ok("ListTasks", json!({"cluster": "shop"}));
    world.ok("StopTask", json!({"cluster": "shop", "task": listed["taskArns"][0]}));
    let instance = instances(&mut world)[0].clone();
    assert_eq!(instance["remainingResources"], instance["registeredResources"]);
}

/// CINST-07: attribute -> its value, for an arm64 machine in the second zone.
const ATTRIBUTES: &str = "
    ecs.ami-id             ->  ami-ecs
    ecs.availability-zone  ->  us-east-1b
    ecs.instance-type      ->  t4g.medium
    ecs.os-type            ->  linux
    ecs.os-family          ->  LINUX
    ecs.cpu-architecture   ->  arm64
    ecs.vpc-id             ->  vpc-main
    ecs.subnet-id          ->  subnet-pri-b
";

#[test]
fn an_instance_says_what_it_is_and_what_its_agent_can_do() {
    let mut world = fleet(&[("t4g.medium", "subnet-pri-b")]);
    let instance = instances(&mut world)[0].clone();
    for row in ATTRIBUTES.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (name, value) = row.split_once("->").expect("a row has an outcome");
        assert_eq!(attribute(&instance, name.trim()).as_deref(), Some(value.trim()), "{row}");
    }
    // A capability is a name without a value.
    let attributes = instance["attributes"].as_array().expect("a list");
    assert!(attributes.contains(&json!({"name": "ecs.capability.task-eni"})), "{attributes:?}");
}

/// CINST-09: both ACTIVE and DRAINING instances are listed and counted; INACTIVE ones are not.
#[test]
fn a_cluster_counts_its_active_and_draining_instances() {
    let mut world = fleet(&[("t3.small", "subnet-pri-a"), ("t3.small", "subnet-pri-b")]);
    let arns: Vec<Value> =
        instances(&mut world).iter().map(|each| each["containerInstanceArn"].clone()).collect();
    let asked = json!({"cluster": "shop", "containerInstances": [arns[0]], "status": "DRAINING"});
    let answer = world.ok("UpdateContainerInstancesState", asked);
    assert_eq!(answer["containerInstances"][0]["status"], "DRAINING");
    let list = |world: &mut World, status: Value| {
        let mut asked = json!({"cluster": "shop"});
        if !status.is_null() {
            asked["status"] = status;
        }
        world.ok("ListContainerInstances", asked)["containerInstanceArns"].clone()
    };
    let count = |world: &mut World| {
        let answer = world.ok("DescribeClusters", json!({"clusters": ["shop"]}));
        answer["clusters"][0]["registeredContainerInstancesCount"].clone()
    };
    assert_eq!(list(&mut world, json!("DRAINING")), json!([arns[0]]));
    assert_eq!(list(&mut world, json!("ACTIVE")), json!([arns[1]]));
    assert_eq!(list(&mut world, Value::Null).as_array().map(Vec::len), Some(2));
    assert_eq!(count(&mut world), 2);
    world.ok("DeregisterContainerInstance", json!({"cluster": "shop", "containerInstance": arns[0]}));
    assert_eq!(list(&mut world, Value::Null), json!([arns[1]]));
    assert_eq!(count(&mut world), 1);
}

/// CINST-10: a DRAINING instance takes no tasks until it is ACTIVE again, and at most 10 change in a call.
#[test]
fn an_instance_drains_and_comes_back() {
    let mut world = fleet(&[("t3.small", "subnet-pri-a")]);
    register(&mut world, "bridge", json!({}));
    let arn = instances(&mut world)[0]["containerInstanceArn"].clone();
    let change =
        |status: &str, arns: Value| json!({"cluster": "shop", "containerInstances": arns, "status": status});
    world.ok("UpdateContainerInstancesState", change("DRAINING", json!([arn])));
    let refused = run(&mut world, json!({}));
    assert_eq!((refused["tasks"].clone(), refused["failures"][0]["arn"].clone()), (json!([]), arn.clone()));
    world.ok("UpdateContainerInstancesState", change("ACTIVE", json!([arn])));
    assert_eq!(run(&mut world, json!({}))["failures"], json!([]));
    let answer = world.ok("UpdateContainerInstancesState", change("ACTIVE", json!([arn, "nope"])));
    assert_eq!(answer["containerInstances"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["failures"][0]["reason"], "MISSING");
    let eleven = change("ACTIVE", json!(vec![arn; 11]));
    let refusal = world.ecs("UpdateContainerInstancesState", eleven).unwrap_err();
    assert_eq!(refusal.message, "Container Instances should have between 1 and 10 elements.");
    assert_eq!(refusal.rule.id, "CINST-10");
}

/// CINST-20: instance type -> how many awsvpc tasks it takes; one card is its own.
const CARDS: &str = "
    t3.micro    ->  1
    c5.large    ->  2
    m5.xlarge   ->  3
    c5.4xlarge  ->  7
";

#[test]
fn an_instance_has_a_card_less_for_tasks_than_its_type_allows() {
    for row in CARDS.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (instance_type, tasks) = row.split_once("->").expect("a row has an outcome");
        let mut world = fleet(&[(instance_type.trim(), "subnet-pri-a")]);
        register(&mut world, "awsvpc", json!({"memory": 64}));
        let network = json!({"awsvpcConfiguration": {"subnets": ["subnet-pri-a"]}});
        let answer = run(&mut world, json!({"count": 10, "networkConfiguration": network}));
        let placed = answer["tasks"].as_array().expect("a list").len();
        assert_eq!(placed.to_string(), tasks.trim(), "{row}");
        assert_eq!(answer["failures"][0]["reason"], "RESOURCE:ENI", "{row}");
        let told = world.timeline.records().iter().flat_map(|record| &record.verdicts);
        assert!(told.into_iter().any(|verdict| verdict.rule.id == "CINST-20"), "{row}");
    }
}

/// PLACE-03: what two instances lack, as a change to a t3.small in zone a and a t3.micro in zone b ->
/// the zone of the closest, and its reason.
const CLOSEST: &str = r#"
    both lack memory, the larger one less of it   | {"memory": 3000}                 ->  us-east-1a RESOURCE:MEMORY
    both lack as much CPU; b registered first     | {"cpu": 4096}                    ->  us-east-1b RESOURCE:CPU
    the smaller one fails an earlier test         | {"memory": 1500, "hostPort": 22} ->  us-east-1a RESOURCE:PORTS
"#;

#[test]
fn the_closest_instance_is_the_one_that_passed_most_and_lacks_least() {
    for row in CLOSEST.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (given, expected) = row.split_once("->").expect("a row has an outcome");
        let (_, change) = given.split_once(" | ").expect("a row says what it shows");
        let mut change: Value = serde_json::from_str(change).expect(change);
        if let Some(port) = change.as_object_mut().unwrap().remove("hostPort") {
            change["portMappings"] = json!([{"containerPort": 80, "hostPort": port}]);
        }
        let mut world = fleet(&[("t3.micro", "subnet-pri-b"), ("t3.small", "subnet-pri-a")]);
        register(&mut world, "bridge", change);
        let answer = run(&mut world, json!({}));
        let failure = &answer["failures"][0];
        let fleet = instances(&mut world);
        let closest = fleet.iter().find(|each| each["containerInstanceArn"] == failure["arn"]);
        let zone = closest.and_then(|each| attribute(each, "ecs.availability-zone")).expect("it is there");
        assert_eq!(format!("{zone} {}", failure["reason"].as_str().unwrap()), expected.trim(), "{row}");
        let decided = world.timeline.records().iter().rfind(|record| !record.verdicts.is_empty()).unwrap();
        assert_eq!(decided.rule.map(|rule| rule.id), Some("PLACE-03"));
        assert_eq!(decided.verdicts.len(), 2);
    }
}

/// PLACE-06: each instance that StartTask names gets a task or is a failure with its reason.
#[test]
fn start_task_goes_where_it_is_told() {
    let mut world = fleet(&[("t3.small", "subnet-pri-a"), ("t3.micro", "subnet-pri-b")]);
    register(&mut world, "bridge", json!({"memory": 1500}));
    let arns: Vec<Value> =
        instances(&mut world).iter().map(|each| each["containerInstanceArn"].clone()).collect();
    let asked = |containers: Value| json!({"cluster": "shop", "taskDefinition": "web", "containerInstances": containers});
    let answer = world.ok("StartTask", asked(json!([arns[0], arns[1], "nope"])));
    assert_eq!(answer["tasks"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["tasks"][0]["containerInstanceArn"], arns[0]);
    let reasons: Vec<_> = answer["failures"].as_array().unwrap().iter().map(|each| &each["reason"]).collect();
    assert_eq!(reasons, ["RESOURCE:MEMORY", "MISSING"]);
    assert_eq!(answer["failures"][0]["arn"], arns[1]);
    let refusal = world.ecs("StartTask", asked(json!([]))).unwrap_err();
    assert_eq!(refusal.rule.id, "PLACE-06");
    assert_eq!(refusal.message, "containerInstances should have between 1 and 10 items.");
}

/// PLACE-13: a service's tasks are spread over zones, then over the instances of a zone.
#[test]
fn a_service_without_strategy_is_spread_over_zones_then_instances() {
    let mut world =
        fleet(&[("m5.large", "subnet-pri-a"), ("m5.large", "subnet-pri-a"), ("m5.large", "subnet-pri-b")]);
    register(&mut world, "bridge", json!({}));
    let request = json!({
        "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 6, "launchType": "EC2",
    });
    world.ok("CreateService", request);
    world.wait(120);
    let mut counts: Vec<(Option<String>, i64)> = instances(&mut world)
        .iter()
        .map(|each| (attribute(each, "ecs.availability-zone"), each["runningTasksCount"].as_i64().unwrap()))
        .collect();
    counts.sort();
    let zone = |letter: &str| Some(format!("us-east-1{letter}"));
    // Three in each zone; the two instances of zone a differ by one.
    assert_eq!(counts, [(zone("a"), 1), (zone("a"), 2), (zone("b"), 3)]);
    assert!(chosen_by(&world, "PLACE-13"));
}

/// PLACE-14: standalone tasks are spread over zones by their group, then go where chance takes them.
#[test]
fn standalone_tasks_are_spread_over_zones_by_group_then_by_chance() {
    let machines = [("m5.large", "subnet-pri-a"), ("m5.large", "subnet-pri-a"), ("m5.large", "subnet-pri-b")];
    let mut world = fleet(&machines);
    register(&mut world, "bridge", json!({}));
    let zones = |answer: &Value| -> Vec<String> {
        let tasks = answer["tasks"].as_array().expect("a list");
        tasks.iter().map(|task| task["availabilityZone"].as_str().unwrap().to_string()).collect()
    };
    let first = run(&mut world, json!({"count": 8, "group": "batch"}));
    let in_a = zones(&first).iter().filter(|zone| *zone == "us-east-1a").count();
    assert_eq!(in_a, 4);
    assert!(chosen_by(&world, "PLACE-14"));
    // Another group counts from the start: its two tasks stand in two zones.
    let mut other = zones(&run(&mut world, json!({"count": 2, "group": "other"})));
    other.sort();
    assert_eq!(other, ["us-east-1a", "us-east-1b"]);
    // Which of two equal instances takes a task is left to seeded chance, so over some tasks both do.
    let on: std::collections::BTreeSet<String> = first["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["containerInstanceArn"].to_string())
        .collect();
    assert_eq!(on.len(), 3, "four tasks in zone a reach both of its instances with this seed");
}

/// Whether a decision names this rule, and its chosen candidate does.
fn chosen_by(world: &World, rule: &str) -> bool {
    world.timeline.records().iter().any(|record| {
        record.rule.is_some_and(|named| named.id == rule)
            && record
                .verdicts
                .iter()
                .any(|verdict| verdict.outcome == Outcome::Chosen && verdict.rule.id == rule)
    })
}

/// PLACE-33: an instance of another cluster is not there, whoever names it by its ARN.
#[test]
fn an_instance_of_another_cluster_is_missing() {
    let mut world = fleet(&[("t3.small", "subnet-pri-a")]);
    world.ok("CreateCluster", json!({"clusterName": "other"}));
    let arn = instances(&mut world)[0]["containerInstanceArn"].clone();
    let missing = json!([{"arn": arn, "reason": "MISSING"}]);
    let named = json!({"cluster": "other", "containerInstances": [arn]});
    let answer = world.ok("DescribeContainerInstances", named.clone());
    assert_eq!((&answer["containerInstances"], &answer["failures"]), (&json!([]), &missing));
    let mut drained = named;
    drained["status"] = json!("DRAINING");
    let answer = world.ok("UpdateContainerInstancesState", drained);
    assert_eq!((&answer["containerInstances"], &answer["failures"]), (&json!([]), &missing));
    let refusal =
        world.refused("DeregisterContainerInstance", json!({"cluster": "other", "containerInstance": arn}));
    assert_eq!(refusal, "InvalidParameterException: The referenced container instance was not found.");
    register(&mut world, "bridge", json!({}));
    let started = json!({"cluster": "other", "taskDefinition": "web", "containerInstances": [arn]});
    let answer = world.ok("StartTask", started);
    assert_eq!((&answer["tasks"], &answer["failures"]), (&json!([]), &missing));
    assert_eq!(instances(&mut world)[0]["status"], "ACTIVE");
}

/// CINST-09: an instance that was deregistered is INACTIVE for an hour, can be named in no other call, and
/// is then forgotten.
#[test]
fn a_deregistered_instance_is_inactive_until_it_is_forgotten() {
    let mut world = fleet(&[("t3.small", "subnet-pri-a")]);
    register(&mut world, "bridge", json!({}));
    run(&mut world, json!({}));
    world.wait(30);
    let arn = instances(&mut world)[0]["containerInstanceArn"].clone();
    let left = json!({"cluster": "shop", "containerInstance": arn, "force": true});
    assert_eq!(
        world.ok("DeregisterContainerInstance", left.clone())["containerInstance"]["status"],
        "INACTIVE"
    );
    let named = json!({"cluster": "shop", "containerInstances": [arn], "include": ["TAGS"]});
    let answer = world.ok("DescribeContainerInstances", named.clone());
    let former = &answer["containerInstances"][0];
    assert_eq!(answer["failures"], json!([]));
    assert_eq!((&former["status"], &former["agentConnected"]), (&json!("INACTIVE"), &json!(false)));
    assert_eq!((&former["runningTasksCount"], &former["pendingTasksCount"]), (&json!(0), &json!(0)));
    assert_eq!(former["remainingResources"], former["registeredResources"]);
    let inactive = json!([{"arn": arn, "reason": "INACTIVE"}]);
    let started = json!({"cluster": "shop", "taskDefinition": "web", "containerInstances": [arn]});
    assert_eq!(world.ok("StartTask", started)["failures"], inactive);
    let drained = json!({"cluster": "shop", "containerInstances": [arn], "status": "DRAINING"});
    assert_eq!(world.ok("UpdateContainerInstancesState", drained)["failures"], inactive);
    let refusal = world.refused("DeregisterContainerInstance", left);
    assert_eq!(refusal, "InvalidParameterException: The referenced container instance was not found.");
    assert_eq!(
        world.ok("ListContainerInstances", json!({"cluster": "shop"}))["containerInstanceArns"],
        json!([])
    );
    world.wait(3600);
    let answer = world.ok("DescribeContainerInstances", named);
    assert_eq!(answer["containerInstances"], json!([]));
    assert_eq!(answer["failures"], json!([{"arn": arn, "reason": "MISSING"}]));
}

/// The health of Docker is told only when asked for, and an agent that is not heard says nothing of it.
#[test]
fn the_health_of_an_instance_is_told_when_asked_for() {
    let mut world = fleet(&[("t3.small", "subnet-pri-a")]);
    let instance = instances(&mut world)[0].clone();
    assert!(instance.get("healthStatus").is_none(), "{instance}");
    let health = |world: &mut World| {
        let named = json!({"cluster": "shop", "containerInstances": [instance["containerInstanceArn"]],
            "include": ["CONTAINER_INSTANCE_HEALTH"]});
        world.ok("DescribeContainerInstances", named)["containerInstances"][0]["healthStatus"].clone()
    };
    let told = health(&mut world);
    assert_eq!(told["overallStatus"], "OK");
    assert_eq!(
        (&told["details"][0]["type"], &told["details"][0]["status"]),
        (&json!("CONTAINER_RUNTIME"), &json!("OK"))
    );
    let machine = instance["ec2InstanceId"].clone();
    world.call("drydock", "Fail", json!({"what": "agent", "instance": machine})).expect("it breaks");
    world.wait(60);
    assert_eq!(health(&mut world)["overallStatus"], "INSUFFICIENT_DATA");
}
