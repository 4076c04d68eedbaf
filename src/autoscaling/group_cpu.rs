//! The CPU of a group: the mean of its instances that are warm (ASG-08, ASG-09).

use crate::arn::{GroupName, InstanceId};
use crate::autoscaling::policy::{self, Policy, PolicyKind, Tracked};
use crate::autoscaling::target_tracking::{is_warming, warmup};
use crate::cloudwatch::metric::{Level, MINUTE, Point};
use crate::cloudwatch::{meter, minute};
use crate::operation::Cx;
use crate::state::State;
use crate::timeline::RecordId;
use std::collections::{BTreeMap, BTreeSet};

/// The policy by whose warm-up a group's CPU is measured: the first that tracks it.
fn watched(state: &State) -> BTreeMap<GroupName, Policy> {
    let tracks = |policy: &Policy| matches!(&policy.kind, PolicyKind::TargetTracking(tracking) if tracking.tracked == Tracked::Cpu);
    let mut watched = BTreeMap::new();
    for policy in state.scaling_policies.values().filter(|policy| tracks(policy)) {
        watched.entry(policy.group.clone()).or_insert_with(|| policy.clone());
    }
    watched
}

/// Begins to measure the instances of watched groups that are in service, and ends measuring others.
pub(crate) fn watch(cx: &mut Cx<'_>) {
    let groups = watched(cx.state);
    let members = groups.keys().filter_map(|name| cx.state.auto_scaling_groups.get(name));
    let wanted: BTreeSet<InstanceId> = members
        .flat_map(|group| group.instances.values())
        .filter(|member| member.is_in_service())
        .map(|member| member.instance.clone())
        .collect();
    cx.state.cloudwatch.meters.retain(|id, _| wanted.contains(id));
    for id in &wanted {
        meter::begin(cx, id);
    }
}

/// A minute ends: the mean of each watched group is kept; a group without warm instances has none.
pub(crate) fn publish(cx: &mut Cx<'_>) {
    for (name, policy) in watched(cx.state) {
        let Some(group) = cx.state.auto_scaling_groups.get(&name) else { continue };
        let (from, span) = (cx.clock - MINUTE, warmup(&policy, group));
        let warm = |member: &&crate::autoscaling::member::Member| {
            member.is_in_service() && !is_warming(member, false, span, from)
        };
        let warm: BTreeSet<InstanceId> =
            group.instances.values().filter(warm).map(|member| member.instance.clone()).collect();
        let all: Vec<InstanceId> = group.instances.keys().cloned().collect();
        let (mut sum, mut count, mut why): (u64, u64, Option<RecordId>) = (0, 0, None);
        for id in all {
            let Some((level, record)) = meter::read(cx, &id) else { continue };
            if warm.contains(&id) {
                sum += level.0;
                count += 1;
                why = why.max(record);
            }
        }
        let Some(mean) = sum.checked_div(count) else { continue };
        let point = Point { level: Level(mean), instances: (0, count), why: why.or(policy.record) };
        minute::publish(cx, policy::metric(&name, &Tracked::Cpu), point);
    }
    watch(cx);
}
