//! Target tracking: which desired capacity brings a metric back to its target.

use crate::arn::InstanceId;
use crate::autoscaling::group::Group;
use crate::autoscaling::member::Member;
use crate::autoscaling::policy::{Policy, TargetTracking, Tracked};
use crate::autoscaling::policy_rules as rules;
use crate::cloudwatch::alarm::Breach;
use crate::cloudwatch::metric::{Level, Point};
use crate::ecs::capacity_provider::ManagedScaling;
use crate::ecs::managed_scaling::{self, estimate};
use crate::ecs::rules::managed;
use crate::rules::Rule;
use crate::state::State;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, Outcome, Subject, Verdict};

/// What a policy would do now, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The desired capacity it wants; none when it leaves things as they are.
    pub desired: Option<u64>,
    /// Its arithmetic, in a sentence; empty where there is nothing to tell.
    pub says: String,
    /// The rule behind it.
    pub rule: &'static Rule,
    /// The instances that hold it back.
    pub verdicts: Vec<Verdict>,
}

/// So many instances that the metric of these comes down, or up, to its target; rounded up (AAS-18, AAS-19).
pub fn at_target(instances: u64, level: Level, target: Level) -> u64 {
    let load = u128::from(instances).saturating_mul(u128::from(level.0));
    u64::try_from(load.div_ceil(u128::from(target.0.max(1)))).unwrap_or(u64::MAX)
}

/// Seconds that an instance of a group warms up for a policy (ASG-09).
pub fn warmup(policy: &Policy, group: &Group) -> SimDuration {
    SimDuration::secs(policy.warmup.or(group.default_instance_warmup).unwrap_or(group.default_cooldown))
}

/// Whether an instance still warms up. ECS counts from its launch (CAP-23), a group from when it came into
/// service (ASG-09).
pub fn is_warming(member: &Member, since_launch: bool, warmup: SimDuration, now: SimTime) -> bool {
    let from = if since_launch { Some(member.launched_at) } else { member.in_service_at };
    from.is_none_or(|from| now < from + warmup)
}

/// What a policy would do about a point that breached one of its thresholds.
pub fn propose(
    state: &State,
    now: SimTime,
    policy: &Policy,
    tracking: &TargetTracking,
    breach: Breach,
    point: &Point,
) -> Proposal {
    let nothing = |says: String, rule, verdicts| Proposal { desired: None, says, rule, verdicts };
    let Some(group) = state.auto_scaling_groups.get(&policy.group) else {
        return nothing("there is no group".to_string(), rules::TARGET_TRACKING, Vec::new());
    };
    let out = breach == Breach::Above;
    let managed = scaling(state, tracking);
    // ECS waits with a scale-out, a group's own policy with a scale-in (CAP-23, ASG-09).
    let span = warmup(policy, group);
    let warming: Vec<&InstanceId> = group
        .counted()
        .filter(|member| is_warming(member, managed.is_some(), span, now))
        .map(|member| &member.instance)
        .collect();
    let (wanted, how, rule) = match managed {
        Some(scaling) => of_provider(out, point, &scaling),
        None => of_group(out, group, point, tracking.target),
    };
    let desired = group.desired_capacity;
    let bounded = wanted.clamp(group.min_size, group.max_size.max(group.min_size));
    let bound = match bounded {
        _ if bounded < wanted => format!(", and the maximum is {bounded}"),
        _ if bounded > wanted => format!(", and the minimum is {bounded}"),
        _ => String::new(),
    };
    let moves = if out { bounded > desired } else { bounded < desired };
    if moves && !warming.is_empty() && out == managed.is_some() {
        let direction = if out { "scale-out" } else { "scale-in" };
        let rule = if managed.is_some() { managed::SCALE_OUT } else { rules::WARM_UP };
        let says = format!("no {direction} while an instance warms up for {} s", span.as_secs());
        let verdict = |id: &&InstanceId| Verdict {
            candidate: Subject::new(Kind::Instance, id.as_str()),
            outcome: Outcome::Removed,
            reason: "warms up".to_string(),
            rule,
        };
        return nothing(says, rule, warming.iter().take(12).map(verdict).collect());
    }
    if moves {
        let verdicts = if out { Vec::new() } else { at_stake(state, tracking, group) };
        return Proposal { desired: Some(bounded), says: format!("{how}{bound}"), rule, verdicts };
    }
    // What is as it should be needs no record; what a bound holds back does.
    let held = if bound.is_empty() { String::new() } else { format!("{how}{bound}") };
    nothing(held, rule, Vec::new())
}

/// The instances that a provider's group may end although tasks run there: ECS does not protect them.
fn at_stake(state: &State, tracking: &TargetTracking, group: &Group) -> Vec<Verdict> {
    let Tracked::Reservation { provider, .. } = &tracking.tracked else { return Vec::new() };
    let provider = state.capacity_providers.get(provider).and_then(|provider| provider.group());
    if provider.is_none_or(|provider| provider.managed_termination_protection) {
        return Vec::new();
    }
    let registered = |member: &Member| state.instances.get(&member.instance)?.container_instance.clone();
    let tasks = |member: &Member| registered(member).map_or(0, |arn| managed_scaling::workload(state, &arn));
    let busy = group.counted().map(|member| (member, tasks(member))).filter(|(_, tasks)| *tasks > 0);
    let verdict = |(member, tasks): (&Member, usize)| Verdict {
        candidate: Subject::new(Kind::Instance, member.instance.as_str()),
        outcome: Outcome::Passed,
        reason: format!("runs {tasks} tasks and is not protected: the group may end it"),
        rule: managed::UNPROTECTED,
    };
    busy.take(12).map(verdict).collect()
}

/// How ECS scales the provider whose metric is tracked.
fn scaling(state: &State, tracking: &TargetTracking) -> Option<ManagedScaling> {
    match &tracking.tracked {
        Tracked::Cpu => None,
        Tracked::Reservation { provider, .. } => {
            state.capacity_providers.get(provider)?.group()?.managed_scaling
        }
    }
}

fn of_provider(out: bool, point: &Point, scaling: &ManagedScaling) -> (u64, String, &'static Rule) {
    let ((m, n), target) = (point.instances, scaling.target_capacity.0);
    if !out {
        let wanted = estimate::scale_in_to(m, n, scaling);
        let how = format!("scale in to {wanted}: {m} x 100 / {target}, and at most half of {n} in a minute");
        return (wanted, how, managed::SCALE_IN);
    }
    let wanted = estimate::scale_out_to(m, n, scaling);
    let how = match n {
        0 => format!("scale out to {wanted}: from none always to two"),
        _ => format!("scale out to {wanted}: {m} x 100 / {target}, rounded up"),
    };
    (wanted, how, managed::SCALE_OUT)
}

fn of_group(out: bool, group: &Group, point: &Point, target: Level) -> (u64, String, &'static Rule) {
    let instances = point.instances.1;
    let wanted = at_target(instances, point.level, target);
    // What is not warm yet is not in the mean, but it is there (ASG-07).
    let wanted = if out { wanted } else { wanted.max(group.min_size) };
    let direction = if out { "scale out" } else { "scale in" };
    let how = format!("{direction} to {wanted}: {instances} x {} / {target}, rounded up", point.level);
    (wanted, how, rules::TARGET_TRACKING)
}
