//! `DescribePolicies`: what changes the desired capacity of groups.

use crate::autoscaling::api::group_answer::page;
use crate::autoscaling::api::policy_answer::{ScalingPolicy, describe};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which policies to describe.
    pub struct DescribePoliciesRequest {
        /// Only those of this group.
        auto_scaling_group_name: Option<String> = "AutoScalingGroupName".names(Kind::AutoScalingGroup);
        /// Only these, by name or ARN.
        policy_names: Vec<String> = "PolicyNames";
        /// Only those of these types.
        policy_types: Vec<String> = "PolicyTypes";
        /// Where the last page ended.
        next_token: Option<String> = "NextToken";
        /// How many at once; 50 when absent.
        max_records: Option<i64> = "MaxRecords";
    }
    /// Policies.
    pub struct DescribePoliciesResponse {
        /// They, by group and name.
        scaling_policies: Vec<ScalingPolicy> = "ScalingPolicies";
        /// Where the next page begins.
        next_token: Option<String> = "NextToken";
    }
}

/// Describes policies, those that ECS made included.
///
/// # Errors
/// `ValidationError` for a page size that may not be, `InvalidNextToken`.
pub fn describe_policies(
    cx: &Look<'_>,
    request: DescribePoliciesRequest,
) -> Result<DescribePoliciesResponse, ApiError> {
    let DescribePoliciesRequest { auto_scaling_group_name: group, policy_names, policy_types, .. } = &request;
    let found = cx
        .state
        .scaling_policies
        .values()
        .filter(|policy| group.as_ref().is_none_or(|group| group == policy.group.as_str()))
        .filter(|policy| {
            policy_names.is_empty() || policy_names.iter().any(|it| *it == policy.name || *it == policy.arn)
        })
        .filter(|policy| policy_types.is_empty() || policy_types.iter().any(|it| it == policy.word()))
        .collect();
    let (policies, next_token) = page(found, request.max_records, request.next_token.as_deref(), 50)?;
    let scaling_policies = policies.into_iter().map(|policy| describe(cx.state, policy)).collect();
    Ok(DescribePoliciesResponse { scaling_policies, next_token })
}
