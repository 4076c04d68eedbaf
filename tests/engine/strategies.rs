//! Strategies at work: shares of providers, tasks that wait for instances, and Fargate Spot.

mod scale_in;

use crate::world::World;
use drydock::ecs::capacity_strategy::Shares;
use drydock::ecs::cluster::CapacityProviderStrategyItem;
use serde_json::{Value, json};

/// A strategy in words, `FARGATE 1:1, FARGATE_SPOT 0:3` for base and weight, as the API has it.
fn strategy(words: &str) -> Value {
    let items = words.split(", ").map(|item| {
        let (name, numbers) = item.split_once(' ').expect("a name and numbers");
        let (base, weight) = numbers.split_once(':').expect("base and weight");
        let number = |text: &str| text.parse::<i64>().expect("a number");
        json!({"capacityProvider": name, "base": number(base), "weight": number(weight)})
    });
    items.collect()
}

fn items(words: &str) -> Vec<CapacityProviderStrategyItem> {
    let item = |value: &Value| drydock::shape::read(value).expect("an item");
    strategy(words).as_array().expect("a list").iter().map(item).collect()
}

/// How many tasks 1, 2, 3, 4, 5, 6, 10 and 12 are: rule | base:weight of two providers -> their tasks
const SHARES: &str = "
    CAP-11 | FARGATE 1:1, FARGATE_SPOT 0:3 -> 1/0 1/1 1/2 2/2 2/3 2/4 3/7 4/8
    CAP-10 | FARGATE 2:1, FARGATE_SPOT 0:4 -> 1/0 2/0 2/1 2/2 2/3 3/3 3/7 4/8
    CAP-11 | A 0:1, B 0:1 -> 1/0 1/1 2/1 2/2 3/2 3/3 5/5 6/6
    CAP-11 | A 0:1, B 0:4 -> 0/1 0/2 0/3 1/3 1/4 1/5 2/8 2/10
    CAP-11 | A 0:3, B 0:2 -> 1/0 1/1 2/1 3/1 3/2 4/2 6/4 7/5
    CAP-09 | FARGATE 3:0, FARGATE_SPOT 0:1 -> 1/0 2/0 3/0 3/1 3/2 3/3 3/7 3/9
";
const COUNTS: [usize; 8] = [1, 2, 3, 4, 5, 6, 10, 12];

fn rows() -> impl Iterator<Item = (&'static str, Vec<(u64, u64)>)> {
    SHARES.lines().map(str::trim).filter(|row| !row.is_empty()).map(|row| {
        let (given, expected) = row.split_once(" -> ").expect("a row has an outcome");
        let pair = |text: &str| {
            let (one, two) = text.split_once('/').expect("two numbers");
            (one.parse().expect("a number"), two.parse().expect("a number"))
        };
        (given.split_once(" | ").expect("a row names its rule").1, expected.split(' ').map(pair).collect())
    })
}

#[test]
fn base_first_then_weight_and_back() {
    for (words, expected) in rows() {
        let items = items(words);
        let mut shares = Shares::new(&items);
        let mut have = std::collections::BTreeMap::<&str, u64>::new();
        let mut seen = vec![(0, 0)];
        let (one, two) = (items[0].capacity_provider.as_str(), items[1].capacity_provider.as_str());
        let pair = |have: &std::collections::BTreeMap<&str, u64>| {
            (have.get(one).copied().unwrap_or(0), have.get(two).copied().unwrap_or(0))
        };
        for _ in 0..12 {
            *have.entry(shares.takes().expect("a provider")).or_default() += 1;
            seen.push(pair(&have));
        }
        for (count, expected) in COUNTS.iter().zip(&expected) {
            assert_eq!(seen[*count], *expected, "{words}: {count} tasks");
        }
        // The way back is the way there.
        for count in (0..12).rev() {
            let gives = shares.gives(|_| true).expect("a provider");
            *have.get_mut(gives).expect("it has tasks") -= 1;
            assert_eq!(pair(&have), seen[count], "{words}: back at {count} tasks");
        }
    }
}

#[test]
fn a_plan_tells_what_each_provider_takes_and_had() {
    // CAP-09, CAP-11: a base that is not full rules, then the weights.
    let items = items("A 2:1, B 1:3, C 5:0");
    let mut shares = Shares::new(&items);
    for provider in ["A", "A", "C"] {
        assert!(shares.count(Some(provider)));
    }
    assert!(!shares.count(Some("D")) && !shares.count(None), "no provider of the strategy");
    let (through, verdicts) = shares.plan(9);
    let names: Vec<&str> = through.iter().flatten().map(String::as_str).collect();
    assert_eq!(names, ["B", "C", "C", "C", "C", "B", "B", "A", "B"]);
    let told: Vec<String> =
        verdicts.iter().map(|it| format!("{:?} {} [{}]", it.outcome, it.reason, it.rule.id)).collect();
    assert_eq!(
        told,
        [
            "Chosen takes 1; base 2, weight 1, had 2 tasks [CAP-11]",
            "Chosen takes 4; base 1, weight 3, had 0 tasks [CAP-09]",
            "Chosen takes 4; base 5, weight 0, had 1 tasks [CAP-09]",
        ]
    );
    assert_eq!(
        Shares::sentence(&through),
        "4 through B, 4 through C, 1 through A: base first, then by weight"
    );
    let told: Vec<String> =
        shares.plan(1).1.iter().map(|it| format!("{:?} {}", it.outcome, it.reason)).collect();
    assert_eq!(
        told,
        [
            "Passed takes 0; base 2, weight 1, had 3 tasks",
            "Chosen takes 1; base 1, weight 3, had 4 tasks",
            "Passed takes 0; base 5, weight 0, had 5 tasks",
        ]
    );
    // Nothing to choose is nothing to tell.
    assert_eq!(shares.plan(0), (vec![], vec![]));
    let one = self::items("A 0:1");
    assert_eq!(Shares::new(&one).plan(2), (vec![Some("A".to_string()); 2], vec![]));
    // Where every weight is 0, nobody takes what goes beyond the bases.
    let bases = self::items("A 1:0, B 1:0");
    let mut shares = Shares::new(&bases);
    assert_eq!([shares.takes(), shares.takes(), shares.takes()], [Some("A"), Some("B"), None]);
}

const NETWORK: &str = r#"{"awsvpcConfiguration": {"subnets": ["subnet-pub-a", "subnet-pub-b"]}}"#;

fn network() -> Value {
    serde_json::from_str(NETWORK).expect("JSON")
}

/// A cluster with both providers of Fargate, and the definition `far`.
fn fargate() -> World {
    let mut world = World::new();
    world.ok(
        "CreateCluster",
        json!({"clusterName": "shop", "capacityProviders": ["FARGATE", "FARGATE_SPOT"]}),
    );
    revision(&mut world, "shop/web:1");
    world
}

fn revision(world: &mut World, image: &str) {
    let definition = json!({
        "family": "far", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
        "cpu": "256", "memory": "512", "containerDefinitions": [{"name": "c", "image": image}],
    });
    world.ok("RegisterTaskDefinition", definition);
}

/// The providers of a service's tasks that were not told to stop: FARGATE and FARGATE_SPOT.
fn shares(world: &mut World) -> (usize, usize) {
    let state = world.sim.state();
    let tasks = || state.tasks.values().filter(|task| task.service.is_some() && !task.told_to_stop);
    let through = |name: &str| tasks().filter(|it| it.capacity_provider.as_deref() == Some(name)).count();
    (through("FARGATE"), through("FARGATE_SPOT"))
}

fn service(world: &mut World, words: &str, desired: u64) {
    let asked = json!({
        "cluster": "shop", "serviceName": "web", "taskDefinition": "far", "desiredCount": desired,
        "capacityProviderStrategy": strategy(words), "networkConfiguration": network(),
    });
    world.ok("CreateService", asked);
}

fn update(world: &mut World, mut change: Value) {
    change["cluster"] = json!("shop");
    change["service"] = json!("web");
    world.ok("UpdateService", change);
}

/// CAP-10, CAP-11: base and weight hold when a service grows, shrinks, changes and loses tasks.
#[test]
fn a_service_keeps_its_shares_whatever_happens() {
    let mut world = fargate();
    service(&mut world, "FARGATE 1:1, FARGATE_SPOT 0:3", 4);
    world.wait(200);
    assert_eq!(shares(&mut world), (2, 2));
    for (desired, expected) in [(10, (3, 7)), (6, (2, 4)), (1, (1, 0)), (5, (2, 3))] {
        update(&mut world, json!({"desiredCount": desired}));
        world.wait(200);
        assert_eq!(shares(&mut world), expected, "{desired} desired");
    }
    revision(&mut world, "shop/web:2");
    update(&mut world, json!({"taskDefinition": "far"}));
    world.wait(400);
    assert_eq!(shares(&mut world), (2, 3), "behind a deployment");
    let lost: Vec<String> = {
        let tasks = world.sim.state().tasks.values().filter(|task| task.is_running());
        tasks.map(|task| task.arn.to_string()).collect()
    };
    for task in lost.iter().take(3) {
        world.ok("StopTask", json!({"cluster": "shop", "task": task}));
    }
    world.wait(200);
    assert_eq!(shares(&mut world), (2, 3), "behind a loss");
}

/// CAP-10: for RunTask the base counts in each call by itself.
#[test]
fn each_call_of_run_task_has_its_own_base() {
    for (words, expected) in rows().filter(|(words, _)| words.starts_with("FARGATE")) {
        for (count, expected) in COUNTS.iter().zip(&expected).filter(|(count, _)| **count <= 10) {
            let mut world = fargate();
            let asked = json!({
                "cluster": "shop", "taskDefinition": "far", "count": count,
                "capacityProviderStrategy": strategy(words), "networkConfiguration": network(),
            });
            for _ in 0..2 {
                let answer = world.ok("RunTask", asked.clone());
                let tasks = answer["tasks"].as_array().expect("tasks");
                let through =
                    |name: &str| tasks.iter().filter(|it| it["capacityProviderName"] == name).count() as u64;
                assert_eq!(
                    (through("FARGATE"), through("FARGATE_SPOT")),
                    *expected,
                    "{words}: {count} tasks"
                );
                assert!(tasks.iter().all(|task| task.get("launchType").is_none()));
            }
        }
    }
}

/// CAP-09, CAP-11: the choice of providers is told, with a verdict for each.
#[test]
fn the_choice_of_providers_is_told() {
    let mut world = fargate();
    service(&mut world, "FARGATE 1:1, FARGATE_SPOT 0:3", 4);
    let records = world.timeline.records();
    let told = records.iter().find(|it| it.rule.is_some_and(|it| it.id == "CAP-09")).expect("a decision");
    assert_eq!(told.text, "2 through FARGATE, 2 through FARGATE_SPOT: base first, then by weight");
    let verdicts: Vec<String> =
        told.verdicts.iter().map(|it| format!("{} {}", it.rule.id, it.reason)).collect();
    assert_eq!(
        verdicts,
        ["CAP-09 takes 2; base 1, weight 1, had 0 tasks", "CAP-11 takes 2; base 0, weight 3, had 0 tasks"]
    );
    // A chain of causes leads from a task to the choice.
    let task =
        records.iter().position(|it| it.subject.kind == drydock::timeline::Kind::Task).expect("a task");
    let place = records.iter().position(|it| std::ptr::eq(it, told)).expect("its place");
    let causes = world.timeline.causes(drydock::timeline::RecordId(task as u32));
    assert!(causes.iter().any(|id| id.0 as usize == place));
    world.wait(200);
    update(&mut world, json!({"desiredCount": 3}));
    let stops =
        world.timeline.records().iter().flat_map(|it| &it.verdicts).find(|it| it.reason.starts_with("stops"));
    let stops = stops.expect("a task that stops");
    assert_eq!(
        (stops.rule.id, stops.reason.contains("runs through FARGATE,")),
        ("CAP-11", true),
        "{}",
        stops.reason
    );
}

fn spot_task(world: &World) -> String {
    let mut tasks = world.sim.state().tasks.values();
    let spot = tasks.find(|it| it.is_running() && it.capacity_provider.as_deref() == Some("FARGATE_SPOT"));
    spot.expect("a Spot task").arn.to_string()
}

fn messages(world: &mut World) -> Vec<String> {
    let shown = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
    let events = shown["services"][0]["events"].as_array().expect("events").iter();
    events.map(|event| event["message"].as_str().expect("text").to_string()).collect()
}

/// CAP-14, CAP-15, LIFE-20: SIGTERM with the warning, the reason word for word, and a successor on Spot.
#[test]
fn an_interrupted_spot_task_is_replaced_at_the_warning() {
    let mut world = fargate();
    service(&mut world, "FARGATE 1:0, FARGATE_SPOT 0:1", 3);
    world.wait(200);
    let task = spot_task(&world);
    let calm = world.sim.clone();
    let before = world.timeline.len();
    world.call("drydock", "Fail", json!({"what": "spot", "task": task})).expect("it is interrupted");
    world.wait(12);
    assert_eq!(shares(&mut world), (1, 2), "the successor is there before the task has ended");
    world.wait(108);
    let shown = world.ok("DescribeTasks", json!({"cluster": "shop", "tasks": [task]}))["tasks"][0].take();
    assert_eq!(shown["stopCode"], "SpotInterruption");
    assert_eq!(shown["stoppedReason"], "Your Spot Task was interrupted.");
    assert_eq!(shown["lastStatus"], "STOPPED", "two minutes are enough");
    let rules: Vec<&str> =
        world.timeline.records()[before..].iter().filter_map(|it| it.rule).map(|rule| rule.id).collect();
    assert!(rules.contains(&"CAP-14"));
    let again = world.call("drydock", "Fail", json!({"what": "spot", "task": task})).expect_err("it is over");
    assert!(again.message.contains("told to stop already"), "{again}");
    // CAP-15: by itself nothing is interrupted.
    world.sim = calm;
    world.wait(3600 * 5);
    assert_eq!(shares(&mut world), (1, 2));
    assert!(world.sim.state().tasks.contains_key(&task.as_str().into()));
    let steady =
        world.sim.state().tasks.values().find(|it| it.capacity_provider.as_deref() == Some("FARGATE"));
    let steady = steady.expect("a task").arn.to_string();
    let refusal =
        world.call("drydock", "Fail", json!({"what": "spot", "task": steady})).expect_err("no Spot");
    assert!(refusal.message.contains("does not run through FARGATE_SPOT"), "{refusal}");
}

/// CAP-12, PLACE-36: a shortage of Spot leaves its share open, FARGATE keeps its own, and the service goes on
/// trying.
#[test]
fn a_shortage_of_spot_is_not_filled_with_fargate() {
    let mut world = fargate();
    world.call("drydock", "Fail", json!({"what": "spot-capacity"})).expect("there is none");
    service(&mut world, "FARGATE 1:1, FARGATE_SPOT 0:3", 4);
    world.wait(300);
    assert_eq!(shares(&mut world), (2, 0));
    let told = messages(&mut world);
    let reason = "(service web) was unable to place a task. Reason: Capacity is unavailable at this time. Please try again later or in a different availability zone.";
    assert!(told.iter().any(|text| text.starts_with(reason)), "{told:?}");
    let records = world.timeline.records();
    assert!(
        records
            .iter()
            .any(|it| it.text.contains("RESOURCE:FARGATE") && it.rule.is_some_and(|it| it.id == "CAP-12"))
    );
    // A FARGATE task that is lost comes back at once, although Spot is short.
    let lost =
        world.sim.state().tasks.values().find(|task| task.is_running()).expect("a task").arn.to_string();
    world.ok("StopTask", json!({"cluster": "shop", "task": lost}));
    world.wait(30);
    assert_eq!(shares(&mut world), (2, 0));
    let asked = json!({
        "cluster": "shop", "taskDefinition": "far", "networkConfiguration": network(),
        "capacityProviderStrategy": strategy("FARGATE_SPOT 0:1"),
    });
    let answer = world.ok("RunTask", asked.clone());
    assert!(
        answer["failures"][0]["reason"]
            .as_str()
            .is_some_and(|text| text.starts_with("Capacity is unavailable"))
    );
    // One zone is enough.
    world
        .call("drydock", "Fail", json!({"what": "spot-capacity", "zone": "us-east-1b", "clear": true}))
        .expect("some");
    world.wait(120);
    assert_eq!(shares(&mut world), (2, 2));
    assert_eq!(world.ok("RunTask", asked)["tasks"][0]["availabilityZone"], "us-east-1b");
    let refusal =
        world.call("drydock", "Fail", json!({"what": "spot-capacity", "zone": "x"})).expect_err("no zone");
    assert!(refusal.message.contains("no Availability Zone x"), "{refusal}");
}

/// CAP-13: Linux only, and ARM64 from 1.4.0 on.
#[test]
fn spot_runs_linux_and_arm_from_one_four_on() {
    let mut world = fargate();
    let mut asked = json!({
        "cluster": "shop", "taskDefinition": "far", "networkConfiguration": network(),
        "capacityProviderStrategy": strategy("FARGATE 0:1, FARGATE_SPOT 0:1"), "platformVersion": "1.3.0",
    });
    world.ok("RunTask", asked.clone());
    let arm = json!({
        "family": "arm", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
        "memory": "512", "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
        "containerDefinitions": [{"name": "c", "image": "shop/web:1"}],
    });
    world.ok("RegisterTaskDefinition", arm);
    asked["taskDefinition"] = json!("arm");
    let refusal = world.refused("RunTask", asked.clone());
    assert!(refusal.starts_with("PlatformTaskDefinitionIncompatibilityException: "), "{refusal}");
    asked["platformVersion"] = json!("1.4.0");
    world.ok("RunTask", asked);
}

/// CAP-11: what goes is what is too much for the weights, not what came last.
#[test]
fn scale_in_keeps_the_shares_even_where_the_newest_tasks_run_through_one_provider() {
    let mut world = fargate();
    service(&mut world, "FARGATE 0:1, FARGATE_SPOT 0:1", 4);
    world.wait(200);
    let of_fargate: Vec<String> = {
        let tasks = world.sim.state().tasks.values();
        let through = tasks.filter(|task| task.capacity_provider.as_deref() == Some("FARGATE"));
        through.map(|task| task.arn.to_string()).collect()
    };
    for task in of_fargate {
        world.ok("StopTask", json!({"cluster": "shop", "task": task}));
    }
    world.wait(200);
    assert_eq!(shares(&mut world), (2, 2), "the newest both run through FARGATE");
    update(&mut world, json!({"desiredCount": 2}));
    assert_eq!(shares(&mut world), (1, 1));
}

/// CAP-11, CAP-07: tasks from before the strategy run through none of its providers, and go first; PLACE-30: a
/// protected one stays.
#[test]
fn tasks_from_before_a_strategy_go_first() {
    let mut world = fargate();
    let asked = json!({
        "cluster": "shop", "serviceName": "web", "taskDefinition": "far", "desiredCount": 3,
        "launchType": "FARGATE", "networkConfiguration": network(),
    });
    world.ok("CreateService", asked);
    world.wait(200);
    let old: Vec<String> = world.sim.state().tasks.keys().map(ToString::to_string).collect();
    update(&mut world, json!({"capacityProviderStrategy": strategy("FARGATE 0:1, FARGATE_SPOT 0:1")}));
    world.wait(400);
    let before: Vec<String> = running(&world);
    assert!(old.iter().all(|task| before.contains(task)), "a strategy is no deployment");
    update(&mut world, json!({"desiredCount": 7}));
    world.wait(200);
    assert_eq!(shares(&mut world), (2, 2), "beside the three old ones");
    let asked = json!({"cluster": "shop", "tasks": [old[0]], "protectionEnabled": true});
    world.ok("UpdateTaskProtection", asked);
    update(&mut world, json!({"desiredCount": 5}));
    let left = running(&world);
    let kept: Vec<&String> = old.iter().filter(|task| left.contains(task)).collect();
    assert_eq!((kept, shares(&mut world)), (vec![&old[0]], (2, 2)));
    let told = world.timeline.records().iter().flat_map(|it| &it.verdicts);
    let told: Vec<_> =
        told.filter(|it| it.reason.starts_with("stops")).map(|it| it.reason.as_str()).collect();
    assert!(
        told.iter().all(|reason| reason.starts_with("stops: it runs through another way, which has")),
        "{told:?}"
    );
    // Then one through each provider goes, the newest first.
    update(&mut world, json!({"desiredCount": 3}));
    assert_eq!((running(&world).len(), shares(&mut world)), (3, (1, 1)));
}

/// The tasks of services that were not told to stop.
fn running(world: &World) -> Vec<String> {
    let tasks = world.sim.state().tasks.values().filter(|task| !task.told_to_stop);
    tasks.map(|task| task.arn.to_string()).collect()
}

/// CAP-12: behind a loss a service looks at once only where the loss may leave room through another provider.
#[test]
fn a_loss_is_no_room_where_there_is_one_provider_only() {
    // strategy -> whether the second loss brings an attempt within half a minute
    for (words, tries) in [("FARGATE_SPOT 0:1", false), ("FARGATE 0:1, FARGATE_SPOT 0:3", true)] {
        let mut world = fargate();
        service(&mut world, words, 4);
        world.wait(200);
        world.call("drydock", "Fail", json!({"what": "spot-capacity"})).expect("Spot is short");
        let attempts = |world: &World| {
            let records = world.timeline.records().iter();
            records.filter(|it| it.text.starts_with("start ")).count()
        };
        let lose = |world: &mut World| {
            let task = spot_task(world);
            world.ok("StopTask", json!({"cluster": "shop", "task": task}));
        };
        lose(&mut world);
        world.wait(15);
        let before = attempts(&world);
        lose(&mut world);
        world.wait(15);
        assert_eq!(attempts(&world) > before, tries, "{words}");
    }
}

/// CAP-11, PLACE-30: what is protected keeps its part, and what goes beyond the wish goes from the other provider.
#[test]
fn the_part_of_protected_tasks_falls_to_the_other_provider() {
    let mut world = fargate();
    service(&mut world, "FARGATE 0:1, FARGATE_SPOT 0:1", 4);
    world.wait(200);
    let tasks = world.sim.state().tasks.values();
    let through = tasks.filter(|task| task.capacity_provider.as_deref() == Some("FARGATE"));
    let kept: Vec<String> = through.map(|task| task.arn.to_string()).collect();
    world.ok("UpdateTaskProtection", json!({"cluster": "shop", "tasks": kept, "protectionEnabled": true}));
    update(&mut world, json!({"desiredCount": 2}));
    assert_eq!(shares(&mut world), (2, 0));
    // Where one of three may go, one goes.
    let mut world = fargate();
    service(&mut world, "FARGATE 0:1, FARGATE_SPOT 0:1", 6);
    world.wait(200);
    let tasks = world.sim.state().tasks.values();
    let through = tasks.filter(|task| task.capacity_provider.as_deref() == Some("FARGATE"));
    let kept: Vec<String> = through.map(|task| task.arn.to_string()).take(2).collect();
    world.ok("UpdateTaskProtection", json!({"cluster": "shop", "tasks": kept, "protectionEnabled": true}));
    update(&mut world, json!({"desiredCount": 2}));
    assert_eq!(shares(&mut world), (2, 0));
}
