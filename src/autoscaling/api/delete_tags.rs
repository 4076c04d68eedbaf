//! `DeleteTags`: take tags from groups.

use crate::autoscaling::api::create_or_update_tags::of_tag;
use crate::autoscaling::api::group_answer::Tag;
use crate::error::ApiError;
use crate::operation::Cx;

shape! {
    /// The tags.
    pub struct DeleteTagsRequest {
        /// They, each with its group; a value that is given must be the tag's own.
        tags: Vec<Tag> = "Tags".required();
    }
    /// Nothing.
    pub struct DeleteTagsResponse {
    }
}

/// Takes tags from groups; one that is not there is passed over.
///
/// # Errors
/// `ValidationError` for a group that there is not ([`rules::GROUP`](crate::autoscaling::rules::GROUP)).
pub fn delete_tags(cx: &mut Cx<'_>, request: DeleteTagsRequest) -> Result<DeleteTagsResponse, ApiError> {
    let mut found = Vec::new();
    for tag in &request.tags {
        found.push((of_tag(cx.state, tag)?, tag));
    }
    for (name, tag) in found {
        let Some(group) = cx.state.auto_scaling_groups.get_mut(&name) else { continue };
        let meant = |value: &String| tag.value.as_ref().is_none_or(|given| given == value);
        if group.tags.get(&tag.key).is_some_and(|own| meant(&own.value)) {
            group.tags.remove(&tag.key);
        }
    }
    Ok(DeleteTagsResponse {})
}
