//! Whether a task definition makes sense, with AWS's texts where it does not (section 1.9 of the rules).

use crate::ecs::api::register_task_definition::RegisterTaskDefinitionRequest;
use crate::ecs::container_definition::{ContainerDefinition, PortMapping};
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::task_definition::NetworkMode;
use crate::ecs::task_size;
use crate::error::ApiError;
use crate::rules::Rule;
use crate::units::{CpuUnits, Mib};
use std::collections::{BTreeMap, BTreeSet};

/// What a definition that makes sense comes to.
pub struct Checked {
    /// Its network mode.
    pub network_mode: NetworkMode,
    /// Task-level CPU.
    pub cpu: Option<CpuUnits>,
    /// Task-level memory.
    pub memory: Option<Mib>,
    /// Every launch type that it fits.
    pub compatibilities: Vec<String>,
}

fn refuse<T>(message: impl Into<String>, rule: &'static Rule) -> Result<T, ApiError> {
    Err(ApiError::client(message, rule))
}

/// Checks a definition: containers, then task sizes, then ports, volumes and dependencies.
///
/// # Errors
/// The first thing that is wrong, in this order.
pub fn check(request: &RegisterTaskDefinitionRequest) -> Result<Checked, ApiError> {
    if !is_name(&request.family) {
        return refuse(
            "Invalid family name. Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed.",
            rules::NAMES,
        );
    }
    for launch_type in request.requires_compatibilities.iter().flatten() {
        if !["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"].contains(&launch_type.as_str()) {
            return refuse(
                format!("Invalid value for requiresCompatibilities: {launch_type}."),
                rules::COMPATIBILITY,
            );
        }
    }
    let network_mode = match request.network_mode.as_deref() {
        None | Some("bridge") => NetworkMode::Bridge,
        Some("awsvpc") => NetworkMode::AwsVpc,
        Some("host") => NetworkMode::Host,
        Some("none") => NetworkMode::None,
        Some(other) => return refuse(format!("Invalid network mode '{other}'."), rules::NETWORK_MODE),
    };
    containers(&request.container_definitions)?;
    let cpu = match &request.cpu {
        None => None,
        Some(text) => match task_size::cpu(text) {
            Some(cpu) => Some(cpu),
            None => return refuse("Invalid 'cpu' setting for task.", rules::TASK_SIZE),
        },
    };
    let memory = match &request.memory {
        None => None,
        Some(text) => match task_size::memory(text).filter(|memory| memory.0 > 0) {
            Some(memory) => Some(memory),
            None => return refuse("Invalid 'memory' setting for task.", rules::TASK_SIZE),
        },
    };
    let fargate = fits_fargate(request, cpu, memory);
    if request.requires_compatibilities.iter().flatten().any(|launch_type| launch_type == "FARGATE") {
        fargate.clone()?;
    } else if cpu.is_some_and(|cpu| !(128..=196_608).contains(&cpu.0)) {
        return refuse("Invalid 'cpu' setting for task.", rules::EC2_SIZE);
    }
    sizes(&request.container_definitions, cpu, memory)?;
    ports(&request.container_definitions, network_mode)?;
    volumes(request)?;
    dependencies(&request.container_definitions)?;
    let mut compatibilities = vec!["EC2".to_string()];
    if network_mode != NetworkMode::AwsVpc {
        compatibilities.push("EXTERNAL".to_string());
    }
    if fargate.is_ok() {
        compatibilities.push("FARGATE".to_string());
    }
    Ok(Checked { network_mode, cpu, memory, compatibilities })
}

fn is_name(name: &str) -> bool {
    (1..=255).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_image(image: &str) -> bool {
    let (name, digest) =
        image.split_once("@sha256:").map_or((image, None), |(name, digest)| (name, Some(digest)));
    name.len() <= 255
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_:./#".contains(&byte))
        && digest
            .is_none_or(|digest| digest.len() == 64 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn containers(containers: &[ContainerDefinition]) -> Result<(), ApiError> {
    if containers.is_empty() {
        return refuse("Container list cannot be empty.", rules::REQUIRED);
    }
    if containers.len() > 10 {
        return refuse(
            "Too many containers. The maximum number of containers in a task definition is 10.",
            rules::LIMITS,
        );
    }
    let mut names = BTreeSet::new();
    for container in containers {
        let Some(name) = container.name.as_deref().filter(|name| !name.is_empty()) else {
            return refuse("Container.name should not be null or empty.", rules::REQUIRED);
        };
        let Some(image) = container.image.as_deref().filter(|image| !image.is_empty()) else {
            return refuse("Container.image should not be null or empty.", rules::REQUIRED);
        };
        if !is_name(name) {
            return refuse("Container.name contains invalid characters.", rules::NAMES);
        }
        if !is_image(image) {
            return refuse("Container.image contains invalid characters.", rules::NAMES);
        }
        if !names.insert(name) {
            return refuse(
                format!("Container names must be unique: '{name}' is used more than once."),
                rules::NAMES,
            );
        }
        if let Some(check) = &container.health_check {
            health_check(check)?;
        }
    }
    if !containers.iter().any(ContainerDefinition::is_essential) {
        return refuse(
            "Invalid 'essential' setting for task. At least one container must be essential.",
            rules::ESSENTIAL,
        );
    }
    Ok(())
}

fn health_check(check: &crate::ecs::container_definition::HealthCheck) -> Result<(), ApiError> {
    let bounded = [
        ("interval", check.interval, 5, 300),
        ("timeout", check.timeout, 2, 60),
        ("retries", check.retries, 1, 10),
        ("startPeriod", check.start_period, 0, 300),
    ];
    for (name, value, least, most) in bounded {
        if value.is_some_and(|value| !(least..=most).contains(&value)) {
            return refuse(
                format!(
                    "Invalid 'healthCheck' setting for container. '{name}' must be between {least} and {most}."
                ),
                rules::HEALTH_CHECK,
            );
        }
    }
    match check.command.first().map(String::as_str) {
        Some("CMD" | "CMD-SHELL" | "NONE") => Ok(()),
        _ => refuse(
            "Invalid 'healthCheck' setting for container. The command must start with CMD or CMD-SHELL.",
            rules::HEALTH_CHECK,
        ),
    }
}

/// Everything that Fargate asks of a definition.
fn fits_fargate(
    request: &RegisterTaskDefinitionRequest,
    cpu: Option<CpuUnits>,
    memory: Option<Mib>,
) -> Result<(), ApiError> {
    if request.network_mode.as_deref() != Some("awsvpc") {
        return refuse("Fargate only supports network mode ‘awsvpc’.", rules::NETWORK_MODE);
    }
    let Some(cpu) = cpu else {
        return refuse("Fargate requires that 'cpu' be defined at the task level.", rules::FARGATE_SIZE);
    };
    let Some(memory) = memory else {
        return refuse("Fargate requires that 'memory' be defined at the task level.", rules::FARGATE_SIZE);
    };
    if !task_size::fits_fargate(cpu, memory) {
        return refuse("No Fargate configuration exists for given values.", rules::FARGATE_TABLE);
    }
    if let Some(size) = request
        .ephemeral_storage
        .as_ref()
        .map(|storage| storage.size_in_gib)
        .filter(|size| !(21..=200).contains(size))
    {
        return refuse(
            format!("Ephemeral storage of {size} GiB is not between 21 and 200 GiB."),
            rules::EPHEMERAL_STORAGE,
        );
    }
    if request.placement_constraints.as_ref().is_some_and(|constraints| !constraints.is_empty()) {
        return refuse(
            "Fargate compatible task definitions do not support placement constraints.",
            rules::NOT_ON_FARGATE,
        );
    }
    if request.ipc_mode.is_some() {
        return refuse("Fargate compatible task definitions do not support ipcMode.", rules::NOT_ON_FARGATE);
    }
    for container in &request.container_definitions {
        let used = |list: &Option<Vec<String>>| list.as_ref().is_some_and(|list| !list.is_empty());
        let unsupported = [
            ("links", used(&container.links)),
            ("privileged", container.privileged == Some(true)),
            ("dockerSecurityOptions", used(&container.docker_security_options)),
            ("dnsServers", used(&container.dns_servers)),
            ("dnsSearchDomains", used(&container.dns_search_domains)),
            ("extraHosts", container.extra_hosts.as_ref().is_some_and(|hosts| !hosts.is_empty())),
            ("disableNetworking", container.disable_networking == Some(true)),
            ("devices", container.linux_parameters.as_ref().is_some_and(|linux| linux.devices.is_some())),
            (
                "sharedMemorySize",
                container.linux_parameters.as_ref().is_some_and(|linux| linux.shared_memory_size.is_some()),
            ),
            ("tmpfs", container.linux_parameters.as_ref().is_some_and(|linux| linux.tmpfs.is_some())),
        ];
        if let Some((name, _)) = unsupported.iter().find(|(_, used)| *used) {
            return refuse(
                format!("Fargate compatible task definitions do not support {name}."),
                rules::NOT_ON_FARGATE,
            );
        }
        if container.resource_requirements.iter().flatten().any(|requirement| requirement.kind == "GPU") {
            return refuse(
                "Fargate compatible task definitions do not support GPU resource requirements.",
                rules::NO_GPU_ON_FARGATE,
            );
        }
        let driver = container.log_configuration.as_ref().map(|log| log.log_driver.as_str());
        if driver.is_some_and(|driver| !["awslogs", "splunk", "awsfirelens"].contains(&driver)) {
            return refuse(
                "Fargate supports the log drivers awslogs, splunk and awsfirelens only.",
                rules::NOT_ON_FARGATE,
            );
        }
        if container.stop_timeout.is_some_and(|seconds| !(2..=120).contains(&seconds)) {
            return refuse(
                "The stopTimeout of a container on Fargate must be between 2 and 120 seconds.",
                rules::NOT_ON_FARGATE,
            );
        }
        if request.execution_role_arn.is_none() {
            let needs = match () {
                () if container.image.as_deref().is_some_and(|image| image.contains(".dkr.ecr.")) => {
                    Some("support ECR images")
                }
                () if driver == Some("awslogs") => Some("support log driver awslogs"),
                () if container.secrets.as_ref().is_some_and(|secrets| !secrets.is_empty()) => {
                    Some("support secrets")
                }
                () => None,
            };
            if let Some(needs) = needs {
                return refuse(
                    format!("Fargate requires task definition to have execution role ARN to {needs}."),
                    rules::LOGS_REGION,
                );
            }
        }
    }
    Ok(())
}

fn sizes(
    containers: &[ContainerDefinition],
    cpu: Option<CpuUnits>,
    memory: Option<Mib>,
) -> Result<(), ApiError> {
    let mut cpu_sum: i64 = 0;
    let mut memory_sum: i64 = 0;
    for container in containers {
        let name = container.name();
        for (setting, value, least) in [
            ("cpu", container.cpu, 0),
            ("memory", container.memory, 6),
            ("memoryReservation", container.memory_reservation, 6),
        ] {
            if value.is_some_and(|value| value < least) {
                return refuse(
                    format!("Invalid '{setting}' setting for container '{name}'."),
                    rules::CONTAINER_MEMORY,
                );
            }
        }
        if container.memory.zip(container.memory_reservation).is_some_and(|(hard, soft)| hard < soft) {
            return refuse(
                format!(
                    "Invalid setting for container '{name}'. 'memory' must be greater than or equal to 'memoryReservation'."
                ),
                rules::CONTAINER_MEMORY,
            );
        }
        let reserved = container.memory_reservation.or(container.memory);
        match memory {
            None if reserved.is_none() => {
                return refuse(
                    format!(
                        "Invalid setting for container '{name}'. At least one of 'memory' or 'memoryReservation' must be specified."
                    ),
                    rules::EC2_SIZE,
                );
            }
            Some(memory) if container.memory.is_some_and(|hard| hard.unsigned_abs() > memory.0) => {
                return refuse(
                    "The 'memory' setting for container is greater than for the task.",
                    rules::SUMS,
                );
            }
            _ => {}
        }
        cpu_sum = cpu_sum.saturating_add(container.cpu.unwrap_or(0));
        memory_sum = memory_sum.saturating_add(reserved.unwrap_or(0));
    }
    if cpu.is_some_and(|cpu| cpu_sum.unsigned_abs() > cpu.0) {
        return refuse(
            "The sum of the 'cpu' settings of the containers is greater than for the task.",
            rules::SUMS,
        );
    }
    if memory.is_some_and(|memory| memory_sum.unsigned_abs() > memory.0) {
        return refuse(
            "The sum of the memory reserved by the containers is greater than for the task.",
            rules::SUMS,
        );
    }
    Ok(())
}

fn ports(containers: &[ContainerDefinition], mode: NetworkMode) -> Result<(), ApiError> {
    let mut taken = BTreeSet::new();
    for container in containers {
        if container.links.as_ref().is_some_and(|links| !links.is_empty()) && mode != NetworkMode::Bridge {
            return refuse("Links are only supported when networkMode is bridge.", rules::ALIASES);
        }
        for PortMapping { container_port, host_port, protocol, .. } in
            container.port_mappings.iter().flatten()
        {
            for port in [container_port, host_port].into_iter().flatten() {
                if !(0..=65535).contains(port) {
                    return refuse(
                        format!("Invalid port '{port}' for container '{}'.", container.name()),
                        rules::HOST_PORTS,
                    );
                }
            }
            match mode {
                NetworkMode::None => {
                    return refuse(
                        "Port mappings are not supported when networkMode is none.",
                        rules::NETWORK_MODE,
                    );
                }
                NetworkMode::AwsVpc | NetworkMode::Host => {
                    if host_port.is_some() && host_port != container_port {
                        return refuse(
                            format!(
                                "When networkMode={}, the host ports and container ports in port mappings must match.",
                                mode.word()
                            ),
                            rules::HOST_PORTS,
                        );
                    }
                    if container_port.is_some()
                        && !taken
                            .insert((*container_port, protocol.clone().unwrap_or_else(|| "tcp".to_string())))
                    {
                        return refuse(
                            "Containers of one task share their network and cannot use the same port twice.",
                            rules::ALIASES,
                        );
                    }
                }
                NetworkMode::Bridge => {}
            }
        }
    }
    Ok(())
}

fn volumes(request: &RegisterTaskDefinitionRequest) -> Result<(), ApiError> {
    let declared: Vec<&str> =
        request.volumes.iter().flatten().filter_map(|volume| volume.get("name")?.as_str()).collect();
    for mount in
        request.container_definitions.iter().flat_map(|container| container.mount_points.iter().flatten())
    {
        let source = mount.source_volume.as_deref().unwrap_or_default();
        if !declared.contains(&source) {
            return refuse(format!("Unknown volume '{source}'."), rules::VOLUMES);
        }
    }
    Ok(())
}

fn dependencies(containers: &[ContainerDefinition]) -> Result<(), ApiError> {
    let by_name: BTreeMap<&str, &ContainerDefinition> =
        containers.iter().map(|container| (container.name(), container)).collect();
    for container in containers {
        for dependency in container.depends_on.iter().flatten() {
            let Some(other) = by_name.get(dependency.container_name.as_str()) else {
                return refuse(
                    format!(
                        "Unknown container '{}' in dependsOn of '{}'.",
                        dependency.container_name,
                        container.name()
                    ),
                    rules::DEPENDS_ON_KNOWN,
                );
            };
            let condition = dependency.condition.as_str();
            match condition {
                "START" => {}
                "COMPLETE" | "SUCCESS" if other.is_essential() => {
                    return refuse(
                        format!(
                            "Container '{}' with condition '{condition}' in dependsOn can not be marked as essential.",
                            other.name()
                        ),
                        rules::DEPENDS_ON,
                    );
                }
                "COMPLETE" | "SUCCESS" => {}
                "HEALTHY" if other.health_check.is_none() => {
                    return refuse(
                        format!(
                            "Container '{}' with condition 'HEALTHY' in dependsOn has no health check.",
                            other.name()
                        ),
                        rules::DEPENDS_ON,
                    );
                }
                "HEALTHY" => {}
                other => {
                    return refuse(
                        format!("Invalid condition '{other}' in dependsOn of '{}'.", container.name()),
                        rules::DEPENDS_ON,
                    );
                }
            }
        }
    }
    // Whoever waits for nobody that is left can go; if nobody can, there is a circle.
    let mut left: Vec<&ContainerDefinition> = containers.iter().collect();
    while !left.is_empty() {
        let names: BTreeSet<&str> = left.iter().map(|container| container.name()).collect();
        let before = left.len();
        left.retain(|container| {
            container
                .depends_on
                .iter()
                .flatten()
                .any(|dependency| names.contains(dependency.container_name.as_str()))
        });
        if left.len() == before {
            return refuse("Invalid container dependency: cycle detected.", rules::DEPENDS_ON_KNOWN);
        }
    }
    Ok(())
}

/// The containers with the members that AWS fills in.
pub fn with_defaults(containers: &[ContainerDefinition], mode: NetworkMode) -> Vec<ContainerDefinition> {
    let mut containers = containers.to_vec();
    for container in &mut containers {
        container.cpu.get_or_insert(0);
        container.essential.get_or_insert(true);
        container.environment.get_or_insert_default();
        container.mount_points.get_or_insert_default();
        container.volumes_from.get_or_insert_default();
        container.system_controls.get_or_insert_default();
        for mapping in container.port_mappings.get_or_insert_default() {
            mapping.protocol.get_or_insert_with(|| "tcp".to_string());
            if mapping.container_port.is_some() && mapping.host_port.is_none() {
                mapping.host_port =
                    if mode == NetworkMode::Bridge { Some(0) } else { mapping.container_port };
            }
        }
        if let Some(check) = &mut container.health_check {
            check.interval.get_or_insert(30);
            check.timeout.get_or_insert(5);
            check.retries.get_or_insert(3);
        }
    }
    containers
}

/// The attributes that an instance must have for this definition (TASKDEF-61).
pub fn required_attributes(request: &RegisterTaskDefinitionRequest, mode: NetworkMode) -> Vec<String> {
    let mut names = BTreeSet::new();
    let mut agent = |name: &str| names.insert(format!("com.amazonaws.ecs.capability.{name}"));
    agent("docker-remote-api.1.18");
    let role = request.execution_role_arn.is_some();
    let containers = &request.container_definitions;
    let awslogs = containers
        .iter()
        .any(|container| container.log_configuration.as_ref().is_some_and(|log| log.log_driver == "awslogs"));
    let ecr = containers
        .iter()
        .any(|container| container.image.as_deref().is_some_and(|image| image.contains(".dkr.ecr.")));
    for driver in containers.iter().filter_map(|container| container.log_configuration.as_ref()) {
        agent(&format!("logging-driver.{}", driver.log_driver));
    }
    if ecr {
        agent("ecr-auth");
    }
    if request.task_role_arn.is_some() {
        agent(if mode == NetworkMode::Host { "task-iam-role-network-host" } else { "task-iam-role" });
    }
    let secret = |part: &str| {
        containers
            .iter()
            .flat_map(|container| container.secrets.iter().flatten())
            .any(|secret| secret.value_from.contains(part))
    };
    let needed = [
        (role && awslogs, "execution-role-awslogs"),
        (role && ecr, "execution-role-ecr-pull"),
        (mode == NetworkMode::AwsVpc, "task-eni"),
        (request.cpu.is_some() || request.memory.is_some(), "task-cpu-mem-limit"),
        (containers.iter().any(|container| container.health_check.is_some()), "container-health-check"),
        (containers.iter().any(|container| container.depends_on.is_some()), "container-ordering"),
        (secret(":secretsmanager:"), "secrets.asm.environment-variables"),
        (secret(":ssm:"), "secrets.ssm.environment-variables"),
        (containers.iter().any(|container| container.environment_files.is_some()), "env-files.s3"),
        (containers.iter().any(|container| container.restart_policy.is_some()), "container-restart-policy"),
        (request.pid_mode.is_some() || request.ipc_mode.is_some(), "pid-ipc-namespace-sharing"),
    ];
    names.extend(
        needed.iter().filter(|(is_needed, _)| *is_needed).map(|(_, name)| format!("ecs.capability.{name}")),
    );
    names.into_iter().collect()
}
