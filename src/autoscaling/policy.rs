//! Scaling policies of a group: what changes its desired capacity, and when.

use crate::arn::{ACCOUNT, GroupName, REGION};
use crate::autoscaling::step_scaling::{Adjustment, Step};
use crate::autoscaling::target_tracking::{self, Proposal};
use crate::autoscaling::{group, policy_rules as rules};
use crate::cloudwatch::alarm::{self, Alarm, Breach};
use crate::cloudwatch::judge::AlarmState;
use crate::cloudwatch::metric::{Level, Metric, Point};
use crate::ecs::managed_scaling;
use crate::operation::{Cx, subject};
use crate::rules::Rule;
use crate::state::State;
use crate::time::SimTime;
use crate::timeline::{Kind, RecordId, RecordKind};

/// What a target tracking policy looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tracked {
    /// The mean CPU of the group's instances that are warm (ASG-08).
    Cpu,
    /// What ECS measures of a capacity provider (CAP-17).
    Reservation {
        /// The provider.
        provider: String,
        /// The name of its cluster.
        cluster: String,
    },
}

/// A policy that keeps a metric near a target (ASG-08).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetTracking {
    /// The metric.
    pub tracked: Tracked,
    /// The target.
    pub target: Level,
    /// Whether it never scales in.
    pub disable_scale_in: bool,
}

/// A policy that changes the capacity by steps (ASG-07); a simple one has a single step (ASG-06).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepScaling {
    /// How the steps are meant.
    pub adjustment: Adjustment,
    /// They; a simple policy has one without bounds.
    pub steps: Vec<Step>,
    /// The least change of a percentage (AAS-47).
    pub magnitude: Option<u64>,
    /// What is taken of the alarm's points.
    pub aggregation: String,
    /// Seconds after an adjustment in which a simple policy does nothing; the group's where absent.
    pub cooldown: Option<u64>,
    /// Whether it is a simple policy.
    pub simple: bool,
}

/// How a policy decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyKind {
    /// By a target.
    TargetTracking(TargetTracking),
    /// By steps.
    Step(StepScaling),
}

/// A scaling policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Its ARN.
    pub arn: String,
    /// Its name.
    pub name: String,
    /// Its group.
    pub group: GroupName,
    /// How it decides.
    pub kind: PolicyKind,
    /// Seconds that a new instance warms up; the group's where absent (ASG-09).
    pub warmup: Option<u64>,
    /// Whether it is called.
    pub enabled: bool,
    /// The names of the alarms that it made.
    pub alarms: Vec<String>,
    /// When a simple policy last changed the capacity.
    pub acted_at: Option<SimTime>,
    /// What it said last, so that nothing is told twice.
    pub said: String,
    /// The record of its making.
    pub record: Option<RecordId>,
}

impl Policy {
    /// A policy that is not there yet.
    pub fn new(
        cx: &mut Cx<'_>,
        group: GroupName,
        name: String,
        kind: PolicyKind,
        warmup: Option<u64>,
    ) -> Policy {
        let uuid = cx.dice.uuid(&format!("scaling-policy/{group}"));
        Policy {
            arn: format!(
                "arn:aws:autoscaling:{REGION}:{ACCOUNT}:scalingPolicy:{uuid}:autoScalingGroupName/{group}:policyName/{name}"
            ),
            name,
            group,
            kind,
            warmup,
            enabled: true,
            alarms: Vec::new(),
            acted_at: None,
            said: String::new(),
            record: None,
        }
    }

    /// Whether ECS made it for a capacity provider.
    pub fn by_ecs(&self) -> bool {
        matches!(
            &self.kind,
            PolicyKind::TargetTracking(TargetTracking { tracked: Tracked::Reservation { .. }, .. })
        )
    }

    /// The target, where it has one.
    pub fn target(&self) -> Option<Level> {
        match &self.kind {
            PolicyKind::TargetTracking(tracking) => Some(tracking.target),
            PolicyKind::Step(_) => None,
        }
    }

    /// The policy in the words of AWS's `PolicyType`.
    pub fn word(&self) -> &'static str {
        match &self.kind {
            PolicyKind::TargetTracking(_) => "TargetTrackingScaling",
            PolicyKind::Step(step) if step.simple => "SimpleScaling",
            PolicyKind::Step(_) => "StepScaling",
        }
    }

    /// Its place in the world.
    pub fn key(&self) -> (GroupName, String) {
        (self.group.clone(), self.name.clone())
    }
}

/// The metric that a policy of this group tracks.
pub fn metric(group: &GroupName, tracked: &Tracked) -> Metric {
    match tracked {
        Tracked::Cpu => Metric {
            namespace: "AWS/EC2",
            name: "CPUUtilization",
            dimensions: vec![("AutoScalingGroupName", group.to_string())],
        },
        Tracked::Reservation { provider, cluster } => managed_scaling::metric(provider, cluster),
    }
}

/// Keeps a policy, in place of one of the same name, and makes the alarms that it needs.
pub(crate) fn make(cx: &mut Cx<'_>, mut policy: Policy, rule: &'static Rule) {
    let key = policy.key();
    if let Some(before) = cx.state.scaling_policies.get(&key) {
        policy.arn.clone_from(&before.arn);
        unwatch(cx, &key);
    }
    let about = subject(Kind::AutoScalingGroup, &policy.group);
    let text = match &policy.kind {
        PolicyKind::TargetTracking(tracking) => {
            format!(
                "policy {}: keeps {} at {}",
                policy.name,
                metric(&policy.group, &tracking.tracked).name,
                tracking.target
            )
        }
        PolicyKind::Step(_) => format!("policy {}: {}", policy.name, policy.word()),
    };
    let record = cx.record(RecordKind::Change, about, text, rule);
    policy.record = Some(record);
    cx.because(record, |cx| {
        if let PolicyKind::TargetTracking(tracking) = &policy.kind {
            let alarms = alarms(cx, &policy, &tracking.clone());
            policy.alarms = alarms.iter().map(|alarm| alarm.name.clone()).collect();
            cx.state.scaling_policies.insert(key, policy);
            for alarm in alarms {
                alarm::make(cx, alarm);
            }
        } else {
            cx.state.scaling_policies.insert(key, policy);
        }
    });
}

/// The two alarms of a policy that tracks a target: above it, and well below it (ASG-08, CAP-22).
fn alarms(cx: &mut Cx<'_>, policy: &Policy, tracking: &TargetTracking) -> Vec<Alarm> {
    let target = tracking.target;
    let (above, low) = match tracking.tracked {
        Tracked::Cpu => (3, Level(target.0 / 10 * 9)),
        Tracked::Reservation { .. } => (1, target),
    };
    let halves = [("AlarmHigh", Breach::Above, target, above), ("AlarmLow", Breach::Below, low, 15)];
    let metric = metric(&policy.group, &tracking.tracked);
    let wanted = halves.into_iter().filter(|half| half.1 == Breach::Above || !tracking.disable_scale_in);
    wanted
        .map(|(which, breach, threshold, minutes)| {
            let uuid = cx.dice.uuid(&format!("alarm/{}", policy.group));
            Alarm {
                name: format!("TargetTracking-{}-{which}-{uuid}", policy.group),
                metric: metric.clone(),
                breach,
                threshold,
                minutes,
                action: policy.arn.clone(),
                state: AlarmState::InsufficientData,
                reason: "Unchecked: Initial alarm creation".to_string(),
                since: cx.clock,
                made_at: cx.clock,
                record: None,
            }
        })
        .collect()
}

fn unwatch(cx: &mut Cx<'_>, key: &(GroupName, String)) {
    let names = cx.state.scaling_policies.get(key).map(|policy| policy.alarms.clone()).unwrap_or_default();
    for name in names {
        alarm::remove(cx, &name);
    }
}

/// Removes a policy and the alarms that it made (AAS-06).
pub(crate) fn remove(cx: &mut Cx<'_>, key: &(GroupName, String)) {
    unwatch(cx, key);
    if let Some(policy) = cx.state.scaling_policies.remove(key) {
        let about = subject(Kind::AutoScalingGroup, &policy.group);
        let text = format!("policy {} deleted", policy.name);
        cx.record(RecordKind::Change, about, text, rules::TARGET_TRACKING);
    }
}

/// A group is gone, and its policies with it.
pub(crate) fn group_gone(cx: &mut Cx<'_>, name: &GroupName) {
    let keys: Vec<_> = cx.state.scaling_policies.keys().filter(|(group, _)| group == name).cloned().collect();
    for key in keys {
        remove(cx, &key);
    }
}

/// The policy of this ARN.
pub fn by_arn<'a>(state: &'a State, arn: &str) -> Option<&'a Policy> {
    state.scaling_policies.values().find(|policy| policy.arn == arn)
}

/// An alarm calls its policy, with the point that it looked at.
pub(crate) fn called(cx: &mut Cx<'_>, alarm: &Alarm, point: &Point) {
    let Some(policy) = by_arn(cx.state, &alarm.action).filter(|policy| policy.enabled) else { return };
    let suspended = cx.state.auto_scaling_groups.get(&policy.group);
    if suspended.is_none_or(|group| group.deleting || group.is_suspended("AlarmNotification")) {
        return;
    }
    let PolicyKind::TargetTracking(tracking) = &policy.kind else { return };
    let proposal = target_tracking::propose(cx.state, cx.clock, policy, tracking, alarm.breach, point);
    let because = format!("a monitor alarm {} in state ALARM triggered policy {}", alarm.name, policy.name);
    let key = policy.key();
    carry_out(cx, &key, proposal, &because);
}

/// Does what a policy proposes, and tells it unless it was told already.
pub(crate) fn carry_out(cx: &mut Cx<'_>, key: &(GroupName, String), proposal: Proposal, because: &str) {
    let Some(policy) = cx.state.scaling_policies.get_mut(key) else { return };
    if policy.said != proposal.says && !proposal.says.is_empty() {
        policy.said.clone_from(&proposal.says);
        let about = subject(Kind::AutoScalingGroup, &key.0);
        let text = format!("policy {}: {}", key.1, proposal.says);
        let record = cx.record_decision(RecordKind::Decision, about, text, proposal.rule, proposal.verdicts);
        cx.cause = Some(record);
    }
    if let Some(desired) = proposal.desired
        && group::set_desired(cx, &key.0, desired, because)
        && let Some(policy) = cx.state.scaling_policies.get_mut(key)
    {
        policy.acted_at = Some(cx.clock);
        policy.said.clear();
    }
}
