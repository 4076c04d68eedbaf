//! Tasks alike that are started one after the other, and where they find their places.

use super::{begin, moor};
use crate::arn::{ContainerInstanceArn, SubnetId, TaskArn};
use crate::dice::Stream;
use crate::ecs::capacity_provider::FARGATE_SPOT;
use crate::ecs::placement::{Board, Decision, Request};
use crate::ecs::rules::capacity;
use crate::ecs::task::LaunchType;
use crate::ecs::task_chain::{Launch, NotPlaced};
use crate::ecs::task_waiting;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::timeline::{Kind, RecordKind};

/// What a task is told for which Fargate has no capacity (PLACE-31, PLACE-36).
const NO_CAPACITY: &str =
    "Capacity is unavailable at this time. Please try again later or in a different availability zone";

/// Where a task has found its place.
pub(super) struct Berth {
    pub(super) instance: Option<ContainerInstanceArn>,
    pub(super) subnet: Option<SubnetId>,
    pub(super) availability_zone: String,
}

/// Tasks alike that are started one after the other, at one moment.
#[derive(Debug)]
pub struct Series {
    launch: Launch,
    request: Request,
    /// Whether one was placed, or found no place.
    begun: bool,
}

impl Series {
    /// A series in which nothing is started yet.
    pub fn new(state: &State, launch: Launch) -> Series {
        Series { request: Request::of(state, &launch), launch, begun: false }
    }

    /// Places the next task and begins its chain.
    ///
    /// # Errors
    /// No instance can take it, and nothing is created (PLACE-20); the decision is on the timeline with its
    /// verdicts.
    pub fn start_now(&mut self, cx: &mut Cx<'_>) -> Result<TaskArn, NotPlaced> {
        let cause = cx.cause;
        let placed = self.berth(cx).map(|berth| begin(cx, self.launch.clone(), berth));
        cx.cause = cause;
        placed
    }

    /// Places the next task and begins its chain; where no instance can take it, it waits for one if its
    /// capacity provider lets it (CAP-28).
    ///
    /// # Errors
    /// No instance can take it, and it may not wait; nothing is created (PLACE-20).
    pub fn start(&mut self, cx: &mut Cx<'_>) -> Result<TaskArn, NotPlaced> {
        let cause = cx.cause;
        // Those that wait already come first.
        if !self.begun && self.launch.capacity_provider.is_some() {
            task_waiting::place(cx, &self.launch.cluster);
        }
        let placed = match self.berth(cx) {
            Ok(berth) => Ok(begin(cx, self.launch.clone(), berth)),
            Err(refusal) if !task_waiting::waits(cx.state, &self.launch) => Err(refusal),
            Err(refusal) if task_waiting::is_full(cx.state, &self.launch.cluster) => {
                let rule = capacity::WAITING_LIMIT;
                Err(NotPlaced { reason: task_waiting::LIMIT.to_string(), rule, ..refusal })
            }
            Err(refusal) => {
                let berth = Berth { instance: None, subnet: None, availability_zone: String::new() };
                let task = begin(cx, self.launch.clone(), berth);
                task_waiting::join(cx, &task, self.launch.clone(), refusal.reason);
                Ok(task)
            }
        };
        cx.cause = cause;
        placed
    }

    /// As what the tasks of the series are placed.
    pub fn launch(&self) -> &Launch {
        &self.launch
    }

    /// Whether the next task finds a place, as things stand.
    pub fn fits(&self, state: &State) -> bool {
        if self.launch.launch_type == LaunchType::Fargate {
            return true;
        }
        let instances = &state.container_instances;
        Board::new(instances, &self.request).decide(instances, |_| 0).chosen.is_some()
    }

    /// Places a task that waited for an instance and lets it go on.
    ///
    /// # Errors
    /// No instance can take it yet; AWS's word for the reason.
    pub(crate) fn place(&mut self, cx: &mut Cx<'_>, arn: &TaskArn) -> Result<(), String> {
        let cause = cx.cause;
        let decision = self.decide(cx);
        if decision.chosen.is_none() {
            return Err(decision.reason);
        }
        let placed = settle(cx, &self.launch, decision);
        if let Ok(berth) = placed {
            moor(cx, arn, berth);
        }
        cx.cause = cause;
        Ok(())
    }

    fn berth(&mut self, cx: &mut Cx<'_>) -> Result<Berth, NotPlaced> {
        if self.launch.launch_type == LaunchType::Fargate {
            return fargate_berth(cx, &self.launch);
        }
        let decision = self.decide(cx);
        settle(cx, &self.launch, decision)
    }

    fn decide(&mut self, cx: &mut Cx<'_>) -> Decision {
        self.begun = true;
        let stream =
            if self.launch.wishes.by_default { Stream::PlacementTie } else { Stream::PlacementRandom };
        let place = self.launch.cluster.as_str();
        cx.state.container_instances.place(&self.request, |bound| cx.dice.draw(stream, place, bound))
    }
}

/// Begins a task on an instance that somebody chose (StartTask, PLACE-06).
///
/// # Errors
/// The instance cannot take it; the reason is one of PLACE-31.
pub fn launch_on(
    cx: &mut Cx<'_>,
    launch: Launch,
    instance: &ContainerInstanceArn,
) -> Result<TaskArn, NotPlaced> {
    let cause = cx.cause;
    let instances = &cx.state.container_instances;
    let board = Board::of_one(instances, &Request::of(cx.state, &launch), instance);
    let decision = board.decide(instances, |_| 0);
    let placed = settle(cx, &launch, decision).map(|berth| begin(cx, launch, berth));
    cx.cause = cause;
    placed
}

/// Puts a decision on the timeline; what follows is caused by it.
fn settle(cx: &mut Cx<'_>, launch: &Launch, decision: Decision) -> Result<Berth, NotPlaced> {
    let chosen = decision.chosen.as_ref().and_then(|chosen| cx.state.container_instances.get(chosen));
    let berth = chosen.map(|instance| {
        let zone = instance.availability_zone().to_string();
        let subnets = launch.network.as_ref().map(|network| network.subnets.as_slice()).unwrap_or_default();
        let subnet = subnets
            .iter()
            .find(|id| cx.state.subnets.get(*id).is_some_and(|subnet| subnet.availability_zone == zone));
        Berth { instance: decision.chosen.clone(), subnet: subnet.cloned(), availability_zone: zone }
    });
    let kind = if berth.is_some() { RecordKind::Decision } else { RecordKind::Failure };
    let about = subject(Kind::Cluster, &launch.cluster);
    let record = cx.record_decision(kind, about, decision.text, decision.rule, decision.verdicts);
    cx.cause = Some(record);
    berth.ok_or(NotPlaced { closest: decision.closest, reason: decision.reason, rule: decision.rule, record })
}

/// The subnet whose zone has the fewest tasks of the group, ties in the order given (PLACE-04).
///
/// # Errors
/// Fargate Spot has no capacity in any of their zones ([`capacity::NO_OVERFLOW`]).
fn fargate_berth(cx: &mut Cx<'_>, launch: &Launch) -> Result<Berth, NotPlaced> {
    let subnets = launch.network.as_ref().map(|network| network.subnets.as_slice()).unwrap_or_default();
    let zone_of = |id: &SubnetId| {
        cx.state.subnets.get(id).map(|subnet| subnet.availability_zone.clone()).unwrap_or_default()
    };
    let count = |id: &SubnetId| {
        let key = (launch.cluster.clone(), launch.group.clone(), zone_of(id));
        cx.state.fargate_spread.get(&key).copied().unwrap_or(0)
    };
    let spot = launch.capacity_provider.as_deref() == Some(FARGATE_SPOT);
    let short = |id: &SubnetId| spot && cx.state.spot_shortage.contains(&zone_of(id));
    let subnet = subnets.iter().filter(|id| !short(id)).min_by_key(|id| count(id)).cloned();
    if subnet.is_none() && subnets.iter().any(short) {
        let zones: Vec<String> = subnets.iter().map(zone_of).collect();
        let text = format!(
            "no place for a task of {}: RESOURCE:FARGATE, Fargate Spot has no capacity in {}",
            launch.group,
            zones.join(", ")
        );
        let (about, rule) = (subject(Kind::Cluster, &launch.cluster), capacity::NO_OVERFLOW);
        let record = cx.record(RecordKind::Failure, about, text, rule);
        return Err(NotPlaced { closest: None, reason: NO_CAPACITY.to_string(), rule, record });
    }
    let availability_zone = subnet.as_ref().map(zone_of).unwrap_or_default();
    Ok(Berth { instance: None, subnet, availability_zone })
}
