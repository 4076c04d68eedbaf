//! `drydock usage`: what tasks and instances really use, beside what is reserved.

use crate::arn::TaskArn;
use crate::ecs::container_instance::ContainerInstance;
use crate::ecs::task::{Task, TaskStatus};
use crate::ecs::{cluster, usage as measure};
use crate::error::ApiError;
use crate::operation::Look;
use crate::shape::Thousandths;
use crate::timeline::Kind;
use std::collections::BTreeMap;

shape! {
    /// Where to look.
    pub struct UsageRequest {
        /// The cluster; every cluster when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
    }
    /// What a task uses.
    pub struct TaskUsage {
        /// The task.
        task_arn: String = "taskArn";
        /// Its group.
        group: String = "group";
        /// CPU units in use.
        cpu: i64 = "cpu";
        /// CPU units reserved for it.
        cpu_reserved: i64 = "cpuReserved";
        /// MiB in use.
        memory: i64 = "memory";
        /// MiB reserved for it.
        memory_reserved: i64 = "memoryReserved";
    }
    /// What an instance's tasks use together.
    pub struct InstanceUsage {
        /// The EC2 instance.
        ec2_instance_id: String = "ec2InstanceId";
        /// CPU units in use.
        cpu: i64 = "cpu";
        /// CPU units reserved.
        cpu_reserved: i64 = "cpuReserved";
        /// CPU units registered.
        cpu_registered: i64 = "cpuRegistered";
        /// Percent of its CPU in use.
        cpu_utilization: Thousandths = "cpuUtilization";
        /// MiB in use.
        memory: i64 = "memory";
        /// MiB reserved.
        memory_reserved: i64 = "memoryReserved";
        /// MiB registered.
        memory_registered: i64 = "memoryRegistered";
    }
    /// What is in use.
    pub struct UsageResponse {
        /// Tasks that are not STOPPED.
        tasks: Vec<TaskUsage> = "tasks";
        /// Instances.
        instances: Vec<InstanceUsage> = "instances";
    }
}

/// Tells what tasks and instances use now.
///
/// # Errors
/// `ClusterNotFoundException` for a cluster that there is not.
pub fn usage(cx: &Look<'_>, request: UsageRequest) -> Result<UsageResponse, ApiError> {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let chosen = match &request.cluster {
        Some(_) => Some(cluster::find(cx.state, request.cluster.as_deref())?.arn.clone()),
        None => None,
    };
    let mut cpu: BTreeMap<TaskArn, u64> = BTreeMap::new();
    let mut instances = Vec::new();
    let here = |one: &&ContainerInstance| chosen.as_ref().is_none_or(|arn| *arn == one.cluster);
    for instance in cx.state.container_instances.values().filter(here) {
        let of_tasks = measure::of_instance(cx.state, instance);
        let used: u64 = of_tasks.values().sum();
        let tasks = instance.tasks.iter().filter_map(|arn| cx.state.tasks.get(arn));
        let share = used.saturating_mul(100_000).checked_div(instance.cpu.0).unwrap_or(0);
        instances.push(InstanceUsage {
            ec2_instance_id: instance.instance.to_string(),
            cpu: number(used),
            cpu_reserved: number(instance.cpu_taken.0),
            cpu_registered: number(instance.cpu.0),
            cpu_utilization: Thousandths(number(share)),
            memory: number(tasks.map(|task| measure::task_memory(task, cx.clock)).sum()),
            memory_reserved: number(instance.memory_taken.0),
            memory_registered: number(instance.memory.0),
        });
        cpu.extend(of_tasks);
    }
    let alive = |task: &&Task| {
        task.last_status != TaskStatus::Stopped && chosen.as_ref().is_none_or(|arn| *arn == task.cluster)
    };
    let tasks = cx.state.tasks.values().filter(alive).map(|task| TaskUsage {
        task_arn: task.arn.to_string(),
        group: task.group.clone(),
        cpu: number(cpu.get(&task.arn).copied().unwrap_or_else(|| measure::task_cpu(cx.state, task))),
        cpu_reserved: number(task.cpu.0),
        memory: number(measure::task_memory(task, cx.clock)),
        memory_reserved: number(task.memory.0),
    });
    Ok(UsageResponse { tasks: tasks.collect(), instances })
}
