//! How a task starts and stops: chains of named steps, each with its actor, duration and way to fail.

mod steps;
mod stopping;

use crate::arn::{ClusterArn, ContainerInstanceArn, ServiceArn, TaskArn, TaskDefinitionArn};
use crate::ecs::container::{self, ContainerStatus};
use crate::ecs::placement::Wishes;
use crate::ecs::rules::tasks as rules;
use crate::ecs::service::AwsVpc;
use crate::ecs::tag::Tag;
use crate::ecs::task::{self, LaunchType, StopCode, Task, TaskStatus};
use crate::ecs::task_definition::NetworkMode;
use crate::ecs::{container_instance, durations, task_launch, task_waiting};
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::rules::Rule;
use crate::time::SimDuration;
use crate::timeline::{Kind, RecordId, RecordKind};

pub use steps::{START, STOP, Step, StepFacts};
pub(crate) use stopping::{begin_stop, lost, stop_containers, tell_to_stop};
pub use stopping::{forget, stop};

use steps::after;
use stopping::{all_stopped, containers_ended, stop_order, stopped};

/// A task that somebody wants to start.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    /// Where.
    pub cluster: ClusterArn,
    /// From which revision.
    pub task_definition: TaskDefinitionArn,
    /// On what.
    pub launch_type: LaunchType,
    /// Through which capacity provider, if any (CAP-05).
    pub capacity_provider: Option<String>,
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

/// What a step does when it begins.
fn begin(cx: &mut Cx<'_>, arn: &TaskArn, step: Step) -> Next {
    let Some(task) = cx.state.tasks.get_mut(arn) else { return Next::Waits };
    let awsvpc = task.network_mode == NetworkMode::AwsVpc;
    let fargate = task.launch_type == LaunchType::Fargate;
    match step {
        Step::Placement => Next::Waits,
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
        // A task that waited for an instance never had a card.
        Step::DeleteNetworkCard if fargate || (awsvpc && task.container_instance.is_some()) => {
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
    if step == Step::Placement {
        return task_waiting::expires(cx, arn);
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
