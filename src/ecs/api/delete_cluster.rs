//! `DeleteCluster`: an empty cluster goes; its name is free again at once (API-14).

use crate::ecs::api::{create_cluster, describe_clusters};
use crate::ecs::{cluster, rules};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::{Kind, RecordKind, Subject};

shape! {
    /// The cluster to delete.
    pub struct DeleteClusterRequest {
        /// Its name or ARN.
        cluster: String = "cluster".required().names(Kind::Cluster);
    }
    /// The cluster that was deleted.
    pub struct DeleteClusterResponse {
        /// The cluster, now INACTIVE.
        cluster: describe_clusters::Cluster = "cluster";
    }
}

/// Deletes a cluster that holds nothing any more.
///
/// # Errors
/// `ClusterNotFoundException` (API-04); then, in this order, `ClusterContainsContainerInstancesException`,
/// `ClusterContainsServicesException` and `ClusterContainsTasksException` (API-14).
pub fn delete_cluster(
    cx: &mut Cx<'_>,
    request: DeleteClusterRequest,
) -> Result<DeleteClusterResponse, ApiError> {
    let cluster = cluster::find(cx.state, Some(&request.cluster))?;
    let counts = cluster::count(cx.state, cluster);
    let refuse = |code, message| Err(ApiError::new(code, message, rules::DELETE_CLUSTER));
    if counts.instances > 0 {
        return refuse(
            "ClusterContainsContainerInstancesException",
            "The Cluster cannot be deleted while Container Instances are active or draining.",
        );
    }
    if counts.services + counts.draining > 0 {
        return refuse(
            "ClusterContainsServicesException",
            "The Cluster cannot be deleted while Services are active.",
        );
    }
    if counts.alive > 0 {
        return refuse(
            "ClusterContainsTasksException",
            "The Cluster cannot be deleted while Tasks are active.",
        );
    }
    let mut answer = describe_clusters::describe(cx.state, cluster, &create_cluster::all());
    answer.status = "INACTIVE".to_string();
    let arn = cluster.arn.clone();
    cx.state.clusters.remove(&arn);
    cx.record(
        RecordKind::Change,
        Subject::new(Kind::Cluster, arn.as_str()),
        "INACTIVE",
        rules::DELETE_CLUSTER,
    );
    Ok(DeleteClusterResponse { cluster: answer })
}
