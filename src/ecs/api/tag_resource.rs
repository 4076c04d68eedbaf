//! `TagResource`: put tags on something that exists, replacing values of the same name.

use crate::ecs::rules;
use crate::ecs::tag::{self, Tag};
use crate::error::ApiError;
use crate::operation::Cx;

shape! {
    /// The tags to put on a resource.
    pub struct TagResourceRequest {
        /// The ARN of a cluster, capacity provider, service, task, container instance or task definition.
        resource_arn: String = "resourceArn".required();
        /// The tags.
        tags: Vec<Tag> = "tags".required();
    }
    /// Nothing.
    pub struct TagResourceResponse {}
}

/// Puts tags on a resource.
///
/// # Errors
/// `InvalidParameterException`, `LimitExceededException` beyond 50 (API-11), and what
/// [`tag::of_resource`] says of the ARN.
pub fn tag_resource(cx: &mut Cx<'_>, request: TagResourceRequest) -> Result<TagResourceResponse, ApiError> {
    tag::check(&request.tags)?;
    let tags = tag::of_resource_mut(cx.state, &request.resource_arn)?;
    let mut changed = tags.clone();
    for tag in request.tags {
        match changed.iter_mut().find(|present| present.key == tag.key) {
            Some(present) => present.value = tag.value,
            None => changed.push(tag),
        }
    }
    if changed.len() > 50 {
        return Err(ApiError::new(
            "LimitExceededException",
            "The limit of 50 tags for this resource has been exceeded.",
            rules::TAGS,
        ));
    }
    *tags = changed;
    Ok(TagResourceResponse {})
}
