//! `TerminateInstanceInAutoScalingGroup`: end an instance through its group.

use crate::arn::InstanceId;
use crate::autoscaling::api::describe_scaling_activities::{Activity, of_member};
use crate::autoscaling::group::{invalid, moment, of_instance};
use crate::autoscaling::member::Lifecycle;
use crate::autoscaling::{capacity, member, rules};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which instance ends.
    pub struct TerminateInstanceInAutoScalingGroupRequest {
        /// The instance.
        instance_id: String = "InstanceId".required().names(Kind::Instance);
        /// Whether the group wants one less; else it launches another.
        should_decrement_desired_capacity: Option<bool> = "ShouldDecrementDesiredCapacity".required();
    }
    /// What is done.
    pub struct TerminateInstanceInAutoScalingGroupResponse {
        /// The activity.
        activity: Option<Activity> = "Activity";
    }
}

/// Ends an instance of a group, with the hooks that the group has; protection does not hold it.
///
/// # Errors
/// In this order: `ValidationError` for an instance of no group, and where the minimum size does not allow one
/// less; `ScalingActivityInProgress` for one that is on its way out ([`rules::BY_HAND`]).
pub fn terminate_instance_in_auto_scaling_group(
    cx: &mut Cx<'_>,
    request: TerminateInstanceInAutoScalingGroupRequest,
) -> Result<TerminateInstanceInAutoScalingGroupResponse, ApiError> {
    let id = InstanceId::from(request.instance_id.as_str());
    let Some(group) = of_instance(cx.state, &id) else {
        let message = format!("Instance Id not found - No managed instance found for instance ID {id}");
        return Err(invalid(message, rules::BY_HAND));
    };
    let decrement = request.should_decrement_desired_capacity == Some(true);
    let lifecycle = group.instances.get(&id).map(|member| member.lifecycle);
    if lifecycle.is_some_and(|lifecycle| lifecycle >= Lifecycle::Terminating) {
        let message = format!("Instance {id} is already on its way out of the AutoScalingGroup.");
        return Err(ApiError::new("ScalingActivityInProgress", message, rules::BY_HAND));
    }
    let (name, desired, min) = (group.name.clone(), group.desired_capacity, group.min_size);
    // An instance in Standby does not count, so that nothing falls with it.
    let counts = lifecycle.is_some_and(Lifecycle::counts);
    if decrement && counts && desired <= min {
        let message = format!(
            "Currently, desiredSize equals minSize ({min}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size."
        );
        return Err(invalid(message, rules::BY_HAND));
    }
    let at = moment(cx.clock);
    let mut why = format!("At {at} instance {id} was taken out of service in response to a user request");
    if decrement && counts {
        why.push_str(&format!(", shrinking the capacity from {desired} to {}", desired - 1));
        if let Some(group) = cx.state.auto_scaling_groups.get_mut(&name) {
            group.desired_capacity -= 1;
        }
    }
    why.push('.');
    let number = member::take_out(cx, &name, &id, why);
    capacity::look_soon(cx, &name);
    Ok(TerminateInstanceInAutoScalingGroupResponse { activity: of_member(cx.state, number) })
}
