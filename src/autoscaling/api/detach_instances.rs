//! `DetachInstances`: let instances go from their group, and run on.

use crate::autoscaling::api::describe_scaling_activities::{Activity, of_member};
use crate::autoscaling::group::named;
use crate::autoscaling::member::Lifecycle;
use crate::autoscaling::standby;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which instances go.
    pub struct DetachInstancesRequest {
        /// The instances.
        instance_ids: Vec<String> = "InstanceIds".names(Kind::Instance);
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// Whether the group wants so many less; else it launches others.
        should_decrement_desired_capacity: Option<bool> = "ShouldDecrementDesiredCapacity".required();
    }
    /// What is done.
    pub struct DetachInstancesResponse {
        /// The activities.
        activities: Vec<Activity> = "Activities";
    }
}

/// Takes instances out of their group; nobody looks after them any more.
///
/// # Errors
/// `ValidationError` for a group or an instance that there is not, and where the minimum size does not allow it
/// ([`rules::STANDBY`](crate::autoscaling::rules::STANDBY)).
pub fn detach_instances(
    cx: &mut Cx<'_>,
    request: DetachInstancesRequest,
) -> Result<DetachInstancesResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let decrement = request.should_decrement_desired_capacity == Some(true);
    let right = |lifecycle| matches!(lifecycle, Lifecycle::InService | Lifecycle::Standby);
    let ids = standby::spared(group, &request.instance_ids, decrement, "detach", right)?;
    let name = group.name.clone();
    let mut activities = Vec::new();
    for id in ids {
        let number = standby::detach(cx, &name, &id, decrement);
        activities.extend(of_member(cx.state, number));
    }
    Ok(DetachInstancesResponse { activities })
}
