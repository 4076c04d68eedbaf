//! Which tasks a service on several providers gives when it is scaled in: the more urgent first (PLACE-29),
//! never a protected one (PLACE-30), and of equals such as keep the shares (CAP-11).

use super::{fargate, service, shares, spot_task, update};
use crate::world::World;
use serde_json::json;

/// What was told of each task that stopped since record `from`: the rule, and why.
fn stops(world: &World, from: usize) -> Vec<(&'static str, String)> {
    let verdicts = world.timeline.records()[from..].iter().flat_map(|it| &it.verdicts);
    let stops = verdicts.filter_map(|it| Some((it.rule.id, it.reason.strip_prefix("stops: ")?.to_string())));
    stops.collect()
}

fn running(world: &World) -> usize {
    world.sim.state().tasks.values().filter(|task| task.is_running() && !task.told_to_stop).count()
}

/// Two tasks through FARGATE and one through FARGATE_SPOT, all healthy: FARGATE would give one of its two.
fn two_and_one() -> World {
    let mut world = fargate();
    service(&mut world, "FARGATE 1:1, FARGATE_SPOT 0:2", 3);
    world.wait(200);
    assert_eq!(shares(&mut world), (2, 1));
    world
}

/// PLACE-29, DEPLOY-07: a Spot task that does not run yet goes before a running FARGATE task, though FARGATE has
/// the most for its weight; so a service with a floor of 100 % keeps the tasks that run.
#[test]
fn what_does_not_run_yet_goes_first_whatever_its_provider() {
    let mut world = two_and_one();
    let task = spot_task(&world);
    world.call("drydock", "Fail", json!({"what": "spot", "task": task})).expect("it is interrupted");
    world.wait(12);
    assert_eq!((running(&world), shares(&mut world)), (2, (2, 1)), "its successor does not run yet");
    let before = world.timeline.len();
    update(&mut world, json!({"desiredCount": 2}));
    assert_eq!(stops(&world, before), [("PLACE-29", "it is not RUNNING yet".to_string())]);
    assert_eq!((running(&world), shares(&mut world)), (2, (2, 0)));
    // CAP-11: the next task makes the shares whole again.
    update(&mut world, json!({"desiredCount": 3}));
    world.wait(200);
    assert_eq!(shares(&mut world), (2, 1));
}

/// PLACE-29, DEPLOY-10: a task whose health is not known yet goes before a healthy one; it counts for no floor.
#[test]
fn what_is_not_known_to_be_healthy_goes_before_what_is() {
    let mut world = two_and_one();
    let task = spot_task(&world);
    world.ok("StopTask", json!({"cluster": "shop", "task": task}));
    while running(&world) < 3 {
        world.wait(1);
    }
    let before = world.timeline.len();
    update(&mut world, json!({"desiredCount": 2}));
    assert_eq!(stops(&world, before), [("PLACE-29", "it is not known to be healthy yet".to_string())]);
    assert_eq!(shares(&mut world), (2, 0));
}

/// CAP-11, PLACE-29: of several tasks that do not run yet those go that are too many for their provider.
#[test]
fn of_equally_urgent_ones_the_shares_decide() {
    let mut world = two_and_one();
    update(&mut world, json!({"desiredCount": 9}));
    world.wait(1);
    assert_eq!((running(&world), shares(&mut world)), (3, (4, 5)));
    let before = world.timeline.len();
    update(&mut world, json!({"desiredCount": 6}));
    let told = stops(&world, before);
    assert!(told.len() == 3 && told.iter().all(|(rule, _)| *rule == "PLACE-29"), "{told:?}");
    assert_eq!((running(&world), shares(&mut world)), (3, (3, 3)));
    // Healthy ones go by their shares alone.
    world.wait(200);
    let before = world.timeline.len();
    update(&mut world, json!({"desiredCount": 4}));
    let told = stops(&world, before);
    assert!(told.len() == 2 && told.iter().all(|(rule, _)| *rule == "CAP-11"), "{told:?}");
    assert_eq!(shares(&mut world), (2, 2));
}

/// PLACE-30, CAP-11: where every task of the provider with the most is protected, another provider gives.
#[test]
fn protected_tasks_of_one_provider_do_not_hold_those_of_another() {
    let mut world = two_and_one();
    let tasks = world.sim.state().tasks.values();
    let steady = tasks.filter(|it| it.capacity_provider.as_deref() == Some("FARGATE"));
    let steady: Vec<String> = steady.map(|task| task.arn.to_string()).collect();
    world.ok("UpdateTaskProtection", json!({"cluster": "shop", "tasks": steady, "protectionEnabled": true}));
    let before = world.timeline.len();
    update(&mut world, json!({"desiredCount": 2}));
    let told = stops(&world, before);
    assert!(told.len() == 1 && told[0].1.contains("runs through FARGATE_SPOT,"), "{told:?}");
    assert_eq!(shares(&mut world), (2, 0));
}
