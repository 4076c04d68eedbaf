//! A service in the engine's terms: its head, its summary, what can be done to it.
use drydock::ecs::service::Service;
use drydock::ecs::usage;
use drydock::{SimTime, State, order};

use super::{Action, Fact, Head, action};

/// The service of this name; where two clusters have one, that which is not INACTIVE.
pub fn named<'a>(state: &'a State, name: &str) -> Option<&'a Service> {
    let mut named: Vec<_> = state.services.values().filter(|service| service.name == name).collect();
    order::sort_by_key(&mut named, |service| service.status.word() != "ACTIVE");
    named.first().copied()
}

/// What it is and how it is.
pub fn head(state: &State, service: &Service) -> Head {
    let tasks: Vec<_> = state.tasks_of_service(service).collect();
    let running = tasks.iter().filter(|task| task.is_running()).count();
    let pending = tasks.iter().filter(|task| task.is_pending()).count();
    Head {
        title: format!("Service {}", service.name),
        sentence: format!(
            "{}. {} wanted, {running} running, {pending} on the way.",
            service.status.word(),
            service.desired_count
        ),
        wrong: false,
    }
}

/// What a task is that it wants and that does not exist.
pub fn wish_head(service: &Service, number: u32) -> Head {
    let name = &service.name;
    Head {
        title: format!("{name}, wanted task {number}"),
        sentence: format!("It does not exist yet. {name} wants {} tasks.", service.desired_count),
        wrong: false,
    }
}

/// The summary, a line each.
pub fn facts(state: &State, service: &Service, now: SimTime) -> Vec<Fact> {
    let mut facts = vec![
        ("Cluster", service.cluster.short().to_string()),
        ("Launch type", service.launch_type.word().to_string()),
        (
            "Bounds",
            format!(
                "at least {} %, at most {} % of {} tasks",
                service.minimum_healthy_percent.0, service.maximum_percent.0, service.desired_count
            ),
        ),
    ];
    if let Some(load) = state.loads.get(&service.arn) {
        facts.push(("Load", format!("{} CPU units and {} MiB wanted of each task", load.cpu, load.memory)));
    }
    let alive = || state.tasks_of_service(service).filter(|task| task.is_running());
    let cpu: u64 = alive().map(|task| usage::task_cpu(state, task)).sum();
    let memory: u64 = alive().map(|task| usage::task_memory(task, now)).sum();
    facts.push(("Uses", format!("{cpu} CPU units, {memory} MiB")));
    for (index, deployment) in service.deployments.iter().enumerate() {
        let running = state
            .tasks_of_service(service)
            .filter(|task| task.started_by.as_deref() == Some(deployment.id.as_str()) && task.is_running())
            .count();
        let word = if index == 0 { "PRIMARY" } else { "ACTIVE" };
        let failed = match deployment.failed_tasks {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        facts.push((
            "Deployment",
            format!(
                "{word} {}, {}, {running} running{failed}",
                deployment.task_definition.short(),
                deployment.rollout.word()
            ),
        ));
    }
    facts
}

/// The command that describes it.
pub fn describing(service: &Service) -> String {
    let (cluster, name) = (service.cluster.short(), &service.name);
    format!("aws ecs describe-services --cluster {cluster} --services {name}")
}

/// What can be done to it.
pub fn actions(state: &State, service: &Service) -> Vec<Action> {
    if service.status.word() != "ACTIVE" {
        return Vec::new();
    }
    let (cluster, name, desired) = (service.cluster.short(), &service.name, service.desired_count);
    let wish = |count: u64| {
        format!("aws ecs update-service --cluster {cluster} --service {name} --desired-count {count}")
    };
    let mut actions = vec![action(format!("Want {}", desired + 1), wish(desired + 1))];
    if desired > 0 {
        actions.push(action(format!("Want {}", desired - 1), wish(desired - 1)));
    }
    let load = format!("drydock load --cluster {cluster} --service {name}");
    actions.push(action("Load each task with 400 CPU units", format!("{load} --cpu 400")));
    if state.loads.contains_key(&service.arn) {
        actions.push(action("Take the load away", format!("{load} --clear")));
    }
    actions.push(action(
        "Replace every task",
        format!("aws ecs update-service --cluster {cluster} --service {name} --force-new-deployment"),
    ));
    actions.push(action(
        "Delete the service",
        format!("aws ecs delete-service --cluster {cluster} --service {name} --force"),
    ));
    actions
}
