//! `StopTask`: tell a task to stop.

use crate::ecs::api::task_answer::{self, TaskAnswer};
use crate::ecs::rules::tasks as rules;
use crate::ecs::task::{self, StopCode, TaskStatus};
use crate::ecs::{cluster, task_chain};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which task to stop.
    pub struct StopTaskRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// The task's id or ARN.
        task: String = "task".required().names(Kind::Task);
        /// Why; it is shown as stoppedReason.
        reason: Option<String> = "reason";
    }
    /// The task that was told to stop.
    pub struct StopTaskResponse {
        /// It, as it stands now.
        task: TaskAnswer = "task";
    }
}

/// Tells a task to stop; one that has been told already goes on as it was (API-13).
///
/// # Errors
/// `ClusterNotFoundException` (API-04), `InvalidParameterException` for a task that is not there (API-13).
pub fn stop_task(cx: &mut Cx<'_>, request: StopTaskRequest) -> Result<StopTaskResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let arn = task::arn_of(cluster, &request.task)?;
    let reason = request.reason.filter(|reason| !reason.is_empty());
    let Some(task) = cx.state.tasks.get(&arn) else {
        return Err(ApiError::invalid("The referenced task was not found.", rules::STOP_TASK));
    };
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > 1024) {
        return Err(ApiError::invalid("reason can have at most 1024 characters.", rules::STOP_REASON));
    }
    let told = task.last_status != TaskStatus::Stopped && {
        let reason = reason.as_deref().unwrap_or("Task stopped by user");
        task_chain::tell_to_stop(cx, &arn, StopCode::UserInitiated, reason)
    };
    // The answer is written when the desired status is set, before the agent hears of it (LIFE-05).
    let answer = cx.state.tasks.get(&arn).map(|task| task_answer::describe(cx.state, task, true));
    if told {
        task_chain::begin_stop(cx, &arn);
    }
    Ok(StopTaskResponse { task: answer.unwrap_or_default() })
}
