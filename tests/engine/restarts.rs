//! Restart policies: which ends of a process a task hears of, and which it does not (TASKDEF-38).

use crate::world::World;
use drydock::timeline::Kind;
use serde_json::{Value, json};

/// A cluster with one machine, and a task on it with this container, 30 seconds after it was asked for.
fn with(container: Value) -> (World, Value) {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let input = json!({"ImageId": "ami-ecs", "UserData": "ECS_CLUSTER=shop"});
    world.call("ec2", "RunInstances", input).expect("it launches");
    world.wait(90);
    let mut whole = json!({"name": "a", "memory": 300, "portMappings": [{"containerPort": 80}]});
    whole.as_object_mut().unwrap().extend(container.as_object().unwrap().clone());
    world.ok("RegisterTaskDefinition", json!({"family": "web", "containerDefinitions": [whole]}));
    let answer = world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "web"}));
    let arn = answer["tasks"][0]["taskArn"].clone();
    world.wait(30);
    (world, arn)
}

fn task(world: &mut World, arn: &Value) -> Value {
    world.ok("DescribeTasks", json!({"cluster": "shop", "tasks": [arn]}))["tasks"][0].clone()
}

fn told(world: &World) -> Vec<String> {
    let records = world.timeline.records().iter();
    let about = records.filter(|record| record.subject.kind == Kind::Container);
    about.filter(|record| record.text.contains("exit code")).map(|record| record.text.clone()).collect()
}

/// container | the last status an hour later | how often its process was started again, and its last words
const ENDS: &str = r#"
{"image": "shop/batch:1"} | STOPPED | 0 | STOPPED with exit code 0
{"image": "shop/batch:1", "restartPolicy": {"enabled": false, "restartAttemptPeriod": 60}} | STOPPED | 0 | STOPPED with exit code 0
{"image": "shop/batch:1", "restartPolicy": {"enabled": true, "restartAttemptPeriod": 60}} | RUNNING | 58 | process ended with exit code 0; it is started again in place
{"image": "shop/batch:1", "restartPolicy": {"enabled": true, "restartAttemptPeriod": 61}} | STOPPED | 0 | STOPPED with exit code 0; no restart: it ran for 60 s of 61 s
{"image": "shop/batch:1", "restartPolicy": {"enabled": true}} | STOPPED | 0 | STOPPED with exit code 0; no restart: it ran for 60 s of 300 s
{"image": "shop/batch:1", "restartPolicy": {"enabled": true, "restartAttemptPeriod": 60, "ignoredExitCodes": [3, 0]}} | STOPPED | 0 | STOPPED with exit code 0; no restart: its policy ignores exit code 0
{"image": "shop/batch:1", "restartPolicy": {"enabled": true, "restartAttemptPeriod": 60, "ignoredExitCodes": [3]}} | RUNNING | 58 | process ended with exit code 0; it is started again in place
{"image": "shop/web:3-crash", "restartPolicy": {"enabled": true, "restartAttemptPeriod": 60}} | STOPPED | 0 | STOPPED with exit code 1; no restart: it ran for 5 s of 60 s
{"image": "shop/web:leak", "restartPolicy": {"enabled": true, "restartAttemptPeriod": 120}} | RUNNING | 18 | process ended with exit code 137: OutOfMemoryError: Container killed due to memory usage; it is started again in place
"#;

#[test]
fn a_process_that_ran_long_enough_is_started_again_in_place() {
    for row in ENDS.lines().filter(|row| !row.is_empty()) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let [container, status, times, words] = cells[..] else { panic!("a row has four cells: {row}") };
        let (mut world, arn) = with(serde_json::from_str(container).expect(container));
        world.wait(3570);
        assert_eq!(task(&mut world, &arn)["lastStatus"], status, "TASKDEF-38: {row}");
        let told = told(&world);
        let again = told.iter().filter(|text| text.ends_with("started again in place")).count();
        assert_eq!(again.to_string(), times, "{row}: {told:#?}");
        assert_eq!(told.last().map(String::as_str), Some(words), "{row}");
    }
}

const POLICY: &str = r#"{"image": "shop/web:1", "restartPolicy": {"enabled": true, "restartAttemptPeriod": 60},
    "healthCheck": {"command": ["CMD-SHELL", "curl -f localhost"], "interval": 10}}"#;

/// The task, its container and its port stay as they were; only its health is asked for anew.
#[test]
fn a_restart_keeps_task_container_and_port() {
    let (mut world, arn) = with(serde_json::from_str(POLICY).unwrap());
    world.wait(60);
    let before = task(&mut world, &arn);
    assert_eq!(before["healthStatus"], "HEALTHY");
    world.call("drydock", "Kill", json!({"task": arn})).expect("it ends");
    let between = task(&mut world, &arn);
    assert_eq!((&between["lastStatus"], &between["healthStatus"]), (&json!("RUNNING"), &json!("UNKNOWN")));
    world.wait(12);
    let after = task(&mut world, &arn);
    assert_eq!(after["healthStatus"], "HEALTHY");
    for path in ["/startedAt", "/containers/0/containerArn", "/containers/0/networkBindings", "/lastStatus"] {
        assert_eq!(after.pointer(path), before.pointer(path), "{path}");
    }
    assert!(after["containers"][0].get("exitCode").is_none(), "{after:#}");
    // One restart in a period: the next end comes too early and is final.
    world.call("drydock", "Kill", json!({"task": arn})).expect("it ends");
    world.wait(5);
    let ended = task(&mut world, &arn);
    assert_eq!((&ended["lastStatus"], &ended["containers"][0]["exitCode"]), (&json!("STOPPED"), &json!(137)));
    assert_eq!(ended["stopCode"], "EssentialContainerExited");
}

/// Whoever stops a task, or ends a process that is on its way, is not answered with a restart.
#[test]
fn a_task_that_is_stopped_stays_stopped() {
    let (mut world, arn) = with(serde_json::from_str(POLICY).unwrap());
    world.wait(120);
    world.ok("StopTask", json!({"cluster": "shop", "task": arn}));
    world.wait(60);
    assert_eq!(task(&mut world, &arn)["lastStatus"], "STOPPED");
    // Stopped in the second between end and restart.
    let (mut world, arn) = with(serde_json::from_str(POLICY).unwrap());
    world.wait(120);
    world.call("drydock", "Kill", json!({"task": arn})).expect("it ends");
    world.ok("StopTask", json!({"cluster": "shop", "task": arn}));
    world.wait(60);
    assert_eq!(task(&mut world, &arn)["lastStatus"], "STOPPED");
    // Killed twice in that second.
    let (mut world, arn) = with(serde_json::from_str(POLICY).unwrap());
    world.wait(120);
    for _ in 0..2 {
        world.call("drydock", "Kill", json!({"task": arn})).expect("it ends");
    }
    world.wait(60);
    assert_eq!(task(&mut world, &arn)["lastStatus"], "STOPPED");
}
