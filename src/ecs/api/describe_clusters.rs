//! `DescribeClusters`: what clusters are and how much they hold.

use crate::ecs::api::task_answer::Attachment;
use crate::ecs::cluster::{
    self, CapacityProviderStrategyItem, ClusterConfiguration, ClusterSetting, ServiceConnectDefaults,
};
use crate::ecs::rules;
use crate::ecs::tag::{self, Failure, KeyValuePair, Tag};
use crate::error::ApiError;
use crate::operation::Look;
use crate::state::State;
use crate::timeline::Kind;

/// What `include` may ask for (API-09).
pub const INCLUDE: &[&str] = &["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"];

shape! {
    /// Which clusters to describe, and how much of them.
    pub struct DescribeClustersRequest {
        /// Names or ARNs, up to 100; `default` when absent.
        clusters: Vec<String> = "clusters".names(Kind::Cluster);
        /// What to show beyond the usual.
        include: Vec<String> = "include".one_of(INCLUDE);
    }
    /// A cluster.
    pub struct Cluster {
        /// Its ARN.
        cluster_arn: String = "clusterArn";
        /// Its name.
        cluster_name: String = "clusterName";
        /// How ECS Exec and managed storage are set up.
        configuration: Option<ClusterConfiguration> = "configuration";
        /// ACTIVE, PROVISIONING while what its providers need is made for the first time, or INACTIVE.
        status: String = "status";
        /// Container instances, ACTIVE or DRAINING.
        registered_container_instances_count: i64 = "registeredContainerInstancesCount";
        /// Tasks that are RUNNING.
        running_tasks_count: i64 = "runningTasksCount";
        /// Tasks that are not RUNNING yet.
        pending_tasks_count: i64 = "pendingTasksCount";
        /// Services that are ACTIVE.
        active_services_count: i64 = "activeServicesCount";
        /// The same counts per launch type.
        statistics: Vec<KeyValuePair> = "statistics";
        /// Its tags.
        tags: Vec<Tag> = "tags";
        /// Its settings.
        settings: Vec<ClusterSetting> = "settings";
        /// The capacity providers that belong to it.
        capacity_providers: Vec<String> = "capacityProviders";
        /// The strategy of what names neither launch type nor strategy.
        default_capacity_provider_strategy: Vec<CapacityProviderStrategyItem> = "defaultCapacityProviderStrategy";
        /// What its capacity providers need there.
        attachments: Option<Vec<Attachment>> = "attachments";
        /// Whether that is there, or being made.
        attachments_status: Option<String> = "attachmentsStatus";
        /// The Service Connect namespace of its services.
        service_connect_defaults: Option<ServiceConnectDefaults> = "serviceConnectDefaults";
    }
    /// Clusters, and those that are not there.
    pub struct DescribeClustersResponse {
        /// The clusters, in the order asked for.
        clusters: Vec<Cluster> = "clusters";
        /// What could not be described.
        failures: Vec<Failure> = "failures";
    }
}

/// Describes clusters; one that does not exist is a failure MISSING (API-04).
///
/// # Errors
/// `InvalidParameterException` for more than 100 (API-07).
pub fn describe_clusters(
    cx: &Look<'_>,
    request: DescribeClustersRequest,
) -> Result<DescribeClustersResponse, ApiError> {
    if request.clusters.len() > 100 {
        return Err(ApiError::invalid("Clusters cannot have more than 100 elements.", rules::PAGES));
    }
    let asked =
        if request.clusters.is_empty() { vec!["default".to_string()] } else { request.clusters.clone() };
    let mut answer = DescribeClustersResponse::default();
    for named in asked {
        match cx.state.clusters.get(&cluster::arn_of(Some(&named))) {
            Some(cluster) => answer.clusters.push(describe(cx.state, cluster, &request.include)),
            None => answer.failures.push(Failure::missing(cluster::arn_of(Some(&named)))),
        }
    }
    Ok(answer)
}

/// A cluster as the API shows it.
pub fn describe(state: &State, cluster: &cluster::Cluster, include: &[String]) -> Cluster {
    let counts = cluster::count(state, cluster);
    let includes = |word: &str| include.iter().any(|asked| asked == word);
    Cluster {
        cluster_arn: cluster.arn.to_string(),
        cluster_name: cluster.name.clone(),
        configuration: cluster.configuration.clone().filter(|_| includes("CONFIGURATIONS")),
        status: if cluster.provisioning { "PROVISIONING" } else { "ACTIVE" }.to_string(),
        registered_container_instances_count: number(counts.instances),
        running_tasks_count: number(counts.running),
        pending_tasks_count: number(counts.pending),
        active_services_count: number(counts.services),
        statistics: if includes("STATISTICS") { statistics(state, cluster) } else { Vec::new() },
        tags: tag::shown(&cluster.tags, include),
        settings: if includes("SETTINGS") { cluster.settings.clone() } else { Vec::new() },
        capacity_providers: cluster.capacity_providers.clone(),
        default_capacity_provider_strategy: cluster.default_strategy.clone(),
        attachments: cluster
            .attachments
            .in_progress
            .filter(|_| includes("ATTACHMENTS"))
            .map(|_| attachments(cluster)),
        attachments_status: cluster.attachments.status().filter(|_| includes("ATTACHMENTS")),
        service_connect_defaults: cluster.service_connect_defaults.clone(),
    }
}

fn attachments(cluster: &cluster::Cluster) -> Vec<Attachment> {
    let shown = cluster.attachments.list.iter().map(|each| Attachment {
        id: each.id.clone(),
        kind: each.kind.to_string(),
        status: if each.created { "CREATED" } else { "PRECREATED" }.to_string(),
        details: each.details(),
    });
    shown.collect()
}

/// The cluster's counts per launch type, in AWS's order.
fn statistics(state: &State, cluster: &cluster::Cluster) -> Vec<KeyValuePair> {
    use crate::ecs::service::ServiceStatus;
    use crate::ecs::task::{LaunchType, Task};
    let tasks = |launch_type, holds: fn(&Task) -> bool| {
        state
            .tasks_in_cluster(&cluster.arn)
            .filter(|task| task.launch_type == launch_type && holds(task))
            .count()
    };
    let services = |launch_type, status| {
        cluster::services(state, cluster)
            .filter(|service| service.launch_type == launch_type && service.status == status)
            .count()
    };
    let (ec2, fargate) = (LaunchType::Ec2, LaunchType::Fargate);
    [
        ("runningEC2TasksCount", tasks(ec2, Task::is_running)),
        ("runningFargateTasksCount", tasks(fargate, Task::is_running)),
        ("pendingEC2TasksCount", tasks(ec2, Task::is_pending)),
        ("pendingFargateTasksCount", tasks(fargate, Task::is_pending)),
        ("activeEC2ServiceCount", services(ec2, ServiceStatus::Active)),
        ("activeFargateServiceCount", services(fargate, ServiceStatus::Active)),
        ("drainingEC2ServiceCount", services(ec2, ServiceStatus::Draining)),
        ("drainingFargateServiceCount", services(fargate, ServiceStatus::Draining)),
    ]
    .into_iter()
    .map(|(name, count)| KeyValuePair { name: name.to_string(), value: count.to_string() })
    .collect()
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
