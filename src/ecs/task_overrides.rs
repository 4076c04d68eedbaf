//! What a request changes in a task definition for its own tasks (API-10).

use crate::ecs::api::register_task_definition::EphemeralStorage;
use crate::ecs::container_definition::{ContainerDefinition, EnvironmentFile, ResourceRequirement};
use crate::ecs::rules::{task_definitions as definition_rules, tasks as rules};
use crate::ecs::tag::KeyValuePair;
use crate::ecs::task_definition::TaskDefinition;
use crate::ecs::task_definition_check;
use crate::ecs::task_size;
use crate::error::ApiError;
use crate::units::{CpuUnits, Mib};
use serde_json::Value;

shape! {
    /// What a request changes in a container.
    pub struct ContainerOverride {
        /// The container.
        name: Option<String> = "name";
        /// What to run instead of the image's command.
        command: Option<Vec<String>> = "command";
        /// Environment variables, added or put in place of the definition's (TASKDEF-45).
        environment: Option<Vec<KeyValuePair>> = "environment";
        /// Files of environment variables.
        environment_files: Option<Vec<EnvironmentFile>> = "environmentFiles";
        /// CPU units.
        cpu: Option<i64> = "cpu";
        /// Hard memory limit in MiB.
        memory: Option<i64> = "memory";
        /// Soft memory limit in MiB.
        memory_reservation: Option<i64> = "memoryReservation";
        /// Devices that it needs.
        resource_requirements: Option<Vec<ResourceRequirement>> = "resourceRequirements";
    }
    /// What a request changes in a task definition.
    pub struct TaskOverride {
        /// Changes in containers.
        container_overrides: Option<Vec<ContainerOverride>> = "containerOverrides";
        /// Task CPU.
        cpu: Option<String> = "cpu";
        /// Devices for inference.
        inference_accelerator_overrides: Option<Value> = "inferenceAcceleratorOverrides";
        /// The role of the agent.
        execution_role_arn: Option<String> = "executionRoleArn";
        /// Task memory.
        memory: Option<String> = "memory";
        /// The role of the application.
        task_role_arn: Option<String> = "taskRoleArn";
        /// Storage on Fargate.
        ephemeral_storage: Option<EphemeralStorage> = "ephemeralStorage";
    }
}

/// Checks the overrides of a request (API-10).
///
/// # Errors
/// `InvalidParameterException` for overrides that are too long, for a size that cannot be read and for a
/// container that the definition does not have.
pub fn check(definition: &TaskDefinition, overrides: &TaskOverride) -> Result<(), ApiError> {
    let refuse = |message: String| Err(ApiError::invalid(message, rules::OVERRIDES));
    if crate::shape::write(overrides).to_string().chars().count() > 8192 {
        return refuse("Overrides length must be at most 8192.".to_string());
    }
    if overrides.cpu.as_deref().is_some_and(|text| task_size::cpu(text).is_none()) {
        return refuse("Invalid 'cpu' setting for task.".to_string());
    }
    if overrides.memory.as_deref().is_some_and(|text| task_size::memory(text).is_none()) {
        return refuse("Invalid 'memory' setting for task.".to_string());
    }
    for each in overrides.container_overrides.iter().flatten() {
        let name = each.name.as_deref().unwrap_or_default();
        if !definition.containers.iter().any(|container| container.name() == name) {
            return refuse(format!(
                "Override for container named {name} is not a container in the TaskDefinition."
            ));
        }
        let gpus = task_definition_check::gpus(name, each.resource_requirements.as_deref());
        gpus.map_err(|refusal| ApiError::invalid(refusal.message, refusal.rule))?;
    }
    Ok(())
}

/// Checks what a request asks of Fargate for its own tasks.
///
/// # Errors
/// `InvalidParameterException` for GPUs (TASKDEF-59) and for storage out of bounds (TASKDEF-58).
pub fn check_fargate(overrides: &TaskOverride) -> Result<(), ApiError> {
    let containers = overrides.container_overrides.iter().flatten();
    if containers.flat_map(|each| each.resource_requirements.iter().flatten()).any(|each| each.kind == "GPU")
    {
        let message = "Fargate compatible task definitions do not support GPU resource requirements.";
        return Err(ApiError::invalid(message, definition_rules::NO_GPU_ON_FARGATE));
    }
    match overrides.ephemeral_storage.as_ref().map(|storage| storage.size_in_gib) {
        Some(size) if !(21..=200).contains(&size) => Err(ApiError::invalid(
            format!("Ephemeral storage of {size} GiB is not between 21 and 200 GiB."),
            definition_rules::EPHEMERAL_STORAGE,
        )),
        _ => Ok(()),
    }
}

/// The containers with the changes in them.
pub fn apply(containers: &[ContainerDefinition], overrides: &TaskOverride) -> Vec<ContainerDefinition> {
    let mut containers = containers.to_vec();
    for change in overrides.container_overrides.iter().flatten() {
        let named = |container: &&mut ContainerDefinition| change.name.as_deref() == Some(container.name());
        if let Some(container) = containers.iter_mut().find(named) {
            if change.command.is_some() {
                container.command.clone_from(&change.command);
            }
            if change.resource_requirements.is_some() {
                container.resource_requirements.clone_from(&change.resource_requirements);
            }
            container.cpu = change.cpu.or(container.cpu);
            container.memory = change.memory.or(container.memory);
            container.memory_reservation = change.memory_reservation.or(container.memory_reservation);
        }
    }
    containers
}

/// Task CPU and memory with the changes in them.
pub fn size(definition: &TaskDefinition, overrides: &TaskOverride) -> (Option<CpuUnits>, Option<Mib>) {
    (
        overrides.cpu.as_deref().and_then(task_size::cpu).or(definition.cpu),
        overrides.memory.as_deref().and_then(task_size::memory).or(definition.memory),
    )
}
