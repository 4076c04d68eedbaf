//! Every instance of a cluster as tasks alike see it, kept up to date while they are placed.
//!
//! Instances that no strategy can tell apart make one class, and classes are ranked, not instances: what a
//! decision costs depends on how many kinds of instances there are, not on how many instances.

use crate::arn::ContainerInstanceArn;
use crate::ecs::container_instance::{ContainerInstance, Registered};
use crate::ecs::placement::filter::{Fail, Tests};
use crate::ecs::placement::strategy::{MOST, ZONE};
use crate::ecs::placement::{Request, Strategy};
use crate::order;
use crate::time::SimTime;

/// The instances, judged and counted; whoever changes one says so, and it is judged anew.
#[derive(Debug, PartialEq)]
pub struct Board {
    pub(super) tests: Tests,
    /// The instances by ARN; a place is an index here.
    pub(super) seats: Vec<Seat>,
    /// The classes that have instances, in their order.
    pub(super) classes: Vec<Class>,
    /// Per strategy that spreads over an attribute: its values, in their order, and the tasks of each.
    bins: Vec<Vec<(String, u64)>>,
    /// The places of instances that have changed since they were judged.
    touched: Vec<usize>,
}

/// An instance, and how it fares.
#[derive(Debug, PartialEq)]
pub(super) struct Seat {
    pub(super) arn: ContainerInstanceArn,
    since: SimTime,
    pub(super) standing: Standing,
    touched: bool,
}

/// How an instance fares, and what strategies go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) fail: Option<Fail>,
    /// Tasks of the group on it that were not told to stop (PLACE-12).
    own: u64,
    /// Per strategy: the bin of the attribute that is spread over, or what is left of what is packed.
    values: [u64; MOST],
}

/// What the instances of a class have in common: all that a decision goes by but their age and name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Traits {
    pub(super) fail: Option<Fail>,
    pub(super) own: u64,
    values: [u64; MOST],
}

/// Instances of one traits.
#[derive(Debug, PartialEq)]
pub(super) struct Class {
    pub(super) traits: Traits,
    /// Their places, ascending.
    pub(super) places: Vec<usize>,
    /// The same by registration.
    pub(super) by_age: Vec<(SimTime, usize)>,
}

impl Standing {
    /// Strategies have no say about an instance that fails.
    pub(super) fn traits(self) -> Traits {
        match self.fail {
            None => Traits { fail: None, own: self.own, values: self.values },
            fail => Traits { fail, own: 0, values: [0; MOST] },
        }
    }
}

impl Board {
    /// Judges and counts the instances of the request's cluster.
    pub fn new(instances: &Registered, request: &Request) -> Board {
        let first = ContainerInstanceArn::named(request.cluster.short(), "");
        let of_provider = |instance: &&ContainerInstance| {
            request.provider.is_none() || instance.capacity_provider == request.provider
        };
        let from_first = instances.range(first..).map(|(_, instance)| instance);
        let of_cluster = from_first.take_while(|instance| instance.cluster == request.cluster);
        Board::of(of_cluster.filter(of_provider).collect(), request)
    }

    /// A board of the one instance that somebody chose (PLACE-06).
    pub fn of_one(instances: &Registered, request: &Request, arn: &ContainerInstanceArn) -> Board {
        Board::of(instances.get(arn).into_iter().collect(), request)
    }

    fn of(instances: Vec<&ContainerInstance>, request: &Request) -> Board {
        let bins = request.wishes.strategies.iter().map(|strategy| match strategy {
            Strategy::Spread(name) => {
                let values = order::set(instances.iter().map(|instance| spread_value(instance, name)));
                values.into_iter().map(|value| (value.to_string(), 0)).collect()
            }
            _ => Vec::new(),
        });
        let mut board = Board {
            bins: bins.collect(),
            tests: Tests::new(request.clone()),
            seats: Vec::with_capacity(instances.len()),
            classes: Vec::new(),
            touched: Vec::new(),
        };
        for instance in instances {
            if let Some(standing) = board.judge(instance) {
                let (arn, since) = (instance.arn.clone(), instance.registered_at);
                board.count(standing, |count, own| count + own);
                board.seats.push(Seat { arn, since, standing, touched: false });
            }
        }
        let seats = board.seats.iter().enumerate();
        let mut sorted: Vec<(Traits, usize)> =
            seats.map(|(place, seat)| (seat.standing.traits(), place)).collect();
        order::sort(&mut sorted);
        for alike in sorted.chunk_by(|left, right| left.0 == right.0) {
            let places: Vec<usize> = alike.iter().map(|(_, place)| *place).collect();
            let mut by_age: Vec<(SimTime, usize)> =
                places.iter().filter_map(|place| Some((board.seats.get(*place)?.since, *place))).collect();
            order::sort(&mut by_age);
            board.classes.extend(alike.first().map(|(traits, _)| Class { traits: *traits, places, by_age }));
        }
        board
    }

    /// What tasks it is for.
    pub fn request(&self) -> &Request {
        &self.tests.request
    }

    /// Somebody may have changed this instance: it is judged anew before the next decision.
    pub fn touch(&mut self, arn: &ContainerInstanceArn) {
        let Ok(place) = self.seats.binary_search_by(|seat| seat.arn.cmp(arn)) else { return };
        if let Some(seat) = self.seats.get_mut(place)
            && !std::mem::replace(&mut seat.touched, true)
        {
            self.touched.push(place);
        }
    }

    /// Judges anew what was touched. Whether it could: not when an attribute that is spread over has changed.
    pub fn refresh(&mut self, instances: &Registered) -> bool {
        for place in std::mem::take(&mut self.touched) {
            let instance = self.seats.get(place).and_then(|seat| instances.get(&seat.arn));
            let Some(standing) = instance.and_then(|instance| self.judge(instance)) else { return false };
            let Some(seat) = self.seats.get_mut(place) else { return false };
            seat.touched = false;
            let before = std::mem::replace(&mut seat.standing, standing);
            let since = seat.since;
            let spreads = self.bins.iter().map(|bins| !bins.is_empty());
            let mut values = spreads.zip(before.values.iter().zip(&standing.values));
            if values.any(|(spreads, (before, now))| spreads && before != now) {
                return false;
            }
            if standing == before {
                continue;
            }
            self.count(before, u64::saturating_sub);
            self.count(standing, u64::saturating_add);
            if standing.traits() != before.traits() {
                self.leave(before.traits(), since, place);
                self.enter(standing.traits(), since, place);
            }
        }
        true
    }

    /// What a strategy goes by on instances of this traits: the least is best.
    pub(super) fn value(&self, at: usize, traits: &Traits) -> u64 {
        let value = traits.values.get(at).copied().unwrap_or(0);
        match self.request().wishes.strategies.get(at) {
            Some(Strategy::Spread(_)) => {
                let bin = usize::try_from(value).ok().and_then(|bin| self.bins.get(at)?.get(bin));
                bin.map_or(0, |(_, count)| *count)
            }
            Some(Strategy::SpreadInstances) => traits.own,
            _ => value,
        }
    }

    /// How an instance fares; nothing if it has an attribute that is spread over and was not there before.
    fn judge(&self, instance: &ContainerInstance) -> Option<Standing> {
        let mut values = [0; MOST];
        let strategies = self.request().wishes.strategies.iter().zip(&self.bins);
        for (value, (strategy, bins)) in values.iter_mut().zip(strategies) {
            *value = match strategy {
                Strategy::BinPackCpu => instance.cpu_left().0,
                Strategy::BinPackMemory => instance.memory_left().0,
                Strategy::Spread(name) => {
                    let wanted = spread_value(instance, name);
                    bins.binary_search_by(|(value, _)| value.as_str().cmp(wanted)).ok()? as u64
                }
                Strategy::SpreadInstances | Strategy::Random => 0,
            };
        }
        let own = instance.groups.get(&self.request().group).copied().unwrap_or(0);
        Some(Standing { fail: self.tests.judge(instance), own, values })
    }

    /// Counts the tasks of an instance where they are spread. Every instance counts, also one that cannot take
    /// the task.
    fn count(&mut self, standing: Standing, how: fn(u64, u64) -> u64) {
        for (bins, value) in self.bins.iter_mut().zip(standing.values) {
            if let Some((_, count)) = usize::try_from(value).ok().and_then(|bin| bins.get_mut(bin)) {
                *count = how(*count, standing.own);
            }
        }
    }

    fn leave(&mut self, traits: Traits, since: SimTime, place: usize) {
        let Ok(at) = self.classes.binary_search_by(|class| class.traits.cmp(&traits)) else { return };
        let Some(class) = self.classes.get_mut(at) else { return };
        if let Ok(at) = class.places.binary_search(&place) {
            class.places.remove(at);
        }
        if let Ok(at) = class.by_age.binary_search(&(since, place)) {
            class.by_age.remove(at);
        }
        if class.places.is_empty() {
            self.classes.remove(at);
        }
    }

    fn enter(&mut self, traits: Traits, since: SimTime, place: usize) {
        let at = self.classes.binary_search_by(|class| class.traits.cmp(&traits)).unwrap_or_else(|at| {
            self.classes.insert(at, Class { traits, places: Vec::new(), by_age: Vec::new() });
            at
        });
        let Some(class) = self.classes.get_mut(at) else { return };
        if let Err(at) = class.places.binary_search(&place) {
            class.places.insert(at, place);
        }
        if let Err(at) = class.by_age.binary_search(&(since, place)) {
            class.by_age.insert(at, (since, place));
        }
    }
}

/// The value of an attribute that instances are spread over; those without it are alike (PLACE-11).
pub(super) fn spread_value<'a>(instance: &'a ContainerInstance, name: &str) -> &'a str {
    if name == ZONE {
        return &instance.availability_zone;
    }
    instance.attributes.get(name).and_then(Option::as_deref).unwrap_or_default()
}
