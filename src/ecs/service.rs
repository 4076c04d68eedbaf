//! Services: a wished number of tasks that the scheduler works on.

use crate::arn::{ClusterArn, ServiceArn, SubnetId, TaskArn, TaskDefinitionArn};
use crate::ecs::cluster::{CapacityProviderStrategyItem, Cluster};
use crate::ecs::rules::services as rules;
use crate::ecs::tag::Tag;
use crate::ecs::task::LaunchType;
use crate::error::ApiError;
use crate::state::State;
use crate::time::SimTime;
use crate::units::Percent;
use serde_json::Value;
use std::collections::BTreeSet;

pub mod check;
pub mod settings;

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

/// How far a deployment has come (DEPLOY-02).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum RolloutState {
    InProgress,
    Completed,
    Failed,
}

impl RolloutState {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            RolloutState::InProgress => "IN_PROGRESS",
            RolloutState::Completed => "COMPLETED",
            RolloutState::Failed => "FAILED",
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
    /// Where its tasks' network cards may stand.
    pub network: Option<AwsVpc>,
    /// The Fargate platform version asked for.
    pub platform_version: Option<String>,
    /// Tasks that failed since one of its tasks was last healthy (DEPLOY-20 to DEPLOY-22).
    pub failed_tasks: u64,
    /// Why it was given up, in AWS's words (DEPLOY-02, DEPLOY-23).
    pub reason: Option<String>,
    /// How far it has come.
    pub rollout: RolloutState,
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

/// How many tasks a service has (SVC-11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheduling {
    /// As many as desired.
    Replica,
    /// One per container instance.
    Daemon,
}

impl Scheduling {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Scheduling::Replica => "REPLICA",
            Scheduling::Daemon => "DAEMON",
        }
    }
}

/// What later capabilities need of a service.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kept {
    /// Cloud Map registries.
    pub service_registries: Vec<settings::ServiceRegistry>,
    /// The circuit breaker (DEPLOY-18).
    pub circuit_breaker: Option<settings::DeploymentCircuitBreaker>,
    /// Alarms that fail a deployment.
    pub alarms: Option<settings::DeploymentAlarms>,
    /// Whether tasks are moved between zones (SVC-26).
    pub zone_rebalancing: bool,
    /// Service Connect.
    pub service_connect: Option<settings::ServiceConnectConfiguration>,
    /// EBS volumes.
    pub volumes: Vec<settings::ServiceVolumeConfiguration>,
}

/// Between how many tasks a service stands from a moment on, and how many it wishes for (DEPLOY-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// From when on.
    pub at: SimTime,
    /// The least number of healthy tasks that a deployment may leave.
    pub floor: u64,
    /// The desired count.
    pub desired: u64,
    /// The greatest number of tasks that a deployment may make.
    pub ceiling: u64,
}

/// So many changes of its bounds are remembered of a service.
const BOUNDS_KEPT: usize = 100;

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
    /// How it changed so far, oldest first (DEPLOY-04).
    pub history: Vec<crate::ecs::service_deployment::ServiceDeployment>,
    /// The deployment that was COMPLETED last: what a rollback goes back to (DEPLOY-23).
    pub last_completed: Option<Box<Deployment>>,
    /// The floor of healthy tasks during a deployment (DEPLOY-06).
    pub minimum_healthy_percent: Percent,
    /// The ceiling of tasks during a deployment (DEPLOY-06).
    pub maximum_percent: Percent,
    /// Floor, wish and ceiling as they were, oldest first (DEPLOY-15).
    pub bounds: Vec<Bounds>,
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
    /// Its capacity provider strategy; empty when it has a launch type (SVC-03).
    pub strategy: Vec<CapacityProviderStrategyItem>,
    /// Seconds at the start of a task in which failed checks do not count (SVC-23).
    pub health_check_grace_period: Option<u64>,
    /// Whether it keeps a number of tasks or one per instance (SVC-11).
    pub scheduling: Scheduling,
    /// Conditions that an instance must meet.
    pub placement_constraints: Vec<settings::PlacementConstraint>,
    /// How instances are ranked, and tasks to stop chosen (PLACE-27).
    pub placement_strategy: Vec<settings::PlacementStrategy>,
    /// Whether ECS Exec works in its tasks.
    pub enable_execute_command: bool,
    /// Whether its tasks carry tags of ECS (API-11).
    pub enable_ecs_managed_tags: bool,
    /// Whose tags its tasks get: `TASK_DEFINITION`, `SERVICE` or `NONE` (API-11).
    pub propagate_tags: String,
    /// What later capabilities need: validated, kept, and shown by `describe-services`.
    pub kept: Kept,
    /// The request it was created with, its client token included (SVC-01).
    pub created_with: Value,
    /// When it became INACTIVE.
    pub inactive_since: Option<SimTime>,
    /// The scheduler's own notes.
    pub scheduler: crate::ecs::service_scheduler::Scheduler,
}

impl Service {
    /// The newest deployment.
    pub fn primary(&self) -> Option<&Deployment> {
        self.deployments.first()
    }

    /// Floor, wish and ceiling of now.
    pub fn bounds_at(&self, at: SimTime) -> Bounds {
        Bounds {
            at,
            floor: self.minimum_healthy_percent.of_rounded_up(self.desired_count),
            desired: self.desired_count,
            ceiling: self.maximum_percent.of_rounded_down(self.desired_count),
        }
    }

    /// Remembers floor, wish and ceiling, if they are others than before (DEPLOY-15).
    pub fn note_bounds(&mut self, now: SimTime) {
        let bounds = self.bounds_at(now);
        if self.bounds.last().is_some_and(|last| Bounds { at: now, ..*last } == bounds) {
            return;
        }
        self.bounds.push(bounds);
        let beyond = self.bounds.len().saturating_sub(BOUNDS_KEPT);
        self.bounds.drain(..beyond);
    }

    /// Whether an instance stands behind a provider of its strategy, if it has one.
    pub fn may_use(&self, instance: &crate::ecs::container_instance::ContainerInstance) -> bool {
        let names = |item: &CapacityProviderStrategyItem| {
            Some(item.capacity_provider.as_str()) == instance.capacity_provider.as_deref()
        };
        self.strategy.is_empty() || self.strategy.iter().any(names)
    }

    /// The service as a subject of records.
    pub fn subject(&self) -> crate::timeline::Subject {
        crate::timeline::Subject::new(crate::timeline::Kind::Service, self.arn.as_str())
    }
}

/// The service that a request names by short name or ARN.
///
/// # Errors
/// `ServiceNotFoundException` ([`rules::SERVICE_EXISTS`]).
pub fn find<'a>(state: &'a State, cluster: &Cluster, named: &str) -> Result<&'a Service, ApiError> {
    state
        .services
        .get(&arn_of(cluster, named))
        .filter(|service| service.cluster == cluster.arn)
        .ok_or_else(|| ApiError::new("ServiceNotFoundException", "Service not found.", rules::SERVICE_EXISTS))
}

/// The ARN of the service that a request names by short name or ARN, whether it exists or not.
pub fn arn_of(cluster: &Cluster, named: &str) -> ServiceArn {
    if named.starts_with("arn:") { ServiceArn::from(named) } else { ServiceArn::named(&cluster.name, named) }
}

pub use crate::ecs::service_scheduler::{forget, pass_due, task_changed};
