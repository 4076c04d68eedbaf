//! What differs between two futures at one moment. No browser is needed to know that.
use std::collections::{BTreeMap, BTreeSet};

use drydock::ec2::instance::InstanceState;
use drydock::ecs::service::Service;
use drydock::run::Run;
use drydock::{SimTime, State, order};

use crate::map::Selection;
use crate::studio::subject::{brief, short};
use crate::studio::why::Told;
use crate::studio::{fleet, live};

/// How many things that are only in one future are named one by one.
const MOST_NAMED: usize = 12;

/// The tasks of a service, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Tasks that it wants.
    pub desired: u64,
    /// Tasks that run.
    pub running: u64,
    /// Tasks on their way.
    pub pending: u64,
    /// Tasks of its deployments that failed.
    pub failed: u64,
}

impl Counts {
    /// The figures with their words, in the order in which they are read.
    pub fn rows(self) -> [(&'static str, u64); 4] {
        let Counts { desired, running, pending, failed } = self;
        [("desired", desired), ("running", running), ("pending", pending), ("failed", failed)]
    }
}

/// A service in both futures; `None` where it does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its cluster and its name.
    pub name: String,
    /// Its colour on the map of the first future that has it.
    pub colour: usize,
    /// Its tasks in both.
    pub counts: [Option<Counts>; 2],
}

/// Something that exists in one of the two futures only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Only {
    /// How it is selected on the map.
    pub selection: Selection,
    /// What it is, in a few words.
    pub words: String,
}

/// A command of one future that the other one does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// When.
    pub at: SimTime,
    /// The command as typed.
    pub command: String,
    /// Whether it lies behind the moment that is shown.
    pub later: bool,
}

/// The first record at which two futures part.
#[derive(Debug, Clone, PartialEq)]
pub struct Parting {
    /// The earlier moment of the two records.
    pub at: SimTime,
    /// The record of each, as a sentence; `None` where one has nothing more.
    pub records: [Option<(Told, String)>; 2],
}

/// What differs between two futures at one moment; ours first, the other one second.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Difference {
    /// The first record at which they part, if they do.
    pub parting: Option<Parting>,
    /// Every service of either.
    pub services: Vec<Row>,
    /// The tasks that are not STOPPED, in all.
    pub tasks: [u64; 2],
    /// The machines that are not terminated, in all.
    pub machines: [u64; 2],
    /// The first tasks and machines that are in one only, and how many those are.
    pub only: [(Vec<Only>, usize); 2],
    /// The commands of each that the other does not have.
    pub commands: [Vec<Given>; 2],
}

/// Compares two runs at the moments where they stand.
pub fn difference(ours: &Run, theirs: &Run) -> Difference {
    let states = [ours.sim().state(), theirs.sim().state()];
    let [mine, other] = states.map(things);
    let own = |here: &BTreeMap<Selection, String>, there: &BTreeMap<Selection, String>| {
        let only = here.iter().filter(|(selection, _)| !there.contains_key(*selection));
        let all = only.clone().count();
        let named = only.take(MOST_NAMED);
        let only =
            named.map(|(selection, words)| Only { selection: selection.clone(), words: words.clone() });
        (only.collect(), all)
    };
    let count = |here: &BTreeMap<Selection, String>, tasks: bool| {
        here.keys().filter(|selection| matches!(selection, Selection::Task(_)) == tasks).count() as u64
    };
    Difference {
        parting: parting(ours, theirs),
        services: services(states),
        tasks: [count(&mine, true), count(&other, true)],
        machines: [count(&mine, false), count(&other, false)],
        only: [own(&mine, &other), own(&other, &mine)],
        commands: commands(ours, theirs),
    }
}

impl Difference {
    /// Whether anything that is counted or named differs at this moment.
    pub fn is_none(&self) -> bool {
        let same = self.services.iter().all(|row| row.counts[0] == row.counts[1]);
        same && self.only.iter().all(|(_, all)| *all == 0)
    }

    /// What differs most, in a sentence; the futures go by these names.
    pub fn sentence(&self, names: &[String; 2]) -> String {
        let [ours, theirs] = names;
        if self.is_none() {
            return match &self.parting {
                None => format!("Nothing that happened so far differs between {ours} and {theirs}."),
                Some(_) => format!("At this moment {ours} and {theirs} have the same tasks and machines."),
            };
        }
        let mut parts: Vec<String> =
            self.services.iter().filter_map(|row| row_sentence(row, names)).take(3).collect();
        for (name, (only, all)) in names.iter().zip(&self.only) {
            let machines = only.iter().filter(|it| matches!(it.selection, Selection::Instance(_))).count();
            match (*all, machines) {
                (0, _) => {}
                (all, 0) => parts.push(format!("{} only in {name}", counted(all, "task"))),
                (all, machines) if all == machines => {
                    parts.push(format!("{} only in {name}", counted(all, "machine")))
                }
                (all, _) => parts.push(format!("{all} tasks and machines are only in {name}")),
            }
        }
        let mut sentence = parts.join("; ");
        sentence.push('.');
        sentence
    }
}

/// One service's largest difference, in words.
fn row_sentence(row: &Row, [ours, theirs]: &[String; 2]) -> Option<String> {
    let name = &row.name;
    match row.counts {
        [Some(_), None] => Some(format!("{name} exists only in {ours}")),
        [None, Some(_)] => Some(format!("{name} exists only in {theirs}")),
        [Some(mine), Some(other)] if mine.running != other.running => {
            let (mine, other) = (mine.running, other.running);
            Some(format!("{name} runs {mine} in {ours} and {other} in {theirs}"))
        }
        [Some(mine), Some(other)] => {
            let rows = mine.rows().into_iter().zip(other.rows());
            let differs = rows.filter(|(mine, other)| mine.1 != other.1);
            differs
                .map(|((word, mine), (_, other))| {
                    format!("{name} has {mine} {word} in {ours} and {other} in {theirs}")
                })
                .next()
        }
        [None, None] => None,
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what} is") } else { format!("{count} {what}s are") }
}

/// Every task and machine that lives, with a few words about it.
fn things(state: &State) -> BTreeMap<Selection, String> {
    let tasks = state.tasks.values().filter(|task| task.last_status.word() != "STOPPED").map(|task| {
        let words = format!(
            "Task {} {}, {}",
            task.task_definition.short(),
            short(task.arn.short()),
            task.last_status.word()
        );
        (Selection::Task(task.arn.to_string()), words)
    });
    let machines = state.instances.values().filter(|machine| machine.state != InstanceState::Terminated).map(
        |machine| {
            let words = format!("Machine {}, {}", machine.id.as_str(), machine.instance_type.name);
            (Selection::Instance(machine.id.to_string()), words)
        },
    );
    order::map(tasks.chain(machines))
}

fn services(states: [&State; 2]) -> Vec<Row> {
    let living = states.map(|state| {
        let living = state.services.values().filter(|service| service.status.word() != "INACTIVE");
        order::map(living.map(|service| (name_of(state, service), (state, service))))
    });
    let names: BTreeSet<&String> = order::set(living.iter().flat_map(BTreeMap::keys));
    let count = |(state, service): &(&State, &Service)| counts(state, service);
    let rows = names.into_iter().map(|name| {
        let both = [living[0].get(name), living[1].get(name)];
        let colour = both.into_iter().flatten().next();
        Row {
            name: name.clone(),
            colour: colour.map_or(0, |(state, service)| fleet::service_colour(state, service)),
            counts: both.map(|service| service.map(count)),
        }
    });
    rows.collect()
}

/// A service's name, with its cluster's where there are several.
fn name_of(state: &State, service: &Service) -> String {
    if state.clusters.len() > 1 {
        format!("{}/{}", service.cluster.short(), service.name)
    } else {
        service.name.clone()
    }
}

fn counts(state: &State, service: &Service) -> Counts {
    let tasks = || state.tasks_of_service(service);
    Counts {
        desired: service.desired_count,
        running: tasks().filter(|task| task.is_running()).count() as u64,
        pending: tasks().filter(|task| task.is_pending()).count() as u64,
        failed: service.deployments.iter().map(|deployment| deployment.failed_tasks).sum(),
    }
}

/// The first record at which the two part, as far as each was played.
fn parting(ours: &Run, theirs: &Run) -> Option<Parting> {
    let all = |run: &Run| run.timeline().len() + run.known_future().len();
    let record = |run: &Run, index: usize| {
        let past = run.timeline().records();
        past.get(index).or_else(|| run.known_future().get(index - past.len())).cloned()
    };
    let same = {
        let (mine, other) = (ours.timeline().records(), theirs.timeline().records());
        let mine = mine.iter().chain(ours.known_future());
        let other = other.iter().chain(theirs.known_future());
        mine.zip(other).take_while(|(mine, other)| mine == other).count()
    };
    if same == all(ours).min(all(theirs)) && ours.lines().len() == theirs.lines().len() {
        return None;
    }
    let records = [record(ours, same), record(theirs, same)];
    let at = records.iter().flatten().map(|record| record.at).min()?;
    let told = records.map(|record| {
        record.map(|record| {
            let mut told = Told::of(&record);
            told.about = brief(&record.subject).to_string();
            (told, live::sentence(&record))
        })
    });
    Some(Parting { at, records: told })
}

fn commands(ours: &Run, theirs: &Run) -> [Vec<Given>; 2] {
    let lines = |run: &Run| run.branches()[run.current_branch()].lines.clone();
    let (mine, other) = (lines(ours), lines(theirs));
    let same = mine.iter().zip(&other).take_while(|(mine, other)| mine == other).count();
    let given = |run: &Run, lines: &[drydock::run::Played]| {
        let own = lines[same..].iter();
        own.map(|line| Given { at: line.at, command: line.command.clone(), later: line.at > run.clock() })
            .collect()
    };
    [given(ours, &mine), given(theirs, &other)]
}
