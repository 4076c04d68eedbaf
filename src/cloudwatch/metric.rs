//! Metrics: values by namespace, name and dimensions, a point a minute.

use crate::time::{SimDuration, SimTime};
use crate::timeline::RecordId;
use std::collections::BTreeMap;
use std::fmt;

/// The span of a point.
pub const MINUTE: SimDuration = SimDuration::secs(60);
/// A point can be seen so long after the end of its minute (LAT-09).
pub const VISIBLE_AFTER: SimDuration = SimDuration::secs(60);
/// Points are kept so long, for whoever looks back.
const KEPT: SimDuration = SimDuration::secs(3 * 3600);

/// What a metric is called: another set of dimensions is another metric (CW-01).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Metric {
    /// The namespace, such as `AWS/EC2`.
    pub namespace: &'static str,
    /// The name, such as `CPUUtilization`.
    pub name: &'static str,
    /// Names and values of its dimensions.
    pub dimensions: Vec<(&'static str, String)>,
}

/// A value of a metric in percent, in millionths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Level(pub u64);

impl Level {
    /// A whole number of percent.
    pub const fn percent(percent: u64) -> Level {
        Level(percent.saturating_mul(1_000_000))
    }

    /// A part of a whole, rounded down; nothing where there is no whole.
    pub fn part(part: u64, whole: u64) -> Option<Level> {
        let level = u128::from(part).saturating_mul(100_000_000).checked_div(u128::from(whole))?;
        Some(Level(u64::try_from(level).unwrap_or(u64::MAX)))
    }
}

impl fmt::Display for Level {
    /// Percent with one digit behind the point, as alarms tell it: `66.6`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 1_000_000, self.0 / 100_000 % 10)
    }
}

/// The value of a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The value.
    pub level: Level,
    /// What scaling computes with: instances needed, and instances that there are.
    pub instances: (u64, u64),
    /// The record that explains the value.
    pub why: Option<RecordId>,
}

/// The points of a metric, by the minute's beginning.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    points: BTreeMap<SimTime, Point>,
}

impl Series {
    /// Adds the point of a minute, and forgets those that are too old.
    pub fn add(&mut self, minute: SimTime, point: Point) {
        self.points.insert(minute, point);
        self.points = self.points.split_off(&(minute - KEPT));
    }

    /// The newest point.
    pub fn newest(&self) -> Option<&Point> {
        self.points.last_key_value().map(|(_, point)| point)
    }

    /// Every point, by minute.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (SimTime, &Point)> {
        self.points.iter().map(|(minute, point)| (*minute, point))
    }

    /// What an alarm sees at the end of a minute of the last `count` minutes, oldest first.
    pub fn seen(&self, now: SimTime, count: u64) -> Vec<(SimTime, Option<Point>)> {
        let newest = now - VISIBLE_AFTER - MINUTE;
        let minutes = (0..count).rev().map(|back| newest - SimDuration(MINUTE.0 * back));
        minutes.map(|minute| (minute, self.points.get(&minute).copied())).collect()
    }
}
