//! Container instances: EC2 instances whose agent has registered with a cluster.

use crate::arn::{ClusterArn, ContainerInstanceArn, InstanceId, TaskArn};
use crate::ecs::tag::Tag;
use crate::time::SimTime;
use crate::units::{CpuUnits, Mib};
use std::collections::{BTreeMap, BTreeSet};

/// Whether an instance takes tasks (CINST-09).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum InstanceStatus {
    Active,
    Draining,
}

/// An instance of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct ContainerInstance {
    /// Its ARN.
    pub arn: ContainerInstanceArn,
    /// Its cluster.
    pub cluster: ClusterArn,
    /// The EC2 instance behind it.
    pub instance: InstanceId,
    /// Whether it takes tasks.
    pub status: InstanceStatus,
    /// Whether the control plane hears its agent.
    pub agent_connected: bool,
    /// Registered CPU (CINST-02).
    pub cpu: CpuUnits,
    /// Registered memory (CINST-03).
    pub memory: Mib,
    /// TCP ports reserved by the host and the agent (CINST-05).
    pub reserved_ports: Vec<u64>,
    /// Network cards that tasks may have (CINST-20).
    pub eni_slots: u64,
    /// CPU taken by its tasks that were not told to stop.
    pub cpu_taken: CpuUnits,
    /// Memory taken by its tasks that were not told to stop.
    pub memory_taken: Mib,
    /// Its tasks that are not STOPPED.
    pub tasks: BTreeSet<TaskArn>,
    /// Attributes, automatic and custom (CINST-07).
    pub attributes: BTreeMap<String, Option<String>>,
    /// When it registered.
    pub registered_at: SimTime,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl ContainerInstance {
    /// CPU not yet given to tasks.
    pub fn cpu_left(&self) -> CpuUnits {
        CpuUnits(self.cpu.0.saturating_sub(self.cpu_taken.0))
    }

    /// Memory not yet given to tasks.
    pub fn memory_left(&self) -> Mib {
        Mib(self.memory.0.saturating_sub(self.memory_taken.0))
    }

    /// The zone it stands in.
    pub fn availability_zone(&self) -> &str {
        self.attributes.get("ecs.availability-zone").and_then(Option::as_deref).unwrap_or_default()
    }
}

/// The control plane notices that it hears nothing of this agent (CINST-12).
pub fn falls_silent(_cx: &mut crate::operation::Cx<'_>, _instance: &ContainerInstanceArn) {}
