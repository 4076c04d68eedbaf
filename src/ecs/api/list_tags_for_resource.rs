//! `ListTagsForResource`: the tags of something that exists.

use crate::ecs::tag::{self, Tag};
use crate::error::ApiError;
use crate::operation::Look;

shape! {
    /// Whose tags to list.
    pub struct ListTagsForResourceRequest {
        /// The ARN of a cluster, capacity provider, service, task, container instance or task definition.
        resource_arn: String = "resourceArn".required();
    }
    /// The tags of a resource.
    pub struct ListTagsForResourceResponse {
        /// The tags.
        tags: Vec<Tag> = "tags";
    }
}

/// Lists the tags of a resource.
///
/// # Errors
/// `InvalidParameterException` for what is no ARN, or an ARN of nothing that is there;
/// `ClusterNotFoundException` (API-04). Unlike those that change tags, it has no code for what is missing.
pub fn list_tags_for_resource(
    cx: &Look<'_>,
    request: ListTagsForResourceRequest,
) -> Result<ListTagsForResourceResponse, ApiError> {
    let tags = tag::of_resource(cx.state, &request.resource_arn)
        .map_err(|refusal| match refusal.code {
            "ResourceNotFoundException" => ApiError::invalid(refusal.message, refusal.rule),
            _ => refusal,
        })?
        .clone();
    Ok(ListTagsForResourceResponse { tags })
}
