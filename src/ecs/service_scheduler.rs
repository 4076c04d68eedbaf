//! The service scheduler: passes that bring a service nearer to its wish (SVC-08).

use crate::arn::{ContainerInstanceArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::ecs::container_instance::InstanceStatus;
use crate::ecs::rules::services as rules;
use crate::ecs::service::{Deployment, RolloutState, Scheduling, ServiceStatus};
use crate::ecs::service_deployment;
use crate::ecs::task::{Health, LaunchType, StopCode, TaskStatus};
use crate::event::Event;
use crate::operation::Cx;
use crate::rules::Rule;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{RecordId, RecordKind};
use std::collections::{BTreeMap, BTreeSet};

pub mod breaker;
pub mod choice;
pub mod daemon;
pub mod events;
pub mod health;
mod pass;
pub mod rebalance;
pub mod rollout;
pub(crate) mod room;
mod settling;
mod starting;
mod stopping;
pub mod throttle;
mod view;

/// Between two passes while there is something to do ([`rules::PASSES`]).
pub const BETWEEN_PASSES: SimDuration = SimDuration::secs(10);
/// An INACTIVE service can be described for so long ([`rules::FORGOTTEN`]).
const REMEMBERED: SimDuration = SimDuration::secs(3600);

/// What the scheduler remembers of a service between passes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scheduler {
    /// When the next pass is booked.
    pub next_pass: Option<SimTime>,
    /// The record behind the booking of the next pass.
    pub booked_by: Option<RecordId>,
    /// The loss of a task that the next pass answers to, and the rule by which it is replaced.
    pub noticed: Option<(RecordId, &'static Rule)>,
    /// Whether the service is in a steady state ([`rules::STEADY_STATE`]).
    pub steady: bool,
    /// Waiting longer and longer ([`rules::THROTTLE`]).
    pub throttle: throttle::Throttle,
    /// Tasks that failed to start and have not STOPPED yet; the throttle has counted them.
    pub failing: BTreeSet<TaskArn>,
    /// The last failure to find a place.
    pub no_place: Option<room::NoPlace>,
    /// Tasks of the deployment in progress that were healthy once.
    pub healthy: BTreeSet<TaskArn>,
    /// Moving tasks between zones ([`rules::REBALANCING`]).
    pub rebalance: rebalance::Rebalance,
    /// When it was last told that a deployment is stuck.
    pub stuck_since: Option<SimTime>,
    /// When it was last told that protected tasks keep it from scaling in.
    pub held_since: Option<SimTime>,
}

/// Starts a deployment of a revision by this rule; it becomes PRIMARY, the one before it ACTIVE.
pub fn deploy(cx: &mut Cx<'_>, arn: &ServiceArn, definition: TaskDefinitionArn, rule: &'static Rule) {
    let id =
        format!("ecs-svc/{}", cx.dice.digits19(&format!("deployment/{}/{}", arn.cluster(), arn.short())));
    let history = cx.dice.hex(&format!("service-deployment/{}/{}", arn.cluster(), arn.short()));
    let now = cx.clock;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    let entry = history.get(..22).unwrap_or_default().to_string();
    let revision = service_deployment::Revision::of(service, definition.clone());
    service_deployment::begin(service, entry, id.clone(), revision, now);
    let superseded = service.deployments.first_mut().map(|superseded| {
        superseded.updated_at = now;
        let rule = match superseded.rollout {
            RolloutState::InProgress => rules::SUPERSEDED,
            RolloutState::Completed | RolloutState::Failed => rules::DEPLOYMENTS,
        };
        (format!("deployment {} ACTIVE", superseded.id), rule)
    });
    let text = format!("deployment {id} PRIMARY with {}", definition.short());
    service.deployments.insert(
        0,
        Deployment {
            id,
            task_definition: definition,
            network: service.network.clone(),
            platform_version: service.platform_version.clone(),
            failed_tasks: 0,
            reason: None,
            rollout: RolloutState::InProgress,
            created_at: now,
            updated_at: now,
        },
    );
    service.scheduler.throttle.reset();
    service.scheduler.healthy.clear();
    let subject = service.subject();
    cx.record(RecordKind::Change, subject.clone(), text, rule);
    if let Some((text, rule)) = superseded {
        cx.record(RecordKind::Change, subject, text, rule);
    }
}

/// Lets the scheduler look at a service right behind a request; the answer shows what was before.
pub fn look_at_once(cx: &mut Cx<'_>, arn: &ServiceArn) {
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    let scheduler = &mut service.scheduler;
    scheduler.noticed = None;
    scheduler.no_place = None;
    scheduler.stuck_since = None;
    scheduler.held_since = None;
    scheduler.rebalance = rebalance::Rebalance::default();
    scheduler.next_pass = None;
    pass(cx, arn, None);
}

/// Books the next pass, unless one is booked before it.
fn book_pass(cx: &mut Cx<'_>, arn: &ServiceArn, after: SimDuration) {
    let at = cx.clock + after;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    if service.scheduler.next_pass.is_none_or(|booked| booked > at) {
        service.scheduler.next_pass = Some(at);
        service.scheduler.booked_by = cx.cause;
        cx.book(after, Event::ServicePass(arn.clone()));
    }
}

/// A booked pass is due.
pub fn pass_due(cx: &mut Cx<'_>, arn: &ServiceArn) {
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    if service.scheduler.next_pass != Some(cx.clock) {
        return;
    }
    service.scheduler.next_pass = None;
    let loss = service.scheduler.noticed.take();
    cx.cause = loss.map(|(record, _)| record).or(service.scheduler.booked_by);
    pass(cx, arn, loss.map(|(_, rule)| rule));
}

fn pass(cx: &mut Cx<'_>, arn: &ServiceArn, lost: Option<&'static Rule>) {
    let now = cx.clock;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    service.note_bounds(now);
    match (service.status, service.scheduling) {
        (ServiceStatus::Active, Scheduling::Replica) => pass::active(cx, arn, lost),
        (ServiceStatus::Draining, _) => settling::draining(cx, arn),
        (ServiceStatus::Active, Scheduling::Daemon) => daemon::active(cx, arn, lost),
        (ServiceStatus::Inactive, _) => {}
    }
}

/// A task changed; if it belongs to a service, the service's scheduler takes note.
pub fn task_changed(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get(arn) else { return };
    let Some(service_arn) = task.service.clone() else { return };
    let Some(service) = cx.state.services.get_mut(&service_arn) else { return };
    let stopped = task.last_status == TaskStatus::Stopped;
    let left = stopped && service.tasks.remove(arn);
    if left {
        breaker::task_left(service, task);
    } else if task.is_running()
        && task.health() == Health::Healthy
        && service.primary().is_some_and(|primary| task.started_by.as_ref() == Some(&primary.id))
    {
        breaker::task_healthy(service, arn);
    }
    // The throttle counts a failure when it happens: a replacement does not wait for the end of the task.
    let failing = task.stop_code == Some(StopCode::TaskFailedToStart) && task.stopping_at == Some(cx.clock);
    if failing && service.scheduler.failing.insert(arn.clone()) {
        service.scheduler.throttle.failed();
    } else if task.is_running() && task.started_at == Some(cx.clock) {
        service.scheduler.throttle.reset();
    }
    if left {
        service.scheduler.failing.remove(arn);
    }
    // A loss is noticed once, when the task is told to stop or turns unhealthy; what the scheduler
    // itself stops is none.
    let own = task.stop_code == Some(StopCode::ServiceSchedulerInitiated);
    let lost = !own
        && if task.told_to_stop {
            task.stopping_at == Some(cx.clock)
        } else {
            task.health() == Health::Unhealthy
        };
    let rule = match task.stop_code {
        Some(StopCode::EssentialContainerExited) if task.started_at.is_some() => rules::CRASHES,
        Some(StopCode::TaskFailedToStart) => rules::THROTTLE,
        _ => rules::REPLACED,
    };
    let record = last_record(cx, arn);
    let Some(service) = cx.state.services.get_mut(&service_arn) else { return };
    if lost
        && service.strategy.len() > 1
        && let Some(before) = &mut service.scheduler.no_place
    {
        before.stale = true;
    }
    if lost && service.scheduler.noticed.is_none() {
        service.scheduler.noticed = record.map(|record| (record, rule));
    }
    let follows = |cx: &mut Cx<'_>| {
        // The task that fills the measure ends its deployment at once (DEPLOY-23).
        if left {
            breaker::look(cx, &service_arn);
        }
        book_pass(cx, &service_arn, BETWEEN_PASSES);
    };
    match record {
        Some(record) => cx.because(record, follows),
        None => follows(cx),
    }
}

/// A task was protected, or is no longer: its service looks at its next pass (PLACE-30).
pub fn protection_changed(cx: &mut Cx<'_>, arn: &TaskArn) {
    let service = cx.state.tasks.get(arn).and_then(|task| task.service.clone());
    if let Some(service) = service {
        book_pass(cx, &service, BETWEEN_PASSES);
    }
}

/// The newest record about this task, if it is among the last few.
fn last_record(cx: &Cx<'_>, task: &TaskArn) -> Option<RecordId> {
    let records = cx.timeline.records();
    let recent = records.len().saturating_sub(8);
    let place = records[recent..].iter().rposition(|record| record.subject.id == task.as_str())?;
    u32::try_from(recent + place).ok().map(RecordId)
}

/// AWS forgets an INACTIVE service (SVC-05).
pub fn forget(cx: &mut Cx<'_>, arn: &ServiceArn) {
    // A service of the same name may have been created, even deleted, since this was booked.
    let over =
        cx.state.services.get(arn).is_some_and(|service| {
            service.inactive_since.is_some_and(|since| cx.clock >= since + REMEMBERED)
        });
    if over {
        cx.state.services.remove(arn);
    }
}

/// Instances of a cluster came, changed or went: its DAEMON services look at once, and those that keep
/// their zones even at their next pass.
pub fn instances_changed(cx: &mut Cx<'_>, cluster: &str) {
    let first = ServiceArn::named(cluster, "");
    let services: Vec<(ServiceArn, bool)> = cx
        .state
        .services
        .range(first..)
        .map(|(_, service)| service)
        .take_while(|service| service.arn.cluster() == cluster)
        .filter(|service| service.status == ServiceStatus::Active)
        .map(|service| (service, service.scheduling == Scheduling::Daemon))
        .filter(|(service, daemon)| {
            *daemon || (service.launch_type == LaunchType::Ec2 && rebalance::applies(service))
        })
        .map(|(service, daemon)| (service.arn.clone(), daemon))
        .collect();
    for (arn, daemon) in services {
        let cause = cx.cause;
        if daemon {
            daemon::active(cx, &arn, None);
        } else {
            book_pass(cx, &arn, BETWEEN_PASSES);
        }
        cx.cause = cause;
    }
}

/// An instance changed its status: the services of its tasks look at their next pass, and those with a
/// task that does not run yet on a DRAINING one at once ([`rules::DRAINING_INSTANCE`]).
pub fn instance_changed(cx: &mut Cx<'_>, instance: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get(instance) else { return };
    let drains = instance.status == InstanceStatus::Draining;
    let mut services: BTreeMap<ServiceArn, SimDuration> = BTreeMap::new();
    for task in instance.tasks.iter().filter_map(|task| cx.state.tasks.get(task)) {
        let Some(service) = &task.service else { continue };
        let at_once = drains && !task.told_to_stop && !task.is_running();
        let after = services.entry(service.clone()).or_insert(BETWEEN_PASSES);
        *after = if at_once { SimDuration(0) } else { *after };
    }
    let cluster = instance.cluster.short().to_string();
    for (service, after) in services {
        book_pass(cx, &service, after);
    }
    instances_changed(cx, &cluster);
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
