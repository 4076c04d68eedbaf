//! Instance refreshes: a group replaces its instances bit by bit, within bounds of health (ASG-18).

use crate::arn::{GroupName, InstanceId};
use crate::autoscaling::group::{Group, moment};
use crate::autoscaling::member::{self, Lifecycle, Member};
use crate::autoscaling::refresh_step::{self, Plan};
use crate::autoscaling::{capacity, rules};
use crate::ec2::launch_template::LaunchTemplateSpecification;
use crate::ecs::placement::TOLD;
use crate::operation::{Cx, subject};
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, Outcome, RecordKind, Subject, Verdict};
use std::collections::BTreeSet;

/// How long a refresh waits for instances that it may not replace before it fails.
const PATIENCE: SimDuration = SimDuration::secs(3600);

/// How a refresh stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Status {
    Pending,
    InProgress,
    Successful,
    Failed,
    Cancelling,
    Cancelled,
}

impl Status {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pending => "Pending",
            Status::InProgress => "InProgress",
            Status::Successful => "Successful",
            Status::Failed => "Failed",
            Status::Cancelling => "Cancelling",
            Status::Cancelled => "Cancelled",
        }
    }

    /// Whether such a refresh goes on.
    pub fn is_active(self) -> bool {
        matches!(self, Status::Pending | Status::InProgress | Status::Cancelling)
    }
}

/// What becomes of instances that are spared otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Spared {
    Replace,
    Ignore,
    Wait,
}

/// What a refresh goes by.
#[derive(Debug, Clone, PartialEq)]
pub struct Preferences {
    /// The least share of the desired capacity that stays in service, in per cent.
    pub min_healthy: u64,
    /// The largest share of the desired capacity that the group may have, in per cent.
    pub max_healthy: u64,
    /// How long a new instance warms up.
    pub warmup: SimDuration,
    /// Whether instances that are as they should be already stay.
    pub skip_matching: bool,
    /// What becomes of instances that are protected from scale-in.
    pub protected: Spared,
    /// What becomes of instances in Standby.
    pub standby: Spared,
}

/// A refresh of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Refresh {
    /// Its id.
    pub id: String,
    /// How it stands.
    pub status: Status,
    /// Why it waits, or failed.
    pub reason: Option<String>,
    /// When it began.
    pub started_at: SimTime,
    /// When it was over.
    pub ended_at: Option<SimTime>,
    /// What it goes by.
    pub preferences: Preferences,
    /// What it was asked to make of the group.
    pub desired: Option<LaunchTemplateSpecification>,
    /// The instances that it still has to replace.
    pub left: BTreeSet<InstanceId>,
    /// How many it had to replace when it began.
    pub total: u64,
    /// Since when it waits for instances that it may not replace.
    pub waits_since: Option<SimTime>,
}

impl Refresh {
    /// How many instances are still to be replaced or to warm up, and how far it is, in per cent.
    pub fn progress(&self, group: &Group, now: SimTime) -> (u64, u64) {
        let young = group.counted().filter(|member| !self.is_ready(member, now)).count() as u64;
        let left = (self.left.len() as u64 + young).min(self.total);
        match self.status {
            Status::Successful => (0, 100),
            _ => (left, (self.total - left).saturating_mul(100).checked_div(self.total).unwrap_or(0)),
        }
    }

    /// When an instance has warmed up; those that were there before need not.
    pub fn ready_at(&self, member: &Member) -> Option<SimTime> {
        let in_service = member.in_service_at.filter(|_| member.is_in_service())?;
        let old = self.left.contains(&member.instance) || member.launched_at < self.started_at;
        Some(if old { in_service } else { in_service + self.preferences.warmup })
    }

    /// Whether an instance does its work: it is in service, healthy, and has warmed up.
    pub fn is_ready(&self, member: &Member, now: SimTime) -> bool {
        member.healthy && self.ready_at(member).is_some_and(|at| at <= now)
    }
}

/// The refresh of a group that goes on.
pub fn active(group: &Group) -> Option<&Refresh> {
    group.refreshes.last().filter(|refresh| refresh.status.is_active())
}

fn active_mut<'a>(cx: &'a mut Cx<'_>, name: &GroupName) -> Option<&'a mut Refresh> {
    let group = cx.state.auto_scaling_groups.get_mut(name)?;
    group.refreshes.last_mut().filter(|refresh| refresh.status.is_active())
}

/// How many instances above its desired capacity a group may have for its refresh.
pub fn surplus(group: &Group) -> u64 {
    let refresh = active(group).filter(|refresh| refresh.status == Status::InProgress);
    refresh.filter(|_| !group.is_suspended("InstanceRefresh")).map_or(0, |refresh| {
        let most = group.desired_capacity.saturating_mul(refresh.preferences.max_healthy) / 100;
        let least = u64::from(refresh.preferences.max_healthy > 100);
        most.saturating_sub(group.desired_capacity).max(least).min(refresh.left.len() as u64)
    })
}

/// Ends a refresh in this way.
fn end(cx: &mut Cx<'_>, name: &GroupName, status: Status, reason: Option<String>) {
    let now = cx.clock;
    let Some(refresh) = active_mut(cx, name) else { return };
    (refresh.status, refresh.ended_at, refresh.reason) = (status, Some(now), reason.clone());
    let desired = refresh.desired.clone().filter(|_| status == Status::Successful);
    if let (Some(desired), Some(group)) = (desired, cx.state.auto_scaling_groups.get_mut(name)) {
        group.launch_template = desired;
    }
    let why = reason.map_or(String::new(), |reason| format!(": {reason}"));
    let kind = if status == Status::Failed { RecordKind::Failure } else { RecordKind::Change };
    let text = format!("instance refresh {}{why}", status.word());
    cx.record(kind, subject(Kind::AutoScalingGroup, name), text, rules::REFRESH);
}

/// Asks a refresh to stop; what it has begun may come to its end first.
pub(crate) fn cancel(cx: &mut Cx<'_>, name: &GroupName, waits: bool) {
    if !waits {
        return end(cx, name, Status::Cancelled, Some("Cancelled due to user request.".to_string()));
    }
    let Some(refresh) = active_mut(cx, name) else { return };
    refresh.status = Status::Cancelling;
    let about = subject(Kind::AutoScalingGroup, name);
    let record = cx.record(RecordKind::Change, about, "instance refresh Cancelling", rules::REFRESH);
    cx.because(record, |cx| capacity::look_soon(cx, name));
}

/// The refresh of a group, if one goes on, takes its next step.
pub(crate) fn go_on(cx: &mut Cx<'_>, name: &GroupName) {
    let now = cx.clock;
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    let held = ["InstanceRefresh", "Launch", "Terminate"].iter().any(|process| group.is_suspended(process));
    let here: BTreeSet<InstanceId> = group
        .instances
        .values()
        .filter(|member| member.lifecycle < Lifecycle::Detaching)
        .map(|member| member.instance.clone())
        .collect();
    let Some(refresh) = group.refreshes.last_mut().filter(|refresh| refresh.status.is_active()) else {
        return;
    };
    refresh.left.retain(|id| here.contains(id));
    if held {
        return;
    }
    if refresh.status == Status::Pending {
        refresh.status = Status::InProgress;
        let text = format!("instance refresh InProgress: {} to replace", refresh.left.len());
        let record =
            cx.record(RecordKind::Change, subject(Kind::AutoScalingGroup, name), text, rules::REFRESH);
        cx.cause = Some(record);
    }
    let Some(group) = cx.state.auto_scaling_groups.get(name) else { return };
    let Some(refresh) = active(group) else { return };
    match refresh_step::plan(group, refresh, now) {
        Plan::Done => match refresh.status {
            Status::Cancelling => {
                end(cx, name, Status::Cancelled, Some("Cancelled due to user request.".to_string()));
            }
            _ => end(cx, name, Status::Successful, None),
        },
        Plan::TakeOut { chosen, text } => {
            let verdicts = chosen.iter().take(TOLD).map(|(id, reason)| Verdict {
                candidate: Subject::new(Kind::Instance, id.as_str()),
                outcome: Outcome::Chosen,
                reason: reason.clone(),
                rule: rules::REFRESH_ORDER,
            });
            let (about, verdicts) = (subject(Kind::AutoScalingGroup, name), verdicts.collect());
            let record = cx.record_decision(RecordKind::Decision, about, text, rules::REFRESH, verdicts);
            if let Some(refresh) = active_mut(cx, name) {
                (refresh.reason, refresh.waits_since) = (None, None);
                for (id, _) in &chosen {
                    refresh.left.remove(id);
                }
            }
            let at = moment(now);
            for (id, _) in &chosen {
                let why = format!(
                    "At {at} an instance was taken out of service in response to an instance refresh."
                );
                cx.because(record, |cx| member::take_out(cx, name, id, why));
            }
            cx.because(record, |cx| capacity::look_soon(cx, name));
        }
        Plan::Wait { reason, until, barred } => {
            let since = refresh.waits_since.unwrap_or(now);
            if barred && now.since(since) >= PATIENCE {
                return end(cx, name, Status::Failed, Some(reason));
            }
            let until = if barred { Some(since + PATIENCE) } else { until };
            if let Some(refresh) = active_mut(cx, name) {
                refresh.waits_since = barred.then_some(since);
                refresh.reason = Some(reason);
            }
            if let Some(until) = until {
                capacity::look_in(cx, name, until.since(now));
            }
        }
    }
}
