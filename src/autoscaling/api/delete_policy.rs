//! `DeletePolicy`: a group's policy ends, and the alarms that it made.

use crate::autoscaling::group::{invalid, named};
use crate::autoscaling::policy::{self, Policy};
use crate::autoscaling::{group_cpu, policy_rules as rules};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::state::State;
use crate::timeline::Kind;

shape! {
    /// Which policy to delete.
    pub struct DeletePolicyRequest {
        /// The group; needed for a name.
        auto_scaling_group_name: Option<String> = "AutoScalingGroupName".names(Kind::AutoScalingGroup);
        /// The policy's name or ARN.
        policy_name: String = "PolicyName".required();
    }
    /// Nothing.
    pub struct DeletePolicyResponse {
    }
}

/// Deletes a policy.
///
/// # Errors
/// `ValidationError` for a group or policy that there is not ([`rules::POLICY_NAMED`]).
pub fn delete_policy(
    cx: &mut Cx<'_>,
    request: DeletePolicyRequest,
) -> Result<DeletePolicyResponse, ApiError> {
    let found = find(cx.state, request.auto_scaling_group_name.as_deref(), &request.policy_name)?;
    let key = found.key();
    policy::remove(cx, &key);
    group_cpu::watch(cx);
    Ok(DeletePolicyResponse {})
}

/// The policy that a request names, by ARN or by group and name.
pub(super) fn find<'a>(state: &'a State, group: Option<&str>, policy: &str) -> Result<&'a Policy, ApiError> {
    let missing = || invalid(format!("No policy found with name {policy}"), rules::POLICY_NAMED);
    match group {
        None if policy.starts_with("arn:") => policy::by_arn(state, policy).ok_or_else(missing),
        None => {
            let message = "An Auto Scaling group name is required when the policy is named by its name";
            Err(invalid(message, rules::POLICY_NAMED))
        }
        Some(group) => {
            let group = named(state, group)?;
            let found = state
                .scaling_policies
                .values()
                .find(|each| each.group == group.name && (each.name == policy || each.arn == policy));
            found.ok_or_else(missing)
        }
    }
}
