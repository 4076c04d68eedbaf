//! Services under random faults: kills, failing checks, lost agents, drained, failed and terminated machines,
//! Fargate hosts that end, Spot interruptions and shortages, groups that are scaled, failing images, stopped
//! and protected tasks, and several updates at one moment.
//!
//! `DRYDOCK_FAULT_SEEDS=1000` plays so many seeds instead of a few, `DRYDOCK_FAULT_SEEDS=501-600` those of a
//! slice; `cargo xtask bench --faults` plays a thousand. A long run ends with what its faults led to.

mod blows;
mod bounds;
mod ledger;
mod mending;
mod stage;

use crate::world::World;
use drydock::dice::Dice;
use drydock::{SimDuration, State};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a machine lacks whose port is taken.
const PORT: &str = "host port";

/// What is to happen in one seed of twenty at least, where many are played: rules by which something happened,
/// and requests that were taken. Without them the trial would not try what it says.
const TRIED: &[(&str, &str)] = &[
    ("DEPLOY-21", "a revision whose checks fail"),
    ("DEPLOY-19", "a deployment that is given up"),
    ("DEPLOY-24", "a rollback"),
    ("StopServiceDeployment", "a deployment that is stopped by hand"),
    ("SVC-14", "a daemon that leaves a draining machine"),
    ("SVC-19", "a service that waits after failures"),
    ("SVC-27", "a task that moves to another zone"),
    ("PLACE-30", "protection"),
    ("PLACE-29", "a task that goes because it is more urgent"),
    ("CAP-11", "a task whose provider is chosen by its share"),
    ("CAP-12", "a shortage of Spot"),
    ("CAP-14", "an interruption of Fargate Spot"),
    ("CAP-23", "a scale-out by managed scaling"),
    ("CAP-24", "a scale-in by managed scaling"),
    ("CAP-28", "a task that waits for an instance"),
    ("CINST-15", "a drained machine"),
    ("CINST-18", "a Spot instance that drains at its notice"),
    ("CINST-19", "a machine that drains before its group ends it"),
    ("LIFE-14", "a task that waits for another to end"),
    ("PLACE-35", "a task without a place"),
    (PORT, "a port that is taken"),
];

struct Trial {
    world: World,
    dice: Dice,
    seed: u64,
    /// What was there after the event before.
    before: bounds::Before,
    /// So many records were looked at.
    records: usize,
    /// The operations that were taken, and the rules by which something happened.
    tried: BTreeSet<&'static str>,
    /// After how many seconds the slowest service was whole again.
    slowest: u64,
}

impl Trial {
    fn below(&mut self, bound: u64) -> u64 {
        let raw = self.dice.hex("fault");
        u64::from_str_radix(&raw[..12], 16).unwrap() % bound
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// One of these, as the dice fall; none of none.
    fn any(&mut self, mut of: Vec<String>) -> Option<String> {
        let at = self.below(of.len().max(1) as u64) as usize;
        (at < of.len()).then(|| of.swap_remove(at))
    }

    fn state(&self) -> &State {
        self.world.sim.state()
    }

    /// Asks for something that may be refused, and looks behind it.
    fn asks(&mut self, service: &str, operation: &'static str, input: Option<Value>) {
        if let Some(input) = input {
            if self.world.call(service, operation, input).is_ok() {
                self.tried.insert(operation);
            }
            self.compare();
        }
    }

    /// Lets time pass, an event after the other, and looks behind each.
    fn pass(&mut self, seconds: u64) {
        let until = self.world.sim.clock() + SimDuration::secs(seconds);
        while let Some(next) = self.world.sim.agenda().next_at().filter(|next| *next <= until) {
            self.world.sim.advance(next, 1, &mut self.world.timeline);
            self.compare();
        }
        self.world.sim.advance(until, 1, &mut self.world.timeline);
    }
}

/// A whole trial: faults, everything mended, and losses from which services come back by themselves.
fn play(seed: u64) -> Trial {
    let mut trial = Trial::begin(seed);
    for _ in 0..24 {
        // Several things may go wrong or be asked for at one moment.
        for _ in 0..=trial.below(3) {
            trial.fault();
        }
        // Some spells are long enough for zones and groups to be evened out.
        let seconds = if trial.below(12) == 0 { 300 + trial.below(1200) } else { trial.below(90) + 1 };
        trial.pass(seconds);
    }
    trial.mend();
    trial.lose();
    for record in trial.world.timeline.records() {
        trial.tried.extend(record.rule.map(|rule| rule.id));
        for verdict in &record.verdicts {
            trial.tried.insert(if verdict.reason.contains(PORT) { PORT } else { verdict.rule.id });
        }
    }
    trial
}

fn seeds() -> RangeInclusive<u64> {
    let asked = std::env::var("DRYDOCK_FAULT_SEEDS").unwrap_or_default();
    let number = |text: &str| text.parse().ok();
    match asked.split_once('-') {
        Some((first, last)) => number(first).zip(number(last)).map_or(1..=4, |(first, last)| first..=last),
        None => 1..=number(&asked).unwrap_or(4),
    }
}

#[test]
fn whatever_fails_services_keep_their_bounds_and_come_back() {
    let (seeds, mut failed, mut slowest) = (seeds(), Vec::new(), 0);
    let many = seeds.clone().count();
    let mut met: BTreeMap<&'static str, usize> = BTreeMap::new();
    for seed in seeds {
        // A seed that fails says why; the others are played all the same.
        match catch_unwind(AssertUnwindSafe(|| play(seed))) {
            Ok(trial) => {
                slowest = slowest.max(trial.slowest);
                trial.tried.into_iter().for_each(|what| *met.entry(what).or_default() += 1);
            }
            Err(_) => failed.push(seed),
        }
    }
    let times = |what: &str| met.get(what).copied().unwrap_or(0);
    if many >= 50 {
        println!(
            "{many} seeds, {} failed; the slowest service was whole again after {slowest} s",
            failed.len()
        );
        TRIED.iter().for_each(|(rule, what)| println!("{:>6} with {what} ({rule})", times(rule)));
    }
    assert!(failed.is_empty(), "{} of {many} seeds failed: {failed:?}", failed.len());
    if many >= 50 {
        let rare: Vec<_> = TRIED.iter().filter(|(rule, _)| times(rule) * 20 < many).collect();
        assert!(rare.is_empty(), "hardly tried: {rare:?}");
    }
}
