//! What a task says of itself: its desired status, when it is RUNNING, and why it stopped.

use crate::world::World;
use serde_json::{Value, json};

const NETWORK: &str = r#"{"awsvpcConfiguration": {"subnets": ["subnet-pri-a"]}}"#;

/// A cluster and the Fargate definition `web` of these containers.
fn world(containers: Value) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let input = json!({
        "family": "web", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
        "cpu": "256", "memory": "512", "containerDefinitions": containers,
    });
    world.ok("RegisterTaskDefinition", input);
    world
}

fn request() -> Value {
    let network: Value = serde_json::from_str(NETWORK).expect("JSON");
    json!({"cluster": "shop", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network})
}

fn run(world: &mut World) -> Value {
    world.ok("RunTask", request())["tasks"][0]["taskArn"].clone()
}

fn task(world: &mut World, arn: &Value) -> Value {
    world.ok("DescribeTasks", json!({"cluster": "shop", "tasks": [arn]}))["tasks"][0].clone()
}

fn listed(world: &mut World, status: &str) -> usize {
    let answer = world.ok("ListTasks", json!({"cluster": "shop", "desiredStatus": status}));
    answer["taskArns"].as_array().expect("a list").len()
}

/// LIFE-02: whatever its last status, a task's desired status is RUNNING until it is told to stop, then STOPPED.
#[test]
fn a_desired_status_is_running_or_stopped() {
    let mut world = world(json!([{"name": "a", "image": "shop/web:1"}]));
    let arn = run(&mut world);
    let mut seen = Vec::new();
    let mut look = |world: &mut World| {
        let found = task(world, &arn);
        let pair = (found["lastStatus"].clone(), found["desiredStatus"].clone());
        if seen.last() != Some(&pair) {
            seen.push(pair);
        }
    };
    for _ in 0..60 {
        look(&mut world);
        // No task is PENDING by desired status, so that filter finds nothing at any moment.
        assert_eq!((listed(&mut world, "RUNNING"), listed(&mut world, "PENDING")), (1, 0));
        world.wait(1);
    }
    let answer = world.ok("StopTask", json!({"cluster": "shop", "task": arn}));
    assert_eq!(answer["task"]["desiredStatus"], "STOPPED");
    for _ in 0..60 {
        look(&mut world);
        world.wait(1);
    }
    assert_eq!((listed(&mut world, "RUNNING"), listed(&mut world, "STOPPED")), (0, 1));
    let pair = |last: &str, desired: &str| (json!(last), json!(desired));
    assert_eq!(
        seen,
        [
            pair("PROVISIONING", "RUNNING"),
            pair("PENDING", "RUNNING"),
            pair("RUNNING", "RUNNING"),
            pair("STOPPING", "STOPPED"),
            pair("DEPROVISIONING", "STOPPED"),
            pair("STOPPED", "STOPPED"),
        ]
    );
}

/// LIFE-07: containers -> the task's last status after half a minute, while the second one waits or has ended.
const RUNNING: &str = r#"
    [{"name": "a", "image": "nginx"}, {"name": "b", "image": "redis"}] -> RUNNING
    [{"name": "a", "image": "nginx", "dependsOn": [{"containerName": "b", "condition": "HEALTHY"}]}, {"name": "b", "image": "redis", "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 300}}] -> PENDING
    [{"name": "a", "image": "nginx", "dependsOn": [{"containerName": "b", "condition": "SUCCESS"}]}, {"name": "b", "image": "busybox", "command": ["true"], "essential": false}] -> RUNNING
"#;

#[test]
fn a_task_is_running_when_each_container_runs_or_has_ended() {
    for row in RUNNING.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (containers, expected) = row.rsplit_once(" -> ").expect("a row has an outcome");
        let containers: Value = serde_json::from_str(containers).expect(containers);
        let mut world = world(containers);
        let arn = run(&mut world);
        world.wait(45);
        let found = task(&mut world, &arn);
        assert_eq!(found["lastStatus"], expected, "{row}");
        let started = world.timeline.records().iter().find(|record| {
            record.text == "RUNNING" && { record.rule.is_some_and(|rule| rule.id == "LIFE-07") }
        });
        assert_eq!(started.is_some(), expected == "RUNNING", "{row}");
    }
}

/// LIFE-20: what happens -> the stop code.
const CODES: &str = "
    the image is not there           -> TaskFailedToStart
    an essential container ends      -> EssentialContainerExited
    somebody stops it                -> UserInitiated
    its service shrinks              -> ServiceSchedulerInitiated
    its instance is terminated       -> TerminationNotice
";

#[test]
fn a_stopped_task_says_why_as_a_code() {
    for row in CODES.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (happens, expected) = row.split_once("->").expect("a row has an outcome");
        let code = match happens.trim() {
            "the image is not there" => stop_code(json!([{"name": "a", "image": "shop/web:9"}]), |_, _| {}),
            "an essential container ends" => {
                stop_code(json!([{"name": "a", "image": "shop/web:3-crash"}]), |_, _| {})
            }
            "somebody stops it" => stop_code(json!([{"name": "a", "image": "shop/web:1"}]), |world, arn| {
                drop(world.ok("StopTask", json!({"cluster": "shop", "task": arn})));
            }),
            "its service shrinks" => of_a_service(),
            _ => on_a_machine(),
        };
        assert_eq!(code, expected.trim(), "{row}");
    }
}

fn stop_code(containers: Value, act: impl FnOnce(&mut World, &Value)) -> Value {
    let mut world = world(containers);
    let arn = run(&mut world);
    assert!(task(&mut world, &arn).get("stopCode").is_none(), "a task that lives has none");
    world.wait(60);
    act(&mut world, &arn);
    world.wait(120);
    task(&mut world, &arn)["stopCode"].clone()
}

fn of_a_service() -> Value {
    let mut world = world(json!([{"name": "a", "image": "shop/web:1"}]));
    let mut create = request();
    create["serviceName"] = json!("web");
    create["desiredCount"] = json!(1);
    world.ok("CreateService", create);
    world.wait(120);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 0}));
    world.wait(120);
    let arn = world.ok("ListTasks", json!({"cluster": "shop", "desiredStatus": "STOPPED"}));
    task(&mut world, &arn["taskArns"][0])["stopCode"].clone()
}

fn on_a_machine() -> Value {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let input = json!({"ImageId": "ami-ecs", "UserData": "ECS_CLUSTER=shop"});
    let launched = world.call("ec2", "RunInstances", input).expect("it launches");
    world.wait(90);
    let containers = json!([{"name": "a", "image": "shop/web:1", "memory": 128}]);
    world.ok("RegisterTaskDefinition", json!({"family": "web", "containerDefinitions": containers}));
    let answer = world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "web"}));
    let arn = answer["tasks"][0]["taskArn"].clone();
    world.wait(60);
    let id = &launched["Instances"][0]["InstanceId"];
    world.call("ec2", "TerminateInstances", json!({"InstanceIds": [id]})).expect("it ends");
    world.wait(60);
    task(&mut world, &arn)["stopCode"].clone()
}
