//! Managed draining: an instance that its group takes out is drained first, and goes when its tasks are gone
//! (CINST-19).

use crate::arn::{ContainerInstanceArn, GroupName, InstanceId};
use crate::autoscaling::group;
use crate::autoscaling::hook::{self, Hook, Transition};
use crate::ecs::container_instance::{self, InstanceStatus};
use crate::ecs::rules::managed as rules;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::timeline::{Kind, RecordKind};
use std::collections::BTreeSet;

/// The name of the lifecycle hook that ECS puts on a group.
pub const HOOK: &str = "ecs-managed-draining-termination-hook";
/// Seconds for which an instance may drain.
const LONGEST: u64 = 48 * 3600;

/// The groups whose instances ECS drains: those of providers for which the hook has been made.
fn wanted(state: &State) -> BTreeSet<GroupName> {
    let attachments = state.clusters.values().flat_map(|cluster| &cluster.attachments.list);
    let made = attachments.filter(|each| each.kind == "managed_draining" && each.created);
    let providers = made.filter_map(|each| state.capacity_providers.get(&each.provider));
    let groups = providers.filter_map(|provider| provider.group());
    groups.map(|group| GroupName::from(group.group_name())).collect()
}

/// Puts the hook on the groups that need it, and takes it from those that do no more.
pub(crate) fn reconcile(cx: &mut Cx<'_>) {
    let wanted = wanted(cx.state);
    let hooked =
        |(name, group): (&GroupName, &group::Group)| group.hooks.contains_key(HOOK).then(|| name.clone());
    let there: BTreeSet<GroupName> = cx.state.auto_scaling_groups.iter().filter_map(hooked).collect();
    for name in there.difference(&wanted) {
        hook::remove(cx, name, HOOK);
    }
    for name in wanted.difference(&there) {
        let hook = Hook {
            name: HOOK.to_string(),
            transition: Transition::Terminating,
            heartbeat_timeout: LONGEST,
            default_result: hook::Result::Continue,
            notification_target: None,
            role: None,
            notification_metadata: None,
        };
        hook::put(cx, name, hook);
    }
}

/// Hooks hold an instance that is to end: if ECS drains it, that begins now.
pub(crate) fn held(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId) {
    if !hook::waiting(cx.state, name, HOOK).any(|waiting| waiting == id) {
        return;
    }
    let cause = cx.cause;
    let registered = cx.state.instances.get(id).and_then(|machine| machine.container_instance.clone());
    if let Some(arn) = &registered {
        container_instance::set_status(cx, arn, InstanceStatus::Draining, rules::DRAINING);
    }
    let idle = |arn: &ContainerInstanceArn| {
        cx.state.container_instances.get(arn).is_none_or(|instance| instance.tasks.is_empty())
    };
    if registered.as_ref().is_none_or(idle) {
        release(cx, name, id);
    }
    cx.cause = cause;
}

/// A task of an instance has stopped: if that was the last one and ECS drains the instance, it may go.
pub(crate) fn emptied(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get(arn) else { return };
    if instance.status != InstanceStatus::Draining || !instance.tasks.is_empty() {
        return;
    }
    let id = instance.instance.clone();
    let Some(name) = group::of_instance(cx.state, &id).map(|group| group.name.clone()) else { return };
    let cause = cx.cause;
    if hook::waiting(cx.state, &name, HOOK).any(|waiting| *waiting == id) {
        release(cx, &name, &id);
    }
    cx.cause = cause;
}

fn release(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId) {
    let text = "drained: its tasks are gone, and its group may end it";
    let record = cx.record(RecordKind::Change, subject(Kind::Instance, id), text, rules::DRAINING);
    cx.because(record, |cx| hook::complete(cx, name, id, HOOK, hook::Result::Continue));
}
