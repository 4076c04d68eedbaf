//! `DescribeScalingActivities`: what groups did, and why.

use crate::autoscaling::activity;
use crate::autoscaling::api::group_answer::page;
use crate::error::ApiError;
use crate::operation::Look;
use crate::order;
use crate::state::State;
use crate::time::SimTime;
use crate::timeline::Kind;
use std::cmp::Reverse;

shape! {
    /// Which activities to describe.
    pub struct DescribeScalingActivitiesRequest {
        /// Only these.
        activity_ids: Vec<String> = "ActivityIds";
        /// Only those of this group.
        auto_scaling_group_name: Option<String> = "AutoScalingGroupName".names(Kind::AutoScalingGroup);
        /// Also those of groups that were deleted.
        include_deleted_groups: Option<bool> = "IncludeDeletedGroups";
        /// How many at once; 100 when absent.
        max_records: Option<i64> = "MaxRecords";
        /// Where the last page ended.
        next_token: Option<String> = "NextToken";
    }
    /// Something that a group did.
    pub struct Activity {
        /// Its id.
        activity_id: String = "ActivityId";
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName";
        /// What it does.
        description: String = "Description";
        /// Why.
        cause: String = "Cause";
        /// When it began.
        start_time: SimTime = "StartTime";
        /// When it was over.
        end_time: Option<SimTime> = "EndTime";
        /// How it stands.
        status_code: String = "StatusCode";
        /// What went wrong, or is waited for.
        status_message: Option<String> = "StatusMessage";
        /// How far it is, in per cent.
        progress: i64 = "Progress";
        /// Zone and subnet, as JSON.
        details: String = "Details";
        /// `Deleted` where the group is.
        auto_scaling_group_state: Option<String> = "AutoScalingGroupState";
        /// The group's ARN.
        auto_scaling_group_arn: String = "AutoScalingGroupARN";
    }
    /// Activities.
    pub struct DescribeScalingActivitiesResponse {
        /// They: those under way first, then the latest.
        activities: Vec<Activity> = "Activities";
        /// Where the next page begins.
        next_token: Option<String> = "NextToken";
    }
}

/// An activity as it is shown.
pub fn describe(found: &activity::Activity, deleted: bool) -> Activity {
    let (word, progress) = found.status.word();
    Activity {
        activity_id: found.id.clone(),
        auto_scaling_group_name: found.group.to_string(),
        description: found.description.clone(),
        cause: found.cause.clone(),
        start_time: found.started_at,
        end_time: found.ended_at,
        status_code: word.to_string(),
        status_message: found.message.clone(),
        progress,
        details: found.details.clone(),
        auto_scaling_group_state: deleted.then(|| "Deleted".to_string()),
        auto_scaling_group_arn: found.group_arn.clone(),
    }
}

/// The activity of this number, which is of a group that is there.
pub(crate) fn of_member(state: &State, number: Option<u64>) -> Option<Activity> {
    Some(describe(state.scaling_activities.get(&number?)?, false))
}

/// Describes activities of the last six weeks.
///
/// # Errors
/// `ValidationError` for a page size that may not be, `InvalidNextToken`.
pub fn describe_scaling_activities(
    cx: &Look<'_>,
    request: DescribeScalingActivitiesRequest,
) -> Result<DescribeScalingActivitiesResponse, ApiError> {
    let groups = &cx.state.auto_scaling_groups;
    let deleted =
        |one: &activity::Activity| groups.get(&one.group).is_none_or(|group| group.arn != one.group_arn);
    let ids = &request.activity_ids;
    let asked = |one: &activity::Activity| {
        (ids.is_empty() || ids.contains(&one.id))
            && request.auto_scaling_group_name.as_ref().is_none_or(|name| name == one.group.as_str())
            && (request.include_deleted_groups == Some(true) || !deleted(one))
    };
    let mut found: Vec<_> = cx.state.scaling_activities.iter().filter(|(_, one)| asked(one)).collect();
    order::sort_by_key(&mut found, |(number, one)| {
        (one.ended_at.is_some(), Reverse(one.started_at), Reverse(*number))
    });
    let (found, next_token) = page(found, request.max_records, request.next_token.as_deref(), 100)?;
    let activities = found.into_iter().map(|(_, one)| describe(one, deleted(one))).collect();
    Ok(DescribeScalingActivitiesResponse { activities, next_token })
}
