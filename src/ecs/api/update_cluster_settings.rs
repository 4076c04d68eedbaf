//! `UpdateClusterSettings`: turn a cluster's Container Insights on or off.

use crate::ecs::api::{create_cluster, describe_clusters};
use crate::ecs::cluster::{self, ClusterSetting};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// The settings of a cluster, from now on.
    pub struct UpdateClusterSettingsRequest {
        /// The cluster, by name or ARN.
        cluster: String = "cluster".required().names(Kind::Cluster);
        /// They.
        settings: Vec<ClusterSetting> = "settings".required();
    }
    /// The cluster as it is now.
    pub struct UpdateClusterSettingsResponse {
        /// It.
        cluster: describe_clusters::Cluster = "cluster";
    }
}

/// Changes a cluster's settings.
///
/// # Errors
/// `ClusterNotFoundException`; `InvalidParameterException` for a setting that cannot be.
pub fn update_cluster_settings(
    cx: &mut Cx<'_>,
    request: UpdateClusterSettingsRequest,
) -> Result<UpdateClusterSettingsResponse, ApiError> {
    let arn = cluster::find(cx.state, Some(&request.cluster))?.arn.clone();
    create_cluster::check_settings(&request.settings)?;
    if let Some(cluster) = cx.state.clusters.get_mut(&arn) {
        put(&mut cluster.settings, request.settings);
    }
    let cluster = cluster::find(cx.state, Some(arn.as_str()))?;
    let cluster = describe_clusters::describe(cx.state, cluster, &create_cluster::all());
    Ok(UpdateClusterSettingsResponse { cluster })
}

/// Puts settings in the place of those of the same name.
pub(super) fn put(present: &mut Vec<ClusterSetting>, asked: Vec<ClusterSetting>) {
    for setting in asked {
        match present.iter_mut().find(|known| known.name == setting.name) {
            Some(known) => known.value = setting.value,
            None => present.push(setting),
        }
    }
}
