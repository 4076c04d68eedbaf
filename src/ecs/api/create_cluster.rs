//! `CreateCluster`: a name under which tasks, services and instances gather.

use crate::arn::ClusterArn;
use crate::ecs::account_setting;
use crate::ecs::api::{describe_clusters, put_cluster_capacity_providers};
use crate::ecs::cluster::{
    self, CapacityProviderStrategyItem, Cluster, ClusterConfiguration, ClusterSetting, ServiceConnectDefaults,
};
use crate::ecs::cluster_attachments::{self, Attachments};
use crate::ecs::rules;
use crate::ecs::tag::{self, Tag};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::{Kind, RecordKind, Subject};

shape! {
    /// The cluster to create.
    pub struct CreateClusterRequest {
        /// Its name; `default` when absent.
        cluster_name: Option<String> = "clusterName";
        /// Its tags.
        tags: Vec<Tag> = "tags";
        /// Its settings.
        settings: Vec<ClusterSetting> = "settings";
        /// How ECS Exec and managed storage are set up.
        configuration: Option<ClusterConfiguration> = "configuration";
        /// The capacity providers that belong to it.
        capacity_providers: Vec<String> = "capacityProviders".names(Kind::CapacityProvider);
        /// The strategy of tasks and services that name neither launch type nor strategy.
        default_capacity_provider_strategy: Vec<CapacityProviderStrategyItem> = "defaultCapacityProviderStrategy";
        /// The Service Connect namespace of its services.
        service_connect_defaults: Option<ServiceConnectDefaults> = "serviceConnectDefaults";
    }
    /// The cluster that was created.
    pub struct CreateClusterResponse {
        /// The cluster.
        cluster: describe_clusters::Cluster = "cluster";
    }
}

/// Creates a cluster at once; a name that is ACTIVE gives back the cluster it has (API-15).
///
/// # Errors
/// `InvalidParameterException` for a bad name, setting, tag or strategy;
/// `NamespaceNotFoundException` for a Service Connect namespace, of which there are none.
pub fn create_cluster(
    cx: &mut Cx<'_>,
    request: CreateClusterRequest,
) -> Result<CreateClusterResponse, ApiError> {
    let name = request.cluster_name.clone().unwrap_or_else(|| "default".to_string());
    check(&request, &name)?;
    let (asked, strategy) = (&request.capacity_providers, &request.default_capacity_provider_strategy);
    let (capacity_providers, default_strategy) =
        put_cluster_capacity_providers::check(cx.state, None, asked, strategy)?;
    check_namespace(request.service_connect_defaults.as_ref())?;
    let arn = ClusterArn::named(&name);
    if !cx.state.clusters.contains_key(&arn) {
        let cluster = Cluster {
            arn: arn.clone(),
            name,
            tags: request.tags,
            settings: settings(cx, request.settings),
            configuration: request.configuration,
            capacity_providers,
            default_strategy,
            attachments: Attachments::default(),
            waiting: Default::default(),
            provisioning: false,
            service_connect_defaults: request.service_connect_defaults,
        };
        cx.state.clusters.insert(arn.clone(), cluster);
        cx.record(
            RecordKind::Change,
            Subject::new(Kind::Cluster, arn.as_str()),
            "ACTIVE",
            rules::CREATE_CLUSTER,
        );
        cluster_attachments::renew(cx, &arn);
        if let Some(cluster) = cx.state.clusters.get_mut(&arn) {
            cluster.provisioning = cluster.attachments.in_progress == Some(true);
        }
    }
    let cluster = cluster::find(cx.state, Some(arn.as_str()))?;
    Ok(CreateClusterResponse { cluster: describe_clusters::describe(cx.state, cluster, &all()) })
}

/// CreateCluster's answer shows everything.
pub(super) fn all() -> Vec<String> {
    describe_clusters::INCLUDE.iter().map(|word| word.to_string()).collect()
}

fn check(request: &CreateClusterRequest, name: &str) -> Result<(), ApiError> {
    if name.is_empty() || name.len() > 255 {
        return Err(ApiError::invalid(
            "Cluster name must have between 1 and 255 characters.",
            rules::CREATE_CLUSTER,
        ));
    }
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return Err(ApiError::invalid("Cluster name contains invalid characters.", rules::CREATE_CLUSTER));
    }
    tag::check(&request.tags)?;
    check_settings(&request.settings)
}

/// Checks the settings of a cluster.
///
/// # Errors
/// `InvalidParameterException`.
pub(super) fn check_settings(asked: &[ClusterSetting]) -> Result<(), ApiError> {
    for setting in asked {
        let value = setting.value.as_deref().unwrap_or_default();
        if !["enabled", "enhanced", "disabled"].contains(&value) {
            return Err(ApiError::invalid(
                format!("Invalid value '{value}' for setting containerInsights."),
                rules::CREATE_CLUSTER,
            ));
        }
    }
    Ok(())
}

/// Refuses a namespace, of which there are none.
///
/// # Errors
/// `NamespaceNotFoundException`.
pub(super) fn check_namespace(asked: Option<&ServiceConnectDefaults>) -> Result<(), ApiError> {
    match asked {
        None => Ok(()),
        Some(_) => Err(ApiError::new(
            "NamespaceNotFoundException",
            "The specified namespace was not found.",
            rules::CREATE_CLUSTER,
        )),
    }
}

/// A cluster has the account's `containerInsights` setting when the request names none.
fn settings(cx: &Cx<'_>, asked: Vec<ClusterSetting>) -> Vec<ClusterSetting> {
    if asked.is_empty() {
        vec![ClusterSetting {
            name: Some("containerInsights".to_string()),
            value: Some(account_setting::effective(cx.state, &cx.principal.arn, "containerInsights").value),
        }]
    } else {
        asked
    }
}
