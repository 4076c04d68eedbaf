//! `CancelInstanceRefresh`: stop replacing the instances of a group.

use crate::autoscaling::group::named;
use crate::autoscaling::{refresh, rules};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Whose refresh to cancel.
    pub struct CancelInstanceRefreshRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// Whether launches and ends that have begun are waited for; they are when absent.
        wait_for_transitioning_instances: Option<bool> = "WaitForTransitioningInstances";
    }
    /// The refresh that is cancelled.
    pub struct CancelInstanceRefreshResponse {
        /// Its id.
        instance_refresh_id: String = "InstanceRefreshId";
    }
}

/// Cancels the refresh of a group; what it has replaced stays replaced.
///
/// # Errors
/// `ValidationError` for a group that there is not; `ActiveInstanceRefreshNotFound` where none goes on
/// ([`rules::REFRESH`]).
pub fn cancel_instance_refresh(
    cx: &mut Cx<'_>,
    request: CancelInstanceRefreshRequest,
) -> Result<CancelInstanceRefreshResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let name = group.name.clone();
    let Some(found) = refresh::active(group) else {
        let message =
            format!("No in progress or pending Instance Refresh found for Auto Scaling group {name}");
        return Err(ApiError::new("ActiveInstanceRefreshNotFound", message, rules::REFRESH));
    };
    let instance_refresh_id = found.id.clone();
    refresh::cancel(cx, &name, request.wait_for_transitioning_instances != Some(false));
    Ok(CancelInstanceRefreshResponse { instance_refresh_id })
}
