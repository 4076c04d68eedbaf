//! Availability Zone rebalancing: a steady service moves tasks to zones that have too few.

use crate::world::World;
use serde_json::{Value, json};

/// A cluster with a machine in each of these subnets.
fn cluster(subnets: &[&str]) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    world.ok(
        "RegisterTaskDefinition",
        json!({"family": "web", "containerDefinitions": [{"name": "c", "image": "shop/web:1", "memory": 200}]}),
    );
    for subnet in subnets {
        machine(&mut world, subnet);
    }
    world.wait(120);
    world
}

fn machine(world: &mut World, subnet: &str) {
    let data = "echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config";
    world
        .call(
            "ec2",
            "RunInstances",
            json!({"ImageId": "ami-ecs-optimized", "InstanceType": "m5.large", "MinCount": 1, "MaxCount": 1,
                   "SubnetId": subnet, "UserData": data}),
        )
        .unwrap();
}

fn create(world: &mut World, desired: u64, more: Value) {
    let mut input =
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": desired});
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    world.ok("CreateService", input);
}

fn describe(world: &mut World) -> Value {
    world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}))["services"][0].take()
}

fn events(world: &mut World) -> Vec<String> {
    let service = describe(world);
    let events = service["events"].as_array().unwrap().iter().rev();
    events.map(|event| event["message"].as_str().unwrap().to_string()).collect()
}

/// How many tasks run in each zone.
fn zones(world: &World) -> Vec<u64> {
    let mut zones = std::collections::BTreeMap::new();
    for task in world.sim.state().tasks.values().filter(|task| task.is_running()) {
        *zones.entry(task.availability_zone.clone()).or_insert(0) += 1;
    }
    zones.into_values().collect()
}

#[test]
fn tasks_move_one_by_one_to_a_zone_that_came_later() {
    let mut world = cluster(&["subnet-pri-a"]);
    create(&mut world, 4, json!({}));
    world.wait(180);
    assert_eq!(zones(&world), [4]);
    machine(&mut world, "subnet-pri-b");
    // SVC-28: at the earliest 300 seconds after the steady state.
    world.wait(60);
    assert_eq!(zones(&world), [4]);
    let mut least = 4;
    for _ in 0..900 {
        world.wait(1);
        let service = describe(&mut world);
        least = least.min(service["runningCount"].as_u64().unwrap());
        let total = service["runningCount"].as_u64().unwrap() + service["pendingCount"].as_u64().unwrap();
        assert!(total <= 5, "one at a time");
    }
    // SVC-27: the new task is healthy before an old one stops.
    assert_eq!(least, 4);
    assert_eq!(zones(&world), [2, 2]);
    let said = events(&mut world);
    let has = |part: &str| said.iter().filter(|text| text.contains(part)).count();
    assert_eq!(
        has(
            "(service web) is not AZ balanced with 4 tasks in us-east-1a, 0 tasks in us-east-1b. AZ Rebalancing in progress."
        ),
        1,
        "{said:#?}"
    );
    assert_eq!(has("(service web) has started 1 tasks in us-east-1b to AZ Rebalance: (task "), 2);
    assert_eq!(
        has("(service web) has stopped 1 running tasks in us-east-1a due to AZ rebalancing: (task "),
        2
    );
    assert_eq!(has("(service web) is AZ balanced with 2 tasks in us-east-1a, 2 tasks in us-east-1b."), 1);
    let deployments = describe(&mut world)["deployments"].as_array().unwrap().len();
    assert_eq!(deployments, 1, "moving tasks is no deployment");
    let count = said.len();
    world.wait(3600);
    assert_eq!(events(&mut world).len(), count, "then nothing moves");
}

#[test]
fn nothing_moves_where_rebalancing_does_not_go() {
    // SVC-27, SVC-26: off, packed, or bound to zones by a constraint.
    let packed = json!({"placementStrategy": [{"type": "binpack", "field": "memory"}]});
    let bound = json!({"placementConstraints": [
        {"type": "memberOf", "expression": "attribute:ecs.availability-zone in [us-east-1a, us-east-1b]"}]});
    for more in [json!({"availabilityZoneRebalancing": "DISABLED"}), packed, bound] {
        let mut world = cluster(&["subnet-pri-a"]);
        create(&mut world, 4, more);
        world.wait(180);
        machine(&mut world, "subnet-pri-b");
        world.wait(1200);
        assert_eq!(zones(&world), [4]);
    }
}

#[test]
fn a_move_that_finds_no_room_waits_and_a_deployment_ends_it() {
    let mut world = cluster(&["subnet-pri-a", "subnet-pri-a"]);
    world.ok(
        "RegisterTaskDefinition",
        json!({"family": "web", "containerDefinitions": [{"name": "c", "image": "shop/web:1", "memory": 3000}]}),
    );
    create(&mut world, 3, json!({}));
    world.wait(180);
    machine(&mut world, "subnet-pri-b");
    world.wait(110);
    // Another task takes the room of the new machine.
    world.ok(
        "RegisterTaskDefinition",
        json!({"family": "big", "containerDefinitions": [{"name": "c", "image": "shop/web:1", "memory": 7000}]}),
    );
    world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "big"}));
    world.wait(1200);
    let running = describe(&mut world)["runningCount"].clone();
    assert_eq!(running, 3);
    assert!(!events(&mut world).iter().any(|text| text.contains("AZ balanced")), "nothing began");
    // A request in the middle of a move ends the move: no task too many stays.
    let big = world.ok("ListTasks", json!({"cluster": "shop", "family": "big"}))["taskArns"][0].clone();
    world.ok("StopTask", json!({"cluster": "shop", "task": big}));
    while describe(&mut world)["pendingCount"] == 0 {
        world.wait(1);
    }
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "forceNewDeployment": true}));
    world.wait(400);
    let service = describe(&mut world);
    assert_eq!((&service["runningCount"], &service["pendingCount"]), (&json!(3), &json!(0)));
    assert_eq!(service["deployments"][0]["rolloutState"], "COMPLETED");
}

/// what of a service changes -> whether it moves tasks between zones (SVC-26, SVC-27)
#[test]
fn rebalancing_goes_where_zones_are_kept_even_first() {
    use drydock::ecs::service::Scheduling;
    use drydock::ecs::service::settings::{PlacementConstraint, PlacementStrategy};
    use drydock::ecs::service_scheduler::rebalance::applies;
    let mut world = cluster(&["subnet-pri-a"]);
    create(&mut world, 1, json!({}));
    let service = world.sim.state().services.values().next().unwrap().clone();
    let strategy = |ty: &str, field: &str| PlacementStrategy {
        ty: Some(ty.to_string()),
        field: Some(field.to_string()),
    };
    let zones = || strategy("spread", "attribute:ecs.availability-zone");
    for (strategies, expected) in [
        (vec![], true),
        (vec![zones()], true),
        (vec![zones(), strategy("binpack", "memory")], true),
        (vec![strategy("binpack", "memory"), zones()], false),
        (vec![strategy("spread", "instanceId")], false),
        (vec![strategy("spread", "attribute:rack")], false),
        (vec![strategy("binpack", "attribute:ecs.availability-zone")], false),
    ] {
        let mut service = service.clone();
        service.placement_strategy = strategies.clone();
        assert_eq!(applies(&service), expected, "{strategies:?}");
    }
    for (expression, expected) in
        [("attribute:rack == 1", true), ("attribute:ecs.availability-zone == us-east-1a", false)]
    {
        let mut service = service.clone();
        let (ty, expression) = (Some("memberOf".to_string()), Some(expression.to_string()));
        service.placement_constraints = vec![PlacementConstraint { ty, expression }];
        assert_eq!(applies(&service), expected);
    }
    let mut off = service.clone();
    off.kept.zone_rebalancing = false;
    assert!(!applies(&off));
    let mut daemon = service;
    daemon.scheduling = Scheduling::Daemon;
    assert!(!applies(&daemon));
}

#[test]
fn a_zone_counts_where_a_machine_takes_tasks() {
    // SVC-27: the machine in the other zone is DRAINING, without its agent, or of another cluster.
    for what in ["draining", "agent", "other"] {
        let mut world = cluster(&["subnet-pri-a"]);
        if what == "other" {
            world.ok("CreateCluster", json!({"clusterName": "other"}));
            let asked = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large", "SubnetId": "subnet-pri-b",
                "UserData": "ECS_CLUSTER=other"});
            world.call("ec2", "RunInstances", asked).unwrap();
        } else {
            machine(&mut world, "subnet-pri-b");
        }
        world.wait(120);
        let there =
            world.sim.state().container_instances.values().find(|it| it.availability_zone == "us-east-1b");
        let there = there.expect("it has registered").clone();
        match what {
            "draining" => {
                let asked = json!({"cluster": "shop", "containerInstances": [there.arn.to_string()], "status": "DRAINING"});
                world.ok("UpdateContainerInstancesState", asked);
            }
            "agent" => {
                let asked = json!({"what": "agent", "instance": there.instance.to_string()});
                world.call("drydock", "Fail", asked).unwrap();
            }
            _ => {}
        }
        world.wait(300);
        create(&mut world, 4, json!({}));
        world.wait(900);
        assert_eq!(zones(&world), [4], "{what}");
        assert!(!world.timeline.records().iter().any(|it| it.text.starts_with("move a task")), "{what}");
    }
}

#[test]
fn a_move_needs_a_task_that_may_go_and_room_above_the_wish() {
    // SVC-28: protected tasks stay, until their protection ends.
    let mut world = cluster(&["subnet-pri-a"]);
    create(&mut world, 4, json!({}));
    world.wait(180);
    let all = world.ok("ListTasks", json!({"cluster": "shop"}))["taskArns"].clone();
    let protect = json!({"cluster": "shop", "tasks": all, "protectionEnabled": true, "expiresInMinutes": 30});
    world.ok("UpdateTaskProtection", protect);
    machine(&mut world, "subnet-pri-b");
    world.wait(1780);
    assert_eq!(zones(&world), [4]);
    world.wait(400);
    assert_eq!(zones(&world), [2, 2]);
    // SVC-29: a ceiling at the wish leaves no room for the successor.
    let mut world = cluster(&["subnet-pri-a"]);
    create(&mut world, 2, json!({"deploymentConfiguration": {"maximumPercent": 149}}));
    world.wait(180);
    machine(&mut world, "subnet-pri-b");
    world.wait(1200);
    assert_eq!(zones(&world), [2]);
}

#[test]
fn of_several_tasks_an_unprotected_one_of_the_fullest_zone_goes() {
    // SVC-28, PLACE-30: all but one are protected; the one goes, and nothing more.
    let mut world = cluster(&["subnet-pri-a"]);
    create(&mut world, 4, json!({}));
    world.wait(180);
    let all: Vec<String> = world.sim.state().tasks.keys().map(ToString::to_string).collect();
    let protect =
        json!({"cluster": "shop", "tasks": all[1..], "protectionEnabled": true, "expiresInMinutes": 600});
    world.ok("UpdateTaskProtection", protect);
    machine(&mut world, "subnet-pri-b");
    world.wait(1500);
    assert_eq!(zones(&world), [3, 1]);
    let stopped: Vec<String> = {
        let tasks = world.sim.state().tasks.values().filter(|task| task.told_to_stop);
        tasks.map(|task| task.arn.to_string()).collect()
    };
    assert_eq!(stopped, all[..1]);
    // PLACE-28: without a strategy the balance chooses.
    let told = world.timeline.records().iter().flat_map(|it| &it.verdicts);
    let told: Vec<&str> = told.filter(|it| it.reason.starts_with("stops")).map(|it| it.rule.id).collect();
    assert_eq!(told, ["PLACE-28"]);
}

#[test]
fn a_successor_is_healthy_before_the_task_in_the_fuller_zone_stops() {
    // SVC-27, DEPLOY-10: 40 seconds after RUNNING at the earliest.
    let mut world = cluster(&["subnet-pri-a"]);
    create(&mut world, 4, json!({}));
    world.wait(180);
    machine(&mut world, "subnet-pri-b");
    world.wait(900);
    let state = world.sim.state();
    let mut moved: Vec<_> =
        state.tasks.values().filter(|task| task.availability_zone == "us-east-1b").collect();
    moved.sort_by_key(|task| task.started_at);
    let mut gone: Vec<_> = state.tasks.values().filter_map(|task| task.stopping_at).collect();
    gone.sort();
    assert_eq!((moved.len(), gone.len()), (2, 2));
    for (successor, gone) in moved.iter().zip(gone) {
        let healthy = successor.started_at.unwrap() + drydock::SimDuration::secs(40);
        assert!(gone >= healthy && gone <= healthy + drydock::SimDuration::secs(10), "{gone}, {healthy}");
    }
}

#[test]
fn tasks_with_network_cards_move_into_a_subnet_of_the_other_zone() {
    // SVC-26.
    let mut world = cluster(&["subnet-pri-a", "subnet-pri-a"]);
    let container = json!({"name": "c", "image": "shop/web:1", "memory": 200});
    let carded = json!({"family": "web", "networkMode": "awsvpc", "containerDefinitions": [container]});
    world.ok("RegisterTaskDefinition", carded);
    let network = json!({"awsvpcConfiguration": {"subnets": ["subnet-pri-a", "subnet-pri-b"]}});
    create(&mut world, 3, json!({"networkConfiguration": network}));
    world.wait(180);
    assert_eq!(zones(&world), [3]);
    machine(&mut world, "subnet-pri-b");
    world.wait(900);
    assert_eq!(zones(&world), [2, 1]);
}

#[test]
fn a_loss_between_two_looks_is_made_good_within_seconds() {
    // SVC-28, LIFE-18: the next look at the zones is minutes away; a lost task is replaced at the next pass.
    let mut world = cluster(&["subnet-pri-a"]);
    create(&mut world, 4, json!({}));
    machine(&mut world, "subnet-pri-b");
    world.wait(240);
    assert_eq!(zones(&world), [4], "too early");
    let task = world.sim.state().tasks.keys().next().unwrap().to_string();
    world.ok("StopTask", json!({"cluster": "shop", "task": task}));
    world.wait(11);
    let service = describe(&mut world);
    let alive = service["runningCount"].as_u64().unwrap() + service["pendingCount"].as_u64().unwrap();
    assert_eq!(alive, 4);
}

#[test]
fn a_loss_during_a_move_leaves_nothing_to_stop() {
    // SVC-27: when the successor is healthy, there are no more tasks than wished for.
    let mut world = cluster(&["subnet-pri-a"]);
    create(&mut world, 4, json!({}));
    world.wait(180);
    machine(&mut world, "subnet-pri-b");
    let moving =
        |world: &World| world.sim.state().tasks.values().any(|task| task.availability_zone == "us-east-1b");
    while !moving(&world) {
        world.wait(1);
    }
    let task = world.sim.state().tasks.values().find(|task| task.availability_zone == "us-east-1a").unwrap();
    let task = task.arn.to_string();
    world.ok("StopTask", json!({"cluster": "shop", "task": task}));
    // Then the next one is moved; only the task that somebody stopped has gone so far.
    world.wait(60);
    assert_eq!(world.sim.state().tasks.values().filter(|task| task.told_to_stop).count(), 1);
}

/// SVC-27, PLACE-29, DEPLOY-07: a task is lost while another moves. What takes its place is not healthy yet when
/// the moved one is; so that one goes, and no healthy task in the fuller zone.
#[test]
fn a_loss_during_a_move_costs_no_healthy_task() {
    let mut world = cluster(&["subnet-pri-a"]);
    create(&mut world, 4, json!({}));
    world.wait(180);
    machine(&mut world, "subnet-pri-b");
    let running = |world: &World| zones(world).into_iter().sum::<u64>();
    while running(&world) < 5 {
        world.wait(1);
    }
    let lost = world.sim.state().tasks.values().find(|task| task.availability_zone == "us-east-1a").unwrap();
    let lost = lost.arn.to_string();
    world.call("drydock", "Kill", json!({"task": lost})).unwrap();
    for _ in 0..900 {
        world.wait(1);
        assert!(running(&world) >= 4, "{} run", running(&world));
    }
    assert_eq!(zones(&world), [2, 2]);
}
