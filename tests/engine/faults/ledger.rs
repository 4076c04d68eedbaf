//! What must hold of machines and groups after every event: what is taken is the sum of the tasks.

use super::Trial;
use drydock::State;
use drydock::arn::ContainerInstanceArn;
use drydock::ecs::container_instance::ContainerInstance;
use drydock::ecs::task::{Task, TaskStatus};
use drydock::ecs::task_definition::NetworkMode;
use std::collections::{BTreeMap, BTreeSet};

impl Trial {
    /// What is reserved is the sum of the tasks, within capacity; a group has what it may have.
    pub fn ledgers(&self) -> Result<(), String> {
        let state = self.state();
        let mut on: BTreeMap<&ContainerInstanceArn, Vec<&Task>> = BTreeMap::new();
        for task in state.tasks.values().filter(|task| task.last_status != TaskStatus::Stopped) {
            if let Some(arn) = &task.container_instance {
                on.entry(arn).or_default().push(task);
            }
            if let Some(service) = task.service.as_ref().and_then(|arn| state.services.get(arn))
                && !service.tasks.contains(&task.arn)
            {
                return Err(format!("{} has lost {}", service.name, task.arn));
            }
        }
        for instance in state.container_instances.values() {
            let tasks = on.remove(&instance.arn).unwrap_or_default();
            placed(instance, &tasks).map_err(|what| format!("{}: {what}", instance.arn))?;
            held(state, instance).map_err(|what| format!("the agent of {}: {what}", instance.arn))?;
        }
        // ASG-01: a group wants what it may want, and its machines are its own.
        for group in state.auto_scaling_groups.values() {
            if !(group.min_size..=group.max_size).contains(&group.desired_capacity) {
                return Err(format!("{} wants {}", group.name, group.desired_capacity));
            }
            for id in group.instances.keys() {
                let of = drydock::autoscaling::group::of_instance(state, id);
                if of.is_none_or(|it| it.name != group.name) {
                    return Err(format!("{id} is not of {}", group.name));
                }
            }
        }
        Ok(())
    }
}

/// What placement counts: every task that was not told to stop (PLACE-12, LIFE-14).
fn placed(instance: &ContainerInstance, tasks: &[&Task]) -> Result<(), String> {
    let alive = || tasks.iter().filter(|task| !task.told_to_stop);
    same("CPU units", instance.cpu_taken.0, alive().map(|task| task.cpu.0).sum())?;
    same("MiB", instance.memory_taken.0, alive().map(|task| task.memory.0).sum())?;
    let cards = alive().filter(|task| task.network_mode == NetworkMode::AwsVpc).count() as u64;
    same("network cards", instance.eni_taken, cards)?;
    let numbers: BTreeSet<(bool, u64)> = alive().flat_map(|task| ports(task)).collect();
    same("ports", instance.ports_taken.len() as u64, alive().flat_map(|task| ports(task)).count() as u64)?;
    if numbers != instance.ports_taken {
        return Err(format!(
            "the ports {:?} are taken, {numbers:?} are those of the tasks",
            instance.ports_taken
        ));
    }
    let mut groups: BTreeMap<&str, u64> = BTreeMap::new();
    alive().for_each(|task| *groups.entry(&task.group).or_default() += 1);
    if !groups.into_iter().eq(instance.groups.iter().map(|(group, count)| (group.as_str(), *count))) {
        return Err(format!("its groups are not {:?}", instance.groups));
    }
    let fits = instance.cpu_taken <= instance.cpu
        && instance.memory_taken <= instance.memory
        && instance.eni_taken <= instance.eni_slots;
    if fits { Ok(()) } else { Err("more is taken than there is".to_string()) }
}

/// What the agent counts: every task that it let in and whose containers have not ended (LIFE-14).
fn held(state: &State, instance: &ContainerInstance) -> Result<(), String> {
    let agent = &instance.agent;
    let tasks: Vec<&Task> = agent.admitted.iter().filter_map(|arn| state.tasks.get(arn)).collect();
    same("tasks", agent.admitted.len() as u64, tasks.len() as u64)?;
    same("CPU units", agent.cpu_held, tasks.iter().map(|task| task.cpu.0).sum())?;
    same("MiB", agent.memory_held, tasks.iter().map(|task| task.memory.0).sum())?;
    same("ports", agent.ports_held.len() as u64, tasks.iter().flat_map(|task| ports(task)).count() as u64)?;
    let fits = agent.cpu_held <= instance.cpu.0 && agent.memory_held <= instance.memory.0;
    if fits { Ok(()) } else { Err("more is held than there is".to_string()) }
}

fn ports(task: &Task) -> impl Iterator<Item = (bool, u64)> {
    let tcp = task.host_ports.iter().map(|port| (false, *port));
    tcp.chain(task.host_ports_udp.iter().map(|port| (true, *port)))
}

fn same(what: &str, counted: u64, tasks: u64) -> Result<(), String> {
    if counted == tasks {
        Ok(())
    } else {
        Err(format!("{counted} {what} are counted, the tasks have {tasks}"))
    }
}
