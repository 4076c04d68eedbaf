//! Where a task goes: a pure decision with a verdict per instance.

use crate::arn::{ClusterArn, ContainerInstanceArn, SubnetId};
use crate::ecs::container_instance::{ContainerInstance, InstanceStatus};
use crate::ecs::registration;
use crate::ecs::rules::tasks as rules;
use crate::ecs::task_launch::Needs;
use crate::rules::Rule;
use crate::state::State;
use crate::timeline::{Kind, Outcome, Subject, Verdict};

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
pub const TOLD: usize = 12;

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

/// An instance and how it fared.
struct Judged<'a> {
    instance: &'a ContainerInstance,
    /// Tasks of the group on it.
    own: u64,
    /// Tasks of the group in its zone.
    in_zone: u64,
    fail: Option<Fail<'a>>,
}

/// Judges one instance: the tests of PLACE-02 in their order, up to the first that fails.
///
/// `names` are the attributes that not every instance has.
fn judge<'a>(
    state: &State,
    request: &Request<'a>,
    names: &[&'a String],
    instance: &ContainerInstance,
) -> Option<Fail<'a>> {
    if instance.status != InstanceStatus::Active {
        return Some(Fail::Draining);
    }
    if !instance.agent_connected || instance.shutting_down {
        return Some(Fail::Agent);
    }
    if let Some(name) = names.iter().find(|name| !instance.attributes.contains_key(name.as_str())) {
        return Some(Fail::Attribute(name));
    }
    if let Some(subnets) = request.subnets {
        let reaches = |id: &SubnetId| {
            state.subnets.get(id).is_some_and(|each| each.availability_zone == instance.availability_zone)
        };
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

/// The attributes of a request that an instance could lack: today's agents have all the others.
fn uncommon<'a>(request: &Request<'a>) -> Vec<&'a String> {
    request.attributes.iter().filter(|name| !registration::is_common(name)).collect()
}

/// Decides where a task goes: spread by zone, then by instance for a service (PLACE-13) or by chance for
/// a standalone task (PLACE-14). `draw` gives a number below its argument.
pub fn place(state: &State, request: &Request<'_>, draw: impl FnOnce(u64) -> u64) -> Decision {
    let first = ContainerInstanceArn::named(request.cluster.short(), "");
    let names = uncommon(request);
    let instances = state
        .container_instances
        .range(first..)
        .map(|(_, instance)| instance)
        .take_while(|instance| instance.cluster == *request.cluster);
    // Bins are made of all instances; only those that pass compete.
    let mut zones: Vec<(&str, u64)> = Vec::new();
    let mut judged = Vec::new();
    for instance in instances {
        let own = instance.groups.get(request.group).copied().unwrap_or(0);
        let zone = instance.availability_zone.as_str();
        match zones.iter_mut().find(|each| each.0 == zone) {
            Some((_, count)) => *count += own,
            None => zones.push((zone, own)),
        }
        let fail = judge(state, request, &names, instance);
        judged.push(Judged { instance, own, in_zone: 0, fail });
    }
    for each in &mut judged {
        let zone = zones.iter().find(|zone| zone.0 == each.instance.availability_zone);
        each.in_zone = zone.map_or(0, |zone| zone.1);
    }
    let rank = |each: &Judged<'_>| (each.in_zone, if request.for_service { each.own } else { 0 });
    let fits = || judged.iter().filter(|each| each.fail.is_none());
    let best_rank = fits().map(rank).min();
    let best: Vec<&ContainerInstance> =
        fits().filter(|each| Some(rank(each)) == best_rank).map(|each| each.instance).collect();
    let chosen = if request.for_service {
        best.iter().min_by_key(|instance| (instance.registered_at, &instance.arn)).copied()
    } else {
        let index = if best.len() > 1 { draw(best.len() as u64) } else { 0 };
        usize::try_from(index).ok().and_then(|index| best.get(index).copied())
    };
    decide(request, &judged, chosen)
}

/// Judges a single instance that somebody chose (PLACE-06).
pub fn judge_one(state: &State, request: &Request<'_>, arn: &ContainerInstanceArn) -> Decision {
    let judged: Vec<_> = state
        .container_instances
        .get(arn)
        .map(|instance| {
            let own = instance.groups.get(request.group).copied().unwrap_or(0);
            let fail = judge(state, request, &uncommon(request), instance);
            Judged { instance, own, in_zone: own, fail }
        })
        .into_iter()
        .collect();
    let chosen = judged.iter().find(|each| each.fail.is_none()).map(|each| each.instance);
    decide(request, &judged, chosen)
}

fn decide(request: &Request<'_>, judged: &[Judged<'_>], chosen: Option<&ContainerInstance>) -> Decision {
    let spread = if request.for_service { rules::SERVICE_SPREAD } else { rules::TASK_SPREAD };
    let is_chosen =
        |instance: &ContainerInstance| chosen.is_some_and(|chosen| std::ptr::eq(chosen, instance));
    let (count, fit) = (judged.len(), judged.iter().filter(|each| each.fail.is_none()).count());
    // Chosen first, then what passed, then what failed the latest test by the least; else by ARN.
    let mut order: Vec<_> = judged
        .iter()
        .enumerate()
        .map(|(at, each)| {
            let (passed, missing) =
                each.fail.as_ref().map_or((u8::MAX, 0), |fail| (fail.passed(), fail.missing()));
            let own = if request.for_service { each.own } else { 0 };
            let since = each.instance.registered_at;
            ((!is_chosen(each.instance), u8::MAX - passed), missing, each.in_zone, own, since, at)
        })
        .collect();
    if order.len() > TOLD {
        order.select_nth_unstable(TOLD);
        order.truncate(TOLD);
    }
    order.sort_unstable();
    let told: Vec<&Judged<'_>> = order.iter().filter_map(|(.., at)| judged.get(*at)).collect();
    let verdicts = told.iter().map(|&Judged { instance, own, in_zone, fail }| {
        let candidate = Subject::new(Kind::ContainerInstance, instance.arn.as_str());
        let (outcome, reason, rule) = match fail {
            Some(fail) => (Outcome::Removed, fail.says(), fail.rule()),
            None => {
                let outcome = if is_chosen(instance) { Outcome::Chosen } else { Outcome::Passed };
                let (zone, group) = (&instance.availability_zone, request.group);
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
            let text = format!(
                "a task of {group} goes to {} in {}: {fit} of {} instances fit",
                chosen.instance, chosen.availability_zone, count
            );
            (String::new(), text, spread)
        }
        (None, Some(Judged { instance, fail: Some(fail), .. })) => {
            let text = format!(
                "no place for a task of {group} on {} instances; closest is {}: {}",
                count,
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
        closest: closest.map(|each| each.instance.arn.clone()),
        reason,
        text,
        rule,
        verdicts,
    }
}
