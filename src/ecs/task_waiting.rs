//! Tasks that wait in PROVISIONING for an instance of their capacity provider (CAP-27 to CAP-29).

use crate::arn::{ClusterArn, TaskArn};
use crate::ecs::rules::capacity as rules;
use crate::ecs::task::StopCode;
use crate::ecs::task_chain::{self, Launch, Step};
use crate::ecs::task_launch::Series;
use crate::ecs::{capacity_provider, durations};
use crate::event::Event;
use crate::operation::Cx;
use crate::state::State;

/// So many tasks of a cluster may wait ([`rules::WAITING_LIMIT`]).
pub const MOST: usize = 500;
/// The reason of a task that finds no place where too many wait already.
pub const LIMIT: &str = "Tasks provisioning capacity limit exceeded.";

/// What a task waits with.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// As what it is placed.
    pub launch: Launch,
    /// Why it found no place when it was last tried: what it stops with in the end.
    pub reason: String,
}

/// The queue of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queue {
    /// Its tasks, in the order of their creation.
    pub tasks: Vec<TaskArn>,
    /// When it is looked at next.
    next_look: Option<crate::time::SimTime>,
    /// What the instances looked like when it was last looked at.
    room: u64,
}

/// Whether a task that finds no place waits for one: its provider's group is scaled by ECS (CAP-28).
pub fn waits(state: &State, launch: &Launch) -> bool {
    let provider = launch.capacity_provider.as_ref().and_then(|name| state.capacity_providers.get(name));
    let group = provider.and_then(capacity_provider::CapacityProvider::group);
    group.is_some_and(|group| group.managed_scaling.is_some())
}

/// Whether as many tasks of a cluster wait as may.
pub fn is_full(state: &State, cluster: &ClusterArn) -> bool {
    state.clusters.get(cluster).is_some_and(|cluster| cluster.waiting.tasks.len() >= MOST)
}

/// A task begins to wait.
pub(crate) fn join(cx: &mut Cx<'_>, arn: &TaskArn, launch: Launch, reason: String) {
    let at = launch.cluster.clone();
    if let Some(task) = cx.state.tasks.get_mut(arn) {
        task.waiting = Some(Box::new(Waiting { launch, reason }));
    }
    let room = cx.state.container_instances.room(&at);
    if let Some(cluster) = cx.state.clusters.get_mut(&at) {
        cluster.waiting.tasks.push(arn.clone());
        cluster.waiting.room = room;
    }
    cx.book(durations::WAITING, Event::TaskStep { task: arn.clone(), step: Step::Placement });
    book(cx, &at);
}

/// A task waits no more: it was placed, or told to stop.
pub(crate) fn leave(state: &mut State, arn: &TaskArn) {
    let Some(task) = state.tasks.get_mut(arn) else { return };
    if task.waiting.take().is_some()
        && let Some(cluster) = state.clusters.get_mut(&task.cluster)
    {
        cluster.waiting.tasks.retain(|waiting| waiting != arn);
    }
}

fn book(cx: &mut Cx<'_>, cluster: &ClusterArn) {
    let at = cx.clock + durations::WAITING_LOOK;
    let Some(found) = cx.state.clusters.get_mut(cluster) else { return };
    if found.waiting.next_look.is_none() {
        found.waiting.next_look = Some(at);
        cx.book(durations::WAITING_LOOK, Event::WaitingPass(cluster.clone()));
    }
}

/// A booked look at the tasks of a cluster that wait is due.
pub fn look_due(cx: &mut Cx<'_>, cluster: &ClusterArn) {
    let now = cx.clock;
    let Some(found) = cx.state.clusters.get_mut(cluster) else { return };
    if found.waiting.next_look != Some(now) {
        return;
    }
    found.waiting.next_look = None;
    place(cx, cluster);
    if cx.state.clusters.get(cluster).is_some_and(|cluster| !cluster.waiting.tasks.is_empty()) {
        book(cx, cluster);
    }
}

/// Places what can be placed of the tasks that wait, the oldest first, unless the instances are as they were
/// ([`rules::WAITING_PLACED`]).
pub fn place(cx: &mut Cx<'_>, at: &ClusterArn) {
    if cx.state.clusters.get(at).is_none_or(|cluster| cluster.waiting.tasks.is_empty()) {
        return;
    }
    let room = cx.state.container_instances.room(at);
    let Some(cluster) = cx.state.clusters.get_mut(at) else { return };
    if std::mem::replace(&mut cluster.waiting.room, room) == room {
        return;
    }
    let waiting = cluster.waiting.tasks.clone();
    let mut series: Option<Series> = None;
    let mut failed: Vec<(Launch, String)> = Vec::new();
    for arn in &waiting {
        let Some(task) = cx.state.tasks.get_mut(arn) else { continue };
        let Some(waiting) = &mut task.waiting else { continue };
        // What found no place before finds none now: placing takes room and gives none.
        if let Some((_, reason)) = failed.iter().find(|(launch, _)| *launch == waiting.launch) {
            waiting.reason.clone_from(reason);
            continue;
        }
        let launch = waiting.launch.clone();
        let known = series.take().filter(|series| *series.launch() == launch);
        let mut of_launch = known.unwrap_or_else(|| Series::new(cx.state, launch));
        if let Err(reason) = of_launch.place(cx, arn) {
            if let Some(waiting) = cx.state.tasks.get_mut(arn).and_then(|task| task.waiting.as_mut()) {
                waiting.reason.clone_from(&reason);
            }
            failed.push((of_launch.launch().clone(), reason));
        }
        series = Some(of_launch);
    }
    let room = cx.state.container_instances.room(at);
    if let Some(cluster) = cx.state.clusters.get_mut(at) {
        cluster.waiting.room = room;
    }
}

/// A task has waited as long as it may ([`rules::WAITING_ENDS`]).
pub(crate) fn expires(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(waiting) = cx.state.tasks.get(arn).and_then(|task| task.waiting.as_ref()) else { return };
    let reason = waiting.reason.trim_end_matches('.').to_string();
    let about = crate::operation::subject(crate::timeline::Kind::Task, arn);
    let text = format!("waited for {} minutes", durations::WAITING.0 / 60_000);
    let record = cx.record(crate::timeline::RecordKind::Failure, about, text, rules::WAITING_ENDS);
    cx.because(record, |cx| task_chain::stop(cx, arn, StopCode::TaskFailedToStart, &reason));
}
