//! One pass over a service: look, decide, start, stop, and say so (SVC-08, DEPLOY-12).

use crate::arn::ServiceArn;
use crate::ecs::rules::services as rules;
use crate::ecs::service::{RolloutState, Service};
use crate::ecs::service_scheduler::health::Condition;
use crate::ecs::service_scheduler::settling::settle;
use crate::ecs::service_scheduler::starting::{may_start, not_launched, not_placed, room, start};
use crate::ecs::service_scheduler::stopping::{stop, stop_unhealthy, stops};
use crate::ecs::service_scheduler::view::{View, look};
use crate::ecs::service_scheduler::{BETWEEN_PASSES, book_pass, breaker, count, events, rebalance};
use crate::operation::Cx;
use crate::rules::Rule;
use crate::timeline::RecordKind;

/// A pass over an ACTIVE service; `lost` is the rule by which it answers to the loss of a task.
pub(super) fn active(cx: &mut Cx<'_>, arn: &ServiceArn, lost: Option<&'static Rule>) {
    breaker::look(cx, arn);
    let Some(service) = cx.state.services.get(arn) else { return };
    let mut view = look(cx.state, service, cx.clock);
    note_healthy(cx, arn, &view);
    if rebalance::goes_on(cx, arn, &mut view) {
        return;
    }
    if !may_start(cx, arn) {
        view.step.start = 0;
    }
    let step = view.step;
    let stops = step.stop_old_other + step.stop_old_running + step.stop_excess;
    let idle = step.start + stops == 0 && !step.no_room_for_replacement;
    if idle {
        settle(cx, arn, &view);
    } else {
        act(cx, arn, &view, lost);
    }
}

/// Tasks of a deployment in progress that are healthy are remembered as such.
pub(super) fn note_healthy(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View) {
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    if service.primary().is_some_and(|primary| primary.rollout == RolloutState::InProgress) {
        for seen in view.seen.iter().filter(|seen| !seen.old && seen.condition == Condition::Healthy) {
            breaker::task_healthy(service, &seen.task);
        }
    }
}

/// Does what the step allows, and books the next pass.
fn act(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View, lost: Option<&'static Rule>) {
    let step = view.step;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    service.scheduler.steady = false;
    service.scheduler.stuck_since = None;
    service.scheduler.held_since = None;
    let (stops, verdicts) = stops(cx.state, arn, view);
    let Some(service) = cx.state.services.get(arn) else { return };
    let (text, rule) = decision(service, view, lost);
    let subject = service.subject();
    let decided = cx.record_decision(RecordKind::Decision, subject, text, rule, verdicts);
    cx.because(decided, |cx| {
        book_pass(cx, arn, BETWEEN_PASSES);
        let missing =
            cx.state.services.get(arn).map_or(0, |it| it.desired_count.saturating_sub(view.counts.current()));
        let (started, refusal) = start(cx, arn, step.start);
        let room = room(cx.state, arn, refusal.as_ref());
        let replaced = count(started.len()).saturating_sub(missing).min(view.counts.new_unhealthy);
        events::started(cx, arn, &started, replaced);
        // One by one, where an unhealthy task has to go first (SVC-22).
        let blocked = step.no_room_for_replacement || refusal.is_some();
        let alone = u64::from(blocked && started.is_empty() && view.counts.new_pending == 0);
        stop_unhealthy(cx, arn, view, replaced.max(alone.min(view.counts.new_unhealthy)));
        stop(cx, arn, &stops);
        if let Some(refusal) = refusal {
            not_placed(cx, arn, &refusal, room);
            not_launched(cx, arn, step.start - count(started.len()), &started, &refusal);
        }
    });
}

/// The decision of a pass in one sentence, and the rule behind it.
fn decision(service: &Service, view: &View, lost: Option<&'static Rule>) -> (String, &'static Rule) {
    let (step, counts) = (view.step, view.counts);
    let mut parts = Vec::new();
    if step.start > 0 {
        let revision = service.primary().map(|it| it.task_definition.short().to_string());
        parts.push(format!("start {} of {}", step.start, revision.unwrap_or_default()));
    }
    if counts.new_unhealthy > 0 && (step.start > 0 || step.no_room_for_replacement) {
        parts.push(format!("replace {} unhealthy", counts.new_unhealthy));
    }
    if step.stop_old_other + step.stop_old_running > 0 {
        parts.push(format!("stop {} old", step.stop_old_other + step.stop_old_running));
    }
    if step.stop_excess > 0 {
        parts.push(format!("stop {} beyond the desired count", step.stop_excess));
    }
    let draining = counts.old() > 0 && view.seen.iter().all(|seen| !seen.old || seen.draining);
    let rule = match lost {
        _ if draining => rules::DRAINING_INSTANCE,
        _ if counts.old() > 0 || counts.new_unhealthy > 0 => step.rule,
        Some(rule) => rule,
        None if service.scheduler.throttle.has_waited() => rules::THROTTLE_STEPS,
        None if service.scheduler.no_place.is_some() => rules::PASSES,
        None => step.rule,
    };
    let text = format!(
        "{}: {} desired, {} running or pending, {} healthy, floor {}, ceiling {}",
        parts.join(", "),
        service.desired_count,
        counts.total(),
        counts.healthy(),
        step.floor,
        step.ceiling
    );
    (text, rule)
}
