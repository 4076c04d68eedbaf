//! Scaling activities: what a group did, and why, in the words of activity histories.

use crate::arn::{GroupName, InstanceId};
use crate::autoscaling::member;
use crate::operation::Cx;
use crate::time::{SimDuration, SimTime};

/// How long activities are remembered: six weeks.
const KEPT: SimDuration = SimDuration::secs(42 * 86_400);

/// How an activity stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Status {
    PreInService,
    InProgress,
    MidLifecycleAction,
    Successful,
    Failed,
    Cancelled,
}

impl Status {
    /// AWS's word and how far such an activity is, in per cent.
    pub fn word(self) -> (&'static str, i64) {
        match self {
            Status::PreInService => ("PreInService", 30),
            Status::InProgress => ("InProgress", 50),
            Status::MidLifecycleAction => ("MidLifecycleAction", 60),
            Status::Successful => ("Successful", 100),
            Status::Failed => ("Failed", 100),
            Status::Cancelled => ("Cancelled", 100),
        }
    }
}

/// Something that a group did.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Its id.
    pub id: String,
    /// The group.
    pub group: GroupName,
    /// The group's ARN, which tells it from a later one of the same name.
    pub group_arn: String,
    /// What it does.
    pub description: String,
    /// Why.
    pub cause: String,
    /// When it began.
    pub started_at: SimTime,
    /// When it was over.
    pub ended_at: Option<SimTime>,
    /// How it stands.
    pub status: Status,
    /// What went wrong, or is waited for.
    pub message: Option<String>,
    /// Zone and subnet, as JSON.
    pub details: String,
}

/// Begins an activity, for an instance of the group or for none.
pub(crate) fn begin(
    cx: &mut Cx<'_>,
    name: &GroupName,
    id: Option<&InstanceId>,
    description: String,
    cause: String,
) -> Option<u64> {
    let now = cx.clock;
    let group_arn = cx.state.auto_scaling_groups.get(name)?.arn.clone();
    while let Some(entry) = cx.state.scaling_activities.first_entry() {
        let ended = entry.get().ended_at;
        if ended.is_none_or(|ended| now.since(ended) < KEPT) {
            break;
        }
        entry.remove();
    }
    let machine = id.and_then(|id| cx.state.instances.get(id));
    let details = machine.map_or("{}".to_string(), |machine| {
        let (subnet, zone) = (&machine.subnet, &machine.availability_zone);
        format!("{{\"Subnet ID\":\"{subnet}\",\"Availability Zone\":\"{zone}\"}}")
    });
    let activity = Activity {
        id: cx.dice.uuid(&format!("activity/{name}")),
        group: name.clone(),
        group_arn,
        description,
        cause,
        started_at: now,
        ended_at: None,
        status: Status::InProgress,
        message: None,
        details,
    };
    let number = cx.state.scaling_activities.last_key_value().map_or(0, |(last, _)| last + 1);
    cx.state.scaling_activities.insert(number, activity);
    if let Some(member) = id.and_then(|id| member::of(cx, name, id)) {
        // An activity that another one overtakes is over.
        let before = member.activity.replace(number);
        end(cx, before, Status::Cancelled, None);
    }
    Some(number)
}

/// Ends an activity.
pub(crate) fn end(cx: &mut Cx<'_>, number: Option<u64>, status: Status, message: Option<String>) {
    let now = cx.clock;
    if let Some(activity) = number.and_then(|number| cx.state.scaling_activities.get_mut(&number)) {
        activity.ended_at = Some(now);
        activity.status = status;
        activity.message = message;
    }
}

/// The activity of an instance is over, and well.
pub(crate) fn succeed(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId) {
    let now = cx.clock;
    let done = member::of(cx, name, id).and_then(|member| member.activity.take());
    end(cx, done, Status::Successful, None);
    if let Some(group) = cx.state.auto_scaling_groups.get_mut(name) {
        group.scaled_at = Some(now);
    }
}

/// Marks how the activity of an instance stands.
pub(crate) fn mark(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, status: Status) {
    let number = member::of(cx, name, id).and_then(|member| member.activity);
    if let Some(activity) = number.and_then(|number| cx.state.scaling_activities.get_mut(&number)) {
        activity.status = status;
    }
}
