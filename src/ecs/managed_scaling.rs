//! Managed scaling: what ECS measures for the group of a capacity provider, and the policy it keeps there.

pub mod estimate;
pub mod waiting;

use crate::arn::{ClusterArn, ContainerInstanceArn, GroupName, InstanceId, TaskArn};
use crate::autoscaling::capacity;
use crate::autoscaling::group::{self, GroupTag};
use crate::autoscaling::policy::{self, Policy, PolicyKind, TargetTracking, Tracked};
use crate::cloudwatch::metric::{Level, Metric, Point};
use crate::cloudwatch::minute;
use crate::ecs::capacity_provider::{self, ManagedScaling};
use crate::ecs::registration;
use crate::ecs::rules::managed as rules;
use crate::ecs::service::Scheduling;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::timeline::{Kind, Outcome, RecordId, RecordKind, Subject, Verdict};
use estimate::{Size, need, reservation, step};
use waiting::Crowd;

/// The tag that ECS puts on a group that it scales (CAP-26).
pub const MANAGED_TAG: &str = "AmazonECSManaged";

/// A provider whose group ECS scales, in the cluster that it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaled {
    /// The cluster.
    pub cluster: ClusterArn,
    /// The provider.
    pub provider: String,
    /// Its group.
    pub group: GroupName,
    /// How it is scaled.
    pub scaling: ManagedScaling,
    /// The name of the policy on the group.
    pub policy: String,
}

impl Scaled {
    /// The metric of the provider (CW-18).
    pub fn metric(&self) -> Metric {
        metric(&self.provider, self.cluster.short())
    }
}

/// `CapacityProviderReservation` of a provider in a cluster (CW-18).
pub fn metric(provider: &str, cluster: &str) -> Metric {
    let dimensions =
        vec![("CapacityProviderName", provider.to_string()), ("ClusterName", cluster.to_string())];
    Metric { namespace: "AWS/ECS/ManagedScaling", name: "CapacityProviderReservation", dimensions }
}

/// Every provider whose policy has been made in its cluster.
pub fn scaled(state: &State) -> Vec<Scaled> {
    let mut found = Vec::new();
    for cluster in state.clusters.values() {
        for each in cluster.attachments.list.iter().filter(|each| each.kind == "as_policy" && each.created) {
            let provider = state.capacity_providers.get(&each.provider);
            let Some(group) = provider.and_then(|provider| provider.group()) else { continue };
            let Some(scaling) = group.managed_scaling else { continue };
            found.push(Scaled {
                cluster: cluster.arn.clone(),
                provider: each.provider.clone(),
                group: GroupName::from(group.group_name()),
                scaling,
                policy: format!("ECSManagedAutoScalingPolicy-{}", each.id),
            });
        }
    }
    found
}

/// Makes the policies that ECS keeps on groups now, and removes those that it keeps no more (CAP-22).
pub(crate) fn reconcile(cx: &mut Cx<'_>) {
    let wanted = scaled(cx.state);
    let kept = cx.state.scaling_policies.iter().filter(|(_, policy)| policy.by_ecs());
    let stale: Vec<(GroupName, String)> = kept
        .filter(|((group, name), policy)| {
            !wanted.iter().any(|scaled| {
                scaled.group == *group && scaled.policy == *name && policy.target() == Some(target(scaled))
            })
        })
        .map(|(key, _)| key.clone())
        .collect();
    for key in stale {
        policy::remove(cx, &key);
    }
    for scaled in wanted {
        let key = (scaled.group.clone(), scaled.policy.clone());
        let there = cx.state.auto_scaling_groups.contains_key(&scaled.group);
        if !there || cx.state.scaling_policies.contains_key(&key) {
            continue;
        }
        if let Some(group) = cx.state.auto_scaling_groups.get_mut(&scaled.group) {
            let tag = GroupTag { value: String::new(), propagate_at_launch: true };
            group.tags.entry(MANAGED_TAG.to_string()).or_insert(tag);
        }
        let about = subject(Kind::AutoScalingGroup, &scaled.group);
        cx.record(RecordKind::Change, about, format!("tag {MANAGED_TAG}"), rules::LIMITS);
        let tracked = Tracked::Reservation {
            provider: scaled.provider.clone(),
            cluster: scaled.cluster.short().to_string(),
        };
        let kind = PolicyKind::TargetTracking(TargetTracking {
            tracked,
            target: target(&scaled),
            disable_scale_in: false,
        });
        let warmup = Some(scaled.scaling.instance_warmup.as_secs());
        let policy = Policy::new(cx, scaled.group, scaled.policy, kind, warmup);
        policy::make(cx, policy, rules::POLICY);
    }
    crate::ecs::managed_draining::reconcile(cx);
}

fn target(scaled: &Scaled) -> Level {
    Level::percent(scaled.scaling.target_capacity.0)
}

/// The instances of a provider that take tasks: in service in its group, registered in its cluster (CAP-17).
pub fn instances(state: &State, scaled: &Scaled) -> Vec<(InstanceId, ContainerInstanceArn)> {
    let registered = |id: &InstanceId| {
        let arn = state.instances.get(id)?.container_instance.clone()?;
        let here = state.container_instances.get(&arn)?;
        (here.cluster == scaled.cluster).then_some(arn)
    };
    group::in_service(state, &scaled.group)
        .filter_map(|member| Some((member.instance.clone(), registered(&member.instance)?)))
        .collect()
}

/// How many tasks stand on an instance that are not a daemon's (CAP-18).
pub fn workload(state: &State, arn: &ContainerInstanceArn) -> usize {
    let Some(instance) = state.container_instances.get(arn) else { return 0 };
    let daemon = |service: &crate::arn::ServiceArn| {
        state.services.get(service).is_some_and(|service| service.scheduling == Scheduling::Daemon)
    };
    let tasks = instance.tasks.iter().filter_map(|arn| state.tasks.get(arn));
    tasks.filter(|task| !task.service.as_ref().is_some_and(daemon)).count()
}

/// What one new instance of a provider's group will offer to tasks: what its agent would register (CAP-19).
fn size(state: &State, scaled: &Scaled, launched_by: &str) -> Option<(Size, &'static str)> {
    let group = state.auto_scaling_groups.get(&scaled.group)?;
    let (launch, _) = capacity::check(state, group, None).ok()?;
    let (brings, gpus) = registration::brings(state, &launch.machine(launched_by)).ok()?;
    let size = Size { cpu: brings.cpu?.0, memory: brings.memory?.0, enis: brings.eni_slots, gpus };
    Some((size, launch.instance_type.name))
}

/// A minute ends: the metric of each provider is computed and kept, and told where it changed (CAP-17).
pub(crate) fn publish(cx: &mut Cx<'_>) {
    reconcile(cx);
    for scaled in scaled(cx.state) {
        let cause = cx.cause;
        protect(cx, &scaled);
        cx.cause = cause;
        measure(cx, &scaled);
        cx.cause = cause;
    }
}

/// How many verdicts a measurement tells.
const VERDICTS_TOLD: usize = 12;

fn measure(cx: &mut Cx<'_>, scaled: &Scaled) {
    let there = instances(cx.state, scaled);
    let n = there.len() as u64;
    let crowds = waiting::crowds(cx.state, &scaled.cluster, &scaled.provider);
    let used = there.iter().filter(|(_, arn)| workload(cx.state, arn) > 0).count() as u64;
    let (needed, mut verdicts) = judge(cx, scaled, &crowds);
    let new = (needed > 0).then(|| step(needed, scaled.scaling.minimum_step, scaled.scaling.maximum_step));
    let m = new.map_or(used, |new| n + new);
    let level = reservation(m, n);
    let how = match new {
        Some(new) if new != needed => format!("M = {n} + {new} (needed: {needed}, by the step sizes {new})"),
        Some(new) => format!("M = {n} + {new}"),
        None => format!("M = {used} in use"),
    };
    let rule = if n == 0 { rules::CORNERS } else { rules::RESERVATION };
    let text = format!("CapacityProviderReservation {level}: {how}, N = {n}");
    for (id, arn) in there.iter().take(VERDICTS_TOLD.saturating_sub(verdicts.len())) {
        let tasks = workload(cx.state, arn);
        let (outcome, reason) = match tasks {
            0 => (Outcome::Removed, "is empty".to_string()),
            1 => (Outcome::Passed, "has 1 task".to_string()),
            tasks => (Outcome::Passed, format!("has {tasks} tasks")),
        };
        let candidate = Subject::new(Kind::Instance, id.as_str());
        verdicts.push(Verdict { candidate, outcome, reason, rule: rules::IN_USE });
    }
    let metric = scaled.metric();
    let before = cx.state.cloudwatch.metrics.get(&metric).and_then(|series| series.newest()).copied();
    let told = before.and_then(|point| point.why).and_then(|why| cx.timeline.get(why));
    let same = told.is_some_and(|record| record.text == text && record.verdicts == verdicts);
    let why = if same { before.and_then(|point| point.why) } else { None };
    let why = why.unwrap_or_else(|| {
        cx.cause = cause(cx, &crowds, before.and_then(|point| point.why));
        let about = subject(Kind::CapacityProvider, capacity_provider::arn_of(&scaled.provider));
        cx.record_decision(RecordKind::Decision, about, text, rule, verdicts)
    });
    minute::publish(cx, metric, Point { level, instances: (m, n), why: Some(why) });
}

/// What a measurement is caused by: what the waiting tasks wait for, else the one before.
fn cause(cx: &Cx<'_>, crowds: &[Crowd], before: Option<RecordId>) -> Option<RecordId> {
    let task = crowds.first().and_then(|crowd| crowd.tasks.first());
    let about = |task: &str| {
        let place = cx
            .timeline
            .records()
            .iter()
            .rposition(|record| record.subject.kind == Kind::Task && record.subject.id == task)?;
        u32::try_from(place).ok().map(RecordId)
    };
    task.and_then(|task| about(task.as_str())).or(before).or(cx.cause)
}

/// How many new instances the waiting tasks need, and how each group of them fares (CAP-19).
fn judge(cx: &Cx<'_>, scaled: &Scaled, crowds: &[Crowd]) -> (u64, Vec<Verdict>) {
    let Some((size, kind)) = size(cx.state, scaled, &cx.principal.arn) else { return (0, Vec::new()) };
    let needs: Vec<_> = crowds.iter().map(|crowd| need(&crowd.waiting, &size)).collect();
    let most = needs.iter().flatten().map(|need| need.instances).max().unwrap_or(0);
    let largest = needs.iter().position(|need| need.is_ok_and(|need| need.instances == most));
    let verdicts = crowds.iter().zip(&needs).enumerate().take(VERDICTS_TOLD).map(|(at, (crowd, need))| {
        let who = crowd.says();
        let (outcome, reason) = match need {
            Err((by, one, each)) => (
                Outcome::Removed,
                format!("{who}: {by}: a task needs {one}, one {kind} has {each}; no new instance helps"),
            ),
            Ok(need) => {
                let outcome = if largest == Some(at) { Outcome::Chosen } else { Outcome::Passed };
                (
                    outcome,
                    format!(
                        "{who}: {}: {} together, {} on one {kind}: {} more",
                        need.by, need.demand, need.each, need.instances
                    ),
                )
            }
        };
        Verdict { candidate: crowd.subject.clone(), outcome, reason, rule: rules::ESTIMATE }
    });
    (most, verdicts.collect())
}

/// Keeps protection from scale-in on instances with tasks and takes it from empty ones (CAS-06).
fn protect(cx: &mut Cx<'_>, scaled: &Scaled) {
    let provider = cx.state.capacity_providers.get(&scaled.provider).and_then(|provider| provider.group());
    if !provider.is_some_and(|group| group.managed_termination_protection) {
        return;
    }
    for (id, arn) in instances(cx.state, scaled) {
        let busy = workload(cx.state, &arn) > 0;
        group::protect(cx, &scaled.group, &id, busy);
    }
}

/// A task was placed: if ECS protects instances with tasks, its instance is protected from now on (CAS-06).
pub(crate) fn occupied(cx: &mut Cx<'_>, task: &TaskArn) {
    let arn = cx.state.tasks.get(task).and_then(|task| task.container_instance.as_ref());
    let Some(instance) = arn.and_then(|arn| cx.state.container_instances.get(arn)) else { return };
    let name = instance.capacity_provider.as_ref();
    let provider = name.and_then(|name| cx.state.capacity_providers.get(name));
    let Some(group) = provider.and_then(|provider| provider.group()) else { return };
    if group.managed_termination_protection && workload(cx.state, &instance.arn) > 0 {
        let (name, id) = (GroupName::from(group.group_name()), instance.instance.clone());
        let cause = cx.cause;
        group::protect(cx, &name, &id, true);
        cx.cause = cause;
    }
}
