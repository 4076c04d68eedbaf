//! `ListContainerInstances`: the ARNs of a cluster's instances.

use crate::ecs::container_instance::InstanceStatus;
use crate::ecs::placement::query::Expression;
use crate::ecs::rules as common;
use crate::ecs::{cluster, paging};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which instances to list.
    pub struct ListContainerInstancesRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// An expression of the cluster query language.
        filter: Option<String> = "filter";
        /// Where the last page ended.
        next_token: Option<String> = "nextToken";
        /// How many to a page, 1 to 100.
        max_results: Option<i64> = "maxResults".range(1, 100);
        /// Only instances of this status; all but INACTIVE ones when absent.
        status: Option<String> = "status".one_of(&["ACTIVE", "DRAINING", "REGISTERING", "DEREGISTERING", "REGISTRATION_FAILED"]);
    }
    /// A page of instances.
    pub struct ListContainerInstancesResponse {
        /// Their ARNs.
        container_instance_arns: Vec<String> = "containerInstanceArns";
        /// Asks for the next page.
        next_token: Option<String> = "nextToken";
    }
}

/// Lists container instances by ARN, those only of which the filter is true (PLACE-25).
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for a status that does not exist
/// (API-03), a filter that cannot be read (PLACE-26), and a page that cannot be (API-07).
pub fn list_container_instances(
    cx: &Look<'_>,
    request: ListContainerInstancesRequest,
) -> Result<ListContainerInstancesResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let words = ["ACTIVE", "DRAINING", "REGISTERING", "DEREGISTERING", "REGISTRATION_FAILED"];
    if let Some(word) = request.status.as_deref().filter(|word| !words.contains(word)) {
        return Err(ApiError::invalid(format!("Invalid status: {word}"), common::ENUMS));
    }
    let filter = request.filter.as_deref().filter(|filter| !filter.is_empty());
    let filter = filter.map(Expression::read).transpose()?;
    let shown = |status: InstanceStatus| request.status.as_deref().is_none_or(|word| word == status.word());
    let arns = cluster::instances(cx.state, cluster)
        .filter(|instance| shown(instance.status))
        .filter(|instance| filter.as_ref().is_none_or(|filter| filter.holds(instance)))
        .map(|instance| instance.arn.to_string())
        .collect();
    let (container_instance_arns, next_token) =
        paging::page(arns, request.max_results, request.next_token.as_deref(), 100)?;
    Ok(ListContainerInstancesResponse { container_instance_arns, next_token })
}
