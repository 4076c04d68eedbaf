//! Which tasks to stop: a pure decision (PLACE-27 to PLACE-29).

use crate::arn::{ContainerInstanceArn, TaskArn};
use crate::ecs::rules::services as rules;
use crate::ecs::service::settings::PlacementStrategy;
use crate::order;
use crate::rules::Rule;
use crate::time::SimTime;
use std::collections::BTreeMap;

/// Why a task goes before others (PLACE-29), the most urgent first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// It is not RUNNING yet.
    Pending,
    /// It fails its checks.
    Unhealthy,
    /// It stands on a DRAINING instance.
    Draining,
    /// It is RUNNING and not yet known to be healthy.
    Young,
    /// Nothing sets it apart.
    None,
}

/// A task of the service that was not told to stop.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The task.
    pub task: TaskArn,
    /// Whether it may be chosen; others only count towards the balance.
    pub may_stop: bool,
    /// Why it goes before others.
    pub urgency: Urgency,
    /// How it stands under each strategy, the first strategy first.
    pub ranks: Vec<Rank>,
    /// When it was asked for.
    pub created_at: SimTime,
}

/// How a task stands under one strategy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// It belongs to this group of a spread; the largest group gives.
    Spread(String),
    /// This instance would have so much free without it (binpack); the emptiest gives. The second number
    /// is the task's own share.
    Free(String, u64, u64),
}

/// A chosen task, and the rule by which it went before the others.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The task.
    pub task: TaskArn,
    /// Why, in words.
    pub reason: String,
    /// The rule.
    pub rule: &'static Rule,
}

/// How a task of this instance and zone stands under a service's strategies; without any, zones and
/// then instances are kept even (PLACE-28). `left` says how much CPU and memory is left on the instance,
/// `own` how much the task takes; `attribute` looks an attribute of the instance up.
pub fn ranks(
    strategies: &[PlacementStrategy],
    zone: &str,
    instance: Option<&ContainerInstanceArn>,
    left: (u64, u64),
    own: (u64, u64),
    attribute: impl Fn(&str) -> String,
) -> Vec<Rank> {
    let on = instance.map(ToString::to_string).unwrap_or_default();
    if strategies.is_empty() {
        return vec![Rank::Spread(zone.to_string()), Rank::Spread(on)];
    }
    strategies
        .iter()
        .filter_map(|strategy| {
            let field = strategy.field.as_deref().unwrap_or_default();
            match strategy.ty.as_deref() {
                Some("spread") => Some(Rank::Spread(match field.strip_prefix("attribute:") {
                    Some("ecs.availability-zone") => zone.to_string(),
                    Some(name) => attribute(name),
                    None => on.clone(),
                })),
                Some("binpack") if field.eq_ignore_ascii_case("cpu") => {
                    Some(Rank::Free(on.clone(), left.0 + own.0, own.0))
                }
                Some("binpack") => Some(Rank::Free(on.clone(), left.1 + own.1, own.1)),
                _ => None,
            }
        })
        .collect()
}

/// Per group of a spread: how many tasks of the service are left in it; per instance that is packed: how much
/// those that were chosen give back on it. Both by number.
struct Groups<'a> {
    numbers: BTreeMap<(usize, &'a str), usize>,
    counts: Vec<u64>,
}

/// Tasks that stand alike: they differ in their age only, and the newest is last.
#[derive(Default)]
struct Class<'a> {
    tasks: Vec<&'a Candidate>,
    /// Per strategy: the number of their group, and what is free without its count.
    groups: Vec<(usize, u64)>,
}

impl<'a> Groups<'a> {
    fn of(candidates: &'a [Candidate]) -> Groups<'a> {
        let mut groups = Groups { numbers: BTreeMap::new(), counts: Vec::new() };
        for (place, rank) in candidates.iter().flat_map(|candidate| candidate.ranks.iter().enumerate()) {
            let (group, tasks) = match rank {
                Rank::Spread(group) => (group, 1),
                Rank::Free(instance, ..) => (instance, 0),
            };
            let fresh = groups.counts.len();
            let number = *groups.numbers.entry((place, group)).or_insert(fresh);
            if number == fresh {
                groups.counts.push(0);
            }
            groups.counts[number] += tasks;
        }
        groups
    }

    /// The numbers of the groups that such tasks belong to.
    fn numbered(&self, ranks: &[Rank]) -> Vec<(usize, u64)> {
        let number = |(place, rank): (usize, &Rank)| {
            let (group, free) = match rank {
                Rank::Spread(group) => (group, 0),
                Rank::Free(instance, free, _) => (instance, *free),
            };
            Some((*self.numbers.get(&(place, group.as_str()))?, free))
        };
        ranks.iter().enumerate().filter_map(number).collect()
    }

    /// How much stopping a task of the class is worth under each strategy, the first strategy first.
    fn worth(&self, class: &Class<'_>) -> impl Iterator<Item = u64> {
        class.groups.iter().map(|(group, free)| free + self.counts[*group])
    }
}

/// Chooses `count` tasks to stop, one after the other; each choice sees those before it.
pub fn choose(candidates: &[Candidate], count: u64, by_strategy: bool) -> Vec<Choice> {
    let mut groups = Groups::of(candidates);
    let mut classes: BTreeMap<(Urgency, &[Rank]), Class<'_>> = BTreeMap::new();
    for candidate in candidates.iter().filter(|candidate| candidate.may_stop) {
        classes.entry((candidate.urgency, &candidate.ranks)).or_default().tasks.push(candidate);
    }
    for ((_, ranks), class) in &mut classes {
        class.groups = groups.numbered(ranks);
        order::sort_by(&mut class.tasks, |one, other| {
            (one.created_at, &one.task).cmp(&(other.created_at, &other.task))
        });
    }
    let mut chosen = Vec::new();
    while u64::try_from(chosen.len()).is_ok_and(|so_far| so_far < count) {
        let best = classes.values_mut().max_by(|left, right| {
            let (Some(one), Some(other)) = (left.tasks.last(), right.tasks.last()) else {
                return left.tasks.len().cmp(&right.tasks.len());
            };
            (other.urgency.cmp(&one.urgency))
                .then_with(|| groups.worth(left).cmp(groups.worth(right)))
                .then_with(|| one.created_at.cmp(&other.created_at))
                .then_with(|| one.task.cmp(&other.task))
        });
        let Some(class) = best else { break };
        let Some(best) = class.tasks.pop() else { break };
        let values: Vec<u64> = groups.worth(class).collect();
        chosen.push(reason(best, &values, by_strategy));
        for (rank, (group, _)) in best.ranks.iter().zip(&class.groups) {
            match rank {
                Rank::Spread(_) => groups.counts[*group] -= 1,
                Rank::Free(_, _, own) => groups.counts[*group] += own,
            }
        }
    }
    chosen
}

fn reason(best: &Candidate, worth: &[u64], by_strategy: bool) -> Choice {
    let (reason, rule) = match best.urgency {
        Urgency::Pending => ("it is not RUNNING yet".to_string(), rules::STOP_FIRST),
        Urgency::Unhealthy => ("it is unhealthy".to_string(), rules::STOP_FIRST),
        Urgency::Draining => ("its instance is DRAINING".to_string(), rules::STOP_FIRST),
        Urgency::Young => ("it is not known to be healthy yet".to_string(), rules::STOP_FIRST),
        Urgency::None => {
            let rule = if by_strategy { rules::STOP_BY_STRATEGY } else { rules::STOP_BY_BALANCE };
            (explain(best, worth), rule)
        }
    };
    Choice { task: best.task.clone(), reason, rule }
}

fn explain(best: &Candidate, worth: &[u64]) -> String {
    let parts: Vec<String> = best
        .ranks
        .iter()
        .zip(worth)
        .filter_map(|(rank, value)| match rank {
            Rank::Spread(group) if group.is_empty() => None,
            Rank::Spread(group) => {
                Some(format!("{} has {value} tasks", group.rsplit('/').next().unwrap_or(group)))
            }
            Rank::Free(..) => Some(format!("its instance would have {value} free")),
        })
        .collect();
    if parts.is_empty() { "it is the newest".to_string() } else { parts.join(", ") }
}
