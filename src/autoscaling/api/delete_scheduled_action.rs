//! `DeleteScheduledAction`: take an action from the schedule of a group.

use crate::autoscaling::group::{invalid, named};
use crate::autoscaling::rules;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which action of which group.
    pub struct DeleteScheduledActionRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// The action's name.
        scheduled_action_name: String = "ScheduledActionName".required();
    }
    /// Nothing.
    pub struct DeleteScheduledActionResponse {
    }
}

/// Takes an action from the schedule of a group.
///
/// # Errors
/// `ValidationError` for a group or an action that there is not ([`rules::SCHEDULE`]).
pub fn delete_scheduled_action(
    cx: &mut Cx<'_>,
    request: DeleteScheduledActionRequest,
) -> Result<DeleteScheduledActionResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    if !group.schedule.contains_key(&request.scheduled_action_name) {
        return Err(invalid("Scheduled action name not found", rules::SCHEDULE));
    }
    let name = group.name.clone();
    if let Some(group) = cx.state.auto_scaling_groups.get_mut(&name) {
        group.schedule.remove(&request.scheduled_action_name);
    }
    Ok(DeleteScheduledActionResponse {})
}
