//! How a task starts and stops: chains of named steps, each with its actor, duration and way to fail.

use crate::arn::{ClusterArn, ContainerInstanceArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::ecs::container::{self, ContainerStatus};
use crate::ecs::placement::Wishes;
use crate::ecs::rules::tasks as rules;
use crate::ecs::service::AwsVpc;
use crate::ecs::tag::Tag;
use crate::ecs::task::{self, LaunchType, StopCode, Task, TaskStatus};
use crate::ecs::task_definition::NetworkMode;
use crate::ecs::{container_instance, durations, task_launch};
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::rules::Rule;
use crate::time::SimDuration;
use crate::timeline::{Kind, RecordId, RecordKind};

/// A step of a task's life, in the order in which a task passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Step {
    Roles,
    NetworkCard,
    AgentQueue,
    RegistryLogin,
    Pull,
    Logs,
    Secrets,
    Volumes,
    Containers,
    LoadBalancer,
    LeaveLoadBalancer,
    StopContainers,
    DeleteNetworkCard,
}

/// What a step is: who does it, what happens, and how it can fail.
#[derive(Debug)]
pub struct StepFacts {
    /// The step.
    pub step: Step,
    /// Who does it (section 2.1 of the rules).
    pub actor: &'static str,
    /// What happens, in one sentence.
    pub says: &'static str,
    /// How it can fail, as the first words of the stopped reason; none where it cannot yet.
    pub fails: Option<&'static str>,
}

macro_rules! steps {
    ($( $step:ident, $actor:literal, $says:literal, $fails:expr; )*) => {
        &[ $( StepFacts { step: Step::$step, actor: $actor, says: $says, fails: $fails } ),* ]
    };
}

/// The chain by which a task starts.
pub static START: &[StepFacts] = steps! {
    Roles, "control plane", "Looks at the execution role and the task role.", None;
    NetworkCard, "control plane", "Finds capacity on Fargate, and attaches a network card to an awsvpc task.", None;
    AgentQueue, "agent", "Waits on an instance until what stopping tasks hold is really free (LIFE-14).", None;
    RegistryLogin, "agent", "Fetches credentials and logs in to the registry.", None;
    Pull, "agent", "Pulls the images.", Some("CannotPullContainerError");
    Logs, "agent", "Opens the log streams.", None;
    Secrets, "agent", "Fetches the secrets.", None;
    Volumes, "agent", "Mounts the volumes.", None;
    Containers, "agent", "Creates and starts the containers, in the order that dependsOn asks for.", Some("Task failed to start");
    LoadBalancer, "control plane", "Registers the task where requests come from.", None;
};

/// The chain by which a task stops.
pub static STOP: &[StepFacts] = steps! {
    LeaveLoadBalancer, "control plane", "Deregisters the task where requests come from.", None;
    StopContainers, "agent", "Sends SIGTERM, waits for stopTimeout, and sends SIGKILL.", None;
    DeleteNetworkCard, "control plane", "Detaches and deletes the network card.", None;
};

/// A task that somebody wants to start.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    /// Where.
    pub cluster: ClusterArn,
    /// From which revision.
    pub task_definition: TaskDefinitionArn,
    /// On what.
    pub launch_type: LaunchType,
    /// Where its network card may stand (awsvpc).
    pub network: Option<AwsVpc>,
    /// Its group (LIFE-13).
    pub group: String,
    /// Who started it (LIFE-13).
    pub started_by: Option<String>,
    /// The service it is for.
    pub service: Option<ServiceArn>,
    /// By which constraints and strategies it is placed on EC2.
    pub wishes: Wishes,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// The overrides of the request.
    pub overrides: Option<serde_json::Value>,
    /// The Fargate platform version asked for.
    pub platform_version: Option<String>,
    /// Whether ECS Exec was asked for.
    pub enable_execute_command: bool,
}

/// No instance could take the task.
#[derive(Debug, Clone, PartialEq)]
pub struct NotPlaced {
    /// The instance that passed the most tests (PLACE-03); none where the cluster has none.
    pub closest: Option<ContainerInstanceArn>,
    /// AWS's word for the test it failed, such as `RESOURCE:MEMORY` (PLACE-31).
    pub reason: String,
    /// The rule behind it.
    pub rule: &'static Rule,
    /// The record of the decision, with a verdict per instance.
    pub record: RecordId,
}

/// How a step goes on once it has begun.
enum Next {
    /// At once.
    Done,
    /// After this time.
    After(SimDuration),
    /// When something else happens: a pull ends, a container starts or stops.
    Waits,
}

/// Moves a task to a status and puts that on the timeline; what follows is caused by it.
pub(crate) fn set_status(cx: &mut Cx<'_>, arn: &TaskArn, status: TaskStatus, rule: &'static Rule) {
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    task.last_status = status;
    task.version += 1;
    let record = cx.record(RecordKind::Change, subject(Kind::Task, arn), status.word(), rule);
    cx.cause = Some(record);
    task::changed(cx, arn);
}

/// Walks a task along its chain from this step, as far as it goes without waiting.
pub(crate) fn walk(cx: &mut Cx<'_>, arn: &TaskArn, from: Step) {
    let mut next = Some(from);
    while let Some(step) = next {
        match cx.state.tasks.get_mut(arn) {
            Some(task) => task.step = Some(step),
            None => return,
        }
        match begin(cx, arn, step) {
            Next::Done => next = after(step),
            Next::After(span) => return cx.book(span, Event::TaskStep { task: arn.clone(), step }),
            Next::Waits => return,
        }
    }
    end(cx, arn);
}

/// The step behind this one in its chain.
fn after(step: Step) -> Option<Step> {
    [START, STOP].into_iter().find_map(|chain| {
        let at = chain.iter().position(|facts| facts.step == step)?;
        chain.get(at + 1).map(|facts| facts.step)
    })
}

/// What a step does when it begins.
fn begin(cx: &mut Cx<'_>, arn: &TaskArn, step: Step) -> Next {
    let Some(task) = cx.state.tasks.get_mut(arn) else { return Next::Waits };
    let awsvpc = task.network_mode == NetworkMode::AwsVpc;
    let fargate = task.launch_type == LaunchType::Fargate;
    match step {
        // They take no time and cannot fail yet; their place in the chain is theirs.
        Step::Roles | Step::Logs | Step::Secrets | Step::Volumes => Next::Done,
        Step::NetworkCard if fargate => Next::After(durations::FARGATE_PROVISIONING),
        Step::NetworkCard if awsvpc => Next::After(durations::CARD_ATTACH_EC2),
        Step::NetworkCard => Next::Done,
        Step::AgentQueue => {
            if task.last_status < TaskStatus::Pending {
                set_status(cx, arn, TaskStatus::Pending, rules::TASK_STATES);
            }
            if container_instance::admits(cx, arn) { Next::Done } else { Next::Waits }
        }
        Step::RegistryLogin if fargate => Next::After(durations::FARGATE_LOGIN),
        Step::RegistryLogin => Next::Done,
        Step::Pull => {
            container::open_gates(cx, arn);
            Next::Waits
        }
        Step::Containers => {
            let later = if awsvpc { durations::PAUSE_CONTAINER } else { SimDuration::default() };
            let ready: Vec<usize> = task
                .containers
                .iter()
                .enumerate()
                .filter(|(_, container)| container.pulled)
                .map(|(index, _)| index)
                .collect();
            for index in ready {
                container::start(cx, arn, index, later);
            }
            Next::Waits
        }
        Step::LoadBalancer => {
            if awsvpc {
                set_status(cx, arn, TaskStatus::Activating, rules::TASK_STATES);
            }
            Next::Done
        }
        Step::LeaveLoadBalancer => {
            if awsvpc && task.last_status == TaskStatus::Running && !ends_by_itself(task) {
                set_status(cx, arn, TaskStatus::Deactivating, rules::TASK_STATES);
            }
            Next::Done
        }
        Step::StopContainers => {
            if is_alive(task) && !ends_by_itself(task) {
                set_status(cx, arn, TaskStatus::Stopping, rules::TASK_STATES);
            }
            stop_order(cx, arn);
            if all_stopped(cx, arn) {
                containers_ended(cx, arn);
                Next::Done
            } else {
                Next::Waits
            }
        }
        Step::DeleteNetworkCard if fargate || awsvpc => {
            set_status(cx, arn, TaskStatus::Deprovisioning, rules::TASK_STATES);
            Next::After(if fargate { durations::CARD_DELETE_FARGATE } else { durations::CARD_DELETE_EC2 })
        }
        Step::DeleteNetworkCard => Next::Done,
    }
}

/// Whether a process of the task still runs.
fn is_alive(task: &Task) -> bool {
    task.containers.iter().any(|container| container.status == ContainerStatus::Running)
}

/// A task whose essential container ended by itself keeps its status until all have stopped (LIFE-08).
fn ends_by_itself(task: &Task) -> bool {
    task.stop_code == Some(StopCode::EssentialContainerExited) && is_alive(task)
}

/// A step of the task has taken its time.
pub fn step(cx: &mut Cx<'_>, arn: &TaskArn, step: Step) {
    if cx.state.tasks.get(arn).is_none_or(|task| task.step != Some(step)) {
        return;
    }
    if step < Step::DeleteNetworkCard
        && container_instance::holds_back(cx, arn, || Event::TaskStep { task: arn.clone(), step })
    {
        return;
    }
    if step == Step::NetworkCard {
        task_launch::attach_card(cx, arn);
    }
    match after(step) {
        Some(next) => walk(cx, arn, next),
        None => end(cx, arn),
    }
}

/// A chain has come to its end: the task is RUNNING, or STOPPED.
fn end(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    task.step = None;
    if task.told_to_stop {
        return stopped(cx, arn);
    }
    task.started_at = Some(cx.clock);
    set_status(cx, arn, TaskStatus::Running, rules::TASK_RUNNING);
}

/// RUNNING follows when each container runs or has already stopped (LIFE-07).
pub(crate) fn settle(cx: &mut Cx<'_>, arn: &TaskArn) {
    let ready = cx.state.tasks.get(arn).is_some_and(|task| {
        task.step == Some(Step::Containers)
            && !task.told_to_stop
            && task.containers.iter().all(|container| container.status != ContainerStatus::Pending)
    });
    if ready {
        walk(cx, arn, Step::LoadBalancer);
    } else {
        task::changed(cx, arn);
    }
}

/// Tells a task to stop; what has already been told goes on as it was (LIFE-09).
pub fn stop(cx: &mut Cx<'_>, arn: &TaskArn, code: StopCode, reason: &str) {
    let cause = cx.cause;
    if tell_to_stop(cx, arn, code, reason) {
        begin_stop(cx, arn);
    }
    cx.cause = cause;
}

/// Sets the desired status to STOPPED, which frees what placement counts for the task (LIFE-14).
///
/// Answers whether the task was not told before; the caller then begins its stop.
pub(crate) fn tell_to_stop(cx: &mut Cx<'_>, arn: &TaskArn, code: StopCode, reason: &str) -> bool {
    let Some(task) = cx.state.tasks.get_mut(arn).filter(|task| !task.told_to_stop) else { return false };
    task.told_to_stop = true;
    task.stopping_at = Some(cx.clock);
    task.stop_code = Some(code);
    task.stopped_reason = Some(reason.to_string());
    task.version += 1;
    container_instance::give_back(cx.state, arn);
    let kind = match code {
        StopCode::UserInitiated | StopCode::ServiceSchedulerInitiated => RecordKind::Change,
        _ => RecordKind::Failure,
    };
    let text = format!("desiredStatus STOPPED: {reason}");
    let record = cx.record(kind, subject(Kind::Task, arn), text, rules::STOP_CODES);
    cx.cause = Some(record);
    task::changed(cx, arn);
    true
}

/// Begins the stop chain of a task that was told to stop, unless its agent cannot be reached.
pub(crate) fn begin_stop(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get(arn).filter(|task| task.told_to_stop) else { return };
    if task.step >= Some(Step::LeaveLoadBalancer)
        || task.last_status == TaskStatus::Stopped
        || container_instance::is_silent(cx.state, arn)
    {
        return;
    }
    walk(cx, arn, Step::LeaveLoadBalancer);
}

/// Goes on with stopping: each container is stopped once all that depend on it have (TASKDEF-30).
pub(crate) fn stop_containers(cx: &mut Cx<'_>, arn: &TaskArn) {
    stop_order(cx, arn);
    let stopping = cx.state.tasks.get(arn).is_some_and(|task| task.step == Some(Step::StopContainers));
    if stopping && all_stopped(cx, arn) {
        containers_ended(cx, arn);
        walk(cx, arn, Step::DeleteNetworkCard);
    }
}

/// In the reverse of dependsOn (LIFE-16).
fn stop_order(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    for container in task.containers.iter_mut().filter(|each| each.status == ContainerStatus::Pending) {
        container.status = ContainerStatus::Stopped;
    }
    let needed = |index: usize| {
        task.containers.iter().any(|other| {
            other.status == ContainerStatus::Running
                && other.plan.depends_on.iter().any(|(on, _)| *on == index)
        })
    };
    let due: Vec<usize> = (0..task.containers.len())
        .filter(|index| {
            task.containers.get(*index).is_some_and(|container| {
                container.status == ContainerStatus::Running && !container.signalled && !needed(*index)
            })
        })
        .collect();
    for index in due {
        let cause = cx.cause;
        container::signal(cx, arn, index);
        cx.cause = cause;
    }
}

fn all_stopped(cx: &Cx<'_>, arn: &TaskArn) -> bool {
    cx.state.tasks.get(arn).is_some_and(|task| {
        task.containers.iter().all(|container| container.status == ContainerStatus::Stopped)
    })
}

/// The last process of a task has ended: the agent has its resources back.
fn containers_ended(cx: &mut Cx<'_>, arn: &TaskArn) {
    if let Some(task) = cx.state.tasks.get_mut(arn) {
        task.execution_stopped_at = task.started_at.map(|_| cx.clock);
    }
    container_instance::release(cx, arn);
}

/// The task is STOPPED, and will be forgotten (LIFE-26).
fn stopped(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    task.stopped_at = Some(cx.clock);
    let instance = task.container_instance.clone();
    if let Some(instance) = instance.and_then(|instance| cx.state.container_instances.get_mut(&instance)) {
        instance.tasks.remove(arn);
    }
    set_status(cx, arn, TaskStatus::Stopped, rules::TASK_STATES);
    cx.book(durations::STOPPED_KEPT, Event::TaskForgotten(arn.clone()));
}

/// The machine under a task is gone, or ECS no longer counts it: the task is STOPPED at once.
pub(crate) fn lost(cx: &mut Cx<'_>, arn: &TaskArn, code: StopCode, reason: &str) {
    let cause = cx.cause;
    if cx.state.tasks.get(arn).is_none_or(|task: &Task| task.last_status == TaskStatus::Stopped) {
        return;
    }
    tell_to_stop(cx, arn, code, reason);
    if let Some(task) = cx.state.tasks.get_mut(arn) {
        for container in &mut task.containers {
            container.status = ContainerStatus::Stopped;
        }
        task.execution_stopped_at = task.started_at.map(|_| cx.clock);
        task.step = None;
    }
    stopped(cx, arn);
    cx.cause = cause;
}

/// AWS forgets a STOPPED task (LIFE-26).
pub fn forget(cx: &mut Cx<'_>, arn: &TaskArn) {
    if cx.state.tasks.remove(arn).is_some() {
        let text = "forgotten: an hour has passed since it stopped";
        cx.record(RecordKind::Change, subject(Kind::Task, arn), text, rules::STOPPED_KEPT);
    }
}
