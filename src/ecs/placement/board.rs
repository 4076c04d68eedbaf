//! Every instance of a cluster as one request sees it, kept up to date while its tasks are placed.

use crate::arn::ContainerInstanceArn;
use crate::ecs::container_instance::ContainerInstance;
use crate::ecs::placement::filter::{Fail, Tests};
use crate::ecs::placement::strategy::ZONE;
use crate::ecs::placement::{Request, Strategy};
use crate::state::State;
use crate::time::SimTime;
use std::collections::BTreeMap;

/// The instances, judged and counted once per request; placing a task judges only its instance anew.
#[derive(Debug)]
pub struct Board {
    pub(super) seats: Vec<Seat>,
    pub(super) columns: Vec<Column>,
}

/// An instance, and how it fares.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) arn: ContainerInstanceArn,
    pub(super) fail: Option<Fail>,
    /// Tasks of the group on it that were not told to stop (PLACE-12).
    pub(super) own: u64,
    pub(super) since: SimTime,
}

/// What a strategy goes by, a value per instance.
#[derive(Debug)]
pub(super) enum Column {
    /// The group of instances that each belongs to, and the tasks that count in each such group.
    Spread {
        bins: Vec<usize>,
        counts: Vec<u64>,
    },
    SpreadInstances,
    Left(Vec<u64>),
    Random,
}

/// Who is left, who won, and where the others fell behind.
pub(super) struct Ranking {
    pub(super) chosen: Option<usize>,
    /// The place of the strategy at which an instance fell behind; the number of strategies if at none.
    pub(super) fell: Vec<u8>,
    /// Per strategy that was asked: its best value, and how many were left behind it.
    pub(super) asked: Vec<(u64, usize)>,
    /// How many instances passed every test.
    pub(super) fit: usize,
}

impl Board {
    /// Judges and counts the instances of the request's cluster.
    pub fn new(state: &State, request: &Request<'_>) -> Board {
        let first = ContainerInstanceArn::named(request.cluster.short(), "");
        let instances = || {
            let from_first = state.container_instances.range(&first..).map(|(_, instance)| instance);
            let of_provider = |instance: &&ContainerInstance| {
                request.provider.is_none() || instance.capacity_provider.as_deref() == request.provider
            };
            from_first.take_while(|instance| instance.cluster == *request.cluster).filter(of_provider)
        };
        let tests = Tests::new(state, *request);
        let seats: Vec<Seat> = instances().map(|instance| seat(&tests, request, instance)).collect();
        let column = |strategy: &Strategy| match strategy {
            Strategy::SpreadInstances => Column::SpreadInstances,
            Strategy::Random => Column::Random,
            Strategy::BinPackCpu => Column::Left(instances().map(|each| each.cpu_left().0).collect()),
            Strategy::BinPackMemory => Column::Left(instances().map(|each| each.memory_left().0).collect()),
            Strategy::Spread(name) => spread(name, instances().zip(seats.iter().map(|seat| seat.own))),
        };
        let columns = request.wishes.strategies.iter().map(column).collect();
        Board { seats, columns }
    }

    /// A board of the one instance that somebody chose (PLACE-06).
    pub fn of_one(state: &State, request: &Request<'_>, arn: &ContainerInstanceArn) -> Board {
        let tests = Tests::new(state, *request);
        let instance = state.container_instances.get(arn);
        let seats = instance.map(|instance| seat(&tests, request, instance)).into_iter().collect();
        Board { seats, columns: Vec::new() }
    }

    /// Judges an instance anew, on which a task was placed.
    pub fn update(&mut self, state: &State, request: &Request<'_>, arn: &ContainerInstanceArn) {
        let Ok(place) = self.seats.binary_search_by(|seat| seat.arn.cmp(arn)) else { return };
        let Some(instance) = state.container_instances.get(arn) else { return };
        let seat = seat(&Tests::new(state, *request), request, instance);
        let before = self.seats.get(place).map_or(0, |seat| seat.own);
        for (column, strategy) in self.columns.iter_mut().zip(&request.wishes.strategies) {
            match column {
                Column::Spread { bins, counts } => {
                    if let Some(count) = bins.get(place).and_then(|bin| counts.get_mut(*bin)) {
                        *count = (*count + seat.own).saturating_sub(before);
                    }
                }
                Column::Left(left) => {
                    let now = match strategy {
                        Strategy::BinPackCpu => instance.cpu_left().0,
                        _ => instance.memory_left().0,
                    };
                    if let Some(left) = left.get_mut(place) {
                        *left = now;
                    }
                }
                Column::SpreadInstances | Column::Random => {}
            }
        }
        if let Some(before) = self.seats.get_mut(place) {
            *before = seat;
        }
    }

    /// What a strategy goes by on this instance: the least is best.
    pub(super) fn value(&self, column: &Column, place: usize) -> u64 {
        match column {
            Column::Spread { bins, counts } => {
                bins.get(place).and_then(|bin| counts.get(*bin)).copied().unwrap_or(0)
            }
            Column::Left(left) => left.get(place).copied().unwrap_or(0),
            Column::SpreadInstances => self.seats.get(place).map_or(0, |seat| seat.own),
            Column::Random => 0,
        }
    }

    /// Ranks what passed: each strategy keeps the best of what the one before it left (PLACE-10).
    /// `draw` gives a number below its argument.
    pub(super) fn rank(&self, mut draw: impl FnMut(u64) -> u64) -> Ranking {
        let seats = self.seats.iter().enumerate();
        let mut left: Vec<usize> =
            seats.filter(|(_, seat)| seat.fail.is_none()).map(|(place, _)| place).collect();
        let fit = left.len();
        let none = u8::try_from(self.columns.len()).unwrap_or(u8::MAX);
        let mut fell = vec![none; self.seats.len()];
        let mut asked = Vec::new();
        for (at, column) in (0..none).zip(&self.columns) {
            if left.len() < 2 {
                break;
            }
            let mut behind = |place: usize| {
                if let Some(fell) = fell.get_mut(place) {
                    *fell = at;
                }
                false
            };
            let best = if matches!(column, Column::Random) {
                let drawn = usize::try_from(draw(left.len() as u64)).ok();
                let drawn = drawn.and_then(|drawn| left.get(drawn)).copied();
                left.retain(|place| Some(*place) == drawn || behind(*place));
                0
            } else {
                let best = left.iter().map(|place| self.value(column, *place)).min().unwrap_or(0);
                left.retain(|place| self.value(column, *place) == best || behind(*place));
                best
            };
            asked.push((best, left.len()));
        }
        let last_tie = |place: &usize| self.seats.get(*place).map(|seat| (seat.own, seat.since));
        Ranking { chosen: left.into_iter().min_by_key(last_tie), fell, asked, fit }
    }
}

fn seat(tests: &Tests<'_>, request: &Request<'_>, instance: &ContainerInstance) -> Seat {
    Seat {
        arn: instance.arn.clone(),
        fail: tests.judge(instance),
        own: instance.groups.get(request.group).copied().unwrap_or(0),
        since: instance.registered_at,
    }
}

/// The value of an attribute that instances are spread over; those without it are alike (PLACE-11).
pub(super) fn spread_value<'a>(instance: &'a ContainerInstance, name: &str) -> &'a str {
    if name == ZONE {
        return &instance.availability_zone;
    }
    instance.attributes.get(name).and_then(Option::as_deref).unwrap_or_default()
}

/// Groups instances by an attribute and counts the tasks of each group. Every instance counts, also one
/// that cannot take the task.
fn spread<'a>(name: &str, instances: impl Iterator<Item = (&'a ContainerInstance, u64)>) -> Column {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut bins, mut counts) = (Vec::new(), Vec::new());
    for (instance, own) in instances {
        let fresh = places.len();
        let bin = *places.entry(spread_value(instance, name)).or_insert(fresh);
        if bin == counts.len() {
            counts.push(0);
        }
        if let Some(count) = counts.get_mut(bin) {
            *count += own;
        }
        bins.push(bin);
    }
    Column::Spread { bins, counts }
}
