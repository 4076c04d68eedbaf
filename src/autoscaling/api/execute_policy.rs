//! `ExecutePolicy`: call a simple or step policy by hand.

use super::delete_policy::find;
use crate::autoscaling::api::policy_answer::level;
use crate::autoscaling::group::{Group, invalid};
use crate::autoscaling::policy::{self, Policy, PolicyKind, StepScaling};
use crate::autoscaling::step_scaling::{adjusted, distance, select};
use crate::autoscaling::target_tracking::{Proposal, is_warming, warmup};
use crate::autoscaling::{policy_rules as rules, rules as group_rules};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::shape::Thousandths;
use crate::time::{SimDuration, SimTime};
use crate::timeline::Kind;

shape! {
    /// Which policy to call.
    pub struct ExecutePolicyRequest {
        /// The group; needed for a name.
        auto_scaling_group_name: Option<String> = "AutoScalingGroupName".names(Kind::AutoScalingGroup);
        /// The policy's name or ARN.
        policy_name: String = "PolicyName".required();
        /// Waits for the cooldown: is refused until that is over.
        honor_cooldown: Option<bool> = "HonorCooldown";
        /// The value of the metric, for a step policy.
        metric_value: Option<Thousandths> = "MetricValue";
        /// The alarm's threshold, for a step policy.
        breach_threshold: Option<Thousandths> = "BreachThreshold";
    }
    /// Nothing.
    pub struct ExecutePolicyResponse {
    }
}

/// Calls a policy, as its alarm would.
///
/// # Errors
/// `ValidationError` for a policy that there is not, that tracks a target, or that needs what is not said;
/// `ScalingActivityInProgress` within the cooldown, where that is to be honored.
pub fn execute_policy(
    cx: &mut Cx<'_>,
    request: ExecutePolicyRequest,
) -> Result<ExecutePolicyResponse, ApiError> {
    let found = find(cx.state, request.auto_scaling_group_name.as_deref(), &request.policy_name)?;
    let PolicyKind::Step(scaling) = &found.kind else {
        let message = format!("Policy {} is of type {} and can not be executed", found.name, found.word());
        return Err(invalid(message, rules::POLICY_NAMED));
    };
    let Some(group) = cx.state.auto_scaling_groups.get(&found.group) else {
        return Err(invalid("AutoScalingGroup name not found", rules::POLICY_NAMED));
    };
    let gap = match (scaling.simple, request.metric_value.zip(request.breach_threshold)) {
        (true, _) => 0,
        (false, Some((value, threshold))) => distance(level(value), level(threshold)),
        (false, None) => {
            let message = "MetricValue and BreachThreshold must be specified for policy type StepScaling";
            return Err(invalid(message, rules::POLICY_NAMED));
        }
    };
    let cool = cooled(found, scaling, group);
    if scaling.simple && request.honor_cooldown == Some(true) && cool.is_some_and(|cool| cx.clock < cool) {
        let message = "You cannot execute the policy while a cooldown period is in effect.";
        return Err(ApiError::new("ScalingActivityInProgress", message, group_rules::COOLDOWN));
    }
    let proposal = propose(found, scaling, group, gap, cx.clock);
    let because = format!("a user request executed policy {}", found.name);
    let key = found.key();
    policy::carry_out(cx, &key, proposal, &because);
    Ok(ExecutePolicyResponse {})
}

/// When a simple policy may adjust again (ASG-06).
fn cooled(policy: &Policy, scaling: &StepScaling, group: &Group) -> Option<SimTime> {
    let span = SimDuration::secs(scaling.cooldown.unwrap_or(group.default_cooldown));
    Some(policy.acted_at? + span)
}

/// What a step policy makes of a distance from the threshold.
fn propose(policy: &Policy, scaling: &StepScaling, group: &Group, gap: i64, now: SimTime) -> Proposal {
    let rule = if scaling.simple { group_rules::COOLDOWN } else { rules::STEPS };
    let nothing = |says: String, rule| Proposal { desired: None, says, rule, verdicts: Vec::new() };
    let Some(step) = (if scaling.simple { scaling.steps.first() } else { select(&scaling.steps, gap) })
    else {
        return nothing("no step fits the distance from the threshold".to_string(), rules::INTERVALS);
    };
    let before = group.desired_capacity;
    let wanted = adjusted(before, scaling.adjustment, step.change, scaling.magnitude);
    let bounded = wanted.clamp(group.min_size, group.max_size.max(group.min_size));
    let how = format!("{} {} of {before} gives {wanted}", scaling.adjustment.word(), step.change);
    let span = warmup(policy, group);
    let warms = group.counted().any(|member| is_warming(member, false, span, now));
    if !scaling.simple && bounded < before && warms {
        return nothing(format!("{how}; no scale-in while an instance warms up"), rules::WARM_UP);
    }
    match bounded == before {
        true => nothing(format!("{how}; {before} are desired already"), rules::ADJUSTMENTS),
        false => Proposal { desired: Some(bounded), says: how, rule, verdicts: Vec::new() },
    }
}
