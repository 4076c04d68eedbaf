//! `DescribeServiceRevisions`: what a deployment of a service runs, as it was when it began.

use crate::ecs::cluster::CapacityProviderStrategyItem;
use crate::ecs::network::{self, NetworkConfiguration};
use crate::ecs::service::Service;
use crate::ecs::service::settings::{
    LoadBalancer, ServiceConnectConfiguration, ServiceRegistry, ServiceVolumeConfiguration,
};
use crate::ecs::service_deployment::{self, ServiceDeployment};
use crate::ecs::tag::Failure;
use crate::ecs::task::LaunchType;
use crate::error::ApiError;
use crate::operation::Look;
use crate::state::State;
use crate::time::SimTime;

shape! {
    /// Which service revisions to describe.
    pub struct DescribeServiceRevisionsRequest {
        /// Their ARNs, up to 20.
        service_revision_arns: Vec<String> = "serviceRevisionArns".required();
    }
    /// An image that a service revision runs.
    pub struct ContainerImage {
        /// The container.
        container_name: String = "containerName";
        /// The image, as the task definition names it.
        image: String = "image";
    }
    /// What a deployment of a service runs.
    pub struct ServiceRevision {
        /// Its ARN.
        service_revision_arn: String = "serviceRevisionArn";
        /// The service.
        service_arn: String = "serviceArn";
        /// The cluster.
        cluster_arn: String = "clusterArn";
        /// The revision of the task definition.
        task_definition: String = "taskDefinition";
        /// The capacity provider strategy, when it has one.
        capacity_provider_strategy: Option<Vec<CapacityProviderStrategyItem>> = "capacityProviderStrategy";
        /// The launch type, when it has one.
        launch_type: Option<String> = "launchType";
        /// The Fargate platform version.
        platform_version: Option<String> = "platformVersion";
        /// The Fargate operating system.
        platform_family: Option<String> = "platformFamily";
        /// The load balancers.
        load_balancers: Vec<LoadBalancer> = "loadBalancers";
        /// The Cloud Map registries.
        service_registries: Vec<ServiceRegistry> = "serviceRegistries";
        /// Where its network cards may stand.
        network_configuration: Option<NetworkConfiguration> = "networkConfiguration";
        /// The images, a container each.
        container_images: Vec<ContainerImage> = "containerImages";
        /// Whether Runtime Monitoring watches.
        guard_duty_enabled: bool = "guardDutyEnabled";
        /// How it takes part in Service Connect.
        service_connect_configuration: Option<ServiceConnectConfiguration> = "serviceConnectConfiguration";
        /// Volumes that it configures.
        volume_configurations: Option<Vec<ServiceVolumeConfiguration>> = "volumeConfigurations";
        /// When it was made.
        created_at: SimTime = "createdAt";
    }
    /// Service revisions, and those that are not there.
    pub struct DescribeServiceRevisionsResponse {
        /// The service revisions, in the order asked for.
        service_revisions: Vec<ServiceRevision> = "serviceRevisions";
        /// What could not be described.
        failures: Vec<Failure> = "failures";
    }
}

/// Describes service revisions; one that does not exist is a failure MISSING (PLACE-33).
///
/// # Errors
/// `InvalidParameterException` for none or more than 20 (API-07).
pub fn describe_service_revisions(
    cx: &Look<'_>,
    request: DescribeServiceRevisionsRequest,
) -> Result<DescribeServiceRevisionsResponse, ApiError> {
    if !(1..=20).contains(&request.service_revision_arns.len()) {
        return Err(ApiError::invalid(
            "Service revisions should have between 1 and 20 elements.",
            crate::ecs::rules::PAGES,
        ));
    }
    let mut answer = DescribeServiceRevisionsResponse::default();
    for named in &request.service_revision_arns {
        match service_deployment::find_revision(cx.state, named) {
            Some((service, it)) => answer.service_revisions.push(describe(cx.state, service, it)),
            None => answer.failures.push(Failure::missing(named)),
        }
    }
    Ok(answer)
}

fn describe(state: &State, service: &Service, it: &ServiceDeployment) -> ServiceRevision {
    let revision = &it.revision;
    let fargate = service.launch_type == LaunchType::Fargate;
    let definition = state.task_definitions.get(&revision.task_definition);
    let images = definition.iter().flat_map(|definition| &definition.containers);
    ServiceRevision {
        service_revision_arn: service_deployment::revision_arn(&service.arn, &it.target),
        service_arn: service.arn.to_string(),
        cluster_arn: service.cluster.to_string(),
        task_definition: revision.task_definition.to_string(),
        capacity_provider_strategy: Some(revision.strategy.clone()).filter(|it| !it.is_empty()),
        launch_type: revision.strategy.is_empty().then(|| service.launch_type.word().to_string()),
        platform_version: fargate.then(|| match revision.platform_version.as_deref() {
            None | Some("LATEST") => "1.4.0".to_string(),
            Some(version) => version.to_string(),
        }),
        platform_family: fargate.then(|| "Linux".to_string()),
        load_balancers: Vec::new(),
        service_registries: revision.service_registries.clone(),
        network_configuration: revision.network.as_ref().map(network::shown),
        container_images: images
            .map(|container| ContainerImage {
                container_name: container.name.clone().unwrap_or_default(),
                image: container.image.clone().unwrap_or_default(),
            })
            .collect(),
        guard_duty_enabled: false,
        service_connect_configuration: revision.service_connect.clone(),
        volume_configurations: Some(revision.volumes.clone()).filter(|it| !it.is_empty()),
        created_at: it.created_at,
    }
}
