//! Services: a wished number of tasks that the scheduler works on.

use crate::arn::{ClusterArn, ServiceArn, SubnetId, TaskArn, TaskDefinitionArn};
use crate::ecs::tag::Tag;
use crate::ecs::task::LaunchType;
use crate::time::SimTime;
use crate::units::Percent;
use serde_json::Value;
use std::collections::BTreeSet;

/// Where a service is in its life (SVC-04).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ServiceStatus {
    Active,
    Draining,
    Inactive,
}

impl ServiceStatus {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            ServiceStatus::Active => "ACTIVE",
            ServiceStatus::Draining => "DRAINING",
            ServiceStatus::Inactive => "INACTIVE",
        }
    }
}

/// One version of a service being rolled out or replaced (DEPLOY-01). The first of a service's
/// list is PRIMARY, the others are ACTIVE.
#[derive(Debug, Clone, PartialEq)]
pub struct Deployment {
    /// `ecs-svc/` and 19 digits.
    pub id: String,
    /// The revision that it runs.
    pub task_definition: TaskDefinitionArn,
    /// Tasks that ended before they were RUNNING.
    pub failed_tasks: u64,
    /// Whether the rollout is over (DEPLOY-02).
    pub completed: bool,
    /// When it began.
    pub created_at: SimTime,
    /// When it last changed.
    pub updated_at: SimTime,
}

/// A service event: what `describe-services` tells, newest last here (SVC-07).
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceEvent {
    /// A uuid.
    pub id: String,
    /// When.
    pub created_at: SimTime,
    /// In the words of ECS.
    pub message: String,
}

/// Where an awsvpc task's network card may stand (TASKDEF-14).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AwsVpc {
    /// The subnets to choose from.
    pub subnets: Vec<SubnetId>,
    /// The security groups; the VPC's default group when empty.
    pub security_groups: Vec<String>,
    /// Whether a public address is assigned (Fargate only).
    pub assign_public_ip: bool,
}

/// A service.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its ARN.
    pub arn: ServiceArn,
    /// Its name.
    pub name: String,
    /// Its cluster.
    pub cluster: ClusterArn,
    /// Where it is in its life.
    pub status: ServiceStatus,
    /// How many tasks are wished for.
    pub desired_count: u64,
    /// What its tasks run on.
    pub launch_type: LaunchType,
    /// The Fargate platform version asked for.
    pub platform_version: Option<String>,
    /// Where its tasks' network cards may stand.
    pub network: Option<AwsVpc>,
    /// Its deployments, PRIMARY first.
    pub deployments: Vec<Deployment>,
    /// The floor of healthy tasks during a deployment (DEPLOY-06).
    pub minimum_healthy_percent: Percent,
    /// The ceiling of tasks during a deployment (DEPLOY-06).
    pub maximum_percent: Percent,
    /// Its events, oldest first, 100 at most (SVC-07).
    pub events: Vec<ServiceEvent>,
    /// Its tasks that are not STOPPED.
    pub tasks: BTreeSet<TaskArn>,
    /// When it was created.
    pub created_at: SimTime,
    /// Who created it.
    pub created_by: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// What later capabilities need: validated, kept, and shown by `describe-services`.
    pub kept: Vec<(String, Value)>,
    /// The client token and request it was created with (SVC-01).
    pub created_with: Value,
    /// The scheduler's own notes.
    pub scheduler: crate::ecs::service_scheduler::Scheduler,
}

impl Service {
    /// The newest deployment.
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments.first()
    }
}

pub use crate::ecs::service_scheduler::{forget, pass_due, task_changed};
