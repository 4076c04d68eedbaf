//! `drydock kill`: the process of a task's container ends, as a crash would end it.

use crate::arn::TaskArn;
use crate::ec2::rules;
use crate::ecs::container::{self, ContainerStatus};
use crate::ecs::{cluster, task};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::state::State;
use crate::timeline::Kind;

shape! {
    /// Which process to end.
    pub struct KillRequest {
        /// The task's id or ARN.
        task: String = "task".required().names(Kind::Task);
        /// The container's name; may be left out when the task has only one.
        container: Option<String> = "container".names(Kind::Container);
        /// The cluster; needed only for an id that several clusters have.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
    }
    /// The process that ended.
    pub struct KillResponse {
        /// The task.
        task_arn: String = "taskArn";
        /// The container.
        container: String = "container";
        /// 137: ended by SIGKILL.
        exit_code: i64 = "exitCode";
    }
}

/// Ends the process of a container by SIGKILL. What ECS makes of it is up to ECS.
///
/// # Errors
/// `SandboxError` for a task or container that there is not or that does not run.
pub fn kill(cx: &mut Cx<'_>, request: KillRequest) -> Result<KillResponse, ApiError> {
    let (arn, index) =
        running(cx.state, request.cluster.as_deref(), &request.task, request.container.as_deref())?;
    let name = container::of(cx, &arn, index).map(|each| each.name.clone()).unwrap_or_default();
    container::kill(cx, &arn, index);
    Ok(KillResponse { task_arn: arn.to_string(), container: name, exit_code: 137 })
}

/// The running container that a request names, and its task.
pub(super) fn running(
    state: &State,
    cluster: Option<&str>,
    named: &str,
    container: Option<&str>,
) -> Result<(TaskArn, usize), ApiError> {
    let arn = named_task(state, cluster, named)?;
    let task = state.tasks.get(&arn).ok_or_else(|| refused(format!("There is no task {named}.")))?;
    let names: Vec<&str> = task.containers.iter().map(|each| each.name.as_str()).collect();
    let index = match container {
        Some(name) => names.iter().position(|each| *each == name),
        None if names.len() == 1 => Some(0),
        None => None,
    };
    let index = index.ok_or_else(|| {
        refused(format!("Say which container with --container: the task has {}.", names.join(", ")))
    })?;
    match task.containers.get(index) {
        Some(found) if found.status == ContainerStatus::Running => Ok((arn, index)),
        Some(found) => Err(refused(format!(
            "Container {} of task {} does not run: it is {}.",
            found.name,
            arn.short(),
            found.status.word()
        ))),
        None => Err(refused(format!("There is no task {named}."))),
    }
}

/// The ARN of the task that a request names by id or ARN, with its cluster or without.
pub(super) fn named_task(state: &State, cluster: Option<&str>, named: &str) -> Result<TaskArn, ApiError> {
    Ok(match cluster {
        Some(_) => task::arn_of(cluster::find(state, cluster)?, named)?,
        None if named.starts_with("arn:") => TaskArn::from(named),
        None => state
            .clusters
            .values()
            .map(|each| TaskArn::named(&each.name, named))
            .find(|arn| state.tasks.contains_key(arn))
            .unwrap_or_default(),
    })
}

/// A refusal of the sandbox.
pub(super) fn refused(message: String) -> ApiError {
    ApiError::new("SandboxError", message, rules::SANDBOX)
}
