//! Placement: constraints, strategies, and what is told about them.

mod kept;
mod nearest;

use crate::world::World;
use drydock::ecs::container_instance::ContainerInstance;
use drydock::ecs::placement::query::Expression;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A world with the cluster `shop` and these instances: zone and type, in the order of their names.
fn fleet(machines: &[(&str, &str)]) -> (World, Vec<String>) {
    let mut world = World::new();
    world.ok("CreateCluster", json!({ "clusterName": "shop" }));
    let mut ids = Vec::new();
    for (zone, instance_type) in machines {
        let asked = json!({
            "ImageId": "ami-ecs", "InstanceType": instance_type, "SubnetId": format!("subnet-pri-{zone}"),
            "UserData": "ECS_CLUSTER=shop",
        });
        let launched = world.call("ec2", "RunInstances", asked).expect("it launches");
        ids.push(launched["Instances"][0]["InstanceId"].as_str().expect("an id").to_string());
        // Each has registered before the next is launched.
        world.wait(90);
    }
    let container = json!({ "name": "web", "image": "shop/web:1", "cpu": 256, "memory": 256 });
    let definition = json!({ "family": "web", "networkMode": "bridge", "containerDefinitions": [container] });
    world.ok("RegisterTaskDefinition", definition);
    (world, ids)
}

/// The instance of an id, as the engine holds it.
fn instance(world: &World, id: &str) -> ContainerInstance {
    let mut instances = world.sim.state().container_instances.values();
    instances.find(|instance| instance.instance.as_str() == id).expect("it has registered").clone()
}

/// Runs tasks one by one and says on which machine, by its place in the fleet, each went; `-` for none.
fn run(world: &mut World, ids: &[String], count: usize, more: Value) -> String {
    let mut request = json!({ "cluster": "shop", "taskDefinition": "web" });
    for (name, value) in more.as_object().expect("members") {
        request[name] = value.clone();
    }
    let mut places = Vec::new();
    for _ in 0..count {
        let answer = world.ok("RunTask", request.clone());
        let arn = answer["tasks"][0]["containerInstanceArn"].as_str().map(str::to_string);
        places.push(match arn {
            None => "-".to_string(),
            Some(arn) => {
                let state = world.sim.state();
                let found = &state.container_instances[&arn.as_str().into()];
                let place = ids.iter().position(|id| id == found.instance.as_str());
                place.expect("a machine of the fleet").to_string()
            }
        });
    }
    places.join(" ")
}

/// rule | expression -> whether the first machine (t3.micro in zone a, with a task of web) meets it
const EXPRESSIONS: &str = r#"
PLACE-21 | attribute:ecs.instance-type == t3.micro -> yes
PLACE-21 | attribute:ecs.instance-type==t3.micro -> yes
PLACE-21 | attribute:ecs.instance-type equals t3.small -> no
PLACE-21 | attribute:ecs.instance-type != t3.small -> yes
PLACE-21 | attribute:ecs.instance-type not_equals t3.micro -> no
PLACE-21 | attribute:ecs.instance-type == "t3.micro" -> yes
PLACE-21 | attribute:ecs.instance-type == 'T3.MICRO' -> no
PLACE-21 | attribute:ecs.availability-zone in [us-east-1a, us-east-1b] -> yes
PLACE-21 | attribute:ecs.availability-zone IN ['us-east-1b'] -> no
PLACE-21 | attribute:ecs.availability-zone !in [us-east-1b,us-east-1c] -> yes
PLACE-21 | attribute:ecs.availability-zone not_in [us-east-1a] -> no
PLACE-21 | attribute:ecs.instance-type exists -> yes
PLACE-21 | attribute:ecs.capability.task-eni exists -> yes
PLACE-21 | attribute:ecs.capability.task-eni == '' -> yes
PLACE-21 | attribute:stack exists -> no
PLACE-24 | attribute:stack !exists -> yes
PLACE-24 | attribute:stack not_exists -> yes
PLACE-24 | attribute:stack == prod -> no
PLACE-24 | attribute:stack != prod -> no
PLACE-24 | attribute:stack !in [prod] -> no
PLACE-24 | attribute:stack !~ prod -> no
PLACE-24 | attribute:stack > 1 -> no
PLACE-24 | not(attribute:stack == prod) -> yes
PLACE-22 | attribute:ecs.instance-type =~ t3.* -> yes
PLACE-22 | attribute:ecs.instance-type =~ t3 -> no
PLACE-22 | attribute:ecs.instance-type matches '(t2|t3)\.(micro|small)' -> yes
PLACE-22 | attribute:ecs.instance-type !~ t3.* -> no
PLACE-22 | attribute:ecs.instance-type not_matches m5.* -> yes
PLACE-21 | agentConnected == true -> yes
PLACE-21 | agentConnected != true -> no
PLACE-21 | agentConnected in [false] -> no
PLACE-21 | agentVersion >= 1.105 -> yes
PLACE-21 | agentVersion > 1.99.9 -> yes
PLACE-21 | agentVersion less_than 1.9 -> no
PLACE-21 | agentVersion == 1.105.1 -> yes
PLACE-21 | ec2InstanceId =~ i-.* -> yes
PLACE-21 | ec2InstanceId in [i-1234567890abcdef0] -> no
PLACE-21 | registeredAt > 2026-01-05 -> yes
PLACE-21 | registeredAt < 2026-01-05T09:00:00Z -> no
PLACE-21 | registeredAt greater_than_equal '2018-06-18T22:28:28+00:00' -> yes
PLACE-21 | runningTasksCount == 1 -> yes
PLACE-21 | runningTasksCount less_than_equal 0 -> no
PLACE-21 | task:group == family:web -> yes
PLACE-21 | task:group != family:web -> no
PLACE-21 | task:group == service:web -> no
PLACE-21 | task:group != service:web -> yes
PLACE-21 | task:group in [service:web, family:web] -> yes
PLACE-21 | task:group !in [service:web] -> yes
PLACE-22 | task:group =~ family:.* -> yes
PLACE-22 | task:group !~ .*web -> no
PLACE-21 | attribute:stack exists and agentConnected == true or runningTasksCount > 0 -> yes
PLACE-21 | attribute:stack exists and (agentConnected == true or runningTasksCount > 0) -> no
PLACE-21 | attribute:stack exists && agentConnected == true || !(runningTasksCount > 5) -> yes
PLACE-21 | !(!(task:group == family:web)) -> yes
PLACE-21 | not not agentConnected == true -> yes
PLACE-21 | ( ( agentConnected == true ) ) -> yes
PLACE-21 | registeredAt < 2030-01-01 -> yes
PLACE-21 | attribute:ecs.instance-type in ['it\'s', 't3.micro'] -> yes
PLACE-21 | attribute:ecs.instance-type == 't3\.micro' -> no
"#;

/// PLACE-24: an instance that registered without a version meets no condition on it, as with an attribute.
#[test]
fn a_version_that_is_not_there_compares_with_nothing() {
    let (world, ids) = fleet(&[("a", "t3.micro")]);
    let mut found = instance(&world, &ids[0]);
    found.agent_version = String::new();
    for (text, answer) in [
        ("agentVersion < 1.9.0", false),
        ("agentVersion != 1.9.0", false),
        ("not(agentVersion >= 1.9.0)", true),
    ] {
        assert_eq!(Expression::parse(text).expect("it can be read").holds(&found), answer, "{text}");
    }
}

#[test]
fn expressions_are_true_or_not() {
    let (mut world, ids) = fleet(&[("a", "t3.micro")]);
    run(&mut world, &ids, 1, json!({}));
    let found = instance(&world, &ids[0]);
    for row in EXPRESSIONS.lines().filter(|row| !row.is_empty()) {
        let (row, answer) = row.rsplit_once(" -> ").expect("a row has an answer");
        let (rule, text) = row.split_once(" | ").expect("a row names its rule");
        let expression = Expression::parse(text).unwrap_or_else(|mistake| panic!("{text}: {mistake:?}"));
        assert_eq!(expression.holds(&found), answer == "yes", "{rule}: {text}");
        let asked = json!({ "cluster": "shop", "filter": text });
        let listed = world.ok("ListContainerInstances", asked)["containerInstanceArns"].clone();
        assert_eq!(listed == json!([found.arn.as_str()]), answer == "yes", "PLACE-25: {text}");
    }
}

/// How many parentheses may stand within each other.
const DEEPEST: usize = 59;

/// PLACE-26: expression -> the place of the mistake, in characters from 1
const MISTAKES: &str = r#"
 -> 1
attribute:stack -> 16
attribute:stack == -> 19
attribute:stack = prod -> 17
attribute:stack == prod attribute:x exists -> 25
attribute: == prod -> 1
stack == prod -> 1
attribute:stack in prod -> 20
attribute:stack in [prod -> 25
attribute:stack in [] -> 21
attribute:stack !stack [prod] -> 24
attribute:stack == 'prod -> 20
attribute:stack =~ '(' -> 20
(attribute:stack exists -> 24
attribute:stack exists) -> 23
attribute:stack exists and -> 27
and -> 1
runningTasksCount exists -> 19
runningTasksCount > many -> 21
agentVersion == latest -> 17
agentConnected == maybe -> 19
agentConnected > true -> 16
registeredAt < yesterday -> 16
task:group exists -> 12
task:group & -> 12
"#;

#[test]
fn an_expression_that_cannot_be_read_is_refused_with_its_place() {
    let (mut world, _) = fleet(&[("a", "t3.micro")]);
    for row in MISTAKES.lines().filter(|row| !row.is_empty()) {
        let (text, at) = row.rsplit_once(" -> ").expect("a row has a place");
        let mistake = Expression::parse(text).expect_err(text);
        assert_eq!(mistake.at.to_string(), at, "{text}: {}", mistake.what);
    }
    let text = "attribute:stack === prod";
    let asked = json!({ "cluster": "shop", "taskDefinition": "web",
        "placementConstraints": [{ "type": "memberOf", "expression": text }] });
    let refusal = world.refused("RunTask", asked);
    assert_eq!(refusal, format!("InvalidParameterException: Invalid expression '{text}'."));
    let record = world.timeline.records().last().expect("a refusal");
    assert!(
        record.text.ends_with("At character 19: = stands alone; the operators are ==, !=, =~, !~, &&, ||."),
        "{}",
        record.text
    );
    // Nesting and length have an end; conditions beside each other are not nested.
    let nested = |deep: usize| format!("{}agentConnected == true{}", "(".repeat(deep), ")".repeat(deep));
    assert!(Expression::parse(&nested(DEEPEST)).is_ok());
    assert_eq!(Expression::parse(&nested(DEEPEST + 1)).map_err(|mistake| mistake.at), Err(DEEPEST + 2));
    let beside = vec!["agentVersion > 1"; 80].join(" or ");
    assert!(Expression::parse(&beside).is_ok());
    let long = |signs: usize| format!("attribute:x == {}", "a".repeat(signs - "attribute:x == ".len()));
    assert!(Expression::parse(&long(2000)).is_ok());
    assert_eq!(Expression::parse(&long(2001)).map_err(|mistake| mistake.at), Err(2001));
}

/// Machines, by their place: zone and type.
const MACHINES: &[(&str, &str)] =
    &[("a", "m5.large"), ("a", "t3.medium"), ("b", "t3.medium"), ("c", "t3.small"), ("c", "m5.large")];

/// rule | what the request says | how many tasks, one by one -> the machine that took each
///
/// A task takes 256 CPU units and 256 MiB; t3.small has 1947 MiB, t3.medium 3960, m5.large 7990, and each
/// 2048 units.
const PLACES: &str = r#"
PLACE-08 | {"placementStrategy": [{"type": "binpack", "field": "memory"}]} | 9 -> 3 3 3 3 3 3 3 1 1
PLACE-08 | {"placementStrategy": [{"type": "binpack", "field": "MEMORY"}]} | 1 -> 3
PLACE-07 | {"placementStrategy": [{"type": "spread", "field": "instanceId"}]} | 6 -> 0 1 2 3 4 0
PLACE-07 | {"placementStrategy": [{"type": "spread", "field": "host"}]} | 6 -> 0 1 2 3 4 0
PLACE-10 | {"placementStrategy": [{"type": "binpack", "field": "cpu"}, {"type": "binpack", "field": "memory"}]} | 9 -> 3 3 3 3 3 3 3 1 1
PLACE-10 | {"placementStrategy": [{"type": "spread", "field": "attribute:ecs.availability-zone"}, {"type": "binpack", "field": "memory"}]} | 6 -> 3 1 2 3 1 2
PLACE-10 | {"placementStrategy": [{"type": "spread", "field": "attribute:ecs.instance-type"}, {"type": "spread", "field": "instanceId"}]} | 6 -> 0 1 3 2 4 3
PLACE-10 | {"placementStrategy": [{"type": "spread", "field": "instanceId"}, {"type": "binpack", "field": "memory"}]} | 6 -> 3 1 2 0 4 3
PLACE-11 | {"placementStrategy": [{"type": "spread", "field": "attribute:stack"}]} | 5 -> 0 1 2 3 4
PLACE-17 | {"placementConstraints": [{"type": "distinctInstance"}], "placementStrategy": [{"type": "binpack", "field": "memory"}]} | 6 -> 3 1 2 0 4 -
PLACE-18 | {"placementConstraints": [{"type": "memberOf", "expression": "attribute:ecs.instance-type =~ t3.*"}], "placementStrategy": [{"type": "spread", "field": "instanceId"}]} | 4 -> 1 2 3 1
PLACE-18 | {"placementConstraints": [{"type": "memberOf", "expression": "runningTasksCount < 2"}, {"type": "memberOf", "expression": "attribute:ecs.availability-zone == us-east-1a"}], "placementStrategy": [{"type": "binpack", "field": "memory"}]} | 5 -> 1 1 0 0 -
PLACE-01 | {"placementConstraints": [{"type": "memberOf", "expression": "attribute:ecs.availability-zone == us-east-1c"}], "placementStrategy": [{"type": "spread", "field": "attribute:ecs.availability-zone"}, {"type": "spread", "field": "instanceId"}]} | 3 -> 3 4 3
PLACE-12 | {"group": "other", "placementConstraints": [{"type": "memberOf", "expression": "task:group != other"}], "placementStrategy": [{"type": "binpack", "field": "memory"}]} | 2 -> 3 1
"#;

#[test]
fn tasks_go_where_constraints_and_strategies_send_them() {
    for row in PLACES.lines().filter(|row| !row.is_empty()) {
        let (row, places) = row.rsplit_once(" -> ").expect("a row has an answer");
        let [rule, more, count] = row.split(" | ").collect::<Vec<_>>()[..] else {
            panic!("a row has three cells: {row}");
        };
        let (mut world, ids) = fleet(MACHINES);
        let more = serde_json::from_str(more).expect("a request is JSON");
        assert_eq!(run(&mut world, &ids, count.parse().expect("a count"), more), places, "{rule}: {row}");
    }
}

/// PLACE-09, PLACE-14: chance is seeded, and its draws for a strategy move no draw of the default.
#[test]
fn random_is_the_same_every_time_and_reaches_every_instance() {
    let random = json!({ "placementStrategy": [{ "type": "random" }] });
    let (mut world, ids) = fleet(MACHINES);
    let (mut again, same) = fleet(MACHINES);
    let places = run(&mut world, &ids, 20, random.clone());
    assert_eq!(places, run(&mut again, &same, 20, random));
    assert!((0..5).all(|place| places.contains(&place.to_string())), "{places}");
    let (mut alone, own) = fleet(MACHINES);
    let default = run(&mut alone, &own, 3, json!({}));
    let (mut beside, others) = fleet(MACHINES);
    run(&mut beside, &others, 1, json!({ "group": "other", "placementStrategy": [{ "type": "random" }] }));
    assert_eq!(run(&mut beside, &others, 3, json!({})), default);
}

/// rule | what the request says -> the refusal
const REFUSED: &str = r#"
PLACE-17 | {"placementConstraints": [{"type": "distinctInstance", "expression": ""}]} -> InvalidParameterException: distinctInstance expression should not be specified.
PLACE-18 | {"placementConstraints": [{"type": "memberOf"}]} -> InvalidParameterException: The memberOf placement constraint needs an expression.
API-03 | {"placementConstraints": [{"type": "near"}]} -> InvalidParameterException: Value 'near' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [distinctInstance, memberOf]
PLACE-18 | {"placementConstraints": [{"type": "memberOf", "expression": " "}]} -> InvalidParameterException: The memberOf placement constraint needs an expression.
PLACE-09 | {"placementStrategy": [{"type": "random", "field": "cpu"}]} -> InvalidParameterException: Invalid field 'cpu' for placement strategy 'random'.
PLACE-08 | {"placementStrategy": [{"type": "binpack", "field": "instanceId"}]} -> InvalidParameterException: Invalid field 'instanceId' for placement strategy 'binpack'.
PLACE-07 | {"placementStrategy": [{"type": "spread", "field": "attribute:"}]} -> InvalidParameterException: Invalid field 'attribute:' for placement strategy 'spread'.
PLACE-05 | {"placementStrategy": [{"type": "random"}, {"type": "random"}, {"type": "random"}, {"type": "random"}, {"type": "random"}, {"type": "random"}]} -> InvalidParameterException: Placement strategies can have at most 5 items.
PLACE-05 | {"taskDefinition": "tied", "placementConstraints": [{"type": "distinctInstance"}, {"type": "distinctInstance"}, {"type": "distinctInstance"}, {"type": "distinctInstance"}, {"type": "distinctInstance"}, {"type": "distinctInstance"}, {"type": "distinctInstance"}, {"type": "distinctInstance"}, {"type": "distinctInstance"}, {"type": "distinctInstance"}]} -> InvalidParameterException: Placement constraints can have at most 10 items.
"#;

/// A definition with this constraint.
fn tied(constraint: Value) -> Value {
    json!({
        "family": "tied", "networkMode": "bridge", "placementConstraints": [constraint],
        "containerDefinitions": [{ "name": "web", "image": "shop/web:1", "cpu": 256, "memory": 256 }],
    })
}

#[test]
fn what_cannot_be_asked_for_is_refused() {
    let (mut world, _) = fleet(MACHINES);
    let zone = json!({ "type": "memberOf", "expression": "attribute:ecs.availability-zone == us-east-1b" });
    world.ok("RegisterTaskDefinition", tied(zone));
    for row in REFUSED.lines().filter(|row| !row.is_empty()) {
        let (row, refusal) = row.split_once(" -> ").expect("a row has a refusal");
        let (rule, more) = row.split_once(" | ").expect("a row names its rule");
        let mut request = json!({ "cluster": "shop", "taskDefinition": "web" });
        let more: Value = serde_json::from_str(more).expect("a request is JSON");
        for (name, value) in more.as_object().expect("members") {
            request[name] = value.clone();
        }
        assert_eq!(world.refused("RunTask", request.clone()), refusal, "{rule}: RunTask");
        request["serviceName"] = json!("web");
        request["desiredCount"] = json!(1);
        assert_eq!(world.refused("CreateService", request), refusal, "{rule}: CreateService");
    }
}

/// PLACE-05: five strategies and ten constraints, those of the definition included, are not too many.
#[test]
fn as_many_as_may_be_are_not_too_many() {
    let (mut world, _) = fleet(MACHINES);
    let all = json!({ "type": "memberOf", "expression": "agentConnected == true" });
    world.ok("RegisterTaskDefinition", tied(all.clone()));
    let asked = json!({
        "cluster": "shop", "taskDefinition": "tied", "placementConstraints": vec![all; 9],
        "placementStrategy": vec![json!({ "type": "random" }); 5],
    });
    assert_eq!(world.ok("RunTask", asked)["failures"], json!([]));
}

/// TASKDEF-56: a definition's own constraint binds RunTask, StartTask and services; it is memberOf.
#[test]
fn a_definition_brings_its_own_constraints() {
    let (mut world, ids) = fleet(MACHINES);
    assert_eq!(
        world.refused("RegisterTaskDefinition", tied(json!({ "type": "distinctInstance" }))),
        "ClientException: constraint.type 'distinctInstance' is not supported."
    );
    assert_eq!(
        world.refused("RegisterTaskDefinition", tied(json!({ "type": "memberOf", "expression": "zone b" }))),
        "InvalidParameterException: Invalid expression 'zone b'."
    );
    let zone = json!({ "type": "memberOf", "expression": "attribute:ecs.availability-zone == us-east-1b" });
    let answer = world.ok("RegisterTaskDefinition", tied(zone.clone()));
    assert_eq!(answer["taskDefinition"]["placementConstraints"], json!([zone]));
    assert_eq!(run(&mut world, &ids, 2, json!({ "taskDefinition": "tied" })), "2 2");
    let wrong = instance(&world, &ids[0]).arn.to_string();
    let started = world.ok(
        "StartTask",
        json!({ "cluster": "shop", "taskDefinition": "tied", "containerInstances": [wrong] }),
    );
    assert_eq!(started["failures"][0]["reason"], "MemberOf placement constraint unsatisfied.", "PLACE-06");
    assert_eq!(started["failures"][0]["arn"], wrong);
}

/// PLACE-13, PLACE-16, PLACE-20, PLACE-35: what a service asks for decides where its next tasks go, needs no
/// deployment, and is told of when nothing meets it.
#[test]
fn a_service_follows_its_constraints_and_strategies() {
    let (mut world, ids) = fleet(MACHINES);
    let packed = json!([{ "type": "binpack", "field": "memory" }]);
    let asked = json!({ "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 3,
        "placementStrategy": packed });
    let service = world.ok("CreateService", asked)["service"].clone();
    assert_eq!(service["placementStrategy"], packed);
    assert_eq!(instance(&world, &ids[3]).groups["service:web"], 3);
    let unmet = json!([{ "type": "memberOf", "expression": "attribute:stack == prod" }]);
    let asked =
        json!({ "cluster": "shop", "service": "web", "desiredCount": 4, "placementConstraints": unmet });
    let updated = world.ok("UpdateService", asked)["service"].clone();
    assert_eq!(updated["placementConstraints"], unmet);
    assert_eq!(updated["deployments"].as_array().map(Vec::len), Some(1), "no new deployment");
    let described = world.ok("DescribeServices", json!({ "cluster": "shop", "services": ["web"] }));
    let message = described["services"][0]["events"][0]["message"].as_str().expect("an event").to_string();
    let closest = instance(&world, &ids[0]).arn.short().to_string();
    assert_eq!(
        message,
        format!(
            "(service web) was unable to place a task because no container instance met all of its requirements. \
             The closest matching (container-instance {closest}) encountered error \"MemberOf placement constraint \
             unsatisfied.\". For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
        )
    );
    let spread = json!([{ "type": "spread", "field": "instanceId" }]);
    let asked = json!({ "cluster": "shop", "service": "web", "placementConstraints": [], "placementStrategy": spread });
    world.ok("UpdateService", asked);
    assert_eq!(instance(&world, &ids[3]).groups["service:web"], 3, "the fourth task went elsewhere");
}

/// PLACE-02, PLACE-03, PLACE-31: each verdict has its rule and its numbers, and the failure says what is next.
#[test]
fn a_decision_tells_how_every_instance_fared() {
    let (mut world, ids) = fleet(MACHINES);
    run(&mut world, &ids, 1, json!({ "placementStrategy": [{ "type": "binpack", "field": "memory" }] }));
    let told = |world: &World| {
        let record = world.timeline.records().iter().rfind(|record| !record.verdicts.is_empty());
        let record = record.expect("a decision").clone();
        let lines: Vec<String> = record
            .verdicts
            .iter()
            .map(|verdict| {
                let name = verdict.candidate.short();
                let mut machines = world.sim.state().container_instances.values();
                let found = machines.find(|each| each.arn.short() == name).expect("a machine");
                let place = ids.iter().position(|id| id == found.instance.as_str()).expect("of the fleet");
                format!("{place} {:?}: {} [{}]", verdict.outcome, verdict.reason, verdict.rule.id)
            })
            .collect();
        let text = ids
            .iter()
            .enumerate()
            .fold(record.text, |text, (place, id)| text.replace(id, &place.to_string()));
        format!("{text} [{}]\n{}", record.rule.expect("a rule").id, lines.join("\n"))
    };
    run(
        &mut world,
        &ids,
        1,
        json!({
            "placementConstraints": [{ "type": "memberOf", "expression": "not(attribute:ecs.instance-type == t3.small)" }],
            "placementStrategy": [
                { "type": "spread", "field": "attribute:ecs.availability-zone" }, { "type": "binpack", "field": "memory" },
            ],
        }),
    );
    insta::assert_snapshot!(told(&world), @r"
    a task of family:web goes to 1 in us-east-1a: 4 of 5 instances fit, spread attribute:ecs.availability-zone leaves 3, binpack memory leaves 2 [PLACE-10]
    1 Chosen: fits; 0 tasks of family:web in us-east-1a; 3960 MiB left; 2048 units and 3960 MiB are left [PLACE-10]
    2 Passed: fits; 0 tasks of family:web in us-east-1b; 3960 MiB left; 2048 units and 3960 MiB are left [PLACE-10]
    0 Passed: fits; 0 tasks of family:web in us-east-1a; 7990 MiB left, the least is 3960; 2048 units and 7990 MiB are left [PLACE-10]
    4 Passed: fits; 1 tasks of family:web in us-east-1c, the least is 0; 2048 units and 7990 MiB are left [PLACE-10]
    3 Removed: memberOf: not(attribute:ecs.instance-type == t3.small) is not true: attribute:ecs.instance-type is t3.small [PLACE-18]
    ");
    let failed = run(
        &mut world,
        &ids,
        1,
        json!({
            "placementConstraints": [{ "type": "memberOf", "expression": "attribute:stack == prod and task:group == db" }],
        }),
    );
    assert_eq!(failed, "-");
    insta::assert_snapshot!(told(&world), @r"
    no place for a task of family:web on 5 instances; closest is 0: memberOf: attribute:stack == prod and task:group == db is not true: attribute:stack is absent, task:group is empty; next, see that the expression becomes true of it, or the constraint goes [PLACE-03]
    0 Removed: memberOf: attribute:stack == prod and task:group == db is not true: attribute:stack is absent, task:group is empty [PLACE-24]
    1 Removed: memberOf: attribute:stack == prod and task:group == db is not true: attribute:stack is absent, task:group is family:web [PLACE-24]
    2 Removed: memberOf: attribute:stack == prod and task:group == db is not true: attribute:stack is absent, task:group is empty [PLACE-24]
    3 Removed: memberOf: attribute:stack == prod and task:group == db is not true: attribute:stack is absent, task:group is family:web [PLACE-24]
    4 Removed: memberOf: attribute:stack == prod and task:group == db is not true: attribute:stack is absent, task:group is empty [PLACE-24]
    ");
    let failed = run(
        &mut world,
        &ids,
        1,
        json!({ "overrides": { "containerOverrides": [{ "name": "web", "memory": 9000 }] } }),
    );
    assert_eq!(failed, "-");
    insta::assert_snapshot!(told(&world), @r"
    no place for a task of family:web on 5 instances; closest is 0: memory: needs 9000 MiB, 7990 MiB are left; next, see that the task needs at most 7990 MiB, or a larger instance joins [PLACE-03]
    0 Removed: memory: needs 9000 MiB, 7990 MiB are left [PLACE-02]
    4 Removed: memory: needs 9000 MiB, 7990 MiB are left [PLACE-02]
    2 Removed: memory: needs 9000 MiB, 3960 MiB are left [PLACE-02]
    1 Removed: memory: needs 9000 MiB, 3704 MiB are left [PLACE-02]
    3 Removed: memory: needs 9000 MiB, 1689 MiB are left [PLACE-02]
    ");
}

fn strategies() -> impl Strategy<Value = Vec<Value>> {
    let one = prop_oneof![
        Just(json!({ "type": "random" })),
        Just(json!({ "type": "binpack", "field": "cpu" })),
        Just(json!({ "type": "binpack", "field": "memory" })),
        Just(json!({ "type": "spread", "field": "instanceId" })),
        Just(json!({ "type": "spread", "field": "attribute:ecs.availability-zone" })),
        Just(json!({ "type": "spread", "field": "attribute:ecs.instance-type" })),
        Just(json!({ "type": "spread", "field": "attribute:stack" })),
    ];
    proptest::collection::vec(one, 0..5)
}

fn constraints() -> impl Strategy<Value = Vec<Value>> {
    let expressions = [
        "attribute:ecs.availability-zone != us-east-1b",
        "runningTasksCount < 3",
        "not(task:group == family:web)",
        "task:group == family:web or attribute:ecs.instance-type =~ t3.*",
    ];
    let one = prop_oneof![
        1 => Just(json!({ "type": "distinctInstance" })),
        3 => (0..expressions.len()).prop_map(move |at| json!({ "type": "memberOf", "expression": expressions[at] })),
    ];
    proptest::collection::vec(one, 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// PLACE-10, PLACE-12: a request for many tasks ends as many requests for one, and within capacity.
    #[test]
    fn a_batch_goes_where_single_tasks_go(
        strategies in strategies(), constraints in constraints(), count in 1..11_u64, before in 0..4_u64,
    ) {
        let (mut batch, ids) = fleet(MACHINES);
        if before > 0 {
            batch.ok("RunTask", json!({ "cluster": "shop", "taskDefinition": "web", "count": before }));
        }
        let mut single = World { sim: batch.sim.clone(), timeline: batch.timeline.clone() };
        let more = json!({ "placementStrategy": strategies, "placementConstraints": constraints });
        let one_by_one = run(&mut single, &ids, usize::try_from(count).expect("few"), more.clone());
        let mut request = more;
        request["cluster"] = json!("shop");
        request["taskDefinition"] = json!("web");
        request["count"] = json!(count);
        let answer = batch.ok("RunTask", request);
        let state = |world: &World| world.sim.state().container_instances.clone();
        let groups = |world: &World| state(world).values().map(|each| each.groups.clone()).collect::<Vec<_>>();
        prop_assert_eq!(groups(&batch), groups(&single), "{}", one_by_one);
        let failures = answer["failures"].as_array().map_or(0, Vec::len);
        prop_assert_eq!(failures, one_by_one.matches('-').count());
        for instance in state(&batch).values() {
            let here = batch.sim.state().tasks.values();
            let here = here.filter(|task| task.container_instance.as_ref() == Some(&instance.arn));
            prop_assert_eq!(instance.cpu_taken.0, here.map(|task| task.cpu.0).sum::<u64>());
            prop_assert!(instance.cpu_taken <= instance.cpu && instance.memory_taken <= instance.memory);
        }
    }
}
