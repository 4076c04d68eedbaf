//! Service deployments: the history of how a service changed, one entry a deployment (DEPLOY-04).

use crate::arn::{ACCOUNT, REGION, ServiceArn, TaskDefinitionArn};
use crate::ecs::cluster::CapacityProviderStrategyItem;
use crate::ecs::rules::services as rules;
use crate::ecs::service::{AwsVpc, Service, settings};
use crate::ecs::service_scheduler::breaker;
use crate::error::ApiError;
use crate::state::State;
use crate::time::SimTime;

/// Where a service deployment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Status {
    InProgress,
    Successful,
    Stopped,
    RollbackInProgress,
    RollbackSuccessful,
    RollbackFailed,
}

impl Status {
    /// Every status that AWS knows, in its order.
    pub const WORDS: &'static [&'static str] = &[
        "PENDING",
        "SUCCESSFUL",
        "STOPPED",
        "STOP_REQUESTED",
        "IN_PROGRESS",
        "ROLLBACK_REQUESTED",
        "ROLLBACK_IN_PROGRESS",
        "ROLLBACK_SUCCESSFUL",
        "ROLLBACK_FAILED",
    ];

    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Status::InProgress => "IN_PROGRESS",
            Status::Successful => "SUCCESSFUL",
            Status::Stopped => "STOPPED",
            Status::RollbackInProgress => "ROLLBACK_IN_PROGRESS",
            Status::RollbackSuccessful => "ROLLBACK_SUCCESSFUL",
            Status::RollbackFailed => "ROLLBACK_FAILED",
        }
    }

    /// Whether it goes on.
    pub fn is_open(self) -> bool {
        matches!(self, Status::InProgress | Status::RollbackInProgress)
    }
}

/// How a deployment was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollback {
    /// Why.
    pub reason: String,
    /// When that began.
    pub started_at: SimTime,
    /// The deployment that came back.
    pub to: String,
}

/// What a deployment runs, as it was when the deployment began: a service revision (DEPLOY-04).
#[derive(Debug, Clone, PartialEq)]
pub struct Revision {
    /// The revision of the task definition.
    pub task_definition: TaskDefinitionArn,
    /// Where its tasks' network cards may stand.
    pub network: Option<AwsVpc>,
    /// The Fargate platform version asked for.
    pub platform_version: Option<String>,
    /// The capacity provider strategy; empty with a launch type.
    pub strategy: Vec<CapacityProviderStrategyItem>,
    /// Cloud Map registries.
    pub service_registries: Vec<settings::ServiceRegistry>,
    /// Service Connect.
    pub service_connect: Option<settings::ServiceConnectConfiguration>,
    /// EBS volumes.
    pub volumes: Vec<settings::ServiceVolumeConfiguration>,
}

impl Revision {
    /// What a deployment of this task definition would run by the service's settings of now.
    pub fn of(service: &Service, task_definition: TaskDefinitionArn) -> Revision {
        Revision {
            task_definition,
            network: service.network.clone(),
            platform_version: service.platform_version.clone(),
            strategy: service.strategy.clone(),
            service_registries: service.kept.service_registries.clone(),
            service_connect: service.kept.service_connect.clone(),
            volumes: service.kept.volumes.clone(),
        }
    }
}

/// One change of a service, from its request to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceDeployment {
    /// The last part of its ARN.
    pub id: String,
    /// The deployment that it brings: `ecs-svc/` and 19 digits.
    pub target: String,
    /// What that deployment runs.
    pub revision: Revision,
    /// The deployments that had tasks when it began.
    pub sources: Vec<String>,
    /// Where it stands.
    pub status: Status,
    /// Why it stands there, where AWS says so.
    pub reason: Option<String>,
    /// When it began.
    pub created_at: SimTime,
    /// When it last changed.
    pub updated_at: SimTime,
    /// When it came to its end.
    pub finished_at: Option<SimTime>,
    /// When it was stopped before its end.
    pub stopped_at: Option<SimTime>,
    /// How it was undone.
    pub rollback: Option<Rollback>,
    /// Whether the circuit breaker gave it up.
    pub triggered: bool,
    /// The failed tasks, as counted at its end.
    pub failures: u64,
}

/// A deployment begins; one that was going on is STOPPED ([`rules::SUPERSEDED`]).
pub fn begin(service: &mut Service, id: String, target: String, revision: Revision, now: SimTime) {
    let sources = service.deployments.iter().map(|it| it.id.clone()).filter(|it| *it != target).collect();
    if let Some(open) = open(service) {
        open.status = Status::Stopped;
        open.reason = Some("A newer service deployment took its place.".to_string());
        open.stopped_at = Some(now);
        close(open, now);
    }
    service.history.push(ServiceDeployment {
        id,
        target,
        revision,
        sources,
        status: Status::InProgress,
        reason: None,
        created_at: now,
        updated_at: now,
        finished_at: None,
        stopped_at: None,
        rollback: None,
        triggered: false,
        failures: 0,
    });
}

/// The newest deployment is completed.
pub fn completed(service: &mut Service, now: SimTime) {
    let failures = service.primary().map_or(0, |primary| primary.failed_tasks);
    if let Some(open) = open(service) {
        open.status = match open.status {
            Status::RollbackInProgress => Status::RollbackSuccessful,
            _ => Status::Successful,
        };
        if open.status == Status::Successful {
            open.failures = failures;
        }
        close(open, now);
    }
}

/// The newest deployment is given up, for this reason; `to` comes back where something can.
pub fn given_up(service: &mut Service, reason: &str, to: Option<&str>, by_breaker: bool, now: SimTime) {
    let failures = service.deployments.iter().map(|it| it.failed_tasks).max().unwrap_or(0);
    let Some(open) = open(service) else { return };
    open.reason = Some(reason.to_string());
    open.updated_at = now;
    open.triggered |= by_breaker;
    open.failures = failures;
    match (to, open.status) {
        (Some(to), Status::InProgress) => {
            open.status = Status::RollbackInProgress;
            open.rollback =
                Some(Rollback { reason: reason.to_string(), started_at: now, to: to.to_string() });
        }
        (_, Status::RollbackInProgress) => {
            open.status = Status::RollbackFailed;
            close(open, now);
        }
        _ => {
            open.status = Status::Stopped;
            open.stopped_at = Some(now);
            close(open, now);
        }
    }
}

fn open(service: &mut Service) -> Option<&mut ServiceDeployment> {
    service.history.last_mut().filter(|it| it.status.is_open())
}

fn close(it: &mut ServiceDeployment, now: SimTime) {
    it.finished_at = Some(now);
    it.updated_at = now;
}

/// The ARN of a service deployment.
pub fn arn(service: &ServiceArn, id: &str) -> String {
    format!(
        "arn:aws:ecs:{REGION}:{ACCOUNT}:service-deployment/{}/{}/{id}",
        service.cluster(),
        service.short()
    )
}

/// The ARN of the service revision that a deployment runs.
pub fn revision_arn(service: &ServiceArn, deployment: &str) -> String {
    let number = deployment.rsplit('/').next().unwrap_or(deployment);
    format!(
        "arn:aws:ecs:{REGION}:{ACCOUNT}:service-revision/{}/{}/{number}",
        service.cluster(),
        service.short()
    )
}

/// The service and the service deployment of this ARN.
pub fn find<'a>(state: &'a State, named: &str) -> Option<(&'a Service, &'a ServiceDeployment)> {
    let service = service_of(state, named)?;
    let found = service.history.iter().find(|it| arn(&service.arn, &it.id) == named)?;
    Some((service, found))
}

/// The service and the service deployment that brought the service revision of this ARN.
pub fn find_revision<'a>(state: &'a State, named: &str) -> Option<(&'a Service, &'a ServiceDeployment)> {
    let service = service_of(state, named)?;
    let found = service.history.iter().find(|it| revision_arn(&service.arn, &it.target) == named)?;
    Some((service, found))
}

fn service_of<'a>(state: &'a State, named: &str) -> Option<&'a Service> {
    let mut parts = named.rsplit('/');
    let (_, name, cluster) = (parts.next()?, parts.next()?, parts.next()?);
    state.services.get(&ServiceArn::named(cluster, name))
}

/// The failed tasks so far, and at how many the breaker gives up, where one is on.
pub fn breaker_counts(service: &Service, it: &ServiceDeployment) -> (u64, Option<u64>) {
    let threshold = breaker::of(service).map(|on| breaker::threshold(on, service.desired_count));
    let primary = service.primary().filter(|primary| primary.id == it.target && it.status.is_open());
    (primary.map_or(it.failures, |primary| primary.failed_tasks), threshold)
}

/// A service deployment that there is not.
pub fn not_found() -> ApiError {
    ApiError::new(
        "ServiceDeploymentNotFoundException",
        "The service deployment was not found.",
        rules::SERVICE_DEPLOYMENTS,
    )
}
