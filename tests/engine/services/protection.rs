//! Task scale-in protection: who can have it, what it holds back, and what it does not (PLACE-30).

use super::{create, describe, fargate, messages, register};
use crate::world::World;
use serde_json::{Value, json};

fn tasks(world: &mut World) -> Vec<String> {
    let listed = world.ok("ListTasks", json!({"cluster": "shop", "serviceName": "web"}));
    listed["taskArns"].as_array().unwrap().iter().map(|arn| arn.as_str().unwrap().to_string()).collect()
}

/// A service of so many tasks that is steady, and its tasks.
fn steady(desired: u64) -> (World, Vec<String>) {
    let mut world = fargate();
    world.ok("CreateService", create(desired));
    world.wait(300);
    let tasks = tasks(&mut world);
    (world, tasks)
}

fn protect(world: &mut World, tasks: &[String], minutes: u64) -> Value {
    world.ok(
        "UpdateTaskProtection",
        json!({"cluster": "shop", "tasks": tasks, "protectionEnabled": true, "expiresInMinutes": minutes}),
    )
}

fn protected(world: &mut World, task: &String) -> Value {
    world.ok("GetTaskProtection", json!({"cluster": "shop", "tasks": [task]}))["protectedTasks"][0].take()
}

fn want(world: &mut World, desired: u64) {
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": desired}));
}

#[test]
fn protection_lasts_two_hours_unless_told_otherwise_and_each_call_sets_it_anew() {
    let (mut world, all) = steady(1);
    let until = |world: &World, minutes: u64| {
        drydock::shape::Slot::write(&(world.sim.clock() + drydock::SimDuration::secs(minutes * 60))).unwrap()
    };
    let answer = world
        .ok("UpdateTaskProtection", json!({"cluster": "shop", "tasks": [all[0]], "protectionEnabled": true}));
    let expected =
        |until: Value| json!({"taskArn": all[0], "protectionEnabled": true, "expirationDate": until});
    assert_eq!(answer["protectedTasks"][0], expected(until(&world, 120)));
    protect(&mut world, &all[..1], 1);
    let one = until(&world, 1);
    assert_eq!(protected(&mut world, &all[0]), expected(one));
    world.wait(59);
    assert_eq!(protected(&mut world, &all[0])["protectionEnabled"], true);
    world.wait(1);
    let over = protected(&mut world, &all[0]);
    assert_eq!(over, json!({"taskArn": all[0], "protectionEnabled": false}));
}

#[test]
fn scale_in_takes_the_unprotected_and_waits_for_the_rest() {
    let (mut world, all) = steady(4);
    protect(&mut world, &all[1..], 10);
    want(&mut world, 1);
    world.wait(120);
    let mut left = tasks(&mut world);
    left.sort();
    let mut kept = all[1..].to_vec();
    kept.sort();
    assert_eq!(left, kept);
    let told: Vec<String> =
        messages(&mut world).into_iter().filter(|text| text.contains("under protection")).collect();
    assert_eq!(
        told,
        [
            "(service web) was unable to reach steady state because (taskSet ecs-svc/<id>) was unable to scale in due to (reason 2 tasks under protection)"
        ]
    );
    world.wait(600);
    assert_eq!(tasks(&mut world).len(), 1);
    assert_eq!(messages(&mut world).last().unwrap(), "(service web) has reached a steady state.");
}

#[test]
fn a_deployment_replaces_the_unprotected_and_waits_for_the_rest() {
    let (mut world, all) = steady(2);
    protect(&mut world, &all[..1], 30);
    register(&mut world, "shop/web:2");
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web"}));
    world.wait(600);
    let service = describe(&mut world);
    assert_eq!(service["deployments"].as_array().unwrap().len(), 2);
    assert_eq!(service["deployments"][0]["rolloutState"], "IN_PROGRESS");
    assert_eq!(service["deployments"][1]["runningCount"], 1);
    assert!(tasks(&mut world).contains(&all[0]) && !tasks(&mut world).contains(&all[1]));
    assert!(messages(&mut world).last().unwrap().ends_with("(reason 1 tasks under protection)"));
    world.ok(
        "UpdateTaskProtection",
        json!({"cluster": "shop", "tasks": [all[0]], "protectionEnabled": false}),
    );
    world.wait(120);
    let service = describe(&mut world);
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
}

#[test]
fn stop_task_ends_a_protected_task_and_so_do_failing_checks() {
    let (mut world, all) = steady(2);
    protect(&mut world, &all, 30);
    world.ok("StopTask", json!({"cluster": "shop", "task": all[0]}));
    world.wait(120);
    let left = tasks(&mut world);
    assert!(!left.contains(&all[0]) && left.contains(&all[1]));
    let answer = world.ok("GetTaskProtection", json!({"cluster": "shop", "tasks": [all[0]]}));
    assert_eq!(answer["failures"], json!([{"arn": all[0], "reason": "TASK_NOT_VALID"}]));
}

#[test]
fn who_cannot_be_protected_is_told_why() {
    let (mut world, all) = steady(2);
    let missing = all[0].rsplit_once('/').unwrap().0.to_string() + "/" + &"0".repeat(32);
    let network = json!({"awsvpcConfiguration": {"subnets": ["subnet-pub-a"]}});
    let alone = world.ok(
        "RunTask",
        json!({"cluster": "shop", "taskDefinition": "web", "launchType": "FARGATE", "networkConfiguration": network}),
    );
    let alone = alone["tasks"][0]["taskArn"].as_str().unwrap().to_string();
    let answer = protect(&mut world, &[missing.clone(), alone.clone(), all[0].clone()], 5);
    assert_eq!(
        answer["failures"],
        json!([{"arn": missing, "reason": "MISSING"}, {"arn": alone, "reason": "TASK_NOT_VALID"}])
    );
    assert_eq!(answer["protectedTasks"].as_array().unwrap().len(), 1);
    // As many as are wished for can be protected, and not one more.
    assert_eq!(protect(&mut world, &all, 5)["failures"], json!([]));
    want(&mut world, 1);
    let answer = protect(&mut world, &all[..1], 5);
    assert_eq!(answer["failures"], json!([{"arn": all[0], "reason": "DEPLOYMENT_BLOCKED"}]));
    want(&mut world, 2);
    assert_eq!(protect(&mut world, &all[..1], 5)["failures"], json!([]));
}

#[test]
fn what_cannot_be_asked_for_is_refused() {
    let (mut world, all) = steady(1);
    let mut refused = |operation: &str, input: Value| world.refused(operation, input);
    let update = |tasks: &[String], minutes: i64| json!({"cluster": "shop", "tasks": tasks, "protectionEnabled": true, "expiresInMinutes": minutes});
    for input in [update(&all, 0), update(&all, 2881), update(&[], 5), update(&vec![all[0].clone(); 11], 5)] {
        assert!(refused("UpdateTaskProtection", input).contains("InvalidParameterException"));
    }
    let far = "arn:aws:ecs:us-east-1:111122223333:task/far/".to_string() + &"0".repeat(32);
    assert!(
        refused("UpdateTaskProtection", update(std::slice::from_ref(&far), 5))
            .contains("InvalidParameterException")
    );
    for tasks in [Vec::new(), vec![all[0].clone(); 101], vec![far]] {
        let input = json!({"cluster": "shop", "tasks": tasks});
        assert!(refused("GetTaskProtection", input).contains("InvalidParameterException"));
    }
    assert!(
        refused("GetTaskProtection", json!({"cluster": "no", "tasks": ["x"]})).contains("ClusterNotFound")
    );
}

#[test]
fn a_protected_daemon_outlives_a_deployment() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    world.ok(
        "RegisterTaskDefinition",
        json!({"family": "web", "containerDefinitions": [{"name": "c", "image": "shop/web:1", "memory": 200}]}),
    );
    let data = "echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config";
    world
        .call(
            "ec2",
            "RunInstances",
            json!({"ImageId": "ami-ecs-optimized", "InstanceType": "m5.large", "MinCount": 2, "MaxCount": 2,
                   "UserData": data}),
        )
        .unwrap();
    world.wait(120);
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "schedulingStrategy": "DAEMON"}),
    );
    world.wait(300);
    let all = tasks(&mut world);
    protect(&mut world, &all[..1], 30);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "forceNewDeployment": true}));
    world.wait(300);
    let left = tasks(&mut world);
    assert!(left.len() == 2 && left.contains(&all[0]) && !left.contains(&all[1]));
    world.wait(1800);
    assert!(!tasks(&mut world).contains(&all[0]));
    assert_eq!(describe(&mut world)["deployments"][0]["rolloutState"], "COMPLETED");
}

#[test]
fn a_task_that_is_not_running_yet_can_be_protected() {
    // PLACE-30: neither scale-in nor a deployment stops it, and both say what keeps them.
    for deploys in [false, true] {
        let mut world = fargate();
        world.ok("CreateService", create(2));
        world.wait(5);
        let all = tasks(&mut world);
        protect(&mut world, &all, 60);
        if deploys {
            register(&mut world, "shop/web:2");
            world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web"}));
        } else {
            want(&mut world, 1);
        }
        world.wait(5);
        let told: Vec<&drydock::ecs::task::Task> =
            world.sim.state().tasks.values().filter(|task| task.told_to_stop).collect();
        assert!(told.is_empty(), "deploys: {deploys}: {told:?}");
        let tries = world
            .timeline
            .records()
            .iter()
            .filter(|it| it.text.contains("stop 2 old") || it.text.starts_with("stop 1 "))
            .count();
        assert_eq!(tries, 0, "deploys: {deploys}: nothing is decided that cannot be done");
        world.wait(600);
        let left = tasks(&mut world);
        assert!(all.iter().all(|task| left.contains(task)), "deploys: {deploys}");
        assert_eq!(left.len(), if deploys { 4 } else { 2 });
        // The event names the deployment whose tasks they are: the older one.
        let deployments = describe(&mut world)["deployments"].as_array().unwrap().clone();
        let theirs = deployments.last().unwrap()["id"].as_str().unwrap().to_string();
        let records = world.timeline.records().iter().rev();
        let event = records.map(|it| &it.text).find(|text| text.contains("under protection")).unwrap();
        assert!(event.contains(&format!("(taskSet {theirs})")), "{event}");
        let count = if deploys { 2 } else { 1 };
        assert!(event.ends_with(&format!("(reason {count} tasks under protection)")), "{event}");
    }
}

#[test]
fn where_old_and_new_tasks_are_protected_the_older_deployment_is_named() {
    // PLACE-30: an old task and a new one; the old one keeps the deployment from its end.
    let (mut world, all) = steady(4);
    protect(&mut world, &all[..1], 600);
    register(&mut world, "shop/web:2");
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web"}));
    world.wait(60);
    let new: Vec<String> = tasks(&mut world).into_iter().filter(|task| !all.contains(task)).collect();
    assert_eq!(protect(&mut world, &new[..3], 600)["failures"], json!([]));
    world.wait(600);
    let deployments = describe(&mut world)["deployments"].as_array().unwrap().clone();
    let older = deployments.last().unwrap()["id"].as_str().unwrap().to_string();
    let records = world.timeline.records().iter();
    let mut events = records.map(|it| &it.text).filter(|text| text.contains("under protection"));
    assert!(events.all(|text| text.contains(&format!("(taskSet {older})"))));
    assert_eq!(deployments.len(), 2);
}
