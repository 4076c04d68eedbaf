//! A task in the engine's terms: its head, its summary, what can be done to it.
use drydock::ecs::task::{Health, LaunchType, Task};
use drydock::ecs::usage;
use drydock::{SimTime, State};

use super::super::fleet;
use super::{Action, Fact, Head, action, fault, short};

/// The task of this ARN.
pub fn of<'a>(state: &'a State, arn: &str) -> Option<&'a Task> {
    state.tasks.values().find(|task| task.arn.as_str() == arn)
}

/// What it is and how it is.
pub fn head(task: &Task, now: SimTime) -> Head {
    let word = task.last_status.word();
    let sentence = match (&task.stopped_reason, task.last_status.word()) {
        (Some(reason), "STOPPED") => format!("STOPPED. {reason}"),
        (Some(reason), _) if task.told_to_stop => format!("{word}, on its way to STOPPED. {reason}"),
        _ => match (task.health(), task.started_at) {
            (Health::Unhealthy, _) => format!("{word}, and its health check fails."),
            (_, Some(at)) => format!("{word} for {}.", now.since(at)),
            _ => format!("{word}, asked for {} ago.", now.since(task.created_at)),
        },
    };
    Head {
        title: format!("Task {}, {}", task.task_definition.short(), short(task.arn.short())),
        sentence,
        wrong: task.health() == Health::Unhealthy,
    }
}

/// The summary, a line each.
pub fn facts(state: &State, task: &Task, now: SimTime) -> Vec<Fact> {
    let mut facts = vec![
        ("Wanted", task.desired_status().to_string()),
        ("Is", task.last_status.word().to_string()),
        ("Health", task.health().word().to_string()),
        ("Definition", task.task_definition.short().to_string()),
        ("Belongs to", task.group.clone()),
        (
            "Runs on",
            match (&task.container_instance, task.launch_type) {
                (_, LaunchType::Fargate) => format!("Fargate in {}", task.availability_zone),
                (Some(host), LaunchType::Ec2) => {
                    let plate = fleet::plate(state, host.short()).unwrap_or_else(|| host.short().to_string());
                    format!("instance {plate} in {}", task.availability_zone)
                }
                (None, LaunchType::Ec2) => "no instance yet".to_string(),
            },
        ),
        ("Takes", format!("{} CPU units, {} MiB", task.cpu.0, task.memory.0)),
    ];
    facts.extend(
        task.capacity_provider.clone().map(|provider| ("Through", format!("capacity provider {provider}"))),
    );
    if task.is_running() {
        let (cpu, memory) = (usage::task_cpu(state, task), usage::task_memory(task, now));
        facts.push(("Uses", format!("{cpu} CPU units, {memory} MiB")));
    }
    if let Some(eni) = &task.eni {
        let public = eni.public_ip.as_ref().map(|ip| format!(", public {ip}")).unwrap_or_default();
        facts.push(("Network card", format!("{} in {}{public}", eni.private_ip, eni.subnet)));
    }
    for container in &task.containers {
        let code = container.exit_code.map(|code| format!(", exit code {code}")).unwrap_or_default();
        let reason = container.reason.as_ref().map(|reason| format!(". {reason}")).unwrap_or_default();
        facts.push((
            "Container",
            format!("{} ({}) {}{code}{reason}", container.name, container.image, container.status.word()),
        ));
    }
    if let Some(until) = task.protected_until.filter(|_| !task.told_to_stop) {
        facts.push(("Protected", format!("from scale-in until {}", until.clock())));
    }
    if let Some(code) = task.stop_code {
        facts.push(("stopCode", code.word().to_string()));
    }
    facts.extend(task.stopped_reason.clone().map(|reason| ("stoppedReason", reason)));
    facts
}

/// The command that describes it.
pub fn describing(task: &Task) -> String {
    format!("aws ecs describe-tasks --cluster {} --tasks {}", task.cluster.short(), task.arn.short())
}

/// What can be done to it.
pub fn actions(task: &Task) -> Vec<Action> {
    if task.told_to_stop {
        return Vec::new();
    }
    let (cluster, id) = (task.cluster.short(), task.arn.short());
    let mut actions =
        vec![action("Stop the task", format!("aws ecs stop-task --cluster {cluster} --task {id}"))];
    if task.capacity_provider.as_deref() == Some(drydock::ecs::capacity_provider::FARGATE_SPOT) {
        actions.push(fault("Take its Spot capacity back", format!("drydock fail spot --task {}", task.arn)));
    }
    for container in task.containers.iter().filter(|container| container.status.word() == "RUNNING") {
        let name = &container.name;
        actions.push(fault(
            format!("Kill the process of {name}"),
            format!("drydock kill --task {} --container {name}", task.arn),
        ));
        if container.health != Health::Unknown && !container.check_broken {
            actions.push(fault(
                format!("Fail the health check of {name}"),
                format!("drydock fail health-check --task {} --container {name}", task.arn),
            ));
        }
    }
    actions
}
