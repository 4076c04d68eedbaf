//! What the agent on an instance knows and does: its own ledger and queue, its connection (LIFE-14, CINST-11).

use crate::arn::{ContainerInstanceArn, TaskArn};
use crate::ecs::container_instance::ledger::{gpus, ports};
use crate::ecs::container_instance::{ContainerInstance, restarts, update_goes_on};
use crate::ecs::durations;
use crate::ecs::rules::{instances as rules, tasks as task_rules};
use crate::ecs::task::Task;
use crate::ecs::task_chain::{self, Step};
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::time::SimDuration;
use crate::timeline::{Kind, RecordId, RecordKind};
use std::collections::{BTreeSet, VecDeque};

/// What the agent on an instance knows: its own ledger and queue (LIFE-14), and what it could not report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Agent {
    /// CPU of the tasks it has admitted and whose containers have not all stopped.
    pub cpu_held: u64,
    /// Memory of those tasks.
    pub memory_held: u64,
    /// Their static host ports, TCP then UDP.
    pub ports_held: BTreeSet<(bool, u64)>,
    /// Their graphics processors.
    pub gpus_held: BTreeSet<String>,
    /// The tasks it has admitted.
    pub admitted: BTreeSet<TaskArn>,
    /// Tasks that wait for room, first come first served.
    pub queue: VecDeque<TaskArn>,
    /// Whether it has lost its connection, seen or not yet seen by the control plane.
    pub silent: bool,
    /// Whether what it fetches for its own update is damaged.
    pub fetches_damaged: bool,
    /// What happened while it was silent; told when it is back (CINST-11).
    pub unreported: Vec<(Event, Option<RecordId>)>,
}

/// Whether the agent has real room for a task now; if not, the task waits in its queue (LIFE-14).
pub(crate) fn admits(cx: &mut Cx<'_>, arn: &TaskArn) -> bool {
    let Some(task) = cx.state.tasks.get(arn) else { return false };
    let Some(instance) = &task.container_instance else { return true };
    let Some(instance) = cx.state.container_instances.get_mut(instance) else { return false };
    if instance.agent.queue.is_empty() && has_room(instance, task) {
        admit(instance, task);
        return true;
    }
    instance.agent.queue.push_back(arn.clone());
    let text = "waits on the instance until stopping tasks have really ended";
    let record = cx.record(RecordKind::Change, subject(Kind::Task, arn), text, task_rules::AGENT_QUEUE);
    cx.cause = Some(record);
    false
}

fn has_room(instance: &ContainerInstance, task: &Task) -> bool {
    let agent = &instance.agent;
    agent.cpu_held + task.cpu.0 <= instance.cpu.0
        && agent.memory_held + task.memory.0 <= instance.memory.0
        && ports(task).all(|port| !agent.ports_held.contains(&port))
        && gpus(task).all(|gpu| !agent.gpus_held.contains(gpu))
}

fn admit(instance: &mut ContainerInstance, task: &Task) {
    instance.agent.cpu_held += task.cpu.0;
    instance.agent.memory_held += task.memory.0;
    instance.agent.ports_held.extend(ports(task));
    instance.agent.gpus_held.extend(gpus(task).cloned());
    instance.agent.admitted.insert(task.arn.clone());
}

/// A task's containers have all ended: the agent has its resources back, and lets waiting tasks go on.
pub(crate) fn release(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get(arn) else { return };
    let Some(name) = task.container_instance.clone() else { return };
    let Some(instance) = cx.state.container_instances.get_mut(&name) else { return };
    instance.agent.queue.retain(|waiting| waiting != arn);
    if instance.agent.admitted.remove(arn) {
        instance.agent.cpu_held = instance.agent.cpu_held.saturating_sub(task.cpu.0);
        instance.agent.memory_held = instance.agent.memory_held.saturating_sub(task.memory.0);
        for port in ports(task) {
            instance.agent.ports_held.remove(&port);
        }
        for gpu in gpus(task) {
            instance.agent.gpus_held.remove(gpu);
        }
    }
    let mut admitted = Vec::new();
    while let Some(next) = instance.agent.queue.front().and_then(|next| cx.state.tasks.get(next)) {
        if !has_room(instance, next) {
            break;
        }
        admit(instance, next);
        admitted.extend(instance.agent.queue.pop_front());
    }
    for next in admitted {
        let cause = cx.cause;
        task_chain::walk(cx, &next, Step::RegistryLogin);
        cx.cause = cause;
    }
}

/// Whether the agent under a task has lost its connection, or is just being started anew (CINST-25).
pub(crate) fn is_silent(state: &State, arn: &TaskArn) -> bool {
    state
        .tasks
        .get(arn)
        .and_then(|task| task.container_instance.as_ref())
        .and_then(|instance| state.container_instances.get(instance))
        .is_some_and(|instance| instance.agent.silent || restarts(instance))
}

/// Keeps what a silent agent cannot tell until it is back (CINST-11); answers whether it was kept.
pub(crate) fn holds_back(cx: &mut Cx<'_>, arn: &TaskArn, event: impl FnOnce() -> Event) -> bool {
    if !is_silent(cx.state, arn) {
        return false;
    }
    let instance = cx.state.tasks.get(arn).and_then(|task| task.container_instance.clone());
    if let Some(instance) = instance.and_then(|name| cx.state.container_instances.get_mut(&name)) {
        instance.agent.unreported.push((event(), cx.cause));
    }
    true
}

/// Cuts an agent's connection; the control plane notices after a while (CINST-12).
pub(crate) fn silence(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    if !instance.agent.silent {
        instance.agent.silent = true;
        cx.book(durations::AGENT_SILENCE, Event::AgentSilence(arn.clone()));
    }
}

/// The control plane notices that it hears nothing of this agent (CINST-12).
pub fn falls_silent(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    if instance.agent.silent && instance.agent_connected {
        instance.agent_connected = false;
        let about = subject(Kind::ContainerInstance, arn);
        cx.record(RecordKind::Failure, about, "agentConnected false", rules::AGENT_SILENCE);
    }
}

/// An agent is connected again: it tells what happened, and hears what it missed (CINST-11).
pub(crate) fn speaks_again(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    if !instance.agent.silent {
        return;
    }
    instance.agent.silent = false;
    let restarts = restarts(instance);
    update_goes_on(cx, arn);
    if !restarts {
        reconnect(cx, arn);
    }
}

/// The control plane hears an agent again, and the agent hears what it missed.
pub(crate) fn reconnect(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    let was_seen = !std::mem::replace(&mut instance.agent_connected, true);
    let unreported = std::mem::take(&mut instance.agent.unreported);
    let tasks: Vec<TaskArn> = instance.tasks.iter().cloned().collect();
    if was_seen {
        let about = subject(Kind::ContainerInstance, arn);
        let record = cx.record(RecordKind::Change, about, "agentConnected true", rules::AGENT_SILENCE);
        cx.cause = Some(record);
    }
    crate::ec2::spot::drain(cx, arn);
    for (event, cause) in unreported {
        cx.agenda.book(cx.clock + SimDuration::millis(1), event, cause);
    }
    for task in tasks {
        let cause = cx.cause;
        task_chain::begin_stop(cx, &task);
        cx.cause = cause;
    }
}
