//! Containers of a task: their pulls, their processes, their ends.

mod gates;
mod restart;

use crate::arn::{ACCOUNT, REGION, TaskArn};
use crate::cloudwatch::meter;
use crate::ecs::container_instance;
use crate::ecs::container_plan::Plan;
use crate::ecs::durations;
use crate::ecs::rules::tasks as rules;
use crate::ecs::task::{self, Health, LaunchType, StopCode};
use crate::ecs::task_chain::{self, Step};
use crate::ecs::task_definition::{NetworkMode, PortMapping};
use crate::ecs::usage::{self, Load};
use crate::event::Event;
use crate::operation::Cx;
use crate::program;
use crate::rules::Rule;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, RecordId, RecordKind, Subject};

pub(crate) use gates::open_gates;
pub use gates::start_timeout;
pub use restart::{Restart, judge as judge_restart};

/// Where a container is in its life, as the API shows it (LIFE-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum ContainerStatus {
    Pending,
    Running,
    Stopped,
}

impl ContainerStatus {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            ContainerStatus::Pending => "PENDING",
            ContainerStatus::Running => "RUNNING",
            ContainerStatus::Stopped => "STOPPED",
        }
    }
}

/// A container of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct Container {
    /// Its name in the task definition.
    pub name: String,
    /// Its id, a uuid, as in its ARN.
    pub id: String,
    /// Its image.
    pub image: String,
    /// Whether the task stops with it (TASKDEF-27).
    pub essential: bool,
    /// What it will do.
    pub plan: Plan,
    /// The load on its program.
    pub load: Load,
    /// Its ports, as the definition maps them.
    pub ports: Vec<PortMapping>,
    /// The graphics processors that are its own, by id (TASKDEF-59).
    pub gpus: Vec<String>,
    /// Where it is in its life.
    pub status: ContainerStatus,
    /// Whether its pull has begun: nothing that it waits for holds it back any more.
    pub begun: bool,
    /// Whether its image is there.
    pub pulled: bool,
    /// Which life it is in; a restart begins a new one.
    pub life: u32,
    /// When its process started.
    pub started_at: Option<SimTime>,
    /// What its health checks say.
    pub health: Health,
    /// Failed checks in a row that count.
    pub failed_checks: i64,
    /// A fault makes its checks fail while the process runs on.
    pub check_broken: bool,
    /// The record of that fault.
    pub check_fault: Option<RecordId>,
    /// Whether SIGTERM was sent.
    pub signalled: bool,
    /// The exit code of its process.
    pub exit_code: Option<i64>,
    /// What went wrong, as the agent reports it.
    pub reason: Option<String>,
    /// Ports of the host that lead to it: container port, host port, protocol (TASKDEF-40).
    pub bindings: Vec<(i64, i64, String)>,
}

impl Container {
    /// Its ARN, as a container of this task.
    pub fn arn(&self, task: &TaskArn) -> String {
        format!("arn:aws:ecs:{REGION}:{ACCOUNT}:container/{}/{}/{}", task.cluster(), task.short(), self.id)
    }

    /// Whether its process runs and has come so far that it serves.
    pub fn serves(&self, now: SimTime) -> bool {
        self.status == ContainerStatus::Running
            && self
                .plan
                .program
                .zip(self.started_at)
                .is_some_and(|(program, started)| now >= started + SimDuration::millis(program.start_millis))
    }

    /// The memory that its process uses now, in MiB.
    pub fn memory_used(&self, now: SimTime) -> u64 {
        match (self.plan.program, self.started_at) {
            (Some(program), Some(started)) if self.status == ContainerStatus::Running => {
                let serving = now.since(started).0.saturating_sub(program.start_millis);
                program.memory_mib.max(self.load.memory) + program.leak_mib_per_minute * serving / 60_000
            }
            _ => 0,
        }
    }

    /// When its memory use goes beyond its limit: milliseconds after its start.
    pub fn outgrows(&self) -> Option<u64> {
        let (program, limit) = self.plan.program.zip(self.plan.memory_limit)?;
        program.outgrows(program.memory_mib.max(self.load.memory), limit.0)
    }

    /// The CPU units that its process would use if it got them.
    pub fn cpu_wanted(&self) -> u64 {
        match self.plan.program {
            Some(program) if self.status == ContainerStatus::Running && self.started_at.is_some() => {
                program.idle_cpu.max(self.load.cpu)
            }
            _ => 0,
        }
    }
}

/// Records something about a container; what follows is caused by it.
pub(crate) fn record(
    cx: &mut Cx<'_>,
    kind: RecordKind,
    task: &TaskArn,
    container: usize,
    text: String,
    rule: &'static Rule,
) {
    if let Some(task) = cx.state.tasks.get_mut(task)
        && let Some(container) = task.containers.get(container)
    {
        task.version += 1;
        let subject = Subject::new(Kind::Container, container.arn(&task.arn));
        let record = cx.record(kind, subject, text, rule);
        cx.cause = Some(record);
    }
}

/// The container of a task, where both exist.
pub(crate) fn of<'a>(cx: &'a mut Cx<'_>, task: &TaskArn, container: usize) -> Option<&'a mut Container> {
    cx.state.tasks.get_mut(task)?.containers.get_mut(container)
}

/// Begins a container: the pull of its image.
pub(crate) fn begin(cx: &mut Cx<'_>, arn: &TaskArn, index: usize) {
    let Some(task) = cx.state.tasks.get(arn) else { return };
    let Some(container) = task.containers.get(index) else { return };
    let cached = task
        .container_instance
        .as_ref()
        .is_some_and(|instance| container_instance::has_image(cx.state, instance, &container.image));
    let span = match task.launch_type {
        LaunchType::Fargate => container.plan.pull(durations::FARGATE_MB_PER_SECOND),
        LaunchType::Ec2 if cached && container_instance::trusts_cache(cx.state, task) => {
            SimDuration::default()
        }
        LaunchType::Ec2 if cached => durations::PULL_CACHED,
        LaunchType::Ec2 => container.plan.pull(durations::EC2_MB_PER_SECOND),
    };
    if let Some(task) = cx.state.tasks.get_mut(arn) {
        task.pull_started_at.get_or_insert(cx.clock);
    }
    if let Some(container) = of(cx, arn, index) {
        container.begun = true;
    }
    cx.book(span, Event::PullEnds { task: arn.clone(), container: index });
}

/// A pull ends: with the image, or with the registry's answer that there is none.
pub fn pull_ends(cx: &mut Cx<'_>, arn: &TaskArn, index: usize) {
    if container_instance::holds_back(cx, arn, || Event::PullEnds { task: arn.clone(), container: index }) {
        return;
    }
    let now = cx.clock;
    let Some(task) = cx.state.tasks.get_mut(arn).filter(|task| !task.told_to_stop) else { return };
    let (launch_type, instance, step) = (task.launch_type, task.container_instance.clone(), task.step);
    let Some(container) = task.containers.get_mut(index) else { return };
    let image = container.image.clone();
    if let Err(missing) = program::find(&image) {
        let text = match launch_type {
            LaunchType::Fargate => missing.on_fargate(),
            LaunchType::Ec2 => missing.on_ec2(),
        };
        container.reason = Some(text.clone());
        record(cx, RecordKind::Failure, arn, index, text.clone(), rules::STOPPED_REASONS);
        record(cx, RecordKind::Simplification, arn, index, missing.hint(), rules::IMAGE_CATALOGUE);
        return task_chain::stop(cx, arn, StopCode::TaskFailedToStart, &text);
    }
    container.pulled = true;
    task.pull_stopped_at = Some(now);
    let all_here = task.containers.iter().all(|container| container.pulled || !container.begun);
    if let Some(instance) = instance {
        container_instance::keep_image(cx, &instance, &image);
    }
    record(
        cx,
        RecordKind::Change,
        arn,
        index,
        format!("image {image} pulled"),
        crate::ecs::rules::API_AT_ONCE,
    );
    match step {
        Some(Step::Pull) if all_here => task_chain::step(cx, arn, Step::Pull),
        Some(Step::Containers) => start(cx, arn, index, SimDuration::default()),
        _ => {}
    }
}

/// Creates and starts a container whose image is there, `later` than usual.
pub(crate) fn start(cx: &mut Cx<'_>, arn: &TaskArn, index: usize, later: SimDuration) {
    let starts = Event::ContainerStarts { task: arn.clone(), container: index };
    cx.book(later + durations::CONTAINER_START, starts);
}

/// A container's process starts.
pub fn starts(cx: &mut Cx<'_>, arn: &TaskArn, index: usize) {
    if container_instance::holds_back(cx, arn, || Event::ContainerStarts {
        task: arn.clone(),
        container: index,
    }) {
        return;
    }
    let now = cx.clock;
    // A restart keeps its ports; one that was ended while it was on its way does not come.
    let first = of(cx, arn, index).is_some_and(|container| container.status == ContainerStatus::Pending);
    let bindings = if first { bind(cx, arn, index) } else { Vec::new() };
    let Some(task) = cx.state.tasks.get_mut(arn).filter(|task| !task.told_to_stop) else { return };
    let Some(container) = task
        .containers
        .get_mut(index)
        .filter(|container| container.status < ContainerStatus::Stopped && container.started_at.is_none())
    else {
        return;
    };
    container.status = ContainerStatus::Running;
    container.life += 1;
    container.started_at = Some(now);
    if first {
        container.bindings = bindings;
    }
    let (life, plan) = (container.life, container.plan.clone());
    record(cx, RecordKind::Change, arn, index, "RUNNING".to_string(), rules::CONTAINER_STATES);
    if let Some((after, code)) = plan.ends {
        let task = arn.clone();
        cx.book(after, Event::ContainerExits { task, container: index, life, code, reason: None });
    }
    usage::outgrow(cx, arn, index);
    meter::changed_under(cx, arn);
    if let Some(check) = plan.check {
        cx.book(check.interval, Event::HealthCheck { task: arn.clone(), container: index, life });
    }
    if let Some(span) = plan.start_timeout.filter(|_| first) {
        cx.book(span, Event::StartTimeout { task: arn.clone(), container: index });
    }
    open_gates(cx, arn);
    task_chain::settle(cx, arn);
}

/// What the agent reports of a container that used more memory than it may (LIFE-23).
pub const OUT_OF_MEMORY: &str = "OutOfMemoryError: Container killed due to memory usage";

/// Whether a container uses more memory than it may by now; its load may have fallen since its end was booked.
fn outgrown(container: &Container, now: SimTime) -> bool {
    let due = container.started_at.zip(container.outgrows());
    due.is_some_and(|(started, millis)| now >= started + SimDuration::millis(millis))
}

/// The ports of the host that will lead to a container (TASKDEF-40, TASKDEF-41).
fn bind(cx: &mut Cx<'_>, arn: &TaskArn, index: usize) -> Vec<(i64, i64, String)> {
    let Some(task) = cx.state.tasks.get(arn).filter(|task| !task.told_to_stop) else { return Vec::new() };
    let (mode, instance) = (task.network_mode, task.container_instance.clone());
    let Some((container, instance)) = task.containers.get(index).zip(instance) else { return Vec::new() };
    if !matches!(mode, NetworkMode::Bridge | NetworkMode::Host) {
        return Vec::new();
    }
    let ports = container.ports.clone();
    ports
        .iter()
        .filter_map(|mapping| {
            let container_port = mapping.container_port?;
            let host_port = match mapping.host_port.filter(|port| *port > 0) {
                Some(port) => port,
                None if mode == NetworkMode::Host => container_port,
                None => container_instance::dynamic_port(cx.state, &instance)?,
            };
            let protocol = mapping.protocol.clone().unwrap_or_else(|| "tcp".to_string());
            Some((container_port, host_port, protocol))
        })
        .collect()
}

/// A container's process ends.
pub fn exits(cx: &mut Cx<'_>, arn: &TaskArn, index: usize, life: u32, code: i64, reason: Option<String>) {
    let again =
        || Event::ContainerExits { task: arn.clone(), container: index, life, code, reason: reason.clone() };
    if container_instance::holds_back(cx, arn, again) {
        return;
    }
    let now = cx.clock;
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    let (told_to_stop, instance) = (task.told_to_stop, task.container_instance.clone());
    let Some(container) = task
        .containers
        .get_mut(index)
        .filter(|container| container.life == life && container.status == ContainerStatus::Running)
    else {
        return;
    };
    if reason.as_deref() == Some(OUT_OF_MEMORY) && !outgrown(container, now) {
        return;
    }
    let restart = if told_to_stop { Restart::None } else { judge_restart(container, code, now) };
    if restart == Restart::InPlace {
        return restart::begin(cx, arn, index, code, reason.as_deref());
    }
    container.status = ContainerStatus::Stopped;
    container.exit_code = Some(code);
    container.reason.clone_from(&reason);
    let ports: Vec<i64> = container.bindings.iter().map(|(_, host_port, _)| *host_port).collect();
    let (essential, expected) = (container.essential, container.signalled || code == 0);
    if let Some(instance) = instance {
        container_instance::free_dynamic_ports(cx.state, &instance, &ports);
    }
    meter::changed_under(cx, arn);
    let kind = if expected { RecordKind::Change } else { RecordKind::Failure };
    let text = match &reason {
        Some(reason) => format!("STOPPED with exit code {code}: {reason}"),
        None => format!("STOPPED with exit code {code}"),
    };
    let (text, rule) = match restart {
        Restart::Final(why) => (format!("{text}; {why}"), rules::RESTART_POLICY),
        _ if reason.is_some() => (text, rules::OUT_OF_MEMORY),
        _ => (text, rules::CONTAINER_STATES),
    };
    record(cx, kind, arn, index, text, rule);
    if told_to_stop {
        task_chain::stop_containers(cx, arn);
    } else if essential {
        task_chain::stop(cx, arn, StopCode::EssentialContainerExited, "Essential container in task exited");
    } else {
        open_gates(cx, arn);
        task_chain::settle(cx, arn);
    }
}

/// Sends SIGTERM; the process ends in its own way, or by SIGKILL after stopTimeout (LIFE-15).
pub(crate) fn signal(cx: &mut Cx<'_>, arn: &TaskArn, index: usize) {
    let Some(container) = of(cx, arn, index) else { return };
    container.signalled = true;
    let (life, (after, code)) = (container.life, container.plan.on_sigterm());
    let killed = code == 137 && after == container.plan.stop_timeout;
    let text = if killed {
        format!("SIGTERM; it does not end, so SIGKILL follows after {after}")
    } else {
        "SIGTERM".to_string()
    };
    record(cx, RecordKind::Change, arn, index, text, rules::STOP_TIMEOUT);
    cx.book(after, Event::ContainerExits { task: arn.clone(), container: index, life, code, reason: None });
}

/// A container's health check ends.
pub fn health_check(cx: &mut Cx<'_>, arn: &TaskArn, index: usize, life: u32) {
    crate::ecs::health::check_ends(cx, arn, index, life);
}

/// Ends a container's process by SIGKILL, as somebody on the machine could.
pub fn kill(cx: &mut Cx<'_>, arn: &TaskArn, index: usize) {
    if let Some(container) = of(cx, arn, index) {
        let life = container.life;
        exits(cx, arn, index, life, 137, None);
        task::changed(cx, arn);
    }
}
