//! `DescribeAutoScalingGroups`: what groups there are.

use crate::autoscaling::api::group_answer::{AutoScalingGroup, describe, known_filters, page};
use crate::autoscaling::group::{Group, invalid};
use crate::autoscaling::rules;
use crate::ec2::filter::{self, Filter};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which groups to describe.
    pub struct DescribeAutoScalingGroupsRequest {
        /// Only these; all when absent. A name that there is not is passed over.
        auto_scaling_group_names: Vec<String> = "AutoScalingGroupNames".names(Kind::AutoScalingGroup);
        /// Whether their instances are shown, too.
        include_instances: Option<bool> = "IncludeInstances";
        /// Where the last page ended.
        next_token: Option<String> = "NextToken";
        /// How many at once; 50 when absent.
        max_records: Option<i64> = "MaxRecords";
        /// Only those that fit: `tag-key`, `tag-value` and `tag:` with a key.
        filters: Vec<Filter> = "Filters";
    }
    /// Groups.
    pub struct DescribeAutoScalingGroupsResponse {
        /// They, by name.
        auto_scaling_groups: Vec<AutoScalingGroup> = "AutoScalingGroups";
        /// Where the next page begins.
        next_token: Option<String> = "NextToken";
    }
}

/// Describes groups.
///
/// # Errors
/// `ValidationError` for a filter or a page size that may not be, `InvalidNextToken`.
pub fn describe_auto_scaling_groups(
    cx: &Look<'_>,
    request: DescribeAutoScalingGroupsRequest,
) -> Result<DescribeAutoScalingGroupsResponse, ApiError> {
    let names = &request.auto_scaling_group_names;
    known_filters(&request.filters, |name| {
        ["tag-key", "tag-value"].contains(&name) || name.starts_with("tag:")
    })?;
    let mut found = Vec::new();
    for group in cx.state.auto_scaling_groups.values() {
        let fits = filter::fits(&request.filters, |name| value(group, name))
            .map_err(|refusal| invalid(refusal.message, rules::GROUP))?;
        if fits && (names.is_empty() || names.iter().any(|name| name == group.name.as_str())) {
            found.push(group);
        }
    }
    let (groups, next_token) = page(found, request.max_records, request.next_token.as_deref(), 50)?;
    let with_instances = request.include_instances != Some(false);
    let auto_scaling_groups = groups.into_iter().map(|group| describe(group, with_instances)).collect();
    Ok(DescribeAutoScalingGroupsResponse { auto_scaling_groups, next_token })
}

fn value(group: &Group, name: &str) -> Option<Vec<String>> {
    match name {
        "tag-key" => Some(group.tags.keys().cloned().collect()),
        "tag-value" => Some(group.tags.values().map(|tag| tag.value.clone()).collect()),
        _ => {
            let key = name.strip_prefix("tag:")?;
            Some(group.tags.get(key).map(|tag| tag.value.clone()).into_iter().collect())
        }
    }
}
