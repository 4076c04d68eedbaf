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
