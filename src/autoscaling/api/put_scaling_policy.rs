//! `PutScalingPolicy`: say what changes the desired capacity of a group, and when.

use crate::autoscaling::api::policy_answer::{self, Alarm, StepAdjustment, TargetTrackingConfiguration};
use crate::autoscaling::group::{invalid, named};
use crate::autoscaling::policy::{self, Policy, PolicyKind, StepScaling, TargetTracking, Tracked};
use crate::autoscaling::step_scaling::{self, Adjustment, Step};
use crate::autoscaling::{group_cpu, policy_rules as rules};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

/// The types of policies.
const TYPES: &[&str] = &["SimpleScaling", "StepScaling", "TargetTrackingScaling", "PredictiveScaling"];
/// What can be taken of points.
const AGGREGATIONS: &[&str] = &["Minimum", "Maximum", "Average"];

shape! {
    /// A policy to make, or to put in the place of one of this name.
    pub struct PutScalingPolicyRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// The policy's name.
        policy_name: String = "PolicyName".required();
        /// How it decides; SimpleScaling when absent.
        policy_type: Option<String> = "PolicyType".such_as(TYPES);
        /// How adjustments are meant.
        adjustment_type: Option<String> = "AdjustmentType".such_as(Adjustment::WORDS);
        /// The least change of a percentage.
        min_adjustment_magnitude: Option<i64> = "MinAdjustmentMagnitude";
        /// The adjustment of a simple policy.
        scaling_adjustment: Option<i64> = "ScalingAdjustment";
        /// Seconds after an adjustment in which a simple policy does nothing; the group's when absent.
        cooldown: Option<i64> = "Cooldown";
        /// What is taken of the alarm's points.
        metric_aggregation_type: Option<String> = "MetricAggregationType".such_as(AGGREGATIONS);
        /// The steps of a step policy.
        step_adjustments: Vec<StepAdjustment> = "StepAdjustments";
        /// Seconds that a new instance warms up; the group's when absent.
        estimated_instance_warmup: Option<i64> = "EstimatedInstanceWarmup";
        /// Metric and target of a target tracking policy.
        target_tracking_configuration: Option<TargetTrackingConfiguration> = "TargetTrackingConfiguration";
        /// Whether it is called; so when absent.
        enabled: Option<bool> = "Enabled";
    }
    /// The policy that was made.
    pub struct PutScalingPolicyResponse {
        /// Its ARN.
        policy_arn: String = "PolicyARN";
        /// The alarms that it made.
        alarms: Vec<Alarm> = "Alarms";
    }
}

/// Makes a policy, or changes the one of this name.
///
/// # Errors
/// `ValidationError`, in this order: for a group that there is not, for a word that is none of its few, for a type that the policy of this name does not have, and for what the policy's type
/// needs and does not get, or does not take ([`rules::POLICY_NAMED`], [`rules::STEPS_CHECKED`]).
pub fn put_scaling_policy(
    cx: &mut Cx<'_>,
    request: PutScalingPolicyRequest,
) -> Result<PutScalingPolicyResponse, ApiError> {
    let name = named(cx.state, &request.auto_scaling_group_name)?.name.clone();
    // Clients know no choices for these; the service does.
    for (field, word, words) in [
        ("PolicyType", &request.policy_type, TYPES),
        ("AdjustmentType", &request.adjustment_type, Adjustment::WORDS),
        ("MetricAggregationType", &request.metric_aggregation_type, AGGREGATIONS),
    ] {
        if let Some(word) = word.as_deref().filter(|word| !words.contains(word)) {
            let words = words.join(", ");
            let message = format!("'{word}' is no {field}; it is one of: {words}");
            return Err(invalid(message, rules::POLICY_NAMED));
        }
    }
    let kind = match request.policy_type.as_deref().unwrap_or("SimpleScaling") {
        "TargetTrackingScaling" => PolicyKind::TargetTracking(tracking(&request)?),
        "PredictiveScaling" => return Err(absent("Predictive scaling")),
        word => PolicyKind::Step(steps(&request, word == "SimpleScaling")?),
    };
    let key = (name.clone(), request.policy_name.clone());
    let mut made =
        Policy::new(cx, name, request.policy_name, kind, unsigned(request.estimated_instance_warmup)?);
    made.enabled = request.enabled != Some(false);
    if let Some(before) = cx.state.scaling_policies.get(&key)
        && before.word() != made.word()
    {
        let message = format!("Policy type can not be changed from {} to {}.", before.word(), made.word());
        return Err(invalid(message, rules::POLICY_NAMED));
    }
    let rule = match &made.kind {
        PolicyKind::TargetTracking(_) => rules::TARGET_TRACKING,
        PolicyKind::Step(step) if step.simple => crate::autoscaling::rules::COOLDOWN,
        PolicyKind::Step(_) => rules::STEPS,
    };
    policy::make(cx, made, rule);
    group_cpu::watch(cx);
    let made = cx.state.scaling_policies.get(&key);
    Ok(PutScalingPolicyResponse {
        policy_arn: made.map(|made| made.arn.clone()).unwrap_or_default(),
        alarms: made.map(|made| policy_answer::alarms(cx.state, made)).unwrap_or_default(),
    })
}

/// What AWS does and we do not.
fn absent(what: &str) -> ApiError {
    invalid(format!("{what} is not simulated; ASGAverageCPUUtilization is."), rules::POLICY_NAMED)
}

fn unsigned(number: Option<i64>) -> Result<Option<u64>, ApiError> {
    match number {
        None => Ok(None),
        Some(number) => u64::try_from(number).map(Some).map_err(|_| {
            invalid(
                "A number of seconds or instances must be greater than or equal to 0",
                rules::POLICY_NAMED,
            )
        }),
    }
}

fn tracking(request: &PutScalingPolicyRequest) -> Result<TargetTracking, ApiError> {
    let Some(given) = &request.target_tracking_configuration else {
        let message = "TargetTrackingConfiguration must be specified for policy type TargetTrackingScaling";
        return Err(invalid(message, rules::POLICY_NAMED));
    };
    match (&given.predefined_metric_specification, &given.customized_metric_specification) {
        (Some(metric), None) if metric.predefined_metric_type == "ASGAverageCPUUtilization" => {}
        (Some(metric), None) => return Err(absent(&metric.predefined_metric_type)),
        (None, Some(_)) => return Err(absent("A customized metric")),
        _ => {
            let message = "Exactly one of PredefinedMetricSpecification and CustomizedMetricSpecification must be specified";
            return Err(invalid(message, rules::POLICY_NAMED));
        }
    }
    let target = given.target_value.map(policy_answer::level).unwrap_or_default();
    if target.0 == 0 {
        return Err(invalid("TargetValue must be greater than 0", rules::POLICY_NAMED));
    }
    let disable_scale_in = given.disable_scale_in == Some(true);
    Ok(TargetTracking { tracked: Tracked::Cpu, target, disable_scale_in })
}

fn steps(request: &PutScalingPolicyRequest, simple: bool) -> Result<StepScaling, ApiError> {
    let word = request.adjustment_type.as_deref().and_then(Adjustment::from_word);
    let Some(adjustment) = word else {
        return Err(invalid("AdjustmentType must be specified for this policy type", rules::POLICY_NAMED));
    };
    let magnitude = unsigned(request.min_adjustment_magnitude)?;
    if magnitude.is_some() && adjustment != Adjustment::PercentChangeInCapacity {
        let message = "MinAdjustmentMagnitude is only supported with PercentChangeInCapacity";
        return Err(invalid(message, rules::MAGNITUDE));
    }
    let steps: Vec<Step> = match (simple, request.scaling_adjustment) {
        (true, Some(change)) => vec![Step { lower: None, upper: None, change }],
        (true, None) => {
            let message = "ScalingAdjustment must be specified for policy type SimpleScaling";
            return Err(invalid(message, rules::POLICY_NAMED));
        }
        (false, _) => request.step_adjustments.iter().map(policy_answer::step).collect(),
    };
    if let Some(fault) = step_scaling::fault(&steps).filter(|_| !simple) {
        return Err(invalid(fault, rules::STEPS_CHECKED));
    }
    Ok(StepScaling {
        adjustment,
        steps,
        magnitude,
        aggregation: request.metric_aggregation_type.clone().unwrap_or_else(|| "Average".to_string()),
        cooldown: unsigned(request.cooldown)?,
        simple,
    })
}
