//! `DescribeServices`: what services wish for, have, and have been through.

use crate::ecs::service::settings::{
    self, DeploymentConfiguration, DeploymentController, Service as Shown, ServiceEvent,
};
use crate::ecs::service::{Deployment, Service, ServiceStatus};
use crate::ecs::tag::{self, Failure};
use crate::ecs::task::LaunchType;
use crate::ecs::{cluster, network, service, service_deployment};
use crate::error::ApiError;
use crate::operation::Look;
use crate::state::State;
use crate::timeline::Kind;
use std::collections::BTreeMap;

shape! {
    /// Which services to describe.
    pub struct DescribeServicesRequest {
        /// Their cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Names or ARNs, up to 10.
        services: Vec<String> = "services".required().names(Kind::Service);
        /// What to show beyond the usual.
        include: Vec<String> = "include".one_of(&["TAGS"]);
    }
    /// Services, and those that are not there.
    pub struct DescribeServicesResponse {
        /// The services, in the order asked for.
        services: Vec<Shown> = "services";
        /// What could not be described.
        failures: Vec<Failure> = "failures";
    }
}

/// Describes services; one that does not exist is a failure MISSING (PLACE-33).
///
/// # Errors
/// `ClusterNotFoundException`; `InvalidParameterException` for none or more than 10 (API-07).
pub fn describe_services(
    cx: &Look<'_>,
    request: DescribeServicesRequest,
) -> Result<DescribeServicesResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    if request.services.is_empty() {
        return Err(ApiError::invalid("Services cannot be empty.", crate::ecs::rules::PAGES));
    }
    if request.services.len() > 10 {
        return Err(ApiError::invalid(
            "Services cannot have more than 10 elements.",
            crate::ecs::rules::PAGES,
        ));
    }
    let mut answer = DescribeServicesResponse::default();
    for named in &request.services {
        match service::find(cx.state, cluster, named) {
            Ok(service) => {
                let mut shown = describe(cx.state, service);
                if request.include.iter().any(|word| word == "TAGS") {
                    shown.tags = Some(tag::shown(&service.tags, &request.include));
                }
                answer.services.push(shown);
            }
            Err(_) => answer.failures.push(Failure::missing(service::arn_of(cluster, named))),
        }
    }
    Ok(answer)
}

/// Tasks of one deployment: not RUNNING yet, and RUNNING.
type Counts = (i64, i64);

/// A service as the API shows it; tags are left to the caller.
pub fn describe(state: &State, service: &Service) -> Shown {
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for task in state.tasks_of_service(service) {
        let of = counts.entry(task.started_by.as_deref().unwrap_or_default()).or_default();
        of.0 += i64::from(task.is_pending());
        of.1 += i64::from(task.is_running());
    }
    let (pending_count, running_count) =
        counts.values().fold((0, 0), |(pending, running), of| (pending + of.0, running + of.1));
    let kept = &service.kept;
    let fargate = service.launch_type == LaunchType::Fargate;
    Shown {
        service_arn: service.arn.to_string(),
        service_name: service.name.clone(),
        cluster_arn: service.cluster.to_string(),
        load_balancers: Vec::new(),
        service_registries: kept.service_registries.clone(),
        status: service.status.word().to_string(),
        desired_count: number(service.desired_count),
        running_count,
        pending_count,
        launch_type: launch_type(service),
        capacity_provider_strategy: strategy(service),
        platform_version: fargate
            .then(|| service.platform_version.clone().unwrap_or_else(|| "LATEST".to_string())),
        platform_family: fargate.then(|| "Linux".to_string()),
        task_definition: service.primary().map(|it| it.task_definition.to_string()).unwrap_or_default(),
        deployment_configuration: configuration(service),
        deployments: match service.status {
            ServiceStatus::Inactive => Vec::new(),
            _ => service
                .deployments
                .iter()
                .enumerate()
                .map(|(place, it)| {
                    deployment(
                        service,
                        it,
                        place == 0,
                        counts.get(it.id.as_str()).copied().unwrap_or_default(),
                    )
                })
                .collect(),
        },
        role_arn: None,
        events: service.events.iter().rev().map(event).collect(),
        created_at: service.created_at,
        placement_constraints: service.placement_constraints.clone(),
        placement_strategy: service.placement_strategy.clone(),
        network_configuration: service.network.as_ref().map(network::shown),
        health_check_grace_period_seconds: service.health_check_grace_period.map(number),
        scheduling_strategy: service.scheduling.word().to_string(),
        deployment_controller: DeploymentController { ty: "ECS".to_string() },
        tags: None,
        created_by: service.created_by.clone(),
        enable_ecs_managed_tags: service.enable_ecs_managed_tags,
        propagate_tags: service.propagate_tags.clone(),
        enable_execute_command: service.enable_execute_command,
        current_service_deployment: service
            .history
            .last()
            .map(|it| service_deployment::arn(&service.arn, &it.id)),
        current_service_revisions: service
            .deployments
            .iter()
            .enumerate()
            .map(|(place, it)| {
                let of = counts.get(it.id.as_str()).copied().unwrap_or_default();
                settings::ServiceCurrentRevisionSummary {
                    arn: service_deployment::revision_arn(&service.arn, &it.id),
                    requested_task_count: if place == 0 { number(service.desired_count) } else { 0 },
                    running_task_count: of.1,
                    pending_task_count: of.0,
                }
            })
            .collect(),
        resource_management_type: "CUSTOMER".to_string(),
        availability_zone_rebalancing: if kept.zone_rebalancing { "ENABLED" } else { "DISABLED" }.to_string(),
    }
}

/// Within which bounds a service changes.
pub fn configuration(service: &Service) -> DeploymentConfiguration {
    let kept = &service.kept;
    DeploymentConfiguration {
        deployment_circuit_breaker: Some(kept.circuit_breaker.clone().unwrap_or_default()),
        maximum_percent: Some(number(service.maximum_percent.0)),
        minimum_healthy_percent: Some(number(service.minimum_healthy_percent.0)),
        alarms: kept.alarms.clone(),
        strategy: Some("ROLLING".to_string()),
        bake_time_in_minutes: Some(0),
    }
}

fn deployment(service: &Service, it: &Deployment, primary: bool, counts: Counts) -> settings::Deployment {
    let fargate = service.launch_type == LaunchType::Fargate;
    settings::Deployment {
        id: it.id.clone(),
        status: if primary { "PRIMARY" } else { "ACTIVE" }.to_string(),
        task_definition: it.task_definition.to_string(),
        desired_count: if primary { number(service.desired_count) } else { 0 },
        pending_count: counts.0,
        running_count: counts.1,
        failed_tasks: number(it.failed_tasks),
        created_at: it.created_at,
        updated_at: it.updated_at,
        capacity_provider_strategy: strategy(service),
        launch_type: launch_type(service),
        platform_version: fargate.then(|| match it.platform_version.as_deref() {
            None | Some("LATEST") => "1.4.0".to_string(),
            Some(version) => version.to_string(),
        }),
        platform_family: fargate.then(|| "Linux".to_string()),
        network_configuration: it.network.as_ref().map(network::shown),
        rollout_state: it.rollout.word().to_string(),
        rollout_state_reason: rollout_reason(it),
        service_connect_configuration: service.kept.service_connect.clone().filter(|_| primary),
        volume_configurations: primary
            .then(|| service.kept.volumes.clone())
            .filter(|volumes| !volumes.is_empty()),
    }
}

/// How far a deployment has come, in a sentence (DEPLOY-02).
fn rollout_reason(it: &Deployment) -> String {
    use crate::ecs::service::RolloutState;
    match it.rollout {
        RolloutState::InProgress => format!("ECS deployment {} in progress.", it.id),
        RolloutState::Completed => format!("ECS deployment {} completed.", it.id),
        RolloutState::Failed => it.reason.clone().unwrap_or_default(),
    }
}

/// Whichever of launch type and strategy was not used is left out (SVC-03).
fn launch_type(service: &Service) -> Option<String> {
    service.strategy.is_empty().then(|| service.launch_type.word().to_string())
}

fn strategy(service: &Service) -> Option<Vec<cluster::CapacityProviderStrategyItem>> {
    Some(service.strategy.clone()).filter(|strategy| !strategy.is_empty())
}

fn event(event: &service::ServiceEvent) -> ServiceEvent {
    ServiceEvent { id: event.id.clone(), created_at: event.created_at, message: event.message.clone() }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
