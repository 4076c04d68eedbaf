//! Amazon CloudWatch, as far as scaling rests on it: metrics of one-minute points, and alarms on them.
//!
//! Nothing is measured while nobody watches: without an alarm there is no meter and no event.

pub mod alarm;
pub mod api;
pub mod judge;
pub mod meter;
pub mod metric;
pub mod minute;
pub mod rules;

use crate::arn::InstanceId;
use alarm::Alarm;
use meter::Meter;
use metric::{Metric, Series};
use std::collections::BTreeMap;

/// What CloudWatch keeps.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CloudWatch {
    /// Points, by metric.
    pub metrics: BTreeMap<Metric, Series>,
    /// Alarms, by name.
    pub alarms: BTreeMap<String, Alarm>,
    /// What is being measured of instances in groups that an alarm watches.
    pub meters: BTreeMap<InstanceId, Meter>,
    /// When the minute ends that is being measured; none while nobody watches.
    pub minute_ends: Option<crate::time::SimTime>,
}
