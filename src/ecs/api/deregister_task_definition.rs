//! `DeregisterTaskDefinition`: a revision that starts nothing new.

use crate::ecs::api::task_definition_answer::{TaskDefinitionAnswer, describe};
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::task_definition::{self, DefinitionStatus, Reference};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::{Kind, RecordKind, Subject};

shape! {
    /// Which revision to deregister.
    pub struct DeregisterTaskDefinitionRequest {
        /// `family:revision` or an ARN.
        task_definition: String = "taskDefinition".required().names(Kind::TaskDefinition);
    }
    /// The revision.
    pub struct DeregisterTaskDefinitionResponse {
        /// The revision, INACTIVE now.
        task_definition: TaskDefinitionAnswer = "taskDefinition";
    }
}

/// Makes a revision INACTIVE; what runs from it goes on.
///
/// # Errors
/// `ClientException` without a revision ([`rules::REFUSALS`]) or for one that does not exist
/// ([`rules::REFERENCES`]).
pub fn deregister_task_definition(
    cx: &mut Cx<'_>,
    request: DeregisterTaskDefinitionRequest,
) -> Result<DeregisterTaskDefinitionResponse, ApiError> {
    if Reference::parse(&request.task_definition).is_some_and(|reference| reference.revision.is_none()) {
        return Err(ApiError::client("Revision is missing.", rules::REFUSALS));
    }
    let arn =
        task_definition::find(cx.state, &request.task_definition).map(|definition| definition.arn.clone());
    let now = cx.clock;
    let Some(definition) = arn.and_then(|arn| cx.state.task_definitions.get_mut(&arn)) else {
        return Err(ApiError::client("The specified task definition does not exist.", rules::REFERENCES));
    };
    let was_active = definition.status == DefinitionStatus::Active;
    if was_active {
        definition.status = DefinitionStatus::Inactive;
        definition.deregistered_at = Some(now);
    }
    let answer = describe(definition);
    if was_active {
        let subject = Subject::new(Kind::TaskDefinition, answer.task_definition_arn.to_string());
        cx.record(RecordKind::Change, subject, "INACTIVE", rules::STATES);
    }
    Ok(DeregisterTaskDefinitionResponse { task_definition: answer })
}
