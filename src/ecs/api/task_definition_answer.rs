//! How a task definition reads in answers.

use crate::arn::TaskDefinitionArn;
use crate::ecs::attribute::Attribute;
use crate::ecs::container_definition::ContainerDefinition;
use crate::ecs::task_definition::TaskDefinition;
use crate::time::SimTime;
use serde_json::Value;

shape! {
    /// A revision of a task definition.
    pub struct TaskDefinitionAnswer {
        /// Its ARN.
        task_definition_arn: TaskDefinitionArn = "taskDefinitionArn";
        /// Its containers.
        container_definitions: Vec<ContainerDefinition> = "containerDefinitions";
        /// Its family.
        family: String = "family";
        /// The role of the application.
        task_role_arn: Option<String> = "taskRoleArn";
        /// The role of the agent.
        execution_role_arn: Option<String> = "executionRoleArn";
        /// Its network mode.
        network_mode: String = "networkMode";
        /// Its revision.
        revision: i64 = "revision";
        /// Its volumes.
        volumes: Value = "volumes";
        /// ACTIVE, INACTIVE or DELETE_IN_PROGRESS.
        status: String = "status";
        /// Attributes that an instance must have.
        requires_attributes: Option<Vec<Attribute>> = "requiresAttributes";
        /// Where tasks may be placed.
        placement_constraints: Value = "placementConstraints";
        /// Launch types that it fits.
        compatibilities: Vec<String> = "compatibilities";
        /// The processor and operating system.
        runtime_platform: Option<Value> = "runtimePlatform";
        /// Launch types that it was checked for.
        requires_compatibilities: Option<Vec<String>> = "requiresCompatibilities";
        /// Task CPU in units.
        cpu: Option<String> = "cpu";
        /// Task memory in MiB.
        memory: Option<String> = "memory";
        /// Elastic Inference accelerators.
        inference_accelerators: Option<Value> = "inferenceAccelerators";
        /// Whose processes the containers see.
        pid_mode: Option<String> = "pidMode";
        /// Whose shared memory the containers see.
        ipc_mode: Option<String> = "ipcMode";
        /// A proxy for App Mesh.
        proxy_configuration: Option<Value> = "proxyConfiguration";
        /// When it was registered.
        registered_at: SimTime = "registeredAt";
        /// When it was deregistered.
        deregistered_at: Option<SimTime> = "deregisteredAt";
        /// When its deletion was asked for.
        delete_requested_at: Option<SimTime> = "deleteRequestedAt";
        /// Who registered it.
        registered_by: String = "registeredBy";
        /// Disk on Fargate.
        ephemeral_storage: Option<Value> = "ephemeralStorage";
        /// Whether faults may be injected.
        enable_fault_injection: Option<bool> = "enableFaultInjection";
    }
}

/// A task definition as the API answers it (TASKDEF-10).
pub fn describe(definition: &TaskDefinition) -> TaskDefinitionAnswer {
    let kept =
        |name: &str| definition.kept.iter().find(|(kept, _)| *kept == name).map(|(_, value)| value.clone());
    let word = |name: &str| kept(name).and_then(|value| value.as_str().map(str::to_string));
    let listed = |list: &[String]| Some(list.to_vec()).filter(|list| !list.is_empty());
    TaskDefinitionAnswer {
        task_definition_arn: definition.arn.clone(),
        container_definitions: definition.containers.clone(),
        family: definition.family.clone(),
        task_role_arn: definition.task_role_arn.clone(),
        execution_role_arn: definition.execution_role_arn.clone(),
        network_mode: definition.network_mode.word().to_string(),
        revision: i64::try_from(definition.revision).unwrap_or(i64::MAX),
        volumes: kept("volumes").unwrap_or_else(|| Value::Array(Vec::new())),
        status: definition.status.word().to_string(),
        requires_attributes: listed(&definition.requires_attributes)
            .map(|names| names.into_iter().map(|name| Attribute { name, ..Default::default() }).collect()),
        placement_constraints: kept("placementConstraints").unwrap_or_else(|| Value::Array(Vec::new())),
        compatibilities: definition.compatibilities.clone(),
        runtime_platform: kept("runtimePlatform"),
        requires_compatibilities: listed(&definition.requires_compatibilities),
        cpu: definition.cpu.map(|cpu| cpu.to_string()),
        memory: definition.memory.map(|memory| memory.to_string()),
        inference_accelerators: kept("inferenceAccelerators"),
        pid_mode: word("pidMode"),
        ipc_mode: word("ipcMode"),
        proxy_configuration: kept("proxyConfiguration"),
        registered_at: definition.registered_at,
        deregistered_at: definition.deregistered_at,
        delete_requested_at: definition.delete_requested_at,
        registered_by: definition.registered_by.clone(),
        ephemeral_storage: kept("ephemeralStorage"),
        enable_fault_injection: kept("enableFaultInjection").and_then(|value| value.as_bool()),
    }
}
