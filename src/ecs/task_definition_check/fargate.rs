//! What Fargate asks of a task definition beyond what every launch type does.

use super::refuse;
use crate::ecs::api::register_task_definition::RegisterTaskDefinitionRequest;
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::task_size;
use crate::error::ApiError;
use crate::units::{CpuUnits, Mib};

/// Everything that Fargate asks of a definition.
pub(super) fn fits(
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
    let system = request.runtime_platform.as_ref().and_then(|it| it.operating_system_family.as_deref());
    let windows = system.is_some_and(|system| system.starts_with("WINDOWS"));
    if !task_size::fits_fargate(cpu, memory) || windows && !(1024..=4096).contains(&cpu.0) {
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
    for volume in request.volumes.iter().flatten() {
        if volume
            .pointer("/host/sourcePath")
            .is_some_and(|path| path.as_str().is_some_and(|path| !path.is_empty()))
        {
            return refuse(
                "host.sourcePath should not be set for volumes in Fargate.",
                rules::NOT_ON_FARGATE,
            );
        }
        if volume.get("dockerVolumeConfiguration").is_some_and(|it| !it.is_null()) {
            return refuse(
                "Fargate compatible task definitions do not support dockerVolumeConfiguration.",
                rules::NOT_ON_FARGATE,
            );
        }
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
            ("maxSwap", container.linux_parameters.as_ref().is_some_and(|linux| linux.max_swap.is_some())),
            (
                "swappiness",
                container.linux_parameters.as_ref().is_some_and(|linux| linux.swappiness.is_some()),
            ),
        ];
        if let Some((name, _)) = unsupported.iter().find(|(_, used)| *used) {
            return refuse(
                format!("Fargate compatible task definitions do not support {name}."),
                rules::NOT_ON_FARGATE,
            );
        }
        let added = container.linux_parameters.iter().flat_map(|linux| &linux.capabilities);
        let added = added.flat_map(|capabilities| capabilities.add.iter().flatten());
        if let Some(name) = added.into_iter().find(|name| *name != "SYS_PTRACE") {
            return refuse(
                format!("Fargate compatible task definitions do not support the capability {name}."),
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
        if container.start_timeout.is_some_and(|seconds| !(2..=120).contains(&seconds)) {
            return refuse(
                "The startTimeout of a container on Fargate must be between 2 and 120 seconds.",
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
