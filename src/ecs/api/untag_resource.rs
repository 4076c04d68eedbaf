//! `UntagResource`: take tags off a resource; names it does not have are passed over.

use crate::ecs::tag;
use crate::error::ApiError;
use crate::operation::Cx;

shape! {
    /// The names of the tags to take off.
    pub struct UntagResourceRequest {
        /// The ARN of a cluster, capacity provider, service, task, container instance or task definition.
        resource_arn: String = "resourceArn".required();
        /// The names.
        tag_keys: Vec<String> = "tagKeys".required();
    }
    /// Nothing.
    pub struct UntagResourceResponse {}
}

/// Takes tags off a resource.
///
/// # Errors
/// What [`tag::of_resource`] says of the ARN.
pub fn untag_resource(
    cx: &mut Cx<'_>,
    request: UntagResourceRequest,
) -> Result<UntagResourceResponse, ApiError> {
    let tags = tag::of_resource_mut(cx.state, &request.resource_arn)?;
    tags.retain(|tag| !request.tag_keys.contains(&tag.key));
    Ok(UntagResourceResponse {})
}
