//! Task definitions: versioned blueprints of tasks.

use crate::arn::TaskDefinitionArn;
use crate::ecs::tag::{KeyValuePair, Tag};
use crate::time::SimTime;
use crate::units::{CpuUnits, Mib};
use serde_json::Value;

/// Whether a revision can be used (TASKDEF-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum DefinitionStatus {
    Active,
    Inactive,
    DeleteInProgress,
}

impl DefinitionStatus {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            DefinitionStatus::Active => "ACTIVE",
            DefinitionStatus::Inactive => "INACTIVE",
            DefinitionStatus::DeleteInProgress => "DELETE_IN_PROGRESS",
        }
    }
}

/// How the network looks to a task's containers (section 1.2 of the rules).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum NetworkMode {
    AwsVpc,
    Bridge,
    Host,
    None,
}

/// A revision of a family.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskDefinition {
    /// Its ARN.
    pub arn: TaskDefinitionArn,
    /// Its family.
    pub family: String,
    /// Its revision, from 1.
    pub revision: u64,
    /// Whether it can be used.
    pub status: DefinitionStatus,
    /// Its network mode.
    pub network_mode: NetworkMode,
    /// Task-level CPU, where given.
    pub cpu: Option<CpuUnits>,
    /// Task-level memory, where given.
    pub memory: Option<Mib>,
    /// Its containers.
    pub containers: Vec<ContainerDefinition>,
    /// Launch types that it asks for.
    pub requires_compatibilities: Vec<String>,
    /// Launch types that it fits.
    pub compatibilities: Vec<String>,
    /// The role of the agent.
    pub execution_role_arn: Option<String>,
    /// The role of the application.
    pub task_role_arn: Option<String>,
    /// Attributes that an instance must have (TASKDEF-61).
    pub requires_attributes: Vec<String>,
    /// When it was registered.
    pub registered_at: SimTime,
    /// Who registered it.
    pub registered_by: String,
    /// When it was deregistered.
    pub deregistered_at: Option<SimTime>,
    /// When its deletion was asked for.
    pub delete_requested_at: Option<SimTime>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// What later capabilities need: validated, kept, and shown by `describe-task-definition`.
    pub kept: Vec<(String, Value)>,
}

shape! {
    /// A port of a container, and where the host opens it.
    pub struct PortMapping {
        /// The port in the container.
        container_port: Option<i64> = "containerPort".range(0, 65535);
        /// The port on the host; 0 or absent means a dynamic one in bridge mode (TASKDEF-40).
        host_port: Option<i64> = "hostPort".range(0, 65535);
        /// tcp or udp.
        protocol: Option<String> = "protocol".one_of(&["tcp", "udp"]);
        /// A name for Service Connect.
        name: Option<String> = "name";
        /// What is spoken on it, for Service Connect.
        app_protocol: Option<String> = "appProtocol".one_of(&["http", "http2", "grpc"]);
        /// A range of ports instead of one (TASKDEF-44).
        container_port_range: Option<String> = "containerPortRange";
    }
    /// A command that ECS runs in the container to see whether it is well (TASKDEF-33).
    pub struct HealthCheck {
        /// `CMD` or `CMD-SHELL` and the command; exit code 0 means healthy.
        command: Vec<String> = "command".required();
        /// Seconds between checks; 30 when absent.
        interval: Option<i64> = "interval".range(5, 300);
        /// Seconds until a check counts as failed; 5 when absent.
        timeout: Option<i64> = "timeout".range(2, 60);
        /// Failures in a row until UNHEALTHY; 3 when absent.
        retries: Option<i64> = "retries".range(1, 10);
        /// Seconds at the start in which failures do not count.
        start_period: Option<i64> = "startPeriod".range(0, 300);
    }
    /// What must be true of another container before this one starts (TASKDEF-28).
    pub struct ContainerDependency {
        /// The other container.
        container_name: String = "containerName".required();
        /// START, COMPLETE, SUCCESS or HEALTHY.
        condition: String = "condition".required().one_of(&["START", "COMPLETE", "SUCCESS", "HEALTHY"]);
    }
    /// A container of a task definition.
    pub struct ContainerDefinition {
        /// Its name, unique in the task definition.
        name: Option<String> = "name";
        /// Its image.
        image: Option<String> = "image".names(crate::timeline::Kind::Image);
        /// CPU units reserved for it.
        cpu: Option<i64> = "cpu";
        /// MiB; beyond it the container is killed (TASKDEF-21).
        memory: Option<i64> = "memory";
        /// MiB reserved for it (TASKDEF-21).
        memory_reservation: Option<i64> = "memoryReservation";
        /// Whether the task stops with it; true when absent (TASKDEF-27).
        essential: Option<bool> = "essential";
        /// Ports.
        port_mappings: Option<Vec<PortMapping>> = "portMappings";
        /// What to run instead of the image's entry point.
        entry_point: Option<Vec<String>> = "entryPoint";
        /// What to run instead of the image's command.
        command: Option<Vec<String>> = "command";
        /// Environment variables.
        environment: Option<Vec<KeyValuePair>> = "environment";
        /// Which containers this one waits for.
        depends_on: Option<Vec<ContainerDependency>> = "dependsOn";
        /// Seconds until a dependency on this container gives up (TASKDEF-31).
        start_timeout: Option<i64> = "startTimeout";
        /// Seconds between SIGTERM and SIGKILL; 30 when absent (LIFE-15).
        stop_timeout: Option<i64> = "stopTimeout";
        /// How ECS sees whether it is well.
        health_check: Option<HealthCheck> = "healthCheck";
    }
}

impl ContainerDefinition {
    /// Whether the task stops with it (TASKDEF-27).
    pub fn is_essential(&self) -> bool {
        self.essential.unwrap_or(true)
    }
}
