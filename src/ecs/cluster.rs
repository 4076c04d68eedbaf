//! Clusters: what tasks and services are grouped in; a name and its counts, no machine.

use crate::arn::ClusterArn;
use crate::ecs::cluster_attachments::Attachments;
use crate::ecs::container_instance::{ContainerInstance, InstanceStatus};
use crate::ecs::rules;
use crate::ecs::service::{Service, ServiceStatus};
use crate::ecs::tag::Tag;
use crate::ecs::task_waiting::Queue;
use crate::error::ApiError;
use crate::state::State;
use crate::timeline::Kind;

/// A cluster that is ACTIVE.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its ARN.
    pub arn: ClusterArn,
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Its settings, such as `containerInsights`.
    pub settings: Vec<ClusterSetting>,
    /// How ECS Exec and managed storage are set up; kept for later and shown.
    pub configuration: Option<ClusterConfiguration>,
    /// The capacity providers that belong to it (CAP-01).
    pub capacity_providers: Vec<String>,
    /// The strategy of tasks and services that name neither launch type nor strategy (CAP-05).
    pub default_strategy: Vec<CapacityProviderStrategyItem>,
    /// What its capacity providers need there (CAP-02).
    pub attachments: Attachments,
    /// Its tasks that wait for an instance (CAP-27).
    pub waiting: Queue,
    /// Whether it was created with providers for which something is still being made.
    pub provisioning: bool,
    /// The namespace of its services for Service Connect; kept for later and shown.
    pub service_connect_defaults: Option<ServiceConnectDefaults>,
}

impl Cluster {
    /// An empty cluster of this name, as AWS makes `default` for the first agent (CINST-01).
    pub fn named(name: &str) -> Cluster {
        Cluster {
            arn: ClusterArn::named(name),
            name: name.to_string(),
            tags: Vec::new(),
            settings: Vec::new(),
            configuration: None,
            capacity_providers: Vec::new(),
            default_strategy: Vec::new(),
            attachments: Attachments::default(),
            waiting: Queue::default(),
            provisioning: false,
            service_connect_defaults: None,
        }
    }
}

/// What a cluster holds, counted when somebody asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Container instances, ACTIVE or DRAINING.
    pub instances: u64,
    /// Tasks that run and were not told to stop (LIFE-11).
    pub running: u64,
    /// Tasks that are not RUNNING yet (LIFE-11).
    pub pending: u64,
    /// Services that are ACTIVE.
    pub services: u64,
    /// Services that are DRAINING.
    pub draining: u64,
    /// Tasks that are not STOPPED.
    pub alive: u64,
}

shape! {
    /// A setting of a cluster.
    pub struct ClusterSetting {
        /// `containerInsights`.
        name: Option<String> = "name".one_of(&["containerInsights"]);
        /// `enabled`, `enhanced` or `disabled`.
        value: Option<String> = "value";
    }
    /// Where the output of ECS Exec sessions goes.
    pub struct ExecuteCommandLogConfiguration {
        /// A CloudWatch log group.
        cloud_watch_log_group_name: Option<String> = "cloudWatchLogGroupName";
        /// Whether the log group is encrypted.
        cloud_watch_encryption_enabled: Option<bool> = "cloudWatchEncryptionEnabled";
        /// An S3 bucket.
        s3_bucket_name: Option<String> = "s3BucketName";
        /// Whether the bucket is encrypted.
        s3_encryption_enabled: Option<bool> = "s3EncryptionEnabled";
        /// The folder in the bucket.
        s3_key_prefix: Option<String> = "s3KeyPrefix";
    }
    /// How ECS Exec works in a cluster.
    pub struct ExecuteCommandConfiguration {
        /// The key that encrypts the session.
        kms_key_id: Option<String> = "kmsKeyId";
        /// Where session output goes.
        logging: Option<String> = "logging".one_of(&["NONE", "DEFAULT", "OVERRIDE"]);
        /// The places, when `logging` is OVERRIDE.
        log_configuration: Option<ExecuteCommandLogConfiguration> = "logConfiguration";
    }
    /// The keys of a cluster's managed storage.
    pub struct ManagedStorageConfiguration {
        /// The key of managed volumes.
        kms_key_id: Option<String> = "kmsKeyId";
        /// The key of Fargate's own storage.
        fargate_ephemeral_storage_kms_key_id: Option<String> = "fargateEphemeralStorageKmsKeyId";
    }
    /// How ECS Exec and managed storage are set up in a cluster.
    pub struct ClusterConfiguration {
        /// ECS Exec.
        execute_command_configuration: Option<ExecuteCommandConfiguration> = "executeCommandConfiguration";
        /// Managed storage.
        managed_storage_configuration: Option<ManagedStorageConfiguration> = "managedStorageConfiguration";
    }
    /// One capacity provider of a strategy, and its share (CAP-08).
    pub struct CapacityProviderStrategyItem {
        /// The provider's name.
        capacity_provider: String = "capacityProvider".required().names(Kind::CapacityProvider);
        /// Its share of the tasks behind the base; 0 when absent.
        weight: Option<i64> = "weight".range(0, 1000);
        /// How many tasks it takes first; 0 when absent.
        base: Option<i64> = "base".range(0, 100_000);
    }
    /// The Service Connect namespace of a cluster's services.
    pub struct ServiceConnectDefaults {
        /// The namespace, by name or ARN.
        namespace: String = "namespace".required();
    }
}

/// The cluster that a request names by short name or ARN; `default` when it names none (API-04).
///
/// # Errors
/// `ClusterNotFoundException` (API-04).
pub fn find<'a>(state: &'a State, named: Option<&str>) -> Result<&'a Cluster, ApiError> {
    state.clusters.get(&arn_of(named)).ok_or_else(not_found)
}

/// The ARN of the cluster that a request names by short name or ARN, whether it exists or not.
pub fn arn_of(named: Option<&str>) -> ClusterArn {
    let name = named.unwrap_or("default");
    if name.starts_with("arn:") { ClusterArn::from(name) } else { ClusterArn::named(name) }
}

/// The refusal of a cluster that does not exist (API-04).
pub fn not_found() -> ApiError {
    ApiError::new("ClusterNotFoundException", "Cluster not found.", rules::CLUSTER_NAMED)
}

/// The services of a cluster, INACTIVE ones included, by name.
pub fn services<'a>(state: &'a State, cluster: &Cluster) -> impl Iterator<Item = &'a Service> {
    let first = crate::arn::ServiceArn::named(&cluster.name, "");
    let arn = cluster.arn.clone();
    state
        .services
        .range(first..)
        .map(|(_, service)| service)
        .take_while(move |service| service.cluster == arn)
}

/// The container instances of a cluster, by ARN.
pub fn instances<'a>(state: &'a State, cluster: &Cluster) -> impl Iterator<Item = &'a ContainerInstance> {
    let arn = cluster.arn.clone();
    state.container_instances.values().filter(move |instance| instance.cluster == arn)
}

/// Counts what a cluster holds.
pub fn count(state: &State, cluster: &Cluster) -> Counts {
    let registered = |instance: &&ContainerInstance| {
        matches!(instance.status, InstanceStatus::Active | InstanceStatus::Draining)
    };
    let mut counts = Counts {
        instances: instances(state, cluster).filter(registered).map(|_| 1).sum(),
        ..Counts::default()
    };
    for service in services(state, cluster) {
        match service.status {
            ServiceStatus::Active => counts.services += 1,
            ServiceStatus::Draining => counts.draining += 1,
            ServiceStatus::Inactive => {}
        }
    }
    for task in state.tasks_in_cluster(&cluster.arn) {
        counts.running += u64::from(task.is_running());
        counts.pending += u64::from(task.is_pending());
        counts.alive += u64::from(task.last_status != crate::ecs::task::TaskStatus::Stopped);
    }
    counts
}
