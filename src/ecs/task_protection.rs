//! Task scale-in protection: for a time, its service does not choose a task to stop (PLACE-30).

use crate::arn::TaskArn;
use crate::ecs::cluster::Cluster;
use crate::ecs::rules::tasks as rules;
use crate::ecs::service_scheduler;
use crate::ecs::tag::Failure;
use crate::ecs::task::{self, Task};
use crate::error::ApiError;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::time::SimDuration;
use crate::timeline::{Kind, RecordKind};

shape! {
    /// Whether a task is protected, and until when.
    pub struct ProtectedTask {
        /// The task.
        task_arn: String = "taskArn";
        /// Whether it is.
        protection_enabled: bool = "protectionEnabled";
        /// When that ends.
        expiration_date: Option<crate::time::SimTime> = "expirationDate";
    }
}

/// The task that a request names, or why its protection can be neither asked for nor changed: there is
/// none, or no service looks after it (any more).
///
/// # Errors
/// `InvalidParameterException` for the ARN of another cluster's task.
pub fn find<'a>(
    state: &'a State,
    cluster: &Cluster,
    named: &str,
) -> Result<Result<&'a Task, Failure>, ApiError> {
    let arn = task::arn_of(cluster, named)?;
    Ok(match state.tasks.get(&arn) {
        None => Err(Failure::missing(arn)),
        Some(task) if task.service.is_none() || task.told_to_stop => Err(failure(&arn, "TASK_NOT_VALID")),
        Some(task) => Ok(task),
    })
}

/// Why the protection of a task did not change, in AWS's word.
pub fn failure(task: &TaskArn, reason: &str) -> Failure {
    Failure { arn: Some(task.to_string()), reason: reason.to_string(), detail: None }
}

/// How the protection of a task stands.
pub fn shown(task: &Task) -> ProtectedTask {
    ProtectedTask {
        task_arn: task.arn.to_string(),
        protection_enabled: task.protected_until.is_some(),
        expiration_date: task.protected_until,
    }
}

/// Whether a service has as many protected tasks as it wishes for, this one left aside: one more would
/// keep it from ever getting down to its desired count.
pub fn is_blocked(state: &State, task: &Task) -> bool {
    let Some(service) = task.service.as_ref().and_then(|service| state.services.get(service)) else {
        return false;
    };
    let protected =
        |other: &&Task| other.arn != task.arn && !other.told_to_stop && other.protected_until.is_some();
    let others = state.tasks_of_service(service).filter(protected).map(|_| 1_u64).sum::<u64>();
    others >= service.desired_count
}

/// Protects a task for so long, or no longer; its service looks again ([`rules::PROTECTION`]).
pub fn set(cx: &mut Cx<'_>, arn: &TaskArn, lasts: Option<SimDuration>) {
    let until = lasts.map(|lasts| cx.clock + lasts);
    let Some(task) = cx.state.tasks.get_mut(arn) else { return };
    let before = std::mem::replace(&mut task.protected_until, until);
    if before == until {
        return;
    }
    let text = match until {
        Some(until) => format!("protected from scale-in until {}", until.clock()),
        None => "no longer protected from scale-in".to_string(),
    };
    let changed = cx.record(RecordKind::Change, subject(Kind::Task, arn), text, rules::PROTECTION);
    cx.because(changed, |cx| {
        if let Some(lasts) = lasts {
            cx.book(lasts, Event::ProtectionEnds(arn.clone()));
        }
        service_scheduler::protection_changed(cx, arn);
    });
}

/// The protection of a task may be over; if it was renewed or given up since, nothing happens.
pub fn ends(cx: &mut Cx<'_>, arn: &TaskArn) {
    if cx.state.tasks.get(arn).is_some_and(|task| task.protected_until == Some(cx.clock)) {
        set(cx, arn, None);
    }
}
