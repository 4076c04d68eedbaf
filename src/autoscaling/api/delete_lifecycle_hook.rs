//! `DeleteLifecycleHook`: hold instances no more.

use crate::autoscaling::group::{invalid, named};
use crate::autoscaling::{hook, rules};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which hook to delete.
    pub struct DeleteLifecycleHookRequest {
        /// Its name.
        lifecycle_hook_name: String = "LifecycleHookName".required();
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
    }
    /// Nothing.
    pub struct DeleteLifecycleHookResponse {
    }
}

/// Deletes a hook; of what it holds, launches are abandoned and ends go on.
///
/// # Errors
/// `ValidationError` for a group or a hook that there is not ([`rules::HOOKS`]).
pub fn delete_lifecycle_hook(
    cx: &mut Cx<'_>,
    request: DeleteLifecycleHookRequest,
) -> Result<DeleteLifecycleHookResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let hook = request.lifecycle_hook_name;
    if !group.hooks.contains_key(&hook) {
        let name = &group.name;
        return Err(invalid(
            format!("No Lifecycle Hook found with name {hook} in group {name}."),
            rules::HOOKS,
        ));
    }
    let name = group.name.clone();
    hook::remove(cx, &name, &hook);
    Ok(DeleteLifecycleHookResponse {})
}
