//! Goals: how they are written, what they find, and what they say.
#![cfg(feature = "authoring")]

use drydock::run::Run;
use drydock_lessons::{Goal, Judge};
use serde::Deserialize;
use std::collections::BTreeMap;

const START: &str =
    "drydock 1 seed=7 behaviour=1\naws ecs create-cluster --cluster-name old\ndrydock wait 10s\n";

fn goal(written: &str) -> Goal {
    let table: toml::Value = toml::from_str(&format!("goal = {written}")).expect("this is TOML");
    table["goal"].clone().try_into().expect("this is a goal")
}

fn refused(written: &str) -> String {
    let table: toml::Value = toml::from_str(&format!("goal = {written}")).expect("this is TOML");
    Goal::deserialize(table["goal"].clone()).expect_err("this is no goal").to_string()
}

/// Plays lines behind the start and says how the goal stands.
fn judge(written: &str, lines: &str) -> Judge {
    let mut judge = Judge::new(START, vec![goal(written)], BTreeMap::new()).expect("the start can be read");
    let mut run = judge.start().clone();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let entered = run.enter(line);
        assert_eq!(entered.stderr, "", "{line}");
    }
    judge.catch_up(&run);
    judge
}

const CLUSTERS: &str = "clusters[?status=='ACTIVE'] | length(@)";

#[test]
fn each_node_is_met_when_it_says_so() {
    let two = format!("{{ state = \"{CLUSTERS}\", is = 2, says = \"there are 2 clusters\" }}");
    let cases = [
        (two.clone(), "", false, "Wanted is 2; now it is 1. Clusters now: 1 ACTIVE."),
        (two.clone(), "aws ecs create-cluster --cluster-name new", true, "It is so: 2."),
        (
            "{ query = \"aws ecs describe-clusters --clusters new --query 'clusters[0].status'\", is = \"ACTIVE\", says = \"new is ACTIVE\" }".to_string(),
            "aws ecs create-cluster --cluster-name new",
            true,
            "It is so: ACTIVE.",
        ),
        (
            "{ did = \"ecs CreateCluster\", with = \"clusterName=='new'\", says = \"new was made\" }".to_string(),
            "aws ecs create-cluster --cluster-name other",
            false,
            "It has not happened yet.",
        ),
        (
            "{ did = \"ecs CreateCluster\", with = \"clusterName=='new'\", says = \"new was made\" }".to_string(),
            "aws ecs create-cluster --cluster-name new",
            true,
            "It happened (the last time at 09:00:10).",
        ),
        (
            "{ happened = \"create-cluster\", kind = \"command\", is = 2, says = \"2 commands\" }".to_string(),
            "aws ecs create-cluster --cluster-name new",
            false,
            "Wanted is 2; it happened 1 times (09:00:10: aws ecs create-cluster --cluster-name new).",
        ),
        ("{ elapsed = \"30s\" }".to_string(), "drydock wait 20s", false, "20 of 30 seconds have passed."),
        ("{ elapsed = \"30s\" }".to_string(), "drydock wait 30s", true, "30 of 30 seconds have passed."),
        (format!("{{ not = {two} }}"), "", true, "Wanted is 2; now it is 1. Clusters now: 1 ACTIVE."),
        (
            format!("{{ was = {two} }}"),
            "aws ecs create-cluster --cluster-name new
             drydock wait 5s
             aws ecs delete-cluster --cluster new",
            true,
            "That was so at 09:00:10.",
        ),
        (
            format!("{{ never = {two} }}"),
            "aws ecs create-cluster --cluster-name new
             aws ecs delete-cluster --cluster new",
            false,
            "But it happened: There are 2 clusters.",
        ),
        (
            format!("{{ held = {two}, for = \"1m\" }}"),
            "aws ecs create-cluster --cluster-name new
             drydock wait 59s",
            false,
            "It has been so for 59 of 60 seconds.",
        ),
        (
            format!("{{ held = {two}, for = \"1m\" }}"),
            "aws ecs create-cluster --cluster-name new
             drydock wait 60s",
            true,
            "It has been so for 60 of 60 seconds.",
        ),
        (
            format!("{{ eventually = {two}, within = \"20s\" }}"),
            "drydock wait 21s
             aws ecs create-cluster --cluster-name new",
            false,
            "The 20 seconds are over, and it was not so.",
        ),
        (
            format!("{{ eventually = {two}, within = \"20s\", after = {{ elapsed = \"10s\" }} }}"),
            "drydock wait 21s
             aws ecs create-cluster --cluster-name new",
            true,
            "That was so at 09:00:31, in time.",
        ),
        (
            format!("{{ in_order = [{{ elapsed = \"10s\" }}, {{ not = {two} }}, {two}] }}"),
            "aws ecs create-cluster --cluster-name new
             drydock wait 20s",
            false,
            "Next in order: It is not so that there are 2 clusters. It is so: 2.",
        ),
        (
            format!("{{ all = [{{ elapsed = \"10s\" }}, {two}] }}"),
            "drydock wait 20s",
            false,
            "Not met yet: There are 2 clusters. Wanted is 2; now it is 1.",
        ),
        (
            format!("{{ any = [{{ elapsed = \"10s\" }}, {two}] }}"),
            "drydock wait 20s",
            true,
            "10 seconds have passed. 10 of 10 seconds have passed.",
        ),
    ];
    for (written, lines, met, reason) in cases {
        let verdict = judge(&written, lines).verdicts().remove(0);
        // A list of parts goes on with their own reasons.
        let reasoned = verdict.reason.starts_with(reason);
        assert_eq!(verdict.met, met, "{written} after {lines:?}: {verdict:?}");
        assert!(reasoned, "{written} after {lines:?}: {}", verdict.reason);
    }
}

#[test]
fn a_goal_is_met_from_its_exact_moment_however_seldom_it_is_asked() {
    let held = format!(
        "{{ held = {{ state = \"{CLUSTERS}\", is = 2, says = \"there are 2 clusters\" }}, for = \"45s\" }}"
    );
    let seldom = judge(&held, "aws ecs create-cluster --cluster-name new\ndrydock wait 10m");
    let mut often = Judge::new(START, vec![goal(&held)], BTreeMap::new()).expect("the start can be read");
    let mut run = often.start().clone();
    run.enter("aws ecs create-cluster --cluster-name new");
    for _ in 0..600 {
        run.advance(drydock::SimDuration::secs(1));
        often.catch_up(&run);
    }
    assert_eq!(seldom.met(), often.met());
    assert_eq!(often.met()[0].map(|at| at.0), Some(55_000));
}

#[test]
fn going_back_and_another_way_forgets_what_was_met() {
    let two = format!("{{ state = \"{CLUSTERS}\", is = 2, says = \"there are 2 clusters\" }}");
    let mut judge = Judge::new(START, vec![goal(&two)], BTreeMap::new()).expect("the start can be read");
    let mut run = judge.start().clone();
    run.advance(drydock::SimDuration::secs(5));
    run.enter("aws ecs create-cluster --cluster-name new");
    judge.catch_up(&run);
    assert!(judge.met()[0].is_some());
    let mut other: Run = judge.start().clone();
    other.advance(drydock::SimDuration::secs(7));
    judge.catch_up(&other);
    assert_eq!(judge.met(), [None]);
}

/// However a run is scrubbed, undone and done another way, a judge that goes along says what a judge says that
/// sees it for the first time.
#[test]
fn a_judge_that_goes_back_says_what_a_fresh_one_says() {
    let two = format!("{{ state = \"{CLUSTERS}\", is = 2, says = \"there are 2 clusters\" }}");
    let did = "{ did = \"ecs CreateCluster\", says = \"a cluster was made\" }";
    let written = [
        two.clone(),
        did.to_string(),
        format!("{{ held = {two}, for = \"45s\" }}"),
        format!("{{ never = {two} }}"),
        format!("{{ in_order = [{did}, {two}] }}"),
    ];
    let fresh = || {
        let goals = written.iter().map(|written| goal(written)).collect();
        Judge::new(START, goals, BTreeMap::new()).expect("the start can be read")
    };
    for seed in 0..24_u64 {
        let mut numbers = seed;
        let mut below = |bound: u64| {
            numbers = numbers.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (numbers >> 33) % bound
        };
        let mut judge = fresh();
        let mut run = judge.start().clone();
        for _ in 0..14 {
            match below(6) {
                0 => drop(run.enter(&format!("aws ecs create-cluster --cluster-name c{}", below(3)))),
                1 => drop(run.enter(&format!("aws ecs delete-cluster --cluster c{}", below(3)))),
                2 => run.advance(drydock::SimDuration::secs(below(900))),
                3 => drop(run.undo(1)),
                _ => run.seek(drydock::SimTime(10_000 + below(run.end().0))),
            }
            judge.catch_up(&run);
            let mut other = fresh();
            other.catch_up(&run);
            assert_eq!(judge.met(), other.met(), "seed {seed}");
            assert_eq!(judge.verdicts(), other.verdicts(), "seed {seed}");
            assert_eq!(judge.follower().sim(), run.sim(), "seed {seed}");
        }
    }
}

#[test]
fn a_goal_survives_its_json() {
    for written in [
        "{ state = \"clusters\", is = [], says = \"there is nothing\" }",
        "{ did = \"ecs RunTask\", refused = \"*\", at_least = 2, says = \"refused 2 times\" }",
        "{ happened = \"x\", kind = \"failure\", about = \"task\", rule = \"LIFE-20\", says = \"it failed\" }",
        "{ held = { answered = \"p2\", with = \"right\" }, for = \"90s\" }",
        "{ eventually = { elapsed = \"1h\" }, within = \"2h\", after = { never = { elapsed = \"2m\" } } }",
        "{ in_order = [{ any = [{ elapsed = \"1s\" }] }, { all = [{ not = { was = { elapsed = \"2s\" } } }] }] }",
    ] {
        let goal = goal(written);
        let json = serde_json::to_string(&goal).expect("a goal can be written");
        assert_eq!(serde_json::from_str::<Goal>(&json).expect("and read again"), goal, "{json}");
    }
}

#[test]
fn a_goal_that_makes_no_sense_is_refused_with_what_to_do() {
    for (written, says) in [
        ("{ state = \"clusters\", says = \"x\" }", "compared with nothing"),
        ("{ state = \"clusters\", is = 1, within = \"2m\", says = \"x\" }", "`within` does not belong"),
        ("{ says = \"x\" }", "a goal needs one of"),
        ("{ all = [] }", "at least one"),
        ("{ held = { elapsed = \"1s\" } }", "for = "),
        ("{ elapsed = \"soon\" }", "write `90s`"),
        ("{ did = \"ecs RunTask\" }", "says = "),
        ("{ clusters = 2 }", "unknown field"),
    ] {
        let complaint = refused(written);
        assert!(complaint.contains(says), "{written}: {complaint}");
    }
}
