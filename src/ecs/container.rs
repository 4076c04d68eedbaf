//! Containers of a task: their processes, their health checks, their ends.

use crate::arn::TaskArn;
use crate::ecs::task::Health;
use crate::operation::Cx;
use crate::time::SimTime;

/// Where a container is in its life, as the API shows it (LIFE-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum ContainerStatus {
    Pending,
    Running,
    Stopped,
}

impl ContainerStatus {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            ContainerStatus::Pending => "PENDING",
            ContainerStatus::Running => "RUNNING",
            ContainerStatus::Stopped => "STOPPED",
        }
    }
}

/// A container of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Container {
    /// Its name in the task definition.
    pub name: String,
    /// Its id, a uuid, as in its ARN.
    pub id: String,
    /// Its image.
    pub image: String,
    /// Whether the task stops with it (TASKDEF-27).
    pub essential: bool,
    /// Where it is in its life.
    pub status: ContainerStatus,
    /// Whether its image is there.
    pub pulled: bool,
    /// Which life it is in; a restart begins a new one.
    pub life: u32,
    /// When its process started.
    pub started_at: Option<SimTime>,
    /// What its health checks say.
    pub health: Health,
    /// Failed checks in a row that count.
    pub failed_checks: i64,
    /// A fault makes its checks fail while the process runs on.
    pub check_broken: bool,
    /// Whether SIGTERM was sent.
    pub signalled: bool,
    /// The exit code of its process.
    pub exit_code: Option<i64>,
    /// What went wrong, as the agent reports it.
    pub reason: Option<String>,
    /// Ports of the host that lead to it: container port, host port, protocol (TASKDEF-40).
    pub bindings: Vec<(i64, i64, String)>,
}

/// A container's process starts.
pub fn starts(_cx: &mut Cx<'_>, _task: &TaskArn, _container: usize) {}

/// A container's process ends.
pub fn exits(
    _cx: &mut Cx<'_>,
    _task: &TaskArn,
    _container: usize,
    _life: u32,
    _code: i64,
    _reason: Option<String>,
) {
}

/// A container's health check ends.
pub fn health_check(_cx: &mut Cx<'_>, _task: &TaskArn, _container: usize, _life: u32) {}
