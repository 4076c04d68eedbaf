//! `DeleteTaskDefinitions`: INACTIVE revisions go, as soon as nothing refers to them.

use crate::arn::TaskDefinitionArn;
use crate::ecs::api::task_definition_answer::{TaskDefinitionAnswer, describe};
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::tag::Failure;
use crate::ecs::task_definition::{self, DefinitionStatus, Reference};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::{Kind, RecordKind, Subject};

shape! {
    /// Which revisions to delete.
    pub struct DeleteTaskDefinitionsRequest {
        /// Up to 10, each `family:revision` or an ARN.
        task_definitions: Vec<String> = "taskDefinitions".required().names(Kind::TaskDefinition);
    }
    /// What became of them.
    pub struct DeleteTaskDefinitionsResponse {
        /// Those that are being deleted.
        task_definitions: Vec<TaskDefinitionAnswer> = "taskDefinitions";
        /// Those that cannot be.
        failures: Vec<Failure> = "failures";
    }
}

/// Marks INACTIVE revisions DELETE_IN_PROGRESS; each goes when no task or service refers to it.
///
/// # Errors
/// `InvalidParameterException` for none or more than 10, `ClientException` for one without its
/// revision ([`rules::DELETION`]).
pub fn delete_task_definitions(
    cx: &mut Cx<'_>,
    request: DeleteTaskDefinitionsRequest,
) -> Result<DeleteTaskDefinitionsResponse, ApiError> {
    if !(1..=10).contains(&request.task_definitions.len()) {
        return Err(ApiError::invalid(
            "Between 1 and 10 task definitions can be deleted at once.",
            rules::DELETION,
        ));
    }
    for reference in &request.task_definitions {
        if Reference::parse(reference).is_none_or(|reference| reference.revision.is_none()) {
            return Err(ApiError::client("Revision is missing.", rules::DELETION));
        }
    }
    let mut answer = DeleteTaskDefinitionsResponse::default();
    for reference in request.task_definitions {
        let arn = task_definition::find(cx.state, &reference).map(|definition| definition.arn.clone());
        let now = cx.clock;
        let reason = match arn.and_then(|arn| cx.state.task_definitions.get_mut(&arn)) {
            None => "MISSING",
            Some(definition) if definition.status == DefinitionStatus::Active => {
                "The specified task definition is still in ACTIVE status. Please deregister the target and try again."
            }
            Some(definition) => {
                if definition.status == DefinitionStatus::Inactive {
                    definition.status = DefinitionStatus::DeleteInProgress;
                    definition.delete_requested_at = Some(now);
                }
                let arn = definition.arn.clone();
                answer.task_definitions.push(describe(definition));
                let subject = Subject::new(Kind::TaskDefinition, arn.to_string());
                cx.record(RecordKind::Change, subject, "DELETE_IN_PROGRESS", rules::DELETION);
                remove_unused(cx, &arn);
                continue;
            }
        };
        answer.failures.push(Failure { arn: Some(reference), reason: reason.to_string(), detail: None });
    }
    Ok(answer)
}

/// Removes a revision that is being deleted once no task and no service refers to it (TASKDEF-08).
pub fn remove_unused(cx: &mut Cx<'_>, arn: &TaskDefinitionArn) {
    let deleting = cx
        .state
        .task_definitions
        .get(arn)
        .is_some_and(|definition| definition.status == DefinitionStatus::DeleteInProgress);
    let in_use = || {
        cx.state.tasks.values().any(|task| task.task_definition == *arn)
            || cx.state.services.values().any(|service| {
                service.deployments.iter().any(|deployment| deployment.task_definition == *arn)
            })
    };
    if deleting && !in_use() {
        cx.state.task_definitions.remove(arn);
        let subject = Subject::new(Kind::TaskDefinition, arn.to_string());
        cx.record(RecordKind::Change, subject, "deleted: nothing refers to it any more", rules::DELETION);
    }
}
