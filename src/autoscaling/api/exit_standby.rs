//! `ExitStandby`: put instances back into service.

use crate::autoscaling::api::describe_scaling_activities::{Activity, of_member};
use crate::autoscaling::group::{invalid, named};
use crate::autoscaling::member::Lifecycle;
use crate::autoscaling::{rules, standby};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which instances come back.
    pub struct ExitStandbyRequest {
        /// The instances.
        instance_ids: Vec<String> = "InstanceIds".names(Kind::Instance);
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
    }
    /// What is done.
    pub struct ExitStandbyResponse {
        /// The activities.
        activities: Vec<Activity> = "Activities";
    }
}

/// Puts instances from Standby into service; the group wants so many more.
///
/// # Errors
/// `ValidationError` for a group or an instance that there is not or is not in Standby, and where the maximum
/// size does not allow it ([`rules::STANDBY`]).
pub fn exit_standby(cx: &mut Cx<'_>, request: ExitStandbyRequest) -> Result<ExitStandbyResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let in_standby = |lifecycle| lifecycle == Lifecycle::Standby;
    let ids = standby::spared(group, &request.instance_ids, false, "", in_standby)?;
    let (name, max, desired) = (group.name.clone(), group.max_size, group.desired_capacity);
    if desired + ids.len() as u64 > max {
        let (min, count) = (group.min_size, ids.len());
        let message = format!(
            "AutoScalingGroup {name} has min-size={min}, max-size={max}, and desired-size={desired}. To exit standby {count} instance, please update the AutoScalingGroup sizes appropriately."
        );
        return Err(invalid(message, rules::STANDBY));
    }
    let mut activities = Vec::new();
    for id in ids {
        let number = standby::exit(cx, &name, &id);
        activities.extend(of_member(cx.state, number));
    }
    Ok(ExitStandbyResponse { activities })
}
