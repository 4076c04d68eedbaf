//! `UpdateCapacityProvider`: change what ECS does with a provider's group.

use crate::ecs::api::capacity_provider_answer::{
    self, AutoScalingGroupProviderUpdate, CapacityProvider as Shown,
};
use crate::ecs::capacity_provider::{self, ProviderKind};
use crate::ecs::rules::capacity as rules;
use crate::ecs::{cluster, cluster_attachments, durations};
use crate::error::ApiError;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};
use serde_json::Value;

shape! {
    /// What to change of a provider.
    pub struct UpdateCapacityProviderRequest {
        /// The provider, by name or ARN.
        name: String = "name".required().names(Kind::CapacityProvider);
        /// The cluster of a provider of managed instances.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// What to change.
        auto_scaling_group_provider: Option<AutoScalingGroupProviderUpdate> = "autoScalingGroupProvider";
        /// Instances that ECS manages by itself.
        managed_instances_provider: Option<Value> = "managedInstancesProvider";
    }
    /// The provider as it is now.
    pub struct UpdateCapacityProviderResponse {
        /// It.
        capacity_provider: Shown = "capacityProvider";
    }
}

/// Changes a provider of an Auto Scaling group now; the rest takes a moment ([`rules::PROVIDER_TIMES`]).
///
/// # Errors
/// `ClusterNotFoundException`; `UnsupportedFeatureException` for managed instances;
/// `InvalidParameterException` for a provider that is not there or is one of AWS's, and for numbers out of
/// range; `ClientException` for termination protection that cannot be.
pub fn update_capacity_provider(
    cx: &mut Cx<'_>,
    request: UpdateCapacityProviderRequest,
) -> Result<UpdateCapacityProviderResponse, ApiError> {
    if request.cluster.is_some() {
        cluster::find(cx.state, request.cluster.as_deref())?;
    }
    if request.managed_instances_provider.is_some() {
        return Err(ApiError::new(
            "UnsupportedFeatureException",
            "Capacity providers of Amazon ECS Managed Instances are not simulated.",
            rules::PROVIDER_NAMES,
        ));
    }
    let present = capacity_provider::find(cx.state, &request.name)?;
    let Some(group) = present.group() else {
        return Err(ApiError::invalid(
            format!("The capacity provider {} is managed by AWS and cannot be updated.", present.name),
            rules::PROVIDER_NAMES,
        ));
    };
    let Some(asked) = &request.auto_scaling_group_provider else {
        return Err(ApiError::invalid(
            "The capacity provider must specify an Auto Scaling group provider.",
            rules::PROVIDER_NAMES,
        ));
    };
    let changed = capacity_provider_answer::changed(cx.state, group, asked)?;
    let mut provider = present.clone();
    provider.kind = ProviderKind::Group(changed);
    provider.update_status = Some("UPDATE_IN_PROGRESS");
    provider.update_status_reason = None;
    let answer = capacity_provider_answer::describe(&provider, &["TAGS".to_string()]);
    let (name, about) = (provider.name.clone(), subject(Kind::CapacityProvider, provider.arn()));
    cx.state.capacity_providers.insert(name.clone(), provider);
    cx.record(RecordKind::Change, about, "UPDATE_IN_PROGRESS", rules::MANAGED_SCALING);
    cx.book(durations::PROVIDER_CHANGE, Event::ProviderSettles(name.clone()));
    let clusters: Vec<_> = capacity_provider::clusters(cx.state, &name).map(|it| it.arn.clone()).collect();
    for cluster in clusters {
        cluster_attachments::renew(cx, &cluster);
    }
    Ok(UpdateCapacityProviderResponse { capacity_provider: answer })
}
