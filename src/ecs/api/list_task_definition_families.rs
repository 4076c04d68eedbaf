//! `ListTaskDefinitionFamilies`: the names under which revisions are counted.

use crate::ecs::paging::page;
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::task_definition::DefinitionStatus;
use crate::error::ApiError;
use crate::operation::Look;
use std::collections::BTreeMap;

shape! {
    /// Which families to list.
    pub struct ListTaskDefinitionFamiliesRequest {
        /// How their names begin.
        family_prefix: Option<String> = "familyPrefix";
        /// ACTIVE (with an ACTIVE revision), INACTIVE (without one) or ALL; ALL when absent.
        status: Option<String> = "status".one_of(&["ACTIVE", "INACTIVE", "ALL"]);
        /// Where the page before ended.
        next_token: Option<String> = "nextToken";
        /// 1 to 100 to a page.
        max_results: Option<i64> = "maxResults".range(1, 100);
    }
    /// A page of families.
    pub struct ListTaskDefinitionFamiliesResponse {
        /// Their names.
        families: Vec<String> = "families";
        /// Where this page ended, if there is more.
        next_token: Option<String> = "nextToken";
    }
}

/// Lists families by name.
///
/// # Errors
/// `InvalidParameterException` for an unknown status, a page size or token (API-07).
pub fn list_task_definition_families(
    cx: &Look<'_>,
    request: ListTaskDefinitionFamiliesRequest,
) -> Result<ListTaskDefinitionFamiliesResponse, ApiError> {
    let mut families: BTreeMap<&str, bool> = BTreeMap::new();
    for definition in cx.state.task_definitions.values() {
        *families.entry(&definition.family).or_default() |= definition.status == DefinitionStatus::Active;
    }
    let wanted: fn(bool) -> bool = match request.status.as_deref() {
        None | Some("ALL") => |_| true,
        Some("ACTIVE") => |active| active,
        Some("INACTIVE") => |active| !active,
        Some(other) => return Err(ApiError::invalid(format!("Invalid status: {other}."), rules::LISTS)),
    };
    let prefix = request.family_prefix.as_deref().unwrap_or_default();
    let names = families
        .into_iter()
        .filter(|(family, active)| family.starts_with(prefix) && wanted(*active))
        .map(|(family, _)| family.to_string())
        .collect();
    let (families, next_token) = page(names, request.max_results, request.next_token.as_deref(), 100)?;
    Ok(ListTaskDefinitionFamiliesResponse { families, next_token })
}
