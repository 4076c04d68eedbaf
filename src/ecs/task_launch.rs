//! A task begins: where it goes, what it takes there, and the first step of its chain.

use crate::arn::{ContainerInstanceArn, SubnetId, TaskArn};
use crate::dice::Stream;
use crate::ecs::container::{Container, ContainerStatus};
use crate::ecs::container_instance;
use crate::ecs::container_plan::{Plan, limit_memory};
use crate::ecs::placement::{Board, Decision, Request};
use crate::ecs::rules::tasks as rules;
use crate::ecs::service::AwsVpc;
use crate::ecs::task::{self, Eni, Health, LaunchType, Task, TaskStatus};
use crate::ecs::task_chain::{self, Launch, NotPlaced, Step};
use crate::ecs::task_definition::{ContainerDefinition, NetworkMode, TaskDefinition};
use crate::ecs::task_overrides::{self, TaskOverride};
use crate::ecs::usage;
use crate::operation::{Cx, subject};
use crate::rules::Rule;
use crate::state::State;
use crate::timeline::{Kind, RecordKind};
use crate::units::{CpuUnits, Mib};

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
    }
}

/// How many graphics processors a container takes (TASKDEF-59).
pub fn gpus(container: &ContainerDefinition) -> u64 {
    let asked = container.resource_requirements.iter().flatten().filter(|each| each.kind == "GPU");
    asked.filter_map(|each| each.value.parse::<u16>().ok()).map(u64::from).sum()
}

/// Where a task has found its place.
struct Berth {
    instance: Option<ContainerInstanceArn>,
    subnet: Option<SubnetId>,
    availability_zone: String,
}

/// Tasks alike that are started one after the other, at one moment.
///
/// Between two of them nothing else may change where tasks stand.
#[derive(Debug)]
pub struct Series {
    launch: Launch,
    needs: Needs,
    attributes: Vec<String>,
    board: Option<Board>,
}

impl Series {
    /// A series in which nothing is started yet.
    pub fn new(state: &State, launch: Launch) -> Series {
        let (needs, attributes) = needs_of(state, &launch);
        Series { launch, needs, attributes, board: None }
    }

    /// Places the next task and begins its chain.
    ///
    /// # Errors
    /// No instance can take it, and nothing is created (PLACE-20); the decision is on the timeline with its
    /// verdicts.
    pub fn start(&mut self, cx: &mut Cx<'_>) -> Result<TaskArn, NotPlaced> {
        let cause = cx.cause;
        let placed = self.berth(cx).map(|berth| {
            let instance = berth.instance.clone();
            let task = begin(cx, self.launch.clone(), berth);
            if let (Some(board), Some(instance)) = (&mut self.board, instance) {
                let request = request(&self.launch, &self.needs, &self.attributes);
                board.update(cx.state, &request, &instance);
            }
            task
        });
        cx.cause = cause;
        placed
    }

    fn berth(&mut self, cx: &mut Cx<'_>) -> Result<Berth, NotPlaced> {
        if self.launch.launch_type == LaunchType::Fargate {
            return Ok(fargate_berth(cx, &self.launch));
        }
        let request = request(&self.launch, &self.needs, &self.attributes);
        let board = self.board.get_or_insert_with(|| Board::new(cx.state, &request));
        let stream =
            if self.launch.wishes.by_default { Stream::PlacementTie } else { Stream::PlacementRandom };
        let (dice, state) = (&mut *cx.dice, &*cx.state);
        let place = self.launch.cluster.as_str();
        let decision = board.decide(state, &request, |bound| dice.draw(stream, place, bound));
        settle(cx, &self.launch, decision)
    }
}

/// Begins a task on an instance that somebody chose (StartTask, PLACE-06).
///
/// # Errors
/// The instance cannot take it; the reason is one of PLACE-31.
pub fn launch_on(
    cx: &mut Cx<'_>,
    launch: Launch,
    instance: &ContainerInstanceArn,
) -> Result<TaskArn, NotPlaced> {
    let cause = cx.cause;
    let (needs, attributes) = needs_of(cx.state, &launch);
    let request = request(&launch, &needs, &attributes);
    let decision = Board::of_one(cx.state, &request, instance).decide(cx.state, &request, |_| 0);
    let placed = settle(cx, &launch, decision).map(|berth| begin(cx, launch, berth));
    cx.cause = cause;
    placed
}

fn overrides_of(launch: &Launch) -> TaskOverride {
    launch.overrides.as_ref().and_then(|json| crate::shape::read(json).ok()).unwrap_or_default()
}

fn needs_of(state: &State, launch: &Launch) -> (Needs, Vec<String>) {
    state
        .task_definitions
        .get(&launch.task_definition)
        .map(|definition| (needs(definition, &overrides_of(launch)), definition.requires_attributes.clone()))
        .unwrap_or_default()
}

fn request<'a>(launch: &'a Launch, needs: &'a Needs, attributes: &'a [String]) -> Request<'a> {
    Request {
        cluster: &launch.cluster,
        group: &launch.group,
        for_service: launch.service.is_some(),
        needs,
        attributes,
        subnets: launch.network.as_ref().map(|network| network.subnets.as_slice()),
        wishes: &launch.wishes,
    }
}

/// Puts a decision on the timeline; what follows is caused by it.
fn settle(cx: &mut Cx<'_>, launch: &Launch, decision: Decision) -> Result<Berth, NotPlaced> {
    let chosen = decision.chosen.as_ref().and_then(|chosen| cx.state.container_instances.get(chosen));
    let berth = chosen.map(|instance| {
        let zone = instance.availability_zone().to_string();
        let subnets = launch.network.as_ref().map(|network| network.subnets.as_slice()).unwrap_or_default();
        let subnet = subnets
            .iter()
            .find(|id| cx.state.subnets.get(*id).is_some_and(|subnet| subnet.availability_zone == zone));
        Berth { instance: decision.chosen.clone(), subnet: subnet.cloned(), availability_zone: zone }
    });
    let kind = if berth.is_some() { RecordKind::Decision } else { RecordKind::Failure };
    let about = subject(Kind::Cluster, &launch.cluster);
    let record = cx.record_decision(kind, about, decision.text, decision.rule, decision.verdicts);
    cx.cause = Some(record);
    berth.ok_or(NotPlaced { closest: decision.closest, reason: decision.reason, rule: decision.rule, record })
}

/// The subnet whose zone has the fewest tasks of the group, ties in the order given (PLACE-04).
fn fargate_berth(cx: &mut Cx<'_>, launch: &Launch) -> Berth {
    let subnets = launch.network.as_ref().map(|network| network.subnets.as_slice()).unwrap_or_default();
    let zone_of = |id: &SubnetId| {
        cx.state.subnets.get(id).map(|subnet| subnet.availability_zone.clone()).unwrap_or_default()
    };
    let count = |id: &SubnetId| {
        let key = (launch.cluster.clone(), launch.group.clone(), zone_of(id));
        cx.state.fargate_spread.get(&key).copied().unwrap_or(0)
    };
    let subnet = subnets.iter().min_by_key(|id| count(id)).cloned();
    let availability_zone = subnet.as_ref().map(zone_of).unwrap_or_default();
    Berth { instance: None, subnet, availability_zone }
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
    let mut containers = containers(cx, &arn, &definition, &overrides, free);
    usage::burden(cx.state, launch.service.as_ref(), &mut containers);
    let awsvpc = definition.network_mode == NetworkMode::AwsVpc;
    let fargate = launch.launch_type == LaunchType::Fargate;
    let pick = |udp| needs.ports.iter().filter(move |port| port.0 == udp).map(|port| port.1).collect();
    let AwsVpc { assign_public_ip, .. } = launch.network.unwrap_or_default();
    let task = Task {
        arn: arn.clone(),
        cluster: launch.cluster,
        task_definition: launch.task_definition,
        launch_type: launch.launch_type,
        container_instance: berth.instance,
        capacity_provider: None,
        availability_zone: berth.availability_zone,
        network_mode: definition.network_mode,
        subnet: berth.subnet,
        assign_public_ip: assign_public_ip && fargate,
        group: launch.group,
        started_by: launch.started_by,
        service: launch.service,
        last_status: if awsvpc || fargate { TaskStatus::Provisioning } else { TaskStatus::Pending },
        told_to_stop: false,
        step: Some(Step::Roles),
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
    let (status, rule): (TaskStatus, &'static Rule) =
        (task.last_status, if fargate { rules::FARGATE_SPREAD } else { rules::TASK_STATES });
    cx.state.tasks.insert(arn.clone(), task);
    container_instance::take(cx.state, &arn);
    task_chain::set_status(cx, &arn, status, rule);
    task_chain::walk(cx, &arn, Step::Roles);
    arn
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
