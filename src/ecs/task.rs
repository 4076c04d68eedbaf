//! Tasks: what a task is. Its chain of steps, its stopping and its placing stand in files beside it.

use crate::arn::{ClusterArn, ContainerInstanceArn, ServiceArn, SubnetId, TaskArn, TaskDefinitionArn};
use crate::ecs::cluster::Cluster;
use crate::ecs::container::Container;
use crate::ecs::tag::Tag;
use crate::ecs::task_definition::NetworkMode;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::time::SimTime;
use crate::units::{CpuUnits, Mib};

/// Where a task is in its life (LIFE-01), in the order in which it passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum TaskStatus {
    Provisioning,
    Pending,
    Activating,
    Running,
    Deactivating,
    Stopping,
    Deprovisioning,
    Stopped,
}

impl TaskStatus {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            TaskStatus::Provisioning => "PROVISIONING",
            TaskStatus::Pending => "PENDING",
            TaskStatus::Activating => "ACTIVATING",
            TaskStatus::Running => "RUNNING",
            TaskStatus::Deactivating => "DEACTIVATING",
            TaskStatus::Stopping => "STOPPING",
            TaskStatus::Deprovisioning => "DEPROVISIONING",
            TaskStatus::Stopped => "STOPPED",
        }
    }
}

/// What a task runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LaunchType {
    /// A container instance of the cluster.
    Ec2,
    /// Capacity that AWS runs.
    Fargate,
}

impl LaunchType {
    /// AWS's words for launch types, those included that are not simulated.
    pub const WORDS: &[&str] = &["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"];

    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            LaunchType::Ec2 => "EC2",
            LaunchType::Fargate => "FARGATE",
        }
    }
}

/// What the health checks of a container or task say (TASKDEF-35).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
#[allow(missing_docs)]
pub enum Health {
    #[default]
    Unknown,
    Healthy,
    Unhealthy,
}

impl Health {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Health::Unknown => "UNKNOWN",
            Health::Healthy => "HEALTHY",
            Health::Unhealthy => "UNHEALTHY",
        }
    }
}

/// Why a task stopped, as a code (LIFE-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum StopCode {
    TaskFailedToStart,
    EssentialContainerExited,
    UserInitiated,
    ServiceSchedulerInitiated,
    SpotInterruption,
    TerminationNotice,
    InfrastructureHealth,
}

impl StopCode {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            StopCode::TaskFailedToStart => "TaskFailedToStart",
            StopCode::EssentialContainerExited => "EssentialContainerExited",
            StopCode::UserInitiated => "UserInitiated",
            StopCode::ServiceSchedulerInitiated => "ServiceSchedulerInitiated",
            StopCode::SpotInterruption => "SpotInterruption",
            StopCode::TerminationNotice => "TerminationNotice",
            StopCode::InfrastructureHealth => "InfrastructureHealth",
        }
    }
}

/// The elastic network interface of an awsvpc task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eni {
    /// The attachment's id, a uuid (API-17).
    pub attachment: String,
    /// The interface's id: `eni-` and 17 hex digits.
    pub id: String,
    /// The subnet it stands in.
    pub subnet: SubnetId,
    /// Its hardware address.
    pub mac: String,
    /// Its address in the subnet.
    pub private_ip: String,
    /// Its public address, where one was assigned (Fargate only, TASKDEF-15).
    pub public_ip: Option<String>,
}

/// A running, starting or stopped copy of a task definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its ARN.
    pub arn: TaskArn,
    /// Its cluster.
    pub cluster: ClusterArn,
    /// The revision it was made from.
    pub task_definition: TaskDefinitionArn,
    /// What it runs on.
    pub launch_type: LaunchType,
    /// The instance it was placed on (EC2).
    pub container_instance: Option<ContainerInstanceArn>,
    /// The capacity provider it was started through, if any (CAP-05).
    pub capacity_provider: Option<String>,
    /// With what it waits for an instance, while it does (CAP-27).
    pub waiting: Option<Box<crate::ecs::task_waiting::Waiting>>,
    /// The zone it runs in; empty while it waits for an instance.
    pub availability_zone: String,
    /// The network mode of its definition.
    pub network_mode: NetworkMode,
    /// Where its network card is to stand (awsvpc).
    pub subnet: Option<SubnetId>,
    /// Whether the card gets a public address (Fargate only, TASKDEF-15).
    pub assign_public_ip: bool,
    /// `service:<name>`, `family:<family>`, or what the request said (LIFE-13).
    pub group: String,
    /// The deployment's id for a service's task, else what the request said.
    pub started_by: Option<String>,
    /// The service it belongs to.
    pub service: Option<ServiceArn>,
    /// Where it is in its life.
    pub last_status: TaskStatus,
    /// RUNNING (`false`) or STOPPED (`true`): whether it was told to stop (LIFE-02).
    pub told_to_stop: bool,
    /// The step of the start or stop chain that it is in.
    pub step: Option<crate::ecs::task_chain::Step>,
    /// CPU taken on the instance or billed on Fargate (TASKDEF-24).
    pub cpu: CpuUnits,
    /// Memory taken on the instance or billed on Fargate (TASKDEF-24).
    pub memory: Mib,
    /// Static TCP host ports taken on the instance (TASKDEF-24).
    pub host_ports: Vec<u64>,
    /// Static UDP host ports taken on the instance (TASKDEF-24).
    pub host_ports_udp: Vec<u64>,
    /// Its network interface (awsvpc).
    pub eni: Option<Eni>,
    /// Its containers, in the order of the definition.
    pub containers: Vec<Container>,
    /// Counts every change that AWS reports (LIFE-12).
    pub version: u64,
    /// When it was asked for; this and the moments below are those of LIFE-10.
    pub created_at: SimTime,
    /// When its network card was ready.
    pub connectivity_at: Option<SimTime>,
    /// When the first pull began.
    pub pull_started_at: Option<SimTime>,
    /// When the last pull ended.
    pub pull_stopped_at: Option<SimTime>,
    /// When it entered RUNNING.
    pub started_at: Option<SimTime>,
    /// When it was told to stop.
    pub stopping_at: Option<SimTime>,
    /// When its containers had ended.
    pub execution_stopped_at: Option<SimTime>,
    /// When it entered STOPPED.
    pub stopped_at: Option<SimTime>,
    /// Why it stopped, as a code.
    pub stop_code: Option<StopCode>,
    /// Why it stopped, in words.
    pub stopped_reason: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// The overrides of the request, kept as they came.
    pub overrides: Option<serde_json::Value>,
    /// Whether ECS Exec was asked for.
    pub enable_execute_command: bool,
    /// The Fargate platform version asked for.
    pub platform_version: Option<String>,
    /// Until when its service may not stop it to scale in or to replace it (PLACE-30).
    pub protected_until: Option<SimTime>,
}

impl Task {
    /// Whether it counts as running for its service (LIFE-11).
    pub fn is_running(&self) -> bool {
        self.last_status == TaskStatus::Running && !self.told_to_stop
    }

    /// Whether it counts as pending for its service (LIFE-11).
    pub fn is_pending(&self) -> bool {
        self.last_status < TaskStatus::Running && !self.told_to_stop
    }

    /// `RUNNING` or `STOPPED`: what AWS calls its desired status (LIFE-02).
    pub fn desired_status(&self) -> &'static str {
        if self.told_to_stop { "STOPPED" } else { "RUNNING" }
    }

    /// What the checks of its essential containers say together (TASKDEF-35).
    pub fn health(&self) -> Health {
        let mut essential =
            self.containers.iter().filter(|container| container.essential).map(|container| container.health);
        if essential.clone().any(|health| health == Health::Unhealthy) {
            Health::Unhealthy
        } else if essential.all(|health| health == Health::Healthy) {
            Health::Healthy
        } else {
            Health::Unknown
        }
    }
}

pub use crate::ecs::task_chain::{forget, step, stop};
pub use crate::ecs::task_launch::{Series, launch_on};

/// The ARN of the task that a request names by id or ARN (API-04).
///
/// # Errors
/// `InvalidParameterException` for the ARN of another cluster's task.
pub fn arn_of(cluster: &Cluster, named: &str) -> Result<TaskArn, ApiError> {
    if !named.starts_with("arn:") {
        return Ok(TaskArn::named(&cluster.name, named));
    }
    let arn = TaskArn::from(named);
    if arn.cluster() == cluster.name {
        Ok(arn)
    } else {
        let message = format!("Identifier is for {}. Your cluster is {}", arn.cluster(), cluster.name);
        Err(ApiError::invalid(message, crate::ecs::rules::CLUSTER_NAMED))
    }
}

/// Tells whoever waits for this task that it changed: its service looks at once.
pub fn changed(cx: &mut Cx<'_>, task: &TaskArn) {
    crate::ecs::service::task_changed(cx, task);
}
