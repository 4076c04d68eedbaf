//! What AWS fills in when a task definition is registered: defaults, and the attributes that it needs.

use crate::ecs::api::register_task_definition::RegisterTaskDefinitionRequest;
use crate::ecs::container_definition::ContainerDefinition;
use crate::ecs::task_definition::NetworkMode;
use std::collections::BTreeSet;

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
