//! `DescribeTaskDefinition`: read one revision.

use crate::ecs::api::task_definition_answer::{TaskDefinitionAnswer, describe};
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::tag::Tag;
use crate::ecs::task_definition;
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which revision to describe.
    pub struct DescribeTaskDefinitionRequest {
        /// A family, `family:revision` or an ARN.
        task_definition: String = "taskDefinition".required().names(Kind::TaskDefinition);
        /// TAGS to see its tags.
        include: Option<Vec<String>> = "include".one_of(&["TAGS"]);
    }
    /// The revision.
    pub struct DescribeTaskDefinitionResponse {
        /// The revision.
        task_definition: TaskDefinitionAnswer = "taskDefinition";
        /// Its tags.
        tags: Option<Vec<Tag>> = "tags";
    }
}

/// Describes a revision, whatever its status.
///
/// # Errors
/// `ClientException` when there is none ([`rules::REFUSALS`]).
pub fn describe_task_definition(
    cx: &Look<'_>,
    request: DescribeTaskDefinitionRequest,
) -> Result<DescribeTaskDefinitionResponse, ApiError> {
    let definition = task_definition::find(cx.state, &request.task_definition)
        .ok_or_else(|| ApiError::client("Unable to describe task definition.", rules::REFUSALS))?;
    let with_tags = request.include.iter().flatten().any(|part| part == "TAGS");
    Ok(DescribeTaskDefinitionResponse {
        task_definition: describe(definition),
        tags: with_tags.then(|| definition.tags.clone()),
    })
}
