//! An instance of a group and its life there.

use crate::arn::{GroupName, InstanceId};
use crate::autoscaling::hook::{self, Action, Transition};
use crate::autoscaling::{activity, capacity, group, rules};
use crate::ec2::instance::{self, InstanceState};
use crate::operation::{Cx, subject};
use crate::time::SimTime;
use crate::timeline::{Kind, RecordKind};
use std::collections::BTreeMap;

/// Where an instance is in its life in a group (ASG-02).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Lifecycle {
    Pending,
    PendingWait,
    PendingProceed,
    InService,
    EnteringStandby,
    Standby,
    Detaching,
    Terminating,
    TerminatingWait,
    TerminatingProceed,
    Terminated,
}

impl Lifecycle {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Lifecycle::Pending => "Pending",
            Lifecycle::PendingWait => "Pending:Wait",
            Lifecycle::PendingProceed => "Pending:Proceed",
            Lifecycle::InService => "InService",
            Lifecycle::EnteringStandby => "EnteringStandby",
            Lifecycle::Standby => "Standby",
            Lifecycle::Detaching => "Detaching",
            Lifecycle::Terminating => "Terminating",
            Lifecycle::TerminatingWait => "Terminating:Wait",
            Lifecycle::TerminatingProceed => "Terminating:Proceed",
            Lifecycle::Terminated => "Terminated",
        }
    }

    /// Whether such an instance counts towards the desired capacity.
    pub fn counts(self) -> bool {
        self <= Lifecycle::InService
    }
}

/// An instance of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The EC2 instance.
    pub instance: InstanceId,
    /// Its type.
    pub instance_type: &'static str,
    /// Its zone.
    pub availability_zone: String,
    /// Where it is in its life in the group.
    pub lifecycle: Lifecycle,
    /// Whether it is thought healthy.
    pub healthy: bool,
    /// Whether it is protected from scale-in.
    pub protected: bool,
    /// The template that it was launched from: id, name and version.
    pub launch_template: Option<(String, String, u64)>,
    /// When it was launched.
    pub launched_at: SimTime,
    /// When it came into service.
    pub in_service_at: Option<SimTime>,
    /// The lifecycle actions that hold it, by hook.
    pub actions: BTreeMap<String, Action>,
    /// The activity that is under way for it.
    pub activity: Option<u64>,
}

impl Member {
    /// Whether it is InService.
    pub fn is_in_service(&self) -> bool {
        self.lifecycle == Lifecycle::InService
    }
}

/// The instance as its group knows it.
pub fn of<'a>(cx: &'a mut Cx<'_>, name: &GroupName, id: &InstanceId) -> Option<&'a mut Member> {
    cx.state.auto_scaling_groups.get_mut(name)?.instances.get_mut(id)
}

/// Moves an instance on in its group and puts that on the timeline; what follows is caused by it.
pub(crate) fn enter(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, lifecycle: Lifecycle) {
    let now = cx.clock;
    let Some(member) = of(cx, name, id) else { return };
    member.lifecycle = lifecycle;
    if lifecycle == Lifecycle::InService {
        member.in_service_at = Some(now);
    }
    let text = format!("{} in {name}", lifecycle.word());
    let record = cx.record(RecordKind::Change, subject(Kind::Instance, id), text, rules::LIFECYCLE);
    cx.cause = Some(record);
}

/// EC2 says that an instance runs: if it belongs to a group, it comes into service there.
pub(crate) fn machine_runs(cx: &mut Cx<'_>, id: &InstanceId) {
    let Some(name) = cx.state.instances.get(id).and_then(group::name_of) else { return };
    if of(cx, &name, id).is_none_or(|member| member.lifecycle != Lifecycle::Pending) {
        return;
    }
    let cause = cx.cause;
    if !hook::begin(cx, &name, id, Transition::Launching) {
        into_service(cx, &name, id);
    }
    cx.cause = cause;
}

/// The instance is ready for work, and its launch is over.
pub(crate) fn into_service(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId) {
    enter(cx, name, id, Lifecycle::InService);
    activity::succeed(cx, name, id);
    capacity::look_soon(cx, name);
}

/// EC2 says that an instance shuts down: its group sees that it is unhealthy.
pub(crate) fn machine_leaves(cx: &mut Cx<'_>, id: &InstanceId) {
    let Some(name) = cx.state.instances.get(id).and_then(group::name_of) else { return };
    if of(cx, &name, id).is_some_and(|member| member.lifecycle < Lifecycle::Terminating) {
        capacity::look_soon(cx, &name);
    }
}

/// EC2 says that an instance is gone: it leaves its group if that was ending it, else that finds out soon.
pub(crate) fn machine_gone(cx: &mut Cx<'_>, id: &InstanceId) {
    let Some(name) = cx.state.instances.get(id).and_then(group::name_of) else { return };
    match of(cx, &name, id).map(|member| member.lifecycle) {
        Some(lifecycle) if lifecycle >= Lifecycle::Terminating => {
            let cause = cx.cause;
            leave(cx, &name, id);
            cx.cause = cause;
        }
        Some(_) => capacity::look_soon(cx, &name),
        None => {}
    }
}

/// Begins the end of an instance in its group: `why` is the cause as activity histories tell it.
/// Says which activity that is.
pub(crate) fn take_out(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, why: String) -> Option<u64> {
    let cause = cx.cause;
    let description = format!("Terminating EC2 instance: {id}");
    let number = activity::begin(cx, name, Some(id), description, why);
    enter(cx, name, id, Lifecycle::Terminating);
    if let Some(member) = of(cx, name, id) {
        member.actions.clear();
    }
    let runs = cx.state.instances.get(id).is_some_and(|machine| machine.state == InstanceState::Running);
    let deleting = cx.state.auto_scaling_groups.get(name).is_some_and(|group| group.deleting);
    if !runs || deleting || !hook::begin(cx, name, id, Transition::Terminating) {
        end(cx, name, id);
    }
    cx.cause = cause;
    number
}

/// Ends the machine of an instance that its group takes out.
pub(crate) fn end(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId) {
    match cx.state.instances.get(id).map(|machine| machine.state) {
        Some(InstanceState::Pending | InstanceState::Running) => instance::terminate(cx, id),
        Some(InstanceState::ShuttingDown) => {}
        Some(InstanceState::Terminated) | None => leave(cx, name, id),
    }
}

/// The instance is gone, and its group forgets it.
fn leave(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId) {
    enter(cx, name, id, Lifecycle::Terminated);
    activity::succeed(cx, name, id);
    if let Some(group) = cx.state.auto_scaling_groups.get_mut(name) {
        group.instances.remove(id);
        group.balancing = group.balancing.take().filter(|balancing| balancing != id);
    }
    capacity::look_soon(cx, name);
}
