//! Which instances end when a group grows smaller (ASG-13 to ASG-15).

use crate::arn::InstanceId;
use crate::autoscaling::group::{Group, TerminationPolicy};
use crate::autoscaling::member::Member;
use crate::autoscaling::rules;
use crate::ecs::placement::TOLD;
use crate::order;
use crate::rules::Rule;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, Outcome, Subject, Verdict};
use std::collections::BTreeMap;

/// The hour that ClosestToNextInstanceHour counts.
const HOUR: u64 = 3_600_000;

/// The instances to end, in order, and a verdict per instance. `draw` gives a number below its argument.
/// Changes nothing.
pub fn choose(
    group: &Group,
    now: SimTime,
    count: u64,
    mut draw: impl FnMut(u64) -> u64,
) -> (Vec<InstanceId>, Vec<Verdict>) {
    let mut left: Vec<&Member> = group.counted().collect();
    let mut chosen: Vec<(InstanceId, String)> = Vec::new();
    let mut fell: BTreeMap<&InstanceId, (String, &'static Rule)> = BTreeMap::new();
    for _ in 0..count {
        fell.clear();
        let Some((taken, why)) = one(group, &left, now, &mut draw, &mut fell) else { break };
        left.retain(|member| member.instance != taken.instance);
        chosen.push((taken.instance.clone(), why));
    }
    let verdict = |id: &InstanceId, outcome, reason: String, rule| Verdict {
        candidate: Subject::new(Kind::Instance, id.as_str()),
        outcome,
        reason,
        rule,
    };
    let mut verdicts: Vec<Verdict> =
        chosen.iter().map(|(id, why)| verdict(id, Outcome::Chosen, why.clone(), rules::SCALE_IN)).collect();
    for member in left {
        let id = &member.instance;
        verdicts.push(match fell.remove(id) {
            Some((why, rule)) if rule == rules::PROTECTION => verdict(id, Outcome::Removed, why, rule),
            Some((why, rule)) => verdict(id, Outcome::Passed, why, rule),
            None => verdict(id, Outcome::Passed, "not drawn".to_string(), rules::SCALE_IN),
        });
    }
    (chosen.into_iter().map(|(id, _)| id).collect(), verdicts)
}

/// The next instance to end and why; what kept each of the others is put into `fell`.
fn one<'a>(
    group: &Group,
    left: &[&'a Member],
    now: SimTime,
    draw: &mut impl FnMut(u64) -> u64,
    fell: &mut BTreeMap<&'a InstanceId, (String, &'static Rule)>,
) -> Option<(&'a Member, String)> {
    let mut in_zone: BTreeMap<&str, u64> = BTreeMap::new();
    for member in left {
        *in_zone.entry(&member.availability_zone).or_default() += 1;
    }
    let in_zone = |member: &Member| in_zone.get(member.availability_zone.as_str()).copied().unwrap_or(0);
    let mut open: Vec<&'a Member> = Vec::new();
    for member in left {
        match member.protected {
            true => {
                fell.insert(&member.instance, ("protected from scale-in".to_string(), rules::PROTECTION));
            }
            false => open.push(member),
        }
    }
    let most = open.iter().map(|member| in_zone(member)).max()?;
    let mut why = String::new();
    narrow(&mut open, fell, rules::SCALE_IN, |member| {
        let count = in_zone(member);
        (most - count, format!("{} has {count}", member.availability_zone))
    });
    if let Some(first) = open.first() {
        why.push_str(&format!("{} has most, {most}", first.availability_zone));
    }
    for policy in &group.termination_policies {
        for step in steps(*policy) {
            if open.len() < 2 {
                break;
            }
            let before = open.len();
            narrow(&mut open, fell, rules::TERMINATION_POLICIES, |member| rank(group, *step, member, now));
            if let Some(first) = open.first().filter(|_| open.len() < before) {
                why.push_str(&format!("; {}: {}", step.word(), rank(group, *step, first, now).1));
            }
        }
    }
    if open.len() > 1 {
        why.push_str(&format!("; drawn of {}", open.len()));
    }
    let place = draw(open.len() as u64);
    let taken = open.get(usize::try_from(place).unwrap_or(0)).or(open.first())?;
    Some((taken, why))
}

/// Keeps those of the smallest rank; the others fell for it.
fn narrow<'a>(
    open: &mut Vec<&'a Member>,
    fell: &mut BTreeMap<&'a InstanceId, (String, &'static Rule)>,
    rule: &'static Rule,
    rank: impl Fn(&Member) -> (u64, String),
) {
    let Some(least) = open.iter().map(|member| rank(member).0).min() else { return };
    let best = open.iter().map(|member| rank(member)).find(|(value, _)| *value == least);
    let best = best.map(|(_, text)| text).unwrap_or_default();
    open.retain(|member| {
        let (value, text) = rank(member);
        if value > least {
            fell.insert(&member.instance, (format!("{text}; another: {best}"), rule));
        }
        value == least
    });
}

/// The single steps of a policy.
fn steps(policy: TerminationPolicy) -> &'static [TerminationPolicy] {
    match policy {
        TerminationPolicy::Default => {
            &[TerminationPolicy::OldestLaunchTemplate, TerminationPolicy::ClosestToNextInstanceHour]
        }
        // Groups here have neither several purchase options nor launch configurations.
        TerminationPolicy::AllocationStrategy | TerminationPolicy::OldestLaunchConfiguration => &[],
        TerminationPolicy::ClosestToNextInstanceHour => &[TerminationPolicy::ClosestToNextInstanceHour],
        TerminationPolicy::NewestInstance => &[TerminationPolicy::NewestInstance],
        TerminationPolicy::OldestInstance => &[TerminationPolicy::OldestInstance],
        TerminationPolicy::OldestLaunchTemplate => &[TerminationPolicy::OldestLaunchTemplate],
    }
}

/// How soon a policy would end an instance, the smallest first, and in words why.
fn rank(group: &Group, policy: TerminationPolicy, member: &Member, now: SimTime) -> (u64, String) {
    match policy {
        TerminationPolicy::OldestLaunchTemplate => {
            let current = group.launch_template.launch_template_id.as_deref();
            match &member.launch_template {
                Some((id, _, version)) if Some(id.as_str()) == current => {
                    (version.saturating_add(1), format!("version {version} of the launch template"))
                }
                Some((_, name, _)) => (0, format!("another launch template, {name}")),
                None => (0, "no launch template".to_string()),
            }
        }
        TerminationPolicy::ClosestToNextInstanceHour => {
            let left = HOUR - now.since(member.launched_at).0 % HOUR;
            (left, format!("{} to its next hour", SimDuration(left)))
        }
        TerminationPolicy::NewestInstance => {
            (u64::MAX - member.launched_at.0, format!("launched at {}", member.launched_at))
        }
        _ => (member.launched_at.0, format!("launched at {}", member.launched_at)),
    }
}

/// What remains when every instance is kept (ASG-15).
pub const ALL_PROTECTED: &str =
    "Could not scale to desired capacity because all remaining instances are protected from scale-in.";

/// The verdicts in the order in which they are told: chosen first, then by id; at most [`TOLD`].
pub fn told(mut verdicts: Vec<Verdict>) -> Vec<Verdict> {
    order::sort_by_key(&mut verdicts, |verdict| verdict.outcome != Outcome::Chosen);
    verdicts.truncate(TOLD);
    verdicts
}
