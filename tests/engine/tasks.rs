//! Tasks: their lives on Fargate and on instances, row by row.

use crate::world::World;
use drydock::timeline::Kind;
use serde_json::{Value, json};

/// A world with the cluster `shop` and the Fargate definition `web:1` of these containers.
fn world(containers: Value) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({ "clusterName": "shop" }));
    register(&mut world, "web", containers);
    world
}

fn register(world: &mut World, family: &str, containers: Value) {
    world.ok(
        "RegisterTaskDefinition",
        json!({
            "family": family,
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "awsvpc",
            "cpu": "256",
            "memory": "512",
            "executionRoleArn": "arn:aws:iam::111122223333:role/ecsTaskExecutionRole",
            "containerDefinitions": containers,
        }),
    );
}

fn run(world: &mut World) -> Value {
    world.ok(
        "RunTask",
        json!({
            "cluster": "shop",
            "taskDefinition": "web",
            "launchType": "FARGATE",
            "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-pri-a", "subnet-pri-b"] } },
        }),
    )["tasks"][0]
        .clone()
}

/// The records about one kind of resource: seconds since the start, and text.
fn told(world: &World, kind: Kind) -> Vec<(u64, String)> {
    let records = world.timeline.records().iter().filter(|record| record.subject.kind == kind);
    records.map(|record| (record.at.0 / 1000, record.text.clone())).collect()
}

fn texts(rows: &[(u64, &str)]) -> Vec<(u64, String)> {
    rows.iter().map(|(at, text)| (*at, (*text).to_string())).collect()
}

/// LIFE-01, LIFE-15, LIFE-17, LIFE-26, LIFE-27
#[test]
fn a_fargate_task_passes_every_state_and_is_forgotten_after_an_hour() {
    let mut world = world(json!([{ "name": "web", "image": "shop/web:1" }]));
    let task = run(&mut world);
    assert_eq!(task["lastStatus"], "PROVISIONING");
    world.wait(60);
    let answer = world.ok("StopTask", json!({ "cluster": "shop", "task": task["taskArn"] }));
    assert_eq!(answer["task"]["lastStatus"], "RUNNING", "LIFE-05: the agent has not heard of it yet");
    assert_eq!(answer["task"]["desiredStatus"], "STOPPED");
    world.wait(3610);
    let asked = json!({ "cluster": "shop", "tasks": [task["taskArn"]] });
    let stopped = world.ok("DescribeTasks", asked.clone())["tasks"][0].clone();
    assert_eq!(stopped["stopCode"], "UserInitiated");
    assert_eq!(stopped["stoppedReason"], "Task stopped by user");
    assert_eq!(stopped["containers"][0]["exitCode"], 0);
    world.wait(1);
    assert_eq!(world.ok("DescribeTasks", asked)["failures"][0]["reason"], "MISSING");
    assert_eq!(
        told(&world, Kind::Task),
        texts(&[
            (0, "PROVISIONING"),
            (15, "PENDING"),
            (27, "ACTIVATING"),
            (27, "RUNNING"),
            (60, "desiredStatus STOPPED: Task stopped by user"),
            (60, "DEACTIVATING"),
            (60, "STOPPING"),
            (61, "DEPROVISIONING"),
            (71, "STOPPED"),
            (3671, "forgotten: an hour has passed since it stopped"),
        ])
    );
}

/// Each record is caused by the one before it, back to the command.
#[test]
fn causes_lead_from_a_stopped_task_back_to_the_command() {
    let mut world = world(json!([{ "name": "web", "image": "shop/web:9" }]));
    run(&mut world);
    world.wait(600);
    let records = world.timeline.records();
    let last = records.iter().rposition(|record| record.text == "STOPPED").expect("it stopped");
    let causes = world.timeline.causes(drydock::RecordId(u32::try_from(last).expect("few records")));
    let first = records.get(causes.last().expect("it has causes").0 as usize).expect("a record");
    assert!(first.text.starts_with("ecs RunTask"), "{}", first.text);
    assert!(
        causes.iter().any(|id| records[id.0 as usize].text.starts_with("CannotPullContainerError")),
        "the pull is among the causes"
    );
}
