//! Container health checks: when they run, what they answer, and what follows (TASKDEF-33 to 37).

use crate::arn::TaskArn;
use crate::ecs::container::{self, ContainerStatus};
use crate::ecs::container_instance;
use crate::ecs::rules::task_definitions::HEALTH_CHECK;
use crate::ecs::rules::tasks as rules;
use crate::ecs::task::{self, Health};
use crate::ecs::task_chain;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

/// A check of this life of a container ends; the next is booked (TASKDEF-37).
pub fn check_ends(cx: &mut Cx<'_>, arn: &TaskArn, index: usize, life: u32) {
    let again = || Event::HealthCheck { task: arn.clone(), container: index, life };
    if container_instance::holds_back(cx, arn, again) {
        return;
    }
    let now = cx.clock;
    let cause = cx.cause;
    let task_before = cx.state.tasks.get(arn).map(task::Task::health);
    let Some(container) = container::of(cx, arn, index)
        .filter(|container| container.life == life && container.status == ContainerStatus::Running)
    else {
        return;
    };
    let Some(check) = container.plan.check else { return };
    let answers = check.fixed.unwrap_or_else(|| {
        container.serves(now) && container.plan.program.is_some_and(|program| program.healthy)
    });
    let passed = answers && !container.check_broken;
    let fault = container.check_fault.filter(|_| container.check_broken);
    let in_grace = container.health == Health::Unknown
        && container.started_at.is_some_and(|started| now.since(started) < check.start_period);
    let (before, mut next) = (container.health, cause);
    if passed {
        container.failed_checks = 0;
        container.health = Health::Healthy;
    } else if !in_grace {
        container.failed_checks = (container.failed_checks + 1).min(check.retries);
        if container.failed_checks >= check.retries {
            container.health = Health::Unhealthy;
        }
    }
    let (after, failed) = (container.health, container.failed_checks);
    // A first failure is caused by what broke the check, each later one by the failure before it.
    if !passed && failed == 1 && fault.is_some() {
        cx.cause = fault;
    }
    if !passed && !in_grace && before != Health::Unhealthy {
        let text = format!("health check failed, {failed} of {} in a row", check.retries);
        container::record(cx, RecordKind::Failure, arn, index, text, HEALTH_CHECK);
        next = cx.cause;
    }
    if before != after {
        container::record(cx, RecordKind::Change, arn, index, after.word().to_string(), rules::HEALTH_STATUS);
        next = cx.cause;
        let health = cx.state.tasks.get(arn).map(task::Task::health);
        if let Some(health) = health.filter(|_| health != task_before) {
            let text = format!("healthStatus {}", health.word());
            let kind = if health == Health::Unhealthy { RecordKind::Failure } else { RecordKind::Change };
            let record = cx.record(kind, subject(Kind::Task, arn), text, rules::HEALTH_STATUS);
            cx.cause = Some(record);
        }
        task::changed(cx, arn);
        container::open_gates(cx, arn);
        task_chain::settle(cx, arn);
    }
    // The next check follows whatever was told last, and keeps quiet where nothing was.
    cx.cause = next;
    cx.book(check.interval, again());
}
