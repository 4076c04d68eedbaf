//! The world around ECS: the registries' catalogue, machines and their times, and what stands outside AWS.

use crate::world::World;
use drydock::Run;
use drydock::dice::Seed;
use drydock::timeline::RecordKind;
use serde_json::{Value, json};

/// SIM-01: image -> what the catalogue says, or what the task is told that there is instead.
#[test]
fn an_image_that_is_not_there_is_told_with_what_there_is() {
    let mut world = World::new();
    let listed = world.call("drydock", "Programs", json!({"repository": "shop/web"})).expect("it lists");
    let images: Vec<&Value> =
        listed["programs"].as_array().unwrap().iter().map(|each| &each["image"]).collect();
    assert_eq!(images.len(), 7);
    assert!(images.contains(&&json!("shop/web:2|latest")), "{images:?}");
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    for (image, hint) in [
        ("shop/web:9", "this repository has the tags 1, 2, latest, 3-broken, 3-crash, slow, leak, stubborn"),
        ("shop/wbe:1", "the registries hold alpine, amazon-ecs-sample, "),
    ] {
        let network = json!({"awsvpcConfiguration": {"subnets": ["subnet-pri-a"]}});
        let definition = json!({
            "family": "web", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
            "containerDefinitions": [{"name": "web", "image": image}],
        });
        world.ok("RegisterTaskDefinition", definition);
        let begun = world.timeline.len();
        world.ok(
            "RunTask",
            json!({"cluster": "shop", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network}),
        );
        world.wait(60);
        let told = &world.timeline.records()[begun..];
        let told = told.iter().find(|record| record.rule.is_some_and(|rule| rule.id == "SIM-01"));
        let told = told.expect("it is told what exists");
        assert_eq!(told.kind, RecordKind::Simplification);
        assert!(told.text.starts_with(hint), "{}", told.text);
    }
}

/// SIM-02: a boot takes 45 to 60 seconds, the agent 30 more, an end 30; seeds differ, and each stays the same.
#[test]
fn machines_take_their_time() {
    let mut boots = std::collections::BTreeSet::new();
    for seed in 0..12 {
        let moments = |seed: u64| {
            let mut run = Run::new(Seed(seed));
            run.enter("aws ecs create-cluster");
            run.enter(
                "ID=$(aws ec2 run-instances --image-id ami-ecs --query 'Instances[0].InstanceId' --output text)",
            );
            run.enter("drydock wait 5m");
            run.enter("aws ec2 terminate-instances --instance-ids $ID");
            run.enter("drydock wait 1m");
            let at = |text: &str| {
                let records = run.timeline().records();
                records.iter().find(|record| record.text.starts_with(text)).map(|record| record.at.0)
            };
            let agent = at("ACTIVE in cluster default");
            (at("running").unwrap(), agent.unwrap(), at("shutting-down").unwrap(), at("terminated").unwrap())
        };
        let (running, registered, ends, ended) = moments(seed);
        assert!((45_000..=60_000).contains(&running), "seed {seed}: {running}");
        assert_eq!((registered - running, ended - ends), (30_000, 30_000), "seed {seed}");
        assert_eq!(moments(seed).0, running, "seed {seed}");
        boots.insert(running);
    }
    assert!(boots.len() > 6, "boots differ by chance: {boots:?}");
}

/// operation | input -> the refusal of EC2 (SIM-03)
const REFUSED: &str = r#"
    RunInstances | {} -> MissingParameter: The request must contain the parameter ImageId
    RunInstances | {"ImageId": "ami-mine"} -> InvalidAMIID.NotFound: The image id '[ami-mine]' does not exist
    RunInstances | {"ImageId": "ami-ecs", "InstanceType": "m9.huge"} -> InvalidParameterValue: Invalid value 'm9.huge' for InstanceType.
    RunInstances | {"ImageId": "ami-ecs", "MaxCount": 101} -> InvalidParameterValue: Value (101) for parameter count is invalid.
    RunInstances | {"ImageId": "ami-ecs", "SubnetId": "subnet-moon"} -> InvalidSubnetID.NotFound: The subnet ID 'subnet-moon' does not exist
    RunInstances | {"ImageId": "ami-ecs", "SecurityGroupIds": ["sg-moon"]} -> InvalidGroup.NotFound: The security group 'sg-moon' does not exist
    TerminateInstances | {"InstanceIds": ["i-0123456789abcdef0"]} -> InvalidInstanceID.NotFound: The instance ID 'i-0123456789abcdef0' does not exist
    TerminateInstances | {"InstanceIds": ["web"]} -> InvalidInstanceID.Malformed: Invalid id: "web"
    DescribeSubnets | {"SubnetIds": ["subnet-moon"]} -> InvalidSubnetID.NotFound: The subnet ID 'subnet-moon' does not exist
    DescribeVpcs | {"VpcIds": ["vpc-moon"]} -> InvalidVpcID.NotFound: The vpc ID 'vpc-moon' does not exist
"#;

#[test]
fn ec2_refuses_what_is_not_there_and_changes_nothing() {
    for row in REFUSED.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (call, expected) = row.split_once(" -> ").expect("a row has an outcome");
        let (operation, input) = call.split_once(" | ").expect("a row names its operation");
        let mut world = World::new();
        let before = world.sim.clone();
        let input: Value = serde_json::from_str(input).expect(input);
        let refusal = world.call("ec2", operation, input).unwrap_err();
        assert_eq!(refusal.to_string(), expected, "{row}");
        assert_eq!(refusal.rule.id, "SIM-03", "{row}");
        assert_eq!(world.sim, before, "{row}");
    }
}

/// operation | input -> the refusal of the sandbox (SIM-05)
const OUTSIDE: &str = r#"
    Kill | {"task": "nope"} -> SandboxError: There is no task nope.
    Fail | {"what": "health-check"} -> SandboxError: Say which task: drydock fail health-check --task … --container …
    Fail | {"what": "agent"} -> SandboxError: Say which instance: drydock fail agent i-…
    Fail | {"what": "instance"} -> SandboxError: Say which instance: drydock fail instance i-…
    Fail | {"what": "host"} -> SandboxError: Say whose host: drydock fail host --task …
    Fail | {"what": "host", "task": "nope"} -> SandboxError: There is no task nope.
    Fail | {"what": "host", "task": "nope", "clear": true} -> SandboxError: A host that has failed is for AWS to mend.
"#;

#[test]
fn what_stands_outside_aws_refuses_in_words_of_its_own() {
    for row in OUTSIDE.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (call, expected) = row.split_once(" -> ").expect("a row has an outcome");
        let (operation, input) = call.split_once(" | ").expect("a row names its operation");
        let mut world = World::new();
        let before = world.sim.clone();
        let input: Value = serde_json::from_str(input).expect(input);
        let refusal = world.call("drydock", operation, input).unwrap_err();
        assert_eq!((refusal.to_string().as_str(), refusal.rule.id), (expected, "SIM-05"));
        assert_eq!(world.sim, before, "{row}");
    }
}

/// LIFE-20: a Fargate task ends with its host, gives its code, and its service starts another one.
#[test]
fn a_task_ends_with_its_fargate_host_and_the_service_replaces_it() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let definition = json!({
        "family": "web", "networkMode": "awsvpc", "cpu": "256", "memory": "512",
        "containerDefinitions": [{"name": "web", "image": "nginx"}],
    });
    world.ok("RegisterTaskDefinition", definition);
    let network = json!({"awsvpcConfiguration": {"subnets": ["subnet-pri-a"]}});
    let service = json!({
        "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 1,
        "launchType": "FARGATE", "networkConfiguration": network,
    });
    world.ok("CreateService", service);
    world.wait(60);
    let listed = world.ok("ListTasks", json!({"cluster": "shop"}));
    let first = listed["taskArns"][0].clone();
    world.call("drydock", "Fail", json!({"what": "host", "task": first})).expect("it fails");
    let described = world.ok("DescribeTasks", json!({"cluster": "shop", "tasks": [first]}));
    let task = &described["tasks"][0];
    assert_eq!((&task["lastStatus"], &task["stopCode"]), (&json!("STOPPED"), &json!("InfrastructureHealth")));
    let again = world.call("drydock", "Fail", json!({"what": "host", "task": first})).unwrap_err();
    assert_eq!(again.rule.id, "SIM-05");
    world.wait(60);
    let listed = world.ok("ListTasks", json!({"cluster": "shop"}));
    assert_eq!(listed["taskArns"].as_array().map(Vec::len), Some(1));
    assert_ne!(listed["taskArns"][0], first);
}
