//! `ListTaskDefinitions`: the revisions of one family, or of all.

use crate::arn::TaskDefinitionArn;
use crate::ecs::paging::page;
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::task_definition::{DefinitionStatus, TaskDefinition};
use crate::error::ApiError;
use crate::operation::Look;
use crate::order;

shape! {
    /// Which revisions to list.
    pub struct ListTaskDefinitionsRequest {
        /// A whole family name (TASKDEF-09).
        family_prefix: Option<String> = "familyPrefix";
        /// ACTIVE when absent.
        status: Option<String> = "status".one_of(&["ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"]);
        /// ASC when absent.
        sort: Option<String> = "sort".one_of(&["ASC", "DESC"]);
        /// Where the page before ended.
        next_token: Option<String> = "nextToken";
        /// 1 to 100 to a page.
        max_results: Option<i64> = "maxResults".range(1, 100);
    }
    /// A page of revisions.
    pub struct ListTaskDefinitionsResponse {
        /// Their ARNs.
        task_definition_arns: Vec<TaskDefinitionArn> = "taskDefinitionArns";
        /// Where this page ended, if there is more.
        next_token: Option<String> = "nextToken";
    }
}

/// Lists revisions by family, then revision.
///
/// # Errors
/// `InvalidParameterException` for an unknown status or order, a page size or token (API-07).
pub fn list_task_definitions(
    cx: &Look<'_>,
    request: ListTaskDefinitionsRequest,
) -> Result<ListTaskDefinitionsResponse, ApiError> {
    let status = status(request.status.as_deref())?;
    let mut listed: Vec<&TaskDefinition> = cx
        .state
        .task_definitions
        .values()
        .filter(|definition| definition.status == status)
        .filter(|definition| request.family_prefix.as_ref().is_none_or(|family| definition.family == *family))
        .collect();
    order::sort_by_key(&mut listed, |definition| (&definition.family, definition.revision));
    match request.sort.as_deref() {
        None | Some("ASC") => {}
        Some("DESC") => listed.reverse(),
        Some(other) => return Err(ApiError::invalid(format!("Invalid sort order: {other}."), rules::LISTS)),
    }
    let arns = listed.into_iter().map(|definition| definition.arn.clone()).collect();
    let (task_definition_arns, next_token) =
        page(arns, request.max_results, request.next_token.as_deref(), 100)?;
    Ok(ListTaskDefinitionsResponse { task_definition_arns, next_token })
}

fn status(word: Option<&str>) -> Result<DefinitionStatus, ApiError> {
    match word {
        None | Some("ACTIVE") => Ok(DefinitionStatus::Active),
        Some("INACTIVE") => Ok(DefinitionStatus::Inactive),
        Some("DELETE_IN_PROGRESS") => Ok(DefinitionStatus::DeleteInProgress),
        Some(other) => Err(ApiError::invalid(format!("Invalid status: {other}."), rules::LISTS)),
    }
}
