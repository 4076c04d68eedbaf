//! `UpdateService`: change how many tasks a service wants, or which version it runs.

use crate::ecs::api::describe_services;
use crate::ecs::capacity_strategy;
use crate::ecs::cluster::{self, CapacityProviderStrategyItem};
use crate::ecs::fargate_platform;
use crate::ecs::network::{self, NetworkConfiguration};
use crate::ecs::placement::Wishes;
use crate::ecs::rules::{capacity, services as rules};
use crate::ecs::service::settings::{
    DeploymentConfiguration, DeploymentController, LoadBalancer, PlacementConstraint, PlacementStrategy,
    Service as Shown, ServiceConnectConfiguration, ServiceRegistry, ServiceVolumeConfiguration,
};
use crate::ecs::service::{self, Scheduling, Service, ServiceStatus, check};
use crate::ecs::service_scheduler;
use crate::ecs::task::LaunchType;
use crate::ecs::task_definition;
use crate::error::ApiError;
use crate::operation::{Cx, Look};
use crate::timeline::{Kind, RecordKind};

shape! {
    /// The parts of a service to change; an absent part stays as it is.
    pub struct UpdateServiceRequest {
        /// Its cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// The service, by name or ARN.
        service: String = "service".required().names(Kind::Service);
        /// How many tasks it keeps.
        desired_count: Option<i64> = "desiredCount";
        /// The revision that it runs from now on.
        task_definition: Option<String> = "taskDefinition".names(Kind::TaskDefinition);
        /// Which capacity its tasks run on.
        capacity_provider_strategy: Option<Vec<CapacityProviderStrategyItem>> = "capacityProviderStrategy";
        /// How many tasks run while it changes.
        deployment_configuration: Option<DeploymentConfiguration> = "deploymentConfiguration";
        /// Whether it moves tasks between zones.
        availability_zone_rebalancing: Option<String> = "availabilityZoneRebalancing".one_of(&["ENABLED", "DISABLED"]);
        /// Where its tasks' network cards may stand (awsvpc).
        network_configuration: Option<NetworkConfiguration> = "networkConfiguration";
        /// Conditions that an instance must meet.
        placement_constraints: Option<Vec<PlacementConstraint>> = "placementConstraints";
        /// How instances that would do are ranked.
        placement_strategy: Option<Vec<PlacementStrategy>> = "placementStrategy";
        /// The Fargate platform version.
        platform_version: Option<String> = "platformVersion";
        /// Starts a deployment although nothing changed.
        force_new_deployment: Option<bool> = "forceNewDeployment";
        /// Seconds at the start of a task in which failed checks do not count.
        health_check_grace_period_seconds: Option<i64> = "healthCheckGracePeriodSeconds";
        /// Who changes versions.
        deployment_controller: Option<DeploymentController> = "deploymentController";
        /// Whether ECS Exec works in tasks started from now on.
        enable_execute_command: Option<bool> = "enableExecuteCommand";
        /// Whether tasks started from now on carry tags of ECS.
        enable_ecs_managed_tags: Option<bool> = "enableECSManagedTags";
        /// Load balancers that its tasks register with.
        load_balancers: Option<Vec<LoadBalancer>> = "loadBalancers";
        /// Whose tags tasks started from now on get.
        propagate_tags: Option<String> = "propagateTags".one_of(&["TASK_DEFINITION", "SERVICE", "NONE"]);
        /// Cloud Map registries that its tasks register with.
        service_registries: Option<Vec<ServiceRegistry>> = "serviceRegistries";
        /// How it takes part in Service Connect.
        service_connect_configuration: Option<ServiceConnectConfiguration> = "serviceConnectConfiguration";
        /// Volumes of the task definition that it configures.
        volume_configurations: Option<Vec<ServiceVolumeConfiguration>> = "volumeConfigurations";
    }
    /// The service as it is now.
    pub struct UpdateServiceResponse {
        /// The service.
        service: Shown = "service";
    }
}

/// Changes the service now and lets the service scheduler act on it at once (SVC-08); constraints and
/// strategies start no deployment (PLACE-16).
///
/// # Errors
/// `ClusterNotFoundException`, `ServiceNotFoundException` ([`rules::SERVICE_EXISTS`]),
/// `ServiceNotActiveException` ([`rules::STATUS`]), then what [`check`] finds, in this order.
pub fn update_service(
    cx: &mut Cx<'_>,
    request: UpdateServiceRequest,
) -> Result<UpdateServiceResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let present = service::find(cx.state, cluster, &request.service)?;
    if present.status != ServiceStatus::Active {
        return Err(ApiError::new("ServiceNotActiveException", "Service was not ACTIVE.", rules::STATUS));
    }
    let arn = present.arn.clone();
    let (changed, definition) = plan(&cx.look(), present, &request)?;
    let wished = (changed.desired_count != present.desired_count)
        .then(|| format!("desired count {} -> {}", present.desired_count, changed.desired_count));
    let subject = changed.subject();
    let strategy = (changed.strategy != present.strategy).then(|| {
        format!("tasks from now on {}", capacity_strategy::words(&changed.strategy, changed.launch_type))
    });
    let rolling = changed.deployments.len() > 1;
    cx.state.services.insert(arn.clone(), changed);
    if let Some(text) = wished {
        let rule = if rolling { rules::NEW_BOUNDS } else { rules::DESIRED_COUNT };
        cx.record(RecordKind::Change, subject.clone(), text, rule);
    }
    if let Some(text) = strategy {
        cx.record(RecordKind::Change, subject, text, capacity::STRATEGY_CHANGED);
    }
    if let Some(definition) = definition {
        service_scheduler::deploy(cx, &arn, definition, rules::NEW_DEPLOYMENT);
    }
    let service = cx.state.services.get(&arn).map(|service| describe_services::describe(cx.state, service));
    service_scheduler::look_at_once(cx, &arn);
    Ok(UpdateServiceResponse { service: service.unwrap_or_default() })
}

/// The changed service, and the revision to deploy if the change starts a deployment
/// ([`rules::NEW_DEPLOYMENT`]).
fn plan(
    cx: &Look<'_>,
    present: &Service,
    request: &UpdateServiceRequest,
) -> Result<(Service, Option<crate::arn::TaskDefinitionArn>), ApiError> {
    let mut changed = present.clone();
    check::controller(request.deployment_controller.as_ref())?;
    if let Some(strategy) = &request.capacity_provider_strategy {
        let cluster = cluster::find(cx.state, Some(present.cluster.as_str()))?;
        capacity_strategy::check(cx.state, strategy, &cluster.capacity_providers)?;
        changed.launch_type = match (strategy.is_empty(), present.created_with["launchType"].as_str()) {
            (false, _) => capacity_strategy::of(cx.state, strategy).launch_type,
            (true, Some("FARGATE")) => LaunchType::Fargate,
            (true, Some(_)) => LaunchType::Ec2,
            (true, None) => changed.launch_type,
        };
        changed.strategy = strategy.clone();
    }
    if let Some(count) = request.desired_count {
        if present.scheduling == Scheduling::Daemon {
            return Err(ApiError::invalid(
                "The daemon scheduling strategy does not support a desired count for tasks. Remove the desired count value and try again.",
                rules::DESIRED_COUNT,
            ));
        }
        changed.desired_count = check::desired_count(count)?;
    }
    let reference = match (&request.task_definition, present.primary()) {
        (Some(reference), _) => reference.clone(),
        (None, Some(primary)) => primary.task_definition.to_string(),
        (None, None) => String::new(),
    };
    // A revision that became INACTIVE stays good for what already runs it (TASKDEF-07).
    let definition = match &request.task_definition {
        Some(reference) => task_definition::resolve(cx.state, reference, "ClientException")?,
        None => task_definition::find(cx.state, &reference).ok_or_else(|| {
            ApiError::client("TaskDefinition not found.", crate::ecs::rules::task_definitions::REFERENCES)
        })?,
    };
    check::compatible(definition, changed.launch_type)?;
    let version = request.platform_version.as_deref().or(changed.platform_version.as_deref());
    capacity_strategy::check_spot(&changed.strategy, definition, version)?;
    if let Some(version) = &request.platform_version {
        check::platform_version(Some(version), changed.launch_type)?;
        changed.platform_version = Some(version.clone());
    }
    let version = changed.platform_version.as_deref();
    fargate_platform::check(definition, definition.cpu, changed.launch_type, version)?;
    changed.placement_constraints =
        request.placement_constraints.clone().unwrap_or(changed.placement_constraints);
    changed.placement_strategy = request.placement_strategy.clone().unwrap_or(changed.placement_strategy);
    let (constraints, strategies) = (&changed.placement_constraints, &changed.placement_strategy);
    Wishes::read(definition, constraints, strategies, changed.launch_type, true)?;
    let asked =
        request.network_configuration.clone().or_else(|| changed.network.as_ref().map(network::shown));
    changed.network = network::check(cx.state, definition.network_mode, changed.launch_type, asked.as_ref())?;
    deployment_configuration(&mut changed, request)?;
    if let Some(balancers) = &request.load_balancers {
        check::load_balancers(balancers, definition)?;
    }
    if let Some(connect) = &request.service_connect_configuration {
        check::service_connect(Some(connect))?;
        changed.kept.service_connect = Some(connect.clone());
    }
    if let Some(seconds) = request.health_check_grace_period_seconds {
        changed.health_check_grace_period = check::grace_period(Some(seconds))?;
    }
    changed.enable_execute_command = request.enable_execute_command.unwrap_or(changed.enable_execute_command);
    changed.enable_ecs_managed_tags =
        request.enable_ecs_managed_tags.unwrap_or(changed.enable_ecs_managed_tags);
    changed.propagate_tags = request.propagate_tags.clone().unwrap_or(changed.propagate_tags);
    changed.kept.service_registries =
        request.service_registries.clone().unwrap_or(changed.kept.service_registries);
    changed.kept.volumes = request.volume_configurations.clone().unwrap_or(changed.kept.volumes);
    let deploys = request.force_new_deployment == Some(true)
        || present.primary().is_none_or(|primary| primary.task_definition != definition.arn)
        || changed.network != present.network
        || changed.platform_version != present.platform_version
        || request.load_balancers.is_some()
        || changed.kept.service_registries != present.kept.service_registries
        || changed.kept.service_connect != present.kept.service_connect
        || changed.kept.volumes != present.kept.volumes;
    Ok((changed, deploys.then(|| definition.arn.clone())))
}

/// Percentages, circuit breaker, alarms and zone rebalancing.
fn deployment_configuration(changed: &mut Service, request: &UpdateServiceRequest) -> Result<(), ApiError> {
    if let Some(asked) = &request.deployment_configuration {
        let before = (changed.minimum_healthy_percent, changed.maximum_percent);
        let (minimum, maximum) = check::deployment_configuration(asked, before)?;
        changed.minimum_healthy_percent = minimum;
        changed.maximum_percent = maximum;
        changed.kept.circuit_breaker =
            asked.deployment_circuit_breaker.clone().or(changed.kept.circuit_breaker.take());
        changed.kept.alarms = asked.alarms.clone().or(changed.kept.alarms.take());
    }
    changed.kept.zone_rebalancing = check::zone_rebalancing(
        request.availability_zone_rebalancing.as_deref(),
        changed.maximum_percent,
        changed.kept.zone_rebalancing,
    )?;
    Ok(())
}
