//! What a pass says that it does, and by which rule: a story for each reason to act.

use super::{create, describe, fargate, messages, register};
use crate::world::World;
use drydock::timeline::{Kind, RecordKind};
use serde_json::{Value, json};

/// The decisions about services from this record on: the text up to the counts, and the rule.
fn decisions(world: &World, from: usize) -> Vec<String> {
    let records = world.timeline.records().iter().skip(from);
    let of_service = records.filter(|it| it.kind == RecordKind::Decision && it.subject.kind == Kind::Service);
    of_service.map(|it| format!("{} [{}]", it.text, it.rule.map_or("", |rule| rule.id))).collect()
}

/// What is decided within so many seconds.
fn decided(world: &mut World, seconds: u64) -> Vec<String> {
    let from = world.timeline.records().len();
    world.wait(seconds);
    decisions(world, from)
}

/// What is decided when a service changes, and within so many seconds behind it.
fn behind(world: &mut World, change: Value, seconds: u64) -> Vec<String> {
    let from = world.timeline.records().len();
    let mut asked = json!({"cluster": "shop", "service": "web"});
    asked.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    world.ok("UpdateService", asked);
    world.wait(seconds);
    decisions(world, from)
}

fn tasks(world: &mut World) -> Vec<String> {
    let listed = world.ok("ListTasks", json!({"cluster": "shop", "serviceName": "web"}));
    listed["taskArns"].as_array().unwrap().iter().map(|arn| arn.as_str().unwrap().to_string()).collect()
}

/// A revision of `web` with a health check every five seconds.
fn checked(world: &mut World, image: &str) {
    let check = json!({"command": ["CMD-SHELL", "curl -f localhost"], "interval": 5, "retries": 2});
    world.ok(
        "RegisterTaskDefinition",
        json!({
            "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
            "cpu": "256", "memory": "512",
            "containerDefinitions": [{"name": "web", "image": image, "healthCheck": check}],
        }),
    );
}

fn unhealthy(world: &mut World, task: &str) {
    let asked = json!({"what": "health-check", "task": task, "container": "web"});
    world.call("drydock", "Fail", asked).expect("its checks fail");
}

#[test]
fn a_service_grows_shrinks_and_changes() {
    let mut world = fargate();
    world.ok("CreateService", create(2));
    let from_the_start = decisions(&world, 0);
    // SVC-11: the wish.
    assert_eq!(
        from_the_start,
        ["start 2 of web:1: 2 desired, 0 running or pending, 0 healthy, floor 2, ceiling 4 [SVC-11]"]
    );
    world.wait(300);
    assert_eq!(
        behind(&mut world, json!({"desiredCount": 5}), 300),
        ["start 3 of web:1: 5 desired, 2 running or pending, 2 healthy, floor 5, ceiling 10 [SVC-11]"]
    );
    assert_eq!(
        behind(&mut world, json!({"desiredCount": 2}), 300),
        [
            "stop 3 beyond the desired count: 2 desired, 5 running or pending, 5 healthy, floor 2, ceiling 4 [SVC-11]"
        ]
    );
    // DEPLOY-09 the first wave, DEPLOY-12 the second.
    register(&mut world, "shop/web:2");
    assert_eq!(
        behind(&mut world, json!({"taskDefinition": "web"}), 300),
        [
            "start 2 of web:2: 2 desired, 2 running or pending, 2 healthy, floor 2, ceiling 4 [DEPLOY-09]",
            "stop 2 old: 2 desired, 4 running or pending, 4 healthy, floor 2, ceiling 4 [DEPLOY-12]",
        ]
    );
    // An update in the middle of another: what is old and not RUNNING yet goes freely.
    register(&mut world, "shop/web:1");
    behind(&mut world, json!({"taskDefinition": "web"}), 5);
    register(&mut world, "shop/web:2");
    let before = messages(&mut world).len();
    assert_eq!(
        behind(&mut world, json!({"taskDefinition": "web"}), 0),
        ["stop 2 old: 2 desired, 4 running or pending, 2 healthy, floor 2, ceiling 4 [DEPLOY-09]"]
    );
    assert_eq!(messages(&mut world)[before..], ["(service web) stopped 2 pending tasks."]);
}

#[test]
fn a_service_is_steady_once_the_last_task_has_really_stopped() {
    // SVC-17: the task that goes takes half a minute to stop.
    let mut world = fargate();
    register(&mut world, "shop/web:stubborn");
    world.ok("CreateService", create(2));
    world.wait(300);
    let before = messages(&mut world).len();
    behind(&mut world, json!({"desiredCount": 1}), 0);
    let going = |world: &World| {
        let tasks = world.sim.state().tasks.values();
        tasks.filter(|task| task.told_to_stop && task.stopped_at.is_none()).count()
    };
    assert_eq!(going(&world), 1);
    let steady = |world: &mut World| {
        messages(world)[before..].iter().any(|text| text.ends_with("has reached a steady state."))
    };
    while going(&world) > 0 {
        assert!(!steady(&mut world));
        world.wait(1);
    }
    world.wait(11);
    assert!(steady(&mut world));
}

#[test]
fn tags_and_the_platform_version_go_on_to_the_tasks() {
    // propagateTags -> the tags of a task (API-09)
    let tag = |key: &str| json!([{"key": key, "value": "x"}]);
    for (propagates, expected) in [("SERVICE", "service"), ("TASK_DEFINITION", "definition"), ("NONE", "")] {
        let mut world = World::new();
        world.ok("CreateCluster", json!({"clusterName": "shop"}));
        let container = json!({"name": "web", "image": "shop/web:1"});
        world.ok(
            "RegisterTaskDefinition",
            json!({"family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
                   "memory": "512", "containerDefinitions": [container], "tags": tag("definition")}),
        );
        let mut asked = create(1);
        asked["propagateTags"] = json!(propagates);
        asked["tags"] = tag("service");
        asked["platformVersion"] = json!("1.3.0");
        world.ok("CreateService", asked);
        let task = world.sim.state().tasks.values().next().expect("a task").clone();
        let keys: Vec<&str> = task.tags.iter().map(|tag| tag.key.as_str()).collect();
        assert_eq!(keys.join(" "), expected, "{propagates}");
        assert_eq!(task.platform_version.as_deref(), Some("1.3.0"));
    }
}

#[test]
fn a_lost_task_is_replaced_by_the_rule_of_its_loss() {
    let mut world = fargate();
    world.ok("CreateService", create(2));
    world.wait(300);
    let start = |rule: &str| {
        format!("start 1 of web:1: 2 desired, 1 running or pending, 1 healthy, floor 2, ceiling 4 [{rule}]")
    };
    // LIFE-18: somebody stopped it; SVC-21: it ended by itself.
    let task = tasks(&mut world)[0].clone();
    let (from, told_at) = (world.timeline.records().len(), world.sim.clock());
    world.ok("StopTask", json!({"cluster": "shop", "task": task}));
    assert_eq!(decided(&mut world, 300), [start("LIFE-18")]);
    // The loss is noticed when the task is told to stop, not when it has stopped.
    let records = world.timeline.records();
    let at = records.iter().skip(from).position(|it| it.kind == RecordKind::Decision).expect("a decision");
    let cause = world.timeline.causes(drydock::timeline::RecordId((from + at) as u32))[0];
    assert_eq!(world.timeline.get(cause).map(|it| it.at), Some(told_at));
    let task = tasks(&mut world)[0].clone();
    world.call("drydock", "Kill", json!({"task": task, "container": "web"})).expect("it is killed");
    assert_eq!(decided(&mut world, 300), [start("SVC-21")]);
    // In the middle of a deployment the deployment says what happens.
    register(&mut world, "shop/web:2");
    behind(&mut world, json!({"taskDefinition": "web"}), 30);
    let newest = describe(&mut world)["deployments"][0]["id"].clone();
    let new: Vec<String> = {
        let all =
            world.sim.state().tasks.values().filter(|task| task.started_by.as_deref() == newest.as_str());
        all.map(|task| task.arn.to_string()).collect()
    };
    world.ok("StopTask", json!({"cluster": "shop", "task": new[0]}));
    assert_eq!(
        decided(&mut world, 12),
        ["start 1 of web:2: 2 desired, 3 running or pending, 2 healthy, floor 2, ceiling 4 [DEPLOY-12]"]
    );
}

#[test]
fn an_unhealthy_task_is_replaced_first_and_the_pass_says_so() {
    let mut world = fargate();
    checked(&mut world, "shop/web:1");
    world.ok("CreateService", create(2));
    world.wait(300);
    let all = tasks(&mut world);
    // SVC-22: its replacement first, where there is room, and then itself and no other.
    let last = world.sim.state().tasks.keys().next_back().unwrap().to_string();
    unhealthy(&mut world, &last);
    assert_eq!(
        decided(&mut world, 300),
        [
            "start 1 of web:2, replace 1 unhealthy: 2 desired, 2 running or pending, 1 healthy, floor 2, ceiling 4 [SVC-22]"
        ]
    );
    let events = world.timeline.records().iter().filter(|it| it.kind == RecordKind::ServiceEvent);
    let started =
        events.filter(|it| it.text.contains("has started")).map(|it| it.rule.map_or("", |rule| rule.id));
    assert_eq!(started.collect::<Vec<_>>(), ["SVC-16", "SVC-22"], "a start, and a start in place of another");
    let left = tasks(&mut world);
    assert_eq!(all.iter().filter(|task| !left.contains(task)).collect::<Vec<_>>(), [&last]);
    // SVC-24: outside of a deployment it is no failed task.
    let failed =
        world.timeline.records().iter().find(|it| it.text.ends_with("failed container health checks."));
    assert_eq!(failed.and_then(|it| it.rule).map(|rule| rule.id), Some("SVC-24"));
    // Scale-in takes the unhealthy one, for which nothing comes and which no event calls replaced.
    let all = tasks(&mut world);
    let before = messages(&mut world).len();
    unhealthy(&mut world, &all[0]);
    for _ in 0..60 {
        world.wait(1);
        let found = world.sim.state().tasks.get(&all[0].as_str().into()).map(|task| task.health());
        if found == Some(drydock::ecs::task::Health::Unhealthy) {
            break;
        }
    }
    assert_eq!(
        behind(&mut world, json!({"desiredCount": 1}), 60),
        [
            "stop 1 beyond the desired count: 1 desired, 2 running or pending, 1 healthy, floor 1, ceiling 2 [SVC-22]"
        ]
    );
    assert!(!tasks(&mut world).contains(&all[0]));
    let said = messages(&mut world).split_off(before);
    assert!(!said.iter().any(|text| text.contains("failed container health checks")), "{said:#?}");
}

#[test]
fn without_room_an_unhealthy_task_goes_first_and_only_one_at_a_time() {
    // SVC-22, DEPLOY-07: at 100 % at most, two tasks turn unhealthy at once.
    let mut world = fargate();
    checked(&mut world, "shop/web:1");
    let mut asked = create(2);
    asked["deploymentConfiguration"] = json!({"minimumHealthyPercent": 0, "maximumPercent": 100});
    world.ok("CreateService", asked);
    world.wait(300);
    let all = tasks(&mut world);
    for task in &all {
        unhealthy(&mut world, task);
    }
    let told = decided(&mut world, 300);
    assert_eq!(
        told[..2],
        [
            "replace 2 unhealthy: 2 desired, 2 running or pending, 0 healthy, floor 0, ceiling 2 [SVC-22]",
            "start 1 of web:2, replace 1 unhealthy: 2 desired, 1 running or pending, 0 healthy, floor 0, ceiling 2 [SVC-22]",
        ],
        "{told:#?}"
    );
    // The other one stands until the first replacement runs.
    let tasks = &world.sim.state().tasks;
    let first_back = tasks.values().filter(|task| !all.contains(&task.arn.to_string()));
    let first_back = first_back.filter_map(|task| task.started_at).min().expect("a replacement");
    let mut gone: Vec<_> = all.iter().map(|arn| tasks[&arn.as_str().into()].stopping_at).collect();
    gone.sort();
    assert!(gone[0] < Some(first_back) && gone[1] >= Some(first_back), "{gone:?}, {first_back}");
    // What the scheduler itself stopped is no loss: the wish brings the next one, not LIFE-18.
    assert!(told.iter().all(|text| !text.ends_with("[LIFE-18]")), "{told:#?}");
}

#[test]
fn failures_before_running_are_waited_out() {
    // SVC-19, SVC-20: a task that cannot start is replaced by the rule of its loss, and after a wait by that
    // of the wait.
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    register(&mut world, "shop/nope:1");
    world.ok("CreateService", create(1));
    let told = decided(&mut world, 400);
    let rules: Vec<&str> = told.iter().filter_map(|text| text.rsplit_once(" [")).map(|it| it.1).collect();
    assert!(rules.len() >= 4, "{told:#?}");
    assert!(rules.iter().all(|rule| ["SVC-19]", "SVC-20]"].contains(rule)), "{told:#?}");
    assert!(rules.contains(&"SVC-19]") && rules.contains(&"SVC-20]"), "{told:#?}");
}

/// A cluster with so many machines of 7990 MiB, and the service `web` of tasks that take so much memory.
fn on_machines(machines: u64, memory: u64, desired: u64, more: Value) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    for (family, memory) in [("web", memory), ("other", 2000)] {
        let container = json!({"name": "web", "image": "shop/web:1", "memory": memory});
        world.ok("RegisterTaskDefinition", json!({"family": family, "containerDefinitions": [container]}));
    }
    machine(&mut world, machines);
    world.wait(120);
    let mut asked =
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": desired});
    asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.ok("CreateService", asked);
    world
}

fn machine(world: &mut World, count: u64) {
    if count > 0 {
        let asked = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large", "MinCount": count, "MaxCount": count,
            "SubnetId": "subnet-pri-a", "UserData": "ECS_CLUSTER=shop"});
        world.call("ec2", "RunInstances", asked).expect("it launches");
    }
}

#[test]
fn new_room_is_used_at_the_next_pass() {
    // SVC-08: a machine comes, and what had no place finds one; nothing was lost.
    let mut world = on_machines(1, 3900, 3, json!({}));
    world.wait(300);
    machine(&mut world, 1);
    let told = decided(&mut world, 300);
    assert_eq!(
        told.last().map(String::as_str),
        Some("start 1 of web:1: 3 desired, 2 running or pending, 2 healthy, floor 3, ceiling 6 [SVC-08]")
    );
}

#[test]
fn a_draining_machine_gives_its_tasks_away_by_its_own_rule() {
    // CINST-15: every old task stands on a DRAINING machine.
    let mut world = on_machines(2, 500, 2, json!({}));
    world.wait(300);
    let on = world.sim.state().container_instances.keys().next().unwrap().to_string();
    let draining = json!({"cluster": "shop", "containerInstances": [on], "status": "DRAINING"});
    world.ok("UpdateContainerInstancesState", draining);
    assert_eq!(
        decided(&mut world, 300),
        [
            "start 1 of web:1: 2 desired, 2 running or pending, 2 healthy, floor 2, ceiling 4 [CINST-15]",
            "stop 1 old: 2 desired, 3 running or pending, 3 healthy, floor 2, ceiling 4 [CINST-15]",
        ]
    );
    let stopped = world.timeline.records().iter().flat_map(|it| &it.verdicts);
    let stopped: Vec<_> = stopped.filter(|it| it.reason.starts_with("stops")).map(|it| &it.reason).collect();
    assert_eq!(stopped, ["stops: its instance is DRAINING"]);
}

/// strategy -> what is said of the task that scale-in chooses, and by which rule (PLACE-27, PLACE-28)
#[test]
fn scale_in_names_the_strategy_only_where_there_is_one() {
    let packed = json!([{"type": "binpack", "field": "memory"}]);
    let spread = json!([{"type": "spread", "field": "instanceId"}]);
    for (strategy, rule) in [(json!([]), "PLACE-28"), (packed, "PLACE-27"), (spread, "PLACE-27")] {
        let mut world = on_machines(2, 500, 3, json!({"placementStrategy": strategy}));
        world.wait(300);
        let from = world.timeline.records().len();
        behind(&mut world, json!({"desiredCount": 2}), 0);
        let told = world.timeline.records().iter().skip(from).flat_map(|it| &it.verdicts);
        let told: Vec<_> = told.filter(|it| it.reason.starts_with("stops")).map(|it| it.rule.id).collect();
        assert_eq!(told, [rule], "{strategy}");
    }
}

#[test]
fn a_part_that_could_not_be_launched_is_told_where_a_breaker_counts() {
    // DEPLOY-20: of three tasks two find a place; without a breaker, or with none placed, nothing is said.
    let told = |machines: u64, enable: bool| {
        let count = json!({"type": "COUNT", "value": 100});
        let breaker = json!({"enable": enable, "rollback": false, "thresholdConfiguration": count});
        let more = json!({"deploymentConfiguration": {"deploymentCircuitBreaker": breaker}});
        let mut world = on_machines(machines, 3900, 3, more);
        let said = messages(&mut world).into_iter().filter(|text| text.contains("could not launch"));
        said.collect::<Vec<_>>()
    };
    assert_eq!(
        told(1, true),
        ["(service web) could not launch 1 tasks for deployment ecs-svc/<id>. Reason: RESOURCE:MEMORY."]
    );
    assert_eq!(told(1, false), [""; 0]);
    assert_eq!(told(0, true), [""; 0]);
}

#[test]
fn what_finds_no_place_is_told_again_when_the_reason_changes_or_after_six_hours() {
    // SVC-07, PLACE-35.
    let mut world = on_machines(1, 7000, 2, json!({}));
    world.wait(60);
    let told = |world: &World| -> Vec<&str> {
        let events = world.timeline.records().iter().filter(|it| it.kind == RecordKind::ServiceEvent);
        let events = events.filter(|it| it.text.contains("unable to place a task"));
        events.map(|it| it.rule.map_or("", |rule| rule.id)).collect()
    };
    assert_eq!(told(&world), ["PLACE-35"]);
    // What changes on the machine brings new attempts, and the same answer is not told again.
    let attempts = |world: &World| {
        let records = world.timeline.records().iter();
        records.filter(|it| it.text.starts_with("no place for a task of service:web")).count()
    };
    let before = attempts(&world);
    world.wait(600);
    assert_eq!(attempts(&world), before, "nothing changed");
    let small = json!({"name": "c", "image": "shop/web:1", "memory": 100});
    world.ok("RegisterTaskDefinition", json!({"family": "small", "containerDefinitions": [small]}));
    world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "small"}));
    world.wait(60);
    assert!(attempts(&world) > before);
    assert_eq!(told(&world), ["PLACE-35"]);
    // Another reason is told at once.
    let on = world.sim.state().instances.keys().next().unwrap().to_string();
    world.call("drydock", "Fail", json!({"what": "agent", "instance": on})).expect("it is cut off");
    world.wait(120);
    assert_eq!(told(&world), ["PLACE-35", "PLACE-35"]);
    // Six hours later the same is told again, by its own rule, and not before.
    world.wait(6 * 3600 - 200);
    assert_eq!(told(&world).len(), 2);
    world.wait(200);
    assert_eq!(told(&world), ["PLACE-35", "PLACE-35", "SVC-07"]);
}

#[test]
fn a_deployment_that_is_stuck_or_held_is_told_again_after_six_hours() {
    // DEPLOY-08; PLACE-30.
    for held in [false, true] {
        let mut world = fargate();
        let mut asked = create(2);
        if !held {
            asked["deploymentConfiguration"] = json!({"minimumHealthyPercent": 100, "maximumPercent": 100});
        }
        world.ok("CreateService", asked);
        world.wait(300);
        if held {
            let all = tasks(&mut world);
            world.ok(
                "UpdateTaskProtection",
                json!({"cluster": "shop", "tasks": all, "protectionEnabled": true, "expiresInMinutes": 2880}),
            );
        }
        let change = if held { json!({"desiredCount": 1}) } else { json!({"forceNewDeployment": true}) };
        behind(&mut world, change, 0);
        let told =
            |world: &mut World| messages(world).iter().filter(|text| text.contains("was unable to")).count();
        world.wait(6 * 3600 - 20);
        assert_eq!(told(&mut world), 1, "held: {held}");
        world.wait(60);
        assert_eq!(told(&mut world), 2, "held: {held}");
    }
}

#[test]
fn a_service_that_is_created_anew_is_remembered_for_its_own_hour() {
    // SVC-05.
    let mut world = fargate();
    let status = |world: &mut World| {
        let answer = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
        let found = answer["services"].as_array().and_then(|found| found.first());
        found.and_then(|it| it["status"].as_str()).map(str::to_string)
    };
    for _ in 0..2 {
        world.ok("CreateService", create(0));
        world.ok("DeleteService", json!({"cluster": "shop", "service": "web", "force": true}));
        world.wait(1800);
        assert_eq!(status(&mut world).as_deref(), Some("INACTIVE"));
    }
    world.wait(1700);
    assert_eq!(status(&mut world).as_deref(), Some("INACTIVE"), "an hour after the first, not the second");
    world.wait(200);
    assert_eq!(status(&mut world), None);
}

#[test]
fn two_machines_that_drain_at_one_moment_make_one_pass_which_the_first_one_caused() {
    // SVC-08: what is booked for the same moment is one pass.
    let mut world = on_machines(3, 500, 3, json!({}));
    world.wait(300);
    let machines: Vec<String> =
        world.sim.state().container_instances.keys().map(ToString::to_string).collect();
    let from = world.timeline.records().len();
    for on in &machines[..2] {
        let draining = json!({"cluster": "shop", "containerInstances": [on], "status": "DRAINING"});
        world.ok("UpdateContainerInstancesState", draining);
    }
    world.wait(10);
    let records = world.timeline.records();
    let at = records.iter().skip(from).position(|it| it.kind == RecordKind::Decision).expect("a decision");
    let causes = world.timeline.causes(drydock::timeline::RecordId((from + at) as u32));
    let first = records[from..].iter().position(|it| it.subject.id == machines[0]).expect("it drains");
    assert!(causes.iter().any(|id| id.0 as usize == from + first), "{:?}", records[from + at]);
    assert_eq!(decisions(&world, from).len(), 1);
}

#[test]
fn what_happens_to_a_task_that_runs_on_is_no_loss() {
    // SVC-08: room comes in the moment in which the other task is RUNNING; nothing was lost.
    let mut world = on_machines(1, 3900, 0, json!({}));
    let other =
        world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "other"}))["tasks"][0]["taskArn"]
            .clone();
    let from = world.timeline.records().len();
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 2}));
    while describe(&mut world)["runningCount"] == 0 {
        world.wait(1);
    }
    world.ok("StopTask", json!({"cluster": "shop", "task": other}));
    world.wait(30);
    assert_eq!(
        decisions(&world, from),
        [
            "start 2 of web:1: 2 desired, 0 running or pending, 0 healthy, floor 2, ceiling 4 [SVC-11]",
            "start 1 of web:1: 2 desired, 1 running or pending, 0 healthy, floor 2, ceiling 4 [SVC-08]",
        ]
    );
}

#[test]
fn a_wait_goes_on_when_something_happens_to_a_task_that_runs() {
    // SVC-20, SVC-21: only a task that reaches RUNNING makes failures forgotten; an old one whose health changes
    // does not.
    let mut world = fargate();
    checked(&mut world, "shop/web:1");
    world.ok("CreateService", create(2));
    world.wait(300);
    register(&mut world, "shop/nope:1");
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web"}));
    world.wait(600);
    let old = world.sim.state().tasks.values().find(|task| task.is_running()).unwrap().arn.to_string();
    let before = messages(&mut world).iter().filter(|text| text.contains("has started")).count();
    unhealthy(&mut world, &old);
    world.wait(300);
    let after = messages(&mut world).iter().filter(|text| text.contains("has started")).count();
    assert!(after - before <= 2, "{} starts in five minutes", after - before);
}
