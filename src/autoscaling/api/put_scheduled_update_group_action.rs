//! `PutScheduledUpdateGroupAction`: say how the sizes of a group change at a moment to come.

use crate::autoscaling::group::{invalid, named};
use crate::autoscaling::rules;
use crate::autoscaling::schedule::{self, Scheduled};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::time::SimTime;
use crate::timeline::Kind;

/// How many actions a group may have.
const MOST: usize = 125;

shape! {
    /// Which action, of which group, when.
    pub struct PutScheduledUpdateGroupActionRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// The action's name; an action of this name is changed.
        scheduled_action_name: String = "ScheduledActionName".required();
        /// When; the older name of the next.
        time: Option<SimTime> = "Time";
        /// When.
        start_time: Option<SimTime> = "StartTime";
        /// The minimum from then on.
        min_size: Option<i64> = "MinSize";
        /// The maximum from then on.
        max_size: Option<i64> = "MaxSize";
        /// How many instances the group wants from then on.
        desired_capacity: Option<i64> = "DesiredCapacity";
    }
    /// Nothing.
    pub struct PutScheduledUpdateGroupActionResponse {
    }
}

/// Puts an action into the schedule of a group; it is done once, and then it is gone.
///
/// # Errors
/// In this order: `ValidationError` for a group that there is not, for an action without sizes or moment, with
/// sizes that cannot be, or in the past; `AlreadyExists` for a moment that another action of the group has;
/// `LimitExceeded` for more than 125 actions ([`rules::SCHEDULE`]).
pub fn put_scheduled_update_group_action(
    cx: &mut Cx<'_>,
    request: PutScheduledUpdateGroupActionRequest,
) -> Result<PutScheduledUpdateGroupActionResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let refuse = |message: String| Err(invalid(message, rules::SCHEDULE));
    let action = request.scheduled_action_name;
    let (min, max, desired) = (request.min_size, request.max_size, request.desired_capacity);
    if action.is_empty() || action.chars().count() > 255 {
        return refuse(format!("Scheduled action name '{action}' is not valid."));
    }
    if [min, max, desired].iter().all(Option::is_none) {
        return refuse("At least one of MinSize, MaxSize, or DesiredCapacity must be specified.".to_string());
    }
    if let Some(size) = [min, max, desired].into_iter().flatten().find(|size| *size < 0) {
        return refuse(format!("The size {size} must be greater than or equal to 0."));
    }
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        return refuse(format!("Max bound, {max}, must be greater than or equal to min bound, {min}"));
    }
    let Some(start) = request.start_time.or(request.time) else {
        return refuse(
            "Either a recurrence or a start time must be specified; recurrences are not supported here."
                .to_string(),
        );
    };
    if start <= cx.clock {
        return refuse("Given start time is in the past".to_string());
    }
    if group.schedule.iter().any(|(name, other)| *name != action && other.start == start) {
        let message = "Scheduled action with the same start time already exists.";
        return Err(ApiError::new("AlreadyExists", message, rules::SCHEDULE));
    }
    let before = group.schedule.get(&action).map(|scheduled| scheduled.arn.clone());
    if before.is_none() && group.schedule.len() >= MOST {
        let message = format!("Limit of {MOST} scheduled actions per group exceeded.");
        return Err(ApiError::new("LimitExceeded", message, rules::SCHEDULE));
    }
    let name = group.name.clone();
    let arn = match before {
        Some(arn) => arn,
        None => Scheduled::arn(&name, &action, &cx.dice.uuid(&format!("scheduled-action/{name}"))),
    };
    let scheduled = Scheduled { arn, start, min_size: min, max_size: max, desired_capacity: desired };
    schedule::put(cx, &name, action, scheduled);
    Ok(PutScheduledUpdateGroupActionResponse {})
}
