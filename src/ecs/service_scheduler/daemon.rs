//! DAEMON services: one task on every instance that may have one (SVC-11 to SVC-14).

use crate::arn::{ContainerInstanceArn, ServiceArn, TaskArn};
use crate::ecs::container_instance::{ContainerInstance, InstanceStatus};
use crate::ecs::placement::Constraint;
use crate::ecs::rules::services as rules;
use crate::ecs::service::{Scheduling, Service};
use crate::ecs::service_scheduler::choice::Choice;
use crate::ecs::service_scheduler::health::Condition;
use crate::ecs::service_scheduler::settling::settle;
use crate::ecs::service_scheduler::starting::{launch, may_start, not_launched, not_placed, room, wishes};
use crate::ecs::service_scheduler::stopping::{stop, stop_unhealthy};
use crate::ecs::service_scheduler::view::{View, look};
use crate::ecs::service_scheduler::{BETWEEN_PASSES, book_pass, breaker, count, events};
use crate::ecs::task_chain::Launch;
use crate::ecs::task_launch;
use crate::operation::Cx;
use crate::rules::Rule;
use crate::state::State;
use crate::timeline::RecordKind;
use std::collections::{BTreeMap, BTreeSet};

/// What one pass over a DAEMON service may do.
struct Plan {
    /// Instances that get a task, in their own order.
    start: Vec<ContainerInstanceArn>,
    /// Tasks that stop, with the rule.
    stop: Vec<Choice>,
    /// Whether a task that fails its checks stops, so that another can come.
    stop_unhealthy: u64,
    /// Whether floor and ceiling let nothing move (DEPLOY-08).
    stuck: bool,
}

/// A pass over an ACTIVE service that keeps one task on each instance; `lost` is the rule by which it
/// answers to the loss of a task.
pub(super) fn active(cx: &mut Cx<'_>, arn: &ServiceArn, lost: Option<&'static Rule>) {
    let Some(service) = cx.state.services.get(arn) else { return };
    let instances = eligible(cx.state, service);
    let now = cx.clock;
    if let Some(service) = cx.state.services.get_mut(arn) {
        service.desired_count = count(instances.len());
        service.note_bounds(now);
    }
    breaker::look(cx, arn);
    let Some(service) = cx.state.services.get(arn) else { return };
    let mut view = look(cx.state, service, cx.clock);
    super::pass::note_healthy(cx, arn, &view);
    let Some(service) = cx.state.services.get(arn) else { return };
    let mut plan = plan(cx.state, service, &view, &instances);
    view.step.stuck = plan.stuck;
    if !plan.start.is_empty() && !may_start(cx, arn) {
        plan.start.clear();
    }
    if plan.start.is_empty() && plan.stop.is_empty() && plan.stop_unhealthy == 0 {
        settle(cx, arn, &view);
    } else {
        act(cx, arn, &view, plan, lost);
    }
}

/// The instances that are to have a task: ACTIVE, and such as the constraints ask for
/// ([`rules::DESIRED_COUNT`]).
fn eligible(state: &State, service: &Service) -> BTreeSet<ContainerInstanceArn> {
    let wishes = wishes(state, service).unwrap_or_default();
    let suits = |instance: &ContainerInstance| {
        instance.status == InstanceStatus::Active
            && service.may_use(instance)
            && wishes.constraints.iter().all(|constraint| match constraint {
                Constraint::MemberOf(expression) => expression.holds(instance),
                Constraint::DistinctInstance => true,
            })
    };
    let first = ContainerInstanceArn::named(service.cluster.short(), "");
    state
        .container_instances
        .range(first..)
        .map(|(_, instance)| instance)
        .take_while(|instance| instance.cluster == service.cluster)
        .filter(|instance| suits(instance))
        .map(|instance| instance.arn.clone())
        .collect()
}

/// What a pass may do; changes nothing.
fn plan(state: &State, service: &Service, view: &View, instances: &BTreeSet<ContainerInstanceArn>) -> Plan {
    let may_start =
        service.primary().is_some_and(|it| it.rollout != crate::ecs::service::RolloutState::Failed);
    let (floor, ceiling) = (view.step.floor, view.step.ceiling);
    let mut stops = Vec::new();
    // Which instances have a task, and whether it is one of the newest deployment.
    let mut have: BTreeMap<&ContainerInstanceArn, bool> = BTreeMap::new();
    let (mut old_running, mut healthy, mut waiting) = (Vec::new(), 0, 0);
    let (mut unhealthy, mut old_other) = (0, 0);
    let primary = service.primary().map(|it| it.id.as_str());
    for seen in &view.seen {
        let Some(task) = state.tasks.get(&seen.task) else { continue };
        let on = task.container_instance.as_ref();
        let Some(on) = on.and_then(|on| instances.get(on)) else {
            let goes = !seen.draining || goes_last(state, task.container_instance.as_ref());
            if goes && !seen.protected {
                let (reason, rule) = if seen.draining {
                    ("its instance is DRAINING, and it goes last", rules::DAEMON_DRAINING)
                } else {
                    ("its instance is none of those that have a task", rules::DESIRED_COUNT)
                };
                stops.push(choice(&seen.task, reason, rule));
            }
            continue;
        };
        let current = task.started_by.as_deref() == primary;
        let known = have.entry(on).or_insert(false);
        *known |= current;
        match (current, seen.condition) {
            (true, Condition::Healthy) => healthy += 1,
            (true, Condition::Unhealthy) => unhealthy += 1,
            (true, Condition::Pending | Condition::Young) => waiting += 1,
            (false, Condition::Healthy | Condition::Young) => {
                healthy += 1;
                old_running.extend((!seen.protected).then_some(&seen.task));
            }
            (false, Condition::Pending | Condition::Unhealthy) => {
                old_other += 1;
                if may_start && !seen.protected {
                    stops.push(choice(&seen.task, "it is old and not healthy", rules::STOP_FIRST));
                }
            }
        }
    }
    // What stops now makes room for the next pass, as in a service of the other kind (DEPLOY-07).
    let total = healthy + waiting + unhealthy + old_other;
    let wanting = instances.iter().filter(|it| !have.contains_key(it));
    // Above 100 %, the new task may come before the old one goes.
    let beside = have.iter().filter(|(_, current)| !**current).map(|(on, _)| *on);
    let beside = beside.filter(|_| ceiling > count(instances.len()));
    let room = if may_start { ceiling.saturating_sub(total) } else { 0 };
    let start: Vec<ContainerInstanceArn> =
        wanting.chain(beside).take(usize::try_from(room).unwrap_or(usize::MAX)).cloned().collect();
    let may_stop = if may_start { healthy.saturating_sub(floor) } else { 0 };
    let leaving = old_running.iter().take(usize::try_from(may_stop).unwrap_or(usize::MAX));
    stops.extend(
        leaving.map(|task| choice(task, "its successor comes to its instance", rules::DAEMON_BOUNDS)),
    );
    Plan {
        // It matters only where nothing starts and nothing stops.
        stuck: waiting + unhealthy == 0 && may_start && !old_running.is_empty(),
        start,
        stop: stops,
        stop_unhealthy: unhealthy.min(u64::from(may_start)),
    }
}

fn choice(task: &TaskArn, reason: &str, rule: &'static Rule) -> Choice {
    Choice { task: task.clone(), reason: reason.to_string(), rule }
}

/// Whether no task of a REPLICA service is left on an instance: those of DAEMON services stop last.
fn goes_last(state: &State, instance: Option<&ContainerInstanceArn>) -> bool {
    let Some(instance) = instance.and_then(|it| state.container_instances.get(it)) else { return true };
    !instance.tasks.iter().filter_map(|task| state.tasks.get(task)).any(|task| {
        let service = task.service.as_ref().and_then(|service| state.services.get(service));
        service.is_some_and(|service| service.scheduling == Scheduling::Replica)
            && task.last_status != crate::ecs::task::TaskStatus::Stopped
    })
}

/// Does what the plan says, and books the next pass.
fn act(cx: &mut Cx<'_>, arn: &ServiceArn, view: &View, plan: Plan, lost: Option<&'static Rule>) {
    let Some(service) = cx.state.services.get_mut(arn) else { return };
    service.scheduler.steady = false;
    service.scheduler.stuck_since = None;
    service.scheduler.held_since = None;
    let mut parts = Vec::new();
    if !plan.start.is_empty() {
        parts.push(format!("start on {} instances", plan.start.len()));
    }
    if !plan.stop.is_empty() {
        parts.push(format!("stop {}", plan.stop.len()));
    }
    if plan.stop_unhealthy > 0 {
        parts.push(format!("stop {} unhealthy", plan.stop_unhealthy));
    }
    let text = format!(
        "{}: {} instances, {} running or pending, floor {}, ceiling {}",
        parts.join(", "),
        service.desired_count,
        view.counts.total(),
        view.step.floor,
        view.step.ceiling
    );
    let rule = match (lost, plan.stop.first()) {
        (Some(rule), None) => rule,
        (_, Some(choice)) => choice.rule,
        (None, None) => rules::DAEMON_FIRST,
    };
    let subject = service.subject();
    let verdicts = super::stopping::verdicts(&plan.stop);
    let decided = cx.record_decision(RecordKind::Decision, subject, text, rule, verdicts);
    cx.because(decided, |cx| {
        book_pass(cx, arn, BETWEEN_PASSES);
        let (mut started, mut refusal) = (Vec::new(), None);
        let wanted = count(plan.start.len());
        let order = cx.state.services.get(arn).and_then(|service| launch(cx.state, service));
        let by_strategy = cx.state.services.get(arn).is_some_and(|service| !service.strategy.is_empty());
        for instance in order.iter().flat_map(|order| plan.start.iter().map(move |on| (order, on))) {
            let on = cx.state.container_instances.get(instance.1);
            let provider = on.and_then(|on| on.capacity_provider.clone()).filter(|_| by_strategy);
            let order = Launch { capacity_provider: provider, ..instance.0.clone() };
            match task_launch::launch_on(cx, order, instance.1) {
                Ok(task) => {
                    if let Some(service) = cx.state.services.get_mut(arn) {
                        service.tasks.insert(task.clone());
                    }
                    started.push(task);
                }
                Err(refused) => refusal = refusal.or(Some(refused)),
            }
        }
        let room = room(cx.state, arn, refusal.as_ref());
        events::started(cx, arn, &started, 0);
        stop_unhealthy(cx, arn, view, plan.stop_unhealthy);
        stop(cx, arn, &plan.stop);
        match refusal {
            Some(refusal) => {
                not_placed(cx, arn, &refusal, room);
                not_launched(cx, arn, wanted - count(started.len()), &started, &refusal);
            }
            None if !started.is_empty() => {
                if let Some(service) = cx.state.services.get_mut(arn) {
                    service.scheduler.no_place = None;
                }
            }
            None => {}
        }
    });
}
