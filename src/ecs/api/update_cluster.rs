//! `UpdateCluster`: change a cluster's settings and configuration.

use crate::ecs::api::{create_cluster, describe_clusters, update_cluster_settings};
use crate::ecs::cluster::{self, ClusterConfiguration, ClusterSetting, ServiceConnectDefaults};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// What to change of a cluster; an absent part stays as it is.
    pub struct UpdateClusterRequest {
        /// The cluster, by name or ARN.
        cluster: String = "cluster".required().names(Kind::Cluster);
        /// Its settings.
        settings: Vec<ClusterSetting> = "settings";
        /// How ECS Exec and managed storage are set up.
        configuration: Option<ClusterConfiguration> = "configuration";
        /// The Service Connect namespace of its services.
        service_connect_defaults: Option<ServiceConnectDefaults> = "serviceConnectDefaults";
    }
    /// The cluster as it is now.
    pub struct UpdateClusterResponse {
        /// It.
        cluster: describe_clusters::Cluster = "cluster";
    }
}

/// Changes a cluster.
///
/// # Errors
/// `ClusterNotFoundException`; `InvalidParameterException` for a setting that cannot be;
/// `NamespaceNotFoundException` for a Service Connect namespace, of which there are none.
pub fn update_cluster(
    cx: &mut Cx<'_>,
    request: UpdateClusterRequest,
) -> Result<UpdateClusterResponse, ApiError> {
    let arn = cluster::find(cx.state, Some(&request.cluster))?.arn.clone();
    create_cluster::check_settings(&request.settings)?;
    create_cluster::check_namespace(request.service_connect_defaults.as_ref())?;
    if let Some(cluster) = cx.state.clusters.get_mut(&arn) {
        update_cluster_settings::put(&mut cluster.settings, request.settings);
        cluster.configuration = request.configuration.or(cluster.configuration.take());
    }
    let cluster = cluster::find(cx.state, Some(arn.as_str()))?;
    let cluster = describe_clusters::describe(cx.state, cluster, &create_cluster::all());
    Ok(UpdateClusterResponse { cluster })
}
