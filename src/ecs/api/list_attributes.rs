//! `ListAttributes`: what the instances of a cluster have (CINST-07, CINST-08).

use crate::ecs::attribute::Attribute;
use crate::ecs::{cluster, paging};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which attributes to list.
    pub struct ListAttributesRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// container-instance.
        target_type: String = "targetType".required().one_of(&["container-instance"]);
        /// Only attributes of this name.
        attribute_name: Option<String> = "attributeName";
        /// Only attributes of this value.
        attribute_value: Option<String> = "attributeValue";
        /// Where the last page ended.
        next_token: Option<String> = "nextToken";
        /// How many to a page, 1 to 100.
        max_results: Option<i64> = "maxResults".range(1, 100);
    }
    /// A page of attributes.
    pub struct ListAttributesResponse {
        /// They, each with its target.
        attributes: Vec<Attribute> = "attributes";
        /// Asks for the next page.
        next_token: Option<String> = "nextToken";
    }
}

/// Lists attributes by instance and name.
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for a page that cannot be (API-07).
pub fn list_attributes(
    cx: &Look<'_>,
    request: ListAttributesRequest,
) -> Result<ListAttributesResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let (name, value) = (request.attribute_name.as_deref(), request.attribute_value.as_deref());
    let found = cluster::instances(cx.state, cluster).flat_map(|instance| {
        let attributes = instance.attributes.iter();
        attributes.map(move |(name, value)| Attribute::shown(instance, name, value.as_ref()))
    });
    let found = found
        .filter(|attribute| name.is_none_or(|name| name == attribute.name))
        .filter(|attribute| value.is_none_or(|value| Some(value) == attribute.value.as_deref()))
        .collect();
    let (attributes, next_token) =
        paging::page(found, request.max_results, request.next_token.as_deref(), 100)?;
    Ok(ListAttributesResponse { attributes, next_token })
}
