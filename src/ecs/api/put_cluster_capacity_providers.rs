//! `PutClusterCapacityProviders`: which providers a cluster has, and which of them its tasks use.

use crate::ecs::api::{create_cluster, describe_clusters};
use crate::ecs::capacity_provider;
use crate::ecs::capacity_strategy;
use crate::ecs::cluster::{self, CapacityProviderStrategyItem, Cluster};
use crate::ecs::cluster_attachments;
use crate::ecs::rules::capacity as rules;
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::timeline::{Kind, RecordKind};

/// So many providers a cluster may have.
const MOST: usize = 20;

shape! {
    /// The providers of a cluster, from now on.
    pub struct PutClusterCapacityProvidersRequest {
        /// The cluster, by name or ARN.
        cluster: String = "cluster".required().names(Kind::Cluster);
        /// All providers that it is to have, by name or ARN.
        capacity_providers: Vec<String> = "capacityProviders".required().names(Kind::CapacityProvider);
        /// The strategy of tasks and services that name neither launch type nor strategy.
        default_capacity_provider_strategy: Vec<CapacityProviderStrategyItem> = "defaultCapacityProviderStrategy".required();
    }
    /// The cluster as it is now.
    pub struct PutClusterCapacityProvidersResponse {
        /// It.
        cluster: describe_clusters::Cluster = "cluster";
    }
}

/// Replaces a cluster's providers and its default strategy ([`rules::ASSOCIATION`]).
///
/// # Errors
/// In this order: `ClusterNotFoundException`; `UpdateInProgressException` while resources of a provider are
/// being made; `InvalidParameterException` for providers and strategies that cannot be;
/// `ResourceInUseException` for a provider in use that would go.
pub fn put_cluster_capacity_providers(
    cx: &mut Cx<'_>,
    request: PutClusterCapacityProvidersRequest,
) -> Result<PutClusterCapacityProvidersResponse, ApiError> {
    let present = cluster::find(cx.state, Some(&request.cluster))?;
    present.attachments.may_change()?;
    let (providers, strategy) = check(
        cx.state,
        Some(present),
        &request.capacity_providers,
        &request.default_capacity_provider_strategy,
    )?;
    let mut leaving = present.capacity_providers.iter().filter(|name| !providers.contains(name));
    if leaving.any(|name| capacity_provider::in_use(cx.state, present, name)) {
        return Err(ApiError::new(
            "ResourceInUseException",
            "The specified capacity provider is in use and cannot be removed.",
            rules::ASSOCIATION,
        ));
    }
    let arn = present.arn.clone();
    let text = format!("capacity providers {}", words(&providers));
    if let Some(cluster) = cx.state.clusters.get_mut(&arn) {
        cluster.capacity_providers = providers;
        cluster.default_strategy = strategy;
    }
    cx.record(RecordKind::Change, subject(Kind::Cluster, &arn), text, rules::ASSOCIATION);
    cluster_attachments::renew(cx, &arn);
    let cluster = cluster::find(cx.state, Some(arn.as_str()))?;
    let cluster = describe_clusters::describe(cx.state, cluster, &create_cluster::all());
    Ok(PutClusterCapacityProvidersResponse { cluster })
}

fn words(providers: &[String]) -> String {
    if providers.is_empty() { "none".to_string() } else { providers.join(", ") }
}

/// The names of the providers that a cluster is to have, and its default strategy, checked
/// ([`rules::ONE_GROUP`]). A cluster that is about to be created is none yet.
///
/// # Errors
/// `InvalidParameterException`.
pub(super) fn check(
    state: &State,
    cluster: Option<&Cluster>,
    asked: &[String],
    strategy: &[CapacityProviderStrategyItem],
) -> Result<(Vec<String>, Vec<CapacityProviderStrategyItem>), ApiError> {
    if asked.len() > MOST {
        return Err(ApiError::invalid(
            "The maximum number of capacity providers per cluster has been exceeded.",
            rules::PROVIDER_NAMES,
        ));
    }
    let mut providers: Vec<String> = Vec::new();
    for named in asked {
        let provider = capacity_provider::find(state, named)?;
        let scaled = provider.group().is_some_and(|group| group.managed_scaling.is_some());
        let mut holders = capacity_provider::clusters(state, &provider.name);
        if scaled && holders.any(|holder| cluster.is_none_or(|cluster| cluster.arn != holder.arn)) {
            return Err(ApiError::invalid(
                format!(
                    "The capacity provider '{}' has managed scaling enabled and is already associated with another cluster. Remove it there and try again.",
                    provider.name
                ),
                rules::ONE_GROUP,
            ));
        }
        if !providers.contains(&provider.name) {
            providers.push(provider.name.clone());
        }
    }
    capacity_strategy::check(state, strategy, &providers)?;
    Ok((providers, strategy.to_vec()))
}
