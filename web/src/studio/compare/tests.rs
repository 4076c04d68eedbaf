//! Two futures of one world, compared at moments of both.
use super::difference::{Counts, difference};
use crate::map::Selection;
use crate::studio::worlds::WORLDS;
use drydock::run::Run;
use drydock::{SimDuration, SimTime};

const FOUR: &str = "aws ecs update-service --cluster shop --service web --desired-count 4";
const ONE: &str = "aws ecs update-service --cluster shop --service web --desired-count 1";

/// Two futures of the Fargate world: four tasks in the first, one in the second, played on in each.
fn futures() -> (Run, Run, SimTime) {
    let mut run = WORLDS[1].run().expect("the Fargate world");
    let parted = run.clock() + SimDuration::secs(10);
    run.seek(parted);
    run.enter(FOUR);
    run.advance(SimDuration::secs(90));
    // A second before the other command: at its own moment it would be played again.
    let parted = SimTime(parted.0 - 1_000);
    run.seek(parted);
    run.enter(ONE);
    run.advance(SimDuration::secs(90));
    let mut other = run.clone();
    other.switch(0);
    other.seek(run.clock());
    (run, other, parted)
}

fn names() -> [String; 2] {
    ["Future B".to_string(), "Future A".to_string()]
}

#[test]
fn counts_and_things_of_one_future_only_are_told() {
    let (ours, theirs, parted) = futures();
    let found = difference(&ours, &theirs);
    let count = |count| Some(Counts { desired: count, running: count, pending: 0, failed: 0 });
    assert_eq!(found.services[0].counts, [count(1), count(4)]);
    assert_eq!(found.tasks[0] + 3, found.tasks[1]);
    assert_eq!((found.only[0].1, found.only[1].1), (0, 3));
    assert!(found.only[1].0.iter().all(|only| matches!(only.selection, Selection::Task(_))));
    assert_eq!(
        found.sentence(&names()),
        "web runs 1 in Future B and 4 in Future A; 3 tasks are only in Future A."
    );
    let parting = found.parting.expect("they part");
    assert_eq!(parting.at, parted);
    assert!(parting.records[0].as_ref().is_some_and(|(told, _)| told.text.ends_with("count 1")));
    assert!(parting.records[1].as_ref().is_some_and(|(told, _)| told.text.ends_with("count 4")));
    assert_eq!(found.commands.map(|given| given.len()), [1, 1]);
}

#[test]
fn before_they_part_nothing_differs_and_the_parting_is_still_known() {
    let (mut ours, mut theirs, parted) = futures();
    let before = SimTime(parted.0 - 5_000);
    ours.seek(before);
    theirs.seek(before);
    let found = difference(&ours, &theirs);
    assert!(found.is_none());
    assert_eq!(found.parting.as_ref().map(|parting| parting.at), Some(parted));
    assert_eq!(
        found.sentence(&names()),
        "At this moment Future B and Future A have the same tasks and machines."
    );
    assert!(found.commands.iter().flatten().all(|given| given.later));
}

#[test]
fn a_service_of_one_future_only_is_named() {
    let (mut ours, theirs, _) = futures();
    ours.enter("aws ecs delete-service --cluster shop --service web --force");
    ours.advance(SimDuration::secs(600));
    let found = difference(&ours, &theirs);
    assert_eq!(found.services[0].counts[0], None);
    assert!(found.sentence(&names()).starts_with("web exists only in Future A; "));
}

#[test]
fn a_future_beside_itself_does_not_differ() {
    let (ours, _, _) = futures();
    let found = difference(&ours, &ours.clone());
    assert!(found.is_none() && found.parting.is_none());
}
