//! `DescribeScheduledActions`: what groups will do, and when.

use crate::autoscaling::api::group_answer::page;
use crate::autoscaling::group::Group;
use crate::error::ApiError;
use crate::operation::Look;
use crate::order;
use crate::time::SimTime;
use crate::timeline::Kind;

shape! {
    /// Which actions to describe.
    pub struct DescribeScheduledActionsRequest {
        /// Only those of this group.
        auto_scaling_group_name: Option<String> = "AutoScalingGroupName".names(Kind::AutoScalingGroup);
        /// Only those of these names.
        scheduled_action_names: Vec<String> = "ScheduledActionNames";
        /// Only those from then on, where no names are given.
        start_time: Option<SimTime> = "StartTime";
        /// Only those up to then, where no names are given.
        end_time: Option<SimTime> = "EndTime";
        /// Where the last page ended.
        next_token: Option<String> = "NextToken";
        /// How many at once; 50 when absent.
        max_records: Option<i64> = "MaxRecords";
    }
    /// An action of a group.
    pub struct ScheduledUpdateGroupAction {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName";
        /// Its name.
        scheduled_action_name: String = "ScheduledActionName";
        /// Its ARN.
        scheduled_action_arn: String = "ScheduledActionARN";
        /// When; the older name of the next.
        time: SimTime = "Time";
        /// When.
        start_time: SimTime = "StartTime";
        /// The minimum from then on.
        min_size: Option<i64> = "MinSize";
        /// The maximum from then on.
        max_size: Option<i64> = "MaxSize";
        /// How many instances the group wants from then on.
        desired_capacity: Option<i64> = "DesiredCapacity";
    }
    /// Actions.
    pub struct DescribeScheduledActionsResponse {
        /// They: the next one first.
        scheduled_update_group_actions: Vec<ScheduledUpdateGroupAction> = "ScheduledUpdateGroupActions";
        /// Where the next page begins.
        next_token: Option<String> = "NextToken";
    }
}

/// Describes actions that are still to come.
///
/// # Errors
/// `ValidationError` for a page size that may not be, `InvalidNextToken`.
pub fn describe_scheduled_actions(
    cx: &Look<'_>,
    request: DescribeScheduledActionsRequest,
) -> Result<DescribeScheduledActionsResponse, ApiError> {
    let names = &request.scheduled_action_names;
    let asked = |one: &ScheduledUpdateGroupAction| match names.is_empty() {
        false => names.contains(&one.scheduled_action_name),
        true => {
            request.start_time.is_none_or(|from| one.start_time >= from)
                && request.end_time.is_none_or(|to| one.start_time <= to)
        }
    };
    let wanted = request.auto_scaling_group_name.as_deref();
    let groups = cx.state.auto_scaling_groups.values();
    let groups = groups.filter(|group| wanted.is_none_or(|name| name == group.name.as_str()));
    let mut found: Vec<_> = groups.flat_map(describe).filter(asked).collect();
    order::sort_by_key(&mut found, |one| one.start_time);
    let (found, next_token) = page(found, request.max_records, request.next_token.as_deref(), 50)?;
    Ok(DescribeScheduledActionsResponse { scheduled_update_group_actions: found, next_token })
}

/// The actions of a group, by name.
fn describe(group: &Group) -> impl Iterator<Item = ScheduledUpdateGroupAction> {
    group.schedule.iter().map(|(name, one)| ScheduledUpdateGroupAction {
        auto_scaling_group_name: group.name.to_string(),
        scheduled_action_name: name.clone(),
        scheduled_action_arn: one.arn.clone(),
        time: one.start,
        start_time: one.start,
        min_size: one.min_size,
        max_size: one.max_size,
        desired_capacity: one.desired_capacity,
    })
}
