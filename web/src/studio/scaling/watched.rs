//! What the alarms of a group watch, in the engine's terms.
use drydock::cloudwatch::alarm::{Alarm, Breach};
use drydock::cloudwatch::metric::{Level, MINUTE, Metric};
use drydock::{Sim, SimDuration, SimTime};

/// How far back a chart looks.
const SHOWN: SimDuration = SimDuration::secs(30 * 60);

/// A metric, its points and who watches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// AWS's name for the metric, with what it is of.
    pub title: String,
    /// Whether it measures how much of a capacity provider is needed.
    pub is_reservation: bool,
    /// What its two counts are called.
    pub columns: [&'static str; 2],
    /// Its points, oldest first.
    pub points: Vec<Minute>,
    /// The alarms on it.
    pub alarms: Vec<Call>,
    /// The thresholds, without repetition.
    pub thresholds: Vec<Level>,
    /// The moment that is shown.
    pub now: SimTime,
}

/// The point of a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minute {
    /// When the minute began.
    pub at: SimTime,
    /// The value.
    pub level: Level,
    /// Instances that scaling says are needed.
    pub needed: u64,
    /// Instances that there are.
    pub there: u64,
}

/// An alarm and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// AWS's word for its state.
    pub state: &'static str,
    /// When it calls, in words.
    pub words: String,
    /// Since when it stands so.
    pub since: SimTime,
}

/// Every metric that the alarms of a group watch.
pub fn watched(sim: &Sim, group: &str) -> Vec<Watched> {
    let watching = &sim.state().cloudwatch;
    let calls = format!("autoScalingGroupName/{group}:");
    let own: Vec<&Alarm> = watching.alarms.values().filter(|alarm| alarm.action.contains(&calls)).collect();
    let mut metrics: Vec<&Metric> = Vec::new();
    for alarm in &own {
        if !metrics.contains(&&alarm.metric) {
            metrics.push(&alarm.metric);
        }
    }
    let told = metrics.into_iter().map(|metric| {
        let alarms: Vec<&Alarm> = own.iter().copied().filter(|alarm| alarm.metric == *metric).collect();
        let mut thresholds: Vec<Level> = Vec::new();
        for alarm in &alarms {
            if !thresholds.contains(&alarm.threshold) {
                thresholds.push(alarm.threshold);
            }
        }
        let from = SimTime(sim.clock().0.saturating_sub(SHOWN.0));
        let series = watching.metrics.get(metric).into_iter().flat_map(|series| series.iter());
        let points = series.filter(|(at, _)| *at >= from).map(|(at, point)| {
            let (needed, there) = point.instances;
            Minute { at, level: point.level, needed, there }
        });
        let is_reservation = metric.name == "CapacityProviderReservation";
        Watched {
            title: metric.name.to_string(),
            is_reservation,
            columns: if is_reservation { ["M needed", "N there"] } else { ["needed", "there"] },
            points: points.collect(),
            alarms: alarms.iter().map(|alarm| call(alarm)).collect(),
            thresholds,
            now: sim.clock(),
        }
    });
    told.collect()
}

fn call(alarm: &Alarm) -> Call {
    let side = match alarm.breach {
        Breach::Above => "scales out above",
        Breach::Below => "scales in below",
    };
    let minutes =
        if alarm.minutes == 1 { "1 minute".to_string() } else { format!("{} minutes", alarm.minutes) };
    Call {
        state: alarm.state.word(),
        words: format!("{side} {} % for {minutes}", alarm.threshold),
        since: alarm.since,
    }
}

impl Watched {
    /// How it stands, in a sentence.
    pub fn sentence(&self) -> String {
        let Some(newest) = self.points.last() else {
            return "No minute has been measured yet.".to_string();
        };
        let Minute { level, needed, there, .. } = newest;
        if self.is_reservation && *there > 0 {
            return format!("M \u{f7} N \u{d7} 100: {needed} needed \u{f7} {there} there = {level} %.");
        }
        if self.is_reservation {
            return format!("{level} %: {needed} needed, none there.");
        }
        format!("{level} % of the CPU of {there} instances.")
    }

    /// When the chart begins.
    pub fn from(&self) -> SimTime {
        let first = self.points.first().map_or(self.now, |point| point.at);
        first.min(SimTime(self.now.0.saturating_sub(5 * MINUTE.0)))
    }
}
