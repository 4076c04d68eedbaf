//! Container instances: EC2 instances whose agent has registered with a cluster.

mod former;
mod status;

use crate::arn::{ClusterArn, ContainerInstanceArn, InstanceId, TaskArn};
use crate::ecs::agent_settings::AgentSettings;
use crate::ecs::cluster::Cluster;
use crate::ecs::durations;
use crate::ecs::rules::{instances as rules, tasks as task_rules};
use crate::ecs::tag::Tag;
use crate::ecs::task::{LaunchType, Task};
use crate::ecs::task_chain::{self, Step};
use crate::ecs::task_definition::NetworkMode;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::program;
use crate::state::State;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, RecordId, RecordKind};
use crate::units::{CpuUnits, Mib};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

pub(crate) use former::retire;
pub use former::{failure, forget, former};
pub use status::InstanceStatus;
pub(crate) use status::set_status;

/// What the agent on an instance knows: its own ledger and queue (LIFE-14), and what it could not report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Agent {
    /// CPU of the tasks it has admitted and whose containers have not all stopped.
    pub cpu_held: u64,
    /// Memory of those tasks.
    pub memory_held: u64,
    /// Their static host ports, TCP then UDP.
    pub ports_held: BTreeSet<(bool, u64)>,
    /// Their graphics processors.
    pub gpus_held: BTreeSet<String>,
    /// The tasks it has admitted.
    pub admitted: BTreeSet<TaskArn>,
    /// Tasks that wait for room, first come first served.
    pub queue: VecDeque<TaskArn>,
    /// Whether it has lost its connection, seen or not yet seen by the control plane.
    pub silent: bool,
    /// What happened while it was silent; told when it is back (CINST-11).
    pub unreported: Vec<(Event, Option<RecordId>)>,
}

/// The network card of an instance that carries those of its tasks (CINST-20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trunk {
    /// Its id.
    pub id: String,
    /// The id of its attachment.
    pub attachment: String,
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
    /// The version of its agent.
    pub agent_version: String,
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

/// The static host ports of a task: false for TCP, true for UDP.
fn ports(task: &Task) -> impl Iterator<Item = (bool, u64)> {
    let tcp = task.host_ports.iter().map(|port| (false, *port));
    tcp.chain(task.host_ports_udp.iter().map(|port| (true, *port)))
}

/// The graphics processors of a task.
fn gpus(task: &Task) -> impl Iterator<Item = &String> {
    task.containers.iter().flat_map(|container| &container.gpus)
}

/// Counts a newly placed task where its next neighbours are placed by.
pub(crate) fn take(state: &mut State, arn: &TaskArn) {
    let Some(task) = state.tasks.get(arn) else { return };
    let Some(instance) = &task.container_instance else {
        if task.launch_type == LaunchType::Ec2 {
            return;
        }
        let key = (task.cluster.clone(), task.group.clone(), task.availability_zone.clone());
        *state.fargate_spread.entry(key).or_default() += 1;
        return;
    };
    let Some(instance) = state.container_instances.get_mut(instance) else { return };
    instance.cpu_taken.0 += task.cpu.0;
    instance.memory_taken.0 += task.memory.0;
    instance.eni_taken += u64::from(task.network_mode == NetworkMode::AwsVpc);
    instance.ports_taken.extend(ports(task));
    instance.gpus_taken.extend(gpus(task).cloned());
    *instance.groups.entry(task.group.clone()).or_default() += 1;
    instance.tasks.insert(arn.clone());
}

/// A task was told to stop: placement counts it no more (LIFE-14).
pub(crate) fn give_back(state: &mut State, arn: &TaskArn) {
    let Some(task) = state.tasks.get(arn) else { return };
    let Some(instance) = &task.container_instance else {
        if task.launch_type == LaunchType::Ec2 {
            return;
        }
        let key = (task.cluster.clone(), task.group.clone(), task.availability_zone.clone());
        if let Some(count) = state.fargate_spread.get_mut(&key) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                state.fargate_spread.remove(&key);
            }
        }
        return;
    };
    let Some(instance) = state.container_instances.get_mut(instance) else { return };
    instance.cpu_taken.0 = instance.cpu_taken.0.saturating_sub(task.cpu.0);
    instance.memory_taken.0 = instance.memory_taken.0.saturating_sub(task.memory.0);
    instance.eni_taken -= u64::from(task.network_mode == NetworkMode::AwsVpc).min(instance.eni_taken);
    for port in ports(task) {
        instance.ports_taken.remove(&port);
    }
    for gpu in gpus(task) {
        instance.gpus_taken.remove(gpu);
    }
    if let Some(count) = instance.groups.get_mut(&task.group) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            instance.groups.remove(&task.group);
        }
    }
}

/// Whether the agent has real room for a task now; if not, the task waits in its queue (LIFE-14).
pub(crate) fn admits(cx: &mut Cx<'_>, arn: &TaskArn) -> bool {
    let Some(task) = cx.state.tasks.get(arn) else { return false };
    let Some(instance) = &task.container_instance else { return true };
    let Some(instance) = cx.state.container_instances.get_mut(instance) else { return false };
    if instance.agent.queue.is_empty() && has_room(instance, task) {
        admit(instance, task);
        return true;
    }
    instance.agent.queue.push_back(arn.clone());
    let text = "waits on the instance until stopping tasks have really ended";
    let record = cx.record(RecordKind::Change, subject(Kind::Task, arn), text, task_rules::AGENT_QUEUE);
    cx.cause = Some(record);
    false
}

fn has_room(instance: &ContainerInstance, task: &Task) -> bool {
    let agent = &instance.agent;
    agent.cpu_held + task.cpu.0 <= instance.cpu.0
        && agent.memory_held + task.memory.0 <= instance.memory.0
        && ports(task).all(|port| !agent.ports_held.contains(&port))
        && gpus(task).all(|gpu| !agent.gpus_held.contains(gpu))
}

fn admit(instance: &mut ContainerInstance, task: &Task) {
    instance.agent.cpu_held += task.cpu.0;
    instance.agent.memory_held += task.memory.0;
    instance.agent.ports_held.extend(ports(task));
    instance.agent.gpus_held.extend(gpus(task).cloned());
    instance.agent.admitted.insert(task.arn.clone());
}

/// A task's containers have all ended: the agent has its resources back, and lets waiting tasks go on.
pub(crate) fn release(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get(arn) else { return };
    let Some(name) = task.container_instance.clone() else { return };
    let Some(instance) = cx.state.container_instances.get_mut(&name) else { return };
    instance.agent.queue.retain(|waiting| waiting != arn);
    if instance.agent.admitted.remove(arn) {
        instance.agent.cpu_held = instance.agent.cpu_held.saturating_sub(task.cpu.0);
        instance.agent.memory_held = instance.agent.memory_held.saturating_sub(task.memory.0);
        for port in ports(task) {
            instance.agent.ports_held.remove(&port);
        }
        for gpu in gpus(task) {
            instance.agent.gpus_held.remove(gpu);
        }
    }
    let mut admitted = Vec::new();
    while let Some(next) = instance.agent.queue.front().and_then(|next| cx.state.tasks.get(next)) {
        if !has_room(instance, next) {
            break;
        }
        admit(instance, next);
        admitted.extend(instance.agent.queue.pop_front());
    }
    for next in admitted {
        let cause = cx.cause;
        task_chain::walk(cx, &next, Step::RegistryLogin);
        cx.cause = cause;
    }
}

/// Whether the agent under a task has lost its connection.
pub(crate) fn is_silent(state: &State, arn: &TaskArn) -> bool {
    state
        .tasks
        .get(arn)
        .and_then(|task| task.container_instance.as_ref())
        .and_then(|instance| state.container_instances.get(instance))
        .is_some_and(|instance| instance.agent.silent)
}

/// Keeps what a silent agent cannot tell until it is back (CINST-11); answers whether it was kept.
pub(crate) fn holds_back(cx: &mut Cx<'_>, arn: &TaskArn, event: impl FnOnce() -> Event) -> bool {
    if !is_silent(cx.state, arn) {
        return false;
    }
    let instance = cx.state.tasks.get(arn).and_then(|task| task.container_instance.clone());
    if let Some(instance) = instance.and_then(|name| cx.state.container_instances.get_mut(&name)) {
        instance.agent.unreported.push((event(), cx.cause));
    }
    true
}

/// Cuts an agent's connection; the control plane notices after a while (CINST-12).
pub(crate) fn silence(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    if !instance.agent.silent {
        instance.agent.silent = true;
        cx.book(durations::AGENT_SILENCE, Event::AgentSilence(arn.clone()));
    }
}

/// The control plane notices that it hears nothing of this agent (CINST-12).
pub fn falls_silent(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    if instance.agent.silent && instance.agent_connected {
        instance.agent_connected = false;
        let about = subject(Kind::ContainerInstance, arn);
        cx.record(RecordKind::Failure, about, "agentConnected false", rules::AGENT_SILENCE);
    }
}

/// An agent is connected again: it tells what happened, and hears what it missed (CINST-11).
pub(crate) fn speaks_again(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    if !instance.agent.silent {
        return;
    }
    instance.agent.silent = false;
    let was_seen = !std::mem::replace(&mut instance.agent_connected, true);
    let unreported = std::mem::take(&mut instance.agent.unreported);
    let tasks: Vec<TaskArn> = instance.tasks.iter().cloned().collect();
    if was_seen {
        let about = subject(Kind::ContainerInstance, arn);
        let record = cx.record(RecordKind::Change, about, "agentConnected true", rules::AGENT_SILENCE);
        cx.cause = Some(record);
    }
    for (event, cause) in unreported {
        cx.agenda.book(cx.clock + SimDuration::millis(1), event, cause);
    }
    for task in tasks {
        let cause = cx.cause;
        task_chain::begin_stop(cx, &task);
        cx.cause = cause;
    }
}

/// Whether an image lies in the cache of an instance (LIFE-25).
pub(crate) fn has_image(state: &State, arn: &ContainerInstanceArn, image: &str) -> bool {
    let image = program::whole_name(image);
    state
        .container_instances
        .get(arn)
        .and_then(|instance| state.instances.get(&instance.instance))
        .is_some_and(|machine| machine.cached_images.contains(&image))
}

/// Whether the agent under a task uses an image that is there without asking the registry (LIFE-25).
pub(crate) fn trusts_cache(state: &State, task: &Task) -> bool {
    let instance = task.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn));
    instance.is_some_and(|instance| instance.settings.trusts_cache)
}

/// Keeps a pulled image in the cache of an instance.
pub(crate) fn keep_image(cx: &mut Cx<'_>, arn: &ContainerInstanceArn, image: &str) {
    let Some(instance) = cx.state.container_instances.get(arn) else { return };
    if let Some(machine) = cx.state.instances.get_mut(&instance.instance) {
        let image = program::whole_name(image);
        if !machine.cached_images.contains(&image) {
            machine.cached_images.push(image);
        }
    }
}

/// The range from which Docker takes dynamic host ports (TASKDEF-41).
const DYNAMIC: (i64, i64) = (32_768, 60_999);

/// The next free dynamic port: ascending, wrapping, skipping ports in use.
pub(crate) fn dynamic_port(state: &mut State, arn: &ContainerInstanceArn) -> Option<i64> {
    let instance = state.container_instances.get_mut(arn)?;
    let (used, last) = &mut instance.dynamic_ports;
    let (least, most) = instance.settings.dynamic_ports.unwrap_or(DYNAMIC);
    let from = if (least..=most).contains(last) { *last + 1 } else { least };
    let port = (from..=most).chain(least..=most).find(|port| {
        !used.contains(port) && !instance.agent.ports_held.contains(&(false, port.unsigned_abs()))
    })?;
    used.insert(port);
    *last = port;
    Some(port)
}

/// A container has ended: its dynamic ports are free.
pub(crate) fn free_dynamic_ports(state: &mut State, arn: &ContainerInstanceArn, ports: &[i64]) {
    if let Some(instance) = state.container_instances.get_mut(arn) {
        for port in ports {
            instance.dynamic_ports.0.remove(port);
        }
    }
}
