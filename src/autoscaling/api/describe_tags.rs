//! `DescribeTags`: the tags of groups.

use crate::autoscaling::api::group_answer::{TagDescription, known_filters, page, tags};
use crate::autoscaling::group::invalid;
use crate::autoscaling::rules;
use crate::ec2::filter::{self, Filter};
use crate::error::ApiError;
use crate::operation::Look;

shape! {
    /// Which tags to describe.
    pub struct DescribeTagsRequest {
        /// Only those that fit: `auto-scaling-group`, `key`, `value` and `propagate-at-launch`.
        filters: Vec<Filter> = "Filters";
        /// Where the last page ended.
        next_token: Option<String> = "NextToken";
        /// How many at once; 50 when absent.
        max_records: Option<i64> = "MaxRecords";
    }
    /// Tags.
    pub struct DescribeTagsResponse {
        /// They, by group and key.
        tags: Vec<TagDescription> = "Tags";
        /// Where the next page begins.
        next_token: Option<String> = "NextToken";
    }
}

const FILTERS: [&str; 4] = ["auto-scaling-group", "key", "value", "propagate-at-launch"];

/// Describes the tags of all groups.
///
/// # Errors
/// `ValidationError` for a filter or a page size that may not be, `InvalidNextToken`.
pub fn describe_tags(cx: &Look<'_>, request: DescribeTagsRequest) -> Result<DescribeTagsResponse, ApiError> {
    known_filters(&request.filters, |name| FILTERS.contains(&name))?;
    let mut found = Vec::new();
    for tag in cx.state.auto_scaling_groups.values().flat_map(tags) {
        let value = |name: &str| match name {
            "auto-scaling-group" => Some(vec![tag.resource_id.clone()]),
            "key" => Some(vec![tag.key.clone()]),
            "value" => Some(vec![tag.value.clone()]),
            "propagate-at-launch" => Some(vec![tag.propagate_at_launch.to_string()]),
            _ => None,
        };
        if filter::fits(&request.filters, value).map_err(|refusal| invalid(refusal.message, rules::GROUP))? {
            found.push(tag);
        }
    }
    let (tags, next_token) = page(found, request.max_records, request.next_token.as_deref(), 50)?;
    Ok(DescribeTagsResponse { tags, next_token })
}
