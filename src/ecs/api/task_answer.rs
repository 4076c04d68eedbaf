//! A task as the API shows it.

use crate::ecs::api::register_task_definition::EphemeralStorage;
use crate::ecs::attribute::Attribute;
use crate::ecs::container;
use crate::ecs::tag::{KeyValuePair, Tag};
use crate::ecs::task::{self, LaunchType, TaskStatus};
use crate::ecs::task_definition::{NetworkMode, TaskDefinition};
use crate::ecs::task_overrides::{ContainerOverride, TaskOverride};
use crate::state::State;
use crate::time::SimTime;
use serde_json::{Value, json};

shape! {
    /// Something that is attached to a task: its network card.
    pub struct Attachment {
        /// Its id, a uuid.
        id: String = "id";
        /// `ElasticNetworkInterface`.
        kind: String = "type";
        /// PRECREATED, ATTACHED or DELETED.
        status: String = "status";
        /// Subnet, card and address.
        details: Vec<KeyValuePair> = "details";
    }
    /// A port of the host that leads to a container.
    pub struct NetworkBinding {
        /// The address it is bound to.
        bind_ip: String = "bindIP";
        /// The port in the container.
        container_port: i64 = "containerPort";
        /// The port on the host.
        host_port: i64 = "hostPort";
        /// tcp or udp.
        protocol: String = "protocol";
    }
    /// A network card that a container uses.
    pub struct NetworkInterface {
        /// The attachment's id.
        attachment_id: String = "attachmentId";
        /// Its address.
        private_ipv4_address: String = "privateIpv4Address";
    }
    /// A container of a task.
    pub struct Container {
        /// Its ARN.
        container_arn: String = "containerArn";
        /// The ARN of its task.
        task_arn: String = "taskArn";
        /// Its name in the task definition.
        name: String = "name";
        /// Its image.
        image: String = "image";
        /// Docker's id for it, once it was created.
        runtime_id: Option<String> = "runtimeId";
        /// PENDING, RUNNING or STOPPED.
        last_status: String = "lastStatus";
        /// The exit code of its process.
        exit_code: Option<i64> = "exitCode";
        /// What went wrong.
        reason: Option<String> = "reason";
        /// Ports of the host that lead to it.
        network_bindings: Vec<NetworkBinding> = "networkBindings";
        /// Network cards that it uses.
        network_interfaces: Vec<NetworkInterface> = "networkInterfaces";
        /// HEALTHY, UNHEALTHY or UNKNOWN.
        health_status: String = "healthStatus";
        /// CPU units reserved for it.
        cpu: String = "cpu";
        /// Its hard limit.
        memory: Option<String> = "memory";
        /// Its soft limit.
        memory_reservation: Option<String> = "memoryReservation";
        /// The graphics processors that are its own.
        gpu_ids: Option<Vec<String>> = "gpuIds";
    }
    /// A task.
    pub struct TaskAnswer {
        /// Its network card.
        attachments: Vec<Attachment> = "attachments";
        /// Its attributes.
        attributes: Vec<Attribute> = "attributes";
        /// Its zone.
        availability_zone: Option<String> = "availabilityZone";
        /// The capacity provider it was started through.
        capacity_provider_name: Option<String> = "capacityProviderName";
        /// Its cluster.
        cluster_arn: String = "clusterArn";
        /// CONNECTED or DISCONNECTED.
        connectivity: Option<String> = "connectivity";
        /// When it was connected.
        connectivity_at: Option<SimTime> = "connectivityAt";
        /// The instance it was placed on.
        container_instance_arn: Option<String> = "containerInstanceArn";
        /// Its containers.
        containers: Vec<Container> = "containers";
        /// CPU units.
        cpu: Option<String> = "cpu";
        /// When it was asked for.
        created_at: SimTime = "createdAt";
        /// RUNNING or STOPPED.
        desired_status: String = "desiredStatus";
        /// Whether ECS Exec was asked for.
        enable_execute_command: bool = "enableExecuteCommand";
        /// When its containers had ended.
        execution_stopped_at: Option<SimTime> = "executionStoppedAt";
        /// Its group.
        group: String = "group";
        /// HEALTHY, UNHEALTHY or UNKNOWN.
        health_status: String = "healthStatus";
        /// Where it is in its life.
        last_status: String = "lastStatus";
        /// EC2 or FARGATE; absent when a capacity provider was asked for.
        launch_type: Option<String> = "launchType";
        /// Memory in MiB.
        memory: Option<String> = "memory";
        /// What the request changed.
        overrides: Value = "overrides";
        /// The Fargate platform version.
        platform_version: Option<String> = "platformVersion";
        /// The Fargate platform's system.
        platform_family: Option<String> = "platformFamily";
        /// When the first pull began.
        pull_started_at: Option<SimTime> = "pullStartedAt";
        /// When the last pull ended.
        pull_stopped_at: Option<SimTime> = "pullStoppedAt";
        /// When it entered RUNNING.
        started_at: Option<SimTime> = "startedAt";
        /// The deployment, or what the request said.
        started_by: Option<String> = "startedBy";
        /// Why it stopped, as a code.
        stop_code: Option<String> = "stopCode";
        /// When it entered STOPPED.
        stopped_at: Option<SimTime> = "stoppedAt";
        /// Why it stopped, in words.
        stopped_reason: Option<String> = "stoppedReason";
        /// When it was told to stop.
        stopping_at: Option<SimTime> = "stoppingAt";
        /// Its tags.
        tags: Vec<Tag> = "tags";
        /// Its ARN.
        task_arn: String = "taskArn";
        /// The revision it was made from.
        task_definition_arn: String = "taskDefinitionArn";
        /// Counts its changes.
        version: i64 = "version";
        /// Storage on Fargate.
        ephemeral_storage: Option<EphemeralStorage> = "ephemeralStorage";
        /// Storage on Fargate, and the key that encrypts it.
        fargate_ephemeral_storage: Option<TaskEphemeralStorage> = "fargateEphemeralStorage";
    }
    /// A task's storage on Fargate.
    pub struct TaskEphemeralStorage {
        /// Its size.
        size_in_gib: i64 = "sizeInGiB";
        /// The customer's key, where the cluster names one.
        kms_key_id: Option<String> = "kmsKeyId";
    }
}

/// A task as the API shows it; its tags only when they are asked for (API-09).
pub fn describe(state: &State, task: &task::Task, with_tags: bool) -> TaskAnswer {
    let fargate = task.launch_type == LaunchType::Fargate;
    let machine = task
        .container_instance
        .as_ref()
        .and_then(|arn| state.container_instances.get(arn).or(state.former_container_instances.get(arn)))
        .and_then(|instance| state.instances.get(&instance.instance));
    let architecture = machine.map_or("x86_64", |machine| machine.instance_type.architecture);
    let definition = state.task_definitions.get(&task.task_definition);
    let said = definition.and_then(|definition| definition.architecture()).filter(|_| fargate);
    let architecture = said.unwrap_or(architecture);
    let storage =
        (fargate && task.platform_version.as_deref() != Some("1.3.0")).then(|| storage(task, definition));
    let connected = task.connectivity_at.is_some() || task.last_status >= TaskStatus::Running;
    TaskAnswer {
        attachments: attachment(task).into_iter().collect(),
        attributes: vec![Attribute {
            name: "ecs.cpu-architecture".to_string(),
            value: Some(architecture.to_string()),
            ..Default::default()
        }],
        availability_zone: Some(task.availability_zone.clone()).filter(|zone| !zone.is_empty()),
        capacity_provider_name: task.capacity_provider.clone(),
        cluster_arn: task.cluster.to_string(),
        connectivity: connected.then(|| "CONNECTED".to_string()),
        connectivity_at: task.connectivity_at.or(task.pull_started_at).filter(|_| connected),
        container_instance_arn: task.container_instance.as_ref().map(ToString::to_string),
        containers: task.containers.iter().map(|each| container(task, each)).collect(),
        cpu: Some(task.cpu.to_string()),
        created_at: task.created_at,
        desired_status: task.desired_status().to_string(),
        enable_execute_command: task.enable_execute_command,
        execution_stopped_at: task.execution_stopped_at,
        group: task.group.clone(),
        health_status: task.health().word().to_string(),
        last_status: task.last_status.word().to_string(),
        launch_type: task.capacity_provider.is_none().then(|| task.launch_type.word().to_string()),
        memory: Some(task.memory.to_string()),
        overrides: overrides(task),
        platform_version: task.platform_version.clone().filter(|_| fargate),
        platform_family: fargate.then(|| "Linux".to_string()),
        pull_started_at: task.pull_started_at,
        pull_stopped_at: task.pull_stopped_at,
        started_at: task.started_at,
        started_by: task.started_by.clone(),
        stop_code: task.stop_code.map(|code| code.word().to_string()),
        stopped_at: task.stopped_at,
        stopped_reason: task.stopped_reason.clone(),
        stopping_at: task.stopping_at,
        tags: if with_tags { task.tags.clone() } else { Vec::new() },
        task_arn: task.arn.to_string(),
        task_definition_arn: task.task_definition.to_string(),
        version: i64::try_from(task.version).unwrap_or(i64::MAX),
        ephemeral_storage: storage.map(|size_in_gib| EphemeralStorage { size_in_gib }),
        fargate_ephemeral_storage: storage
            .map(|size_in_gib| TaskEphemeralStorage { size_in_gib, kms_key_id: storage_key(state, task) }),
    }
}

/// How much storage a Fargate task has, in GiB: the request's, the definition's, or 20 (TASKDEF-58).
fn storage(task: &task::Task, definition: Option<&TaskDefinition>) -> i64 {
    let size = |value: &Value| value["sizeInGiB"].as_i64();
    let asked = task.overrides.as_ref().and_then(|overrides| size(&overrides["ephemeralStorage"]));
    asked.or_else(|| size(definition?.kept("ephemeralStorage")?)).unwrap_or(20)
}

/// The key that the cluster of a task names for Fargate's storage.
fn storage_key(state: &State, task: &task::Task) -> Option<String> {
    let configuration = state.clusters.get(&task.cluster)?.configuration.as_ref()?;
    configuration.managed_storage_configuration.as_ref()?.fargate_ephemeral_storage_kms_key_id.clone()
}

fn attachment(task: &task::Task) -> Option<Attachment> {
    let pair = |name: &str, value: &str| KeyValuePair { name: name.to_string(), value: value.to_string() };
    if task.network_mode != NetworkMode::AwsVpc {
        return None;
    }
    let Some(card) = &task.eni else {
        let subnet = task.subnet.as_ref().map(|subnet| pair("subnetId", subnet.as_str()));
        return Some(Attachment {
            id: String::new(),
            kind: "ElasticNetworkInterface".to_string(),
            status: "PRECREATED".to_string(),
            details: subnet.into_iter().collect(),
        });
    };
    let status = if task.last_status == TaskStatus::Stopped { "DELETED" } else { "ATTACHED" };
    let dns = format!("ip-{}.ec2.internal", card.private_ip.replace('.', "-"));
    Some(Attachment {
        id: card.attachment.clone(),
        kind: "ElasticNetworkInterface".to_string(),
        status: status.to_string(),
        details: vec![
            pair("subnetId", card.subnet.as_str()),
            pair("networkInterfaceId", &card.id),
            pair("macAddress", &card.mac),
            pair("privateDnsName", &dns),
            pair("privateIPv4Address", &card.private_ip),
        ],
    })
}

fn container(task: &task::Task, container: &container::Container) -> Container {
    let card = task.eni.as_ref().filter(|_| task.last_status < TaskStatus::Stopped);
    let number = |value: &Option<i64>| value.map(|number| number.to_string());
    Container {
        container_arn: container.arn(&task.arn),
        task_arn: task.arn.to_string(),
        name: container.name.clone(),
        image: container.image.clone(),
        runtime_id: container
            .started_at
            .map(|_| format!("{}-{}", task.arn.short(), docker_number(container))),
        last_status: container.status.word().to_string(),
        exit_code: container.exit_code,
        reason: container.reason.clone(),
        network_bindings: container
            .bindings
            .iter()
            .map(|(container_port, host_port, protocol)| NetworkBinding {
                bind_ip: "0.0.0.0".to_string(),
                container_port: *container_port,
                host_port: *host_port,
                protocol: protocol.clone(),
            })
            .collect(),
        network_interfaces: card
            .iter()
            .map(|card| NetworkInterface {
                attachment_id: card.attachment.clone(),
                private_ipv4_address: card.private_ip.clone(),
            })
            .collect(),
        health_status: container.health.word().to_string(),
        cpu: container.plan.cpu.to_string(),
        memory: number(&container.plan.memory),
        memory_reservation: number(&container.plan.memory_reservation),
        gpu_ids: Some(container.gpus.clone()).filter(|gpus| !gpus.is_empty()),
    }
}

/// Ten digits that tell a task's containers apart, from the container's own id.
fn docker_number(container: &container::Container) -> u64 {
    let digits: String = container.id.chars().filter(char::is_ascii_hexdigit).take(8).collect();
    u64::from_str_radix(&digits, 16).unwrap_or_default() % 9_000_000_000 + 1_000_000_000
}

/// The overrides as they came; without any, AWS still names each container.
fn overrides(task: &task::Task) -> Value {
    let mut overrides: TaskOverride =
        task.overrides.as_ref().and_then(|json| crate::shape::read(json).ok()).unwrap_or_default();
    let containers = overrides.container_overrides.get_or_insert_default();
    for container in &task.containers {
        if !containers.iter().any(|each| each.name.as_deref() == Some(&container.name)) {
            containers.push(ContainerOverride { name: Some(container.name.clone()), ..Default::default() });
        }
    }
    overrides.inference_accelerator_overrides.get_or_insert_with(|| json!([]));
    crate::shape::write(&overrides)
}
