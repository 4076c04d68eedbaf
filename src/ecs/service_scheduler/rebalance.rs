//! Availability Zone rebalancing: a steady service moves tasks to zones that have too few (SVC-26 to
//! SVC-29).

use crate::arn::{ServiceArn, TaskArn};
use crate::ecs::container_instance::InstanceStatus;
use crate::ecs::placement::Constraint;
use crate::ecs::placement::query::Expression;
use crate::ecs::rules::services as rules;
use crate::ecs::service::{Scheduling, Service};
use crate::ecs::service_scheduler::choice::{self, Choice};
use crate::ecs::service_scheduler::health::Condition;
use crate::ecs::service_scheduler::stopping::{candidate, verdicts};
use crate::ecs::service_scheduler::view::View;
use crate::ecs::service_scheduler::{BETWEEN_PASSES, book_pass, events, starting};
use crate::ecs::task::{LaunchType, StopCode, Task};
use crate::ecs::task_chain::{self, Launch};
use crate::ecs::task_launch;
use crate::operation::Cx;
use crate::state::State;
use crate::time::{SimDuration, SimTime};
use crate::timeline::RecordKind;
use std::collections::BTreeMap;

/// So long after the steady state the zones are compared ([`rules::REBALANCING_PACE`]).
const PATIENCE: SimDuration = SimDuration::secs(300);
/// The attribute that zones are known by.
const ZONE: &str = "ecs.availability-zone";

/// What the scheduler remembers of moving tasks between zones.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rebalance {
    /// Since when the service is steady, or was last found without room to move.
    pub since: Option<SimTime>,
    /// Whether an imbalance was told and not yet set right.
    pub told: bool,
    /// The task that was started beyond the desired count, until one in a fuller zone stops.
    pub extra: Option<TaskArn>,
}

/// Whether a service moves tasks between zones ([`rules::REBALANCING_WHERE`]).
pub fn applies(service: &Service) -> bool {
    let spreads = service.placement_strategy.first().is_none_or(|first| {
        first.ty.as_deref() == Some("spread")
            && first.field.as_deref().is_some_and(|field| field.strip_prefix("attribute:") == Some(ZONE))
    });
    let mut expressions = service.placement_constraints.iter().filter_map(|it| it.expression.as_deref());
    service.kept.zone_rebalancing
        && service.scheduling == Scheduling::Replica
        && spreads
        && !expressions.any(|expression| expression.contains(ZONE))
}

/// The tasks of the service in each zone that has capacity for it.
fn zones(state: &State, service: &Service) -> BTreeMap<String, u64> {
    let mut zones: BTreeMap<String, u64> = BTreeMap::new();
    let network = service.primary().and_then(|primary| primary.network.as_ref());
    let reached: Option<Vec<&str>> = network.map(|network| {
        let subnets = network.subnets.iter().filter_map(|id| state.subnets.get(id));
        subnets.map(|subnet| subnet.availability_zone.as_str()).collect()
    });
    match service.launch_type {
        LaunchType::Fargate => {
            zones.extend(reached.into_iter().flatten().map(|zone| (zone.to_string(), 0)));
        }
        LaunchType::Ec2 => {
            let instances = state.container_instances.values().filter(|instance| {
                instance.cluster == service.cluster
                    && service.may_use(instance)
                    && instance.status == InstanceStatus::Active
                    && instance.agent_connected
            });
            let zone_of = instances.map(|instance| instance.availability_zone());
            let usable = zone_of.filter(|zone| reached.as_ref().is_none_or(|reached| reached.contains(zone)));
            zones.extend(usable.map(|zone| (zone.to_string(), 0)));
        }
    }
    for task in state.tasks_of_service(service).filter(|task| !task.told_to_stop) {
        if let Some(count) = zones.get_mut(&task.availability_zone) {
            *count += 1;
        }
    }
    zones
}

/// The fullest and the emptiest zone, if they differ by more than one task.
fn uneven(zones: &BTreeMap<String, u64>) -> Option<(String, String)> {
    let emptiest = zones.iter().min_by_key(|(_, count)| **count)?;
    let fullest = zones.iter().rev().max_by_key(|(_, count)| **count)?;
    (*fullest.1 > emptiest.1 + 1).then(|| (fullest.0.clone(), emptiest.0.clone()))
}

fn words(zones: &BTreeMap<String, u64>) -> String {
    let parts: Vec<String> = zones.iter().map(|(zone, count)| format!("{count} tasks in {zone}")).collect();
    parts.join(", ")
}

/// The service is steady: tells that its zones are even again, or begins to move a task.
pub(super) fn steady(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View) {
    let Some(service) = cx.state.services.get(arn).filter(|service| applies(service)) else { return };
    let zones = zones(cx.state, service);
    let notes = &service.scheduler.rebalance;
    let Some((from, to)) = uneven(&zones) else {
        if notes.told {
            events::zones_even(cx, arn, &words(&zones));
            if let Some(service) = cx.state.services.get_mut(arn) {
                service.scheduler.rebalance.told = false;
            }
        }
        return;
    };
    // A protected task is not moved (SVC-28); its service looks again when its protection ends.
    let movable = view.seen.iter().filter(|seen| !seen.protected);
    let mut zones_of = movable.filter_map(|seen| cx.state.tasks.get(&seen.task));
    let stays = !zones_of.any(|task| task.availability_zone == from);
    if stays || view.step.ceiling <= service.desired_count {
        return;
    }
    let due = notes.since.unwrap_or(cx.clock) + PATIENCE;
    if !notes.told && cx.clock < due {
        return book_pass(cx, arn, due.since(cx.clock));
    }
    let subject = service.subject();
    let text = format!("move a task from {from} to {to}: {}", words(&zones));
    let first = !notes.told;
    let Some(mut launch) = starting::launch(cx.state, service).and_then(|it| within(cx.state, it, &to))
    else {
        return;
    };
    // The task that moves keeps its provider.
    let moves =
        uneven_task(cx.state, service, view, None).and_then(|(_, choice)| cx.state.tasks.get(&choice.task));
    launch.capacity_provider = moves.and_then(|task| task.capacity_provider.clone());
    let decided = cx.record(RecordKind::Decision, subject, text, rules::REBALANCING_PACE);
    cx.because(decided, |cx| {
        let started = task_launch::Series::new(cx.state, launch).start_now(cx);
        let now = cx.clock;
        let Some(service) = cx.state.services.get_mut(arn) else { return };
        let Ok(task) = started else {
            // There is no room in that zone: it is looked at again later.
            service.scheduler.rebalance.since = Some(now);
            return book_pass(cx, arn, PATIENCE);
        };
        service.tasks.insert(task.clone());
        service.scheduler.steady = false;
        service.scheduler.rebalance.told = true;
        service.scheduler.rebalance.extra = Some(task.clone());
        if first {
            events::zones_uneven(cx, arn, &words(&zones));
        }
        events::zone_started(cx, arn, &to, &task);
        book_pass(cx, arn, BETWEEN_PASSES);
    });
}

/// A launch that goes into this zone and nowhere else.
fn within(state: &State, mut launch: Launch, zone: &str) -> Option<Launch> {
    if let Some(network) = &mut launch.network {
        let in_zone = |id: &crate::arn::SubnetId| {
            state.subnets.get(id).is_some_and(|subnet| subnet.availability_zone == zone)
        };
        network.subnets.retain(in_zone);
    }
    if launch.launch_type == LaunchType::Ec2 {
        let expression = Expression::read(&format!("attribute:{ZONE} == {zone}")).ok()?;
        launch.wishes.constraints.push(Constraint::MemberOf(expression));
    }
    Some(launch)
}

/// While a task is being moved: waits for the new one, then stops one in the fullest zone
/// ([`rules::REBALANCING_WHERE`]). Whether the pass has nothing more to do.
pub(super) fn goes_on(cx: &mut Cx<'_>, arn: &ServiceArn, view: &mut View) -> bool {
    let Some(service) = cx.state.services.get(arn) else { return true };
    let Some(extra) = service.scheduler.rebalance.extra.clone() else { return false };
    let condition = view.seen.iter().find(|seen| seen.task == extra && !seen.old).map(|seen| seen.condition);
    let beyond = view.counts.total() > service.desired_count;
    match condition {
        Some(Condition::Pending | Condition::Young) => {
            view.step.stop_excess = view.step.stop_excess.saturating_sub(1);
            return false;
        }
        // Where another task is not healthy, that one goes before any healthy one (PLACE-29).
        Some(Condition::Healthy) if beyond && view.counts.new_healthy == view.counts.total() => {}
        _ => {
            if let Some(service) = cx.state.services.get_mut(arn) {
                service.scheduler.rebalance.extra = None;
            }
            return false;
        }
    }
    let through = cx.state.tasks.get(&extra).and_then(|task| task.capacity_provider.clone());
    let chosen = uneven_task(cx.state, service, view, through.as_deref());
    let subject = service.subject();
    if let Some(service) = cx.state.services.get_mut(arn) {
        service.scheduler.rebalance.extra = None;
    }
    let Some((zone, choice)) = chosen else { return false };
    let text = format!("stop a task in {zone}: its successor in another zone is healthy");
    let verdicts = verdicts(std::slice::from_ref(&choice));
    let decided = cx.record_decision(RecordKind::Decision, subject, text, rules::REBALANCING_WHERE, verdicts);
    cx.because(decided, |cx| {
        events::zone_stopped(cx, arn, &zone, &choice.task);
        let Some(primary) = cx.state.services.get(arn).and_then(Service::primary) else { return };
        let reason = format!("Scaling activity initiated by (deployment {})", primary.id);
        task_chain::stop(cx, &choice.task, StopCode::ServiceSchedulerInitiated, &reason);
        book_pass(cx, arn, BETWEEN_PASSES);
    });
    true
}

/// The task to stop in the fullest zone; one through this provider, where one is named.
fn uneven_task(
    state: &State,
    service: &Service,
    view: &View,
    through: Option<&str>,
) -> Option<(String, Choice)> {
    let zones = zones(state, service);
    let (fullest, _) = zones.iter().rev().max_by_key(|(_, count)| **count)?;
    let mut candidates: Vec<choice::Candidate> =
        view.seen.iter().filter_map(|seen| candidate(state, service, seen)).collect();
    for (candidate, seen) in candidates.iter_mut().zip(&view.seen) {
        let task = state.tasks.get(&candidate.task);
        let here = |task: &Task| {
            let provider = task.capacity_provider.as_deref();
            task.availability_zone == *fullest && (through.is_none() || provider == through)
        };
        candidate.may_stop = !seen.protected && task.is_some_and(here);
    }
    let by_strategy = !service.placement_strategy.is_empty();
    choice::choose(&candidates, 1, by_strategy).pop().map(|choice| (fullest.clone(), choice))
}
