//! Whether a task definition makes sense, with AWS's texts where it does not (section 1.9 of the rules).

mod dependencies;
mod fargate;
mod ports;
mod sizes;

use crate::ecs::api::register_task_definition::{self, RegisterTaskDefinitionRequest};
use crate::ecs::container_definition::{ContainerDefinition, ContainerRestartPolicy, ResourceRequirement};
use crate::ecs::placement::constraint;
use crate::ecs::rules::instances::GPU_SUPPORT;
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::rules::tasks::RESTART_POLICY;
use crate::ecs::task_definition::NetworkMode;
use crate::ecs::task_size;
use crate::error::ApiError;
use crate::rules::Rule;
use crate::units::{CpuUnits, Mib};
use std::collections::BTreeSet;

/// How many bytes a definition has at most, written as JSON ([`rules::LIMITS`]).
const MOST_BYTES: usize = 65_536;

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
    let length = crate::shape::write(request).to_string().len();
    if length > MOST_BYTES {
        return refuse(
            format!("Actual length: '{length}'. Max allowed length is '{MOST_BYTES}' bytes."),
            rules::LIMITS,
        );
    }
    constraint::check_definition(&register_task_definition::placement_constraints(request))?;
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
    let fits_fargate = fargate::fits(request, cpu, memory);
    if request.requires_compatibilities.iter().flatten().any(|launch_type| launch_type == "FARGATE") {
        fits_fargate.clone()?;
    } else if cpu.is_some_and(|cpu| !(128..=196_608).contains(&cpu.0)) {
        return refuse("Invalid 'cpu' setting for task.", rules::EC2_SIZE);
    }
    sizes::check(&request.container_definitions, cpu, memory)?;
    ports::check(&request.container_definitions, network_mode)?;
    volumes(request)?;
    dependencies::check(&request.container_definitions)?;
    let mut compatibilities = vec!["EC2".to_string()];
    if network_mode != NetworkMode::AwsVpc {
        compatibilities.push("EXTERNAL".to_string());
    }
    if fits_fargate.is_ok() {
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
        gpus(container.name(), container.resource_requirements.as_deref())?;
        if let Some(policy) = &container.restart_policy {
            restart_policy(policy)?;
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

/// Checks the number of graphics processors that a container asks for.
///
/// # Errors
/// `ClientException` for what is no number of them ([`GPU_SUPPORT`]).
pub fn gpus(container: &str, asked: Option<&[ResourceRequirement]>) -> Result<(), ApiError> {
    let mut asked = asked.unwrap_or_default().iter().filter(|each| each.kind == "GPU");
    if asked.all(|each| matches!(each.value.parse::<u16>(), Ok(1..))) {
        return Ok(());
    }
    refuse(
        format!(
            "Invalid 'resourceRequirements' setting for container '{container}'. The number of GPUs must be a positive whole number."
        ),
        GPU_SUPPORT,
    )
}

fn restart_policy(policy: &ContainerRestartPolicy) -> Result<(), ApiError> {
    if policy.restart_attempt_period.is_some_and(|seconds| !(60..=1800).contains(&seconds)) {
        return refuse(
            "Invalid 'restartPolicy' setting for container. 'restartAttemptPeriod' must be between 60 and 1800.",
            RESTART_POLICY,
        );
    }
    if policy.ignored_exit_codes.as_ref().is_some_and(|codes| codes.len() > 50) {
        return refuse(
            "Invalid 'restartPolicy' setting for container. 'ignoredExitCodes' can have at most 50 items.",
            RESTART_POLICY,
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
