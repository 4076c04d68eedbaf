//! `RecordLifecycleActionHeartbeat`: an instance that a hook holds needs more time.

use crate::autoscaling::api::complete_lifecycle_action::held;
use crate::autoscaling::hook;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which action needs more time.
    pub struct RecordLifecycleActionHeartbeatRequest {
        /// The hook.
        lifecycle_hook_name: String = "LifecycleHookName".required();
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// The token of the action, in place of the instance.
        lifecycle_action_token: Option<String> = "LifecycleActionToken";
        /// The instance.
        instance_id: Option<String> = "InstanceId".names(Kind::Instance);
    }
    /// Nothing.
    pub struct RecordLifecycleActionHeartbeatResponse {
    }
}

/// Begins the timeout of a lifecycle action anew.
///
/// # Errors
/// `ValidationError` for a group or an action that there is not
/// ([`rules::HOOKS`](crate::autoscaling::rules::HOOKS)).
pub fn record_lifecycle_action_heartbeat(
    cx: &mut Cx<'_>,
    request: RecordLifecycleActionHeartbeatRequest,
) -> Result<RecordLifecycleActionHeartbeatResponse, ApiError> {
    let (name, id) = held(
        cx.state,
        &request.auto_scaling_group_name,
        &request.lifecycle_hook_name,
        request.instance_id.as_deref(),
        request.lifecycle_action_token.as_deref(),
    )?;
    hook::heartbeat(cx, &name, &id, &request.lifecycle_hook_name);
    Ok(RecordLifecycleActionHeartbeatResponse {})
}
