//! Machines that registered with a cluster and that EC2 does not run: somebody's own, known by request only.
use drydock::State;
use drydock::ecs::container_instance::ContainerInstance;

use super::census::Census;
use super::fleet::small;
use super::subject::{Fact, Head};
use crate::map::{Agent, Instance};

/// The machine of this id, where ECS knows it and EC2 does not.
pub fn of<'a>(state: &'a State, id: &str) -> Option<&'a ContainerInstance> {
    all(state).find(|host| host.instance.as_str() == id)
}

/// All of them, by ARN.
fn all(state: &State) -> impl Iterator<Item = &ContainerInstance> {
    state.container_instances.values().filter(|host| !state.instances.contains_key(&host.instance))
}

/// Those of a zone; one that names no zone of the Region stands in the first.
pub fn of_zone<'a>(state: &'a State, zone: &'a str) -> impl Iterator<Item = &'a ContainerInstance> {
    let known = |name: &str| state.subnets.values().any(|subnet| subnet.availability_zone == name);
    let first = state.subnets.values().map(|subnet| subnet.availability_zone.as_str()).min();
    all(state).filter(move |host| {
        host.availability_zone == zone || first == Some(zone) && !known(&host.availability_zone)
    })
}

/// The sign of one of them in a zone.
pub fn plate(letter: char, index: usize) -> String {
    format!("{letter}x{}", index + 1)
}

/// One of them as the map draws it.
pub fn drawn(
    state: &State,
    host: &ContainerInstance,
    letter: char,
    index: usize,
    census: &Census,
) -> Instance {
    let (tasks, crowds) = census.stowed(host);
    Instance {
        plate: plate(letter, index),
        id: host.instance.to_string(),
        kind: format!("{}, not EC2\u{2019}s", kind(host)),
        cpu: small(host.cpu.0),
        memory: small(host.memory.0),
        agent: if host.agent_connected { Agent::Connected } else { Agent::Silent },
        status: host.status.word().to_string(),
        cluster: (state.clusters.len() > 1).then(|| host.cluster.short().to_string()),
        tasks,
        crowds,
        plain: Vec::new(),
        group: None,
        spot: false,
        warning: None,
    }
}

/// Its type, where the request that registered it says one.
fn kind(host: &ContainerInstance) -> &str {
    host.attributes.get("ecs.instance-type").and_then(Option::as_deref).unwrap_or("machine")
}

/// What it is, in a sentence.
pub fn head(host: &ContainerInstance) -> Head {
    Head {
        title: format!("{} {}", kind(host), host.instance),
        sentence: format!(
            "Registered by request, {} in cluster {}; EC2 does not run it. {} CPU units and {} MiB are free.",
            host.status.word(),
            host.cluster.short(),
            host.cpu_left(),
            host.memory_left()
        ),
        wrong: !host.agent_connected,
    }
}

/// Its summary.
pub fn facts(host: &ContainerInstance) -> Vec<Fact> {
    vec![
        ("Type", kind(host).to_string()),
        ("Owner", "not EC2: registered by request".to_string()),
        ("Cluster", host.cluster.short().to_string()),
        ("CPU", format!("{} of {} units taken", host.cpu_taken, host.cpu)),
        ("Memory", format!("{} of {} MiB taken", host.memory_taken, host.memory)),
        ("Tasks", host.tasks.len().to_string()),
    ]
}

/// The command that describes it.
pub fn describing(host: &ContainerInstance) -> String {
    let (cluster, arn) = (host.cluster.short(), host.arn.short());
    format!("aws ecs describe-container-instances --cluster {cluster} --container-instances {arn}")
}
