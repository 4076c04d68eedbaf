//! Which tasks a pass stops, and how it says so (PLACE-27 to PLACE-29, CAP-11).

use crate::arn::{ServiceArn, TaskArn};
use crate::ecs::capacity_strategy::Shares;
use crate::ecs::rules::{capacity, services as rules};
use crate::ecs::service::{RolloutState, Service};
use crate::ecs::service_scheduler::choice::{self, Candidate, Choice, Urgency};
use crate::ecs::service_scheduler::health::Condition;
use crate::ecs::service_scheduler::view::{Seen, View};
use crate::ecs::service_scheduler::{breaker, count, events};
use crate::ecs::task::StopCode;
use crate::ecs::task_chain;
use crate::operation::Cx;
use crate::order;
use crate::state::State;
use crate::timeline::{Kind, Outcome, Subject, Verdict};
use std::collections::{BTreeMap, BTreeSet};

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

/// Which tasks beyond the desired count stop, where several providers take tasks: the more urgent first,
/// whatever their provider ([`rules::STOP_FIRST`]), and of equally urgent ones so that the providers keep
/// their shares: those through no provider of the strategy first, then from the provider that has the most
/// for its weight ([`capacity::SHARES_KEPT`]).
fn by_provider(state: &State, service: &Service, view: &View, excess: u64) -> Vec<Choice> {
    let mut shares = Shares::new(&service.strategy);
    let (mut candidates, mut able_by) = (Vec::new(), BTreeMap::new());
    let mut waves: BTreeMap<Urgency, Able<'_>> = BTreeMap::new();
    for seen in &view.seen {
        let Some(candidate) = candidate(state, service, seen) else { continue };
        let provider = state.tasks.get(&seen.task).and_then(|task| task.capacity_provider.as_deref());
        let provider = provider.filter(|it| seen.old || shares.count(Some(it)));
        if !seen.old && !seen.protected {
            *waves.entry(candidate.urgency).or_default().entry(provider).or_default() += 1;
            able_by.insert(&seen.task, (candidate.urgency, provider));
        }
        candidates.push(candidate);
    }
    let mut chosen: Vec<Choice> = Vec::new();
    for (urgency, able) in waves {
        let left = excess.saturating_sub(count(chosen.len()));
        for (provider, quota) in quotas(&mut shares, able, left) {
            for candidate in &mut candidates {
                candidate.may_stop = able_by.get(&candidate.task) == Some(&(urgency, provider));
            }
            let picked = choice::choose(&candidates, quota, false);
            let gone: BTreeSet<&TaskArn> = order::set(picked.iter().map(|choice| &choice.task));
            candidates.retain(|candidate| !gone.contains(&candidate.task));
            chosen.extend(picked.into_iter().map(|choice| through(choice, provider)));
        }
    }
    chosen
}

/// How many tasks of each provider may be chosen; none for those through no provider of the strategy.
type Able<'a> = BTreeMap<Option<&'a str>, u64>;

/// How many tasks each provider gives of `left`, of equally urgent ones.
fn quotas<'a>(shares: &mut Shares<'_>, mut able: Able<'a>, left: u64) -> Able<'a> {
    let mut quotas = Able::new();
    let foreign = able.remove(&None).unwrap_or(0).min(left);
    quotas.insert(None, foreign);
    for _ in foreign..left {
        let gives = shares.gives(|name| able.get(&Some(name)).is_some_and(|count| *count > 0));
        let Some((name, count)) = able.iter_mut().find(|(name, _)| name.is_some() && **name == gives) else {
            break;
        };
        *count -= 1;
        *quotas.entry(*name).or_default() += 1;
    }
    quotas
}

/// A choice among the tasks of a provider; the provider decided, unless the task was more urgent than others.
fn through(choice: Choice, provider: Option<&str>) -> Choice {
    if choice.rule == rules::STOP_FIRST {
        return choice;
    }
    let name = provider.unwrap_or("another way");
    let reason = format!("it runs through {name}, which has the most for its weight; {}", choice.reason);
    Choice { reason, rule: capacity::SHARES_KEPT, ..choice }
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
