//! Scheduled actions: a group changes its sizes at a moment that was said before (ASG-19).

use crate::arn::{ACCOUNT, GroupName, REGION};
use crate::autoscaling::group::{self, Group};
use crate::autoscaling::settings::Settings;
use crate::autoscaling::{capacity, rules};
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::time::SimTime;
use crate::timeline::{Kind, RecordKind};

/// An action of a group that is still to come.
#[derive(Debug, Clone, PartialEq)]
pub struct Scheduled {
    /// Its ARN.
    pub arn: String,
    /// When it is done.
    pub start: SimTime,
    /// The minimum from then on.
    pub min_size: Option<i64>,
    /// The maximum from then on.
    pub max_size: Option<i64>,
    /// How many instances the group wants from then on.
    pub desired_capacity: Option<i64>,
}

impl Scheduled {
    /// The ARN of an action of this name; AWS puts a uuid into it.
    pub fn arn(group: &GroupName, name: &str, uuid: &str) -> String {
        format!(
            "arn:aws:autoscaling:{REGION}:{ACCOUNT}:scheduledUpdateGroupAction:{uuid}:autoScalingGroupName/{group}:scheduledActionName/{name}"
        )
    }

    /// What it makes of a group; a desired capacity outside of the bounds is brought to them.
    fn settings(&self, group: &Group) -> Settings {
        let bound = |own: Option<i64>, group: u64| own.unwrap_or(i64::try_from(group).unwrap_or(i64::MAX));
        let (min, max) = (bound(self.min_size, group.min_size), bound(self.max_size, group.max_size));
        Settings {
            min_size: self.min_size,
            max_size: self.max_size,
            desired_capacity: self.desired_capacity.map(|desired| desired.min(max).max(min)),
            ..Settings::default()
        }
    }
}

/// Puts an action into the schedule of a group, or changes the one of its name.
pub(crate) fn put(cx: &mut Cx<'_>, name: &GroupName, action: String, scheduled: Scheduled) {
    let start = scheduled.start;
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    group.schedule.insert(action.clone(), scheduled);
    let text = format!("scheduled action {action} at {}", group::moment(start));
    let record = cx.record(RecordKind::Change, subject(Kind::AutoScalingGroup, name), text, rules::SCHEDULE);
    let after = start.since(cx.clock);
    cx.because(record, |cx| cx.book(after, Event::ScheduledAction { group: name.clone(), action }));
}

/// The moment of an action has come: it is done once, or passed over while that is suspended (ASG-17).
pub fn due(cx: &mut Cx<'_>, name: &GroupName, action: &str) {
    let now = cx.clock;
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    if group.schedule.get(action).is_none_or(|scheduled| scheduled.start != now) {
        return;
    }
    let Some(scheduled) = group.schedule.remove(action) else { return };
    let about = subject(Kind::AutoScalingGroup, name);
    if group.deleting || group.is_suspended("ScheduledActions") {
        let text = format!("scheduled action {action} is passed over");
        cx.record(RecordKind::Change, about, text, rules::SCHEDULE);
        return;
    }
    let mut changed = group.clone();
    if let Err(refusal) = scheduled.settings(group).apply(cx.state, &mut changed) {
        let text = format!("scheduled action {action} fails: {}", refusal.message);
        cx.record(RecordKind::Failure, about, text, rules::SCHEDULE);
        return;
    }
    let (min, max, desired) = (changed.min_size, changed.max_size, changed.desired_capacity);
    if let Some(group) = cx.state.auto_scaling_groups.get_mut(name) {
        (group.min_size, group.max_size) = (min, max);
    }
    let record =
        cx.record(RecordKind::Change, about, format!("scheduled action {action} is done"), rules::SCHEDULE);
    let reason = format!(
        "a scheduled action update of AutoScalingGroup constraints to min: {min}, max: {max}, desired: {desired}"
    );
    cx.because(record, |cx| {
        if !group::set_desired(cx, name, desired, &reason) {
            capacity::look_soon(cx, name);
        }
    });
}
