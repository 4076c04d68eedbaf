//! The deployment circuit breaker: when a deployment that keeps failing is given up (DEPLOY-18 to
//! DEPLOY-24).

use crate::arn::{ServiceArn, TaskArn};
use crate::ecs::rules::services as rules;
use crate::ecs::service::settings::DeploymentCircuitBreaker;
use crate::ecs::service::{Deployment, RolloutState, Service};
use crate::ecs::service_deployment;
use crate::ecs::service_scheduler::events;
use crate::ecs::service_scheduler::health::WITHOUT_CHECKS;
use crate::ecs::task::{Health, StopCode, Task};
use crate::operation::Cx;
use crate::timeline::RecordKind;
use crate::units::Percent;

/// So many percent of the desired count may fail, when nothing else is asked for.
const USUAL: u64 = 50;
/// The least and the greatest threshold of `BOUNDED_PERCENT`.
const BOUNDS: (u64, u64) = (3, 200);

/// At how many failed tasks a deployment is given up, by the desired count of now
/// ([`rules::BREAKER_THRESHOLD`]).
pub fn threshold(breaker: &DeploymentCircuitBreaker, desired: u64) -> u64 {
    let asked = breaker.threshold_configuration.as_ref();
    let value = asked.map_or(USUAL, |asked| u64::try_from(asked.value).unwrap_or(0));
    let share = Percent(value).of_rounded_up(desired);
    match asked.map(|asked| asked.ty.as_str()) {
        Some("COUNT") => value,
        Some("UNBOUNDED_PERCENT") => share.max(1),
        _ => share.clamp(BOUNDS.0, BOUNDS.1),
    }
}

/// The breaker of a service, if it is on.
pub fn of(service: &Service) -> Option<&DeploymentCircuitBreaker> {
    service.kept.circuit_breaker.as_ref().filter(|breaker| breaker.enable)
}

/// Whether a breaker watches the newest deployment: every attempt is then made, and counts.
pub fn watches(service: &Service) -> bool {
    of(service).is_some() && service.primary().is_some_and(|it| it.rollout == RolloutState::InProgress)
}

/// One more failed task of a deployment. One that was given up counts no more, whatever was still on its
/// way, and what reaches the threshold together counts up to it ([`rules::ROLLBACK`]).
pub fn count(service: &mut Service, deployment: &str) {
    let most = of(service).map(|breaker| threshold(breaker, service.desired_count));
    let Some(deployment) = service.deployments.iter_mut().find(|it| it.id == deployment) else { return };
    let counts = match deployment.rollout {
        RolloutState::InProgress => most.is_none_or(|most| deployment.failed_tasks < most),
        RolloutState::Completed => true,
        RolloutState::Failed => false,
    };
    deployment.failed_tasks += u64::from(counts);
}

/// A task has STOPPED: counts it if it never was healthy and ended by itself ([`rules::FAILED_TASKS`],
/// [`rules::FAILED_HEALTHY`]).
pub fn task_left(service: &mut Service, task: &Task) {
    let was_healthy = service.scheduler.healthy.remove(&task.arn);
    let long_enough = task.started_at.is_some_and(|at| {
        task.stopping_at.is_some_and(|end| end >= at + WITHOUT_CHECKS) && task.health() == Health::Unknown
    });
    let Some(id) = task.started_by.as_deref() else { return };
    let going_on = service.deployments.iter().any(|it| it.id == id && it.rollout == RolloutState::InProgress);
    let crashed = task.stop_code == Some(StopCode::EssentialContainerExited)
        && going_on
        && !was_healthy
        && !long_enough;
    if crashed || task.stop_code == Some(StopCode::TaskFailedToStart) {
        count(service, id);
    }
}

/// A task of the deployment in progress is healthy: failures before it count no more, unless the
/// breaker was told to add them up ([`rules::FAILED_HEALTHY`]).
pub fn task_healthy(service: &mut Service, task: &TaskArn) {
    let keeps = of(service).is_some_and(|breaker| breaker.reset_on_healthy_task == Some(false));
    let Some(primary) = service.deployments.first_mut() else { return };
    if primary.rollout == RolloutState::InProgress && service.scheduler.healthy.insert(task.clone()) && !keeps
    {
        primary.failed_tasks = 0;
    }
}

/// Gives the newest deployment up if too many of its tasks failed; what was COMPLETED last may come back
/// ([`rules::ROLLBACK`]).
pub fn look(cx: &mut Cx<'_>, arn: &ServiceArn) {
    let Some(service) = cx.state.services.get(arn) else { return };
    let Some(breaker) = of(service).filter(|_| watches(service)) else { return };
    let (desired, threshold) = (service.desired_count, threshold(breaker, service.desired_count));
    let Some(primary) = service.primary().filter(|primary| primary.failed_tasks >= threshold) else { return };
    let text = format!(
        "give deployment {} up: {} tasks failed, and the threshold is {threshold} at {desired} desired",
        primary.id, primary.failed_tasks
    );
    let back = breaker.rollback;
    let decided = cx.record(RecordKind::Decision, service.subject(), text, rules::BREAKER_THRESHOLD);
    cx.because(decided, |cx| give_up(cx, arn, back, true));
}

/// Gives the newest deployment up because somebody asked for that ([`rules::SERVICE_DEPLOYMENTS`]).
pub fn undo(cx: &mut Cx<'_>, arn: &ServiceArn) {
    give_up(cx, arn, true, false);
}

/// The newest deployment is FAILED; with `back`, what was COMPLETED last is PRIMARY again.
fn give_up(cx: &mut Cx<'_>, arn: &ServiceArn, back: bool, by_breaker: bool) {
    let now = cx.clock;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    let subject = service.subject();
    let completed = back.then(|| service.last_completed.take()).flatten();
    let target = completed.as_ref().map(|completed| completed.id.clone());
    let who = if by_breaker { "ECS deployment circuit breaker" } else { "Service deployment stopped" };
    let reason = match &target {
        Some(target) => format!("{who}: rolling back to deploymentId {target}."),
        None => format!("{who}: tasks failed to start."),
    };
    let Some(primary) = service.deployments.first_mut() else { return };
    let failed = primary.id.clone();
    primary.rollout = RolloutState::Failed;
    primary.updated_at = now;
    primary.reason = Some(reason.clone());
    service_deployment::given_up(service, &reason, target.as_deref(), by_breaker, now);
    if let Some(completed) = completed {
        come_back(service, *completed, now);
    }
    if by_breaker {
        events::failed(cx, arn, &failed);
    }
    let Some(target) = target else { return };
    events::rolling_back(cx, arn, &target);
    cx.record(RecordKind::Change, subject.clone(), format!("deployment {target} PRIMARY"), rules::ROLLBACK);
    cx.record(RecordKind::Change, subject, format!("deployment {failed} ACTIVE"), rules::DEPLOYMENTS);
}

/// The deployment that was COMPLETED last is PRIMARY again.
fn come_back(service: &mut Service, completed: Deployment, now: crate::time::SimTime) {
    service.deployments.retain(|deployment| deployment.id != completed.id);
    service.network = completed.network.clone();
    service.platform_version = completed.platform_version.clone();
    let again =
        Deployment { rollout: RolloutState::InProgress, failed_tasks: 0, updated_at: now, ..completed };
    service.deployments.insert(0, again);
    service.scheduler.throttle.reset();
    service.scheduler.no_place = None;
    service.scheduler.healthy.clear();
}
