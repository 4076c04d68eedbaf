//! What a screen reader says of each thing on the map: one sentence.
use super::fleet::{Agent, Fleet, Group, Health, Instance, Plain, Service, Task, Wish, Zone};
use super::hold::{Size, thousands};

/// The whole picture in a sentence.
pub fn of_fleet(fleet: &Fleet) -> String {
    let cluster =
        fleet.cluster.as_ref().map_or("No cluster yet".to_string(), |name| format!("Cluster {name}"));
    let machines: usize = fleet.zones.iter().map(|zone| zone.instances.len()).sum();
    let tasks = fleet.count();
    let mut sentence = format!("{cluster}: {}, {}", many(machines, "instance"), many(tasks, "task"));
    let wanted = fleet.wishes.len() + fleet.beyond.wishes;
    if wanted > 0 {
        sentence.push_str(&format!(", {wanted} wanted and not there"));
    }
    let waiting = fleet.waiting.len() + fleet.beyond.waiting;
    if waiting > 0 {
        sentence.push_str(&format!(", {waiting} waiting for a machine"));
    }
    for group in &fleet.groups {
        sentence.push_str(&format!(", group {} with {} of {}", group.name, group.in_service, group.desired));
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
        (None, Some(zone)) if task.spot => format!(", on Fargate Spot in {}", zone.name),
        (None, Some(zone)) => format!(", on Fargate in {}", zone.name),
        _ => String::new(),
    };
    let warning = task.warning.as_ref().map(|warning| format!(", {warning}")).unwrap_or_default();
    let note = if task.note.is_empty() { String::new() } else { format!(". {}", task.note) };
    format!(
        "Task {} {}, {}{health}, {} CPU units and {} MiB{place}{warning}{note}.",
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
    let group = instance.group.as_ref().map(|group| {
        let protected = if group.protected { ", protected from scale-in" } else { "" };
        format!(", {} in group {}{protected}", group.lifecycle, group.name)
    });
    let group = group.unwrap_or_default();
    let warning = instance.warning.as_ref().map(|warning| format!(", {warning}")).unwrap_or_default();
    let spot = if instance.spot { " Spot" } else { "" };
    format!(
        "Instance {}, {}{spot} {} in {}{ecs}{group}{warning}: {}, {} CPU units and {} MiB free.",
        instance.plate,
        instance.kind,
        instance.id,
        zone.name,
        many(instance.stowed() + instance.plain.len(), "load"),
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

/// An Auto Scaling group and its wish.
pub fn of_group(group: &Group) -> String {
    let missing = match group.missing {
        0 => String::new(),
        missing => format!(", {missing} wanted and not there"),
    };
    format!(
        "Auto Scaling group {}: {} wanted, {} in service{missing}.",
        group.name, group.desired, group.in_service
    )
}

fn many(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}
