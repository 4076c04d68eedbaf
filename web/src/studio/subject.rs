//! What is selected, in the engine's terms: its records, its description, its summary.
use drydock::ecs::service::Service;
use drydock::ecs::task::{Health, LaunchType, Task};
use drydock::ecs::usage;
use drydock::timeline::{Kind, Subject};
use drydock::{Sim, SimTime, State, order};

use super::{fleet, group, stranger};
use crate::map::Selection;

/// What the inspector says first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// What it is called.
    pub title: String,
    /// How it is, in a sentence.
    pub sentence: String,
    /// Whether something is wrong with it.
    pub wrong: bool,
}

/// A line of the summary: what, and how much.
pub type Fact = (&'static str, String);

/// The resources whose records tell of a selection; the first is the thing itself.
pub fn subjects(state: &State, selection: &Selection) -> Vec<Subject> {
    match selection {
        Selection::Task(arn) => vec![Subject::new(Kind::Task, arn)],
        Selection::Instance(id) => {
            let registered = state.instances.values().find(|instance| instance.id.as_str() == id);
            let arn = registered.and_then(|instance| instance.container_instance.as_ref());
            let arn = arn.or_else(|| stranger::of(state, id).map(|host| &host.arn));
            let mut all = vec![Subject::new(Kind::Instance, id)];
            all.extend(arn.map(|arn| Subject::new(Kind::ContainerInstance, arn.as_str())));
            all
        }
        Selection::Container(id) => vec![Subject::new(Kind::Container, id)],
        Selection::Group(name) => {
            let provider = group::provider(state, name);
            let provider = provider.map(|provider| Subject::new(Kind::CapacityProvider, provider.arn()));
            std::iter::once(Subject::new(Kind::AutoScalingGroup, name)).chain(provider).collect()
        }
        Selection::Service(name) | Selection::Wish(name, _) => service(state, name)
            .map(|service| Subject::new(Kind::Service, service.arn.as_str()))
            .into_iter()
            .collect(),
    }
}

/// The service of this name; where two clusters have one, that which is not INACTIVE.
pub fn service<'a>(state: &'a State, name: &str) -> Option<&'a Service> {
    let mut named: Vec<_> = state.services.values().filter(|service| service.name == name).collect();
    order::sort_by_key(&mut named, |service| service.status.word() != "ACTIVE");
    named.first().copied()
}

/// The task of this ARN.
pub fn task<'a>(state: &'a State, arn: &str) -> Option<&'a Task> {
    state.tasks.values().find(|task| task.arn.as_str() == arn)
}

/// What is selected and how it is; `None` when it is no longer there.
pub fn head(sim: &Sim, selection: &Selection) -> Option<Head> {
    let state = sim.state();
    match selection {
        Selection::Task(arn) => task(state, arn).map(|task| task_head(task, sim.clock())),
        Selection::Service(name) => service(state, name).map(|service| {
            let tasks: Vec<_> = state.tasks_of_service(service).collect();
            let running = tasks.iter().filter(|task| task.is_running()).count();
            let pending = tasks.iter().filter(|task| task.is_pending()).count();
            Head {
                title: format!("Service {name}"),
                sentence: format!(
                    "{}. {} wanted, {running} running, {pending} on the way.",
                    service.status.word(),
                    service.desired_count
                ),
                wrong: false,
            }
        }),
        Selection::Wish(name, number) => service(state, name).map(|service| Head {
            title: format!("{name}, wanted task {number}"),
            sentence: format!("It does not exist yet. {name} wants {} tasks.", service.desired_count),
            wrong: false,
        }),
        Selection::Instance(id) => {
            if let Some(host) = stranger::of(state, id) {
                return Some(stranger::head(host));
            }
            let instance = state.instances.values().find(|instance| instance.id.as_str() == id)?;
            let registered =
                instance.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn));
            let (sentence, wrong) = match registered {
                None => ("It is outside ECS: no agent has registered it with a cluster.".to_string(), false),
                Some(host) if !host.agent_connected => {
                    ("Its agent is silent: tasks run on, and nothing new can start here.".to_string(), true)
                }
                Some(host) => (
                    format!(
                        "In cluster {}. {} CPU units and {} MiB are free.",
                        host.cluster.short(),
                        host.cpu_left().0,
                        host.memory_left().0
                    ),
                    false,
                ),
            };
            Some(Head { title: format!("{} {id}", instance.instance_type.name), sentence, wrong })
        }
        Selection::Group(name) => group::head(state, name),
        Selection::Container(id) => docker(state, id).map(|(instance, container)| Head {
            title: format!("Container of {}", container.image),
            sentence: match container.exited {
                None => format!("Started by hand on {instance}. ECS does not know it."),
                Some((at, code)) => {
                    format!(
                        "Its process ended at {} with exit code {code}. Nobody starts it again.",
                        at.clock()
                    )
                }
            },
            wrong: false,
        }),
    }
}

fn docker<'a>(state: &'a State, id: &str) -> Option<(&'a str, &'a drydock::ec2::instance::DockerContainer)> {
    state.instances.values().find_map(|instance| {
        let container = instance.docker.iter().find(|container| container.id == id)?;
        Some((instance.id.as_str(), container))
    })
}

fn task_head(task: &Task, now: SimTime) -> Head {
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

/// The first letters of an id, as the map shows them.
pub fn short(id: &str) -> &str {
    id.get(..4).unwrap_or(id)
}

/// As much of what a record is about as tells it apart.
pub fn brief(subject: &Subject) -> &str {
    let name = subject.short();
    match subject.kind {
        Kind::Task => short(name),
        Kind::Container | Kind::ContainerInstance => name.get(..8).unwrap_or(name),
        _ => name,
    }
}

/// The summary, a line each.
pub fn facts(state: &State, selection: &Selection, now: SimTime) -> Vec<Fact> {
    match selection {
        Selection::Task(arn) => task(state, arn).map(|task| task_facts(state, task, now)).unwrap_or_default(),
        Selection::Service(name) | Selection::Wish(name, _) => {
            service(state, name).map(|service| service_facts(state, service, now)).unwrap_or_default()
        }
        Selection::Instance(id) => instance_facts(state, id, now),
        Selection::Group(name) => group::facts(state, name),
        Selection::Container(id) => docker(state, id)
            .map(|(instance, container)| {
                vec![
                    ("Container", container.id.clone()),
                    ("Image", container.image.clone()),
                    ("On", instance.to_string()),
                    ("Started", container.started_at.clock()),
                ]
            })
            .unwrap_or_default(),
    }
}

fn task_facts(state: &State, task: &Task, now: SimTime) -> Vec<Fact> {
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

fn service_facts(state: &State, service: &Service, now: SimTime) -> Vec<Fact> {
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

fn instance_facts(state: &State, id: &str, now: SimTime) -> Vec<Fact> {
    let Some(instance) = state.instances.values().find(|instance| instance.id.as_str() == id) else {
        return stranger::of(state, id).map(stranger::facts).unwrap_or_default();
    };
    let mut facts = vec![
        ("Type", format!("{}{}", instance.instance_type.name, if instance.spot { ", Spot" } else { "" })),
        ("Place", format!("{} in {}", instance.subnet, instance.availability_zone)),
        ("Address", instance.private_ip.clone()),
        ("Launched", instance.launched_at.clock()),
    ];
    if instance.spot {
        let ends = fleet::spot_warning(instance).map(|warning| format!(", {warning}"));
        facts.push(("Market", format!("Spot{}", ends.unwrap_or_default())));
    }
    if let Some(group) = drydock::autoscaling::group::of_instance(state, &instance.id)
        && let Some(member) = group.instances.get(&instance.id)
    {
        let protected = if member.protected { ", protected from scale-in" } else { "" };
        facts.push(("Group", format!("{}, {}{protected}", group.name, member.lifecycle.word())));
    }
    if let Some(host) =
        instance.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn))
    {
        facts.push(("Cluster", host.cluster.short().to_string()));
        facts.push(("Agent", if host.agent_connected { "connected" } else { "silent" }.to_string()));
        facts.push(("CPU", format!("{} of {} units taken", host.cpu_taken.0, host.cpu.0)));
        facts.push(("Memory", format!("{} of {} MiB taken", host.memory_taken.0, host.memory.0)));
        let used = usage::instance_cpu(state, host);
        let share = (used * 100).checked_div(host.cpu.0).unwrap_or(0);
        let tasks = host.tasks.iter().filter_map(|arn| state.tasks.get(arn));
        let memory: u64 = tasks.map(|task| usage::task_memory(task, now)).sum();
        facts.push(("Uses", format!("{used} CPU units ({share} %), {memory} MiB")));
        facts.push(("Tasks", host.tasks.len().to_string()));
    }
    facts
}

/// The command that describes a selection, and the service and operation behind it.
pub fn describing(state: &State, selection: &Selection) -> Option<String> {
    Some(match selection {
        Selection::Task(arn) => {
            let task = task(state, arn)?;
            format!("aws ecs describe-tasks --cluster {} --tasks {}", task.cluster.short(), task.arn.short())
        }
        Selection::Service(name) | Selection::Wish(name, _) => {
            let service = service(state, name)?;
            format!("aws ecs describe-services --cluster {} --services {name}", service.cluster.short())
        }
        Selection::Instance(id) => match stranger::of(state, id) {
            Some(host) => stranger::describing(host),
            None => format!("aws ec2 describe-instances --instance-ids {id}"),
        },
        Selection::Group(name) => group::describing(name),
        Selection::Container(id) => {
            let (instance, _) = docker(state, id)?;
            format!("drydock docker ps --on {instance}")
        }
    })
}

/// Something that can be done to a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What the key says.
    pub label: String,
    /// The command behind it.
    pub command: String,
    /// Whether it breaks something.
    pub fault: bool,
}

/// Something that a click does.
pub fn action(label: impl Into<String>, command: String) -> Action {
    Action { label: label.into(), command, fault: false }
}

fn fault(label: impl Into<String>, command: String) -> Action {
    Action { label: label.into(), command, fault: true }
}

/// What can be done to a selection as it is now.
pub fn actions(state: &State, selection: &Selection) -> Vec<Action> {
    match selection {
        Selection::Task(arn) => task(state, arn).map(task_actions).unwrap_or_default(),
        Selection::Service(name) => {
            service(state, name).map(|service| service_actions(state, service)).unwrap_or_default()
        }
        Selection::Wish(..) => Vec::new(),
        Selection::Instance(id) => instance_actions(state, id),
        Selection::Group(name) => group::actions(state, name),
        Selection::Container(id) => docker(state, id)
            .filter(|(_, container)| container.exited.is_none())
            .map(|(instance, _)| {
                vec![fault("Kill its process", format!("drydock docker kill {id} --on {instance}"))]
            })
            .unwrap_or_default(),
    }
}

fn task_actions(task: &Task) -> Vec<Action> {
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

fn service_actions(state: &State, service: &Service) -> Vec<Action> {
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

fn instance_actions(state: &State, id: &str) -> Vec<Action> {
    let Some(instance) = state.instances.values().find(|instance| instance.id.as_str() == id) else {
        return Vec::new();
    };
    if instance.state == drydock::ec2::instance::InstanceState::Terminated {
        return Vec::new();
    }
    let mut actions =
        vec![action("Terminate the instance", format!("aws ec2 terminate-instances --instance-ids {id}"))];
    let host = instance.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn));
    if host.is_some_and(|host| host.agent_connected) {
        actions.push(fault("Disconnect its agent", format!("drydock fail agent --instance {id}")));
    }
    if instance.spot && instance.spot_notice.is_none() {
        actions.push(fault("Take the Spot instance back", format!("drydock fail spot --instance {id}")));
    }
    actions.push(fault("Fail the instance", format!("drydock fail instance --instance {id}")));
    actions
}
