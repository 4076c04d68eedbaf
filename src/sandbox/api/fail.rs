//! `drydock fail`: something breaks, or is mended.

use crate::ec2::instance::{self, InstanceState, known};
use crate::ec2::spot;
use crate::ecs::capacity_provider::FARGATE_SPOT;
use crate::ecs::rules::capacity;
use crate::ecs::task::{LaunchType, StopCode, TaskStatus};
use crate::ecs::{container, container_instance, task_chain};
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::sandbox::api::kill::{named_task, refused, running};
use crate::timeline::{Kind, RecordKind};

/// What can break.
const WHAT: &[&str] = &["instance", "agent", "agent-update", "health-check", "host", "spot", "spot-capacity"];

/// What an interrupted Spot task is told (LIFE-21).
const INTERRUPTED: &str = "Your Spot Task was interrupted.";

/// What a task of a Fargate host that failed is told; AWS's own words are not published.
const HOST_FAILED: &str = "The underlying infrastructure of the task failed.";

shape! {
    /// What breaks.
    pub struct FailRequest {
        /// `instance` ends a machine at once, `agent` cuts its agent off, `agent-update` damages what that
        /// fetches for its update, `health-check` makes the checks of
        /// a container fail while its process runs on, `host` ends the machine of AWS under a Fargate task, `spot`
        /// takes a Spot instance or a Fargate Spot task back with two minutes of warning, `spot-capacity` leaves a
        /// zone without Fargate Spot.
        what: String = "what".required().positional().one_of(WHAT);
        /// The instance, for `instance`, `agent`, `agent-update` and `spot`.
        instance: Option<String> = "instance".positional().names(Kind::Instance);
        /// The task, for `health-check`, `host` and `spot`.
        task: Option<String> = "task".names(Kind::Task);
        /// The container, for `health-check`; may be left out when the task has only one.
        container: Option<String> = "container".names(Kind::Container);
        /// The zone, for `spot-capacity`; every zone when absent.
        zone: Option<String> = "zone".names(Kind::AvailabilityZone);
        /// The cluster of the task; needed only for an id that several clusters have.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Mends it instead.
        clear: Option<bool> = "clear";
    }
    /// What was broken or mended.
    pub struct FailResponse {
        /// It.
        what: String = "what";
        /// The instance, task or zones.
        subject: String = "subject";
        /// Whether it is broken now.
        failing: bool = "failing";
    }
}

/// Breaks something, or mends it with `--clear`.
///
/// # Errors
/// `SandboxError` for what there is not, cannot break or cannot be mended; as EC2 for an instance that there
/// is not.
pub fn fail(cx: &mut Cx<'_>, request: FailRequest) -> Result<FailResponse, ApiError> {
    let clear = request.clear == Some(true);
    let subject = match request.what.as_str() {
        "instance" => fail_instance(cx, &request, clear)?,
        "agent" => fail_agent(cx, &request, clear)?,
        "agent-update" => fail_agent_update(cx, &request, clear)?,
        "health-check" => fail_health_check(cx, &request, clear)?,
        "host" => fail_host(cx, &request, clear)?,
        "spot" if request.instance.is_some() => fail_spot_instance(cx, &request, clear)?,
        "spot" => fail_spot(cx, &request, clear)?,
        "spot-capacity" => fail_spot_capacity(cx, &request, clear)?,
        other => return Err(refused(format!("`{other}` cannot break; what can: {}.", WHAT.join(", ")))),
    };
    Ok(FailResponse { what: request.what, subject, failing: !clear })
}

fn machine(cx: &Cx<'_>, request: &FailRequest) -> Result<crate::arn::InstanceId, ApiError> {
    let named = request.instance.clone();
    let named =
        named.ok_or_else(|| refused(format!("Say which instance: drydock fail {} i-…", request.what)))?;
    let ids = known(cx.state, &[named])?;
    ids.into_iter().next().ok_or_else(|| refused("Say which instance.".to_string()))
}

fn fail_instance(cx: &mut Cx<'_>, request: &FailRequest, clear: bool) -> Result<String, ApiError> {
    let id = machine(cx, request)?;
    let state = cx.state.instances.get(&id).map(|each| each.state);
    if clear {
        return Err(refused("A machine that has failed does not come back; launch another.".to_string()));
    }
    if state == Some(InstanceState::Terminated) {
        return Err(refused(format!("The instance {id} is terminated already.")));
    }
    instance::fail(cx, &id);
    Ok(id.to_string())
}

/// EC2 needs a Spot instance for somebody else (CINST-18).
fn fail_spot_instance(cx: &mut Cx<'_>, request: &FailRequest, clear: bool) -> Result<String, ApiError> {
    let id = machine(cx, request)?;
    if clear {
        return Err(refused("EC2 does not take back a Spot interruption notice.".to_string()));
    }
    let Some(found) = cx.state.instances.get(&id) else {
        return Err(refused(format!("There is no instance {id}.")));
    };
    if !found.spot {
        return Err(refused(format!(
            "The instance {id} runs on demand; EC2 takes back Spot instances only: --instance-market-options MarketType=spot."
        )));
    }
    if !matches!(found.state, InstanceState::Pending | InstanceState::Running) {
        return Err(refused(format!("The instance {id} is {} already.", found.state.word().0)));
    }
    if found.spot_notice.is_some() {
        return Err(refused(format!("The instance {id} has its notice already.")));
    }
    spot::give_notice(cx, &id);
    Ok(id.to_string())
}

/// A machine and its registration with a cluster.
fn registered(
    cx: &Cx<'_>,
    request: &FailRequest,
) -> Result<(crate::arn::InstanceId, crate::arn::ContainerInstanceArn), ApiError> {
    let id = machine(cx, request)?;
    let registered = cx.state.instances.get(&id).and_then(|each| each.container_instance.clone());
    match registered {
        Some(registered) => Ok((id, registered)),
        None => Err(refused(format!("No agent of the instance {id} is registered with a cluster."))),
    }
}

/// What an agent fetches for its update is damaged from now on (CINST-25).
fn fail_agent_update(cx: &mut Cx<'_>, request: &FailRequest, clear: bool) -> Result<String, ApiError> {
    let (id, registered) = registered(cx, request)?;
    if let Some(instance) = cx.state.container_instances.get_mut(&registered) {
        instance.agent.fetches_damaged = !clear;
    }
    Ok(id.to_string())
}

fn fail_agent(cx: &mut Cx<'_>, request: &FailRequest, clear: bool) -> Result<String, ApiError> {
    let (id, registered) = registered(cx, request)?;
    let silent = cx.state.container_instances.get(&registered).is_some_and(|each| each.agent.silent);
    let alive = cx.state.instances.get(&id).is_some_and(|each| each.state == InstanceState::Running);
    match (clear, silent) {
        (true, true) if !alive => {
            return Err(refused(format!("The instance {id} does not run; its agent cannot come back.")));
        }
        (true, true) => container_instance::speaks_again(cx, &registered),
        (false, false) => container_instance::silence(cx, &registered),
        (true, false) => return Err(refused(format!("The agent of {id} is connected."))),
        (false, true) => return Err(refused(format!("The agent of {id} is cut off already."))),
    }
    Ok(id.to_string())
}

fn fail_health_check(cx: &mut Cx<'_>, request: &FailRequest, clear: bool) -> Result<String, ApiError> {
    let task = request.task.as_deref().ok_or_else(|| {
        refused("Say which task: drydock fail health-check --task … --container …".to_string())
    })?;
    let (arn, index) = running(cx.state, request.cluster.as_deref(), task, request.container.as_deref())?;
    let cause = cx.cause;
    let Some(container) = container::of(cx, &arn, index) else {
        return Err(refused(format!("There is no task {task}.")));
    };
    if container.plan.check.is_none() {
        return Err(refused(format!(
            "Container {} has no health check in its task definition, so there is nothing to fail.",
            container.name
        )));
    }
    container.check_broken = !clear;
    container.check_fault = cause.filter(|_| !clear);
    Ok(arn.to_string())
}

/// The host under a Fargate task is gone at once, and the task with it; there is nothing to mend (LIFE-20).
fn fail_host(cx: &mut Cx<'_>, request: &FailRequest, clear: bool) -> Result<String, ApiError> {
    if clear {
        return Err(refused("A host that has failed is for AWS to mend.".to_string()));
    }
    let task = request
        .task
        .as_deref()
        .ok_or_else(|| refused("Say whose host: drydock fail host --task …".to_string()))?;
    let arn = named_task(cx.state, request.cluster.as_deref(), task)?;
    let Some(found) = cx.state.tasks.get(&arn) else {
        return Err(refused(format!("There is no task {task}.")));
    };
    if found.launch_type != LaunchType::Fargate {
        return Err(refused(format!(
            "Task {} runs on a machine of yours; end that with drydock fail instance.",
            arn.short()
        )));
    }
    if found.last_status == TaskStatus::Stopped {
        return Err(refused(format!("Task {} is stopped; no host is under it.", arn.short())));
    }
    task_chain::lost(cx, &arn, StopCode::InfrastructureHealth, HOST_FAILED);
    Ok(arn.to_string())
}

/// Fargate takes the capacity under a Spot task back: the warning, and with it SIGTERM
/// ([`capacity::SPOT_INTERRUPTION`], [`capacity::SPOT_BY_FAULT`]).
fn fail_spot(cx: &mut Cx<'_>, request: &FailRequest, clear: bool) -> Result<String, ApiError> {
    if clear {
        return Err(refused("An interruption is not taken back.".to_string()));
    }
    let task = request
        .task
        .as_deref()
        .ok_or_else(|| refused("Say which task: drydock fail spot --task …".to_string()))?;
    let arn = named_task(cx.state, request.cluster.as_deref(), task)?;
    let Some(found) = cx.state.tasks.get(&arn) else {
        return Err(refused(format!("There is no task {task}.")));
    };
    if found.capacity_provider.as_deref() != Some(FARGATE_SPOT) {
        return Err(refused(format!(
            "Task {} does not run through FARGATE_SPOT; nothing can take its capacity back.",
            arn.short()
        )));
    }
    if found.told_to_stop {
        return Err(refused(format!("Task {} was told to stop already.", arn.short())));
    }
    let about = subject(Kind::Task, &arn);
    let text = "Fargate Spot takes its capacity back: SIGTERM now, two minutes before the end at the latest";
    let record = cx.record(RecordKind::Failure, about, text, capacity::SPOT_INTERRUPTION);
    cx.because(record, |cx| task_chain::stop(cx, &arn, StopCode::SpotInterruption, INTERRUPTED));
    Ok(arn.to_string())
}

/// Zones have no capacity of Fargate Spot, or have some again; what runs there goes on
/// ([`capacity::NO_OVERFLOW`]).
fn fail_spot_capacity(cx: &mut Cx<'_>, request: &FailRequest, clear: bool) -> Result<String, ApiError> {
    let all: std::collections::BTreeSet<String> =
        crate::order::set(cx.state.subnets.values().map(|subnet| subnet.availability_zone.clone()));
    let zones = match &request.zone {
        None => all,
        Some(zone) if all.contains(zone) => crate::order::set([zone.clone()]),
        Some(zone) => return Err(refused(format!("There is no Availability Zone {zone}."))),
    };
    for zone in &zones {
        if clear {
            cx.state.spot_shortage.remove(zone);
        } else {
            cx.state.spot_shortage.insert(zone.clone());
        }
    }
    let words = if clear { "has capacity again in" } else { "has no capacity in" };
    let names = zones.into_iter().collect::<Vec<_>>().join(", ");
    let about = subject(Kind::CapacityProvider, crate::ecs::capacity_provider::arn_of(FARGATE_SPOT));
    cx.record(RecordKind::Change, about, format!("{words} {names}"), capacity::SPOT_BY_FAULT);
    Ok(names)
}
