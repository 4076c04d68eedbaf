//! What placement counts on an instance: tasks take of it, and give back (PLACE-02, LIFE-14).

use crate::arn::TaskArn;
use crate::ecs::task::{LaunchType, Task};
use crate::ecs::task_definition::NetworkMode;
use crate::state::State;

/// The static host ports of a task: false for TCP, true for UDP.
pub(super) fn ports(task: &Task) -> impl Iterator<Item = (bool, u64)> {
    let tcp = task.host_ports.iter().map(|port| (false, *port));
    tcp.chain(task.host_ports_udp.iter().map(|port| (true, *port)))
}

/// The graphics processors of a task.
pub(super) fn gpus(task: &Task) -> impl Iterator<Item = &String> {
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
