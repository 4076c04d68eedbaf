//! Instances that leave a group's service and run on, or join it: Standby, detaching, attaching.

use crate::arn::{GroupName, InstanceId};
use crate::autoscaling::activity::{self, Status};
use crate::autoscaling::group::{GROUP_TAG, Group, invalid, member, moment};
use crate::autoscaling::member::{self, Lifecycle, Member};
use crate::autoscaling::{capacity, rules};
use crate::ec2::instance::InstanceState;
use crate::ecs::tag::Tag;
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::timeline::{Kind, RecordKind};
use std::collections::BTreeMap;

/// The instances of a request, each in one of the right states; the group's minimum must allow what is taken
/// from its desired capacity. `what` says what is done: `place into standby`.
///
/// # Errors
/// `ValidationError` for an instance that there is not, that is in another state, or that cannot be spared.
pub fn spared(
    group: &Group,
    ids: &[String],
    decrement: bool,
    what: &str,
    right: impl Fn(Lifecycle) -> bool,
) -> Result<Vec<InstanceId>, ApiError> {
    let mut found = Vec::new();
    let mut counted = 0;
    for id in ids {
        let one = member(group, id, rules::STANDBY)?;
        if !right(one.lifecycle) {
            let word = one.lifecycle.word();
            return Err(invalid(
                format!("The instance {id} is in {word} and cannot be chosen."),
                rules::STANDBY,
            ));
        }
        if !found.contains(&one.instance) {
            counted += u64::from(one.lifecycle.counts());
            found.push(one.instance.clone());
        }
    }
    let (name, min, max, desired) = (&group.name, group.min_size, group.max_size, group.desired_capacity);
    if decrement && desired.saturating_sub(counted) < min {
        let message = format!(
            "AutoScalingGroup {name} has min-size={min}, max-size={max}, and desired-size={desired}. To {what} {counted} instance, please update the AutoScalingGroup sizes appropriately."
        );
        return Err(invalid(message, rules::STANDBY));
    }
    Ok(found)
}

/// Takes an instance out of service; it runs on in the group.
pub fn enter(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, decrement: bool) -> Option<u64> {
    let says = format!("instance {id} was moved to standby in response to a user request");
    let why = resized(cx, name, says, if decrement { -1 } else { 0 })?;
    let number = activity::begin(cx, name, Some(id), format!("Moving EC2 instance to Standby: {id}"), why);
    over(cx, name, id, Lifecycle::Standby);
    number
}

/// Puts an instance back into service; the group wants one more.
pub fn exit(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId) -> Option<u64> {
    let says = format!("instance {id} was moved out of standby in response to a user request");
    let why = resized(cx, name, says, 1)?;
    let number =
        activity::begin(cx, name, Some(id), format!("Moving EC2 instance out of Standby: {id}"), why);
    over(cx, name, id, Lifecycle::InService);
    number
}

/// Lets an instance go; it runs on outside of the group.
pub fn detach(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, decrement: bool) -> Option<u64> {
    let counted = member::of(cx, name, id).is_some_and(|member| member.lifecycle.counts());
    let says = format!("instance {id} was detached in response to a user request");
    let why = resized(cx, name, says, if decrement && counted { -1 } else { 0 })?;
    let number = activity::begin(cx, name, Some(id), format!("Detaching EC2 instance: {id}"), why);
    over(cx, name, id, Lifecycle::Detaching);
    if let Some(group) = cx.state.auto_scaling_groups.get_mut(name) {
        group.instances.remove(id);
    }
    if let Some(machine) = cx.state.instances.get_mut(id) {
        machine.tags.retain(|tag| tag.key != GROUP_TAG);
    }
    number
}

/// Whether an instance may join a group.
///
/// # Errors
/// `ValidationError` for one that does not run, belongs to a group, or stands elsewhere.
pub fn joinable(state: &State, group: &Group, id: &InstanceId) -> Result<(), ApiError> {
    let refuse = |message: String| Err(invalid(message, rules::STANDBY));
    let Some(machine) = state.instances.get(id) else {
        return refuse(format!("Invalid Instance ID(s): [{id}] specified."));
    };
    if machine.state != InstanceState::Running {
        return refuse(format!("Instance {id} is not in correct state."));
    }
    if let Some(other) = crate::autoscaling::group::of_instance(state, id) {
        return refuse(format!("Instance {id} is already part of AutoScalingGroup:{}", other.name));
    }
    if !group.zones.contains(&machine.availability_zone) {
        let name = &group.name;
        return refuse(format!("Instance {id} is in none of the zones of AutoScalingGroup:{name}"));
    }
    Ok(())
}

/// Takes an instance into a group, which wants one more.
pub fn attach(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId) {
    let says = format!("an instance {id} was added in response to user request");
    let Some(why) = resized(cx, name, says, 1) else { return };
    let Some(machine) = cx.state.instances.get_mut(id) else { return };
    machine.tags.push(Tag { key: GROUP_TAG.to_string(), value: name.to_string() });
    let (instance_type, launched_at) = (machine.instance_type.name, machine.launched_at);
    let availability_zone = machine.availability_zone.clone();
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    let member = Member {
        instance: id.clone(),
        instance_type,
        availability_zone,
        lifecycle: Lifecycle::Pending,
        healthy: true,
        protected: group.new_instances_protected,
        launch_template: None,
        launched_at,
        in_service_at: None,
        actions: BTreeMap::new(),
        activity: None,
    };
    group.instances.insert(id.clone(), member);
    activity::begin(cx, name, Some(id), format!("Attaching an existing EC2 instance: {id}"), why);
    over(cx, name, id, Lifecycle::InService);
}

/// The cause of an activity that changes the desired capacity with it by so much.
fn resized(cx: &mut Cx<'_>, name: &GroupName, says: String, by: i64) -> Option<String> {
    let at = moment(cx.clock);
    let group = cx.state.auto_scaling_groups.get_mut(name)?;
    let before = group.desired_capacity;
    let after = before.saturating_add_signed(by);
    if after == before {
        return Some(format!("At {at} {says}."));
    }
    group.desired_capacity = after;
    let verb = if by < 0 { "shrinking" } else { "increasing" };
    let text = format!("desired capacity {before} to {after}: {says}");
    let record = cx.record(RecordKind::Change, subject(Kind::AutoScalingGroup, name), text, rules::STANDBY);
    cx.cause = Some(record);
    Some(format!("At {at} {says}, {verb} the capacity from {before} to {after}."))
}

/// The move is over at once, and the group looks what it lacks.
fn over(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, lifecycle: Lifecycle) {
    let cause = cx.cause;
    member::enter(cx, name, id, lifecycle);
    let done = member::of(cx, name, id).and_then(|member| member.activity.take());
    activity::end(cx, done, Status::Successful, None);
    capacity::look_soon(cx, name);
    cx.cause = cause;
}
