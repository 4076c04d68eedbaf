//! Updating the agent of an instance: the new one is fetched, checked and started in place of the old one,
//! while the containers run on (CINST-25).

use crate::arn::ContainerInstanceArn;
use crate::ecs::container_instance::{ContainerInstance, reconnect};
use crate::ecs::durations;
use crate::ecs::registration::AGENT_VERSION;
use crate::ecs::rules::instances as rules;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, RecordKind};

/// How far the update of an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum UpdateStatus {
    Pending,
    Staging,
    Staged,
    Updating,
    Updated,
    Failed,
}

impl UpdateStatus {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            UpdateStatus::Pending => "PENDING",
            UpdateStatus::Staging => "STAGING",
            UpdateStatus::Staged => "STAGED",
            UpdateStatus::Updating => "UPDATING",
            UpdateStatus::Updated => "UPDATED",
            UpdateStatus::Failed => "FAILED",
        }
    }

    /// What comes next when all goes well, and how long this takes; nothing comes after the end.
    fn next(self) -> Option<(UpdateStatus, SimDuration)> {
        match self {
            UpdateStatus::Pending => Some((UpdateStatus::Staging, durations::AGENT_UPDATE_HEARD)),
            UpdateStatus::Staging => Some((UpdateStatus::Staged, durations::AGENT_UPDATE_FETCH)),
            UpdateStatus::Staged => Some((UpdateStatus::Updating, durations::AGENT_UPDATE_HEARD)),
            UpdateStatus::Updating => Some((UpdateStatus::Updated, durations::AGENT_UPDATE_RESTART)),
            UpdateStatus::Updated | UpdateStatus::Failed => None,
        }
    }
}

/// The most recent update of an agent.
#[derive(Debug, Clone, PartialEq)]
pub struct AgentUpdate {
    /// How far it is.
    pub status: UpdateStatus,
    /// When it goes on; an event at another time is stale, and without one it waits for the agent.
    pub due: Option<SimTime>,
}

impl AgentUpdate {
    /// Whether it is under way.
    pub fn is_under_way(&self) -> bool {
        self.status.next().is_some()
    }
}

/// Whether the agent of an instance is being started anew and cannot be heard.
pub fn restarts(instance: &ContainerInstance) -> bool {
    instance.agent_update.as_ref().is_some_and(|update| update.status == UpdateStatus::Updating)
}

/// Brings an update to this status, from where it goes on by itself.
pub(crate) fn enter(cx: &mut Cx<'_>, arn: &ContainerInstanceArn, status: UpdateStatus) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    instance.agent_update = Some(AgentUpdate { status, due: None });
    let text = match status {
        UpdateStatus::Updating => {
            instance.agent_connected = false;
            "agent update UPDATING: the agent is started anew, and agentConnected is false until then"
                .to_string()
        }
        UpdateStatus::Updated => {
            instance.agent_version = AGENT_VERSION.to_string();
            format!("agent update UPDATED: the agent is {AGENT_VERSION}")
        }
        UpdateStatus::Failed => "agent update FAILED: what the agent fetched is damaged".to_string(),
        _ => format!("agent update {}", status.word()),
    };
    let kind = if status == UpdateStatus::Failed { RecordKind::Failure } else { RecordKind::Change };
    let record = cx.record(kind, subject(Kind::ContainerInstance, arn), text, rules::AGENT_UPDATE);
    cx.because(record, |cx| go_on(cx, arn));
}

/// Books what comes next, if the agent can be heard; without connection an update stays where it is.
pub(crate) fn go_on(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let now = cx.clock;
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    let heard = !instance.agent.silent && !instance.shutting_down;
    let Some(update) = instance.agent_update.as_mut().filter(|_| heard) else { return };
    if let (None, Some((_, takes))) = (update.due, update.status.next()) {
        update.due = Some(now + takes);
        cx.book(takes, Event::AgentUpdate(arn.clone()));
    }
}

/// A step of an update has taken its time.
pub fn step(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let now = cx.clock;
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    let heard = !instance.agent.silent && !instance.shutting_down;
    let Some(update) = instance.agent_update.as_mut().filter(|update| update.due == Some(now)) else {
        return;
    };
    update.due = None;
    let Some((next, _)) = update.status.next().filter(|_| heard) else { return };
    let damaged = next == UpdateStatus::Staged && instance.agent.fetches_damaged;
    enter(cx, arn, if damaged { UpdateStatus::Failed } else { next });
    if next == UpdateStatus::Updated {
        reconnect(cx, arn);
    }
}
