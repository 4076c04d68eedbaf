//! What a service tells: its events, word for word (SVC-16, PLACE-35).

use crate::arn::{ServiceArn, TaskArn};
use crate::ecs::placement;
use crate::ecs::rules::{services as rules, tasks as task_rules};
use crate::ecs::service::ServiceEvent;
use crate::ecs::service_scheduler::view::View;
use crate::ecs::task::LaunchType;
use crate::ecs::task_chain::NotPlaced;
use crate::ecs::task_waiting;
use crate::operation::Cx;
use crate::rules::Rule;
use crate::timeline::{RecordId, RecordKind};

/// How many events are kept ([`rules::EVENTS_KEPT`]).
const KEPT: usize = 100;
/// How many tasks one event names at most.
const NAMED: usize = 10;
/// How the texts of failures end.
const MORE: &str = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

/// Tells an event: on the timeline and in the service's list.
pub fn tell(
    cx: &mut Cx<'_>,
    service: &ServiceArn,
    message: impl Into<String>,
    rule: &'static Rule,
) -> Option<RecordId> {
    let message = message.into();
    let id = cx.dice.uuid(&format!("event/{}/{}", service.cluster(), service.short()));
    let created_at = cx.clock;
    let it = cx.state.services.get_mut(service)?;
    let subject = it.subject();
    it.events.push(ServiceEvent { id, created_at, message: message.clone() });
    let beyond = it.events.len().saturating_sub(KEPT);
    it.events.drain(..beyond);
    Some(cx.record(RecordKind::ServiceEvent, subject, message, rule))
}

/// Tells that tasks were started, some of them in place of unhealthy ones.
pub fn started(cx: &mut Cx<'_>, service: &ServiceArn, tasks: &[TaskArn], replaced: u64) {
    let name = service.short();
    let parts: Vec<&[TaskArn]> = tasks.chunks(NAMED).collect();
    for (place, part) in parts.iter().enumerate() {
        let mut text = format!("(service {name}) has started {} tasks: {}.", part.len(), named(part));
        if replaced > 0 && place + 1 == parts.len() {
            text.push_str(&format!(" Amazon ECS replaced {replaced} tasks due to an unhealthy status."));
        }
        tell(cx, service, text, if replaced > 0 { rules::UNHEALTHY_REPLACED } else { rules::EVENT_TEXTS });
    }
}

/// Tells that RUNNING tasks were stopped, and that pending ones were.
pub fn stopped(cx: &mut Cx<'_>, service: &ServiceArn, running: &[TaskArn], pending: usize) {
    let name = service.short();
    if pending > 0 {
        tell(cx, service, format!("(service {name}) stopped {pending} pending tasks."), rules::EVENT_TEXTS);
    }
    for part in running.chunks(NAMED) {
        let text = format!("(service {name}) has stopped {} running tasks: {}.", part.len(), named(part));
        tell(cx, service, text, rules::EVENT_TEXTS);
    }
}

/// Tells that a task failed its container health checks.
pub fn failed_checks(cx: &mut Cx<'_>, service: &ServiceArn, task: &TaskArn, rule: &'static Rule) {
    let text =
        format!("(service {}) (task {}) failed container health checks.", service.short(), task.short());
    tell(cx, service, text, rule);
}

/// The words in which a task that found no place is told (PLACE-35, PLACE-36).
pub fn not_placed(service: &ServiceArn, launch_type: LaunchType, why: &NotPlaced) -> String {
    let name = service.short();
    if why.reason == task_waiting::LIMIT {
        return format!(
            "(service {name}) was unable to place tasks in your cluster because the tasks provisioning capacity limit was exceeded."
        );
    }
    if why.reason == placement::EMPTY {
        return format!(
            "(service {name}) was unable to reach steady state. Reason: No Container Instances were found in your capacity provider."
        );
    }
    if launch_type == LaunchType::Fargate {
        return format!("(service {name}) was unable to place a task. Reason: {}. {MORE}", why.reason);
    }
    let head = format!(
        "(service {name}) was unable to place a task because no container instance met all of its requirements."
    );
    let Some(closest) = &why.closest else {
        return format!("{head} Reason: No Container Instances were found in your cluster. {MORE}");
    };
    let lacks = match why.reason.as_str() {
        "RESOURCE:CPU" => "has insufficient CPU units available.".to_string(),
        "RESOURCE:MEMORY" => "has insufficient memory available.".to_string(),
        "RESOURCE:PORTS" => "is already using a port required by your task.".to_string(),
        "ATTRIBUTE" => "is missing an attribute required by your task.".to_string(),
        "AGENT" => "doesn't have the agent connected.".to_string(),
        other => format!("encountered error \"{other}\"."),
    };
    format!("{head} The closest matching (container-instance {}) {lacks} {MORE}", closest.short())
}

/// Tells that tasks keep failing before they run ([`rules::THROTTLE`]).
pub fn throttled(cx: &mut Cx<'_>, service: &ServiceArn) {
    let text =
        format!("(service {}) is unable to consistently start tasks successfully. {MORE}", service.short());
    tell(cx, service, text, rules::THROTTLE);
}

/// Tells that floor and ceiling let a deployment do nothing ([`rules::STUCK`]).
pub fn stuck(cx: &mut Cx<'_>, service: &ServiceArn) {
    let text = format!(
        "(service {}) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.",
        service.short()
    );
    tell(cx, service, text, rules::STUCK);
}

/// Tells that protected tasks keep a service from getting down to its wish ([`task_rules::PROTECTION`]).
pub(super) fn held(cx: &mut Cx<'_>, service: &ServiceArn, view: &View) {
    let blocking = |old: bool| view.seen.iter().find(|seen| seen.protected && seen.old == old);
    let task = blocking(true).or_else(|| blocking(false)).and_then(|seen| cx.state.tasks.get(&seen.task));
    let set = task.and_then(|task| task.started_by.as_deref()).unwrap_or_default();
    let text = format!(
        "(service {}) was unable to reach steady state because (taskSet {set}) was unable to scale in due to (reason {} tasks under protection)",
        service.short(),
        view.step.held
    );
    tell(cx, service, text, task_rules::PROTECTION);
}

/// Tells that the circuit breaker gave a deployment up ([`rules::CIRCUIT_BREAKER`]).
pub fn failed(cx: &mut Cx<'_>, service: &ServiceArn, deployment: &str) {
    let text = format!(
        "(service {}) (deployment {deployment}) deployment failed: tasks failed to start.",
        service.short()
    );
    tell(cx, service, text, rules::CIRCUIT_BREAKER);
}

/// Tells which deployment comes back ([`rules::ROLLED_BACK`]).
pub fn rolling_back(cx: &mut Cx<'_>, service: &ServiceArn, deployment: &str) {
    let text = format!("(service {}) rolling back to deployment {deployment}.", service.short());
    tell(cx, service, text, rules::ROLLED_BACK);
}

/// Tells that only a part of what was to start could be launched, where a circuit breaker counts that.
pub fn part_launched(cx: &mut Cx<'_>, service: &ServiceArn, deployment: &str, left: u64, reason: &str) {
    let text = format!(
        "(service {}) could not launch {left} tasks for deployment {deployment}. Reason: {}.",
        service.short(),
        // Reasons of constraints end with a full stop of their own.
        reason.trim_end_matches('.')
    );
    tell(cx, service, text, rules::FAILED_TASKS);
}

/// Tells that a deployment is over.
pub fn completed(cx: &mut Cx<'_>, service: &ServiceArn, deployment: &str) {
    let text = format!("(service {}) (deployment {deployment}) deployment completed.", service.short());
    tell(cx, service, text, rules::ROLLOUT_STATE);
}

/// Tells that zones are uneven, and that tasks are moved.
pub fn zones_uneven(cx: &mut Cx<'_>, service: &ServiceArn, zones: &str) {
    let text =
        format!("(service {}) is not AZ balanced with {zones}. AZ Rebalancing in progress.", service.short());
    tell(cx, service, text, rules::REBALANCING_WHERE);
}

/// Tells that a task was started in the emptiest zone.
pub fn zone_started(cx: &mut Cx<'_>, service: &ServiceArn, zone: &str, task: &TaskArn) {
    let text = format!(
        "(service {}) has started 1 tasks in {zone} to AZ Rebalance: (task {}).",
        service.short(),
        task.short()
    );
    tell(cx, service, text, rules::REBALANCING_WHERE);
}

/// Tells that a task was stopped in the fullest zone.
pub fn zone_stopped(cx: &mut Cx<'_>, service: &ServiceArn, zone: &str, task: &TaskArn) {
    let text = format!(
        "(service {}) has stopped 1 running tasks in {zone} due to AZ rebalancing: (task {}).",
        service.short(),
        task.short()
    );
    tell(cx, service, text, rules::REBALANCING_WHERE);
}

/// Tells that zones are even.
pub fn zones_even(cx: &mut Cx<'_>, service: &ServiceArn, zones: &str) {
    let text = format!("(service {}) is AZ balanced with {zones}.", service.short());
    tell(cx, service, text, rules::REBALANCING_WHERE);
}

/// Tells that the service is as it should be ([`rules::STEADY_STATE`]).
pub fn steady(cx: &mut Cx<'_>, service: &ServiceArn) {
    let text = format!("(service {}) has reached a steady state.", service.short());
    tell(cx, service, text, rules::STEADY_STATE);
}

fn named(tasks: &[TaskArn]) -> String {
    tasks.iter().map(|task| format!("(task {})", task.short())).collect::<Vec<_>>().join(" ")
}
