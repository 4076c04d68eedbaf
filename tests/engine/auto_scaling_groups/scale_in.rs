//! Which instances end when a group grows smaller: the pure decision, row by row.

use super::{create, world};
use drydock::autoscaling::group::{Group, TerminationPolicy};
use drydock::autoscaling::member::{Lifecycle, Member};
use drydock::autoscaling::{scale_in, zones};
use drydock::time::{SimDuration, SimTime};
use drydock::timeline::Outcome;
use serde_json::json;

/// Now, as the rows count: three hours and five minutes after the first launch.
const NOW: u64 = 185;

/// A group of these instances, each as its zone, the minute of its launch, `/` with the version of the launch
/// template (`/other` for another template, `/none` for none) and `*` if it is protected.
fn group(policies: &str, members: &str) -> Group {
    let mut world = world();
    create(&mut world, 0, 9, 0, json!({}));
    let mut group = world.sim.state().auto_scaling_groups.values().next().expect("a group").clone();
    let policy = |word: &str| {
        let known = TerminationPolicy::ALL.iter().find(|(name, _)| *name == word);
        known.unwrap_or_else(|| panic!("{word} is a policy")).1
    };
    group.termination_policies = policies.split_whitespace().map(policy).collect();
    let template = group.launch_template.launch_template_id.clone().expect("an id");
    for (place, words) in members.split_whitespace().enumerate() {
        let (words, protected) = (words.trim_end_matches('*'), words.ends_with('*'));
        let (words, version) = words.split_once('/').unwrap_or((words, "1"));
        let (zone, minute) = words.split_at(1);
        let of_template = |id: &str, version: u64| Some((id.to_string(), "machines".to_string(), version));
        let member = Member {
            instance: format!("i-{place}").as_str().into(),
            instance_type: "m5.large",
            availability_zone: format!("us-east-1{zone}"),
            lifecycle: Lifecycle::InService,
            healthy: true,
            protected,
            launch_template: match version {
                "none" => None,
                "other" => of_template("lt-other", 9),
                version => of_template(&template, version.parse().expect("a version")),
            },
            launched_at: SimTime(0) + SimDuration::secs(minute.parse::<u64>().expect("a minute") * 60),
            in_service_at: None,
            actions: Default::default(),
            activity: None,
        };
        group.instances.insert(member.instance.clone(), member);
    }
    group
}

/// The instances that end, and the verdicts in the order in which they are told; the last of equals is drawn.
fn ends(group: &Group, count: u64) -> (String, Vec<String>) {
    let now = SimTime(0) + SimDuration::secs(NOW * 60);
    let (chosen, verdicts) = scale_in::choose(group, now, count, |below| below - 1);
    let verdicts = scale_in::told(verdicts).into_iter().map(|it| {
        let outcome = match it.outcome {
            Outcome::Chosen => "ends",
            Outcome::Passed => "stays",
            Outcome::Removed => "is kept",
        };
        format!("{} {outcome}: {} [{}]", it.candidate.id, it.reason, it.rule.id)
    });
    let chosen: Vec<&str> = chosen.iter().map(|id| id.as_str().trim_start_matches("i-")).collect();
    (chosen.join(" "), verdicts.collect())
}

/// rule | policies | instances | how many end -> which, by their place, one after the other
const ENDS: &str = "
    ASG-13 | OldestInstance | a0 b1 b2 | 1 -> 1
    ASG-13 | OldestInstance | a0 b1 b2 b3 | 3 -> 1 2 0
    ASG-13 | NewestInstance | a0 b1 b2 | 2 -> 2 1
    ASG-14 | OldestInstance | a2 a0 a1 | 3 -> 1 2 0
    ASG-14 | NewestInstance | a2 a0 a1 | 3 -> 0 2 1
    ASG-14 | ClosestToNextInstanceHour | a0 a10 a100 a182 | 4 -> 1 2 0 3
    ASG-14 | OldestLaunchTemplate | a0/3 a1/1 a2/2 | 3 -> 1 2 0
    ASG-14 | OldestLaunchTemplate | a0/1 a1/other a2/none | 3 -> 2 1 0
    ASG-14 | Default | a0/2 a10/2 a1/1 | 2 -> 2 1
    ASG-14 | OldestLaunchTemplate NewestInstance | a0/1 a1/1 a2/2 | 3 -> 1 0 2
    ASG-14 | AllocationStrategy OldestInstance | a1 a0 a2 | 1 -> 1
    ASG-14 | OldestLaunchConfiguration NewestInstance | a1 a0 a2 | 1 -> 2
    ASG-14 | AllocationStrategy | a1 a0 a2 | 2 -> 2 1
    ASG-15 | OldestInstance | a0* a1 b2 | 1 -> 1
    ASG-15 | OldestInstance | a0* a1* b2 | 2 -> 2
    ASG-15 | OldestInstance | a0* a1* | 1 ->
    ASG-13 | OldestInstance | a0 | 3 -> 0
";

#[test]
fn the_richest_zone_gives_and_the_policies_choose_there() {
    for row in ENDS.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (given, expected) = row.split_once("->").expect("a row has an outcome");
        let [_, policies, members, count] = given.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("a row has four cells: {row}");
        };
        let found = ends(&group(policies, members), count.parse().expect("a count"));
        assert_eq!(found.0, expected.trim(), "{row}: {:#?}", found.1);
    }
}

#[test]
fn every_instance_has_its_verdict() {
    // ASG-13: the richest zone, then the policy, each with what decided.
    assert_eq!(
        ends(&group("OldestInstance", "a0 b1 b2 b3*"), 1).1,
        [
            "i-1 ends: us-east-1b has most, 3; OldestInstance: launched at 09:01:00 [ASG-13]",
            "i-0 stays: us-east-1a has 1; another: us-east-1b has 3 [ASG-13]",
            "i-2 stays: launched at 09:02:00; another: launched at 09:01:00 [ASG-14]",
            "i-3 is kept: protected from scale-in [ASG-15]",
        ]
    );
    // ASG-14: each step of the default policy that leaves fewer is told, and what is left is drawn.
    assert_eq!(
        ends(&group("Default", "a0/1 a1/2 a5/1 a5/1 a0/other"), 1).1,
        [
            "i-4 ends: us-east-1a has most, 5; OldestLaunchTemplate: another launch template, machines [ASG-13]",
            "i-0 stays: version 1 of the launch template; another: another launch template, machines [ASG-14]",
            "i-1 stays: version 2 of the launch template; another: another launch template, machines [ASG-14]",
            "i-2 stays: version 1 of the launch template; another: another launch template, machines [ASG-14]",
            "i-3 stays: version 1 of the launch template; another: another launch template, machines [ASG-14]",
        ]
    );
    assert_eq!(
        ends(&group("ClosestToNextInstanceHour", "a0 a10 a10"), 1).1,
        [
            "i-2 ends: us-east-1a has most, 3; ClosestToNextInstanceHour: 5:00 to its next hour; drawn of 2 [ASG-13]",
            "i-0 stays: 55:00 to its next hour; another: 5:00 to its next hour [ASG-14]",
            "i-1 stays: not drawn [ASG-13]",
        ]
    );
    // A policy that tells nobody apart is not told.
    assert_eq!(
        ends(&group("OldestLaunchTemplate", "a0/none a1/none"), 2).1,
        [
            "i-1 ends: us-east-1a has most, 2; drawn of 2 [ASG-13]",
            "i-0 ends: us-east-1a has most, 1 [ASG-13]",
        ]
    );
}

/// ASG-16b: instances -> the poorest zone and the richest, where one has two more and may give
const UNEVEN: &str = "
    a0 a1 b2 c3 -> even
    a0 a1 a2 b3 c4 -> b a
    a0 b1 -> even
    a0 a1 b2 b3 -> c b
    a0 b1 b2 c3 c4 c5 -> a c
    a0* a1* b2 c3* -> even
    a0* a1* a2 b3 c4 -> b a
    a0* a1* a2* b3 c4 -> even
";

#[test]
fn zones_are_uneven_by_two_instances_of_which_one_may_end() {
    for row in UNEVEN.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (members, expected) = row.split_once(" -> ").expect("a row has an outcome");
        let group = group("Default", members);
        let found = zones::uneven(&group).map(|(poor, rich)| {
            let letter = |zone: &str| zone.trim_start_matches("us-east-1").to_string();
            format!("{} {}", letter(poor), letter(rich))
        });
        assert_eq!(found.as_deref().unwrap_or("even"), expected, "{row}");
    }
}

/// ASG-16, ASG-M1: instances | how many more -> the subnets that they go into, and how each zone fared
const PLANS: &str = "
    - | 4 -> a b c a | has 0, gets 2 [ASG-M1]; has 0, gets 1 [ASG-M1]; has 0, gets 1 [ASG-M1]
    a0 a1 b2 | 3 -> c b c | has 2 [ASG-16]; has 1, gets 1 [ASG-16]; has 0, gets 2 [ASG-16]
    a0 b1 b2 | 2 -> c a | has 1, gets 1 [ASG-16]; has 2 [ASG-16]; has 0, gets 1 [ASG-16]
    a0 b1 c2 c3 | 1 -> a | has 1, gets 1 [ASG-M1]; has 1 [ASG-16]; has 2 [ASG-16]
";

#[test]
fn new_instances_go_where_fewest_are() {
    for row in PLANS.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (given, expected) = row.split_once(" -> ").expect("a row has an outcome");
        let (members, count) = given.split_once(" | ").expect("a row has two cells");
        let group = group("Default", members.trim_start_matches('-'));
        let count = count.parse().expect("a count");
        let (places, verdicts) = zones::plan(world().sim.state(), &group, count);
        let places: Vec<&str> =
            places.iter().map(|subnet| subnet.as_str().trim_start_matches("subnet-pri-")).collect();
        let told: Vec<String> = verdicts.iter().map(|it| format!("{} [{}]", it.reason, it.rule.id)).collect();
        assert_eq!(format!("{} | {}", places.join(" "), told.join("; ")), expected, "{row}");
    }
}

/// ASG-16: of two subnets in one zone, those that have fewer instances come first.
#[test]
fn subnets_of_one_zone_take_turns() {
    let mut world = world();
    create(&mut world, 0, 9, 5, json!({"VPCZoneIdentifier": "subnet-pri-a,subnet-pub-a"}));
    world.wait(60);
    let subnets = |world: &crate::world::World| {
        let mut all: Vec<String> =
            world.sim.state().instances.values().map(|it| it.subnet.to_string()).collect();
        all.sort();
        all
    };
    assert_eq!(subnets(&world)[2..4], ["subnet-pri-a", "subnet-pub-a"], "three and two");
    super::set(&mut world, 6);
    world.wait(60);
    assert_eq!(subnets(&world)[2..4], ["subnet-pri-a", "subnet-pub-a"], "three each");
}
