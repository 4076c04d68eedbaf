//! `DescribeTasks`: what tasks are and where they stand.

use crate::ecs::api::task_answer::{self, TaskAnswer};
use crate::ecs::rules;
use crate::ecs::tag::Failure;
use crate::ecs::{cluster, task};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which tasks to describe.
    pub struct DescribeTasksRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Ids or ARNs, up to 100.
        tasks: Vec<String> = "tasks".required().names(Kind::Task);
        /// TAGS shows the tags too.
        include: Vec<String> = "include".one_of(&["TAGS"]);
    }
    /// Tasks, and those that are not there.
    pub struct DescribeTasksResponse {
        /// The tasks, in the order asked for.
        tasks: Vec<TaskAnswer> = "tasks";
        /// What could not be described.
        failures: Vec<Failure> = "failures";
    }
}

/// Describes tasks; one that does not exist, or that AWS has forgotten, is a failure MISSING (LIFE-26).
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for none or more than 100 (API-07) and
/// for an `include` that does not exist (API-03).
pub fn describe_tasks(
    cx: &Look<'_>,
    request: DescribeTasksRequest,
) -> Result<DescribeTasksResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    if request.tasks.is_empty() {
        return Err(ApiError::invalid("Tasks cannot be empty.", rules::PAGES));
    }
    if request.tasks.len() > 100 {
        return Err(ApiError::invalid("Tasks cannot have more than 100 elements.", rules::PAGES));
    }
    if let Some(word) = request.include.iter().find(|word| *word != "TAGS") {
        return Err(ApiError::invalid(format!("Invalid value for include: {word}"), rules::ENUMS));
    }
    let mut answer = DescribeTasksResponse::default();
    for named in &request.tasks {
        let arn = task::arn_of(cluster, named)?;
        match cx.state.tasks.get(&arn) {
            Some(task) => {
                answer.tasks.push(task_answer::describe(cx.state, task, !request.include.is_empty()));
            }
            None => answer.failures.push(Failure::missing(arn)),
        }
    }
    Ok(answer)
}
