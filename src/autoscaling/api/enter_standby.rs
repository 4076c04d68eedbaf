//! `EnterStandby`: take instances out of service, and let them run on.

use crate::autoscaling::api::describe_scaling_activities::{Activity, of_member};
use crate::autoscaling::group::named;
use crate::autoscaling::member::Lifecycle;
use crate::autoscaling::standby;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which instances leave service.
    pub struct EnterStandbyRequest {
        /// The instances.
        instance_ids: Vec<String> = "InstanceIds".names(Kind::Instance);
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// Whether the group wants so many less; else it launches others.
        should_decrement_desired_capacity: Option<bool> = "ShouldDecrementDesiredCapacity".required();
    }
    /// What is done.
    pub struct EnterStandbyResponse {
        /// The activities.
        activities: Vec<Activity> = "Activities";
    }
}

/// Puts instances that are InService into Standby.
///
/// # Errors
/// `ValidationError` for a group or an instance that there is not or is not InService, and where the minimum size
/// does not allow it ([`rules::STANDBY`](crate::autoscaling::rules::STANDBY)).
pub fn enter_standby(
    cx: &mut Cx<'_>,
    request: EnterStandbyRequest,
) -> Result<EnterStandbyResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let decrement = request.should_decrement_desired_capacity == Some(true);
    let in_service = |lifecycle| lifecycle == Lifecycle::InService;
    let ids = standby::spared(group, &request.instance_ids, decrement, "place into standby", in_service)?;
    let name = group.name.clone();
    let mut activities = Vec::new();
    for id in ids {
        let number = standby::enter(cx, &name, &id, decrement);
        activities.extend(of_member(cx.state, number));
    }
    Ok(EnterStandbyResponse { activities })
}
