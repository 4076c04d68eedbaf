//! `GetTaskProtection`: which tasks of a service are protected from scale-in, and until when.

use crate::ecs::cluster;
use crate::ecs::tag::Failure;
use crate::ecs::task_protection::{self, ProtectedTask};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which tasks to look at.
    pub struct GetTaskProtectionRequest {
        /// Their cluster.
        cluster: String = "cluster".required().names(Kind::Cluster);
        /// Ids or ARNs, up to 100.
        tasks: Vec<String> = "tasks".names(Kind::Task);
    }
    /// How the tasks stand, and which of them cannot be protected.
    pub struct GetTaskProtectionResponse {
        /// The tasks, in the order asked for.
        protected_tasks: Vec<ProtectedTask> = "protectedTasks";
        /// What cannot be protected, and why.
        failures: Vec<Failure> = "failures";
    }
}

/// Says which tasks are protected, and until when.
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for none or more than 100 tasks
/// (API-07), and for the ARN of another cluster's task.
pub fn get_task_protection(
    cx: &Look<'_>,
    request: GetTaskProtectionRequest,
) -> Result<GetTaskProtectionResponse, ApiError> {
    let cluster = cluster::find(cx.state, Some(&request.cluster))?;
    if !(1..=100).contains(&request.tasks.len()) {
        return Err(ApiError::invalid(
            "Tasks should have between 1 and 100 elements.",
            crate::ecs::rules::PAGES,
        ));
    }
    let mut answer = GetTaskProtectionResponse::default();
    for named in &request.tasks {
        match task_protection::find(cx.state, cluster, named)? {
            Ok(task) => answer.protected_tasks.push(task_protection::shown(task)),
            Err(failure) => answer.failures.push(failure),
        }
    }
    Ok(answer)
}
