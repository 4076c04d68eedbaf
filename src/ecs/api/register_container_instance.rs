//! `RegisterContainerInstance`: what an agent says when it joins a cluster (CINST-01, CINST-02).

use crate::arn::InstanceId;
use crate::ec2::instance_type::InstanceType;
use crate::ecs::api::container_instance_answer::{ContainerInstanceAnswer, Resource, VersionInfo, describe};
use crate::ecs::attribute::{self, Attribute};
use crate::ecs::cluster;
use crate::ecs::container_instance::InstanceStatus;
use crate::ecs::registration::{self, Joining};
use crate::ecs::rules::instances as rules;
use crate::ecs::tag::{self, Tag};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::order;
use crate::timeline::Kind;
use crate::units::{CpuUnits, Mib};
use serde_json::Value;
use std::collections::BTreeMap;

shape! {
    /// A device of an instance.
    pub struct PlatformDevice {
        /// Its id.
        id: String = "id".required();
        /// GPU or NEURON_DEVICE.
        kind: String = "type".required().one_of(&["GPU", "NEURON_DEVICE"]);
    }
    /// The instance that joins.
    pub struct RegisterContainerInstanceRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// The EC2 instance's own description of itself, as JSON.
        instance_identity_document: Option<String> = "instanceIdentityDocument";
        /// EC2's signature of it.
        instance_identity_document_signature: Option<String> = "instanceIdentityDocumentSignature";
        /// What it brings: CPU, MEMORY, PORTS, PORTS_UDP and GPU.
        total_resources: Vec<Resource> = "totalResources";
        /// The versions of its agent and Docker.
        version_info: Option<VersionInfo> = "versionInfo";
        /// Its ARN, where it was registered before.
        container_instance_arn: Option<String> = "containerInstanceArn".names(Kind::ContainerInstance);
        /// What placement can ask for, besides what every agent can do.
        attributes: Vec<Attribute> = "attributes";
        /// Its devices.
        platform_devices: Option<Vec<PlatformDevice>> = "platformDevices";
        /// Its tags.
        tags: Vec<Tag> = "tags";
    }
    /// The instance as it is registered now.
    pub struct RegisterContainerInstanceResponse {
        /// It.
        container_instance: ContainerInstanceAnswer = "containerInstance";
    }
}

/// Registers an instance; one that is registered already is registered anew.
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for a document, resources, attributes or
/// tags that cannot be, and for an instance that another cluster has.
pub fn register_container_instance(
    cx: &mut Cx<'_>,
    request: RegisterContainerInstanceRequest,
) -> Result<RegisterContainerInstanceResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?.clone();
    let joining = joining(cx, &request)?;
    let mut there = cx.state.container_instances.values();
    let there = there.find(|instance| {
        instance.instance == joining.instance && instance.status != InstanceStatus::Deregistering
    });
    if there.is_some_and(|instance| instance.cluster != cluster.arn) {
        let message = "The instance is registered with another cluster.";
        return Err(ApiError::invalid(message, rules::REGISTRATION));
    }
    let same = there.map(|instance| instance.arn.clone());
    if let Some(named) = &request.container_instance_arn
        && same.as_ref().is_none_or(|arn| arn.as_str() != named)
    {
        let message = "The referenced container instance was not found.";
        return Err(ApiError::invalid(message, rules::REGISTRATION));
    }
    let arn = registration::join(cx, &cluster.name, joining, same);
    let found = cx.state.container_instances.get(&arn);
    let container_instance = found.map(|instance| describe(cx.state, instance, true)).unwrap_or_default();
    Ok(RegisterContainerInstanceResponse { container_instance })
}

/// What the request says about the instance.
fn joining(cx: &Cx<'_>, request: &RegisterContainerInstanceRequest) -> Result<Joining, ApiError> {
    let refuse = |message: &str| Err(ApiError::invalid(message, rules::REGISTRATION));
    let document = request.instance_identity_document.as_deref().unwrap_or_default();
    let document: Value = match serde_json::from_str(document) {
        Ok(document) => document,
        Err(_) => return refuse("Unable to read the instance identity document."),
    };
    let said = |name: &str| document.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(id) = said("instanceId") else {
        return refuse("The instance identity document names no instance.");
    };
    let id = InstanceId::from(id);
    let machine = cx.state.instances.get(&id);
    let mut joining = machine.map(Joining::of_machine).unwrap_or_else(|| Joining::unknown(id));
    let facts = [
        ("imageId", "ecs.ami-id"),
        ("availabilityZone", "ecs.availability-zone"),
        ("instanceType", "ecs.instance-type"),
        ("architecture", "ecs.cpu-architecture"),
    ];
    for (name, attribute) in facts {
        if let Some(value) = said(name) {
            joining.attributes.insert(attribute.to_string(), Some(value.to_string()));
        }
    }
    for asked in &request.attributes {
        asked.check()?;
        joining.attributes.insert(asked.name.clone(), asked.value.clone());
    }
    attribute::check_limit("InvalidParameterException", joining.attributes.keys().map(String::as_str))?;
    tag::check(&request.tags)?;
    joining.tags = request.tags.clone();
    let kind = joining.attributes.get("ecs.instance-type").cloned().flatten();
    if let Some(kind) = kind.and_then(|name| InstanceType::find(&name)) {
        joining.eni_slots = kind.eni_slots(false);
    }
    if let Some(version) = request.version_info.as_ref().and_then(|info| info.agent_version.clone()) {
        joining.agent_version = version;
    }
    let devices = request.platform_devices.iter().flatten().filter(|device| device.kind == "GPU");
    joining.gpus = devices.map(|device| device.id.clone()).collect();
    resources(&mut joining, &request.total_resources)?;
    order::sort(&mut joining.gpus);
    joining.gpus.dedup();
    Ok(joining)
}

/// What the instance brings ([`rules::REGISTERED_RESOURCES`]); ports here are those that it keeps to itself.
fn resources(joining: &mut Joining, asked: &[Resource]) -> Result<(), ApiError> {
    let refuse = |message: String| Err(ApiError::invalid(message, rules::REGISTERED_RESOURCES));
    let mut seen = BTreeMap::new();
    for resource in asked {
        let amount = || u64::try_from(resource.integer_value).ok();
        let ports = || -> Option<Vec<u64>> {
            let ports = resource.string_set_value.iter().flatten();
            ports.map(|port| port.parse().ok().filter(|port| (1..=65_535).contains(port))).collect()
        };
        let read = match resource.name.as_str() {
            "CPU" => amount().map(|units| joining.cpu = Some(CpuUnits(units))),
            "MEMORY" => amount().map(|mib| joining.memory = Some(Mib(mib))),
            "GPU" => resource.string_set_value.clone().map(|gpus| joining.gpus = gpus),
            "PORTS" => ports().map(|ports| joining.reserved_ports = ports),
            "PORTS_UDP" => ports().map(|ports| joining.reserved_udp_ports = ports),
            _ => None,
        };
        if read.is_none() || seen.insert(&resource.name, ()).is_some() {
            return refuse(format!("Invalid resource '{}' in totalResources.", resource.name));
        }
    }
    if joining.cpu.is_none() || joining.memory.is_none() {
        return refuse("totalResources must have CPU and MEMORY.".to_string());
    }
    Ok(())
}
