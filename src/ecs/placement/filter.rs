//! The tests that an instance has to pass, in their order (PLACE-02).

use crate::ecs::container_instance::{ContainerInstance, InstanceStatus};
use crate::ecs::placement::Request;
use crate::ecs::placement::constraint::Constraint;
use crate::ecs::registration;
use crate::ecs::rules::{instances, placement, task_definitions, tasks};
use crate::ecs::task_launch::Needs;
use crate::rules::Rule;

/// A test that an instance failed, with its numbers; in the order of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fail {
    Status,
    Agent,
    /// The attribute that is missing, by its place in the request.
    Attribute(usize),
    /// Processor or system, by its place in what the task needs.
    Platform(usize),
    Location,
    /// The constraint, by its place in the request.
    MemberOf(usize),
    /// So many tasks of the group stand there.
    Distinct(u64),
    Cpu(u64, u64),
    Memory(u64, u64),
    Port(u64),
    Eni(u64),
    Gpu(u64, u64),
}

impl Fail {
    /// How many tests were passed before this one.
    pub(super) fn passed(self) -> u8 {
        match self {
            Fail::Status => 0,
            Fail::Agent => 1,
            Fail::Attribute(_) | Fail::Platform(_) => 2,
            Fail::Location => 3,
            Fail::MemberOf(_) => 4,
            Fail::Distinct(_) => 5,
            Fail::Cpu(..) => 6,
            Fail::Memory(..) => 7,
            Fail::Port(_) => 8,
            Fail::Eni(_) => 9,
            Fail::Gpu(..) => 10,
        }
    }

    /// How far the instance is from passing.
    pub(super) fn missing(self) -> u64 {
        match self {
            Fail::Cpu(needed, left) | Fail::Memory(needed, left) | Fail::Gpu(needed, left) => {
                needed.saturating_sub(left)
            }
            Fail::Distinct(count) => count,
            _ => 0,
        }
    }

    /// AWS's word for it (PLACE-31).
    pub(super) fn word(self) -> &'static str {
        match self {
            Fail::Status => "NO ACTIVE INSTANCES",
            Fail::Agent => "AGENT",
            Fail::Attribute(_) | Fail::Platform(_) => "ATTRIBUTE",
            Fail::Location => "LOCATION",
            Fail::MemberOf(_) => "MemberOf placement constraint unsatisfied.",
            Fail::Distinct(_) => "DistinctInstance placement constraint unsatisfied.",
            Fail::Cpu(..) => "RESOURCE:CPU",
            Fail::Memory(..) => "RESOURCE:MEMORY",
            Fail::Port(_) => "RESOURCE:PORTS",
            Fail::Eni(_) => "RESOURCE:ENI",
            Fail::Gpu(..) => "RESOURCE:GPU",
        }
    }

    /// The verdict in words, with its numbers.
    pub(super) fn says(self, request: &Request, instance: &ContainerInstance) -> String {
        match self {
            Fail::Status => {
                format!("status: it is {} and takes no new tasks", instance.status.word())
            }
            Fail::Agent => "agent: it is not connected".to_string(),
            Fail::Attribute(place) => format!("attribute: it lacks {}", attribute(request, place)),
            Fail::Platform(place) => {
                let (name, needed) = platform(request, place);
                let there = instance.attributes.get(name).and_then(Option::as_deref).unwrap_or("not set");
                format!("attribute: {name} is {there}, the task needs {needed}")
            }
            Fail::Location => "location: none of the given subnets is in its Availability Zone".to_string(),
            Fail::MemberOf(place) => match request.wishes.constraints.get(place) {
                Some(Constraint::MemberOf(expression)) => {
                    format!("memberOf: {} is not true: {}", expression.text(), expression.facts(instance))
                }
                _ => "memberOf: the expression is not true".to_string(),
            },
            Fail::Distinct(count) => {
                format!("distinctInstance: it has {count} tasks of {} already", request.group)
            }
            Fail::Cpu(needed, left) => format!("CPU: needs {needed} units, {left} units are left"),
            Fail::Memory(needed, left) => format!("memory: needs {needed} MiB, {left} MiB are left"),
            Fail::Port(port) => format!("ports: host port {port} is already in use"),
            Fail::Eni(slots) => format!("network cards: all {slots} that tasks may have are taken"),
            Fail::Gpu(needed, left) => {
                format!("GPUs: needs {needed}, {left} of {} are left", instance.gpus.len())
            }
        }
    }

    /// What would have to change for the instance to pass this test.
    pub(super) fn remedy(self, request: &Request, instance: &ContainerInstance) -> String {
        match self {
            Fail::Status => "it becomes ACTIVE again".to_string(),
            Fail::Agent => "its agent connects again".to_string(),
            Fail::Attribute(place) => {
                format!("it gets the attribute {}", attribute(request, place))
            }
            Fail::Platform(place) => {
                let (name, needed) = platform(request, place);
                format!(
                    "an instance joins whose {name} is {needed}, or the runtimePlatform of the task changes"
                )
            }
            Fail::Location => format!("a subnet in {} is given", instance.availability_zone),
            Fail::MemberOf(_) => "the expression becomes true of it, or the constraint goes".to_string(),
            Fail::Distinct(_) => format!("the cluster gets an instance without a task of {}", request.group),
            Fail::Cpu(needed, _) if needed > instance.cpu.0 => {
                format!("the task needs at most {} units, or a larger instance joins", instance.cpu)
            }
            Fail::Cpu(needed, left) => format!("{} more CPU units become free on it", needed - left),
            Fail::Memory(needed, _) if needed > instance.memory.0 => {
                format!("the task needs at most {} MiB, or a larger instance joins", instance.memory)
            }
            Fail::Memory(needed, left) => format!("{} MiB more become free on it", needed - left),
            Fail::Port(port) => format!("whoever has host port {port} on it ends, or the port is dynamic"),
            Fail::Eni(_) => "a task with a network card ends on it".to_string(),
            Fail::Gpu(needed, left) if needed - left > instance.gpus_taken.len() as u64 => {
                format!("an instance joins that registers at least {needed} GPUs")
            }
            Fail::Gpu(needed, left) => format!("{} more GPUs become free on it", needed - left),
        }
    }

    /// The rule behind it.
    pub(super) fn rule(self, request: &Request, instance: &ContainerInstance) -> &'static Rule {
        match self {
            Fail::Eni(_) => tasks::CARD_SLOTS,
            Fail::Gpu(..) => instances::GPU_SUPPORT,
            Fail::Platform(_) => task_definitions::RUNTIME_PLATFORM,
            Fail::MemberOf(place) => match request.wishes.constraints.get(place) {
                Some(Constraint::MemberOf(expression)) => expression.rule(instance),
                _ => placement::MEMBER_OF,
            },
            Fail::Distinct(_) => placement::DISTINCT,
            _ => tasks::FILTERS,
        }
    }
}

fn platform(request: &Request, place: usize) -> (&'static str, &'static str) {
    request.needs.platform.get(place).copied().unwrap_or_default()
}

fn attribute(request: &Request, place: usize) -> &str {
    request.attributes.get(place).map(String::as_str).unwrap_or_default()
}

/// What the tests of one request need to know, worked out once.
#[derive(Debug, PartialEq)]
pub(super) struct Tests {
    pub(super) request: Request,
    /// Attributes, by their place, that not every agent has.
    uncommon: Vec<usize>,
}

impl Tests {
    pub(super) fn new(request: Request) -> Tests {
        let names = request.attributes.iter().enumerate();
        let uncommon = names.filter(|(_, name)| !registration::is_common(name)).map(|(place, _)| place);
        Tests { uncommon: uncommon.collect(), request }
    }

    /// Judges one instance, up to the first test that it fails.
    pub(super) fn judge(&self, instance: &ContainerInstance) -> Option<Fail> {
        if instance.status != InstanceStatus::Active {
            return Some(Fail::Status);
        }
        if !instance.agent_connected || instance.shutting_down {
            return Some(Fail::Agent);
        }
        let has = |place: &usize| instance.attributes.contains_key(attribute(&self.request, *place));
        let lacking = match instance.able {
            true => self.uncommon.iter().copied().find(|place| !has(place)),
            false => (0..self.request.attributes.len()).find(|place| !has(place)),
        };
        if let Some(place) = lacking {
            return Some(Fail::Attribute(place));
        }
        let differs = |(name, needed): &(&str, &str)| {
            instance.attributes.get(*name).and_then(Option::as_deref) != Some(*needed)
        };
        if let Some(place) = self.request.needs.platform.iter().position(differs) {
            return Some(Fail::Platform(place));
        }
        if self.request.zones.as_ref().is_some_and(|zones| !zones.contains(&instance.availability_zone)) {
            return Some(Fail::Location);
        }
        self.constraints(instance).or_else(|| self.resources(instance))
    }

    /// Expressions before `distinctInstance`.
    fn constraints(&self, instance: &ContainerInstance) -> Option<Fail> {
        let constraints = &self.request.wishes.constraints;
        let fails = |constraint: &Constraint| match constraint {
            Constraint::MemberOf(expression) => !expression.holds(instance),
            Constraint::DistinctInstance => false,
        };
        if let Some(place) = constraints.iter().position(fails) {
            return Some(Fail::MemberOf(place));
        }
        if !constraints.contains(&Constraint::DistinctInstance) {
            return None;
        }
        instance.groups.get(&self.request.group).map(|count| Fail::Distinct(*count))
    }

    fn resources(&self, instance: &ContainerInstance) -> Option<Fail> {
        let Needs { cpu, memory, ports, eni, gpus, .. } = &self.request.needs;
        if *cpu > instance.cpu_left() {
            return Some(Fail::Cpu(cpu.0, instance.cpu_left().0));
        }
        if *memory > instance.memory_left() {
            return Some(Fail::Memory(memory.0, instance.memory_left().0));
        }
        let in_use = |port: &&(bool, u64)| {
            let (udp, number) = port;
            let reserved = if *udp { &instance.reserved_udp_ports } else { &instance.reserved_ports };
            instance.ports_taken.contains(port) || reserved.contains(number)
        };
        if let Some((_, port)) = ports.iter().find(in_use) {
            return Some(Fail::Port(*port));
        }
        if *eni && instance.eni_taken >= instance.eni_slots {
            return Some(Fail::Eni(instance.eni_slots));
        }
        let left = instance.gpus_left().count() as u64;
        (*gpus > left).then_some(Fail::Gpu(*gpus, left))
    }
}
