//! Which tasks a pass stops, and how it says so (PLACE-27 to PLACE-29).

use crate::arn::{ServiceArn, TaskArn};
use crate::ecs::capacity_strategy::Shares;
use crate::ecs::rules::{capacity, services as rules};
use crate::ecs::service::{RolloutState, Service};
use crate::ecs::service_scheduler::choice::{self, Candidate, Choice, Urgency};
use crate::ecs::service_scheduler::health::Condition;
use crate::ecs::service_scheduler::view::{Seen, View};
use crate::ecs::service_scheduler::{breaker, events};
use crate::ecs::task::StopCode;
use crate::ecs::task_chain;
use crate::operation::Cx;
use crate::state::State;
use crate::timeline::{Kind, Outcome, Subject, Verdict};
use std::collections::BTreeMap;

/// Which tasks a pass stops, with a verdict each (PLACE-27 to PLACE-29).
pub(super) fn stops(state: &State, arn: &ServiceArn, view: &View) -> (Vec<Choice>, Vec<Verdict>) {
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
            candidate.may_stop = seen.old == old_ones && !seen.protected;
        }
        choice::choose(&candidates, count, by_strategy)
    };
    let mut chosen = pick(true, old);
    if service.strategy.len() < 2 {
        chosen.extend(pick(false, step.stop_excess));
    } else {
        chosen.extend(by_provider(state, service, view, step.stop_excess));
    }
    let verdicts = verdicts(&chosen);
    (chosen, verdicts)
}

/// Which tasks beyond the desired count stop, so that the providers keep their shares: those through no
/// provider of the strategy first, then from the provider that has the most for its weight
/// ([`capacity::SHARES_KEPT`]).
fn by_provider(state: &State, service: &Service, view: &View, excess: u64) -> Vec<Choice> {
    let seen = view.seen.iter().filter_map(|seen| {
        let provider = state.tasks.get(&seen.task)?.capacity_provider.clone();
        Some((candidate(state, service, seen)?, seen, provider))
    });
    let mut shares = Shares::new(&service.strategy);
    let (mut foreign, mut candidates, mut about) = (0, Vec::new(), Vec::new());
    for (candidate, seen, provider) in seen {
        let known = seen.old || shares.count(provider.as_deref());
        foreign += u64::from(!known);
        candidates.push(candidate);
        about.push((seen, provider.filter(|_| known)));
    }
    let mut quotas: BTreeMap<Option<String>, u64> = BTreeMap::from([(None, foreign.min(excess))]);
    for _ in foreign..excess {
        *quotas.entry(shares.gives().map(str::to_string)).or_default() += 1;
    }
    let mut chosen: Vec<Choice> = Vec::new();
    for (provider, quota) in quotas {
        for (candidate, (seen, through)) in candidates.iter_mut().zip(&about) {
            candidate.may_stop = !seen.old && !seen.protected && *through == provider;
        }
        for mut choice in choice::choose(&candidates, quota, !service.placement_strategy.is_empty()) {
            let name = provider.as_deref().unwrap_or("another way");
            choice.reason =
                format!("it runs through {name}, which has the most for its weight; {}", choice.reason);
            choice.rule = capacity::SHARES_KEPT;
            if let Some(at) = candidates.iter().position(|candidate| candidate.task == choice.task) {
                candidates.remove(at);
                about.remove(at);
            }
            chosen.push(choice);
        }
    }
    chosen
}

/// What was chosen to stop, as the verdicts of a decision.
pub(super) fn verdicts(chosen: &[Choice]) -> Vec<Verdict> {
    chosen
        .iter()
        .map(|choice| Verdict {
            candidate: Subject::new(Kind::Task, choice.task.as_str()),
            outcome: Outcome::Chosen,
            reason: format!("stops: {}", choice.reason),
            rule: choice.rule,
        })
        .collect()
}

pub(super) fn candidate(state: &State, service: &Service, seen: &Seen) -> Option<Candidate> {
    let task = state.tasks.get(&seen.task)?;
    let instance = task.container_instance.as_ref().and_then(|it| state.container_instances.get(it));
    let left = instance.map_or((0, 0), |instance| (instance.cpu_left().0, instance.memory_left().0));
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
            left,
            (task.cpu.0, task.memory.0),
            |name| instance.and_then(|it| it.attributes.get(name).cloned().flatten()).unwrap_or_default(),
        ),
        created_at: task.created_at,
    })
}

/// Stops the chosen tasks and tells so.
pub(super) fn stop(cx: &mut Cx<'_>, arn: &ServiceArn, chosen: &[Choice]) {
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
pub(super) fn stop_unhealthy(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View, wanted: u64) {
    let unhealthy = view.seen.iter().filter(|seen| !seen.old && seen.condition == Condition::Unhealthy);
    let tasks: Vec<TaskArn> = unhealthy.map(|seen| seen.task.clone()).collect();
    let tasks = &tasks[..tasks.len().min(usize::try_from(wanted).unwrap_or(usize::MAX))];
    for task in tasks {
        let Some(service) = cx.state.services.get_mut(arn) else { return };
        let Some(primary) = service.primary() else { return };
        let (id, counts) = (primary.id.clone(), primary.rollout == RolloutState::InProgress);
        breaker::count(service, &id);
        let rule = if counts { rules::FAILED_CHECKS } else { rules::UNHEALTHY_REASON };
        events::failed_checks(cx, arn, task, rule);
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
