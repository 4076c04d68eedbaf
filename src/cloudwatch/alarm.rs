//! Alarms: a threshold on a metric, and whom they call.

use crate::arn::{ACCOUNT, REGION};
use crate::cloudwatch::judge::{AlarmState, LOOK_BACK, Missing, judge};
use crate::cloudwatch::metric::{Level, MINUTE, Metric, Point};
use crate::cloudwatch::{minute, rules};
use crate::operation::{Cx, subject};
use crate::time::SimTime;
use crate::timeline::{Kind, Outcome, RecordId, RecordKind, Verdict};

/// On which side of the threshold a point breaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Breach {
    Above,
    Below,
}

impl Breach {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Breach::Above => "GreaterThanThreshold",
            Breach::Below => "LessThanThreshold",
        }
    }

    /// Whether a point breaches.
    pub fn holds(self, level: Level, threshold: Level) -> bool {
        match self {
            Breach::Above => level > threshold,
            Breach::Below => level < threshold,
        }
    }

    fn says(self) -> &'static str {
        match self {
            Breach::Above => "greater than",
            Breach::Below => "less than",
        }
    }
}

/// An alarm of a scaling policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// Its name.
    pub name: String,
    /// What it watches.
    pub metric: Metric,
    /// Which points breach.
    pub breach: Breach,
    /// The threshold.
    pub threshold: Level,
    /// So many minutes in a row must breach.
    pub minutes: u64,
    /// The ARN of the policy that it calls.
    pub action: String,
    /// Where it stands.
    pub state: AlarmState,
    /// Why, in CloudWatch's words.
    pub reason: String,
    /// Since when.
    pub since: SimTime,
    /// When it was made.
    pub made_at: SimTime,
    /// The record of its last change.
    pub record: Option<RecordId>,
}

impl Alarm {
    /// Its ARN.
    pub fn arn(&self) -> String {
        format!("arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{}", self.name)
    }

    /// What AWS writes into the description of the alarms that scaling policies make.
    pub fn description(&self) -> String {
        format!("DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {}.", self.action)
    }
}

/// Makes an alarm; it has no data yet (CW-50).
pub(crate) fn make(cx: &mut Cx<'_>, mut alarm: Alarm) {
    let text = format!(
        "INSUFFICIENT_DATA: made; {} of {} minutes must be {} {}",
        alarm.minutes,
        alarm.minutes,
        alarm.breach.says(),
        alarm.threshold
    );
    let about = subject(Kind::Alarm, &alarm.name);
    alarm.record = Some(cx.record(RecordKind::Change, about, text, rules::STATES));
    cx.state.cloudwatch.alarms.insert(alarm.name.clone(), alarm);
    minute::watch(cx);
}

/// Removes an alarm; without alarms nothing is measured any more.
pub(crate) fn remove(cx: &mut Cx<'_>, name: &str) {
    if let Some(alarm) = cx.state.cloudwatch.alarms.remove(name) {
        cx.record(RecordKind::Change, subject(Kind::Alarm, name), "deleted", rules::STATES);
        let watched = &mut cx.state.cloudwatch;
        if !watched.alarms.values().any(|other| other.metric == alarm.metric) {
            watched.metrics.remove(&alarm.metric);
        }
        if watched.alarms.is_empty() {
            watched.meters.clear();
            watched.minute_ends = None;
        }
    }
}

/// Looks at what an alarm can see now, and puts a change of its state on the timeline. Answers the point that
/// it acts on, while it is in ALARM (CW-54).
pub(crate) fn evaluate(cx: &mut Cx<'_>, name: &str) -> Option<Point> {
    let now = cx.clock;
    let watched = &cx.state.cloudwatch;
    let alarm = watched.alarms.get(name)?;
    let (breach, threshold, before) = (alarm.breach, alarm.threshold, alarm.state);
    let series = watched.metrics.get(&alarm.metric);
    let seen = series.map(|series| series.seen(now, alarm.minutes + LOOK_BACK)).unwrap_or_default();
    let breaches: Vec<Option<bool>> =
        seen.iter().map(|(_, point)| point.map(|point| breach.holds(point.level, threshold))).collect();
    let minutes = usize::try_from(alarm.minutes).unwrap_or(usize::MAX);
    let state = judge(&breaches, minutes, minutes, Missing::Missing, before);
    let newest = seen.iter().rev().find_map(|(_, point)| *point);
    if state != before {
        change(cx, name, state, &seen);
    }
    newest.filter(|_| state == AlarmState::Alarm)
}

/// How many points a change of state tells of.
const POINTS_TOLD: usize = 15;

fn change(cx: &mut Cx<'_>, name: &str, state: AlarmState, seen: &[(SimTime, Option<Point>)]) {
    let now = cx.clock;
    let Some(alarm) = cx.state.cloudwatch.alarms.get(name) else { return };
    let minutes = usize::try_from(alarm.minutes).unwrap_or(usize::MAX);
    let real: Vec<(SimTime, Point)> =
        seen.iter().filter_map(|(minute, point)| point.map(|point| (*minute, point))).collect();
    let told = &real[real.len().saturating_sub(minutes.min(POINTS_TOLD))..];
    let breaches = |point: &Point| alarm.breach.holds(point.level, alarm.threshold);
    let reason = reason(alarm, state, told);
    let about = subject(Kind::Alarm, name);
    let verdicts = told.iter().map(|(minute, point)| {
        let side = if breaches(point) { "" } else { "not " };
        Verdict {
            candidate: about.clone(),
            outcome: if breaches(point) { Outcome::Passed } else { Outcome::Removed },
            reason: format!(
                "minute {}: {} is {side}{} {}",
                minute.clock(),
                point.level,
                alarm.breach.says(),
                alarm.threshold
            ),
            rule: if alarm.metric.namespace == "AWS/EC2" { rules::INSTANCE_POINTS } else { rules::POINTS },
        }
    });
    let verdicts: Vec<Verdict> = verdicts.collect();
    let cause = told.last().and_then(|(_, point)| point.why).or(alarm.record);
    let before = std::mem::replace(&mut cx.cause, cause);
    let record = cx.record_decision(
        RecordKind::Decision,
        about,
        format!("{}: {reason}", state.word()),
        rules::STATES,
        verdicts,
    );
    cx.cause = before;
    if let Some(alarm) = cx.state.cloudwatch.alarms.get_mut(name) {
        alarm.state = state;
        alarm.reason = reason;
        alarm.since = now;
        alarm.record = Some(record);
    }
}

/// Why an alarm changes its state, in CloudWatch's words.
fn reason(alarm: &Alarm, state: AlarmState, told: &[(SimTime, Point)]) -> String {
    if state == AlarmState::InsufficientData {
        return "Insufficient Data: no datapoints were received.".to_string();
    }
    let falls_short = told.iter().all(|(_, point)| alarm.breach.holds(point.level, alarm.threshold));
    if state == AlarmState::Ok && falls_short {
        return format!("{} of the {} datapoints that ALARM needs are there.", told.len(), alarm.minutes);
    }
    let breaching = told.iter().filter(|(_, point)| alarm.breach.holds(point.level, alarm.threshold)).count();
    let (count, not) = match state {
        AlarmState::Alarm => (breaching, ""),
        _ => (told.len() - breaching, "not "),
    };
    let levels: Vec<String> = told
        .iter()
        .rev()
        .map(|(minute, point)| {
            let iso = minute.iso();
            let part = |range: std::ops::Range<usize>| iso.get(range).unwrap_or_default().to_string();
            let (year, month, day, time) = (part(2..4), part(5..7), part(8..10), part(11..19));
            format!("{} ({day}/{month}/{year} {time})", point.level)
        })
        .collect();
    let verb = if count == 1 { "was" } else { "were" };
    let (needed, s) = match state {
        AlarmState::Alarm => (alarm.minutes, if alarm.minutes == 1 { "" } else { "s" }),
        _ => (1, ""),
    };
    let way = match state {
        AlarmState::Alarm => "OK -> ALARM",
        _ => "ALARM -> OK",
    };
    format!(
        "Threshold Crossed: {count} out of the last {} datapoints [{}] {verb} {not}{} the threshold ({}) (minimum {needed} datapoint{s} for {way} transition).",
        told.len(),
        levels.join(", "),
        alarm.breach.says(),
        alarm.threshold
    )
}

/// The span of the points that alarms look at, in seconds.
pub const PERIOD: u64 = MINUTE.as_secs();
