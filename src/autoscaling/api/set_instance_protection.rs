//! `SetInstanceProtection`: keep instances when their group grows smaller.

use crate::autoscaling::group::{member, named, protect};
use crate::autoscaling::rules;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which instances are protected, or no longer.
    pub struct SetInstanceProtectionRequest {
        /// The instances, 50 at most.
        instance_ids: Vec<String> = "InstanceIds".required().names(Kind::Instance);
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// Whether they are protected.
        protected_from_scale_in: Option<bool> = "ProtectedFromScaleIn".required();
    }
    /// Nothing.
    pub struct SetInstanceProtectionResponse {
    }
}

/// Protects instances from scale-in, or no longer.
///
/// # Errors
/// In this order: `ValidationError` for a group or an instance that there is not; `LimitExceeded` for more than
/// 50 instances ([`rules::PROTECTION`]).
pub fn set_instance_protection(
    cx: &mut Cx<'_>,
    request: SetInstanceProtectionRequest,
) -> Result<SetInstanceProtectionResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let mut ids = Vec::new();
    for id in &request.instance_ids {
        ids.push(member(group, id, rules::PROTECTION)?.instance.clone());
    }
    if ids.len() > 50 {
        let message = "Instance protection can be set for 50 instances at a time.";
        return Err(ApiError::new("LimitExceeded", message, rules::PROTECTION));
    }
    let name = group.name.clone();
    for id in ids {
        protect(cx, &name, &id, request.protected_from_scale_in == Some(true));
    }
    Ok(SetInstanceProtectionResponse {})
}
