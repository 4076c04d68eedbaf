//! What tasks really use, as against what they reserve: programs, the load on them, and Linux's limits.

use crate::arn::{ServiceArn, TaskArn};
use crate::cloudwatch::meter;
use crate::ecs::container::{self, Container, ContainerStatus};
use crate::ecs::container_instance::ContainerInstance;
use crate::ecs::rules::usage as rules;
use crate::ecs::task::{LaunchType, Task};
use crate::event::Event;
use crate::operation::Cx;
use crate::state::State;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, Outcome, RecordKind, Subject, Verdict};
use std::collections::BTreeMap;

/// What the work of a service asks of each of its tasks; a program never uses less than it declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// CPU units that the main container would use if it got them.
    pub cpu: u64,
    /// MiB that the main container uses.
    pub memory: u64,
}

/// Somebody who wants CPU: how much, and with which weight when there is not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// CPU units wanted.
    pub demand: u64,
    /// The weight: CPU units reserved.
    pub weight: u64,
}

/// The weight that Linux gives to a container without CPU units (TASKDEF-22).
const LEAST_WEIGHT: u64 = 2;

/// Shares CPU out as the kernel does: whoever wants less than its weight's share gets all it wants, and the
/// rest is shared by weight among the others (TASKDEF-22). Together they get all that is wanted or there.
pub fn share(capacity: u64, claims: &[Claim]) -> Vec<u64> {
    let mut given: Vec<Option<u64>> = vec![None; claims.len()];
    let mut left = capacity;
    loop {
        let open = || claims.iter().zip(&given).enumerate().filter(|(_, (_, got))| got.is_none());
        let weights: u64 = open().map(|(_, (claim, _))| claim.weight.max(1)).sum();
        let content: Vec<(usize, u64)> = open()
            .filter(|(_, (claim, _))| {
                claim.demand.saturating_mul(weights) <= left.saturating_mul(claim.weight.max(1))
            })
            .map(|(at, (claim, _))| (at, claim.demand))
            .collect();
        if !content.is_empty() {
            for (at, demand) in content {
                left = left.saturating_sub(demand);
                if let Some(slot) = given.get_mut(at) {
                    *slot = Some(demand);
                }
            }
            continue;
        }
        // Nobody is content with a share: all are cut to theirs, and odd units go to the first.
        let short: Vec<(usize, u64)> = open().map(|(at, (claim, _))| (at, claim.weight.max(1))).collect();
        let floor = |weight: u64| left.saturating_mul(weight).checked_div(weights).unwrap_or(0);
        let mut odd = left - short.iter().map(|(_, weight)| floor(*weight)).sum::<u64>().min(left);
        for (at, weight) in short {
            let extra = u64::from(odd > 0);
            odd -= extra;
            if let Some(slot) = given.get_mut(at) {
                *slot = Some(floor(weight) + extra);
            }
        }
        return given.into_iter().map(Option::unwrap_or_default).collect();
    }
}

/// The CPU units that the containers of a task would use if they got them.
fn demand(task: &Task) -> u64 {
    task.containers.iter().map(Container::cpu_wanted).sum()
}

/// The CPU units that a task can never go beyond: those of its Fargate size or of its task definition
/// (CW-20); without them its containers may use whatever is idle.
pub fn cpu_limit(state: &State, task: &Task) -> Option<u64> {
    let by_definition = || {
        let definition = state.task_definitions.get(&task.task_definition);
        definition.and_then(|definition| definition.cpu).is_some_and(|cpu| cpu.0 > 0)
    };
    let by_request = || task.overrides.as_ref().is_some_and(|overrides| overrides.get("cpu").is_some());
    let limited = task.launch_type == LaunchType::Fargate || by_definition() || by_request();
    limited.then_some(task.cpu.0)
}

/// What a task wants and weighs on its machine.
fn claim(state: &State, task: &Task) -> Claim {
    let limit = cpu_limit(state, task).unwrap_or(u64::MAX);
    Claim { demand: demand(task).min(limit), weight: task.cpu.0.max(LEAST_WEIGHT) }
}

/// The CPU units that each task of an instance uses, by ARN.
pub fn of_instance(state: &State, instance: &ContainerInstance) -> BTreeMap<TaskArn, u64> {
    let tasks: Vec<&Task> = instance.tasks.iter().filter_map(|arn| state.tasks.get(arn)).collect();
    let claims: Vec<Claim> = tasks.iter().map(|task| claim(state, task)).collect();
    let shares = share(instance.cpu.0, &claims);
    tasks.iter().map(|task| task.arn.clone()).zip(shares).collect()
}

/// The CPU units in use on an instance.
pub fn instance_cpu(state: &State, instance: &ContainerInstance) -> u64 {
    of_instance(state, instance).values().sum()
}

/// The CPU units that a task uses.
pub fn task_cpu(state: &State, task: &Task) -> u64 {
    let instance = task.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn));
    match instance {
        Some(instance) => of_instance(state, instance).get(&task.arn).copied().unwrap_or(0),
        None => claim(state, task).demand,
    }
}

/// The memory that a task uses, in MiB.
pub fn task_memory(task: &Task, now: SimTime) -> u64 {
    task.containers.iter().map(|container| container.memory_used(now)).sum()
}

/// The place of the container that bears a task's load: the first essential one.
fn main_container(containers: &[Container]) -> Option<usize> {
    containers.iter().position(|container| container.essential)
}

/// Puts its service's load on the containers of a task that is being made.
pub(crate) fn burden(state: &State, service: Option<&ServiceArn>, containers: &mut [Container]) {
    let load = service.and_then(|service| state.loads.get(service)).copied().unwrap_or_default();
    if let Some(main) = main_container(containers)
        && let Some(container) = containers.get_mut(main)
    {
        container.load = load;
    }
}

/// Puts a load on every task of a service, those to come included, or takes it away; says in words which.
pub(crate) fn set_load(cx: &mut Cx<'_>, service: &ServiceArn, load: Option<Load>, text: String) {
    match load {
        Some(load) => cx.state.loads.insert(service.clone(), load),
        None => cx.state.loads.remove(service),
    };
    let Some(found) = cx.state.services.get(service) else { return };
    let (subject, tasks) = (found.subject(), found.tasks.clone());
    for arn in &tasks {
        let Some(task) = cx.state.tasks.get_mut(arn) else { continue };
        let main = main_container(&task.containers);
        if let Some(container) = main.and_then(|main| task.containers.get_mut(main)) {
            container.load = load.unwrap_or_default();
        }
    }
    let living: Vec<&Task> = tasks.iter().filter_map(|arn| cx.state.tasks.get(arn)).collect();
    let verdicts = living.iter().filter(|task| demand(task) > 0).take(VERDICTS_TOLD);
    let verdicts = verdicts.map(|task| verdict(cx.state, task, cx.clock)).collect();
    let record = cx.record_decision(RecordKind::Change, subject, text, rules::LOAD, verdicts);
    cx.because(record, |cx| {
        for arn in &tasks {
            let main = cx.state.tasks.get(arn).and_then(|task| main_container(&task.containers));
            main.into_iter().for_each(|main| outgrow(cx, arn, main));
            meter::changed_under(cx, arn);
        }
    });
}

/// How many tasks a change of load tells of.
const VERDICTS_TOLD: usize = 12;

/// How a task fares under its load.
fn verdict(state: &State, task: &Task, now: SimTime) -> Verdict {
    let (wanted, used, memory) = (demand(task), task_cpu(state, task), task_memory(task, now));
    let (outcome, reason, rule) = match cpu_limit(state, task) {
        Some(limit) if used == limit && wanted > limit => {
            (Outcome::Removed, format!("wants {wanted} CPU units and may use {limit}"), rules::CPU_CAPPED)
        }
        _ if used < wanted => {
            (Outcome::Removed, format!("wants {wanted} CPU units and gets {used}"), rules::CPU_SHARES)
        }
        _ => (Outcome::Passed, format!("uses {used} CPU units"), rules::CPU_SHARES),
    };
    let candidate = Subject::new(Kind::Task, task.arn.as_str());
    Verdict { candidate, outcome, reason: format!("{reason}; {memory} MiB"), rule }
}

/// Books the end of a container that will use, or uses, more memory than it may (LIFE-23).
pub(crate) fn outgrow(cx: &mut Cx<'_>, arn: &TaskArn, index: usize) {
    let Some(container) = container::of(cx, arn, index) else { return };
    let (life, Some(started)) = (container.life, container.started_at) else { return };
    if container.status != ContainerStatus::Running {
        return;
    }
    let Some(millis) = container.outgrows() else { return };
    let at = (started + SimDuration::millis(millis)).since(cx.clock);
    let reason = Some(container::OUT_OF_MEMORY.to_string());
    cx.book(at, Event::ContainerExits { task: arn.clone(), container: index, life, code: 137, reason });
}
