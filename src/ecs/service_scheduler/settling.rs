//! What follows when a pass finds nothing to start or stop, and how a deleted service ends.

use crate::arn::ServiceArn;
use crate::ecs::rules::services as rules;
use crate::ecs::service::{RolloutState, ServiceStatus};
use crate::ecs::service_scheduler::choice::Choice;
use crate::ecs::service_scheduler::stopping::stop;
use crate::ecs::service_scheduler::view::{View, look};
use crate::ecs::service_scheduler::{BETWEEN_PASSES, REMEMBERED, book_pass, events, rebalance};
use crate::event::Event;
use crate::operation::Cx;
use crate::timeline::RecordKind;

/// Nothing can be started or stopped: says what follows from that, and looks again if that may change.
pub(super) fn settle(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View) {
    let now = cx.clock;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    let desired = service.desired_count;
    // An older deployment leaves the list with its last task (DEPLOY-01).
    let alive: std::collections::BTreeSet<&str> = service
        .tasks
        .iter()
        .filter_map(|task| cx.state.tasks.get(task))
        .filter_map(|task| task.started_by.as_deref())
        .collect();
    let mut place = 0;
    service.deployments.retain(|deployment| {
        place += 1;
        place == 1 || alive.contains(deployment.id.as_str())
    });
    let whole = view.counts.new_healthy == desired && view.counts.total() == desired && view.stopping == 0;
    let alone = service.deployments.len() == 1;
    let steady = whole && alone;
    let entered = steady && !service.scheduler.steady;
    service.scheduler.steady = steady;
    if steady {
        service.scheduler.no_place = None;
    }
    if entered {
        service.scheduler.rebalance.since = Some(now);
    }
    let mut finished = None;
    if let Some(primary) = service.deployments.first_mut()
        && steady
        && primary.rollout == RolloutState::InProgress
    {
        primary.rollout = RolloutState::Completed;
        primary.updated_at = now;
        finished = Some(primary.id.clone());
        service.last_completed = Some(Box::new(primary.clone()));
        service.scheduler.healthy.clear();
        crate::ecs::service_deployment::completed(service, now);
    }
    let six_hours = crate::time::SimDuration::secs(6 * 3600);
    let stuck = view.step.stuck && service.scheduler.stuck_since.is_none_or(|since| now >= since + six_hours);
    if stuck {
        service.scheduler.stuck_since = Some(now);
    }
    let held =
        view.step.held > 0 && service.scheduler.held_since.is_none_or(|since| now >= since + six_hours);
    if held {
        service.scheduler.held_since = Some(now);
    }
    if let Some(deployment) = finished {
        events::completed(cx, arn, &deployment);
    }
    if entered {
        events::steady(cx, arn);
    }
    if stuck {
        events::stuck(cx, arn);
    }
    if held {
        events::held(cx, arn, view);
    }
    if steady {
        rebalance::steady(cx, arn, view);
    } else {
        book_pass(cx, arn, BETWEEN_PASSES);
    }
}

/// A pass over a DRAINING service: its tasks go, then it is INACTIVE (SVC-04, SVC-05).
pub(super) fn draining(cx: &mut Cx<'_>, arn: &ServiceArn) {
    let Some(service) = cx.state.services.get(arn) else { return };
    let view = look(cx.state, service, cx.clock);
    if !view.seen.is_empty() {
        let chosen: Vec<Choice> = view
            .seen
            .iter()
            .map(|seen| Choice {
                task: seen.task.clone(),
                reason: "the service is deleted".to_string(),
                rule: rules::FORGOTTEN,
            })
            .collect();
        let text = format!("stop all {} tasks: the service is deleted", chosen.len());
        let subject = service.subject();
        let decided = cx.record(RecordKind::Decision, subject, text, rules::FORGOTTEN);
        cx.because(decided, |cx| stop(cx, arn, &chosen));
    }
    let now = cx.clock;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    if service.tasks.is_empty() {
        service.status = ServiceStatus::Inactive;
        service.inactive_since = Some(now);
        let subject = service.subject();
        cx.record(RecordKind::Change, subject, "INACTIVE", rules::STATUS);
        cx.book(REMEMBERED, Event::ServiceForgotten(arn.clone()));
    } else {
        book_pass(cx, arn, BETWEEN_PASSES);
    }
}
