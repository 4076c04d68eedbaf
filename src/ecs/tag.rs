//! Tags: names and values on a resource (API-11).

use crate::arn::{ClusterArn, ContainerInstanceArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::ecs::rules;
use crate::ecs::service::ServiceStatus;
use crate::ecs::task::TaskStatus;
use crate::error::ApiError;
use crate::state::State;

shape! {
    /// A tag.
    pub struct Tag {
        /// The tag's name, up to 128 characters.
        key: String = "key";
        /// The tag's value, up to 256 characters.
        value: String = "value";
    }
    /// A name and a value, as environment variables and attachment details have.
    pub struct KeyValuePair {
        /// The name.
        name: String = "name";
        /// The value.
        value: String = "value";
    }
    /// A resource that could not be described or started, and why (PLACE-31, PLACE-33).
    pub struct Failure {
        /// The resource.
        arn: Option<String> = "arn";
        /// The reason, such as `MISSING`.
        reason: String = "reason";
        /// More about the reason.
        detail: Option<String> = "detail";
    }
}

/// Checks the tags of a request.
///
/// # Errors
/// `InvalidParameterException` for what a tag may not be (API-11).
pub fn check(tags: &[Tag]) -> Result<(), ApiError> {
    let refuse = |message: String| Err(ApiError::invalid(message, rules::TAGS));
    if tags.len() > 50 {
        return refuse("The number of tags exceeds the limit of 50.".to_string());
    }
    for (index, tag) in tags.iter().enumerate() {
        if tag.key.is_empty() || tag.key.chars().count() > 128 {
            return refuse("Tag key must be between 1 and 128 characters.".to_string());
        }
        if tag.value.chars().count() > 256 {
            return refuse(format!("The value of tag '{}' is longer than 256 characters.", tag.key));
        }
        if tag.key.to_ascii_lowercase().starts_with("aws:") {
            return refuse(format!("Tag key '{}' is reserved for AWS use.", tag.key));
        }
        if tags[..index].iter().any(|earlier| earlier.key == tag.key) {
            return refuse(format!("Duplicate tag keys found: {}.", tag.key));
        }
    }
    Ok(())
}

impl Failure {
    /// The resource does not exist (PLACE-33).
    pub fn missing(arn: impl ToString) -> Failure {
        Failure { arn: Some(arn.to_string()), reason: "MISSING".to_string(), detail: None }
    }
}

/// The tags of the resource that an ARN names.
///
/// # Errors
/// `InvalidParameterException` for what is no ARN of a resource with tags;
/// `ClusterNotFoundException` or `ResourceNotFoundException` when nothing of this ARN is there.
pub fn of_resource<'a>(state: &'a State, arn: &str) -> Result<&'a Vec<Tag>, ApiError> {
    match kind(state, arn)? {
        Tagged::Cluster => state.clusters.get(&ClusterArn::from(arn)).map(|cluster| &cluster.tags),
        Tagged::CapacityProvider => {
            let name = crate::ecs::capacity_provider::name_of(arn);
            state.capacity_providers.get(name).map(|provider| &provider.tags)
        }
        Tagged::Service => state
            .services
            .get(&ServiceArn::from(arn))
            .filter(|service| service.status != ServiceStatus::Inactive)
            .map(|service| &service.tags),
        Tagged::Task => state
            .tasks
            .get(&TaskArn::from(arn))
            .filter(|task| task.last_status != TaskStatus::Stopped)
            .map(|task| &task.tags),
        Tagged::ContainerInstance => {
            state.container_instances.get(&ContainerInstanceArn::from(arn)).map(|instance| &instance.tags)
        }
        Tagged::TaskDefinition => {
            state.task_definitions.get(&TaskDefinitionArn::from(arn)).map(|definition| &definition.tags)
        }
    }
    .ok_or_else(missing)
}

/// The tags of the resource that an ARN names, to change them.
///
/// # Errors
/// As [`of_resource`].
pub fn of_resource_mut<'a>(state: &'a mut State, arn: &str) -> Result<&'a mut Vec<Tag>, ApiError> {
    of_resource(state, arn)?;
    match kind(state, arn)? {
        Tagged::Cluster => state.clusters.get_mut(&ClusterArn::from(arn)).map(|cluster| &mut cluster.tags),
        Tagged::CapacityProvider => {
            let name = crate::ecs::capacity_provider::name_of(arn);
            state.capacity_providers.get_mut(name).map(|provider| &mut provider.tags)
        }
        Tagged::Service => state.services.get_mut(&ServiceArn::from(arn)).map(|service| &mut service.tags),
        Tagged::Task => state.tasks.get_mut(&TaskArn::from(arn)).map(|task| &mut task.tags),
        Tagged::ContainerInstance => state
            .container_instances
            .get_mut(&ContainerInstanceArn::from(arn))
            .map(|instance| &mut instance.tags),
        Tagged::TaskDefinition => state
            .task_definitions
            .get_mut(&TaskDefinitionArn::from(arn))
            .map(|definition| &mut definition.tags),
    }
    .ok_or_else(missing)
}

/// The tags as an answer holds them: only when `include` asks for them ([`rules::INCLUDE`]).
pub fn shown(tags: &[Tag], include: &[String]) -> Vec<Tag> {
    if include.iter().any(|word| word == "TAGS") { tags.to_vec() } else { Vec::new() }
}

#[derive(Clone, Copy)]
enum Tagged {
    Cluster,
    CapacityProvider,
    Service,
    Task,
    ContainerInstance,
    TaskDefinition,
}

fn kind(state: &State, arn: &str) -> Result<Tagged, ApiError> {
    let own = format!("arn:aws:ecs:{}:{}:", crate::arn::REGION, crate::arn::ACCOUNT);
    let (word, rest) = arn
        .strip_prefix(&own)
        .and_then(|rest| rest.split_once('/'))
        .ok_or_else(|| ApiError::invalid(format!("Invalid ARN: {arn}"), rules::ARNS))?;
    let kind = match word {
        "cluster" => Tagged::Cluster,
        "service" => Tagged::Service,
        "task" => Tagged::Task,
        "container-instance" => Tagged::ContainerInstance,
        "capacity-provider" => return Ok(Tagged::CapacityProvider),
        "task-definition" => return Ok(Tagged::TaskDefinition),
        _ => return Err(ApiError::invalid(format!("Invalid ARN: {arn}"), rules::ARNS)),
    };
    let cluster = rest.split('/').next().unwrap_or_default();
    if state.clusters.contains_key(&ClusterArn::named(cluster)) {
        Ok(kind)
    } else {
        Err(crate::ecs::cluster::not_found())
    }
}

fn missing() -> ApiError {
    ApiError::new("ResourceNotFoundException", "The specified resource was not found.", rules::TAGS)
}
