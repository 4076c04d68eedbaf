//! A machine in the engine's terms: its head, its summary, what can be done to it.
use drydock::ec2::instance::{Instance, InstanceState};
use drydock::ecs::container_instance::ContainerInstance;
use drydock::ecs::usage;
use drydock::{SimTime, State};

use super::super::fleet;
use super::{Action, Fact, Head, action, fault};

/// The machine of this id.
pub fn of<'a>(state: &'a State, id: &str) -> Option<&'a Instance> {
    state.instances.values().find(|instance| instance.id.as_str() == id)
}

/// What it is to a cluster, if its agent has registered it.
fn registered<'a>(state: &'a State, instance: &Instance) -> Option<&'a ContainerInstance> {
    instance.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn))
}

/// What it is and how it is.
pub fn head(state: &State, instance: &Instance) -> Head {
    let (sentence, wrong) = match registered(state, instance) {
        None => ("It is outside ECS: no agent has registered it with a cluster.".to_string(), false),
        Some(host) if !host.agent_connected => {
            ("Its agent is silent: tasks run on, and nothing new can start here.".to_string(), true)
        }
        Some(host) => (
            format!(
                "In cluster {}. {} CPU units and {} MiB are free.",
                host.cluster.short(),
                host.cpu_left().0,
                host.memory_left().0
            ),
            false,
        ),
    };
    Head { title: format!("{} {}", instance.instance_type.name, instance.id), sentence, wrong }
}

/// The summary, a line each.
pub fn facts(state: &State, instance: &Instance, now: SimTime) -> Vec<Fact> {
    let mut facts = vec![
        ("Type", format!("{}{}", instance.instance_type.name, if instance.spot { ", Spot" } else { "" })),
        ("Place", format!("{} in {}", instance.subnet, instance.availability_zone)),
        ("Address", instance.private_ip.clone()),
        ("Launched", instance.launched_at.clock()),
    ];
    if instance.spot {
        let ends = fleet::spot_warning(instance).map(|warning| format!(", {warning}"));
        facts.push(("Market", format!("Spot{}", ends.unwrap_or_default())));
    }
    if let Some(group) = drydock::autoscaling::group::of_instance(state, &instance.id)
        && let Some(member) = group.instances.get(&instance.id)
    {
        let protected = if member.protected { ", protected from scale-in" } else { "" };
        facts.push(("Group", format!("{}, {}{protected}", group.name, member.lifecycle.word())));
    }
    if let Some(host) = registered(state, instance) {
        facts.push(("Cluster", host.cluster.short().to_string()));
        facts.push(("Agent", if host.agent_connected { "connected" } else { "silent" }.to_string()));
        facts.push(("CPU", format!("{} of {} units taken", host.cpu_taken.0, host.cpu.0)));
        facts.push(("Memory", format!("{} of {} MiB taken", host.memory_taken.0, host.memory.0)));
        let used = usage::instance_cpu(state, host);
        let share = (used * 100).checked_div(host.cpu.0).unwrap_or(0);
        let tasks = host.tasks.iter().filter_map(|arn| state.tasks.get(arn));
        let memory: u64 = tasks.map(|task| usage::task_memory(task, now)).sum();
        facts.push(("Uses", format!("{used} CPU units ({share} %), {memory} MiB")));
        facts.push(("Tasks", host.tasks.len().to_string()));
    }
    facts
}

/// What can be done to it.
pub fn actions(state: &State, instance: &Instance) -> Vec<Action> {
    if instance.state == InstanceState::Terminated {
        return Vec::new();
    }
    let id = &instance.id;
    let mut actions =
        vec![action("Terminate the instance", format!("aws ec2 terminate-instances --instance-ids {id}"))];
    if registered(state, instance).is_some_and(|host| host.agent_connected) {
        actions.push(fault("Disconnect its agent", format!("drydock fail agent {id}")));
    }
    if instance.spot && instance.spot_notice.is_none() {
        actions.push(fault("Take the Spot instance back", format!("drydock fail spot {id}")));
    }
    actions.push(fault("Fail the instance", format!("drydock fail instance {id}")));
    actions
}
