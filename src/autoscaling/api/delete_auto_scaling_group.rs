//! `DeleteAutoScalingGroup`: a group is not needed any more.

use crate::autoscaling::group::{moment, named};
use crate::autoscaling::member::Lifecycle;
use crate::autoscaling::{capacity, member, rules};
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

shape! {
    /// Which group to delete.
    pub struct DeleteAutoScalingGroupRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// Ends its instances with it.
        force_delete: Option<bool> = "ForceDelete";
    }
    /// Nothing.
    pub struct DeleteAutoScalingGroupResponse {
    }
}

/// Deletes a group. By force it takes its instances with it, and is gone when they are.
///
/// # Errors
/// In this order: `ValidationError` for a group that there is not; `ScalingActivityInProgress` for one that is
/// being deleted or about to launch; `ResourceInUse` for one with instances, without force
/// ([`rules::ACTIVITIES`]).
pub fn delete_auto_scaling_group(
    cx: &mut Cx<'_>,
    request: DeleteAutoScalingGroupRequest,
) -> Result<DeleteAutoScalingGroupResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let force = request.force_delete == Some(true);
    if group.deleting {
        return Err(in_deletion());
    }
    if !force && !group.instances.is_empty() {
        let message = "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) still in the group.";
        return Err(ApiError::new("ResourceInUse", message, rules::ACTIVITIES));
    }
    if !force && group.desired_capacity > 0 && group.pass_at.is_some() {
        let message = "You cannot delete an AutoScalingGroup while there are scaling activities in progress for that group.";
        return Err(ApiError::new("ScalingActivityInProgress", message, rules::ACTIVITIES));
    }
    let name = group.name.clone();
    let about = subject(Kind::AutoScalingGroup, &name);
    if group.instances.is_empty() {
        cx.state.auto_scaling_groups.remove(&name);
        cx.record(RecordKind::Change, about, "deleted", rules::ACTIVITIES);
        crate::autoscaling::policy::group_gone(cx, &name);
        return Ok(DeleteAutoScalingGroupResponse {});
    }
    let alive = group.instances.values().filter(|member| member.lifecycle < Lifecycle::Terminating);
    let alive: Vec<_> = alive.map(|member| member.instance.clone()).collect();
    if let Some(group) = cx.state.auto_scaling_groups.get_mut(&name) {
        group.deleting = true;
        (group.min_size, group.max_size, group.desired_capacity) = (0, 0, 0);
    }
    let text = format!("Delete in progress: ends {} instances", alive.len());
    let record = cx.record(RecordKind::Change, about, text, rules::ACTIVITIES);
    let why = format!("At {} a user request force deleted AutoScaling group.", moment(cx.clock));
    cx.because(record, |cx| {
        for id in alive {
            member::take_out(cx, &name, &id, why.clone());
        }
        capacity::look_soon(cx, &name);
    });
    Ok(DeleteAutoScalingGroupResponse {})
}

/// The group is on its way out.
pub(crate) fn in_deletion() -> ApiError {
    let message = "AutoScalingGroup is being deleted and cannot be changed any more.";
    ApiError::new("ScalingActivityInProgress", message, rules::ACTIVITIES)
}
