//! Who waits for an instance of a provider: tasks in PROVISIONING, by what they need.

use super::estimate::Waiting;
use crate::arn::{ClusterArn, TaskArn};
use crate::ecs::task_definition::NetworkMode;
use crate::ecs::task_launch;
use crate::state::State;
use crate::timeline::{Kind, Subject};

/// Tasks alike that wait (CAP-19).
#[derive(Debug, Clone, PartialEq)]
pub struct Crowd {
    /// What they need.
    pub waiting: Waiting,
    /// The task definition of the first of them.
    pub subject: Subject,
    /// They, by ARN.
    pub tasks: Vec<TaskArn>,
}

impl Crowd {
    /// They in words: `4 tasks of 1024 CPU units and 1024 MiB`.
    pub fn says(&self) -> String {
        let Waiting { count, cpu, memory, eni, gpus, port } = self.waiting;
        let tasks = if count == 1 { "task" } else { "tasks" };
        let eni = if eni { ", each with a network card" } else { "" };
        let gpus = match gpus {
            0 => String::new(),
            1 => ", each with 1 GPU".to_string(),
            gpus => format!(", each with {gpus} GPUs"),
        };
        let port = if port { ", each with a host port of its own" } else { "" };
        format!("{count} {tasks} of {cpu} CPU units and {memory} MiB{eni}{gpus}{port}")
    }
}

/// The tasks that wait for an instance of a provider, alike with alike, the oldest first.
pub fn crowds(state: &State, cluster: &ClusterArn, provider: &str) -> Vec<Crowd> {
    let mut crowds: Vec<Crowd> = Vec::new();
    let queue = state.clusters.get(cluster).map(|cluster| cluster.waiting.tasks.as_slice());
    let tasks = queue.unwrap_or_default().iter().filter_map(|arn| state.tasks.get(arn));
    for task in tasks.filter(|task| task.capacity_provider.as_deref() == Some(provider)) {
        let one = Waiting {
            count: 1,
            cpu: task.cpu.0,
            memory: task.memory.0,
            eni: task.network_mode == NetworkMode::AwsVpc,
            gpus: task.waiting.as_ref().map_or(0, |waits| task_launch::needs_of(state, &waits.launch).0.gpus),
            port: !task.host_ports.is_empty() || !task.host_ports_udp.is_empty(),
        };
        let alike = crowds.iter_mut().find(|crowd| Waiting { count: 1, ..crowd.waiting } == one);
        match alike {
            Some(crowd) => {
                crowd.waiting.count += 1;
                crowd.tasks.push(task.arn.clone());
            }
            None => crowds.push(Crowd {
                waiting: one,
                subject: Subject::new(Kind::TaskDefinition, task.task_definition.as_str()),
                tasks: vec![task.arn.clone()],
            }),
        }
    }
    crowds
}
