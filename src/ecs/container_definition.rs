//! Container definitions: what a task definition says of each container.

use crate::ecs::tag::KeyValuePair;
use crate::timeline::Kind;
use serde_json::Value;
use std::collections::BTreeMap;

/// The limits that the kernel knows.
const ULIMITS: &[&str] = &[
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

shape! {
    /// A port of a container, and where the host opens it.
    pub struct PortMapping {
        /// The port in the container.
        container_port: Option<i64> = "containerPort";
        /// The port on the host; 0 or absent means a dynamic one in bridge mode (TASKDEF-40).
        host_port: Option<i64> = "hostPort";
        /// tcp or udp.
        protocol: Option<String> = "protocol".one_of(&["tcp", "udp"]);
        /// A name for Service Connect.
        name: Option<String> = "name";
        /// What is spoken on it, for Service Connect.
        app_protocol: Option<String> = "appProtocol".one_of(&["http", "http2", "grpc"]);
        /// A range of ports instead of one (TASKDEF-44).
        container_port_range: Option<String> = "containerPortRange";
    }
    /// A command that ECS runs in the container to see whether it is well (TASKDEF-33).
    pub struct HealthCheck {
        /// `CMD` or `CMD-SHELL` and the command; exit code 0 means healthy.
        command: Vec<String> = "command".required();
        /// Seconds between checks; 30 when absent.
        interval: Option<i64> = "interval".range(5, 300);
        /// Seconds until a check counts as failed; 5 when absent.
        timeout: Option<i64> = "timeout".range(2, 60);
        /// Failures in a row until UNHEALTHY; 3 when absent.
        retries: Option<i64> = "retries".range(1, 10);
        /// Seconds at the start in which failures do not count.
        start_period: Option<i64> = "startPeriod".range(0, 300);
    }
    /// What must be true of another container before this one starts (TASKDEF-28).
    pub struct ContainerDependency {
        /// The other container.
        container_name: String = "containerName".required();
        /// START, COMPLETE, SUCCESS or HEALTHY.
        condition: String = "condition".required().one_of(&["START", "COMPLETE", "SUCCESS", "HEALTHY"]);
    }
    /// Where a volume appears in a container.
    pub struct MountPoint {
        /// The volume's name in the task definition.
        source_volume: Option<String> = "sourceVolume";
        /// The folder in the container.
        container_path: Option<String> = "containerPath";
        /// Whether the container may only read.
        read_only: Option<bool> = "readOnly";
    }
    /// A secret that becomes an environment variable when the container starts (TASKDEF-47).
    pub struct Secret {
        /// The variable.
        name: String = "name".required();
        /// The ARN of the secret or parameter.
        value_from: String = "valueFrom".required();
    }
    /// Where a container's output goes (TASKDEF-49).
    pub struct LogConfiguration {
        /// The driver, such as awslogs.
        log_driver: String = "logDriver".required().one_of(&["json-file", "syslog", "journald", "gelf", "fluentd", "awslogs", "splunk", "awsfirelens"]);
        /// The driver's options.
        options: Option<BTreeMap<String, String>> = "options";
        /// Secrets for the driver.
        secret_options: Option<Vec<Secret>> = "secretOptions";
    }
    /// A file of environment variables in S3 (TASKDEF-46).
    pub struct EnvironmentFile {
        /// The ARN of the object.
        value: String = "value".required();
        /// `s3`.
        kind: String = "type".required().one_of(&["s3"]);
    }
    /// A device that a container needs (TASKDEF-59).
    pub struct ResourceRequirement {
        /// How many.
        value: String = "value".required();
        /// GPU, InferenceAccelerator or NeuronDevice.
        kind: String = "type".required().one_of(&["GPU", "InferenceAccelerator", "NeuronDevice"]);
    }
    /// Whether a container is started again in place (TASKDEF-38).
    pub struct ContainerRestartPolicy {
        /// Whether it is.
        enabled: bool = "enabled".required();
        /// Exit codes after which it is not.
        ignored_exit_codes: Option<Vec<i64>> = "ignoredExitCodes";
        /// Seconds that it must have run; 300 when absent.
        restart_attempt_period: Option<i64> = "restartAttemptPeriod".range(60, 1800);
    }
    /// The secret with the password of a private registry.
    pub struct RepositoryCredentials {
        /// The ARN of the secret.
        credentials_parameter: String = "credentialsParameter".required();
    }
    /// A name for an address in the container.
    pub struct HostEntry {
        /// The name.
        hostname: String = "hostname".required();
        /// The address.
        ip_address: String = "ipAddress".required();
    }
    /// A limit of the kernel.
    pub struct Ulimit {
        /// Its name, such as nofile.
        name: String = "name".required().one_of(ULIMITS);
        /// The soft limit.
        soft_limit: i64 = "softLimit".required();
        /// The hard limit.
        hard_limit: i64 = "hardLimit".required();
    }
    /// Another container whose volumes appear in this one.
    pub struct VolumeFrom {
        /// The other container.
        source_container: Option<String> = "sourceContainer";
        /// Whether the container may only read.
        read_only: Option<bool> = "readOnly";
    }
    /// A setting of the kernel.
    pub struct SystemControl {
        /// Its name.
        namespace: Option<String> = "namespace";
        /// Its value.
        value: Option<String> = "value";
    }
    /// Kernel capabilities of a container.
    pub struct KernelCapabilities {
        /// Those that it gets.
        add: Option<Vec<String>> = "add";
        /// Those that it loses.
        drop: Option<Vec<String>> = "drop";
    }
    /// Linux options of a container.
    pub struct LinuxParameters {
        /// Kernel capabilities.
        capabilities: Option<KernelCapabilities> = "capabilities";
        /// Devices of the host.
        devices: Option<Value> = "devices";
        /// Whether an init process reaps zombies.
        init_process_enabled: Option<bool> = "initProcessEnabled";
        /// The size of /dev/shm in MiB.
        shared_memory_size: Option<i64> = "sharedMemorySize";
        /// Folders in memory.
        tmpfs: Option<Value> = "tmpfs";
        /// Swap in MiB.
        max_swap: Option<i64> = "maxSwap";
        /// How eagerly the kernel swaps.
        swappiness: Option<i64> = "swappiness";
    }
    /// A router of logs.
    pub struct FirelensConfiguration {
        /// fluentd or fluentbit.
        kind: String = "type".required().one_of(&["fluentd", "fluentbit"]);
        /// Its options.
        options: Option<BTreeMap<String, String>> = "options";
    }
    /// A container of a task definition.
    pub struct ContainerDefinition {
        /// Its name, unique in the task definition.
        name: Option<String> = "name";
        /// Its image.
        image: Option<String> = "image".names(Kind::Image);
        /// The password of a private registry.
        repository_credentials: Option<RepositoryCredentials> = "repositoryCredentials";
        /// CPU units reserved for it.
        cpu: Option<i64> = "cpu";
        /// MiB; beyond it the container is killed (TASKDEF-21).
        memory: Option<i64> = "memory";
        /// MiB reserved for it (TASKDEF-21).
        memory_reservation: Option<i64> = "memoryReservation";
        /// Containers that it can reach by name, in bridge mode only (TASKDEF-17).
        links: Option<Vec<String>> = "links";
        /// Ports.
        port_mappings: Option<Vec<PortMapping>> = "portMappings";
        /// Whether the task stops with it; true when absent (TASKDEF-27).
        essential: Option<bool> = "essential";
        /// Whether it is started again in place.
        restart_policy: Option<ContainerRestartPolicy> = "restartPolicy";
        /// What to run instead of the image's entry point.
        entry_point: Option<Vec<String>> = "entryPoint";
        /// What to run instead of the image's command.
        command: Option<Vec<String>> = "command";
        /// Environment variables.
        environment: Option<Vec<KeyValuePair>> = "environment";
        /// Files of environment variables.
        environment_files: Option<Vec<EnvironmentFile>> = "environmentFiles";
        /// Where volumes appear.
        mount_points: Option<Vec<MountPoint>> = "mountPoints";
        /// Containers whose volumes appear.
        volumes_from: Option<Vec<VolumeFrom>> = "volumesFrom";
        /// Linux options.
        linux_parameters: Option<LinuxParameters> = "linuxParameters";
        /// Secrets that become environment variables.
        secrets: Option<Vec<Secret>> = "secrets";
        /// Which containers this one waits for.
        depends_on: Option<Vec<ContainerDependency>> = "dependsOn";
        /// Seconds until a dependency on this container gives up (TASKDEF-31).
        start_timeout: Option<i64> = "startTimeout";
        /// Seconds between SIGTERM and SIGKILL; 30 when absent (LIFE-15).
        stop_timeout: Option<i64> = "stopTimeout";
        /// Whether a tag is resolved once per deployment.
        version_consistency: Option<String> = "versionConsistency".one_of(&["enabled", "disabled"]);
        /// Its host name.
        hostname: Option<String> = "hostname";
        /// The user that it runs as.
        user: Option<String> = "user";
        /// Its working directory.
        working_directory: Option<String> = "workingDirectory";
        /// Whether it has no network.
        disable_networking: Option<bool> = "disableNetworking";
        /// Whether it may do what the host's root may.
        privileged: Option<bool> = "privileged";
        /// Whether its own files cannot be changed.
        readonly_root_filesystem: Option<bool> = "readonlyRootFilesystem";
        /// Name servers.
        dns_servers: Option<Vec<String>> = "dnsServers";
        /// Domains to search names in.
        dns_search_domains: Option<Vec<String>> = "dnsSearchDomains";
        /// Names for addresses.
        extra_hosts: Option<Vec<HostEntry>> = "extraHosts";
        /// Labels for SELinux and the like.
        docker_security_options: Option<Vec<String>> = "dockerSecurityOptions";
        /// Whether it keeps its input open.
        interactive: Option<bool> = "interactive";
        /// Whether it has a terminal.
        pseudo_terminal: Option<bool> = "pseudoTerminal";
        /// Labels.
        docker_labels: Option<BTreeMap<String, String>> = "dockerLabels";
        /// Limits of the kernel.
        ulimits: Option<Vec<Ulimit>> = "ulimits";
        /// Where its output goes.
        log_configuration: Option<LogConfiguration> = "logConfiguration";
        /// How ECS sees whether it is well.
        health_check: Option<HealthCheck> = "healthCheck";
        /// Settings of the kernel.
        system_controls: Option<Vec<SystemControl>> = "systemControls";
        /// Devices that it needs.
        resource_requirements: Option<Vec<ResourceRequirement>> = "resourceRequirements";
        /// Whether it routes the others' logs.
        firelens_configuration: Option<FirelensConfiguration> = "firelensConfiguration";
        /// Credential files for Active Directory.
        credential_specs: Option<Vec<String>> = "credentialSpecs";
    }
}

impl ContainerDefinition {
    /// Whether the task stops with it (TASKDEF-27).
    pub fn is_essential(&self) -> bool {
        self.essential.unwrap_or(true)
    }

    /// Its name; a registered definition always has one.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }
}
