//! Tasks that wait in PROVISIONING for an instance of their capacity provider (CAP-27 to CAP-29).

use crate::capacity::{resize, world};
use crate::world::World;
use serde_json::{Value, json};

/// The world of the providers, with definitions of a third of a machine (`small`), a whole one (`large`) and
/// more than any (`huge`).
fn shop() -> World {
    let mut world = world();
    for (family, mib) in [("small", 2600), ("large", 7900), ("huge", 9000)] {
        let container = json!({"name": "c", "image": "shop/web:1", "memory": mib});
        world.ok("RegisterTaskDefinition", json!({"family": family, "containerDefinitions": [container]}));
    }
    let container = json!({"name": "c", "image": "shop/web:1", "memory": 2600});
    let carded = json!({"family": "carded", "networkMode": "awsvpc", "containerDefinitions": [container]});
    world.ok("RegisterTaskDefinition", carded);
    world
}

/// The group of `machines` may have so many instances, and keeps one of them, so that managed scaling neither
/// finds one for those who wait nor takes one away.
fn at_most(world: &mut World, most: u64) {
    let asked = json!({"AutoScalingGroupName": "machines", "MinSize": most.min(1), "MaxSize": most});
    world.call("autoscaling", "UpdateAutoScalingGroup", asked).expect("it is bounded");
}

fn through(provider: &str, family: &str, count: u64) -> Value {
    json!({
        "cluster": "shop", "taskDefinition": family, "count": count,
        "capacityProviderStrategy": [{"capacityProvider": provider, "weight": 1}],
    })
}

fn described(world: &mut World, tasks: &[String]) -> Vec<Value> {
    let shown = world.ok("DescribeTasks", json!({"cluster": "shop", "tasks": tasks}));
    shown["tasks"].as_array().expect("tasks").clone()
}

fn run(world: &mut World, family: &str, count: u64) -> Vec<String> {
    let answer = world.ok("RunTask", through("machines", family, count));
    assert_eq!(answer["failures"], json!([]));
    let tasks = answer["tasks"].as_array().expect("tasks").iter();
    tasks.map(|task| task["taskArn"].as_str().expect("an ARN").to_string()).collect()
}

/// CAP-27, CAP-29: they wait without an instance, count as pending, and are placed in the order of their
/// creation when an instance registers.
#[test]
fn tasks_wait_for_an_instance_and_the_oldest_comes_first() {
    let mut world = shop();
    let mut tasks = run(&mut world, "small", 2);
    world.wait(5);
    tasks.extend(run(&mut world, "small", 2));
    for task in described(&mut world, &tasks) {
        assert_eq!(
            (&task["lastStatus"], &task["desiredStatus"]),
            (&json!("PROVISIONING"), &json!("RUNNING"))
        );
        assert_eq!(task["capacityProviderName"], "machines");
        assert!(task.get("containerInstanceArn").is_none() && task.get("availabilityZone").is_none());
    }
    let cluster = world.ok("DescribeClusters", json!({"clusters": ["shop"]}))["clusters"][0].take();
    assert_eq!(cluster["pendingTasksCount"], 4);
    resize(&mut world, "machines", 1);
    world.wait(200);
    let shown = described(&mut world, &tasks);
    let statuses: Vec<&str> = shown.iter().map(|task| task["lastStatus"].as_str().expect("a word")).collect();
    assert_eq!(statuses, ["RUNNING", "RUNNING", "RUNNING", "PROVISIONING"], "three fit on one machine");
    assert!(shown[0]["createdAt"].as_str() < shown[0]["startedAt"].as_str());
    // Room appears: the last one comes within ten seconds.
    world.ok("StopTask", json!({"cluster": "shop", "task": tasks[0]}));
    world.wait(60);
    assert_eq!(described(&mut world, &tasks)[3]["lastStatus"], "RUNNING");
    let instances = world.ok("ListContainerInstances", json!({"cluster": "shop"}));
    let asked = json!({"cluster": "shop", "containerInstances": instances["containerInstanceArns"]});
    let shown = world.ok("DescribeContainerInstances", asked);
    assert_eq!(shown["containerInstances"][0]["capacityProviderName"], "machines");
}

/// An awsvpc task gets its network card where it is placed.
#[test]
fn a_task_with_a_network_card_waits_too() {
    let mut world = shop();
    let mut asked = through("machines", "carded", 1);
    asked["networkConfiguration"] =
        json!({"awsvpcConfiguration": {"subnets": ["subnet-pri-a", "subnet-pri-b"]}});
    let task = world.ok("RunTask", asked)["tasks"][0]["taskArn"].as_str().expect("an ARN").to_string();
    resize(&mut world, "machines", 1);
    world.wait(250);
    let shown = described(&mut world, std::slice::from_ref(&task)).remove(0);
    assert_eq!(shown["lastStatus"], "RUNNING");
    assert_eq!(shown["attachments"][0]["status"], "ATTACHED");
    world.ok("StopTask", json!({"cluster": "shop", "task": task}));
    world.wait(60);
    assert_eq!(described(&mut world, &[task]).remove(0)["lastStatus"], "STOPPED");
}

/// PLACE-34: after 900 seconds they stop, with AWS's word for what was missing.
#[test]
fn who_waits_too_long_stops_with_the_reason() {
    let mut world = shop();
    at_most(&mut world, 0);
    let empty = run(&mut world, "small", 1);
    world.wait(899);
    assert_eq!(described(&mut world, &empty)[0]["lastStatus"], "PROVISIONING");
    world.wait(2);
    let shown = described(&mut world, &empty).remove(0);
    assert_eq!(shown["lastStatus"], "STOPPED");
    assert_eq!(shown["stopCode"], "TaskFailedToStart");
    assert_eq!(shown["stoppedReason"], "EMPTY CAPACITY PROVIDER");
    assert!(shown.get("startedAt").is_none());
    at_most(&mut world, 1);
    resize(&mut world, "machines", 1);
    world.wait(150);
    let huge = run(&mut world, "huge", 1);
    let cancelled = run(&mut world, "huge", 1);
    world.ok("StopTask", json!({"cluster": "shop", "task": cancelled[0]}));
    world.wait(1);
    assert_eq!(described(&mut world, &cancelled)[0]["stopCode"], "UserInitiated");
    world.wait(900);
    let shown = described(&mut world, &huge).remove(0);
    assert_eq!(
        (&shown["stopCode"], &shown["stoppedReason"]),
        (&json!("TaskFailedToStart"), &json!("RESOURCE:MEMORY"))
    );
    let instance = world.sim.state().container_instances.keys().next().expect("an instance").to_string();
    let drain = json!({"cluster": "shop", "containerInstances": [instance], "status": "DRAINING"});
    world.ok("UpdateContainerInstancesState", drain);
    let drained = run(&mut world, "small", 1);
    world.wait(901);
    assert_eq!(described(&mut world, &drained)[0]["stoppedReason"], "NO ACTIVE INSTANCES");
}

/// CAP-28, PLACE-32: launch type EC2 and a provider without managed scaling fail at once.
#[test]
fn without_managed_scaling_nothing_waits() {
    let mut world = shop();
    let ec2 = json!({"cluster": "shop", "taskDefinition": "small", "launchType": "EC2"});
    assert_eq!(
        world.refused("RunTask", ec2.clone()),
        "InvalidParameterException: No Container Instances were found in your cluster."
    );
    let own = through("own", "small", 1);
    assert_eq!(
        world.refused("RunTask", own.clone()),
        "InvalidParameterException: No Container Instances were found in your capacity provider."
    );
    resize(&mut world, "own", 1);
    world.wait(150);
    let answer = world.ok("RunTask", through("own", "huge", 1));
    assert_eq!((&answer["tasks"], &answer["failures"][0]["reason"]), (&json!([]), &json!("RESOURCE:MEMORY")));
    assert_eq!(world.ok("RunTask", own)["failures"], json!([]));
    // The machine of one provider is none of another's, but open to launch type EC2.
    let other = run(&mut world, "small", 1);
    assert_eq!(described(&mut world, &other)[0]["lastStatus"], "PROVISIONING");
    assert_eq!(world.ok("RunTask", ec2)["failures"], json!([]));
}

fn service(world: &mut World, name: &str, provider: &str, family: &str, desired: u64) {
    let mut asked = through(provider, family, 1);
    asked.as_object_mut().expect("members").remove("count");
    asked["serviceName"] = json!(name);
    asked["desiredCount"] = json!(desired);
    world.ok("CreateService", asked);
}

fn shown(world: &mut World, name: &str) -> Value {
    world.ok("DescribeServices", json!({"cluster": "shop", "services": [name]}))["services"][0].take()
}

/// CAP-27: a service counts what waits as pending and does not start it again.
#[test]
fn a_service_waits_with_its_tasks() {
    let mut world = shop();
    at_most(&mut world, 0);
    service(&mut world, "web", "machines", "small", 4);
    world.wait(300);
    let service = shown(&mut world, "web");
    assert_eq!((&service["pendingCount"], &service["runningCount"]), (&json!(4), &json!(0)));
    let starts = |service: &Value| {
        let events = service["events"].as_array().expect("events").iter();
        events
            .filter(|event| event["message"].as_str().is_some_and(|text| text.contains("has started")))
            .count()
    };
    assert_eq!(starts(&service), 1);
    at_most(&mut world, 2);
    resize(&mut world, "machines", 2);
    world.wait(300);
    let service = shown(&mut world, "web");
    assert_eq!((&service["pendingCount"], &service["runningCount"]), (&json!(0), &json!(4)));
    assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
    assert_eq!(starts(&service), 1);
}

/// CAP-29: what finds no place keeps nobody behind it waiting, and is tried again only when the instances change.
#[test]
fn who_waits_is_looked_at_in_turn_and_only_when_there_is_news() {
    let mut world = shop();
    at_most(&mut world, 1);
    let huge = run(&mut world, "huge", 1);
    let small = run(&mut world, "small", 3);
    resize(&mut world, "machines", 1);
    world.wait(250);
    assert_eq!(described(&mut world, &huge)[0]["lastStatus"], "PROVISIONING");
    let shown = described(&mut world, &small);
    assert!(shown.iter().all(|task| task["lastStatus"] == "RUNNING"), "{shown:?}");
    let tried = |world: &World| {
        let records = world.timeline.records().iter();
        records.filter(|it| it.text.starts_with("no place for a task of family:huge")).count()
    };
    let before = tried(&world);
    world.wait(120);
    assert_eq!(tried(&world), before, "nothing changed");
    // A task goes, and at the next look the next one comes: within ten seconds.
    let next = run(&mut world, "small", 1);
    world.wait(15);
    world.ok("StopTask", json!({"cluster": "shop", "task": small[0]}));
    world.wait(10);
    let shown = described(&mut world, &next).remove(0);
    assert!(shown.get("containerInstanceArn").is_some(), "{shown}");
}

/// SVC-16: a provider without managed scaling and without instances is told as AWS does.
#[test]
fn an_empty_provider_is_told_in_an_event() {
    let mut world = shop();
    service(&mut world, "web", "own", "small", 1);
    world.wait(30);
    assert_eq!(
        shown(&mut world, "web")["events"][0]["message"],
        "(service web) was unable to reach steady state. Reason: No Container Instances were found in your capacity provider."
    );
    resize(&mut world, "own", 1);
    world.wait(300);
    assert_eq!(shown(&mut world, "web")["runningCount"], 1);
}

/// CAP-27: at most 500 of a cluster wait; then RunTask is refused, and a service says so.
#[test]
fn five_hundred_may_wait_in_a_cluster() {
    let mut world = shop();
    for _ in 0..50 {
        run(&mut world, "small", 10);
    }
    let refusal = world.refused("RunTask", through("machines", "small", 1));
    assert_eq!(refusal, "ClientException: Tasks provisioning capacity limit exceeded.");
    service(&mut world, "web", "machines", "small", 1);
    world.wait(30);
    let text = "(service web) was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded.";
    assert_eq!(shown(&mut world, "web")["events"][0]["message"], text);
    let records = world.timeline.records();
    assert!(records.iter().any(|it| it.text == text && it.rule.is_some_and(|it| it.id == "CAP-27")));
    // Nothing runs, so the first stop makes room in the queue.
    let waiting = world.sim.state().tasks.keys().next().expect("a task").to_string();
    world.ok("StopTask", json!({"cluster": "shop", "task": waiting}));
    world.wait(30);
    assert_eq!(shown(&mut world, "web")["pendingCount"], 1);
}

mod any_history {
    use super::{run, shop};
    use crate::capacity::resize;
    use drydock::State;
    use drydock::ecs::task::TaskStatus;
    use proptest::prelude::*;
    use serde_json::json;

    #[derive(Debug, Clone)]
    enum Move {
        Run(&'static str, u64),
        Stop(usize),
        Resize(u64),
        Wait(u64),
    }

    fn moves() -> impl Strategy<Value = Vec<Move>> {
        let family = prop_oneof![Just("small"), Just("large"), Just("huge")];
        let one = prop_oneof![
            3 => (family, 1..4_u64).prop_map(|(family, count)| Move::Run(family, count)),
            2 => (0..30_usize).prop_map(Move::Stop),
            1 => (0..4_u64).prop_map(Move::Resize),
            3 => (1..400_u64).prop_map(Move::Wait),
        ];
        proptest::collection::vec(one, 1..20)
    }

    /// The queue holds exactly the tasks that wait, in the order of their creation; they have no instance, and
    /// none waits that would have a place.
    fn queue_is_right(state: &State) {
        let cluster = state.clusters.values().next().expect("a cluster");
        let queue = &cluster.waiting.tasks;
        let waits = state.tasks.values().filter(|task| task.waiting.is_some());
        assert_eq!(waits.count(), queue.len());
        let created: Vec<_> = queue.iter().map(|arn| state.tasks[arn].created_at).collect();
        assert!(created.is_sorted());
        for task in queue.iter().map(|arn| &state.tasks[arn]) {
            assert!(task.waiting.is_some() && task.container_instance.is_none() && !task.told_to_stop);
            assert_eq!(task.last_status, TaskStatus::Provisioning);
        }
        for task in state.tasks.values().filter(|task| task.last_status > TaskStatus::Provisioning) {
            let on = task.container_instance.as_ref();
            assert!(on.is_some() || task.last_status == TaskStatus::Stopped, "{} runs nowhere", task.arn);
        }
        for instance in state.container_instances.values() {
            let here = instance
                .tasks
                .iter()
                .filter_map(|arn| state.tasks.get(arn))
                .filter(|task| !task.told_to_stop);
            assert_eq!(here.map(|task| task.memory.0).sum::<u64>(), instance.memory_taken.0);
            assert!(instance.memory_taken <= instance.memory);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

        /// CAP-27, CAP-29, PLACE-12
        #[test]
        fn who_waits_stands_in_the_queue_and_nobody_is_forgotten(moves in moves()) {
            let mut world = shop();
            for each in &moves {
                match each {
                    Move::Run(family, count) => drop(run(&mut world, family, *count)),
                    Move::Stop(at) => {
                        let tasks: Vec<String> = world.sim.state().tasks.keys().map(ToString::to_string).collect();
                        if let Some(task) = tasks.get(at % tasks.len().max(1)) {
                            world.ok("StopTask", json!({"cluster": "shop", "task": task}));
                        }
                    }
                    Move::Resize(count) => {
                        if world.sim.state().auto_scaling_groups.values().all(|it| it.desired_capacity != *count) {
                            resize(&mut world, "machines", *count);
                        }
                    }
                    Move::Wait(seconds) => world.wait(*seconds),
                }
                queue_is_right(world.sim.state());
            }
            // In the end everybody has been placed or sent away.
            world.wait(1000);
            queue_is_right(world.sim.state());
            prop_assert!(world.sim.state().clusters.values().all(|cluster| cluster.waiting.tasks.is_empty()));
        }
    }
}
