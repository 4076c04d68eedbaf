//! How a pass starts tasks, and what it says when they find no place.

use crate::arn::{ServiceArn, TaskArn};
use crate::ecs::capacity_strategy::Shares;
use crate::ecs::placement::Wishes;
use crate::ecs::rules::{capacity, services as rules};
use crate::ecs::service::{RolloutState, Service};
use crate::ecs::service_scheduler::health::{Condition, condition};
use crate::ecs::service_scheduler::room::{NoPlace, fingerprint};
use crate::ecs::service_scheduler::throttle::Pace;
use crate::ecs::service_scheduler::view::is_draining;
use crate::ecs::service_scheduler::{breaker, events};
use crate::ecs::tag::Tag;
use crate::ecs::task::LaunchType;
use crate::ecs::task_chain::{Launch, NotPlaced};
use crate::ecs::task_launch::Series;
use crate::ecs::task_waiting;
use crate::operation::Cx;
use crate::state::State;
use crate::time::SimTime;
use crate::timeline::{RecordKind, Verdict};
use std::collections::BTreeMap;

/// Whether throttle and room let the service start tasks now.
pub(super) fn may_start(cx: &mut Cx<'_>, arn: &ServiceArn) -> bool {
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
    let Some(before) = service.scheduler.no_place.clone().filter(|_| !breaker::watches(service)) else {
        return true;
    };
    let (cluster, on) = (service.cluster.clone(), service.launch_type);
    before.over(cx.state, &cluster, on, now)
}

/// Starts tasks of the newest deployment, each through the provider that is short of its share. A provider
/// without room gets no more of them, and no other one takes its share ([`capacity::NO_OVERFLOW`]).
pub(super) fn start(cx: &mut Cx<'_>, arn: &ServiceArn, wanted: u64) -> (Vec<TaskArn>, Option<NotPlaced>) {
    let (mut started, mut refused) = (Vec::new(), None);
    let Some(service) = cx.state.services.get(arn) else { return (started, None) };
    let Some(launch) = launch(cx.state, service) else { return (started, None) };
    let (through, verdicts) = through(cx.state, service, wanted, cx.clock);
    let (subject, cause) = (service.subject(), cx.cause);
    if !verdicts.is_empty() {
        let text = Shares::sentence(&through);
        cx.cause = Some(cx.record_decision(RecordKind::Decision, subject, text, capacity::SHARES, verdicts));
    }
    // A series for each provider; none once it has no room.
    let mut series: BTreeMap<Option<String>, Option<Series>> = BTreeMap::new();
    for provider in through {
        let of_provider = series.entry(provider.clone()).or_insert_with(|| {
            Some(Series::new(cx.state, Launch { capacity_provider: provider, ..launch.clone() }))
        });
        match of_provider.as_mut().map(|series| series.start(cx)) {
            Some(Ok(task)) => {
                if let Some(service) = cx.state.services.get_mut(arn) {
                    service.tasks.insert(task.clone());
                    service.scheduler.no_place = None;
                }
                started.push(task);
            }
            Some(Err(refusal)) => {
                *of_provider = None;
                refused = refused.or(Some(refusal));
            }
            None => {}
        }
    }
    cx.cause = cause;
    (started, refused)
}

/// The providers of so many tasks that a service is to start, in their order ([`capacity::SHARES_KEPT`]); the
/// base is the service's own ([`capacity::BASE_OF_WHOM`]). With a verdict for each provider.
fn through(
    state: &State,
    service: &Service,
    wanted: u64,
    now: SimTime,
) -> (Vec<Option<String>>, Vec<Verdict>) {
    let mut shares = Shares::new(&service.strategy);
    let primary = service.primary().map(|primary| primary.id.as_str());
    let current = state.tasks_of_service(service).filter(|task| {
        !task.told_to_stop && task.started_by.as_deref() == primary && !is_draining(state, task)
    });
    // The replacement of an unhealthy task takes its part.
    for task in current.filter(|task| condition(state, service, task, now) != Condition::Unhealthy) {
        shares.count(task.capacity_provider.as_deref());
    }
    shares.plan(wanted)
}

pub(super) fn launch(state: &State, service: &Service) -> Option<Launch> {
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
        capacity_provider: None,
        network: primary.network.clone(),
        group: format!("service:{}", service.name),
        started_by: Some(primary.id.clone()),
        service: Some(service.arn.clone()),
        wishes: wishes(state, service)?,
        tags,
        overrides: None,
        platform_version: primary
            .platform_version
            .clone()
            .filter(|_| service.launch_type == LaunchType::Fargate),
        enable_execute_command: service.enable_execute_command,
    })
}

/// By what the tasks of a service are placed; it was checked when it was asked for.
pub(super) fn wishes(state: &State, service: &Service) -> Option<Wishes> {
    let definition = state.task_definitions.get(&service.primary()?.task_definition)?;
    let (constraints, strategies) = (&service.placement_constraints, &service.placement_strategy);
    Wishes::read(definition, constraints, strategies, service.launch_type, true).ok()
}

/// What the instances looked like to tasks that found no place: what the pass stops makes room after that.
pub(super) fn room(state: &mut State, arn: &ServiceArn, refusal: Option<&NotPlaced>) -> u64 {
    let service = refusal.and_then(|_| state.services.get(arn));
    let cluster = service.map(|service| service.cluster.clone());
    cluster.map_or(0, |cluster| fingerprint(state, &cluster))
}

/// Tells that a task found no place in this [`room`], unless the same was told before
/// ([`rules::EVENTS_KEPT`]).
pub(super) fn not_placed(cx: &mut Cx<'_>, arn: &ServiceArn, refusal: &NotPlaced, room: u64) {
    let Some(service) = cx.state.services.get(arn) else { return };
    let message = events::not_placed(arn, service.launch_type, refusal);
    let before = service.scheduler.no_place.as_ref();
    let tell = NoPlace::tells(before, &message, cx.clock);
    let again = before.is_some_and(|before| before.message == message);
    let told = if tell { cx.clock } else { before.map_or(cx.clock, |before| before.told) };
    let rule = match service.launch_type {
        _ if refusal.reason == task_waiting::LIMIT => capacity::WAITING_LIMIT,
        LaunchType::Ec2 => rules::PLACEMENT_EVENTS,
        LaunchType::Fargate => rules::PLACEMENT_EVENTS_FARGATE,
    };
    let tried = cx.clock;
    if let Some(service) = cx.state.services.get_mut(arn) {
        service.scheduler.no_place =
            Some(NoPlace { message: message.clone(), told, tried, room, stale: false });
    }
    if tell {
        let rule = if again { rules::EVENTS_KEPT } else { rule };
        cx.because(refusal.record, |cx| events::tell(cx, arn, message, rule));
    }
}

/// A task that cannot be launched is a failed task of its deployment ([`rules::FAILED_TASKS`]).
pub(super) fn not_launched(
    cx: &mut Cx<'_>,
    arn: &ServiceArn,
    left: u64,
    started: &[TaskArn],
    refusal: &NotPlaced,
) {
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    let watched = breaker::watches(service);
    let Some(primary) = service.primary() else { return };
    if primary.rollout == RolloutState::InProgress {
        let id = primary.id.clone();
        breaker::count(service, &id);
        if watched && !started.is_empty() {
            cx.because(refusal.record, |cx| events::part_launched(cx, arn, &id, left, &refusal.reason));
        }
    }
}
