//! Container instances: EC2 instances whose agent has registered with a cluster.

mod agent;
mod agent_update;
mod docker;
mod former;
mod ledger;
mod registered;
mod status;
mod trunk;

use crate::arn::{ClusterArn, ContainerInstanceArn, InstanceId, TaskArn};
use crate::ecs::agent_settings::AgentSettings;
use crate::ecs::cluster::Cluster;
use crate::ecs::tag::Tag;
use crate::state::State;
use crate::time::SimTime;
use crate::units::{CpuUnits, Mib};
use std::collections::{BTreeMap, BTreeSet};

pub use agent::{Agent, falls_silent};
pub(crate) use agent::{admits, holds_back, is_silent, reconnect, release, silence, speaks_again};
pub use agent_update::{AgentUpdate, UpdateStatus, step as agent_update_due};
pub(crate) use agent_update::{enter as enter_update, go_on as update_goes_on, restarts};
pub(crate) use docker::{dynamic_port, free_dynamic_ports, has_image, keep_image, trusts_cache};
pub(crate) use former::retire;
pub use former::{failure, forget, former};
pub(crate) use ledger::{give_back, take};
pub use registered::{Instances, Registered};
pub use status::InstanceStatus;
pub(crate) use status::set_status;
pub use trunk::{Trunk, attached as trunk_attached, detached as trunk_detached};

/// An instance of a cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct ContainerInstance {
    /// Its ARN.
    pub arn: ContainerInstanceArn,
    /// Its cluster.
    pub cluster: ClusterArn,
    /// The EC2 instance behind it.
    pub instance: InstanceId,
    /// The capacity provider in whose group it stands (CAP-02), found when it registered.
    pub capacity_provider: Option<String>,
    /// The zone it stands in.
    pub availability_zone: String,
    /// Whether it takes tasks.
    pub status: InstanceStatus,
    /// Whether its machine shuts down and has stopped its agent.
    pub shutting_down: bool,
    /// Whether the control plane hears its agent.
    pub agent_connected: bool,
    /// What its agent knows.
    pub agent: Agent,
    /// Registered CPU (CINST-02).
    pub cpu: CpuUnits,
    /// Registered memory (CINST-03).
    pub memory: Mib,
    /// TCP ports reserved by the host and the agent (CINST-05).
    pub reserved_ports: Vec<u64>,
    /// UDP ports reserved in the same way.
    pub reserved_udp_ports: Vec<u64>,
    /// Network cards that tasks may have (CINST-20).
    pub eni_slots: u64,
    /// The card that its tasks' cards share, where it has one (CINST-20).
    pub trunk: Option<Trunk>,
    /// Its graphics processors, by id (TASKDEF-59).
    pub gpus: Vec<String>,
    /// CPU taken by its tasks that were not told to stop.
    pub cpu_taken: CpuUnits,
    /// Memory taken by its tasks that were not told to stop.
    pub memory_taken: Mib,
    /// Network cards taken by those tasks.
    pub eni_taken: u64,
    /// Graphics processors taken by those tasks.
    pub gpus_taken: BTreeSet<String>,
    /// Static host ports taken by those tasks: false for TCP, true for UDP.
    pub ports_taken: BTreeSet<(bool, u64)>,
    /// Those tasks, counted by group.
    pub groups: BTreeMap<String, u64>,
    /// Host ports given out by Docker, and the last one that was (TASKDEF-41).
    pub dynamic_ports: (BTreeSet<i64>, i64),
    /// Its tasks that are not STOPPED.
    pub tasks: BTreeSet<TaskArn>,
    /// Attributes, automatic and custom (CINST-07).
    pub attributes: BTreeMap<String, Option<String>>,
    /// Whether its agent can do everything that an agent can do.
    pub able: bool,
    /// How its agent treats tasks.
    pub settings: AgentSettings,
    /// The version of its agent; empty where it said none.
    pub agent_version: String,
    /// The most recent update of its agent (CINST-25).
    pub agent_update: Option<AgentUpdate>,
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

    /// Graphics processors not yet given to tasks, in the order in which they are given.
    pub fn gpus_left(&self) -> impl Iterator<Item = &String> {
        self.gpus.iter().filter(|gpu| !self.gpus_taken.contains(*gpu))
    }

    /// The zone it stands in.
    pub fn availability_zone(&self) -> &str {
        &self.availability_zone
    }
}

/// The ARN of the instance that a request names by id or ARN (API-04).
pub fn arn_of(cluster: &Cluster, named: &str) -> ContainerInstanceArn {
    if named.starts_with("arn:") {
        ContainerInstanceArn::from(named)
    } else {
        ContainerInstanceArn::named(&cluster.name, named)
    }
}

/// The instance of this cluster that a request names by id or ARN; an instance of another cluster is none.
///
/// # Errors
/// The ARN under which there is none here, for a failure MISSING (PLACE-33).
pub fn find<'a>(
    state: &'a State,
    cluster: &Cluster,
    named: &str,
) -> Result<&'a ContainerInstance, ContainerInstanceArn> {
    let arn = arn_of(cluster, named);
    match state.container_instances.get(&arn) {
        Some(instance) if instance.cluster == cluster.arn => Ok(instance),
        _ => Err(arn),
    }
}
