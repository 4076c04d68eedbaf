//! `DescribeAutoScalingInstances`: the instances of all groups.

use crate::autoscaling::api::group_answer::{page, template};
use crate::ec2::launch_template::LaunchTemplateSpecification;
use crate::error::ApiError;
use crate::operation::Look;
use crate::order;
use crate::timeline::Kind;

shape! {
    /// Which instances to describe.
    pub struct DescribeAutoScalingInstancesRequest {
        /// Only these; all when absent. An id that there is not is passed over.
        instance_ids: Vec<String> = "InstanceIds".names(Kind::Instance);
        /// How many at once; 50 when absent.
        max_records: Option<i64> = "MaxRecords";
        /// Where the last page ended.
        next_token: Option<String> = "NextToken";
    }
    /// An instance of a group.
    pub struct AutoScalingInstanceDetails {
        /// Its id.
        instance_id: String = "InstanceId";
        /// Its type.
        instance_type: String = "InstanceType";
        /// Its group.
        auto_scaling_group_name: String = "AutoScalingGroupName";
        /// Its zone.
        availability_zone: String = "AvailabilityZone";
        /// Where it is in its life in the group.
        lifecycle_state: String = "LifecycleState";
        /// `HEALTHY` or `UNHEALTHY`.
        health_status: String = "HealthStatus";
        /// What it was launched from.
        launch_template: Option<LaunchTemplateSpecification> = "LaunchTemplate";
        /// Whether it is protected from scale-in.
        protected_from_scale_in: bool = "ProtectedFromScaleIn";
    }
    /// Instances of groups.
    pub struct DescribeAutoScalingInstancesResponse {
        /// They, by id.
        auto_scaling_instances: Vec<AutoScalingInstanceDetails> = "AutoScalingInstances";
        /// Where the next page begins.
        next_token: Option<String> = "NextToken";
    }
}

/// Describes the instances of groups.
///
/// # Errors
/// `ValidationError` for a page size that may not be, `InvalidNextToken`.
pub fn describe_auto_scaling_instances(
    cx: &Look<'_>,
    request: DescribeAutoScalingInstancesRequest,
) -> Result<DescribeAutoScalingInstancesResponse, ApiError> {
    let ids = &request.instance_ids;
    let mut found = Vec::new();
    for group in cx.state.auto_scaling_groups.values() {
        for member in group.instances.values() {
            if ids.is_empty() || ids.iter().any(|id| id == member.instance.as_str()) {
                found.push((group, member));
            }
        }
    }
    order::sort_by_key(&mut found, |(_, member)| &member.instance);
    let (found, next_token) = page(found, request.max_records, request.next_token.as_deref(), 50)?;
    let shown = found.into_iter().map(|(group, member)| AutoScalingInstanceDetails {
        instance_id: member.instance.to_string(),
        instance_type: member.instance_type.to_string(),
        auto_scaling_group_name: group.name.to_string(),
        availability_zone: member.availability_zone.clone(),
        lifecycle_state: member.lifecycle.word().to_string(),
        health_status: if member.healthy { "HEALTHY" } else { "UNHEALTHY" }.to_string(),
        launch_template: template(member),
        protected_from_scale_in: member.protected,
    });
    Ok(DescribeAutoScalingInstancesResponse { auto_scaling_instances: shown.collect(), next_token })
}
