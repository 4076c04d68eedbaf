//! How a task starts and stops: chains of named steps, each with its actor, duration and way to fail.

use crate::arn::{ClusterArn, ContainerInstanceArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::ecs::service::AwsVpc;
use crate::ecs::tag::Tag;
use crate::ecs::task::{LaunchType, StopCode};
use crate::operation::Cx;
use crate::rules::Rule;
use crate::timeline::RecordId;

/// A step of a task's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The control plane finds capacity and attaches the network card.
    NetworkCard,
}

/// A task that somebody wants to start.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    /// Where.
    pub cluster: ClusterArn,
    /// From which revision.
    pub task_definition: TaskDefinitionArn,
    /// On what.
    pub launch_type: LaunchType,
    /// Where its network card may stand (awsvpc).
    pub network: Option<AwsVpc>,
    /// Its group (LIFE-13).
    pub group: String,
    /// Who started it (LIFE-13).
    pub started_by: Option<String>,
    /// The service it is for.
    pub service: Option<ServiceArn>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// The overrides of the request.
    pub overrides: Option<serde_json::Value>,
    /// The Fargate platform version asked for.
    pub platform_version: Option<String>,
    /// Whether ECS Exec was asked for.
    pub enable_execute_command: bool,
}

/// No instance could take the task.
#[derive(Debug, Clone, PartialEq)]
pub struct NotPlaced {
    /// The instance that passed the most tests (PLACE-03); none where the cluster has none.
    pub closest: Option<ContainerInstanceArn>,
    /// AWS's word for the test it failed, such as `RESOURCE:MEMORY` (PLACE-31).
    pub reason: String,
    /// The rule behind it.
    pub rule: &'static Rule,
    /// The record of the decision, with a verdict per instance.
    pub record: RecordId,
}

/// Places a task and begins its chain.
///
/// # Errors
/// No instance can take it; the decision is on the timeline with its verdicts.
pub fn launch(_cx: &mut Cx<'_>, _launch: Launch) -> Result<TaskArn, NotPlaced> {
    unreachable!()
}

/// Tells a task to stop; what has already been told goes on as it was (LIFE-09).
pub fn stop(_cx: &mut Cx<'_>, _task: &TaskArn, _code: StopCode, _reason: &str) {}

/// The step that the task is in has taken its time.
pub fn step(_cx: &mut Cx<'_>, _task: &TaskArn) {}

/// AWS forgets a STOPPED task (LIFE-26).
pub fn forget(_cx: &mut Cx<'_>, _task: &TaskArn) {}
