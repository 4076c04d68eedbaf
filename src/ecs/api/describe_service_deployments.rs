//! `DescribeServiceDeployments`: a service's changes with their counts, breaker and rollback.

use crate::ecs::api::describe_services;
use crate::ecs::service::Service;
use crate::ecs::service::settings::DeploymentConfiguration;
use crate::ecs::service_deployment::{self, ServiceDeployment as Kept};
use crate::ecs::service_scheduler::breaker;
use crate::ecs::tag::Failure;
use crate::error::ApiError;
use crate::operation::Look;
use crate::state::State;
use crate::time::SimTime;

shape! {
    /// Which service deployments to describe.
    pub struct DescribeServiceDeploymentsRequest {
        /// Their ARNs, up to 20.
        service_deployment_arns: Vec<String> = "serviceDeploymentArns".required();
    }
    /// A service revision in a deployment.
    pub struct ServiceRevisionSummary {
        /// Its ARN.
        arn: String = "arn";
        /// How many tasks it should have.
        requested_task_count: i64 = "requestedTaskCount";
        /// Its RUNNING tasks.
        running_task_count: i64 = "runningTaskCount";
        /// Its tasks that are not RUNNING yet.
        pending_task_count: i64 = "pendingTaskCount";
    }
    /// How a deployment was undone.
    pub struct Rollback {
        /// Why.
        reason: String = "reason";
        /// When that began.
        started_at: SimTime = "startedAt";
        /// The service revision that came back.
        service_revision_arn: String = "serviceRevisionArn";
    }
    /// What the circuit breaker counts.
    pub struct ServiceDeploymentCircuitBreaker {
        /// DISABLED, MONITORING, MONITORING_COMPLETE or TRIGGERED.
        status: String = "status";
        /// Failed tasks.
        failure_count: i64 = "failureCount";
        /// At how many it gives up.
        threshold: i64 = "threshold";
    }
    /// A change of a service.
    pub struct ServiceDeployment {
        /// Its ARN.
        service_deployment_arn: String = "serviceDeploymentArn";
        /// The service.
        service_arn: String = "serviceArn";
        /// The cluster.
        cluster_arn: String = "clusterArn";
        /// When it was asked for.
        created_at: SimTime = "createdAt";
        /// When its work began.
        started_at: SimTime = "startedAt";
        /// When it came to its end.
        finished_at: Option<SimTime> = "finishedAt";
        /// When it was stopped before its end.
        stopped_at: Option<SimTime> = "stoppedAt";
        /// When it last changed.
        updated_at: SimTime = "updatedAt";
        /// The service revisions that it replaces.
        source_service_revisions: Vec<ServiceRevisionSummary> = "sourceServiceRevisions";
        /// The service revision that it brings.
        target_service_revision: ServiceRevisionSummary = "targetServiceRevision";
        /// Where it stands.
        status: String = "status";
        /// Why it stands there.
        status_reason: Option<String> = "statusReason";
        /// Within which bounds it works.
        deployment_configuration: DeploymentConfiguration = "deploymentConfiguration";
        /// How it was undone.
        rollback: Option<Rollback> = "rollback";
        /// What the circuit breaker counts.
        deployment_circuit_breaker: ServiceDeploymentCircuitBreaker = "deploymentCircuitBreaker";
    }
    /// Service deployments, and those that are not there.
    pub struct DescribeServiceDeploymentsResponse {
        /// The service deployments, in the order asked for.
        service_deployments: Vec<ServiceDeployment> = "serviceDeployments";
        /// What could not be described.
        failures: Vec<Failure> = "failures";
    }
}

/// Describes service deployments; one that does not exist is a failure MISSING (PLACE-33).
///
/// # Errors
/// `InvalidParameterException` for none or more than 20 (API-07).
pub fn describe_service_deployments(
    cx: &Look<'_>,
    request: DescribeServiceDeploymentsRequest,
) -> Result<DescribeServiceDeploymentsResponse, ApiError> {
    if !(1..=20).contains(&request.service_deployment_arns.len()) {
        return Err(ApiError::invalid(
            "Service deployments should have between 1 and 20 elements.",
            crate::ecs::rules::PAGES,
        ));
    }
    let mut answer = DescribeServiceDeploymentsResponse::default();
    for named in &request.service_deployment_arns {
        match service_deployment::find(cx.state, named) {
            Some((service, it)) => answer.service_deployments.push(describe(cx.state, service, it)),
            None => answer.failures.push(Failure::missing(named)),
        }
    }
    Ok(answer)
}

fn describe(state: &State, service: &Service, it: &Kept) -> ServiceDeployment {
    let summary = |deployment: &str| {
        let tasks = || {
            let alive = state.tasks_of_service(service);
            alive.filter(|task| task.started_by.as_deref() == Some(deployment))
        };
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        let primary = service.primary().is_some_and(|primary| primary.id == deployment);
        ServiceRevisionSummary {
            arn: service_deployment::revision_arn(&service.arn, deployment),
            requested_task_count: if primary { number(service.desired_count) } else { 0 },
            running_task_count: count(tasks().filter(|task| task.is_running()).count()),
            pending_task_count: count(tasks().filter(|task| task.is_pending()).count()),
        }
    };
    let (failures, threshold) = service_deployment::breaker_counts(service, it);
    let watched = match (breaker::of(service), it.triggered, it.status.is_open()) {
        (None, ..) => "DISABLED",
        (Some(_), true, _) => "TRIGGERED",
        (Some(_), false, true) => "MONITORING",
        (Some(_), false, false) => "MONITORING_COMPLETE",
    };
    ServiceDeployment {
        service_deployment_arn: service_deployment::arn(&service.arn, &it.id),
        service_arn: service.arn.to_string(),
        cluster_arn: service.cluster.to_string(),
        created_at: it.created_at,
        started_at: it.created_at,
        finished_at: it.finished_at,
        stopped_at: it.stopped_at,
        updated_at: it.updated_at,
        source_service_revisions: it.sources.iter().map(|source| summary(source)).collect(),
        target_service_revision: summary(&it.target),
        status: it.status.word().to_string(),
        status_reason: it.reason.clone(),
        deployment_configuration: describe_services::configuration(service),
        rollback: it.rollback.as_ref().map(|rollback| Rollback {
            reason: rollback.reason.clone(),
            started_at: rollback.started_at,
            service_revision_arn: service_deployment::revision_arn(&service.arn, &rollback.to),
        }),
        deployment_circuit_breaker: ServiceDeploymentCircuitBreaker {
            status: watched.to_string(),
            failure_count: number(failures),
            threshold: number(threshold.unwrap_or(0)),
        },
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
