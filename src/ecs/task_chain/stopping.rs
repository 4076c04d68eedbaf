//! How a task comes to its end: told to stop, container by container, or lost with its machine.

use super::{set_status, walk};
use crate::arn::TaskArn;
use crate::cloudwatch::meter;
use crate::ecs::container::{self, ContainerStatus};
use crate::ecs::rules::tasks as rules;
use crate::ecs::task::{self, StopCode, Task, TaskStatus};
use crate::ecs::task_chain::Step;
use crate::ecs::{container_instance, durations, task_waiting};
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

/// Tells a task to stop; what has already been told goes on as it was (LIFE-09).
pub fn stop(cx: &mut Cx<'_>, arn: &TaskArn, code: StopCode, reason: &str) {
    let cause = cx.cause;
    if tell_to_stop(cx, arn, code, reason) {
        begin_stop(cx, arn);
    }
    cx.cause = cause;
}

/// Sets the desired status to STOPPED, which frees what placement counts for the task (LIFE-14).
///
/// Answers whether the task was not told before; the caller then begins its stop.
pub(crate) fn tell_to_stop(cx: &mut Cx<'_>, arn: &TaskArn, code: StopCode, reason: &str) -> bool {
    let Some(task) = cx.state.tasks.get_mut(arn).filter(|task| !task.told_to_stop) else { return false };
    task.told_to_stop = true;
    task.stopping_at = Some(cx.clock);
    task.stop_code = Some(code);
    task.stopped_reason = Some(reason.to_string());
    task.version += 1;
    container_instance::give_back(cx.state, arn);
    task_waiting::leave(cx.state, arn);
    let kind = match code {
        StopCode::UserInitiated | StopCode::ServiceSchedulerInitiated => RecordKind::Change,
        _ => RecordKind::Failure,
    };
    let text = format!("desiredStatus STOPPED: {reason}");
    let record = cx.record(kind, subject(Kind::Task, arn), text, rules::STOP_CODES);
    cx.cause = Some(record);
    task::changed(cx, arn);
    true
}

/// Begins the stop chain of a task that was told to stop, unless its agent cannot be reached.
pub(crate) fn begin_stop(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get(arn).filter(|task| task.told_to_stop) else { return };
    if task.step >= Some(Step::LeaveLoadBalancer)
        || task.last_status == TaskStatus::Stopped
        || container_instance::is_silent(cx.state, arn)
    {
        return;
    }
    walk(cx, arn, Step::LeaveLoadBalancer);
}

/// Goes on with stopping: each container is stopped once all that depend on it have (TASKDEF-30).
pub(crate) fn stop_containers(cx: &mut Cx<'_>, arn: &TaskArn) {
    stop_order(cx, arn);
    let stopping = cx.state.tasks.get(arn).is_some_and(|task| task.step == Some(Step::StopContainers));
    if stopping && all_stopped(cx, arn) {
        containers_ended(cx, arn);
        walk(cx, arn, Step::DeleteNetworkCard);
    }
}

/// In the reverse of dependsOn (LIFE-16).
pub(super) fn stop_order(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    for container in task.containers.iter_mut().filter(|each| each.status == ContainerStatus::Pending) {
        container.status = ContainerStatus::Stopped;
    }
    let needed = |index: usize| {
        task.containers.iter().any(|other| {
            other.status == ContainerStatus::Running
                && other.plan.depends_on.iter().any(|(on, _)| *on == index)
        })
    };
    let due: Vec<usize> = (0..task.containers.len())
        .filter(|index| {
            task.containers.get(*index).is_some_and(|container| {
                container.status == ContainerStatus::Running && !container.signalled && !needed(*index)
            })
        })
        .collect();
    for index in due {
        let cause = cx.cause;
        container::signal(cx, arn, index);
        cx.cause = cause;
    }
}

pub(super) fn all_stopped(cx: &Cx<'_>, arn: &TaskArn) -> bool {
    cx.state.tasks.get(arn).is_some_and(|task| {
        task.containers.iter().all(|container| container.status == ContainerStatus::Stopped)
    })
}

/// The last process of a task has ended: the agent has its resources back.
pub(super) fn containers_ended(cx: &mut Cx<'_>, arn: &TaskArn) {
    if let Some(task) = cx.state.tasks.get_mut(arn) {
        task.execution_stopped_at = task.started_at.map(|_| cx.clock);
    }
    container_instance::release(cx, arn);
}

/// The task is STOPPED, and will be forgotten (LIFE-26).
pub(super) fn stopped(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    task.stopped_at = Some(cx.clock);
    let name = task.container_instance.clone();
    if let Some(instance) = name.as_ref().and_then(|name| cx.state.container_instances.get_mut(name)) {
        instance.tasks.remove(arn);
    }
    set_status(cx, arn, TaskStatus::Stopped, rules::TASK_STATES);
    cx.book(durations::STOPPED_KEPT, Event::TaskForgotten(arn.clone()));
    if let Some(name) = name {
        crate::ecs::managed_draining::emptied(cx, &name);
    }
}

/// The machine under a task is gone, or ECS no longer counts it: the task is STOPPED at once.
pub(crate) fn lost(cx: &mut Cx<'_>, arn: &TaskArn, code: StopCode, reason: &str) {
    let cause = cx.cause;
    if cx.state.tasks.get(arn).is_none_or(|task: &Task| task.last_status == TaskStatus::Stopped) {
        return;
    }
    tell_to_stop(cx, arn, code, reason);
    if let Some(task) = cx.state.tasks.get_mut(arn) {
        for container in &mut task.containers {
            container.status = ContainerStatus::Stopped;
        }
        task.execution_stopped_at = task.started_at.map(|_| cx.clock);
        task.step = None;
    }
    meter::changed_under(cx, arn);
    stopped(cx, arn);
    cx.cause = cause;
}

/// AWS forgets a STOPPED task (LIFE-26).
pub fn forget(cx: &mut Cx<'_>, arn: &TaskArn) {
    if cx.state.tasks.remove(arn).is_some() {
        let text = "forgotten: an hour has passed since it stopped";
        cx.record(RecordKind::Change, subject(Kind::Task, arn), text, rules::STOPPED_KEPT);
    }
}
