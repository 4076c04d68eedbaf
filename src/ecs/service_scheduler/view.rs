//! What a pass sees of a service: its tasks, sorted by what is asked of them.

use crate::arn::TaskArn;
use crate::ecs::container_instance::InstanceStatus;
use crate::ecs::service::Service;
use crate::ecs::service_scheduler::health::{Condition, condition};
use crate::ecs::service_scheduler::rollout::{RolloutConfig, RolloutCounts, RolloutStep, rollout_step};
use crate::ecs::task::Task;
use crate::state::State;

/// A task of the service that was not told to stop, as the scheduler sees it.
pub(super) struct Seen {
    pub(super) task: TaskArn,
    /// It is of an earlier deployment, or its instance is DRAINING.
    pub(super) old: bool,
    pub(super) draining: bool,
    /// It is not to be stopped, by scale-in or by a deployment (PLACE-30).
    pub(super) protected: bool,
    pub(super) condition: Condition,
}

/// What a pass saw, and what it may do.
pub(super) struct View {
    pub(super) seen: Vec<Seen>,
    pub(super) counts: RolloutCounts,
    /// Tasks that were told to stop and have not STOPPED.
    pub(super) stopping: usize,
    pub(super) step: RolloutStep,
}

pub(super) fn look(state: &State, service: &Service, now: crate::time::SimTime) -> View {
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
        // Failing checks end a task whether it is protected or not.
        let protected = task.protected_until.is_some() && condition != Condition::Unhealthy;
        if protected {
            match (old, condition) {
                (true, Condition::Pending) => counts.protected.old_other += 1,
                (true, _) => counts.protected.old_running += 1,
                (false, Condition::Healthy) => counts.protected.new_healthy += 1,
                (false, _) => counts.protected.new_other += 1,
            }
        }
        seen.push(Seen { task: task.arn.clone(), old, draining, protected, condition });
    }
    let step = rollout_step(RolloutConfig::of(service), service.desired_count, counts);
    View { seen, counts, stopping, step }
}

pub(super) fn is_draining(state: &State, task: &Task) -> bool {
    task.container_instance
        .as_ref()
        .and_then(|instance| state.container_instances.get(instance))
        .is_some_and(|instance| instance.status == InstanceStatus::Draining)
}
