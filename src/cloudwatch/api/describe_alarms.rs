//! `DescribeAlarms`: alarms, what they watch, and where they stand.

use crate::cloudwatch::alarm::{Alarm, PERIOD};
use crate::ecs::paging;
use crate::error::ApiError;
use crate::operation::Look;
use crate::shape::Thousandths;
use crate::time::SimTime;
use crate::timeline::Kind;

shape! {
    /// Which alarms to describe.
    pub struct DescribeAlarmsRequest {
        /// They, by name.
        alarm_names: Vec<String> = "AlarmNames".names(Kind::Alarm);
        /// Only those whose names begin like this.
        alarm_name_prefix: Option<String> = "AlarmNamePrefix";
        /// Only those in this state.
        state_value: Option<String> = "StateValue".one_of(&["OK", "ALARM", "INSUFFICIENT_DATA"]);
        /// Only those that call an action whose ARN begins like this.
        action_prefix: Option<String> = "ActionPrefix";
        /// How many to answer at most, 1 to 100.
        max_records: Option<i64> = "MaxRecords".range(1, 100);
        /// Where the last answer left off.
        next_token: Option<String> = "NextToken";
    }
    /// A name and a value that tell a metric apart.
    pub struct Dimension {
        /// The name.
        name: String = "Name";
        /// The value.
        value: String = "Value";
    }
    /// An alarm on one metric.
    pub struct MetricAlarm {
        /// Its name.
        alarm_name: String = "AlarmName";
        /// Its ARN.
        alarm_arn: String = "AlarmArn";
        /// What it is for.
        alarm_description: String = "AlarmDescription";
        /// When it was made.
        alarm_configuration_updated_timestamp: SimTime = "AlarmConfigurationUpdatedTimestamp";
        /// Whether it calls anybody.
        actions_enabled: bool = "ActionsEnabled";
        /// Whom it calls when it becomes OK.
        ok_actions: Vec<String> = "OKActions";
        /// Whom it calls in ALARM.
        alarm_actions: Vec<String> = "AlarmActions";
        /// Whom it calls when data are missing.
        insufficient_data_actions: Vec<String> = "InsufficientDataActions";
        /// Where it stands.
        state_value: String = "StateValue";
        /// Why.
        state_reason: String = "StateReason";
        /// Since when.
        state_updated_timestamp: SimTime = "StateUpdatedTimestamp";
        /// The metric's name.
        metric_name: String = "MetricName";
        /// The metric's namespace.
        namespace: String = "Namespace";
        /// What is taken of a minute.
        statistic: String = "Statistic";
        /// The metric's dimensions.
        dimensions: Vec<Dimension> = "Dimensions";
        /// Seconds of a point.
        period: i64 = "Period";
        /// How many points it looks at.
        evaluation_periods: i64 = "EvaluationPeriods";
        /// The threshold.
        threshold: Thousandths = "Threshold";
        /// On which side of the threshold a point breaches.
        comparison_operator: String = "ComparisonOperator";
        /// When its state changed last.
        state_transitioned_timestamp: SimTime = "StateTransitionedTimestamp";
    }
    /// The alarms.
    pub struct DescribeAlarmsResponse {
        /// They.
        metric_alarms: Vec<MetricAlarm> = "MetricAlarms";
        /// Where to go on.
        next_token: Option<String> = "NextToken";
    }
}

/// Describes alarms, by name.
///
/// # Errors
/// `InvalidNextToken` for a token that no answer gave.
pub fn describe_alarms(
    cx: &Look<'_>,
    request: DescribeAlarmsRequest,
) -> Result<DescribeAlarmsResponse, ApiError> {
    let DescribeAlarmsRequest { alarm_names, alarm_name_prefix, state_value, action_prefix, .. } = request;
    let begins = |text: &str, prefix: &Option<String>| {
        prefix.as_ref().is_none_or(|prefix| text.starts_with(prefix.as_str()))
    };
    let found: Vec<&Alarm> = cx
        .state
        .cloudwatch
        .alarms
        .values()
        .filter(|alarm| alarm_names.is_empty() || alarm_names.contains(&alarm.name))
        .filter(|alarm| begins(&alarm.name, &alarm_name_prefix) && begins(&alarm.action, &action_prefix))
        .filter(|alarm| state_value.as_ref().is_none_or(|state| state == alarm.state.word()))
        .collect();
    let size = request.max_records.filter(|size| (1..=100).contains(size));
    let token = request.next_token.as_deref();
    let (page, next_token) = paging::page(found, size, token, 50)
        .map_err(|refusal| ApiError { code: "InvalidNextToken", ..refusal })?;
    Ok(DescribeAlarmsResponse { metric_alarms: page.into_iter().map(answer).collect(), next_token })
}

fn answer(alarm: &Alarm) -> MetricAlarm {
    let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    let dimension = |(name, value): &(&'static str, String)| Dimension {
        name: (*name).to_string(),
        value: value.clone(),
    };
    MetricAlarm {
        alarm_name: alarm.name.clone(),
        alarm_arn: alarm.arn(),
        alarm_description: alarm.description(),
        alarm_configuration_updated_timestamp: alarm.made_at,
        actions_enabled: true,
        ok_actions: Vec::new(),
        alarm_actions: vec![alarm.action.clone()],
        insufficient_data_actions: Vec::new(),
        state_value: alarm.state.word().to_string(),
        state_reason: alarm.reason.clone(),
        state_updated_timestamp: alarm.since,
        metric_name: alarm.metric.name.to_string(),
        namespace: alarm.metric.namespace.to_string(),
        statistic: "Average".to_string(),
        dimensions: alarm.metric.dimensions.iter().map(dimension).collect(),
        period: number(PERIOD),
        evaluation_periods: number(alarm.minutes),
        threshold: Thousandths(number(alarm.threshold.0 / 1000)),
        comparison_operator: alarm.breach.word().to_string(),
        state_transitioned_timestamp: alarm.since,
    }
}
