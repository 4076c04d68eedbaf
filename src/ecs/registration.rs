//! An agent joins a cluster, and what it registers (CINST-01 to 07).

use crate::arn::{ContainerInstanceArn, InstanceId};
use crate::ec2::instance::Instance;
use crate::ec2::vpc;
use crate::ecs::cluster::{self, Cluster};
use crate::ecs::container_instance::{Agent, ContainerInstance, InstanceStatus};
use crate::ecs::rules::instances as rules;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};
use crate::units::{CpuUnits, Mib};
use std::collections::{BTreeMap, BTreeSet};

/// TCP ports that the host and the agent keep (CINST-05).
const RESERVED_PORTS: [u64; 5] = [22, 2375, 2376, 51678, 51679];

/// The agent of today's machine images.
pub const AGENT_VERSION: &str = "1.105.1";

/// What an agent of today can do (TASKDEF-61, TASKDEF-62).
const CAPABILITIES: &[&str] = &[
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
    let arn = ContainerInstanceArn::named(cluster, &cx.dice.hex(&format!("container-instance/{cluster}")));
    let Some(machine) = cx.state.instances.get_mut(id) else { return };
    machine.container_instance = Some(arn.clone());
    let kind = machine.instance_type;
    let reserved = machine.agent_setting("ECS_RESERVED_MEMORY").and_then(|mib| mib.parse::<u64>().ok());
    let instance = ContainerInstance {
        arn: arn.clone(),
        cluster: cluster_arn,
        instance: id.clone(),
        availability_zone: machine.availability_zone.clone(),
        status: InstanceStatus::Active,
        shutting_down: false,
        agent_connected: true,
        agent: Agent::default(),
        cpu: CpuUnits(kind.cpu),
        memory: Mib(kind.registered_mib().saturating_sub(reserved.unwrap_or(0))),
        reserved_ports: RESERVED_PORTS.to_vec(),
        eni_slots: kind.max_eni.saturating_sub(1),
        cpu_taken: CpuUnits(0),
        memory_taken: Mib(0),
        eni_taken: 0,
        ports_taken: BTreeSet::new(),
        groups: BTreeMap::new(),
        dynamic_ports: (BTreeSet::new(), 0),
        tasks: BTreeSet::new(),
        attributes: attributes(machine),
        agent_version: AGENT_VERSION.to_string(),
        registered_at: cx.clock,
        tags: Vec::new(),
    };
    let text = format!(
        "ACTIVE in cluster {cluster}: {id} brings {} CPU units and {} MiB",
        instance.cpu, instance.memory
    );
    cx.state.container_instances.insert(arn.clone(), instance);
    let about = subject(Kind::ContainerInstance, &arn);
    let record = cx.record(RecordKind::Change, about, text, rules::REGISTERED_RESOURCES);
    cx.cause = Some(record);
    crate::ecs::service_scheduler::instances_changed(cx, cluster);
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
    let facts = facts.into_iter().map(|(name, value)| (name.to_string(), Some(value.to_string())));
    facts.chain(CAPABILITIES.iter().map(|name| ((*name).to_string(), None))).collect()
}
