//! What a service is created with, as the API writes it.

use crate::ecs::tag::Tag;
use crate::timeline::Kind;

shape! {
    /// A target group or load balancer that a service's tasks register with (SVC-10).
    pub struct LoadBalancer {
        /// The target group.
        target_group_arn: Option<String> = "targetGroupArn";
        /// A Classic Load Balancer.
        load_balancer_name: Option<String> = "loadBalancerName";
        /// The container that serves.
        container_name: Option<String> = "containerName";
        /// The port it serves on.
        container_port: Option<i64> = "containerPort".range(0, 65535);
    }
    /// A Cloud Map registry that a service's tasks register with.
    pub struct ServiceRegistry {
        /// The registry.
        registry_arn: Option<String> = "registryArn";
        /// The port, for SRV records.
        port: Option<i64> = "port".range(0, 65535);
        /// The container.
        container_name: Option<String> = "containerName";
        /// The container's port.
        container_port: Option<i64> = "containerPort".range(0, 65535);
    }
    /// A condition that an instance must meet (PLACE-17, PLACE-18).
    pub struct PlacementConstraint {
        /// `distinctInstance` or `memberOf`.
        ty: Option<String> = "type".one_of(&["distinctInstance", "memberOf"]);
        /// The condition of `memberOf`.
        expression: Option<String> = "expression";
    }
    /// How instances that would do are ranked (PLACE-07 to PLACE-09).
    pub struct PlacementStrategy {
        /// `spread`, `binpack` or `random`.
        ty: Option<String> = "type".one_of(&["random", "spread", "binpack"]);
        /// What to spread over, or which resource to pack.
        field: Option<String> = "field";
    }
    /// At how many failed tasks a deployment is given up (DEPLOY-19).
    pub struct ThresholdConfiguration {
        /// What the value counts.
        ty: String = "type".required().one_of(&["COUNT", "BOUNDED_PERCENT", "UNBOUNDED_PERCENT"]);
        /// A share of the desired count in percent, or a number of tasks.
        value: i64 = "value".required();
    }
    /// When a deployment that keeps failing is given up (DEPLOY-18).
    pub struct DeploymentCircuitBreaker {
        /// Whether it is on.
        enable: bool = "enable".required();
        /// Whether it goes back to the last completed deployment.
        rollback: bool = "rollback".required();
        /// Whether a healthy task sets the count of failures to 0; true when absent.
        reset_on_healthy_task: Option<bool> = "resetOnHealthyTask";
        /// At how many failed tasks; half of the desired count, 3 to 200, when absent.
        threshold_configuration: Option<ThresholdConfiguration> = "thresholdConfiguration";
    }
    /// Alarms that fail a deployment.
    pub struct DeploymentAlarms {
        /// The alarms.
        alarm_names: Vec<String> = "alarmNames".required();
        /// Whether it goes back to the last completed deployment.
        rollback: bool = "rollback".required();
        /// Whether they are watched.
        enable: bool = "enable".required();
    }
    /// How many tasks run while a service changes (DEPLOY-06).
    pub struct DeploymentConfiguration {
        /// When a deployment that keeps failing is given up.
        deployment_circuit_breaker: Option<DeploymentCircuitBreaker> = "deploymentCircuitBreaker";
        /// The ceiling of tasks, in percent of the desired count; 200 when absent.
        maximum_percent: Option<i64> = "maximumPercent";
        /// The floor of healthy tasks, in percent of the desired count; 100 when absent.
        minimum_healthy_percent: Option<i64> = "minimumHealthyPercent";
        /// Alarms that fail a deployment.
        alarms: Option<DeploymentAlarms> = "alarms";
        /// `ROLLING`.
        strategy: Option<String> = "strategy".one_of(&["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"]);
        /// Minutes for which a blue/green deployment keeps both sides.
        bake_time_in_minutes: Option<i64> = "bakeTimeInMinutes";
    }
    /// Who changes versions.
    pub struct DeploymentController {
        /// `ECS`: the service scheduler.
        ty: String = "type".required().one_of(&["ECS", "CODE_DEPLOY", "EXTERNAL"]);
    }
    /// A name under which other services reach a port.
    pub struct ServiceConnectClientAlias {
        /// The port that clients use.
        port: i64 = "port".required();
        /// The name that clients use.
        dns_name: Option<String> = "dnsName";
    }
    /// A port that a service offers through Service Connect.
    pub struct ServiceConnectService {
        /// The port's name in the task definition.
        port_name: String = "portName".required();
        /// The name in Cloud Map.
        discovery_name: Option<String> = "discoveryName";
        /// How clients reach it.
        client_aliases: Option<Vec<ServiceConnectClientAlias>> = "clientAliases";
        /// The proxy's own port.
        ingress_port_override: Option<i64> = "ingressPortOverride";
    }
    /// How a service takes part in Service Connect.
    pub struct ServiceConnectConfiguration {
        /// Whether it does.
        enabled: bool = "enabled".required();
        /// The namespace, by name or ARN.
        namespace: Option<String> = "namespace";
        /// The ports it offers.
        services: Option<Vec<ServiceConnectService>> = "services";
    }
    /// An EBS volume that is made for each task.
    pub struct ServiceManagedEbsVolumeConfiguration {
        /// Whether it is encrypted.
        encrypted: Option<bool> = "encrypted";
        /// The key it is encrypted with.
        kms_key_id: Option<String> = "kmsKeyId";
        /// Its type.
        volume_type: Option<String> = "volumeType";
        /// Its size.
        size_in_gi_b: Option<i64> = "sizeInGiB";
        /// The snapshot it is made from.
        snapshot_id: Option<String> = "snapshotId";
        /// How fast the snapshot is read, in MiB per second.
        volume_initialization_rate: Option<i64> = "volumeInitializationRate";
        /// Its operations per second.
        iops: Option<i64> = "iops";
        /// Its throughput.
        throughput: Option<i64> = "throughput";
        /// Its tags.
        tag_specifications: Option<Vec<EbsTagSpecification>> = "tagSpecifications";
        /// The role that makes it.
        role_arn: String = "roleArn".required();
        /// Its file system.
        filesystem_type: Option<String> = "filesystemType".one_of(&["ext3", "ext4", "xfs", "ntfs"]);
    }
    /// Tags for the volumes that are made.
    pub struct EbsTagSpecification {
        /// `volume`.
        resource_type: String = "resourceType".required().one_of(&["volume"]);
        /// The tags.
        tags: Option<Vec<Tag>> = "tags";
        /// Where tags are copied from.
        propagate_tags: Option<String> = "propagateTags".one_of(&["TASK_DEFINITION", "SERVICE", "NONE"]);
    }
    /// An EBS volume that is made for a task that no service starts.
    pub struct TaskManagedEbsVolumeConfiguration {
        /// Whether it is encrypted.
        encrypted: Option<bool> = "encrypted";
        /// The key it is encrypted with.
        kms_key_id: Option<String> = "kmsKeyId";
        /// Its type.
        volume_type: Option<String> = "volumeType";
        /// Its size.
        size_in_gi_b: Option<i64> = "sizeInGiB";
        /// The snapshot it is made from.
        snapshot_id: Option<String> = "snapshotId";
        /// How fast the snapshot is read, in MiB per second.
        volume_initialization_rate: Option<i64> = "volumeInitializationRate";
        /// Its operations per second.
        iops: Option<i64> = "iops";
        /// Its throughput.
        throughput: Option<i64> = "throughput";
        /// Its tags.
        tag_specifications: Option<Vec<EbsTagSpecification>> = "tagSpecifications";
        /// The role that makes it.
        role_arn: String = "roleArn".required();
        /// Whether it goes when the task stops.
        termination_policy: Option<TaskManagedEbsVolumeTerminationPolicy> = "terminationPolicy";
        /// Its file system.
        filesystem_type: Option<String> = "filesystemType".one_of(&["ext3", "ext4", "xfs", "ntfs"]);
    }
    /// Whether a volume goes when its task stops.
    pub struct TaskManagedEbsVolumeTerminationPolicy {
        /// Whether it does.
        delete_on_termination: bool = "deleteOnTermination".required();
    }
    /// A volume of the task definition that the request configures.
    pub struct TaskVolumeConfiguration {
        /// The volume's name.
        name: String = "name".required();
        /// The EBS volume behind it.
        managed_ebs_volume: Option<TaskManagedEbsVolumeConfiguration> = "managedEBSVolume";
    }
    /// A volume of the task definition that the service configures.
    pub struct ServiceVolumeConfiguration {
        /// The volume's name.
        name: String = "name".required();
        /// The EBS volume behind it.
        managed_ebs_volume: Option<ServiceManagedEbsVolumeConfiguration> = "managedEBSVolume";
    }
    /// One line of a service's log.
    pub struct ServiceEvent {
        /// A uuid.
        id: String = "id";
        /// When.
        created_at: crate::time::SimTime = "createdAt";
        /// In the words of ECS.
        message: String = "message";
    }
    /// A version of a service being rolled out, running, or being replaced (DEPLOY-01).
    pub struct Deployment {
        /// `ecs-svc/` and 19 digits.
        id: String = "id";
        /// PRIMARY for the newest, ACTIVE for one that still has tasks.
        status: String = "status";
        /// The revision.
        task_definition: String = "taskDefinition";
        /// How many tasks it should have.
        desired_count: i64 = "desiredCount";
        /// Its tasks that are not RUNNING yet.
        pending_count: i64 = "pendingCount";
        /// Its tasks that are RUNNING.
        running_count: i64 = "runningCount";
        /// Its tasks that failed.
        failed_tasks: i64 = "failedTasks";
        /// When it began.
        created_at: crate::time::SimTime = "createdAt";
        /// When it last changed.
        updated_at: crate::time::SimTime = "updatedAt";
        /// Its capacity provider strategy, when it has one.
        capacity_provider_strategy: Option<Vec<crate::ecs::cluster::CapacityProviderStrategyItem>> = "capacityProviderStrategy";
        /// Its launch type, when it has one.
        launch_type: Option<String> = "launchType";
        /// The Fargate platform version.
        platform_version: Option<String> = "platformVersion";
        /// The Fargate operating system.
        platform_family: Option<String> = "platformFamily";
        /// Where its network cards may stand.
        network_configuration: Option<crate::ecs::network::NetworkConfiguration> = "networkConfiguration";
        /// IN_PROGRESS, COMPLETED or FAILED (DEPLOY-02).
        rollout_state: String = "rolloutState";
        /// The same in a sentence.
        rollout_state_reason: String = "rolloutStateReason";
        /// How it takes part in Service Connect.
        service_connect_configuration: Option<ServiceConnectConfiguration> = "serviceConnectConfiguration";
        /// Volumes that it configures.
        volume_configurations: Option<Vec<ServiceVolumeConfiguration>> = "volumeConfigurations";
    }
    /// A service revision that a service runs now, in short.
    pub struct ServiceCurrentRevisionSummary {
        /// Its ARN.
        arn: String = "arn";
        /// How many tasks it should have.
        requested_task_count: i64 = "requestedTaskCount";
        /// Its RUNNING tasks.
        running_task_count: i64 = "runningTaskCount";
        /// Its tasks that are not RUNNING yet.
        pending_task_count: i64 = "pendingTaskCount";
    }
    /// A service, as the API shows it.
    pub struct Service {
        /// Its ARN.
        service_arn: String = "serviceArn";
        /// Its name.
        service_name: String = "serviceName";
        /// Its cluster.
        cluster_arn: String = "clusterArn";
        /// Its load balancers.
        load_balancers: Vec<LoadBalancer> = "loadBalancers";
        /// Its Cloud Map registries.
        service_registries: Vec<ServiceRegistry> = "serviceRegistries";
        /// ACTIVE, DRAINING or INACTIVE (SVC-04).
        status: String = "status";
        /// How many tasks are wished for.
        desired_count: i64 = "desiredCount";
        /// How many are RUNNING.
        running_count: i64 = "runningCount";
        /// How many are not RUNNING yet.
        pending_count: i64 = "pendingCount";
        /// Its launch type, when it has one (SVC-03).
        launch_type: Option<String> = "launchType";
        /// Its capacity provider strategy, when it has one (SVC-03).
        capacity_provider_strategy: Option<Vec<crate::ecs::cluster::CapacityProviderStrategyItem>> = "capacityProviderStrategy";
        /// The Fargate platform version asked for.
        platform_version: Option<String> = "platformVersion";
        /// The Fargate operating system.
        platform_family: Option<String> = "platformFamily";
        /// The revision of its newest deployment.
        task_definition: String = "taskDefinition".names(Kind::TaskDefinition);
        /// How many tasks run while it changes.
        deployment_configuration: DeploymentConfiguration = "deploymentConfiguration";
        /// Its deployments, PRIMARY first.
        deployments: Vec<Deployment> = "deployments";
        /// The role of its load balancer registration.
        role_arn: Option<String> = "roleArn";
        /// Its events, newest first, 100 at most (SVC-07).
        events: Vec<ServiceEvent> = "events";
        /// When it was created.
        created_at: crate::time::SimTime = "createdAt";
        /// Conditions that an instance must meet.
        placement_constraints: Vec<PlacementConstraint> = "placementConstraints";
        /// How instances are ranked.
        placement_strategy: Vec<PlacementStrategy> = "placementStrategy";
        /// Where its network cards may stand.
        network_configuration: Option<crate::ecs::network::NetworkConfiguration> = "networkConfiguration";
        /// Seconds at the start of a task in which failed checks do not count (SVC-23).
        health_check_grace_period_seconds: Option<i64> = "healthCheckGracePeriodSeconds";
        /// REPLICA or DAEMON (SVC-11).
        scheduling_strategy: String = "schedulingStrategy";
        /// Who changes versions.
        deployment_controller: DeploymentController = "deploymentController";
        /// Its tags, when `include` asks for them.
        tags: Option<Vec<Tag>> = "tags";
        /// Who created it.
        created_by: String = "createdBy";
        /// Whether its tasks carry tags of ECS.
        enable_ecs_managed_tags: bool = "enableECSManagedTags";
        /// Whose tags its tasks get.
        propagate_tags: String = "propagateTags";
        /// Whether ECS Exec works in its tasks.
        enable_execute_command: bool = "enableExecuteCommand";
        /// Whether it moves tasks between zones (SVC-26).
        availability_zone_rebalancing: String = "availabilityZoneRebalancing";
        /// Its newest service deployment.
        current_service_deployment: Option<String> = "currentServiceDeployment";
        /// What its deployments run, PRIMARY first.
        current_service_revisions: Vec<ServiceCurrentRevisionSummary> = "currentServiceRevisions";
        /// `CUSTOMER`: it is looked after by who made it.
        resource_management_type: String = "resourceManagementType";
    }
}
