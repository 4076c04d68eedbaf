//! A task begins: what it takes, and the first step of its chain.

mod series;

use crate::arn::TaskArn;
use crate::ecs::container::{Container, ContainerStatus};
use crate::ecs::container_instance;
use crate::ecs::container_plan::{Plan, limit_memory};
use crate::ecs::managed_scaling;
use crate::ecs::rules::{capacity, tasks as rules};
use crate::ecs::service::AwsVpc;
use crate::ecs::task::{self, Eni, Health, LaunchType, Task, TaskStatus};
use crate::ecs::task_chain::{self, Launch, Step};
use crate::ecs::task_definition::{ContainerDefinition, NetworkMode, TaskDefinition};
use crate::ecs::task_overrides::{self, TaskOverride};
use crate::ecs::task_waiting;
use crate::ecs::usage;
use crate::operation::Cx;
use crate::rules::Rule;
use crate::state::State;
use crate::units::{CpuUnits, Mib};

pub use series::{Series, launch_on};

use series::Berth;

/// What a task takes on an instance (TASKDEF-24).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// CPU units.
    pub cpu: CpuUnits,
    /// Memory.
    pub memory: Mib,
    /// Static host ports: false for TCP, true for UDP.
    pub ports: Vec<(bool, u64)>,
    /// Whether it takes a network card.
    pub eni: bool,
    /// Graphics processors.
    pub gpus: u64,
    /// Attributes and the values that they must have: processor and system (TASKDEF-57).
    pub platform: Vec<(&'static str, &'static str)>,
}

/// What a task of this definition takes, with the request's overrides in it (TASKDEF-24).
pub fn needs(definition: &TaskDefinition, overrides: &TaskOverride) -> Needs {
    let containers = task_overrides::apply(&definition.containers, overrides);
    let (cpu, memory) = task_overrides::size(definition, overrides);
    let sum = |each: fn(&ContainerDefinition) -> i64| -> u64 {
        containers.iter().map(|container| each(container).max(0).unsigned_abs()).sum()
    };
    let reserved = |container: &ContainerDefinition| {
        container.memory_reservation.filter(|mib| *mib > 0).or(container.memory).unwrap_or(0)
    };
    let static_ports = containers
        .iter()
        .flat_map(|container| container.port_mappings.iter().flatten())
        .filter_map(|mapping| {
            let port = match definition.network_mode {
                NetworkMode::Bridge => mapping.host_port,
                NetworkMode::Host => mapping.host_port.filter(|port| *port > 0).or(mapping.container_port),
                NetworkMode::AwsVpc | NetworkMode::None => None,
            };
            let port = port.filter(|port| *port > 0)?.unsigned_abs();
            Some((mapping.protocol.as_deref() == Some("udp"), port))
        });
    Needs {
        cpu: cpu.filter(|cpu| cpu.0 > 0).unwrap_or_else(|| CpuUnits(sum(|each| each.cpu.unwrap_or(0)))),
        memory: memory.filter(|memory| memory.0 > 0).unwrap_or_else(|| Mib(sum(reserved))),
        ports: static_ports.collect(),
        eni: definition.network_mode == NetworkMode::AwsVpc,
        gpus: containers.iter().map(gpus).sum(),
        platform: [
            definition.architecture().map(|name| ("ecs.cpu-architecture", name)),
            definition.system().map(|name| ("ecs.os-type", name)),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// How many graphics processors a container takes (TASKDEF-59).
pub fn gpus(container: &ContainerDefinition) -> u64 {
    let asked = container.resource_requirements.iter().flatten().filter(|each| each.kind == "GPU");
    asked.filter_map(|each| each.value.parse::<u16>().ok()).map(u64::from).sum()
}

fn overrides_of(launch: &Launch) -> TaskOverride {
    launch.overrides.as_ref().and_then(|json| crate::shape::read(json).ok()).unwrap_or_default()
}

/// What the task of a launch takes, and the attributes that its instance must have.
pub(crate) fn needs_of(state: &State, launch: &Launch) -> (Needs, Vec<String>) {
    state
        .task_definitions
        .get(&launch.task_definition)
        .map(|definition| (needs(definition, &overrides_of(launch)), definition.requires_attributes.clone()))
        .unwrap_or_default()
}

fn begin(cx: &mut Cx<'_>, launch: Launch, berth: Berth) -> TaskArn {
    let overrides = overrides_of(&launch);
    let definition = cx.state.task_definitions.get(&launch.task_definition).cloned();
    let definition = definition.expect("a launch names a revision that exists");
    let needs = needs(&definition, &overrides);
    let cluster = launch.cluster.short().to_string();
    let arn = TaskArn::named(&cluster, &cx.dice.hex(&format!("task/{cluster}")));
    let host = berth.instance.as_ref().and_then(|instance| cx.state.container_instances.get(instance));
    let free: Vec<String> = host.iter().flat_map(|host| host.gpus_left().cloned()).collect();
    let stop_timeout = host.and_then(|host| host.settings.stop_timeout);
    let mut containers = containers(cx, &arn, &definition, &overrides, free);
    if let Some(span) = stop_timeout {
        let unsaid = |container: &&ContainerDefinition| container.stop_timeout.is_none();
        let unsaid: Vec<&str> = definition.containers.iter().filter(unsaid).map(|each| each.name()).collect();
        for container in containers.iter_mut().filter(|each| unsaid.contains(&each.name.as_str())) {
            container.plan.stop_timeout = span;
        }
    }
    usage::burden(cx.state, launch.service.as_ref(), &mut containers);
    let awsvpc = definition.network_mode == NetworkMode::AwsVpc;
    let fargate = launch.launch_type == LaunchType::Fargate;
    let waits = !fargate && berth.instance.is_none();
    let pick = |udp| needs.ports.iter().filter(move |port| port.0 == udp).map(|port| port.1).collect();
    let AwsVpc { assign_public_ip, .. } = launch.network.unwrap_or_default();
    let task = Task {
        arn: arn.clone(),
        cluster: launch.cluster,
        task_definition: launch.task_definition,
        launch_type: launch.launch_type,
        container_instance: berth.instance,
        capacity_provider: launch.capacity_provider,
        waiting: None,
        availability_zone: berth.availability_zone,
        network_mode: definition.network_mode,
        subnet: berth.subnet,
        assign_public_ip: assign_public_ip && fargate,
        group: launch.group,
        started_by: launch.started_by,
        service: launch.service,
        last_status: if awsvpc || fargate || waits { TaskStatus::Provisioning } else { TaskStatus::Pending },
        told_to_stop: false,
        step: Some(if waits { Step::Placement } else { Step::Roles }),
        cpu: needs.cpu,
        memory: needs.memory,
        host_ports: pick(false),
        host_ports_udp: pick(true),
        eni: None,
        containers,
        version: 0,
        created_at: cx.clock,
        connectivity_at: None,
        pull_started_at: None,
        pull_stopped_at: None,
        started_at: None,
        stopping_at: None,
        execution_stopped_at: None,
        stopped_at: None,
        stop_code: None,
        stopped_reason: None,
        tags: launch.tags,
        overrides: launch.overrides,
        enable_execute_command: launch.enable_execute_command,
        platform_version: launch.platform_version,
        protected_until: None,
    };
    let rule: &'static Rule = match (fargate, waits) {
        (true, _) => rules::FARGATE_SPREAD,
        (false, true) => capacity::ONLY_PROVIDERS_WAIT,
        (false, false) => rules::TASK_STATES,
    };
    let status = task.last_status;
    cx.state.tasks.insert(arn.clone(), task);
    container_instance::take(cx.state, &arn);
    managed_scaling::occupied(cx, &arn);
    task_chain::set_status(cx, &arn, status, rule);
    if !waits {
        task_chain::walk(cx, &arn, Step::Roles);
    }
    arn
}

/// A task that waited for an instance has one.
fn moor(cx: &mut Cx<'_>, arn: &TaskArn, berth: Berth) {
    task_waiting::leave(cx.state, arn);
    let host = berth.instance.as_ref().and_then(|instance| cx.state.container_instances.get(instance));
    let mut free = host.iter().flat_map(|host| host.gpus_left().cloned()).collect::<Vec<_>>().into_iter();
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    let definition = cx.state.task_definitions.get(&task.task_definition);
    let asked = definition.iter().flat_map(|definition| definition.containers.iter().map(gpus));
    for (container, gpus) in task.containers.iter_mut().zip(asked) {
        container.gpus = free.by_ref().take(usize::try_from(gpus).unwrap_or(0)).collect();
    }
    task.container_instance = berth.instance;
    task.availability_zone = berth.availability_zone;
    task.subnet = berth.subnet;
    task.version += 1;
    container_instance::take(cx.state, arn);
    managed_scaling::occupied(cx, arn);
    task_chain::walk(cx, arn, Step::Roles);
}

fn containers(
    cx: &mut Cx<'_>,
    arn: &TaskArn,
    definition: &TaskDefinition,
    overrides: &TaskOverride,
    free_gpus: Vec<String>,
) -> Vec<Container> {
    let mut free_gpus = free_gpus.into_iter();
    let definitions = task_overrides::apply(&definition.containers, overrides);
    let (_, task_memory) = task_overrides::size(definition, overrides);
    let mut plans: Vec<Plan> = definitions.iter().map(|each| Plan::new(each, &definitions)).collect();
    limit_memory(&mut plans, task_memory);
    definitions
        .iter()
        .zip(plans)
        .map(|(each, plan)| Container {
            name: each.name().to_string(),
            id: cx.dice.uuid(&format!("container/{}", arn.cluster())),
            image: each.image.clone().unwrap_or_default(),
            essential: each.is_essential(),
            plan,
            load: usage::Load::default(),
            ports: each.port_mappings.clone().unwrap_or_default(),
            gpus: free_gpus.by_ref().take(usize::try_from(gpus(each)).unwrap_or(0)).collect(),
            status: ContainerStatus::Pending,
            begun: false,
            pulled: false,
            life: 0,
            started_at: None,
            health: Health::Unknown,
            failed_checks: 0,
            check_broken: false,
            check_fault: None,
            signalled: false,
            exit_code: None,
            reason: None,
            bindings: Vec::new(),
        })
        .collect()
}

/// The network card of an awsvpc task is there.
pub(crate) fn attach_card(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    let Some(id) = task.subnet.clone() else { return };
    let Some(subnet) = cx.state.subnets.get_mut(&id) else { return };
    let cluster = arn.cluster();
    task.eni = Some(Eni {
        attachment: cx.dice.uuid(&format!("attachment/{cluster}")),
        id: format!("eni-{}", &cx.dice.hex(&format!("eni/{cluster}"))[..17]),
        private_ip: subnet.next_address(),
        mac: mac(&cx.dice.hex(&format!("mac/{cluster}"))),
        public_ip: (task.assign_public_ip).then(|| public_ip(cx.dice.given(&format!("eni/{cluster}")))),
        subnet: id,
    });
    task.connectivity_at = Some(cx.clock);
    task::changed(cx, arn);
}

/// A locally administered address, as network cards of EC2 have.
fn mac(hex: &str) -> String {
    let pairs: Vec<&str> = (0..5).filter_map(|index| hex.get(index * 2..index * 2 + 2)).collect();
    format!("0a:{}", pairs.join(":"))
}

/// Addresses of 203.0.113.0/24 and 198.51.100.0/24, which are kept for documentation.
fn public_ip(count: u64) -> String {
    let network = if (count / 254).is_multiple_of(2) { "203.0.113" } else { "198.51.100" };
    format!("{network}.{}", count % 254 + 1)
}
