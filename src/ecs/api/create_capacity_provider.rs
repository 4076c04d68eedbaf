//! `CreateCapacityProvider`: a name for an Auto Scaling group that tasks can run on.

use crate::ecs::api::capacity_provider_answer::{
    self, AutoScalingGroupProvider, AutoScalingGroupProviderUpdate, CapacityProvider as Shown,
};
use crate::ecs::capacity_provider::{CapacityProvider, GroupProvider, ProviderKind};
use crate::ecs::cluster;
use crate::ecs::rules::capacity as rules;
use crate::ecs::tag::{self, Tag};
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::timeline::{Kind, RecordKind};
use serde_json::Value;

shape! {
    /// The provider to create.
    pub struct CreateCapacityProviderRequest {
        /// Its name.
        name: String = "name".required();
        /// The cluster of a provider of managed instances.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// The Auto Scaling group behind it.
        auto_scaling_group_provider: Option<AutoScalingGroupProvider> = "autoScalingGroupProvider";
        /// Instances that ECS manages by itself.
        managed_instances_provider: Option<Value> = "managedInstancesProvider";
        /// Its tags.
        tags: Vec<Tag> = "tags";
    }
    /// The provider that was created.
    pub struct CreateCapacityProviderResponse {
        /// It.
        capacity_provider: Shown = "capacityProvider";
    }
}

/// Creates a provider of an Auto Scaling group; a cluster has still to be told of it.
///
/// # Errors
/// `ClusterNotFoundException`; `UnsupportedFeatureException` for managed instances;
/// `InvalidParameterException` for tags and settings that cannot be; `ClientException` for a name or group that
/// cannot be or is taken ([`rules::PROVIDER_NAMES`], [`rules::ONE_GROUP`]), in this order.
pub fn create_capacity_provider(
    cx: &mut Cx<'_>,
    request: CreateCapacityProviderRequest,
) -> Result<CreateCapacityProviderResponse, ApiError> {
    if request.cluster.is_some() {
        cluster::find(cx.state, request.cluster.as_deref())?;
    }
    let provider = plan(cx.state, request)?;
    let about = subject(Kind::CapacityProvider, provider.arn());
    let group = provider.group().map(|group| group.group_name().to_string()).unwrap_or_default();
    let answer = capacity_provider_answer::describe(&provider, &["TAGS".to_string()]);
    cx.state.capacity_providers.insert(provider.name.clone(), provider);
    cx.record(RecordKind::Change, about, format!("ACTIVE for the group {group}"), rules::PROVIDER_NAMES);
    Ok(CreateCapacityProviderResponse { capacity_provider: answer })
}

fn plan(state: &State, request: CreateCapacityProviderRequest) -> Result<CapacityProvider, ApiError> {
    let name = &request.name;
    check_name(name)?;
    if request.managed_instances_provider.is_some() {
        return Err(ApiError::new(
            "UnsupportedFeatureException",
            "Capacity providers of Amazon ECS Managed Instances are not simulated.",
            rules::PROVIDER_NAMES,
        ));
    }
    tag::check(&request.tags)?;
    if state.capacity_providers.contains_key(name) {
        return Err(ApiError::client(
            "The specified capacity provider already exists. To change the configuration of an existing capacity provider, update the capacity provider.",
            rules::PROVIDER_NAMES,
        ));
    }
    let Some(asked) = &request.auto_scaling_group_provider else {
        return Err(ApiError::invalid(
            "The capacity provider must specify an Auto Scaling group provider.",
            rules::PROVIDER_NAMES,
        ));
    };
    let group = GroupProvider {
        group_arn: group_arn(state, &asked.auto_scaling_group_arn)?,
        managed_scaling: None,
        managed_termination_protection: false,
        managed_draining: true,
    };
    let mut taken = state.capacity_providers.values().filter_map(CapacityProvider::group);
    if taken.any(|other| other.group_name() == group.group_name()) {
        return Err(ApiError::client(
            "The specified Auto Scaling group ARN is already being used by another capacity provider. Specify a unique Auto Scaling group ARN and try again.",
            rules::ONE_GROUP,
        ));
    }
    let settings = AutoScalingGroupProviderUpdate {
        managed_scaling: asked.managed_scaling.clone(),
        managed_termination_protection: asked.managed_termination_protection.clone(),
        managed_draining: asked.managed_draining.clone(),
    };
    let group = capacity_provider_answer::changed(state, &group, &settings)?;
    Ok(CapacityProvider {
        name: name.clone(),
        kind: ProviderKind::Group(group),
        update_status: None,
        update_status_reason: None,
        tags: request.tags,
    })
}

/// A name of a provider ([`rules::PROVIDER_NAMES`]).
fn check_name(name: &str) -> Result<(), ApiError> {
    let lower = name.to_ascii_lowercase();
    let reserved = ["aws", "ecs", "fargate"].iter().any(|word| lower.starts_with(word));
    let fits = (1..=255).contains(&name.len())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
    if fits && !reserved {
        return Ok(());
    }
    Err(ApiError::client(
        "The specified capacity provider name is invalid. Up to 255 characters are allowed, including letters (upper and lowercase), numbers, underscores, and hyphens. The name cannot be prefixed with \"aws\", \"ecs\", or \"fargate\". Specify a valid name and try again.",
        rules::PROVIDER_NAMES,
    ))
}

/// The ARN of the group that a request names by ARN or name ([`rules::ONE_GROUP`]).
fn group_arn(state: &State, named: &str) -> Result<String, ApiError> {
    let group =
        state.auto_scaling_groups.values().find(|group| group.arn == named || group.name.as_str() == named);
    group.map(|group| group.arn.clone()).ok_or_else(|| {
        ApiError::client(
            "The specified Auto Scaling group ARN is invalid. Specify a valid Auto Scaling group ARN and try again.",
            rules::ONE_GROUP,
        )
    })
}
