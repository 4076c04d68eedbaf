//! What is said when a task finds no place: which instance came closest, by which test, and what would help.

use super::fleet;
use crate::world::World;
use serde_json::{Value, json};

/// Asks for one task, and says the decision and its verdicts, each machine by its place in the fleet.
fn told(world: &mut World, ids: &[String], request: Value) -> (String, Vec<String>) {
    world.ok("RunTask", request);
    let record = world.timeline.records().iter().rfind(|record| !record.verdicts.is_empty());
    let record = record.expect("a decision").clone();
    let place = |name: &str| {
        let mut machines = world.sim.state().container_instances.values();
        let found = machines.find(|each| each.arn.short() == name).expect("a machine");
        ids.iter().position(|id| id == found.instance.as_str()).expect("of the fleet")
    };
    let verdicts = record.verdicts.iter().map(|verdict| {
        let place = place(verdict.candidate.short());
        format!("{place} {} [{}]", verdict.reason, verdict.rule.id)
    });
    let text =
        ids.iter().enumerate().fold(record.text.clone(), |text, (at, id)| text.replace(id, &at.to_string()));
    (text, verdicts.collect())
}

/// A definition of this name in bridge mode, or with a network card, and one container.
fn define(world: &mut World, family: &str, mode: &str, container: Value) {
    let mut all = json!({ "name": "c", "image": "shop/web:1" });
    all.as_object_mut().unwrap().extend(container.as_object().unwrap().clone());
    let asked = json!({ "family": family, "networkMode": mode, "containerDefinitions": [all] });
    world.ok("RegisterTaskDefinition", asked);
}

/// The container instance of a machine of the fleet.
fn arn(world: &World, ids: &[String], place: usize) -> String {
    super::instance(world, &ids[place]).arn.to_string()
}

/// Starts a task of this definition on one machine.
fn occupy(world: &mut World, ids: &[String], place: usize, family: &str, group: &str) {
    let mut asked = json!({ "cluster": "shop", "taskDefinition": family, "group": group,
        "containerInstances": [arn(world, ids, place)] });
    if family == "thin" {
        asked["networkConfiguration"] = json!({ "awsvpcConfiguration": { "subnets": ["subnet-pri-a"] } });
    }
    assert_eq!(world.ok("StartTask", asked)["failures"], json!([]));
}

/// PLACE-02, PLACE-03: every machine fails another test; the one that came furthest is the closest, and the
/// others follow it in the order of the tests, the last first.
#[test]
fn who_passed_most_tests_is_closest() {
    let (mut world, ids) = fleet(&[
        ("a", "m5.large"),  // 0: DRAINING
        ("a", "m5.large"),  // 1: without its agent
        ("a", "m6g.large"), // 2: of another processor
        ("b", "m5.large"),  // 3: elsewhere
        ("a", "m5.large"),  // 4: not of the stack
        ("a", "m5.large"),  // 5: with a task of the group
        ("a", "m5.large"),  // 6: without CPU
        ("a", "m5.large"),  // 7: without memory
        ("a", "m5.large"),  // 8: without a free network card
    ]);
    let container = json!({ "name": "c", "image": "shop/web:1", "cpu": 1024, "memory": 1000 });
    let carded = json!({ "family": "carded", "networkMode": "awsvpc", "containerDefinitions": [container],
        "runtimePlatform": { "cpuArchitecture": "X86_64" } });
    world.ok("RegisterTaskDefinition", carded);
    define(&mut world, "cpu", "bridge", json!({ "cpu": 1025, "memory": 200 }));
    define(&mut world, "memory", "bridge", json!({ "cpu": 10, "memory": 7000 }));
    define(&mut world, "small", "bridge", json!({ "cpu": 10, "memory": 200 }));
    for place in (0..9).filter(|place| *place != 4) {
        let target = arn(&world, &ids, place);
        let stack = json!({ "name": "stack", "value": "prod", "targetId": target });
        world.ok("PutAttributes", json!({ "cluster": "shop", "attributes": [stack] }));
    }
    occupy(&mut world, &ids, 5, "small", "shop");
    occupy(&mut world, &ids, 6, "cpu", "other");
    occupy(&mut world, &ids, 7, "memory", "other");
    define(&mut world, "thin", "awsvpc", json!({ "cpu": 10, "memory": 200 }));
    let network = json!({ "awsvpcConfiguration": { "subnets": ["subnet-pri-a"] } });
    for _ in 0..2 {
        occupy(&mut world, &ids, 8, "thin", "other");
    }
    let draining =
        json!({ "cluster": "shop", "containerInstances": [arn(&world, &ids, 0)], "status": "DRAINING" });
    world.ok("UpdateContainerInstancesState", draining);
    world.call("drydock", "Fail", json!({ "what": "agent", "instance": ids[1] })).expect("it is cut off");
    world.wait(300);
    let asked = json!({
        "cluster": "shop", "taskDefinition": "carded", "group": "shop", "networkConfiguration": network,
        "placementConstraints": [
            { "type": "distinctInstance" }, { "type": "memberOf", "expression": "attribute:stack == prod" },
        ],
    });
    let (text, verdicts) = told(&mut world, &ids, asked);
    assert_eq!(
        verdicts,
        [
            "8 network cards: all 2 that tasks may have are taken [CINST-20]",
            "7 memory: needs 1000 MiB, 990 MiB are left [PLACE-02]",
            "6 CPU: needs 1024 units, 1023 units are left [PLACE-02]",
            "5 distinctInstance: it has 1 tasks of shop already [PLACE-17]",
            "4 memberOf: attribute:stack == prod is not true: attribute:stack is absent [PLACE-24]",
            "3 location: none of the given subnets is in its Availability Zone [PLACE-02]",
            "2 attribute: ecs.cpu-architecture is arm64, the task needs x86_64 [TASKDEF-57]",
            "1 agent: it is not connected [PLACE-02]",
            "0 status: it is DRAINING and takes no new tasks [PLACE-02]",
        ]
    );
    assert!(text.ends_with("next, see that a task with a network card ends on it"), "{text}");
}

/// PLACE-03: what would help is said by what the closest machine lacks: a little room, or another machine.
#[test]
fn what_would_help_depends_on_what_the_machine_could_ever_give() {
    let rows: &[(Value, Value, &str)] = &[
        (
            json!({ "cpu": 48, "memory": 10 }),
            json!({ "cpu": 2001, "memory": 10 }),
            "1 more CPU units become free on it",
        ),
        (
            json!({ "cpu": 48, "memory": 10 }),
            json!({ "cpu": 2048, "memory": 10 }),
            "48 more CPU units become free on it",
        ),
        (
            json!({ "cpu": 48, "memory": 10 }),
            json!({ "cpu": 2049, "memory": 10 }),
            "the task needs at most 2048 units, or a larger instance joins",
        ),
        (json!({ "memory": 990 }), json!({ "memory": 7001 }), "1 MiB more become free on it"),
        (json!({ "memory": 990 }), json!({ "memory": 7990 }), "990 MiB more become free on it"),
        (
            json!({ "memory": 990 }),
            json!({ "memory": 7991 }),
            "the task needs at most 7990 MiB, or a larger instance joins",
        ),
        // What is left exactly is enough.
        (json!({ "cpu": 48, "memory": 990 }), json!({ "cpu": 2000, "memory": 7000 }), ""),
    ];
    for (there, asked, expected) in rows {
        let (mut world, ids) = fleet(&[("a", "m5.large")]);
        define(&mut world, "there", "bridge", there.clone());
        define(&mut world, "asked", "bridge", asked.clone());
        occupy(&mut world, &ids, 0, "there", "other");
        let (text, _) = told(&mut world, &ids, json!({ "cluster": "shop", "taskDefinition": "asked" }));
        let help = text.split_once("next, see that ").map_or("", |(_, help)| help);
        assert_eq!(help, *expected, "{asked}");
    }
}

/// TASKDEF-59: of four GPUs one is taken; two more than there are can never come free.
#[test]
fn gpus_become_free_only_as_far_as_they_are_taken() {
    for (asked, expected) in [
        ("3", ""),
        ("4", "1 more GPUs become free on it"),
        ("5", "an instance joins that registers at least 5 GPUs"),
    ] {
        let mut world = World::new();
        world.ok("CreateCluster", json!({ "clusterName": "shop" }));
        let machine = json!({ "ImageId": "ami-ecs-gpu", "InstanceType": "g4dn.12xlarge", "UserData": "ECS_CLUSTER=shop" });
        world.call("ec2", "RunInstances", machine).expect("it launches");
        world.wait(90);
        for (family, count) in [("there", "1"), ("asked", asked)] {
            let gpus = json!([{ "type": "GPU", "value": count }]);
            define(&mut world, family, "bridge", json!({ "memory": 100, "resourceRequirements": gpus }));
        }
        world.ok("RunTask", json!({ "cluster": "shop", "taskDefinition": "there" }));
        world.ok("RunTask", json!({ "cluster": "shop", "taskDefinition": "asked" }));
        let record = world.timeline.records().iter().rfind(|record| !record.verdicts.is_empty()).unwrap();
        let help = record.text.split_once("next, see that ").map_or("", |(_, help)| help);
        assert_eq!(help, expected, "{asked} of 4, one taken");
    }
}

/// PLACE-03: of two machines that both have tasks of the group already, the one with fewer is closer.
#[test]
fn fewer_tasks_of_the_group_are_closer_to_none() {
    let (mut world, ids) = fleet(&[("a", "m5.large"), ("a", "m5.large")]);
    for place in [0, 0, 1] {
        occupy(&mut world, &ids, place, "web", "shop");
    }
    let distinct = json!([{ "type": "distinctInstance" }]);
    let asked = json!({ "cluster": "shop", "taskDefinition": "web", "group": "shop", "placementConstraints": distinct });
    let (text, verdicts) = told(&mut world, &ids, asked);
    assert_eq!(
        verdicts,
        [
            "1 distinctInstance: it has 1 tasks of shop already [PLACE-17]",
            "0 distinctInstance: it has 2 tasks of shop already [PLACE-17]",
        ]
    );
    assert!(text.ends_with("next, see that the cluster gets an instance without a task of shop"), "{text}");
}

/// PLACE-09: chance leaves one, and the decision says so.
#[test]
fn chance_leaves_one_instance() {
    let (mut world, ids) = fleet(&[("a", "m5.large"), ("a", "m5.large"), ("a", "m5.large")]);
    let random = json!([{ "type": "random" }]);
    for _ in 0..6 {
        let asked = json!({ "cluster": "shop", "taskDefinition": "web", "placementStrategy": random });
        let (text, verdicts) = told(&mut world, &ids, asked);
        assert!(text.ends_with("3 of 3 instances fit, random leaves 1"), "{text}");
        let drawn: Vec<bool> = verdicts.iter().map(|verdict| verdict.contains("fits; drawn;")).collect();
        assert_eq!(drawn, [true, false, false], "{verdicts:?}");
    }
}

/// PLACE-18: what an expression asks about is told once, however often it asks.
#[test]
fn each_fact_is_told_once() {
    let (mut world, ids) = fleet(&[("a", "m5.large")]);
    let either =
        json!([{ "type": "memberOf", "expression": "attribute:stack == prod or attribute:stack == test" }]);
    let asked = json!({ "cluster": "shop", "taskDefinition": "web", "placementConstraints": either });
    let (_, verdicts) = told(&mut world, &ids, asked);
    assert_eq!(
        verdicts,
        [
            "0 memberOf: attribute:stack == prod or attribute:stack == test is not true: attribute:stack is absent [PLACE-24]"
        ]
    );
}

/// PLACE-07, PLACE-11: a spread is told with the value that the machines share.
#[test]
fn a_spread_over_an_attribute_names_its_value() {
    let (mut world, ids) = fleet(&[("a", "m5.large"), ("a", "t3.small")]);
    let mut said = Vec::new();
    for field in ["attribute:ecs.instance-type", "attribute:ecs.availability-zone", "attribute:rack"] {
        let spread = json!([{ "type": "spread", "field": field }]);
        let asked = json!({ "cluster": "shop", "taskDefinition": "web", "placementStrategy": spread });
        let (_, verdicts) = told(&mut world, &ids, asked);
        said.push(verdicts[0].split("; ").nth(1).expect("a part").to_string());
    }
    assert_eq!(
        said,
        [
            "0 tasks of family:web where ecs.instance-type is m5.large",
            "1 tasks of family:web in us-east-1a",
            "2 tasks of family:web where rack is absent",
        ]
    );
}

/// PLACE-03: of many machines twelve are told of, the closest first, wherever they stand.
#[test]
fn of_many_machines_the_twelve_closest_are_told() {
    let mut machines = vec![("a", "t3.small"); 12];
    machines.extend([("a", "t3.medium"), ("a", "m5.large")]);
    let (mut world, ids) = fleet(&machines);
    let overrides = json!({ "containerOverrides": [{ "name": "web", "memory": 9000 }] });
    let asked = json!({ "cluster": "shop", "taskDefinition": "web", "overrides": overrides });
    let (_, verdicts) = told(&mut world, &ids, asked);
    let places: Vec<&str> = verdicts.iter().filter_map(|verdict| verdict.split(' ').next()).collect();
    assert_eq!(places, ["13", "12", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
}

/// PLACE-03: of many machines alike twelve are told of, the chosen one among them.
#[test]
fn of_many_machines_alike_twelve_are_told() {
    let (mut world, ids) = fleet(&[("a", "t3.small"); 14]);
    let asked = json!({ "cluster": "shop", "taskDefinition": "web" });
    let (_, verdicts) = told(&mut world, &ids, asked);
    assert_eq!(verdicts.len(), 12);
    assert_eq!(verdicts.iter().filter(|verdict| verdict.contains("; drawn;")).count(), 1);
}
