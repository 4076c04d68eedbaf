//! `ListClusters`: the ARNs of the clusters that exist.

use crate::ecs::paging;
use crate::error::ApiError;
use crate::operation::Look;

shape! {
    /// Which page of the list.
    pub struct ListClustersRequest {
        /// Where the page begins, from an earlier answer.
        next_token: Option<String> = "nextToken";
        /// How many on a page, 1 to 100; 100 when absent.
        max_results: Option<i64> = "maxResults".range(1, 100);
    }
    /// A page of clusters.
    pub struct ListClustersResponse {
        /// The ARNs.
        cluster_arns: Vec<String> = "clusterArns";
        /// Absent on the last page.
        next_token: Option<String> = "nextToken";
    }
}

/// Lists clusters.
///
/// # Errors
/// `InvalidParameterException` for a bad page (API-07).
pub fn list_clusters(cx: &Look<'_>, request: ListClustersRequest) -> Result<ListClustersResponse, ApiError> {
    let arns = cx.state.clusters.keys().map(ToString::to_string).collect();
    let (cluster_arns, next_token) =
        paging::page(arns, request.max_results, request.next_token.as_deref(), 100)?;
    Ok(ListClustersResponse { cluster_arns, next_token })
}
