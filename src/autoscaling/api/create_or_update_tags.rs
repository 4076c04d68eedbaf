//! `CreateOrUpdateTags`: put tags on groups.

use crate::arn::GroupName;
use crate::autoscaling::api::group_answer::Tag;
use crate::autoscaling::group::{Group, invalid};
use crate::autoscaling::{rules, settings};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::state::State;

shape! {
    /// The tags.
    pub struct CreateOrUpdateTagsRequest {
        /// They, each with its group.
        tags: Vec<Tag> = "Tags".required();
    }
    /// Nothing.
    pub struct CreateOrUpdateTagsResponse {
    }
}

/// Puts tags on groups; instances that run do not get them.
///
/// # Errors
/// `ValidationError` for a group that there is not and for what a tag may not be; `LimitExceeded` for the 51st tag
/// of a group ([`rules::GROUP`]).
pub fn create_or_update_tags(
    cx: &mut Cx<'_>,
    request: CreateOrUpdateTagsRequest,
) -> Result<CreateOrUpdateTagsResponse, ApiError> {
    let mut groups: std::collections::BTreeMap<GroupName, Group> = std::collections::BTreeMap::new();
    for tag in request.tags {
        let name = of_tag(cx.state, &tag)?;
        let Some(known) = cx.state.auto_scaling_groups.get(&name) else { continue };
        let group = groups.entry(name).or_insert_with(|| known.clone());
        group.tags.extend(settings::tags(vec![tag])?);
        if group.tags.len() > 50 {
            let message = format!("A resource has at most 50 tags: {}", group.name);
            return Err(ApiError::new("LimitExceeded", message, rules::GROUP));
        }
    }
    for (name, group) in groups {
        cx.state.auto_scaling_groups.insert(name, group);
    }
    Ok(CreateOrUpdateTagsResponse {})
}

/// The group of a tag.
///
/// # Errors
/// `ValidationError` for a tag of nothing, or of what there is not.
pub(crate) fn of_tag(state: &State, tag: &Tag) -> Result<GroupName, ApiError> {
    if tag.resource_type.as_deref() != Some("auto-scaling-group") {
        let message = "The only supported value for Resource Type is auto-scaling-group.";
        return Err(invalid(message, rules::GROUP));
    }
    let name = tag.resource_id.as_deref().unwrap_or_default();
    match state.auto_scaling_groups.get(&GroupName::from(name)) {
        Some(group) => Ok(group.name.clone()),
        None => {
            let message = format!("AutoScalingGroup not found - AutoScaling Group {name} not found");
            Err(invalid(message, rules::GROUP))
        }
    }
}
