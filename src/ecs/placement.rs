//! Where a task goes: a pure decision with a verdict per instance.

use crate::arn::{ClusterArn, ContainerInstanceArn, SubnetId};
use crate::ec2::instance::{Instance, InstanceState};
use crate::ecs::container_instance::{ContainerInstance, InstanceStatus};
use crate::ecs::rules::tasks as rules;
use crate::ecs::task_launch::Needs;
use crate::rules::Rule;
use crate::state::State;
use crate::timeline::{Kind, Outcome, Subject, Verdict};
use std::collections::BTreeMap;

/// A task that looks for a place.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The cluster to look in.
    pub cluster: &'a ClusterArn,
    /// The group whose tasks are to be spread.
    pub group: &'a str,
    /// Whether it is a service's task (PLACE-13), and not a standalone one (PLACE-14).
    pub for_service: bool,
    /// What it takes.
    pub needs: &'a Needs,
    /// Attributes that the instance must have.
    pub attributes: &'a [String],
    /// Subnets in whose zones it may stand (awsvpc).
    pub subnets: Option<&'a [SubnetId]>,
}

/// Where the task goes, or why nowhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The instance that takes it.
    pub chosen: Option<ContainerInstanceArn>,
    /// Where none does: the instance that passed the most tests (PLACE-03).
    pub closest: Option<ContainerInstanceArn>,
    /// Where none does: AWS's word for the test that the closest one failed (PLACE-31).
    pub reason: String,
    /// The decision in one sentence.
    pub text: String,
    /// The rule that decided.
    pub rule: &'static Rule,
    /// A verdict per instance: the chosen one first, then those that passed, then the others, nearest
    /// first; at most [`TOLD`].
    pub verdicts: Vec<Verdict>,
}

/// So many verdicts of one decision are put on the timeline.
pub const TOLD: usize = 24;

/// A test that an instance failed, with its numbers; in the order of the tests (PLACE-02).
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fail<'a> {
    Draining,
    Agent,
    Attribute(&'a str),
    Location,
    Cpu(u64, u64),
    Memory(u64, u64),
    Port(u64),
    Eni(u64),
}

impl Fail<'_> {
    /// How many tests were passed before this one.
    fn passed(&self) -> u8 {
        match self {
            Fail::Draining => 0,
            Fail::Agent => 1,
            Fail::Attribute(_) => 2,
            Fail::Location => 3,
            Fail::Cpu(..) => 4,
            Fail::Memory(..) => 5,
            Fail::Port(_) => 6,
            Fail::Eni(_) => 7,
        }
    }

    /// How far the instance is from passing.
    fn missing(&self) -> u64 {
        match self {
            Fail::Cpu(needed, left) | Fail::Memory(needed, left) => needed.saturating_sub(*left),
            _ => 0,
        }
    }

    /// AWS's word for it (PLACE-31).
    fn word(&self) -> &'static str {
        match self {
            Fail::Draining => "NO ACTIVE INSTANCES",
            Fail::Agent => "AGENT",
            Fail::Attribute(_) => "ATTRIBUTE",
            Fail::Location => "LOCATION",
            Fail::Cpu(..) => "RESOURCE:CPU",
            Fail::Memory(..) => "RESOURCE:MEMORY",
            Fail::Port(_) => "RESOURCE:PORTS",
            Fail::Eni(_) => "RESOURCE:ENI",
        }
    }

    /// The verdict in words, with its numbers.
    fn says(&self) -> String {
        match self {
            Fail::Draining => "status: it is DRAINING and takes no new tasks".to_string(),
            Fail::Agent => "agent: it is not connected".to_string(),
            Fail::Attribute(name) => format!("attribute: it lacks {name}"),
            Fail::Location => "location: none of the given subnets is in its Availability Zone".to_string(),
            Fail::Cpu(needed, left) => format!("CPU: needs {needed} units, {left} units are left"),
            Fail::Memory(needed, left) => format!("memory: needs {needed} MiB, {left} MiB are left"),
            Fail::Port(port) => format!("ports: host port {port} is already in use"),
            Fail::Eni(slots) => format!("network cards: all {slots} that tasks may have are taken"),
        }
    }

    fn rule(&self) -> &'static Rule {
        match self {
            Fail::Eni(_) => rules::CARD_SLOTS,
            _ => rules::FILTERS,
        }
    }
}

/// Judges one instance: the tests of PLACE-02 in their order, up to the first that fails.
fn judge<'a>(state: &State, request: &Request<'a>, instance: &ContainerInstance) -> Option<Fail<'a>> {
    if instance.status != InstanceStatus::Active {
        return Some(Fail::Draining);
    }
    // A machine that shuts down has stopped its agent already.
    let running = |machine: &Instance| machine.state == InstanceState::Running;
    if !instance.agent_connected || !state.instances.get(&instance.instance).is_some_and(running) {
        return Some(Fail::Agent);
    }
    let lacks = |name: &&String| !instance.attributes.contains_key(name.as_str());
    if let Some(name) = request.attributes.iter().find(lacks) {
        return Some(Fail::Attribute(name));
    }
    if let Some(subnets) = request.subnets {
        let zone = instance.availability_zone();
        let reaches =
            |id: &SubnetId| state.subnets.get(id).is_some_and(|each| each.availability_zone == zone);
        if !subnets.iter().any(reaches) {
            return Some(Fail::Location);
        }
    }
    let Needs { cpu, memory, ports, eni } = request.needs;
    if *cpu > instance.cpu_left() {
        return Some(Fail::Cpu(cpu.0, instance.cpu_left().0));
    }
    if *memory > instance.memory_left() {
        return Some(Fail::Memory(memory.0, instance.memory_left().0));
    }
    let in_use = |port: &&(bool, u64)| {
        instance.ports_taken.contains(port) || (!port.0 && instance.reserved_ports.contains(&port.1))
    };
    if let Some((_, port)) = ports.iter().find(in_use) {
        return Some(Fail::Port(*port));
    }
    if *eni && instance.eni_taken >= instance.eni_slots {
        return Some(Fail::Eni(instance.eni_slots));
    }
    None
}

/// Decides where a task goes: spread by zone, then by instance for a service (PLACE-13) or by chance for
/// a standalone task (PLACE-14). `draw` gives a number below its argument.
pub fn place(state: &State, request: &Request<'_>, draw: impl FnOnce(u64) -> u64) -> Decision {
    let first = ContainerInstanceArn::named(request.cluster.short(), "");
    let instances = state
        .container_instances
        .range(first..)
        .map(|(_, instance)| instance)
        .take_while(|instance| instance.cluster == *request.cluster);
    // Bins are made of all instances; only those that pass compete.
    let mut by_zone: BTreeMap<&str, u64> = BTreeMap::new();
    let mut judged = Vec::new();
    for instance in instances {
        let own = instance.groups.get(request.group).copied().unwrap_or(0);
        *by_zone.entry(instance.availability_zone()).or_default() += own;
        judged.push((instance, own, judge(state, request, instance)));
    }
    let rank = |instance: &ContainerInstance, own: u64| {
        let in_zone = by_zone.get(instance.availability_zone()).copied().unwrap_or(0);
        (in_zone, if request.for_service { own } else { 0 })
    };
    let mut best: Vec<&ContainerInstance> = Vec::new();
    let mut best_rank = None;
    for (instance, own, _) in judged.iter().filter(|(.., fail)| fail.is_none()) {
        let rank = rank(instance, *own);
        if best_rank.is_none_or(|best| rank < best) {
            best.clear();
            best_rank = Some(rank);
        }
        if best_rank == Some(rank) {
            best.push(instance);
        }
    }
    let chosen = if request.for_service {
        best.iter().min_by_key(|instance| (instance.registered_at, &instance.arn)).copied()
    } else {
        let index = if best.len() > 1 { draw(best.len() as u64) } else { 0 };
        usize::try_from(index).ok().and_then(|index| best.get(index).copied())
    };
    decide(request, &judged, chosen, rank)
}

/// Judges a single instance that somebody chose (PLACE-06).
pub fn judge_one(state: &State, request: &Request<'_>, arn: &ContainerInstanceArn) -> Decision {
    let judged: Vec<_> = state
        .container_instances
        .get(arn)
        .map(|instance| (instance, 0, judge(state, request, instance)))
        .into_iter()
        .collect();
    let chosen = judged.iter().find(|(.., fail)| fail.is_none()).map(|(instance, ..)| *instance);
    decide(request, &judged, chosen, |_, _| (0, 0))
}

fn decide(
    request: &Request<'_>,
    judged: &[(&ContainerInstance, u64, Option<Fail<'_>>)],
    chosen: Option<&ContainerInstance>,
    rank: impl Fn(&ContainerInstance, u64) -> (u64, u64),
) -> Decision {
    let spread = if request.for_service { rules::SERVICE_SPREAD } else { rules::TASK_SPREAD };
    let mut told: Vec<_> = judged.iter().collect();
    told.sort_by_key(|(instance, own, fail)| {
        let taken = chosen.is_some_and(|chosen| chosen.arn == instance.arn);
        let (passed, missing) = fail.as_ref().map_or((u8::MAX, 0), |fail| (fail.passed(), fail.missing()));
        (!taken, std::cmp::Reverse(passed), missing, rank(instance, *own), instance.registered_at)
    });
    let verdicts = told.iter().take(TOLD).map(|(instance, own, fail)| {
        let candidate = Subject::new(Kind::ContainerInstance, instance.arn.as_str());
        let (outcome, reason, rule) = match fail {
            Some(fail) => (Outcome::Removed, fail.says(), fail.rule()),
            None => {
                let (in_zone, _) = rank(instance, *own);
                let zone = instance.availability_zone();
                let taken = chosen.is_some_and(|chosen| chosen.arn == instance.arn);
                let outcome = if taken { Outcome::Chosen } else { Outcome::Passed };
                let group = request.group;
                let reason = format!(
                    "fits; {in_zone} tasks of {group} in {zone}, {own} on this instance; {} units and {} MiB are left",
                    instance.cpu_left(),
                    instance.memory_left()
                );
                (outcome, reason, spread)
            }
        };
        Verdict { candidate, outcome, reason, rule }
    });
    let verdicts = verdicts.collect();
    let group = request.group;
    let closest = told.first().filter(|_| chosen.is_none());
    let (reason, text, rule) = match (chosen, closest) {
        (Some(chosen), _) => {
            let fit = judged.iter().filter(|(.., fail)| fail.is_none()).count();
            let text = format!(
                "a task of {group} goes to {} in {}: {fit} of {} instances fit",
                chosen.instance,
                chosen.availability_zone(),
                judged.len()
            );
            (String::new(), text, spread)
        }
        (None, Some((instance, _, Some(fail)))) => {
            let text = format!(
                "no place for a task of {group} on {} instances; closest is {}: {}",
                judged.len(),
                instance.instance,
                fail.says()
            );
            (fail.word().to_string(), text, rules::CLOSEST)
        }
        _ => {
            let reason = "No Container Instances were found in your cluster.".to_string();
            (
                reason,
                format!("no place for a task of {group}: the cluster has no instances"),
                rules::NO_INSTANCES,
            )
        }
    };
    Decision {
        chosen: chosen.map(|instance| instance.arn.clone()),
        closest: closest.map(|(instance, ..)| instance.arn.clone()),
        reason,
        text,
        rule,
        verdicts,
    }
}
