//! EC2 instances: virtual machines with Docker, and with the ECS agent if their image has it.

use crate::arn::{ContainerInstanceArn, InstanceId, SubnetId};
pub use crate::ec2::instance_type::InstanceType;
use crate::ec2::rules;
use crate::ecs::container_instance::{self, ContainerInstance};
use crate::ecs::tag::Tag;
use crate::ecs::task::StopCode;
use crate::ecs::{cluster, durations, registration, task_chain};
use crate::error::ApiError;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::rules::Rule;
use crate::state::State;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, RecordKind};

/// Where an instance is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum InstanceState {
    Pending,
    Running,
    ShuttingDown,
    Terminated,
}

impl InstanceState {
    /// EC2's word and number for it.
    pub fn word(self) -> (&'static str, i64) {
        match self {
            InstanceState::Pending => ("pending", 0),
            InstanceState::Running => ("running", 16),
            InstanceState::ShuttingDown => ("shutting-down", 32),
            InstanceState::Terminated => ("terminated", 48),
        }
    }
}

/// A container that somebody ran by hand on an instance, outside ECS.
#[derive(Debug, Clone, PartialEq)]
pub struct DockerContainer {
    /// Its id, 12 hex digits as `docker ps` shows.
    pub id: String,
    /// Its name, two words as Docker gives them.
    pub name: String,
    /// Its image.
    pub image: String,
    /// When its process started.
    pub started_at: SimTime,
    /// When its process ended, and with which exit code.
    pub exited: Option<(SimTime, i64)>,
}

/// An EC2 instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Its id.
    pub id: InstanceId,
    /// Its type, such as `m5.large`.
    pub instance_type: &'static InstanceType,
    /// The machine image it was launched from.
    pub image_id: String,
    /// The launch that it belongs to.
    pub reservation: String,
    /// Its place in that launch.
    pub launch_index: u64,
    /// Its subnet.
    pub subnet: SubnetId,
    /// Its security groups.
    pub security_groups: Vec<String>,
    /// Its zone.
    pub availability_zone: String,
    /// Its address.
    pub private_ip: String,
    /// Where it is in its life.
    pub state: InstanceState,
    /// When its next step is due; an event at another time is stale.
    pub step_at: Option<SimTime>,
    /// Whether EC2 may take it back (Spot).
    pub spot: bool,
    /// When EC2 gave notice that it does.
    pub spot_notice: Option<SimTime>,
    /// The ARN of who launched it.
    pub launched_by: String,
    /// When it was launched.
    pub launched_at: SimTime,
    /// When its boot was over.
    pub booted_at: Option<SimTime>,
    /// The script that ran at its first boot.
    pub user_data: String,
    /// Whether its image has Docker and the ECS agent, or Docker only.
    pub has_agent: bool,
    /// How often its agent was refused.
    pub refusals: u32,
    /// The cluster registration of its agent.
    pub container_instance: Option<ContainerInstanceArn>,
    /// Containers run by hand.
    pub docker: Vec<DockerContainer>,
    /// Images that lie in its cache.
    pub cached_images: Vec<String>,
    /// Its instance profile, if any.
    pub instance_profile: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl Instance {
    /// What user data wrote for this variable of /etc/ecs/ecs.config; the last line counts.
    pub fn agent_setting(&self, name: &str) -> Option<&str> {
        self.user_data.lines().rev().find_map(|line| {
            let (_, rest) = line.rsplit_once(name)?;
            let value = rest.strip_prefix('=')?;
            let end = value.find(|end: char| end.is_whitespace() || ">;&|".contains(end));
            let value = value.get(..end.unwrap_or(value.len()))?;
            let value = value.trim_matches(['"', '\'']);
            Some(value).filter(|value| !value.is_empty())
        })
    }

    /// The name of the cluster that its agent joins (CINST-01).
    pub fn cluster_name(&self) -> &str {
        self.agent_setting("ECS_CLUSTER").unwrap_or("default")
    }
}

/// The ids of a request, if instances of all of them exist or have existed.
///
/// # Errors
/// `InvalidInstanceID.Malformed`, `InvalidInstanceID.NotFound`.
pub fn known(state: &State, ids: &[String]) -> Result<Vec<InstanceId>, ApiError> {
    ids.iter()
        .map(|text| {
            let id = InstanceId::from(text.as_str());
            if state.instances.contains_key(&id) {
                return Ok(id);
            }
            let hex = text.strip_prefix("i-").filter(|tail| tail.chars().all(|c| c.is_ascii_hexdigit()));
            Err(match hex.filter(|tail| tail.len() == 17 || tail.len() == 8) {
                Some(_) => ApiError::new(
                    "InvalidInstanceID.NotFound",
                    format!("The instance ID '{text}' does not exist"),
                    rules::INSTANCE_FOUND,
                ),
                None => ApiError::new(
                    "InvalidInstanceID.Malformed",
                    format!("Invalid id: \"{text}\""),
                    rules::INSTANCE_FOUND,
                ),
            })
        })
        .collect()
}

/// Books the next step of an instance.
pub(crate) fn book(cx: &mut Cx<'_>, id: &InstanceId, after: SimDuration) {
    if let Some(instance) = cx.state.instances.get_mut(id) {
        instance.step_at = Some(cx.clock + after);
        cx.book(after, Event::InstanceStep(id.clone()));
    }
}

/// Moves an instance to a state and puts that on the timeline; what follows is caused by it.
pub(crate) fn set_state(cx: &mut Cx<'_>, id: &InstanceId, state: InstanceState, rule: &'static Rule) {
    if let Some(instance) = cx.state.instances.get_mut(id) {
        instance.state = state;
        let record = cx.record(RecordKind::Change, subject(Kind::Instance, id), state.word().0, rule);
        cx.cause = Some(record);
    }
}

/// The step that the instance is in has taken its time.
pub fn step(cx: &mut Cx<'_>, id: &InstanceId) {
    let now = cx.clock;
    let Some(instance) = cx.state.instances.get_mut(id) else { return };
    if instance.step_at != Some(now) {
        return;
    }
    instance.step_at = None;
    match instance.state {
        InstanceState::Pending => {
            instance.booted_at = Some(now);
            let has_agent = instance.has_agent;
            set_state(cx, id, InstanceState::Running, rules::INSTANCE_TIMES);
            if has_agent {
                book(cx, id, durations::AGENT_START);
            }
            crate::autoscaling::member::machine_runs(cx, id);
        }
        InstanceState::Running => register(cx, id),
        InstanceState::ShuttingDown => gone(cx, id),
        InstanceState::Terminated => {}
    }
}

/// The agent asks to join its cluster; a cluster that does not exist refuses it, and it tries again.
fn register(cx: &mut Cx<'_>, id: &InstanceId) {
    let Some(instance) = cx.state.instances.get(id) else { return };
    let name = instance.cluster_name().to_string();
    let exists = cx.state.clusters.contains_key(&cluster::arn_of(Some(&name)));
    if exists || name == "default" {
        return registration::register(cx, id, &name);
    }
    let waited = cx.clock.since(instance.booted_at.unwrap_or(cx.clock));
    let refusals = instance.refusals;
    let about = subject(Kind::Instance, id);
    let text = format!("agent: ClusterNotFoundException: Cluster not found. ECS_CLUSTER={name}");
    let record = cx.record(RecordKind::Failure, about, text, rules::INSTANCE_BOOT);
    cx.cause = Some(record);
    if let Some(instance) = cx.state.instances.get_mut(id) {
        instance.refusals += 1;
    }
    if waited < durations::REGISTER_GIVE_UP {
        let factor = 1_u64 << refusals.min(16);
        let wait = SimDuration::millis(durations::REGISTER_RETRY.0.saturating_mul(factor));
        book(cx, id, wait.min(durations::REGISTER_RETRY_MAX));
    }
}

/// Begins the end of an instance: its system shuts down, and with it Docker and the agent.
pub(crate) fn terminate(cx: &mut Cx<'_>, id: &InstanceId) {
    let Some(instance) = cx.state.instances.get(id) else { return };
    if matches!(instance.state, InstanceState::ShuttingDown | InstanceState::Terminated) {
        return;
    }
    let registered = instance.container_instance.clone();
    if let Some(registered) = registered.and_then(|arn| cx.state.container_instances.get_mut(&arn)) {
        registered.shutting_down = true;
    }
    set_state(cx, id, InstanceState::ShuttingDown, rules::INSTANCE_TIMES);
    stop_docker(cx, id);
    book(cx, id, durations::INSTANCE_TERMINATION);
    crate::autoscaling::member::machine_leaves(cx, id);
}

/// The machine fails: it is gone at once, without a shutdown.
pub(crate) fn fail(cx: &mut Cx<'_>, id: &InstanceId) {
    stop_docker(cx, id);
    gone(cx, id);
}

fn stop_docker(cx: &mut Cx<'_>, id: &InstanceId) {
    let now = cx.clock;
    if let Some(instance) = cx.state.instances.get_mut(id) {
        for container in instance.docker.iter_mut().filter(|container| container.exited.is_none()) {
            container.exited = Some((now, 137));
        }
    }
}

/// The instance is terminated; ECS deregisters it if it heard its agent until then (CINST-13).
fn gone(cx: &mut Cx<'_>, id: &InstanceId) {
    set_state(cx, id, InstanceState::Terminated, rules::INSTANCE_TIMES);
    let Some(instance) = cx.state.instances.get_mut(id) else { return };
    instance.step_at = None;
    let registered = instance.container_instance.clone();
    crate::autoscaling::member::machine_gone(cx, id);
    let Some(registered) = registered else { return };
    if cx.state.container_instances.get(&registered).is_some_and(|each| each.agent_connected) {
        let reason = format!("Host EC2 (instance {id}) terminated.");
        deregister(cx, &registered, StopCode::TerminationNotice, &reason);
    } else {
        container_instance::silence(cx, &registered);
    }
}

/// Takes an instance out of its cluster; what ECS counted on it is STOPPED.
pub(crate) fn deregister(cx: &mut Cx<'_>, arn: &ContainerInstanceArn, code: StopCode, reason: &str) {
    let cause = cx.cause;
    let Some(ContainerInstance { instance, cluster, trunk, .. }) = cx.state.container_instances.get(arn)
    else {
        return;
    };
    let text = if trunk.is_some() { "DEREGISTERING: its trunk is taken away" } else { "INACTIVE" };
    let (instance, cluster) = (instance.clone(), cluster.clone());
    let about = subject(Kind::ContainerInstance, arn);
    let record = cx.record(RecordKind::Change, about, text, crate::ecs::rules::instances::TERMINATION);
    cx.cause = Some(record);
    if let Some(machine) = cx.state.instances.get_mut(&instance) {
        machine.container_instance = None;
    }
    crate::cloudwatch::meter::set(cx, &instance);
    // The registration goes first, so that a replacement is not placed here.
    for task in container_instance::retire(cx, arn) {
        task_chain::lost(cx, &task, code, reason);
    }
    crate::ecs::service_scheduler::instances_changed(cx, cluster.short());
    cx.cause = cause;
}

/// A container that was run by hand ends.
pub fn docker_exits(cx: &mut Cx<'_>, id: &InstanceId, container: &str, code: i64) {
    let now = cx.clock;
    let Some(instance) = cx.state.instances.get_mut(id) else { return };
    let ended = instance
        .docker
        .iter_mut()
        .find(|each| each.id == container && each.exited.is_none())
        .map(|each| each.exited = Some((now, code)));
    if ended.is_some() {
        let about = subject(Kind::Instance, id);
        let text = format!("container {container} ended with exit code {code}; nobody restarts it");
        cx.record(RecordKind::Failure, about, text, rules::DOCKER_ALONE);
    }
}
