//! What the scheduler makes of a task: pending, young, healthy or unhealthy (DEPLOY-10, SVC-22 to SVC-24).

use crate::ecs::service::Service;
use crate::ecs::task::{Health, Task};
use crate::ecs::task_definition::TaskDefinition;
use crate::state::State;
use crate::time::{SimDuration, SimTime};

/// A task without health checks counts as healthy so long after RUNNING (DEPLOY-10).
pub const WITHOUT_CHECKS: SimDuration = SimDuration::secs(40);

/// What the scheduler makes of a task that was not told to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// It is not RUNNING yet.
    Pending,
    /// It is RUNNING; nothing is known of its health yet.
    Young,
    /// It counts as healthy.
    Healthy,
    /// It fails its checks.
    Unhealthy,
}

/// What the scheduler makes of a task of this service now.
///
/// The answer of a load balancer will be one more voice here (SVC-24, SVC-25).
pub fn condition(state: &State, service: &Service, task: &Task, now: SimTime) -> Condition {
    if task.is_pending() {
        return Condition::Pending;
    }
    let started = task.started_at.unwrap_or(task.created_at);
    let grace = SimDuration::secs(service.health_check_grace_period.unwrap_or(0));
    if task.health() == Health::Unhealthy {
        return if now < started + grace { Condition::Young } else { Condition::Unhealthy };
    }
    let definition = state.task_definitions.get(&task.task_definition);
    let mut checked = task
        .containers
        .iter()
        .enumerate()
        .filter(|(place, container)| {
            container.essential && definition.is_some_and(|it| is_checked(it, *place))
        })
        .map(|(_, container)| container.health)
        .peekable();
    let healthy = match checked.peek() {
        // An essential container without a check has no say.
        Some(_) => checked.all(|health| health == Health::Healthy),
        None => now >= started + WITHOUT_CHECKS,
    };
    if healthy { Condition::Healthy } else { Condition::Young }
}

/// Whether a container of a task definition has a health check that runs (TASKDEF-33).
fn is_checked(definition: &TaskDefinition, place: usize) -> bool {
    definition
        .containers
        .get(place)
        .and_then(|container| container.health_check.as_ref())
        .is_some_and(|check| check.command.first().is_some_and(|word| word != "NONE"))
}
