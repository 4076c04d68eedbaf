//! A container instance as the API shows it.

use crate::ecs::api::task_answer::Attachment;
use crate::ecs::attribute::Attribute;
use crate::ecs::container_instance::{self, InstanceStatus, Trunk};
use crate::ecs::registration;
use crate::ecs::tag::{KeyValuePair, Tag};
use crate::ecs::task::TaskStatus;
use crate::shape::Thousandths;
use crate::state::State;
use crate::time::SimTime;

shape! {
    /// A resource of an instance.
    pub struct Resource {
        /// CPU, MEMORY, PORTS, PORTS_UDP or GPU.
        name: String = "name";
        /// INTEGER or STRINGSET.
        kind: String = "type";
        /// Always 0 here.
        double_value: Thousandths = "doubleValue";
        /// Always 0 here.
        long_value: i64 = "longValue";
        /// How much, for CPU and MEMORY.
        integer_value: i64 = "integerValue";
        /// Which, for ports and GPUs.
        string_set_value: Option<Vec<String>> = "stringSetValue";
    }
    /// The versions of an instance's agent and Docker.
    pub struct VersionInfo {
        /// The agent.
        agent_version: Option<String> = "agentVersion";
        /// The agent's commit.
        agent_hash: Option<String> = "agentHash";
        /// Docker.
        docker_version: Option<String> = "dockerVersion";
    }
    /// A container instance.
    pub struct ContainerInstanceAnswer {
        /// Its ARN.
        container_instance_arn: String = "containerInstanceArn";
        /// The EC2 instance.
        ec2_instance_id: String = "ec2InstanceId";
        /// The capacity provider in whose group it stands.
        capacity_provider_name: Option<String> = "capacityProviderName";
        /// Counts its changes.
        version: i64 = "version";
        /// Its agent and Docker.
        version_info: VersionInfo = "versionInfo";
        /// What is left of CPU, memory and GPUs; ports here are those in use (CINST-06).
        remaining_resources: Vec<Resource> = "remainingResources";
        /// What it has in all.
        registered_resources: Vec<Resource> = "registeredResources";
        /// REGISTERING, ACTIVE, DRAINING, DEREGISTERING or INACTIVE.
        status: String = "status";
        /// Why a registration failed; none does here.
        status_reason: Option<String> = "statusReason";
        /// Whether the control plane hears its agent.
        agent_connected: bool = "agentConnected";
        /// How far the most recent update of its agent is; absent where none was asked for.
        agent_update_status: Option<String> = "agentUpdateStatus";
        /// Tasks whose desired status is RUNNING and that run.
        running_tasks_count: i64 = "runningTasksCount";
        /// Tasks that do not run yet.
        pending_tasks_count: i64 = "pendingTasksCount";
        /// What placement can ask for.
        attributes: Vec<Attribute> = "attributes";
        /// When it registered.
        registered_at: SimTime = "registeredAt";
        /// What is attached to it.
        attachments: Vec<Attachment> = "attachments";
        /// Its tags.
        tags: Vec<Tag> = "tags";
        /// Whether Docker on it is well, where that was asked for.
        health_status: Option<ContainerInstanceHealthStatus> = "healthStatus";
    }
    /// Whether an instance is well.
    pub struct ContainerInstanceHealthStatus {
        /// OK, or INSUFFICIENT_DATA from an agent that is not heard.
        overall_status: String = "overallStatus";
        /// What was looked at.
        details: Vec<InstanceHealthCheckResult> = "details";
    }
    /// What a check of an instance says.
    pub struct InstanceHealthCheckResult {
        /// CONTAINER_RUNTIME.
        kind: String = "type";
        /// What it says.
        status: String = "status";
        /// When it was last heard.
        last_updated: SimTime = "lastUpdated";
        /// Since when it says so.
        last_status_change: SimTime = "lastStatusChange";
    }
}

/// A container instance as the API shows it; its tags only when they are asked for (API-09).
pub fn describe(
    state: &State,
    instance: &container_instance::ContainerInstance,
    with_tags: bool,
) -> ContainerInstanceAnswer {
    let known = !instance.agent_version.is_empty();
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let tasks = || instance.tasks.iter().filter_map(|arn| state.tasks.get(arn));
    let resources = |cpu: u64, memory: u64, taken: bool| {
        let used = instance.ports_taken.iter().filter(|_| taken);
        let ports = |udp: bool| {
            let fixed = if udp { &instance.reserved_udp_ports } else { &instance.reserved_ports };
            let fixed = fixed.iter().copied();
            let used = used.clone().filter(move |port| port.0 == udp).map(|port| port.1);
            fixed.chain(used).map(|port| port.to_string()).collect::<Vec<_>>()
        };
        let mut resources = vec![
            amount("CPU", cpu),
            amount("MEMORY", memory),
            set("PORTS", ports(false)),
            set("PORTS_UDP", ports(true)),
        ];
        if !instance.gpus.is_empty() {
            let gpus: Vec<String> =
                if taken { instance.gpus_left().cloned().collect() } else { instance.gpus.clone() };
            resources.push(set("GPU", gpus));
        }
        resources
    };
    ContainerInstanceAnswer {
        container_instance_arn: instance.arn.to_string(),
        ec2_instance_id: instance.instance.to_string(),
        capacity_provider_name: instance.capacity_provider.clone(),
        version: number(instance.tasks.len()) + 1,
        version_info: VersionInfo {
            agent_version: known.then(|| instance.agent_version.clone()),
            agent_hash: known.then(|| hash(&instance.agent_version)),
            docker_version: Some("DockerVersion: 25.0.8".to_string()),
        },
        remaining_resources: resources(instance.cpu_left().0, instance.memory_left().0, true),
        registered_resources: resources(instance.cpu.0, instance.memory.0, false),
        status: instance.status.word().to_string(),
        status_reason: None,
        agent_connected: instance.agent_connected,
        agent_update_status: instance.agent_update.as_ref().map(|update| update.status.word().to_string()),
        running_tasks_count: number(
            tasks().filter(|task| !task.told_to_stop && task.last_status == TaskStatus::Running).count(),
        ),
        pending_tasks_count: number(
            tasks().filter(|task| !task.told_to_stop && task.last_status < TaskStatus::Running).count(),
        ),
        attributes: instance
            .attributes
            .iter()
            .map(|(name, value)| Attribute { name: name.clone(), value: value.clone(), ..Default::default() })
            .collect(),
        registered_at: instance.registered_at,
        attachments: instance.trunk.iter().map(|trunk| trunk_attachment(instance, trunk)).collect(),
        tags: if with_tags { instance.tags.clone() } else { Vec::new() },
        health_status: None,
    }
}

/// The commit of an agent: the one of today's, and for others what stands for it.
fn hash(version: &str) -> String {
    if version == registration::AGENT_VERSION {
        return "0f4c8a2e".to_string();
    }
    let fold = |hash: u32, byte: u8| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    format!("{:08x}", version.bytes().fold(0x811c_9dc5, fold))
}

/// The trunk of an instance (CINST-20).
fn trunk_attachment(instance: &container_instance::ContainerInstance, trunk: &Trunk) -> Attachment {
    let status = match instance.status {
        InstanceStatus::Registering => "ATTACHING",
        InstanceStatus::Deregistering => "DETACHING",
        _ => "ATTACHED",
    };
    Attachment {
        id: trunk.attachment.clone(),
        kind: "ElasticNetworkInterface".to_string(),
        status: status.to_string(),
        details: vec![KeyValuePair { name: "networkInterfaceId".to_string(), value: trunk.id.clone() }],
    }
}

/// What the agent of an instance says of Docker; nothing breaks Docker here.
pub fn health(instance: &ContainerInstanceAnswer, now: SimTime) -> ContainerInstanceHealthStatus {
    let status = if instance.agent_connected { "OK" } else { "INSUFFICIENT_DATA" };
    ContainerInstanceHealthStatus {
        overall_status: status.to_string(),
        details: vec![InstanceHealthCheckResult {
            kind: "CONTAINER_RUNTIME".to_string(),
            status: status.to_string(),
            last_updated: if instance.agent_connected { now } else { instance.registered_at },
            last_status_change: instance.registered_at,
        }],
    }
}

fn amount(name: &str, value: u64) -> Resource {
    Resource {
        name: name.to_string(),
        kind: "INTEGER".to_string(),
        integer_value: i64::try_from(value).unwrap_or(i64::MAX),
        ..Default::default()
    }
}

fn set(name: &str, values: Vec<String>) -> Resource {
    Resource {
        name: name.to_string(),
        kind: "STRINGSET".to_string(),
        string_set_value: Some(values),
        ..Default::default()
    }
}
