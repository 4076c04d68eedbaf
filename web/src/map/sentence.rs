//! What a screen reader says of each thing on the map: one sentence.
use super::fleet::{Agent, Fleet, Health, Instance, Plain, Service, Task, Wish, Zone};
use super::hold::{Size, thousands};

/// The whole picture in a sentence.
pub fn of_fleet(fleet: &Fleet) -> String {
    let cluster =
        fleet.cluster.as_ref().map_or("No cluster yet".to_string(), |name| format!("Cluster {name}"));
    let machines: usize = fleet.zones.iter().map(|zone| zone.instances.len()).sum();
    let tasks = fleet.tasks().count();
    let mut sentence = format!("{cluster}: {}, {}", many(machines, "instance"), many(tasks, "task"));
    if !fleet.wishes.is_empty() {
        sentence.push_str(&format!(", {} wanted and not there", fleet.wishes.len()));
    }
    sentence.push_str(". Arrow keys move between things, Enter selects.");
    sentence
}

/// A task and where it is.
pub fn of_task(task: &Task, zone: Option<&Zone>, instance: Option<&Instance>) -> String {
    let health = match task.health {
        Health::Unknown => "",
        Health::Healthy => ", healthy",
        Health::Unhealthy => ", unhealthy",
    };
    let place = match (instance, zone) {
        (Some(instance), Some(zone)) => format!(", on {} in {}", instance.plate, zone.name),
        (None, Some(zone)) => format!(", on Fargate in {}", zone.name),
        _ => String::new(),
    };
    let note = if task.note.is_empty() { String::new() } else { format!(". {}", task.note) };
    format!(
        "Task {} {}, {}{health}, {} CPU units and {} MiB{place}{note}.",
        task.name,
        task.short,
        task.last_status,
        thousands(task.cpu),
        thousands(task.memory)
    )
}

/// A machine and its room.
pub fn of_instance(instance: &Instance, zone: &Zone, left: Size) -> String {
    let ecs = match instance.agent {
        Agent::Connected => match &instance.cluster {
            Some(cluster) => format!(", {} in cluster {cluster}", instance.status),
            None => format!(", {}", instance.status),
        },
        Agent::Silent => ", its agent is silent, so nothing can start here".to_string(),
        Agent::Absent => ", outside ECS, no agent registered".to_string(),
    };
    format!(
        "Instance {}, {} {} in {}{ecs}: {}, {} CPU units and {} MiB free.",
        instance.plate,
        instance.kind,
        instance.id,
        zone.name,
        many(instance.tasks.len() + instance.plain.len(), "load"),
        thousands(left.cpu),
        thousands(left.memory)
    )
}

/// A container that ECS does not know.
pub fn of_plain(plain: &Plain, instance: &Instance) -> String {
    let state = if plain.running { "running, started by hand" } else { "exited, and nobody restarts it" };
    format!("Container {} on {}, {state}. ECS does not know it.", plain.image, instance.plate)
}

/// A task that does not exist.
pub fn of_wish(wish: &Wish, service: &Service) -> String {
    format!(
        "Wanted by service {} and not there: {}, number {}, {} CPU units and {} MiB.",
        service.name,
        wish.name,
        wish.number,
        thousands(wish.cpu),
        thousands(wish.memory)
    )
}

fn many(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}
