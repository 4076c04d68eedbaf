//! `DeleteCapacityProvider`: a provider that no cluster has any more goes.

use crate::ecs::api::capacity_provider_answer::{self, CapacityProvider as Shown};
use crate::ecs::capacity_provider;
use crate::ecs::rules::capacity as rules;
use crate::ecs::{cluster, durations};
use crate::error::ApiError;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

shape! {
    /// The provider to delete.
    pub struct DeleteCapacityProviderRequest {
        /// Its name or ARN.
        capacity_provider: String = "capacityProvider".required().names(Kind::CapacityProvider);
        /// The cluster of a provider of managed instances.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
    }
    /// The provider as it goes.
    pub struct DeleteCapacityProviderResponse {
        /// It.
        capacity_provider: Shown = "capacityProvider";
    }
}

/// Deletes a provider; the group behind it stays. While a cluster has the provider, the answer is no refusal
/// but says DELETE_FAILED and why ([`rules::ASSOCIATION`]).
///
/// # Errors
/// `ClusterNotFoundException`; `InvalidParameterException` for a provider that is not there or is one of AWS's.
pub fn delete_capacity_provider(
    cx: &mut Cx<'_>,
    request: DeleteCapacityProviderRequest,
) -> Result<DeleteCapacityProviderResponse, ApiError> {
    if request.cluster.is_some() {
        cluster::find(cx.state, request.cluster.as_deref())?;
    }
    let mut provider = capacity_provider::find(cx.state, &request.capacity_provider)?.clone();
    if provider.group().is_none() {
        return Err(ApiError::invalid(
            format!("The capacity provider {} is managed by AWS and cannot be deleted.", provider.name),
            rules::PROVIDER_NAMES,
        ));
    }
    let name = provider.name.clone();
    let holder = capacity_provider::clusters(cx.state, &name).next().map(|cluster| cluster.name.clone());
    let status = if holder.is_some() { "DELETE_FAILED" } else { "DELETE_IN_PROGRESS" };
    provider.update_status = Some(status);
    provider.update_status_reason = holder.map(|cluster| {
        format!(
            "The capacity provider cannot be deleted because it is associated with cluster: {cluster}. Remove the capacity provider from the cluster and try again."
        )
    });
    let text = provider.update_status_reason.clone().unwrap_or_else(|| status.to_string());
    let answer = capacity_provider_answer::describe(&provider, &["TAGS".to_string()]);
    let (about, going) = (subject(Kind::CapacityProvider, provider.arn()), provider.is_going());
    cx.state.capacity_providers.insert(name.clone(), provider);
    let kind = if going { RecordKind::Change } else { RecordKind::Failure };
    cx.record(kind, about, text, rules::ASSOCIATION);
    if going {
        cx.book(durations::PROVIDER_CHANGE, Event::ProviderSettles(name));
    }
    Ok(DeleteCapacityProviderResponse { capacity_provider: answer })
}
