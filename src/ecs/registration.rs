//! An agent joins a cluster, and what it registers (CINST-01 to 07).

use crate::arn::{ACCOUNT, ContainerInstanceArn, InstanceId};
use crate::ec2::image;
use crate::ec2::instance::Instance;
use crate::ec2::vpc;
use crate::ecs::account_setting;
use crate::ecs::agent_settings::{self, AgentSettings};
use crate::ecs::capacity_provider;
use crate::ecs::cluster::{self, Cluster};
use crate::ecs::container_instance::{Agent, ContainerInstance, InstanceStatus, Trunk};
use crate::ecs::durations;
use crate::ecs::rules::instances as rules;
use crate::ecs::tag::Tag;
use crate::ecs::task_waiting;
use crate::error::ApiError;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::order;
use crate::state::State;
use crate::timeline::{Kind, RecordKind};
use crate::units::{CpuUnits, Mib};
use std::collections::{BTreeMap, BTreeSet};

/// TCP ports that the host and the agent keep (CINST-05).
const RESERVED_PORTS: [u64; 5] = [22, 2375, 2376, 51678, 51679];

/// The agent of today's machine images.
pub const AGENT_VERSION: &str = "1.105.1";

/// What an agent of today can do (TASKDEF-61, TASKDEF-62).
pub(crate) const CAPABILITIES: &[&str] = &[
    "com.amazonaws.ecs.capability.docker-remote-api.1.17",
    "com.amazonaws.ecs.capability.docker-remote-api.1.18",
    "com.amazonaws.ecs.capability.docker-remote-api.1.19",
    "com.amazonaws.ecs.capability.docker-remote-api.1.20",
    "com.amazonaws.ecs.capability.docker-remote-api.1.21",
    "com.amazonaws.ecs.capability.docker-remote-api.1.22",
    "com.amazonaws.ecs.capability.docker-remote-api.1.23",
    "com.amazonaws.ecs.capability.docker-remote-api.1.24",
    "com.amazonaws.ecs.capability.docker-remote-api.1.25",
    "com.amazonaws.ecs.capability.docker-remote-api.1.29",
    "com.amazonaws.ecs.capability.ecr-auth",
    "com.amazonaws.ecs.capability.logging-driver.awsfirelens",
    "com.amazonaws.ecs.capability.logging-driver.awslogs",
    "com.amazonaws.ecs.capability.logging-driver.fluentd",
    "com.amazonaws.ecs.capability.logging-driver.gelf",
    "com.amazonaws.ecs.capability.logging-driver.journald",
    "com.amazonaws.ecs.capability.logging-driver.json-file",
    "com.amazonaws.ecs.capability.logging-driver.splunk",
    "com.amazonaws.ecs.capability.logging-driver.syslog",
    "com.amazonaws.ecs.capability.privileged-container",
    "com.amazonaws.ecs.capability.task-iam-role",
    "com.amazonaws.ecs.capability.task-iam-role-network-host",
    "ecs.capability.aws-appmesh",
    "ecs.capability.container-health-check",
    "ecs.capability.container-ordering",
    "ecs.capability.container-restart-policy",
    "ecs.capability.docker-plugin.local",
    "ecs.capability.efs",
    "ecs.capability.efsAuth",
    "ecs.capability.env-files.s3",
    "ecs.capability.execute-command",
    "ecs.capability.execution-role-awslogs",
    "ecs.capability.execution-role-ecr-pull",
    "ecs.capability.firelens.fluentbit",
    "ecs.capability.firelens.fluentd",
    "ecs.capability.pid-ipc-namespace-sharing",
    "ecs.capability.private-registry-authentication.secretsmanager",
    "ecs.capability.secrets.asm.bootstrap.log-driver",
    "ecs.capability.secrets.asm.environment-variables",
    "ecs.capability.secrets.ssm.bootstrap.log-driver",
    "ecs.capability.secrets.ssm.environment-variables",
    "ecs.capability.task-cpu-mem-limit",
    "ecs.capability.task-eni",
];

/// Whether every agent can do what this attribute stands for.
pub fn is_common(attribute: &str) -> bool {
    CAPABILITIES.contains(&attribute)
}

/// Registers an instance with the cluster of this name; the cluster `default` is made when missing.
pub fn register(cx: &mut Cx<'_>, id: &InstanceId, cluster: &str) {
    let cluster_arn = cluster::arn_of(Some(cluster));
    if !cx.state.clusters.contains_key(&cluster_arn) {
        cx.state.clusters.insert(cluster_arn.clone(), Cluster::named(cluster));
        let about = subject(Kind::Cluster, &cluster_arn);
        cx.record(RecordKind::Change, about, "ACTIVE", crate::ec2::rules::INSTANCE_BOOT);
    }
    let Some(machine) = cx.state.instances.get(id) else { return };
    let (mut joining, gpus) = match brings(cx.state, machine) {
        Ok(brings) => brings,
        Err(refusal) => {
            let about = subject(Kind::Instance, id);
            cx.record(RecordKind::Failure, about, format!("agent: {refusal}"), refusal.rule);
            return;
        }
    };
    joining.gpus = (0..gpus).map(|_| format!("GPU-{}", cx.dice.uuid(&format!("gpu/{cluster}")))).collect();
    join(cx, cluster, joining, None);
}

/// What a machine brings to a cluster, and its graphics processors by number: they have no ids yet.
///
/// # Errors
/// What its agent is told that does not fit: [`agent_settings::apply`].
pub fn brings(state: &State, machine: &Instance) -> Result<(Joining, u64), ApiError> {
    let mut joining = Joining::of_machine(machine);
    agent_settings::apply(machine, &mut joining)?;
    joining.trunk = trunk(state, machine);
    joining.eni_slots = machine.instance_type.eni_slots(joining.trunk);
    Ok((joining, gpus(machine)))
}

/// How many graphics processors the agent of a machine registers: those for which its image has drivers,
/// unless a setting forbids it ([`rules::GPU_SUPPORT`]).
fn gpus(machine: &Instance) -> u64 {
    let drivers = image::find(&machine.image_id).is_some_and(|image| image.has_gpu_drivers);
    let forbidden = machine.agent_setting("ECS_ENABLE_GPU_SUPPORT") == Some("false");
    if drivers && !forbidden { machine.instance_type.gpus } else { 0 }
}

/// Whether an instance gets a trunk: the type has it, and its role, or without one whoever launched it, has
/// opted in ([`rules::TRUNKING`]).
fn trunk(state: &State, machine: &Instance) -> bool {
    let role = machine.instance_profile.as_ref().map(|profile| {
        let name = profile.rsplit('/').next().unwrap_or(profile);
        format!("arn:aws:iam::{ACCOUNT}:role/{name}")
    });
    let principal = role.as_deref().unwrap_or(&machine.launched_by);
    let chosen = account_setting::effective(state, principal, "awsvpcTrunking");
    machine.instance_type.trunk_slots > 0 && chosen.value == "enabled"
}

/// An instance as it describes itself when it joins.
#[derive(Debug, Clone, PartialEq)]
pub struct Joining {
    /// The EC2 instance.
    pub instance: InstanceId,
    /// CPU that it brings.
    pub cpu: Option<CpuUnits>,
    /// Memory that it brings.
    pub memory: Option<Mib>,
    /// TCP ports that it keeps to itself (CINST-05).
    pub reserved_ports: Vec<u64>,
    /// UDP ports that it keeps to itself.
    pub reserved_udp_ports: Vec<u64>,
    /// Network cards that its tasks may have.
    pub eni_slots: u64,
    /// Whether its tasks' cards share one of its own (CINST-20).
    pub trunk: bool,
    /// Ids of its graphics processors.
    pub gpus: Vec<String>,
    /// Attributes besides what every agent can do.
    pub attributes: BTreeMap<String, Option<String>>,
    /// Abilities of agents that this one does not have (TASKDEF-62).
    pub lacks: BTreeSet<String>,
    /// How its agent treats tasks.
    pub settings: AgentSettings,
    /// The version of its agent; empty where nothing says it.
    pub agent_version: String,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl Joining {
    /// A machine that EC2 runs, with the agent of its image.
    pub fn of_machine(machine: &Instance) -> Joining {
        let kind = machine.instance_type;
        Joining {
            cpu: Some(CpuUnits(kind.cpu)),
            memory: Some(Mib(kind.registered_mib())),
            eni_slots: kind.eni_slots(false),
            attributes: attributes(machine),
            agent_version: image::find(&machine.image_id).map_or("", |image| image.agent_version).to_string(),
            ..Joining::unknown(machine.id.clone())
        }
    }

    /// A machine of which nothing is known but its id.
    pub fn unknown(instance: InstanceId) -> Joining {
        Joining {
            instance,
            cpu: None,
            memory: None,
            reserved_ports: RESERVED_PORTS.to_vec(),
            reserved_udp_ports: Vec::new(),
            eni_slots: 0,
            trunk: false,
            gpus: Vec::new(),
            attributes: [("ecs.os-type", "linux"), ("ecs.os-family", "LINUX")]
                .map(|(name, value)| (name.to_string(), Some(value.to_string())))
                .into(),
            lacks: BTreeSet::new(),
            settings: AgentSettings::default(),
            agent_version: String::new(),
            tags: Vec::new(),
        }
    }
}

/// Puts an instance into a cluster, or registers anew the one of this ARN.
pub fn join(
    cx: &mut Cx<'_>,
    cluster: &str,
    joining: Joining,
    same: Option<ContainerInstanceArn>,
) -> ContainerInstanceArn {
    let Joining { instance: id, attributes, .. } = joining;
    let arn = same.unwrap_or_else(|| {
        ContainerInstanceArn::named(cluster, &cx.dice.hex(&format!("container-instance/{cluster}")))
    });
    if let Some(machine) = cx.state.instances.get_mut(&id) {
        machine.container_instance = Some(arn.clone());
    }
    let zone = attributes.get("ecs.availability-zone").cloned().flatten().unwrap_or_default();
    let able = CAPABILITIES.iter().filter(|name| !joining.lacks.contains(**name));
    let abilities = able.map(|name| ((*name).to_string(), None));
    let fresh = ContainerInstance {
        arn: arn.clone(),
        cluster: cluster::arn_of(Some(cluster)),
        instance: id.clone(),
        capacity_provider: capacity_provider::of_machine(cx.state, &cluster::arn_of(Some(cluster)), &id),
        availability_zone: zone,
        status: if joining.trunk { InstanceStatus::Registering } else { InstanceStatus::Active },
        shutting_down: false,
        agent_connected: true,
        agent: Agent::default(),
        cpu: joining.cpu.unwrap_or_default(),
        memory: joining.memory.unwrap_or_default(),
        reserved_ports: joining.reserved_ports,
        reserved_udp_ports: joining.reserved_udp_ports,
        eni_slots: joining.eni_slots,
        trunk: joining.trunk.then(|| Trunk {
            id: format!("eni-{}", &cx.dice.hex(&format!("trunk/{cluster}"))[..17]),
            attachment: cx.dice.uuid(&format!("trunk-attachment/{cluster}")),
        }),
        gpus: joining.gpus,
        cpu_taken: CpuUnits(0),
        memory_taken: Mib(0),
        eni_taken: 0,
        ports_taken: BTreeSet::new(),
        gpus_taken: BTreeSet::new(),
        groups: BTreeMap::new(),
        dynamic_ports: (BTreeSet::new(), 0),
        tasks: BTreeSet::new(),
        attributes: abilities.chain(attributes).collect(),
        able: joining.lacks.is_empty(),
        settings: joining.settings,
        agent_version: joining.agent_version,
        agent_update: None,
        registered_at: cx.clock,
        tags: joining.tags,
    };
    let mut fresh = fresh;
    if let Some(trunk) = &fresh.trunk {
        fresh.attributes.insert("ecs.awsvpc-trunk-id".to_string(), Some(trunk.id.clone()));
        cx.book(durations::CARD_ATTACH_EC2, Event::TrunkAttached(arn.clone()));
    }
    let instance = match cx.state.container_instances.get(&arn) {
        None => fresh,
        // What runs there, and what it brought, stays (CINST-11).
        Some(before) => ContainerInstance {
            attributes: fresh.attributes,
            able: fresh.able,
            settings: fresh.settings,
            agent_version: fresh.agent_version,
            ..before.clone()
        },
    };
    let gpus = match instance.gpus.len() {
        0 => String::new(),
        1 => ", 1 GPU".to_string(),
        many => format!(", {many} GPUs"),
    };
    let text = format!(
        "{} in cluster {cluster}: {id} brings {} CPU units and {} MiB{gpus}",
        instance.status.word(),
        instance.cpu,
        instance.memory
    );
    cx.state.container_instances.insert(arn.clone(), instance);
    let about = subject(Kind::ContainerInstance, &arn);
    let record = cx.record(RecordKind::Change, about, text, rules::REGISTERED_RESOURCES);
    cx.cause = Some(record);
    crate::ecs::service_scheduler::instances_changed(cx, cluster);
    task_waiting::place(cx, &cluster::arn_of(Some(cluster)));
    arn
}

/// The automatic attributes of an instance (CINST-07).
fn attributes(machine: &Instance) -> BTreeMap<String, Option<String>> {
    let facts = [
        ("ecs.ami-id", machine.image_id.as_str()),
        ("ecs.availability-zone", machine.availability_zone.as_str()),
        ("ecs.instance-type", machine.instance_type.name),
        ("ecs.os-type", "linux"),
        ("ecs.os-family", "LINUX"),
        ("ecs.cpu-architecture", machine.instance_type.architecture),
        ("ecs.vpc-id", vpc::VPC),
        ("ecs.subnet-id", machine.subnet.as_str()),
    ];
    order::map(facts.into_iter().map(|(name, value)| (name.to_string(), Some(value.to_string()))))
}
