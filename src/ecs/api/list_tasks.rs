//! `ListTasks`: the ARNs of a cluster's tasks.

use crate::arn::{ServiceArn, TaskArn};
use crate::ecs::rules::{self as common, tasks as rules};
use crate::ecs::task::{LaunchType, Task};
use crate::ecs::{cluster, container_instance, paging};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which tasks to list.
    pub struct ListTasksRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Only tasks on this container instance.
        container_instance: Option<String> = "containerInstance".names(Kind::ContainerInstance);
        /// Only tasks of this family.
        family: Option<String> = "family";
        /// Where the last page ended.
        next_token: Option<String> = "nextToken";
        /// How many to a page, 1 to 100.
        max_results: Option<i64> = "maxResults".range(1, 100);
        /// Only tasks that were started by this; no other filter may stand beside it.
        started_by: Option<String> = "startedBy";
        /// Only tasks of this service.
        service_name: Option<String> = "serviceName".names(Kind::Service);
        /// RUNNING, PENDING or STOPPED; RUNNING when absent.
        desired_status: Option<String> = "desiredStatus".one_of(&["RUNNING", "PENDING", "STOPPED"]);
        /// Only tasks of this launch type.
        launch_type: Option<String> = "launchType".one_of(LaunchType::WORDS);
    }
    /// A page of tasks.
    pub struct ListTasksResponse {
        /// Their ARNs.
        task_arns: Vec<String> = "taskArns";
        /// Asks for the next page.
        next_token: Option<String> = "nextToken";
    }
}

/// Lists tasks by ARN.
///
/// # Errors
/// `ClusterNotFoundException` (API-04), `ServiceNotFoundException`; `InvalidParameterException` for a word
/// that is none (API-03), for startedBy beside another filter (API-08), and for a page that cannot be (API-07).
pub fn list_tasks(cx: &Look<'_>, request: ListTasksRequest) -> Result<ListTasksResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let status = request.desired_status.as_deref().unwrap_or("RUNNING");
    if !["RUNNING", "PENDING", "STOPPED"].contains(&status) {
        return Err(ApiError::invalid(format!("Invalid desired status: {status}"), common::ENUMS));
    }
    let launch_type = request.launch_type.as_deref();
    if launch_type.is_some_and(|word| !LaunchType::WORDS.contains(&word)) {
        let message = format!("Invalid launch type: {}", launch_type.unwrap_or_default());
        return Err(ApiError::invalid(message, common::ENUMS));
    }
    let others = [&request.container_instance, &request.family, &request.service_name, &request.launch_type];
    if request.started_by.is_some() && others.iter().any(|filter| filter.is_some()) {
        return Err(ApiError::invalid(
            "startedBy cannot be combined with another filter.",
            rules::LIST_TASKS,
        ));
    }
    let service = match &request.service_name {
        Some(name) => {
            let arn = if name.starts_with("arn:") {
                ServiceArn::from(name.as_str())
            } else {
                ServiceArn::named(&cluster.name, name)
            };
            if !cx.state.services.contains_key(&arn) {
                return Err(ApiError::new(
                    "ServiceNotFoundException",
                    "Service not found.",
                    rules::LIST_TASKS,
                ));
            }
            Some(arn)
        }
        None => None,
    };
    let instance =
        request.container_instance.as_ref().map(|named| container_instance::arn_of(cluster, named));
    let listed = |task: &Task| {
        task.desired_status() == status
            && instance.as_ref().is_none_or(|instance| task.container_instance.as_ref() == Some(instance))
            && request
                .family
                .as_ref()
                .is_none_or(|family| task.task_definition.short().split(':').next() == Some(family.as_str()))
            && request.started_by.as_ref().is_none_or(|by| task.started_by.as_ref() == Some(by))
            && service.as_ref().is_none_or(|service| task.service.as_ref() == Some(service))
            && launch_type.is_none_or(|word| task.launch_type.word() == word)
    };
    let first = TaskArn::named(&cluster.name, "");
    let arns = cx
        .state
        .tasks
        .range(first..)
        .take_while(|(_, task)| task.cluster == cluster.arn)
        .filter(|(_, task)| listed(task))
        .map(|(arn, _)| arn.to_string())
        .collect();
    let (task_arns, next_token) =
        paging::page(arns, request.max_results, request.next_token.as_deref(), 100)?;
    Ok(ListTasksResponse { task_arns, next_token })
}
