//! What an instance refresh does next: a pure decision (ASG-18).

use crate::arn::InstanceId;
use crate::autoscaling::group::Group;
use crate::autoscaling::member::{Lifecycle, Member};
use crate::autoscaling::refresh::{self, Refresh, Spared, Status};
use crate::order;
use crate::time::SimTime;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The next step of a refresh.
#[derive(Debug, Clone, PartialEq)]
pub enum Plan {
    /// Nothing is left to do.
    Done,
    /// Instances go out, each with its reason; the text says why so many.
    TakeOut {
        /// They.
        chosen: Vec<(InstanceId, String)>,
        /// The decision in one sentence.
        text: String,
    },
    /// It has to wait.
    Wait {
        /// What for, as AWS tells it.
        reason: String,
        /// When there is something to look at by then.
        until: Option<SimTime>,
        /// Whether it waits for instances that it may not replace.
        barred: bool,
    },
}

/// What a refresh does next. Changes nothing.
pub fn plan(group: &Group, refresh: &Refresh, now: SimTime) -> Plan {
    let ready = group.counted().filter(|member| refresh.is_ready(member, now)).count() as u64;
    let wants = group.desired_capacity;
    let goes_on = refresh.status == Status::InProgress;
    let mut left: Vec<&Member> =
        refresh.left.iter().filter(|_| goes_on).filter_map(|id| group.instances.get(id)).collect();
    order::sort_by_key(&mut left, |member| member.launched_at);
    if left.is_empty() && ready >= wants && group.counted().count() as u64 <= wants {
        return Plan::Done;
    }
    let (open, barred): (Vec<&Member>, Vec<&Member>) =
        left.iter().copied().partition(|member| may_go(refresh, member));
    let floor = wants.saturating_mul(refresh.preferences.min_healthy).div_ceil(100);
    let extra = refresh::surplus(group);
    // A group that is too small for its floor replaces one at a time.
    let least = u64::from(ready >= wants && extra == 0);
    let spare = ready.saturating_sub(floor).max(least);
    // One that does not work is replaced whatever the floor says.
    let works = |member: &&Member| refresh.is_ready(member, now) && member.lifecycle != Lifecycle::Standby;
    let mut in_zone: BTreeMap<&str, u64> = BTreeMap::new();
    for member in group.counted() {
        *in_zone.entry(&member.availability_zone).or_default() += 1;
    }
    let (mut working, mut going): (Vec<&Member>, Vec<&Member>) = open.into_iter().partition(works);
    for _ in 0..spare {
        let count = |member: &Member| in_zone.get(member.availability_zone.as_str()).copied().unwrap_or(0);
        // They stand by age, so that of equals the oldest is taken.
        let next = working.iter().enumerate().min_by_key(|(at, member)| (Reverse(count(member)), *at));
        let Some((at, _)) = next else { break };
        let member = working.remove(at);
        going.push(member);
        if let Some(count) = in_zone.get_mut(member.availability_zone.as_str()) {
            *count = count.saturating_sub(1);
        }
    }
    let has = |zone: &str| group.counted().filter(|member| member.availability_zone == zone).count();
    let chosen: Vec<(InstanceId, String)> = going
        .into_iter()
        .map(|member| {
            let (zone, at) = (&member.availability_zone, member.launched_at);
            (member.instance.clone(), format!("{zone} has {}; launched at {at}", has(zone)))
        })
        .collect();
    if !chosen.is_empty() {
        let (count, left) = (chosen.len(), left.len());
        let text = format!(
            "instance refresh replaces {count} of {left} left: {ready} of {wants} are ready, {floor} have to be"
        );
        return Plan::TakeOut { chosen, text };
    }
    let starting = group.counted().find(|member| !member.is_in_service());
    let warming = group.counted().find(|member| member.is_in_service() && !refresh.is_ready(member, now));
    let until = group.counted().filter_map(|member| refresh.ready_at(member)).filter(|at| *at > now).min();
    match (starting, warming, barred.first()) {
        (Some(member), _, _) => Plan::Wait {
            reason: format!(
                "Waiting for remaining instances to be available. For example: {}",
                member.instance
            ),
            until,
            barred: false,
        },
        (None, Some(member), _) => Plan::Wait {
            reason: format!(
                "Waiting for instances to warm up before continuing. For example: {} is warming up.",
                member.instance
            ),
            until,
            barred: false,
        },
        (None, None, Some(member)) => Plan::Wait {
            reason: format!(
                "Waiting for instances that are protected from scale-in or in Standby. For example: {}",
                member.instance
            ),
            until: None,
            barred: true,
        },
        (None, None, None) => Plan::Wait {
            reason: "Waiting for remaining instances to be available.".to_string(),
            until,
            barred: false,
        },
    }
}

/// Whether a refresh may take an instance out now.
fn may_go(refresh: &Refresh, member: &Member) -> bool {
    let settled = matches!(member.lifecycle, Lifecycle::InService | Lifecycle::Standby);
    let standby = member.lifecycle != Lifecycle::Standby || refresh.preferences.standby == Spared::Replace;
    let protected = !member.protected || refresh.preferences.protected == Spared::Replace;
    settled && standby && protected
}
