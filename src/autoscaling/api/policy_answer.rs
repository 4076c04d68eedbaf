//! A scaling policy as the API takes and shows it.

use crate::autoscaling::policy::{self, Policy, PolicyKind, Tracked};
use crate::autoscaling::step_scaling::{Adjustment, Step};
use crate::cloudwatch::metric::Level;
use crate::shape::Thousandths;
use crate::state::State;

/// The metrics that AWS has ready for target tracking.
pub const PREDEFINED: &[&str] =
    &["ASGAverageCPUUtilization", "ASGAverageNetworkIn", "ASGAverageNetworkOut", "ALBRequestCountPerTarget"];

shape! {
    /// A metric that AWS has ready.
    pub struct PredefinedMetricSpecification {
        /// Which one.
        predefined_metric_type: String = "PredefinedMetricType".required().one_of(PREDEFINED);
        /// The target group, for `ALBRequestCountPerTarget`.
        resource_label: Option<String> = "ResourceLabel";
    }
    /// A name and a value that tell a metric apart.
    pub struct MetricDimension {
        /// The name.
        name: String = "Name".required();
        /// The value.
        value: String = "Value".required();
    }
    /// Any metric.
    pub struct CustomizedMetricSpecification {
        /// Its name.
        metric_name: Option<String> = "MetricName";
        /// Its namespace.
        namespace: Option<String> = "Namespace";
        /// Its dimensions.
        dimensions: Vec<MetricDimension> = "Dimensions";
        /// What is taken of a minute.
        statistic: Option<String> = "Statistic".one_of(&["Average", "Minimum", "Maximum", "SampleCount", "Sum"]);
    }
    /// A metric and the value that it is to have.
    pub struct TargetTrackingConfiguration {
        /// A metric that AWS has ready.
        predefined_metric_specification: Option<PredefinedMetricSpecification> = "PredefinedMetricSpecification";
        /// Any metric.
        customized_metric_specification: Option<CustomizedMetricSpecification> = "CustomizedMetricSpecification";
        /// The value.
        target_value: Option<Thousandths> = "TargetValue".required();
        /// Whether it never scales in.
        disable_scale_in: Option<bool> = "DisableScaleIn";
    }
    /// What to do when the metric is so far from the alarm's threshold.
    pub struct StepAdjustment {
        /// From this distance on.
        metric_interval_lower_bound: Option<Thousandths> = "MetricIntervalLowerBound";
        /// Up to this one.
        metric_interval_upper_bound: Option<Thousandths> = "MetricIntervalUpperBound";
        /// The adjustment.
        scaling_adjustment: Option<i64> = "ScalingAdjustment".required();
    }
    /// An alarm that belongs to a policy.
    pub struct Alarm {
        /// Its name.
        alarm_name: String = "AlarmName";
        /// Its ARN.
        alarm_arn: String = "AlarmARN";
    }
    /// A scaling policy.
    pub struct ScalingPolicy {
        /// Its group.
        auto_scaling_group_name: String = "AutoScalingGroupName";
        /// Its name.
        policy_name: String = "PolicyName";
        /// Its ARN.
        policy_arn: String = "PolicyARN";
        /// How it decides.
        policy_type: String = "PolicyType";
        /// How adjustments are meant.
        adjustment_type: Option<String> = "AdjustmentType";
        /// The least change of a percentage.
        min_adjustment_magnitude: Option<i64> = "MinAdjustmentMagnitude";
        /// The adjustment of a simple policy.
        scaling_adjustment: Option<i64> = "ScalingAdjustment";
        /// Seconds after an adjustment in which a simple policy does nothing.
        cooldown: Option<i64> = "Cooldown";
        /// The steps.
        step_adjustments: Vec<StepAdjustment> = "StepAdjustments";
        /// What is taken of the alarm's points.
        metric_aggregation_type: Option<String> = "MetricAggregationType";
        /// Seconds that a new instance warms up.
        estimated_instance_warmup: Option<i64> = "EstimatedInstanceWarmup";
        /// Its alarms.
        alarms: Vec<Alarm> = "Alarms";
        /// Metric and target.
        target_tracking_configuration: Option<TargetTrackingConfiguration> = "TargetTrackingConfiguration";
        /// Whether it is called.
        enabled: bool = "Enabled";
    }
}

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// Thousandths of a percent, as requests give them.
pub fn level(value: Thousandths) -> Level {
    Level(u64::try_from(value.0).unwrap_or(0).saturating_mul(1000))
}

/// A step as a request gives it.
pub fn step(given: &StepAdjustment) -> Step {
    Step {
        lower: given.metric_interval_lower_bound.map(|bound| bound.0),
        upper: given.metric_interval_upper_bound.map(|bound| bound.0),
        change: given.scaling_adjustment.unwrap_or(0),
    }
}

/// The alarms of a policy.
pub fn alarms(state: &State, policy: &Policy) -> Vec<Alarm> {
    let found = policy.alarms.iter().filter_map(|name| state.cloudwatch.alarms.get(name));
    found.map(|alarm| Alarm { alarm_name: alarm.name.clone(), alarm_arn: alarm.arn() }).collect()
}

/// A policy as the API shows it.
pub fn describe(state: &State, policy: &Policy) -> ScalingPolicy {
    let mut shown = ScalingPolicy {
        auto_scaling_group_name: policy.group.to_string(),
        policy_name: policy.name.clone(),
        policy_arn: policy.arn.clone(),
        policy_type: policy.word().to_string(),
        estimated_instance_warmup: policy.warmup.map(number),
        alarms: alarms(state, policy),
        enabled: policy.enabled,
        ..ScalingPolicy::default()
    };
    match &policy.kind {
        PolicyKind::TargetTracking(tracking) => {
            let metric = policy::metric(&policy.group, &tracking.tracked);
            let predefined = tracking.tracked == Tracked::Cpu;
            let dimension = |(name, value): &(&'static str, String)| MetricDimension {
                name: (*name).to_string(),
                value: value.clone(),
            };
            shown.target_tracking_configuration = Some(TargetTrackingConfiguration {
                predefined_metric_specification: predefined.then(|| PredefinedMetricSpecification {
                    predefined_metric_type: "ASGAverageCPUUtilization".to_string(),
                    resource_label: None,
                }),
                customized_metric_specification: (!predefined).then(|| CustomizedMetricSpecification {
                    metric_name: Some(metric.name.to_string()),
                    namespace: Some(metric.namespace.to_string()),
                    dimensions: metric.dimensions.iter().map(dimension).collect(),
                    statistic: Some("Average".to_string()),
                }),
                target_value: Some(Thousandths(number(tracking.target.0 / 1000))),
                disable_scale_in: Some(tracking.disable_scale_in),
            });
        }
        PolicyKind::Step(scaling) => {
            shown.adjustment_type = Some(Adjustment::word(scaling.adjustment).to_string());
            shown.min_adjustment_magnitude = scaling.magnitude.map(number);
            if scaling.simple {
                shown.scaling_adjustment = scaling.steps.first().map(|step| step.change);
                shown.cooldown = scaling.cooldown.map(number);
            } else {
                shown.metric_aggregation_type = Some(scaling.aggregation.clone());
                let answer = |step: &Step| StepAdjustment {
                    metric_interval_lower_bound: step.lower.map(Thousandths),
                    metric_interval_upper_bound: step.upper.map(Thousandths),
                    scaling_adjustment: Some(step.change),
                };
                shown.step_adjustments = scaling.steps.iter().map(answer).collect();
            }
        }
    }
    shown
}
