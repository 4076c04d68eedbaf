//! Attributes of container instances: facts, abilities, and what somebody put there (CINST-07, CINST-08).

use crate::arn::ContainerInstanceArn;
use crate::ecs::cluster::Cluster;
use crate::ecs::container_instance::{self, ContainerInstance};
use crate::ecs::rules::instances as rules;
use crate::error::ApiError;
use crate::state::State;
use crate::timeline::Kind;

/// How many custom attributes an instance may have.
const MOST: usize = 10;

shape! {
    /// An attribute, and the resource that has it.
    pub struct Attribute {
        /// Its name, up to 128 characters.
        name: String = "name".required();
        /// Its value, up to 128 characters.
        value: Option<String> = "value";
        /// container-instance.
        target_type: Option<String> = "targetType".one_of(&["container-instance"]);
        /// The id or ARN of the container instance.
        target_id: Option<String> = "targetId".names(Kind::ContainerInstance);
    }
}

impl Attribute {
    /// An attribute as the answers of ECS show it.
    pub fn shown(instance: &ContainerInstance, name: &str, value: Option<&String>) -> Attribute {
        Attribute {
            name: name.to_string(),
            value: value.cloned(),
            target_type: Some("container-instance".to_string()),
            target_id: Some(instance.arn.to_string()),
        }
    }

    /// The instance that it names.
    ///
    /// # Errors
    /// `InvalidParameterException` without an id, or for a short one without its type;
    /// `TargetNotFoundException`.
    pub fn target(&self, state: &State, cluster: &Cluster) -> Result<ContainerInstanceArn, ApiError> {
        let refuse = |message| Err(ApiError::invalid(message, rules::CUSTOM_ATTRIBUTES));
        let Some(id) = self.target_id.as_deref().filter(|id| !id.is_empty()) else {
            return refuse("Target id can not be blank.");
        };
        if !id.starts_with("arn:") && self.target_type.is_none() {
            return refuse("Target type can not be blank for a target id that is no ARN.");
        }
        let arn = container_instance::arn_of(cluster, id);
        match state.container_instances.get(&arn) {
            Some(instance) if instance.cluster == cluster.arn => Ok(arn),
            _ => {
                let message = format!("Unable to find the target {id}.");
                Err(ApiError::new("TargetNotFoundException", message, rules::CUSTOM_ATTRIBUTES))
            }
        }
    }

    /// Checks its name and value.
    ///
    /// # Errors
    /// `InvalidParameterException` for what an attribute may not be (CINST-08).
    pub fn check(&self) -> Result<(), ApiError> {
        let refuse = |message: String| Err(ApiError::invalid(message, rules::CUSTOM_ATTRIBUTES));
        let good = |sign: char| sign.is_ascii_alphanumeric() || "-_/\\.".contains(sign);
        let length = self.name.chars().count();
        if !(1..=128).contains(&length) || !self.name.chars().all(good) {
            return refuse(format!("Invalid attribute name '{}'.", self.name));
        }
        let Some(value) = self.value.as_deref() else { return Ok(()) };
        let good = |sign: char| good(sign) || "@: ".contains(sign);
        if value.chars().count() > 128 || !value.chars().all(good) || value.trim() != value {
            return refuse(format!("Invalid value '{value}' for attribute '{}'.", self.name));
        }
        Ok(())
    }
}

/// Whether an attribute is one that AWS or the agent sets.
pub fn is_own(name: &str) -> bool {
    name.starts_with("ecs.") || name.starts_with("com.amazonaws.ecs.")
}

/// Checks the attributes that a request is to put on a resource or take off it.
///
/// # Errors
/// `InvalidParameterException` for none, more than 10, and those that AWS sets itself.
pub fn check_change(attributes: &[Attribute]) -> Result<(), ApiError> {
    let refuse = |message: String| Err(ApiError::invalid(message, rules::CUSTOM_ATTRIBUTES));
    if !(1..=MOST).contains(&attributes.len()) {
        return refuse("attributes should have between 1 and 10 items.".to_string());
    }
    match attributes.iter().find(|attribute| is_own(&attribute.name)) {
        None => attributes.iter().try_for_each(Attribute::check),
        Some(own) => {
            refuse(format!("The attribute '{}' is set by Amazon ECS and cannot be changed.", own.name))
        }
    }
}

/// Checks that an instance would not have too many custom attributes.
///
/// # Errors
/// A refusal with this code; only PutAttributes knows `AttributeLimitExceededException`.
pub fn check_limit<'a>(code: &'static str, names: impl Iterator<Item = &'a str>) -> Result<(), ApiError> {
    let custom: std::collections::BTreeSet<&str> = names.filter(|name| !is_own(name)).collect();
    if custom.len() <= MOST {
        return Ok(());
    }
    let message = "You can apply up to 10 custom attributes per resource.";
    Err(ApiError::new(code, message, rules::CUSTOM_ATTRIBUTES))
}
