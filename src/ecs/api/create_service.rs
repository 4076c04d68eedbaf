//! `CreateService`: a wish for tasks that the scheduler works on from now on.

use crate::arn::ServiceArn;
use crate::ecs::api::describe_services;
use crate::ecs::capacity_strategy::{self, Capacity};
use crate::ecs::cluster::{self, CapacityProviderStrategyItem, Cluster};
use crate::ecs::fargate_platform;
use crate::ecs::network::{self, NetworkConfiguration};
use crate::ecs::placement::Wishes;
use crate::ecs::rules::services as rules;
use crate::ecs::service::settings::{
    DeploymentConfiguration, DeploymentController, LoadBalancer, PlacementConstraint, PlacementStrategy,
    Service as Shown, ServiceConnectConfiguration, ServiceRegistry, ServiceVolumeConfiguration,
};
use crate::ecs::service::{Kept, Scheduling, Service, ServiceStatus, check};
use crate::ecs::service_scheduler::{self, Scheduler};
use crate::ecs::tag::{self, Tag};
use crate::ecs::task::LaunchType;
use crate::ecs::task_definition;
use crate::error::ApiError;
use crate::operation::{Cx, Look};
use crate::rules::Rule;
use crate::timeline::{Kind, RecordKind};
use crate::units::Percent;

shape! {
    /// The service to create.
    pub struct CreateServiceRequest {
        /// Its cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Its name, unique in the cluster.
        service_name: String = "serviceName".required();
        /// The task definition: `family` or `family:revision` or ARN.
        task_definition: Option<String> = "taskDefinition".names(Kind::TaskDefinition);
        /// Whether it moves tasks between zones; ENABLED when absent.
        availability_zone_rebalancing: Option<String> = "availabilityZoneRebalancing".one_of(&["ENABLED", "DISABLED"]);
        /// Load balancers that its tasks register with.
        load_balancers: Vec<LoadBalancer> = "loadBalancers";
        /// Cloud Map registries that its tasks register with.
        service_registries: Vec<ServiceRegistry> = "serviceRegistries";
        /// How many tasks it keeps.
        desired_count: Option<i64> = "desiredCount";
        /// Makes a repeated request harmless.
        client_token: Option<String> = "clientToken";
        /// What its tasks run on; not together with a capacity provider strategy.
        launch_type: Option<String> = "launchType".one_of(LaunchType::WORDS);
        /// Which capacity its tasks run on; not together with a launch type.
        capacity_provider_strategy: Vec<CapacityProviderStrategyItem> = "capacityProviderStrategy";
        /// The Fargate platform version; LATEST when absent.
        platform_version: Option<String> = "platformVersion";
        /// The role of a Classic Load Balancer registration.
        role: Option<String> = "role";
        /// How many tasks run while it changes.
        deployment_configuration: Option<DeploymentConfiguration> = "deploymentConfiguration";
        /// Conditions that an instance must meet.
        placement_constraints: Vec<PlacementConstraint> = "placementConstraints";
        /// How instances that would do are ranked.
        placement_strategy: Vec<PlacementStrategy> = "placementStrategy";
        /// Where its tasks' network cards may stand (awsvpc).
        network_configuration: Option<NetworkConfiguration> = "networkConfiguration";
        /// Seconds at the start of a task in which failed checks do not count.
        health_check_grace_period_seconds: Option<i64> = "healthCheckGracePeriodSeconds";
        /// REPLICA for a number of tasks, DAEMON for one per instance.
        scheduling_strategy: Option<String> = "schedulingStrategy".one_of(&["REPLICA", "DAEMON"]);
        /// Who changes versions; ECS when absent.
        deployment_controller: Option<DeploymentController> = "deploymentController";
        /// Its tags.
        tags: Vec<Tag> = "tags";
        /// Whether its tasks carry tags of ECS.
        enable_ecs_managed_tags: Option<bool> = "enableECSManagedTags";
        /// Whose tags its tasks get.
        propagate_tags: Option<String> = "propagateTags".one_of(&["TASK_DEFINITION", "SERVICE", "NONE"]);
        /// Whether ECS Exec works in its tasks.
        enable_execute_command: Option<bool> = "enableExecuteCommand";
        /// How it takes part in Service Connect.
        service_connect_configuration: Option<ServiceConnectConfiguration> = "serviceConnectConfiguration";
        /// Volumes of the task definition that it configures.
        volume_configurations: Vec<ServiceVolumeConfiguration> = "volumeConfigurations";
    }
    /// The service that was created.
    pub struct CreateServiceResponse {
        /// The service.
        service: Shown = "service";
    }
}

/// Creates a service; the scheduler begins at once (SVC-08).
///
/// # Errors
/// `ClusterNotFoundException`; then a bad name, a name that is taken ([`rules::SERVICE_NAMES`]), and
/// whatever [`check`] finds, in the order of [`plan`].
pub fn create_service(
    cx: &mut Cx<'_>,
    request: CreateServiceRequest,
) -> Result<CreateServiceResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    check_name(&request)?;
    let arn = ServiceArn::named(&cluster.name, &request.service_name);
    let written = crate::shape::write(&request);
    if let Some(present) = cx.state.services.get(&arn) {
        let refuse = |message| Err(ApiError::invalid(message, rules::SERVICE_NAMES));
        match present.status {
            ServiceStatus::Draining => return refuse("Unable to Start a service that is still Draining."),
            ServiceStatus::Active if present.created_with == written => {
                let service = describe_services::describe(cx.state, present);
                return Ok(CreateServiceResponse { service });
            }
            ServiceStatus::Active => return refuse("Creation of service was not idempotent."),
            ServiceStatus::Inactive => {}
        }
    }
    let mut service = plan(&cx.look(), cluster, &request, arn.clone())?;
    service.created_with = written;
    let definition = task_definition::resolve(
        cx.state,
        request.task_definition.as_deref().unwrap_or_default(),
        "InvalidParameterException",
    )?
    .arn
    .clone();
    let notes = simplified(&service);
    let subject = service.subject();
    cx.state.services.insert(arn.clone(), service);
    cx.record(RecordKind::Change, subject.clone(), "ACTIVE", rules::STATUS);
    for (note, rule) in notes {
        cx.record(RecordKind::Simplification, subject.clone(), note, rule);
    }
    service_scheduler::deploy(cx, &arn, definition, rules::DEPLOYMENTS);
    let service = cx.state.services.get(&arn).map(|service| describe_services::describe(cx.state, service));
    service_scheduler::look_at_once(cx, &arn);
    Ok(CreateServiceResponse { service: service.unwrap_or_default() })
}

/// What of a service is checked, kept and shown, and not acted on yet; the fidelity ledger lists it too.
fn simplified(service: &Service) -> Vec<(&'static str, &'static Rule)> {
    let kept = &service.kept;
    [
        (kept.alarms.is_some(), "alarms are checked and kept, and fail no deployment yet", rules::ALARMS),
        (
            !kept.service_registries.is_empty() || !kept.volumes.is_empty(),
            "service registries and volume configurations are kept, and nothing comes of them yet",
            rules::SERVICE_REQUIRED,
        ),
    ]
    .into_iter()
    .filter_map(|(applies, note, rule)| applies.then_some((note, rule)))
    .collect()
}

fn check_name(request: &CreateServiceRequest) -> Result<(), ApiError> {
    let name = &request.service_name;
    if name.is_empty() || name.len() > 255 {
        return Err(ApiError::invalid(
            "Service name must have between 1 and 255 characters.",
            rules::SERVICE_NAMES,
        ));
    }
    if !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
        return Err(ApiError::invalid("Service name contains invalid characters.", rules::SERVICE_NAMES));
    }
    let token = request.client_token.as_deref().unwrap_or_default();
    if token.len() > 36 || !token.bytes().all(|byte| (33..=126).contains(&byte)) {
        return Err(ApiError::invalid(
            "clientToken can have up to 36 ASCII characters.",
            rules::SERVICE_NAMES,
        ));
    }
    Ok(())
}

/// The service that a request describes, with every check done and nothing changed.
fn plan(
    cx: &Look<'_>,
    cluster: &Cluster,
    request: &CreateServiceRequest,
    arn: ServiceArn,
) -> Result<Service, ApiError> {
    check::controller(request.deployment_controller.as_ref())?;
    let (word, strategy) = (request.launch_type.as_deref(), &request.capacity_provider_strategy);
    let Capacity { launch_type, strategy } = capacity_strategy::asked(cx.state, cluster, word, strategy)?;
    let scheduling = scheduling(request, launch_type)?;
    let desired_count = match (scheduling, request.desired_count) {
        (Scheduling::Replica, Some(count)) => check::desired_count(count)?,
        (Scheduling::Replica, None) => {
            return Err(ApiError::invalid(
                "The desired count must be specified for a REPLICA service.",
                rules::SERVICE_REQUIRED,
            ));
        }
        (Scheduling::Daemon, _) => 0,
    };
    let Some(reference) = request.task_definition.as_deref().filter(|it| !it.is_empty()) else {
        return Err(ApiError::invalid("TaskDefinition can not be blank.", rules::SERVICE_REQUIRED));
    };
    let definition = task_definition::resolve(cx.state, reference, "InvalidParameterException")?;
    check::compatible(definition, launch_type)?;
    check::platform_version(request.platform_version.as_deref(), launch_type)?;
    let asked = request.platform_version.as_deref();
    fargate_platform::check(definition, definition.cpu, launch_type, asked)?;
    capacity_strategy::check_spot(&strategy, definition, request.platform_version.as_deref())?;
    let (constraints, strategies) = (&request.placement_constraints, &request.placement_strategy);
    Wishes::read(definition, constraints, strategies, launch_type, true)?;
    let network = network::check(
        cx.state,
        definition.network_mode,
        launch_type,
        request.network_configuration.as_ref(),
    )?;
    let defaults = match scheduling {
        Scheduling::Replica => (Percent(100), Percent(200)),
        Scheduling::Daemon => (Percent(0), Percent(100)),
    };
    let configuration = request.deployment_configuration.clone().unwrap_or_default();
    let (minimum, maximum) = check::deployment_configuration(&configuration, defaults)?;
    if scheduling == Scheduling::Daemon && maximum < Percent(100) {
        return Err(ApiError::invalid(
            "The daemon scheduling strategy does not support values below 100 for maximumPercent.",
            rules::DAEMON_BOUNDS,
        ));
    }
    let asked = request.availability_zone_rebalancing.as_deref();
    if scheduling == Scheduling::Daemon && asked == Some("ENABLED") {
        return Err(ApiError::invalid(
            "The daemon scheduling strategy does not support Availability Zone Rebalancing.",
            rules::REBALANCING_WHERE,
        ));
    }
    // Without the field, rebalancing is on where it can be (SVC-26, SVC-29).
    let zone_rebalancing =
        check::zone_rebalancing(asked, maximum, maximum > Percent(100) && scheduling == Scheduling::Replica)?;
    check::load_balancers(&request.load_balancers, definition)?;
    check::service_connect(request.service_connect_configuration.as_ref())?;
    let health_check_grace_period = check::grace_period(request.health_check_grace_period_seconds)?;
    tag::check(&request.tags)?;
    Ok(Service {
        arn,
        name: request.service_name.clone(),
        cluster: cluster.arn.clone(),
        status: ServiceStatus::Active,
        desired_count,
        launch_type,
        platform_version: request.platform_version.clone(),
        network,
        deployments: Vec::new(),
        last_completed: None,
        history: Vec::new(),
        minimum_healthy_percent: minimum,
        maximum_percent: maximum,
        bounds: Vec::new(),
        events: Vec::new(),
        tasks: Default::default(),
        created_at: cx.clock,
        created_by: cx.principal.arn.clone(),
        tags: request.tags.clone(),
        strategy,
        health_check_grace_period,
        scheduling,
        placement_constraints: request.placement_constraints.clone(),
        placement_strategy: request.placement_strategy.clone(),
        enable_execute_command: request.enable_execute_command.unwrap_or(false),
        enable_ecs_managed_tags: request.enable_ecs_managed_tags.unwrap_or(false),
        propagate_tags: request.propagate_tags.clone().unwrap_or_else(|| "NONE".to_string()),
        kept: Kept {
            service_registries: request.service_registries.clone(),
            circuit_breaker: configuration.deployment_circuit_breaker,
            alarms: configuration.alarms,
            zone_rebalancing,
            service_connect: request.service_connect_configuration.clone(),
            volumes: request.volume_configurations.clone(),
        },
        created_with: serde_json::Value::Null,
        inactive_since: None,
        scheduler: Scheduler::default(),
    })
}

/// REPLICA or DAEMON, with what a DAEMON service may not have ([`rules::DESIRED_COUNT`]).
fn scheduling(request: &CreateServiceRequest, launch_type: LaunchType) -> Result<Scheduling, ApiError> {
    if request.scheduling_strategy.as_deref() != Some("DAEMON") {
        return Ok(Scheduling::Replica);
    }
    let refuse = |message| Err(ApiError::invalid(message, rules::DESIRED_COUNT));
    if request.desired_count.is_some() {
        return refuse(
            "The daemon scheduling strategy does not support a desired count for tasks. Remove the desired count value and try again.",
        );
    }
    if launch_type == LaunchType::Fargate {
        return refuse("The daemon scheduling strategy is not supported with FARGATE launch type.");
    }
    if !request.placement_strategy.is_empty() {
        return refuse("The daemon scheduling strategy does not support placement strategies.");
    }
    Ok(Scheduling::Daemon)
}
