//! `RegisterTaskDefinition`: make a new revision of a family.

use crate::arn::TaskDefinitionArn;
use crate::ecs::api::task_definition_answer::{TaskDefinitionAnswer, describe};
use crate::ecs::container_definition::ContainerDefinition;
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::service::settings::PlacementConstraint;
use crate::ecs::tag::{self, Tag};
use crate::ecs::task_definition::{DefinitionStatus, TaskDefinition};
use crate::ecs::task_definition_check::{self as check, Checked};
use crate::ecs::task_definition_defaults;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::{Kind, RecordKind, Subject};
use serde_json::Value;

shape! {
    /// The revision to register.
    pub struct RegisterTaskDefinitionRequest {
        /// The family; a new one begins at revision 1.
        family: String = "family".required();
        /// The role of the application in the containers.
        task_role_arn: Option<String> = "taskRoleArn";
        /// The role with which images are pulled, secrets read and logs written.
        execution_role_arn: Option<String> = "executionRoleArn";
        /// awsvpc, bridge, host or none.
        network_mode: Option<String> = "networkMode".one_of(&["bridge", "host", "awsvpc", "none"]);
        /// The containers.
        container_definitions: Vec<ContainerDefinition> = "containerDefinitions".required();
        /// Volumes that containers can mount.
        volumes: Option<Vec<Value>> = "volumes";
        /// Where tasks may be placed.
        placement_constraints: Option<Vec<TaskDefinitionPlacementConstraint>> = "placementConstraints";
        /// The launch types to check for.
        requires_compatibilities: Option<Vec<String>> = "requiresCompatibilities".one_of(&["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"]);
        /// Task CPU: units, or a number of vCPU.
        cpu: Option<String> = "cpu";
        /// Task memory: MiB, or a number of GB.
        memory: Option<String> = "memory";
        /// Tags.
        tags: Option<Vec<Tag>> = "tags";
        /// Whose processes the containers see.
        pid_mode: Option<String> = "pidMode".one_of(&["host", "task"]);
        /// Whose shared memory the containers see.
        ipc_mode: Option<String> = "ipcMode".one_of(&["host", "task", "none"]);
        /// A proxy for App Mesh.
        proxy_configuration: Option<Value> = "proxyConfiguration";
        /// Elastic Inference accelerators.
        inference_accelerators: Option<Vec<Value>> = "inferenceAccelerators";
        /// More disk on Fargate.
        ephemeral_storage: Option<EphemeralStorage> = "ephemeralStorage";
        /// The processor and operating system.
        runtime_platform: Option<RuntimePlatform> = "runtimePlatform";
        /// Whether faults may be injected.
        enable_fault_injection: Option<bool> = "enableFaultInjection";
    }
    /// A condition that an instance must meet to take the task (TASKDEF-56).
    pub struct TaskDefinitionPlacementConstraint {
        /// `memberOf`.
        ty: Option<String> = "type".such_as(&["memberOf"]);
        /// An expression of the cluster query language.
        expression: Option<String> = "expression";
    }
    /// Disk on Fargate.
    pub struct EphemeralStorage {
        /// 21 to 200 GiB.
        size_in_gib: i64 = "sizeInGiB".required();
    }
    /// What a task's containers are built for.
    pub struct RuntimePlatform {
        /// X86_64 or ARM64.
        cpu_architecture: Option<String> = "cpuArchitecture".one_of(&["X86_64", "ARM64"]);
        /// LINUX or a version of Windows.
        operating_system_family: Option<String> = "operatingSystemFamily".one_of(SYSTEMS);
    }
    /// The new revision.
    pub struct RegisterTaskDefinitionResponse {
        /// The revision.
        task_definition: TaskDefinitionAnswer = "taskDefinition";
        /// Its tags.
        tags: Option<Vec<Tag>> = "tags";
    }
}

/// The operating systems that a task can be built for, as AWS spells them.
const SYSTEMS: &[&str] = &[
    "WINDOWS_SERVER_2019_FULL",
    "WINDOWS_SERVER_2019_CORE",
    "WINDOWS_SERVER_2016_FULL",
    "WINDOWS_SERVER_2004_CORE",
    "WINDOWS_SERVER_2022_CORE",
    "WINDOWS_SERVER_2022_FULL",
    "WINDOWS_SERVER_2025_CORE",
    "WINDOWS_SERVER_2025_FULL",
    "WINDOWS_SERVER_20H2_CORE",
    "LINUX",
];

/// Registers a revision; what was registered before stays as it is (TASKDEF-04).
///
/// # Errors
/// `ClientException` and `InvalidParameterException` with the texts of [`rules::REFUSALS`].
pub fn register_task_definition(
    cx: &mut Cx<'_>,
    request: RegisterTaskDefinitionRequest,
) -> Result<RegisterTaskDefinitionResponse, ApiError> {
    let tags = request.tags.clone().unwrap_or_default();
    tag::check(&tags)?;
    let Checked { network_mode, cpu, memory, compatibilities } = check::check(&request)?;
    let revision = cx.state.families.get(&request.family).copied().unwrap_or(0) + 1;
    let definition = TaskDefinition {
        arn: TaskDefinitionArn::named(&request.family, revision),
        family: request.family.clone(),
        revision,
        status: DefinitionStatus::Active,
        network_mode,
        cpu,
        memory,
        requires_attributes: task_definition_defaults::required_attributes(&request, network_mode),
        containers: task_definition_defaults::with_defaults(&request.container_definitions, network_mode),
        requires_compatibilities: request.requires_compatibilities.clone().unwrap_or_default(),
        compatibilities,
        execution_role_arn: request.execution_role_arn.clone(),
        task_role_arn: request.task_role_arn.clone(),
        placement_constraints: placement_constraints(&request),
        registered_at: cx.clock,
        registered_by: cx.principal.arn.clone(),
        deregistered_at: None,
        delete_requested_at: None,
        tags: tags.clone(),
        kept: kept(&request),
    };
    cx.state.families.insert(request.family, revision);
    cx.record(
        RecordKind::Change,
        Subject::new(Kind::TaskDefinition, definition.arn.to_string()),
        "registered, ACTIVE",
        rules::REVISIONS,
    );
    let answer = describe(&definition);
    cx.state.task_definitions.insert(definition.arn.clone(), definition);
    Ok(RegisterTaskDefinitionResponse {
        task_definition: answer,
        tags: Some(tags).filter(|tags| !tags.is_empty()),
    })
}

/// The conditions that the request has for instances.
pub fn placement_constraints(request: &RegisterTaskDefinitionRequest) -> Vec<PlacementConstraint> {
    let asked = request.placement_constraints.iter().flatten();
    asked
        .map(|each| PlacementConstraint { ty: each.ty.clone(), expression: each.expression.clone() })
        .collect()
}

/// The members that only later capabilities act on.
fn kept(request: &RegisterTaskDefinitionRequest) -> Vec<(&'static str, Value)> {
    let mut kept = Vec::new();
    crate::shape::Structure::each(request, &mut |field, slot| {
        const KEPT: &[&str] = &[
            "volumes",
            "placementConstraints",
            "pidMode",
            "ipcMode",
            "proxyConfiguration",
            "inferenceAccelerators",
            "ephemeralStorage",
            "runtimePlatform",
            "enableFaultInjection",
        ];
        if let Some(value) = slot.write_out().filter(|_| KEPT.contains(&field.name)) {
            kept.push((field.name, value));
        }
    });
    kept
}
