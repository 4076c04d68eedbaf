//! `UpdateTaskProtection`: keep tasks of a service from being scaled in for a time, or no longer.

use crate::ecs::rules::tasks as rules;
use crate::ecs::tag::Failure;
use crate::ecs::task_protection::{self, ProtectedTask};
use crate::ecs::{cluster, task};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::time::SimDuration;
use crate::timeline::Kind;

/// Minutes of protection when nothing else is asked for, and the most that can be.
const MINUTES: (i64, i64) = (120, 2880);

shape! {
    /// Which tasks to protect, and for how long.
    pub struct UpdateTaskProtectionRequest {
        /// Their cluster.
        cluster: String = "cluster".required().names(Kind::Cluster);
        /// Ids or ARNs, up to 10.
        tasks: Vec<String> = "tasks".required().names(Kind::Task);
        /// Whether they are protected from now on.
        protection_enabled: bool = "protectionEnabled".required();
        /// For how many minutes, 1 to 2880; 120 when absent.
        expires_in_minutes: Option<i64> = "expiresInMinutes";
    }
    /// The tasks that changed, and those that could not.
    pub struct UpdateTaskProtectionResponse {
        /// The tasks, in the order asked for.
        protected_tasks: Vec<ProtectedTask> = "protectedTasks";
        /// What could not be protected, and why.
        failures: Vec<Failure> = "failures";
    }
}

/// Protects tasks of a service from scale-in and from replacement by a deployment, or gives that up
/// ([`rules::PROTECTION`]).
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for none or more than 10 tasks, for a
/// time out of range ([`rules::PROTECTION`]), and for the ARN of another cluster's task.
pub fn update_task_protection(
    cx: &mut Cx<'_>,
    request: UpdateTaskProtectionRequest,
) -> Result<UpdateTaskProtectionResponse, ApiError> {
    let cluster = cluster::find(cx.state, Some(&request.cluster))?.clone();
    if !(1..=10).contains(&request.tasks.len()) {
        return Err(ApiError::invalid("Tasks should have between 1 and 10 elements.", rules::PROTECTION));
    }
    let minutes = request.expires_in_minutes.unwrap_or(MINUTES.0);
    if !(1..=MINUTES.1).contains(&minutes) {
        return Err(ApiError::invalid(
            "expiresInMinutes must be between 1 and 2880 minutes.",
            rules::PROTECTION,
        ));
    }
    for named in &request.tasks {
        task::arn_of(&cluster, named)?;
    }
    let lasts = SimDuration::secs(u64::try_from(minutes).unwrap_or(0) * 60);
    let mut answer = UpdateTaskProtectionResponse::default();
    for named in &request.tasks {
        let task = match task_protection::find(cx.state, &cluster, named)? {
            Ok(task) => task,
            Err(failure) => {
                answer.failures.push(failure);
                continue;
            }
        };
        let arn = task.arn.clone();
        if request.protection_enabled && task_protection::is_blocked(cx.state, task) {
            answer.failures.push(task_protection::failure(&arn, "DEPLOYMENT_BLOCKED"));
            continue;
        }
        task_protection::set(cx, &arn, request.protection_enabled.then_some(lasts));
        answer.protected_tasks.extend(cx.state.tasks.get(&arn).map(task_protection::shown));
    }
    Ok(answer)
}
