//! DAEMON services: one task on every instance, first to start there and last to stop.

use crate::world::World;
use serde_json::{Value, json};

/// A cluster with so many instances, and the bridge task definitions `agent` and `web`.
fn cluster(instances: u64) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    for (family, memory) in [("agent", 200), ("web", 300)] {
        register(&mut world, family, "shop/logger:1", memory);
    }
    machines(&mut world, instances);
    world.wait(120);
    world
}

fn register(world: &mut World, family: &str, image: &str, memory: u64) {
    world.ok(
        "RegisterTaskDefinition",
        json!({"family": family, "containerDefinitions": [{"name": "c", "image": image, "memory": memory, "cpu": 100}]}),
    );
}

fn machines(world: &mut World, count: u64) {
    let data = "echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config";
    world
        .call(
            "ec2",
            "RunInstances",
            json!({"ImageId": "ami-ecs-optimized", "InstanceType": "m5.large", "MinCount": count,
                   "MaxCount": count, "SubnetId": "subnet-pri-a", "UserData": data}),
        )
        .unwrap();
}

fn daemon(world: &mut World) {
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "agent", "taskDefinition": "agent", "schedulingStrategy": "DAEMON"}),
    );
}

fn describe(world: &mut World, name: &str) -> Value {
    world.ok("DescribeServices", json!({"cluster": "shop", "services": [name]}))["services"][0].take()
}

/// The tasks of a service that were not told to stop.
fn tasks(world: &mut World, name: &str) -> Vec<Value> {
    let listed = world.ok("ListTasks", json!({"cluster": "shop", "serviceName": name}));
    if listed["taskArns"] == json!([]) {
        return Vec::new();
    }
    let mut tasks = world.ok("DescribeTasks", json!({"cluster": "shop", "tasks": listed["taskArns"]}));
    tasks["tasks"].as_array_mut().map(std::mem::take).unwrap_or_default()
}

/// On how many different instances they stand.
fn spread(tasks: &[Value]) -> usize {
    let on: std::collections::BTreeSet<&str> =
        tasks.iter().filter_map(|task| task["containerInstanceArn"].as_str()).collect();
    on.len()
}

fn instances(world: &mut World) -> Vec<Value> {
    let listed = world.ok("ListContainerInstances", json!({"cluster": "shop"}));
    listed["containerInstanceArns"].as_array().cloned().unwrap_or_default()
}

#[test]
fn every_instance_has_one_task_and_a_new_one_gets_its_task_first() {
    // SVC-11: desiredCount is the number of instances.
    let mut world = cluster(2);
    daemon(&mut world);
    world.wait(90);
    let service = describe(&mut world, "agent");
    assert_eq!((&service["desiredCount"], &service["runningCount"]), (&json!(2), &json!(2)));
    assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
    // SVC-13: the defaults.
    assert_eq!(service["deploymentConfiguration"]["minimumHealthyPercent"], 0);
    assert_eq!(service["deploymentConfiguration"]["maximumPercent"], 100);
    assert_eq!(spread(&tasks(&mut world, "agent")), 2);
    // A replica service that waits for room comes after the daemon on a new instance (SVC-12).
    register(&mut world, "web", "shop/logger:1", 7700);
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 3}),
    );
    machines(&mut world, 1);
    world.wait(240);
    let agents = tasks(&mut world, "agent");
    assert_eq!((agents.len(), spread(&agents)), (3, 3));
    assert_eq!(describe(&mut world, "agent")["desiredCount"], 3);
    let of_agent = |task: &Value| task["createdAt"].to_string();
    let newest = agents.iter().map(of_agent).max().unwrap();
    let on_new = agents.iter().find(|task| of_agent(task) == newest).unwrap()["containerInstanceArn"].clone();
    let webs = tasks(&mut world, "web");
    let web =
        webs.iter().find(|task| task["containerInstanceArn"] == on_new).expect("the waiting task came too");
    assert!(of_agent(web) >= newest);
}

#[test]
fn a_draining_instance_loses_its_daemon_last() {
    // SVC-14, SVC-12, CINST-15.
    let mut world = cluster(2);
    daemon(&mut world);
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 4}),
    );
    world.wait(180);
    let drained = instances(&mut world)[0].clone();
    world.ok(
        "UpdateContainerInstancesState",
        json!({"cluster": "shop", "containerInstances": [drained], "status": "DRAINING"}),
    );
    let on = |tasks: &[Value]| tasks.iter().filter(|task| task["containerInstanceArn"] == drained).count();
    let mut daemon_left_at = None;
    for second in 0..400 {
        world.wait(1);
        let (agents, webs) = (tasks(&mut world, "agent"), tasks(&mut world, "web"));
        if on(&agents) == 0 {
            daemon_left_at = daemon_left_at.or(Some(second));
        } else {
            assert!(daemon_left_at.is_none());
        }
        assert!(on(&webs) == 0 || on(&agents) == 1, "the daemon goes last");
    }
    assert!(daemon_left_at.is_some());
    let service = describe(&mut world, "agent");
    assert_eq!((&service["desiredCount"], &service["runningCount"]), (&json!(1), &json!(1)));
    // Back to ACTIVE, it has its daemon again.
    world.ok(
        "UpdateContainerInstancesState",
        json!({"cluster": "shop", "containerInstances": [drained], "status": "ACTIVE"}),
    );
    world.wait(90);
    assert_eq!(spread(&tasks(&mut world, "agent")), 2);
}

#[test]
fn a_daemon_deployment_stops_then_starts_on_each_instance() {
    // SVC-13: at 0/100 all may go at once; at 50/100 one of two; at 100/100 none.
    for (minimum, least, ends) in [(0, 0, true), (50, 1, true), (100, 2, false)] {
        let mut world = cluster(2);
        daemon(&mut world);
        world.wait(90);
        register(&mut world, "agent", "shop/logger:1", 210);
        world.ok(
            "UpdateService",
            json!({"cluster": "shop", "service": "agent", "taskDefinition": "agent",
                   "deploymentConfiguration": {"minimumHealthyPercent": minimum, "maximumPercent": 100}}),
        );
        let mut fewest = 2;
        for _ in 0..300 {
            world.wait(1);
            let service = describe(&mut world, "agent");
            fewest = fewest.min(service["runningCount"].as_u64().unwrap());
            assert!(
                service["runningCount"].as_u64().unwrap() + service["pendingCount"].as_u64().unwrap() <= 2
            );
        }
        assert_eq!(fewest, least, "at {minimum}/100");
        let service = describe(&mut world, "agent");
        assert_eq!(service["deployments"][0]["rolloutState"] == "COMPLETED", ends);
        let told = service["events"].as_array().unwrap().iter().any(|event| {
            event["message"].as_str().unwrap().contains("unable to stop or start tasks during a deployment")
        });
        assert_eq!(told, !ends, "DEPLOY-08 at {minimum}/100");
    }
}

#[test]
fn a_terminated_instance_takes_its_daemon_along() {
    let mut world = cluster(3);
    daemon(&mut world);
    world.wait(90);
    let arn = instances(&mut world)[0].clone();
    world.ok(
        "DeregisterContainerInstance",
        json!({"cluster": "shop", "containerInstance": arn, "force": true}),
    );
    world.wait(60);
    let service = describe(&mut world, "agent");
    assert_eq!((&service["desiredCount"], &service["runningCount"]), (&json!(2), &json!(2)));
    // DeleteService needs no force (SVC-05).
    world.ok("DeleteService", json!({"cluster": "shop", "service": "agent"}));
    world.wait(120);
    assert_eq!(describe(&mut world, "agent")["status"], "INACTIVE");
}

#[test]
fn constraints_say_which_instances_have_one() {
    let mut world = cluster(2);
    let create = |rebalancing: Option<&str>, maximum: u64| {
        let mut input = json!({
            "cluster": "shop", "serviceName": "agent", "taskDefinition": "agent", "schedulingStrategy": "DAEMON",
            "deploymentConfiguration": {"maximumPercent": maximum},
            "placementConstraints": [{"type": "memberOf", "expression": "attribute:ecs.instance-type == t3.micro"}],
        });
        if let Some(word) = rebalancing {
            input["availabilityZoneRebalancing"] = json!(word);
        }
        input
    };
    // SVC-27, SVC-13.
    assert!(world.refused("CreateService", create(Some("ENABLED"), 200)).contains("Rebalancing"));
    assert!(world.refused("CreateService", create(None, 50)).contains("maximumPercent"));
    world.ok("CreateService", create(None, 100));
    world.wait(60);
    assert_eq!(describe(&mut world, "agent")["desiredCount"], 0);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "agent", "placementConstraints": []}));
    world.wait(60);
    assert_eq!(describe(&mut world, "agent")["runningCount"], 2);
}

/// The decisions about the daemon from this record on, and their rules.
fn decisions(world: &World, from: usize) -> Vec<String> {
    use drydock::timeline::{Kind, RecordKind};
    let records = world.timeline.records().iter().skip(from);
    let of_daemon = records.filter(|it| {
        it.kind == RecordKind::Decision
            && it.subject.kind == Kind::Service
            && it.subject.id.ends_with("/agent")
    });
    of_daemon.map(|it| format!("{} [{}]", it.text, it.rule.map_or("", |rule| rule.id))).collect()
}

fn decided(world: &mut World, seconds: u64) -> Vec<String> {
    let from = world.timeline.records().len();
    world.wait(seconds);
    decisions(world, from)
}

fn update(world: &mut World, change: Value) {
    let mut asked = json!({"cluster": "shop", "service": "agent"});
    asked.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    world.ok("UpdateService", asked);
}

#[test]
fn a_daemon_says_what_it_starts_and_stops_and_why() {
    let mut world = cluster(3);
    daemon(&mut world);
    assert_eq!(
        decisions(&world, 0),
        ["start on 3 instances: 3 instances, 0 running or pending, floor 0, ceiling 3 [SVC-12]"]
    );
    world.wait(120);
    // SVC-13: at 50 % at least, of three tasks one may go; then the next.
    register(&mut world, "agent", "shop/logger:1", 210);
    update(
        &mut world,
        json!({"taskDefinition": "agent", "deploymentConfiguration": {"minimumHealthyPercent": 50}}),
    );
    let told = decided(&mut world, 300);
    assert_eq!(
        told[..2],
        [
            "start on 1 instances: 3 instances, 2 running or pending, floor 2, ceiling 3 [SVC-12]",
            "stop 1: 3 instances, 3 running or pending, floor 2, ceiling 3 [SVC-13]",
        ],
        "{told:#?}"
    );
    assert_eq!(told.len(), 5);
    // LIFE-18: a lost one comes again on its instance.
    let lost = tasks(&mut world, "agent")[0].clone();
    world.ok("StopTask", json!({"cluster": "shop", "task": lost["taskArn"]}));
    assert_eq!(
        decided(&mut world, 120),
        ["start on 1 instances: 3 instances, 2 running or pending, floor 2, ceiling 3 [LIFE-18]"]
    );
    assert_eq!(spread(&tasks(&mut world, "agent")), 3);
    // SVC-11: an instance that the constraints leave out loses its task.
    let out = instances(&mut world)[0].clone();
    let rack = json!({"name": "rack", "value": "1", "targetId": out});
    world.ok("PutAttributes", json!({"cluster": "shop", "attributes": [rack]}));
    let constraint = json!([{"type": "memberOf", "expression": "attribute:rack !exists"}]);
    let from = world.timeline.records().len();
    update(&mut world, json!({"placementConstraints": constraint}));
    assert_eq!(
        decisions(&world, from),
        ["stop 1: 2 instances, 3 running or pending, floor 1, ceiling 2 [SVC-11]"]
    );
    world.wait(120);
    assert!(tasks(&mut world, "agent").iter().all(|task| task["containerInstanceArn"] != out));
}

#[test]
fn an_unhealthy_daemon_goes_before_its_replacement_comes() {
    // SVC-13, SVC-22.
    let mut world = cluster(2);
    let check = json!({"command": ["CMD-SHELL", "curl -f localhost"], "interval": 5, "retries": 2});
    let container = json!({"name": "c", "image": "shop/logger:1", "memory": 200, "healthCheck": check});
    world.ok("RegisterTaskDefinition", json!({"family": "agent", "containerDefinitions": [container]}));
    daemon(&mut world);
    world.wait(120);
    let ill = tasks(&mut world, "agent")[0].clone();
    let asked = json!({"what": "health-check", "task": ill["taskArn"], "container": "c"});
    world.call("drydock", "Fail", asked).unwrap();
    let told = decided(&mut world, 120);
    assert_eq!(
        told,
        [
            "stop 1 unhealthy: 2 instances, 2 running or pending, floor 0, ceiling 2 [LIFE-18]",
            "start on 1 instances: 2 instances, 1 running or pending, floor 0, ceiling 2 [SVC-12]",
        ]
    );
    let now = tasks(&mut world, "agent");
    assert_eq!((now.len(), spread(&now)), (2, 2));
    assert!(now.iter().all(|task| task["taskArn"] != ill["taskArn"]));
}

#[test]
fn above_the_number_of_instances_new_daemons_come_before_old_ones_go() {
    // SVC-13: at 200 % at most each instance has two for a while; at 150 % of two one at a time.
    for (maximum, most) in [(100, 2), (150, 3), (200, 4)] {
        let mut world = cluster(2);
        daemon(&mut world);
        world.wait(90);
        register(&mut world, "agent", "shop/logger:1", 210);
        let bounds =
            json!({"minimumHealthyPercent": if maximum == 100 { 0 } else { 100 }, "maximumPercent": maximum});
        update(&mut world, json!({"taskDefinition": "agent", "deploymentConfiguration": bounds}));
        let mut seen = 0;
        for _ in 0..400 {
            world.wait(1);
            let service = describe(&mut world, "agent");
            let total = service["runningCount"].as_u64().unwrap() + service["pendingCount"].as_u64().unwrap();
            seen = seen.max(total);
        }
        assert_eq!(seen, most, "{maximum} %");
        let service = describe(&mut world, "agent");
        assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED", "{maximum} %");
        let now = tasks(&mut world, "agent");
        assert_eq!((now.len(), spread(&now)), (2, 2), "{maximum} %");
    }
}

#[test]
fn a_daemon_without_room_on_one_instance_runs_on_the_others() {
    // SVC-12, PLACE-35, DEPLOY-20: the other instance is told of, and its breaker counts it.
    let mut world = cluster(2);
    register(&mut world, "big", "shop/logger:1", 7900);
    let on = instances(&mut world)[0].clone();
    let asked = json!({"cluster": "shop", "taskDefinition": "big", "containerInstances": [on]});
    world.ok("StartTask", asked);
    let count = json!({"type": "COUNT", "value": 100});
    let breaker = json!({"enable": true, "rollback": false, "thresholdConfiguration": count});
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "agent", "taskDefinition": "agent", "schedulingStrategy": "DAEMON",
               "deploymentConfiguration": {"deploymentCircuitBreaker": breaker}}),
    );
    let service = describe(&mut world, "agent");
    assert_eq!((&service["desiredCount"], &service["pendingCount"]), (&json!(2), &json!(1)));
    let said: Vec<&str> =
        service["events"].as_array().unwrap().iter().filter_map(|event| event["message"].as_str()).collect();
    assert!(said.iter().any(|text| text.contains("could not launch 1 tasks for deployment")), "{said:#?}");
    assert!(said.iter().any(|text| text.contains("has insufficient memory available")), "{said:#?}");
    // Room comes, and so does the task.
    let big = world.ok("ListTasks", json!({"cluster": "shop", "family": "big"}))["taskArns"][0].clone();
    world.ok("StopTask", json!({"cluster": "shop", "task": big}));
    world.wait(180);
    assert_eq!(describe(&mut world, "agent")["runningCount"], 2);
}

#[test]
fn a_daemon_that_cannot_start_waits_longer_and_longer() {
    // SVC-19, SVC-20: waits of 10, 20, 40, … 640 s leave room for about ten attempts in half an hour.
    let mut world = cluster(1);
    register(&mut world, "agent", "shop/nope:1", 200);
    daemon(&mut world);
    world.wait(1800);
    let starts = decisions(&world, 0).iter().filter(|text| text.starts_with("start ")).count();
    assert!((8..=12).contains(&starts), "{starts} attempts");
}

#[test]
fn a_daemons_task_that_is_protected_outlives_a_deployment_even_before_it_runs() {
    // PLACE-30.
    let mut world = cluster(2);
    daemon(&mut world);
    world.wait(3);
    let all: Vec<Value> =
        tasks(&mut world, "agent").into_iter().map(|task| task["taskArn"].clone()).collect();
    let protect = json!({"cluster": "shop", "tasks": [all[0]], "protectionEnabled": true});
    assert_eq!(world.ok("UpdateTaskProtection", protect)["failures"], json!([]));
    register(&mut world, "agent", "shop/logger:1", 210);
    update(&mut world, json!({"taskDefinition": "agent"}));
    world.wait(5);
    let told: Vec<String> = {
        let tasks = world.sim.state().tasks.values().filter(|task| task.told_to_stop);
        tasks.map(|task| task.arn.to_string()).collect()
    };
    assert_eq!(told, [all[1].as_str().unwrap()]);
}

#[test]
fn missing_room_is_told_again_once_it_was_there_in_between() {
    // SVC-07: the message is the same, but the daemon had its task since.
    let mut world = cluster(1);
    register(&mut world, "big", "shop/logger:1", 7900);
    let on = instances(&mut world)[0].clone();
    let occupy = |world: &mut World| {
        let asked = json!({"cluster": "shop", "taskDefinition": "big", "containerInstances": [on]});
        world.ok("StartTask", asked)["tasks"][0]["taskArn"].clone()
    };
    let big = occupy(&mut world);
    daemon(&mut world);
    world.wait(60);
    world.ok("StopTask", json!({"cluster": "shop", "task": big}));
    world.wait(120);
    assert_eq!(describe(&mut world, "agent")["runningCount"], 1);
    let own = tasks(&mut world, "agent")[0]["taskArn"].clone();
    world.ok("StopTask", json!({"cluster": "shop", "task": own}));
    assert!(occupy(&mut world).is_string());
    world.wait(60);
    assert_eq!(shortages(&mut world, "agent"), 2);
}

/// How often a service said that a task found no place.
fn shortages(world: &mut World, name: &str) -> usize {
    let service = describe(world, name);
    let said = service["events"].as_array().unwrap().iter().filter_map(|event| event["message"].as_str());
    said.filter(|text| text.contains("unable to place a task")).count()
}

#[test]
fn missing_room_is_told_again_also_where_the_task_never_ran_in_between() {
    // SVC-07: a task was placed since, though its image cannot be had and the service is never steady.
    let mut world = cluster(1);
    register(&mut world, "agent", "shop/nope:1", 200);
    register(&mut world, "big", "shop/logger:1", 7900);
    let on = instances(&mut world)[0].clone();
    let asked = json!({"cluster": "shop", "taskDefinition": "big", "containerInstances": [on]});
    let big = world.ok("StartTask", asked.clone())["tasks"][0]["taskArn"].clone();
    daemon(&mut world);
    world.wait(60);
    assert_eq!(shortages(&mut world, "agent"), 1);
    world.ok("StopTask", json!({"cluster": "shop", "task": big}));
    let mut started = false;
    for _ in 0..300 {
        world.wait(1);
        let waits = tasks(&mut world, "agent").is_empty();
        started |= !waits;
        if started && waits && world.ok("StartTask", asked.clone())["failures"] == json!([]) {
            break;
        }
    }
    assert!(started, "the agent had its place in between");
    world.wait(120);
    assert_eq!(shortages(&mut world, "agent"), 2);
}

#[test]
fn missing_room_is_not_told_again_because_a_task_stops_elsewhere() {
    // SVC-07.
    let mut world = cluster(2);
    register(&mut world, "big", "shop/logger:1", 7900);
    let (blocked, drained) = (instances(&mut world)[0].clone(), instances(&mut world)[1].clone());
    world.ok(
        "StartTask",
        json!({"cluster": "shop", "taskDefinition": "big", "containerInstances": [blocked]}),
    );
    daemon(&mut world);
    world.wait(120);
    assert_eq!((shortages(&mut world, "agent"), tasks(&mut world, "agent").len()), (1, 1));
    world.ok(
        "UpdateContainerInstancesState",
        json!({"cluster": "shop", "containerInstances": [drained], "status": "DRAINING"}),
    );
    world.wait(180);
    assert_eq!((shortages(&mut world, "agent"), tasks(&mut world, "agent").len()), (1, 0));
}

#[test]
fn a_daemon_of_a_strategy_runs_through_the_provider_of_each_instance() {
    // CAP-05, SVC-11: with a strategy it is the provider of the instance, without one there is none.
    for by_strategy in [true, false] {
        let mut world = crate::capacity::world();
        register(&mut world, "agent", "shop/logger:1", 200);
        crate::capacity::resize(&mut world, "own", 2);
        world.wait(200);
        let mut asked = json!({"cluster": "shop", "serviceName": "agent", "taskDefinition": "agent",
            "schedulingStrategy": "DAEMON"});
        if by_strategy {
            asked["capacityProviderStrategy"] = json!([{"capacityProvider": "own", "weight": 1}]);
        }
        world.ok("CreateService", asked);
        world.wait(60);
        let through: Vec<Value> =
            tasks(&mut world, "agent").into_iter().map(|task| task["capacityProviderName"].clone()).collect();
        assert_eq!(through, vec![if by_strategy { json!("own") } else { Value::Null }; 2]);
    }
}

/// DEPLOY-07, SVC-13: old tasks that do not run yet count up to the ceiling until they are told to stop.
#[test]
fn a_ceiling_above_100_counts_old_tasks_that_do_not_run_yet() {
    let mut world = cluster(4);
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "agent", "taskDefinition": "agent",
               "schedulingStrategy": "DAEMON",
               "deploymentConfiguration": {"minimumHealthyPercent": 50, "maximumPercent": 150}}),
    );
    world.wait(1);
    assert_eq!(describe(&mut world, "agent")["pendingCount"], 4);
    let update = json!({"cluster": "shop", "service": "agent", "forceNewDeployment": true});
    world.ok("UpdateService", update);
    // 6 is the ceiling: two start beside the four that stop, the others when those are told to.
    assert_eq!(describe(&mut world, "agent")["pendingCount"], 2);
    world.wait(200);
    let shown = describe(&mut world, "agent");
    assert_eq!((&shown["runningCount"], &shown["pendingCount"]), (&json!(4), &json!(0)));
    assert_eq!(spread(&tasks(&mut world, "agent")), 4);
    assert_eq!(shown["deployments"][0]["rolloutState"], "COMPLETED");
}
