//! One pass over a service: look, decide, start, stop, and say so (SVC-08, DEPLOY-12).

use crate::arn::{ServiceArn, TaskArn};
use crate::ecs::container_instance::InstanceStatus;
use crate::ecs::placement::Wishes;
use crate::ecs::rules::services as rules;
use crate::ecs::service::{RolloutState, Service, ServiceStatus};
use crate::ecs::service_scheduler::breaker;
use crate::ecs::service_scheduler::choice::{self, Candidate, Choice, Urgency};
use crate::ecs::service_scheduler::health::{Condition, condition};
use crate::ecs::service_scheduler::rollout::{RolloutConfig, RolloutCounts, RolloutStep, rollout_step};
use crate::ecs::service_scheduler::room::{NoPlace, fingerprint};
use crate::ecs::service_scheduler::throttle::Pace;
use crate::ecs::service_scheduler::{BETWEEN_PASSES, REMEMBERED, book_pass, events};
use crate::ecs::tag::Tag;
use crate::ecs::task::{StopCode, Task};
use crate::ecs::task_chain::{self, Launch, NotPlaced};
use crate::ecs::task_launch;
use crate::event::Event;
use crate::operation::Cx;
use crate::rules::Rule;
use crate::state::State;
use crate::timeline::{Kind, Outcome, RecordKind, Subject, Verdict};

/// A task of the service that was not told to stop, as the scheduler sees it.
struct Seen {
    task: TaskArn,
    /// It is of an earlier deployment, or its instance is DRAINING.
    old: bool,
    draining: bool,
    condition: Condition,
}

/// What a pass saw, and what it may do.
struct View {
    seen: Vec<Seen>,
    counts: RolloutCounts,
    /// Tasks that were told to stop and have not STOPPED.
    stopping: usize,
    step: RolloutStep,
}

/// A pass over an ACTIVE service; `lost` is the rule by which it answers to the loss of a task.
pub(super) fn active(cx: &mut Cx<'_>, arn: &ServiceArn, lost: Option<&'static Rule>) {
    breaker::look(cx, arn);
    let Some(service) = cx.state.services.get(arn) else { return };
    let mut view = look(cx.state, service, cx.clock);
    note_healthy(cx, arn, &view);
    if !may_start(cx, arn) {
        view.step.start = 0;
    }
    let step = view.step;
    let stops = step.stop_old_other + step.stop_old_running + step.stop_excess;
    let idle = step.start + stops == 0 && !step.no_room_for_replacement;
    if idle {
        settle(cx, arn, &view);
    } else {
        act(cx, arn, &view, lost);
    }
}

/// Tasks of a deployment in progress that are healthy are remembered as such.
fn note_healthy(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View) {
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    if service.primary().is_some_and(|primary| primary.rollout == RolloutState::InProgress) {
        for seen in view.seen.iter().filter(|seen| !seen.old && seen.condition == Condition::Healthy) {
            breaker::task_healthy(service, &seen.task);
        }
    }
}

fn look(state: &State, service: &Service, now: crate::time::SimTime) -> View {
    let primary = service.primary().map(|primary| primary.id.as_str());
    let mut counts = RolloutCounts::default();
    let mut seen = Vec::new();
    let mut stopping = 0;
    for task in state.tasks_of_service(service) {
        if task.told_to_stop {
            stopping += 1;
            continue;
        }
        let draining = is_draining(state, task);
        let old = draining || task.started_by.as_deref() != primary;
        let condition = condition(state, service, task, now);
        let count = match (old, condition) {
            (true, Condition::Young | Condition::Healthy) => &mut counts.old_running,
            (true, Condition::Pending | Condition::Unhealthy) => &mut counts.old_other,
            (false, Condition::Pending) => &mut counts.new_pending,
            (false, Condition::Young) => &mut counts.new_young,
            (false, Condition::Healthy) => &mut counts.new_healthy,
            (false, Condition::Unhealthy) => &mut counts.new_unhealthy,
        };
        *count += 1;
        seen.push(Seen { task: task.arn.clone(), old, draining, condition });
    }
    let step = rollout_step(RolloutConfig::of(service), service.desired_count, counts);
    View { seen, counts, stopping, step }
}

fn is_draining(state: &State, task: &Task) -> bool {
    task.container_instance
        .as_ref()
        .and_then(|instance| state.container_instances.get(instance))
        .is_some_and(|instance| instance.status == InstanceStatus::Draining)
}

/// Whether throttle and room let the service start tasks now.
fn may_start(cx: &mut Cx<'_>, arn: &ServiceArn) -> bool {
    let now = cx.clock;
    let Some(service) = cx.state.services.get_mut(arn) else { return false };
    match service.scheduler.throttle.pace(now) {
        Pace::Wait { tell: true, .. } => {
            events::throttled(cx, arn);
            return false;
        }
        Pace::Wait { tell: false, .. } => return false,
        Pace::Go => {}
    }
    let Some(service) = cx.state.services.get(arn) else { return false };
    // A breaker counts every attempt, so every attempt is made.
    breaker::watches(service)
        || service.scheduler.no_place.as_ref().is_none_or(|before| before.over(cx.state, service, now))
}

/// Does what the step allows, and books the next pass.
fn act(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View, lost: Option<&'static Rule>) {
    let step = view.step;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    service.scheduler.steady = false;
    service.scheduler.stuck_since = None;
    let (stops, verdicts) = stops(cx.state, arn, view);
    let Some(service) = cx.state.services.get(arn) else { return };
    let (text, rule) = decision(service, view, lost);
    let subject = service.subject();
    let decided = cx.record_decision(RecordKind::Decision, subject, text, rule, verdicts);
    cx.because(decided, |cx| {
        book_pass(cx, arn, BETWEEN_PASSES);
        let missing =
            cx.state.services.get(arn).map_or(0, |it| it.desired_count.saturating_sub(view.counts.current()));
        let (started, refusal) = start(cx, arn, step.start);
        let replaced = count(started.len()).saturating_sub(missing).min(view.counts.new_unhealthy);
        events::started(cx, arn, &started, replaced);
        // One by one, where an unhealthy task has to go first (SVC-22).
        let blocked = step.no_room_for_replacement || refusal.is_some();
        let alone = u64::from(blocked && started.is_empty() && view.counts.new_pending == 0);
        stop_unhealthy(cx, arn, view, replaced.max(alone.min(view.counts.new_unhealthy)));
        stop(cx, arn, &stops);
        if let Some(refusal) = refusal {
            not_placed(cx, arn, &refusal);
            not_launched(cx, arn, step.start - count(started.len()), &started, &refusal);
        }
    });
}

/// A task that cannot be launched is a failed task of its deployment ([`rules::FAILED_TASKS`]).
fn not_launched(cx: &mut Cx<'_>, arn: &ServiceArn, left: u64, started: &[TaskArn], refusal: &NotPlaced) {
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    let watched = breaker::watches(service);
    let Some(primary) = service.deployments.first_mut() else { return };
    if primary.rollout == RolloutState::InProgress {
        primary.failed_tasks += 1;
        let id = primary.id.clone();
        if watched && !started.is_empty() {
            cx.because(refusal.record, |cx| events::part_launched(cx, arn, &id, left, &refusal.reason));
        }
    }
}

/// The decision of a pass in one sentence, and the rule behind it.
fn decision(service: &Service, view: &View, lost: Option<&'static Rule>) -> (String, &'static Rule) {
    let (step, counts) = (view.step, view.counts);
    let mut parts = Vec::new();
    if step.start > 0 {
        let revision = service.primary().map(|it| it.task_definition.short().to_string());
        parts.push(format!("start {} of {}", step.start, revision.unwrap_or_default()));
    }
    if counts.new_unhealthy > 0 && (step.start > 0 || step.no_room_for_replacement) {
        parts.push(format!("replace {} unhealthy", counts.new_unhealthy));
    }
    if step.stop_old_other + step.stop_old_running > 0 {
        parts.push(format!("stop {} old", step.stop_old_other + step.stop_old_running));
    }
    if step.stop_excess > 0 {
        parts.push(format!("stop {} beyond the desired count", step.stop_excess));
    }
    let draining = counts.old() > 0 && view.seen.iter().all(|seen| !seen.old || seen.draining);
    let rule = match lost {
        _ if draining => rules::DRAINING_INSTANCE,
        _ if counts.old() > 0 || counts.new_unhealthy > 0 => step.rule,
        Some(rule) => rule,
        None if service.scheduler.throttle.has_waited() => rules::THROTTLE_STEPS,
        None if service.scheduler.no_place.is_some() => rules::PASSES,
        None => step.rule,
    };
    let text = format!(
        "{}: {} desired, {} running or pending, {} healthy, floor {}, ceiling {}",
        parts.join(", "),
        service.desired_count,
        counts.total(),
        counts.healthy(),
        step.floor,
        step.ceiling
    );
    (text, rule)
}

/// Starts tasks of the newest deployment until one finds no place.
fn start(cx: &mut Cx<'_>, arn: &ServiceArn, wanted: u64) -> (Vec<TaskArn>, Option<NotPlaced>) {
    let mut started = Vec::new();
    let Some(launch) = cx.state.services.get(arn).and_then(|service| launch(cx.state, service)) else {
        return (started, None);
    };
    let mut series = task_launch::Series::new(cx.state, launch);
    for _ in 0..wanted {
        match series.start(cx) {
            Ok(task) => {
                if let Some(service) = cx.state.services.get_mut(arn) {
                    service.tasks.insert(task.clone());
                    service.scheduler.no_place = None;
                }
                started.push(task);
            }
            Err(refusal) => return (started, Some(refusal)),
        }
    }
    (started, None)
}

fn launch(state: &State, service: &Service) -> Option<Launch> {
    let primary = service.primary()?;
    let mut tags = match service.propagate_tags.as_str() {
        "SERVICE" => service.tags.clone(),
        "TASK_DEFINITION" => state.task_definitions.get(&primary.task_definition)?.tags.clone(),
        _ => Vec::new(),
    };
    if service.enable_ecs_managed_tags {
        let managed =
            [("aws:ecs:serviceName", &*service.name), ("aws:ecs:clusterName", service.arn.cluster())];
        tags.extend(managed.map(|(key, value)| Tag { key: key.to_string(), value: value.to_string() }));
    }
    Some(Launch {
        cluster: service.cluster.clone(),
        task_definition: primary.task_definition.clone(),
        launch_type: service.launch_type,
        network: primary.network.clone(),
        group: format!("service:{}", service.name),
        started_by: Some(primary.id.clone()),
        service: Some(service.arn.clone()),
        wishes: wishes(state, service)?,
        tags,
        overrides: None,
        platform_version: primary.platform_version.clone(),
        enable_execute_command: service.enable_execute_command,
    })
}

/// By what the tasks of a service are placed; it was checked when it was asked for.
fn wishes(state: &State, service: &Service) -> Option<Wishes> {
    let definition = state.task_definitions.get(&service.primary()?.task_definition)?;
    let (constraints, strategies) = (&service.placement_constraints, &service.placement_strategy);
    Wishes::read(definition, constraints, strategies, service.launch_type, true).ok()
}

/// Tells that a task found no place, unless the same was told before ([`rules::EVENTS_KEPT`]).
fn not_placed(cx: &mut Cx<'_>, arn: &ServiceArn, refusal: &NotPlaced) {
    let Some(service) = cx.state.services.get(arn) else { return };
    let message = events::not_placed(arn, service.launch_type, refusal);
    let room = fingerprint(cx.state, service);
    let before = service.scheduler.no_place.as_ref();
    let tell = NoPlace::tells(before, &message, cx.clock);
    let again = before.is_some_and(|before| before.message == message);
    let told = if tell { cx.clock } else { before.map_or(cx.clock, |before| before.told) };
    let rule = match service.launch_type {
        crate::ecs::task::LaunchType::Ec2 => rules::PLACEMENT_EVENTS,
        crate::ecs::task::LaunchType::Fargate => rules::PLACEMENT_EVENTS_FARGATE,
    };
    let tried = cx.clock;
    if let Some(service) = cx.state.services.get_mut(arn) {
        service.scheduler.no_place = Some(NoPlace { message: message.clone(), told, tried, room });
    }
    if tell {
        let rule = if again { rules::EVENTS_KEPT } else { rule };
        cx.because(refusal.record, |cx| events::tell(cx, arn, message, rule));
    }
}

/// Which tasks a pass stops, with a verdict each (PLACE-27 to PLACE-29).
fn stops(state: &State, arn: &ServiceArn, view: &View) -> (Vec<Choice>, Vec<Verdict>) {
    let Some(service) = state.services.get(arn) else { return (Vec::new(), Vec::new()) };
    let step = view.step;
    let old = step.stop_old_other + step.stop_old_running;
    if old + step.stop_excess == 0 {
        return (Vec::new(), Vec::new());
    }
    let mut candidates: Vec<Candidate> =
        view.seen.iter().filter_map(|seen| candidate(state, service, seen)).collect();
    let by_strategy = !service.placement_strategy.is_empty();
    let mut pick = |old_ones: bool, count: u64| {
        for (candidate, seen) in candidates.iter_mut().zip(&view.seen) {
            candidate.may_stop = seen.old == old_ones;
        }
        choice::choose(&candidates, count, by_strategy)
    };
    let mut chosen = pick(true, old);
    chosen.extend(pick(false, step.stop_excess));
    let verdicts = chosen
        .iter()
        .map(|choice| Verdict {
            candidate: Subject::new(Kind::Task, choice.task.as_str()),
            outcome: Outcome::Chosen,
            reason: format!("stops: {}", choice.reason),
            rule: choice.rule,
        })
        .collect();
    (chosen, verdicts)
}

fn candidate(state: &State, service: &Service, seen: &Seen) -> Option<Candidate> {
    let task = state.tasks.get(&seen.task)?;
    let instance = task.container_instance.as_ref().and_then(|it| state.container_instances.get(it));
    let free = instance.map_or((0, 0), |instance| {
        (instance.cpu_left().0 + task.cpu.0, instance.memory_left().0 + task.memory.0)
    });
    Some(Candidate {
        task: seen.task.clone(),
        may_stop: false,
        urgency: match seen.condition {
            Condition::Pending => Urgency::Pending,
            Condition::Unhealthy => Urgency::Unhealthy,
            _ if seen.draining => Urgency::Draining,
            Condition::Young => Urgency::Young,
            Condition::Healthy => Urgency::None,
        },
        ranks: choice::ranks(
            &service.placement_strategy,
            &task.availability_zone,
            task.container_instance.as_ref(),
            free,
            |name| instance.and_then(|it| it.attributes.get(name).cloned().flatten()).unwrap_or_default(),
        ),
        created_at: task.created_at,
    })
}

/// Stops the chosen tasks and tells so.
fn stop(cx: &mut Cx<'_>, arn: &ServiceArn, chosen: &[Choice]) {
    let Some(primary) = cx.state.services.get(arn).and_then(Service::primary) else { return };
    let reason = format!("Scaling activity initiated by (deployment {})", primary.id);
    let (mut running, mut pending) = (Vec::new(), 0);
    for choice in chosen {
        match cx.state.tasks.get(&choice.task) {
            Some(task) if task.is_running() => running.push(choice.task.clone()),
            _ => pending += 1,
        }
    }
    events::stopped(cx, arn, &running, pending);
    for choice in chosen {
        task_chain::stop(cx, &choice.task, StopCode::ServiceSchedulerInitiated, &reason);
    }
}

/// Stops unhealthy tasks of the newest deployment and tells so ([`rules::UNHEALTHY_REASON`]); each is a
/// failed task ([`rules::FAILED_CHECKS`]).
fn stop_unhealthy(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View, wanted: u64) {
    let unhealthy = view.seen.iter().filter(|seen| !seen.old && seen.condition == Condition::Unhealthy);
    let tasks: Vec<TaskArn> = unhealthy.map(|seen| seen.task.clone()).collect();
    let tasks = &tasks[..tasks.len().min(usize::try_from(wanted).unwrap_or(usize::MAX))];
    for task in tasks {
        events::failed_checks(cx, arn, task);
        if let Some(primary) = cx.state.services.get_mut(arn).and_then(|it| it.deployments.first_mut()) {
            primary.failed_tasks += 1;
        }
    }
    events::stopped(cx, arn, tasks, 0);
    for task in tasks {
        task_chain::stop(
            cx,
            task,
            StopCode::ServiceSchedulerInitiated,
            "Task failed container health checks",
        );
    }
}

/// Nothing can be started or stopped: says what follows from that, and looks again if that may change.
fn settle(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View) {
    let now = cx.clock;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    let desired = service.desired_count;
    // An older deployment leaves the list with its last task (DEPLOY-01).
    let alive: std::collections::BTreeSet<&str> = service
        .tasks
        .iter()
        .filter_map(|task| cx.state.tasks.get(task))
        .filter_map(|task| task.started_by.as_deref())
        .collect();
    let mut place = 0;
    service.deployments.retain(|deployment| {
        place += 1;
        place == 1 || alive.contains(deployment.id.as_str())
    });
    let whole = view.counts.new_healthy == desired && view.counts.total() == desired && view.stopping == 0;
    let alone = service.deployments.len() == 1;
    let steady = whole && alone;
    let entered = steady && !service.scheduler.steady;
    service.scheduler.steady = steady;
    if steady {
        service.scheduler.no_place = None;
    }
    let mut finished = None;
    if let Some(primary) = service.deployments.first_mut()
        && steady
        && primary.rollout == RolloutState::InProgress
    {
        primary.rollout = RolloutState::Completed;
        primary.updated_at = now;
        finished = Some(primary.id.clone());
        service.last_completed = Some(Box::new(primary.clone()));
        service.scheduler.healthy.clear();
    }
    let six_hours = crate::time::SimDuration::secs(6 * 3600);
    let stuck = view.step.stuck && service.scheduler.stuck_since.is_none_or(|since| now >= since + six_hours);
    if stuck {
        service.scheduler.stuck_since = Some(now);
    }
    if let Some(deployment) = finished {
        events::completed(cx, arn, &deployment);
    }
    if entered {
        events::steady(cx, arn);
    }
    if stuck {
        events::stuck(cx, arn);
    }
    if !steady {
        book_pass(cx, arn, BETWEEN_PASSES);
    }
}

/// A pass over a DRAINING service: its tasks go, then it is INACTIVE (SVC-04, SVC-05).
pub(super) fn draining(cx: &mut Cx<'_>, arn: &ServiceArn) {
    let Some(service) = cx.state.services.get(arn) else { return };
    let view = look(cx.state, service, cx.clock);
    if !view.seen.is_empty() {
        let chosen: Vec<Choice> = view
            .seen
            .iter()
            .map(|seen| Choice {
                task: seen.task.clone(),
                reason: "the service is deleted".to_string(),
                rule: rules::FORGOTTEN,
            })
            .collect();
        let text = format!("stop all {} tasks: the service is deleted", chosen.len());
        let subject = service.subject();
        let decided = cx.record(RecordKind::Decision, subject, text, rules::FORGOTTEN);
        cx.because(decided, |cx| stop(cx, arn, &chosen));
    }
    let now = cx.clock;
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    if service.tasks.is_empty() {
        service.status = ServiceStatus::Inactive;
        service.inactive_since = Some(now);
        let subject = service.subject();
        cx.record(RecordKind::Change, subject, "INACTIVE", rules::STATUS);
        cx.book(REMEMBERED, Event::ServiceForgotten(arn.clone()));
    } else {
        book_pass(cx, arn, BETWEEN_PASSES);
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
