//! `SetDesiredCapacity`: say how many instances a group wants.

use crate::autoscaling::group::{self, invalid, named};
use crate::autoscaling::rules;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::time::SimDuration;
use crate::timeline::Kind;

shape! {
    /// How many instances which group wants.
    pub struct SetDesiredCapacityRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// How many instances.
        desired_capacity: Option<i64> = "DesiredCapacity".required();
        /// Waits for the cooldown: is refused until that is over.
        honor_cooldown: Option<bool> = "HonorCooldown";
    }
    /// Nothing.
    pub struct SetDesiredCapacityResponse {
    }
}

/// Sets the desired capacity; the group acts on it soon.
///
/// # Errors
/// In this order: `ValidationError` for a group that there is not, and for a number outside of minimum and
/// maximum ([`rules::GROUP`]); `ScalingActivityInProgress` within the cooldown, where that is to be honored
/// ([`rules::COOLDOWN`]), and for a group that is being deleted.
pub fn set_desired_capacity(
    cx: &mut Cx<'_>,
    request: SetDesiredCapacityRequest,
) -> Result<SetDesiredCapacityResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    if group.deleting {
        return Err(super::delete_auto_scaling_group::in_deletion());
    }
    let wanted = request.desired_capacity.unwrap_or(0);
    let desired = u64::try_from(wanted).unwrap_or(0);
    let outside = |side, bound: u64, name| {
        let says = format!(
            "New SetDesiredCapacity value {wanted} is {side} {name} value {bound} for the AutoScalingGroup."
        );
        Err(invalid(says, rules::GROUP))
    };
    if wanted < 0 || desired < group.min_size {
        return outside("below", group.min_size, "min");
    }
    if desired > group.max_size {
        return outside("above", group.max_size, "max");
    }
    let cool = group.scaled_at.map(|at| at + SimDuration::secs(group.default_cooldown));
    if request.honor_cooldown == Some(true) && cool.is_some_and(|cool| cx.clock < cool) {
        let message = "You cannot change the desired capacity while a cooldown period is in effect for the AutoScalingGroup.";
        return Err(ApiError::new("ScalingActivityInProgress", message, rules::COOLDOWN));
    }
    let name = group.name.clone();
    group::set_desired(cx, &name, desired, "a user request explicitly set group desired capacity");
    Ok(SetDesiredCapacityResponse {})
}
