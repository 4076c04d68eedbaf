//! `DescribeInstanceRefreshes`: how the refreshes of a group stand.

use crate::autoscaling::api::group_answer::page;
use crate::autoscaling::api::start_instance_refresh::{DesiredConfiguration, RefreshPreferences, shown};
use crate::autoscaling::group::{Group, named};
use crate::autoscaling::refresh::Refresh;
use crate::error::ApiError;
use crate::operation::Look;
use crate::time::SimTime;
use crate::timeline::Kind;

shape! {
    /// Which refreshes to describe.
    pub struct DescribeInstanceRefreshesRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// Only these.
        instance_refresh_ids: Vec<String> = "InstanceRefreshIds";
        /// Where the last page ended.
        next_token: Option<String> = "NextToken";
        /// How many at once; 50 when absent.
        max_records: Option<i64> = "MaxRecords";
    }
    /// A refresh of a group.
    pub struct InstanceRefresh {
        /// Its id.
        instance_refresh_id: String = "InstanceRefreshId";
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName";
        /// How it stands.
        status: String = "Status";
        /// Why it waits, or failed.
        status_reason: Option<String> = "StatusReason";
        /// When it began.
        start_time: SimTime = "StartTime";
        /// When it was over.
        end_time: Option<SimTime> = "EndTime";
        /// How far it is, in per cent.
        percentage_complete: i64 = "PercentageComplete";
        /// How many instances are still to be replaced, or to warm up.
        instances_to_update: i64 = "InstancesToUpdate";
        /// What it goes by.
        preferences: RefreshPreferences = "Preferences";
        /// What it makes of the group.
        desired_configuration: Option<DesiredConfiguration> = "DesiredConfiguration";
        /// Rolling.
        strategy: String = "Strategy";
    }
    /// Refreshes.
    pub struct DescribeInstanceRefreshesResponse {
        /// They: the latest first.
        instance_refreshes: Vec<InstanceRefresh> = "InstanceRefreshes";
        /// Where the next page begins.
        next_token: Option<String> = "NextToken";
    }
}

/// Describes the refreshes of a group.
///
/// # Errors
/// `ValidationError` for a group that there is not and for a page size that may not be, `InvalidNextToken`.
pub fn describe_instance_refreshes(
    cx: &Look<'_>,
    request: DescribeInstanceRefreshesRequest,
) -> Result<DescribeInstanceRefreshesResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let ids = &request.instance_refresh_ids;
    let asked = |one: &&Refresh| ids.is_empty() || ids.contains(&one.id);
    let found = group.refreshes.iter().rev().filter(asked).collect();
    let (found, next_token) = page(found, request.max_records, request.next_token.as_deref(), 50)?;
    let instance_refreshes = found.into_iter().map(|one| describe(group, one, cx.clock)).collect();
    Ok(DescribeInstanceRefreshesResponse { instance_refreshes, next_token })
}

fn describe(group: &Group, found: &Refresh, now: SimTime) -> InstanceRefresh {
    let (left, per_cent) = found.progress(group, now);
    InstanceRefresh {
        instance_refresh_id: found.id.clone(),
        auto_scaling_group_name: group.name.to_string(),
        status: found.status.word().to_string(),
        status_reason: found.reason.clone(),
        start_time: found.started_at,
        end_time: found.ended_at,
        percentage_complete: i64::try_from(per_cent).unwrap_or(100),
        instances_to_update: i64::try_from(left).unwrap_or(i64::MAX),
        preferences: shown(&found.preferences),
        desired_configuration: found
            .desired
            .clone()
            .map(|launch_template| DesiredConfiguration { launch_template: Some(launch_template) }),
        strategy: "Rolling".to_string(),
    }
}
