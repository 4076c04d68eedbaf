//! Where a chart's line and thresholds stand. No browser is needed to know that.
use drydock::SimTime;
use drydock::cloudwatch::metric::{Level, MINUTE};

use super::watched::Watched;

/// The chart's width in its own units.
pub const WIDTH: u64 = 396;
/// The chart's height in its own units.
pub const HEIGHT: u64 = 150;
/// Where the plot begins.
pub const LEFT: u64 = 34;
/// Where the plot ends; the names of the lines stand behind it.
pub const RIGHT: u64 = 330;
/// The height of zero.
pub const BASE: u64 = 126;
const TOP: u64 = 14;

/// The chart, ready to be put on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The outline of the values, minute by minute.
    pub line: String,
    /// The same down to zero.
    pub area: String,
    /// The thresholds, highest first.
    pub thresholds: Vec<Threshold>,
    /// Where now is.
    pub now: u64,
    /// The largest value of the scale, in percent.
    pub top: u64,
    /// Where time begins.
    pub from: SimTime,
    /// Where it ends.
    pub to: SimTime,
}

/// A threshold across the plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// Its height.
    pub y: u64,
    /// Its figure.
    pub text: String,
}

/// Draws a metric.
pub fn draw(watched: &Watched) -> Drawn {
    let levels = watched.points.iter().map(|point| point.level).chain(watched.thresholds.iter().copied());
    let top = levels.map(percent).max().unwrap_or(0).max(100).div_ceil(50) * 50;
    let (from, to) = (watched.from(), watched.now);
    let length = to.0.saturating_sub(from.0).max(1);
    let across = |at: u64| LEFT + (RIGHT - LEFT) * (at.clamp(from.0, to.0) - from.0) / length;
    let height = |level: Level| BASE - (BASE - TOP) * percent(level).min(top) / top;
    let (mut line, mut area) = (String::new(), String::new());
    let mut end = None;
    for point in &watched.points {
        let (x, until, y) = (across(point.at.0), across(point.at.0 + MINUTE.0), height(point.level));
        let joined = end == Some(x) && !line.is_empty();
        line.push_str(&if joined { format!("L{x} {y}H{until}") } else { format!("M{x} {y}H{until}") });
        area.push_str(&format!("M{x} {BASE}V{y}H{until}V{BASE}Z"));
        end = Some(until);
    }
    let mut thresholds: Vec<Threshold> = watched
        .thresholds
        .iter()
        .map(|level| Threshold { y: height(*level), text: format!("{level} %") })
        .collect();
    drydock::order::sort_by_key(&mut thresholds, |threshold| threshold.y);
    Drawn { line, area, thresholds, now: across(to.0), top, from, to }
}

fn percent(level: Level) -> u64 {
    level.0 / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::super::watched::Minute;
    use super::*;

    fn watched(levels: &[u64]) -> Watched {
        let minute = |(index, level): (usize, &u64)| Minute {
            at: SimTime(index as u64 * MINUTE.0),
            level: Level::percent(*level),
            needed: *level / 100,
            there: 1,
        };
        Watched {
            title: "CapacityProviderReservation".to_string(),
            is_reservation: true,
            columns: ["M needed", "N there"],
            points: levels.iter().enumerate().map(minute).collect(),
            alarms: Vec::new(),
            thresholds: vec![Level::percent(100)],
            now: SimTime(levels.len() as u64 * MINUTE.0),
        }
    }

    #[test]
    fn the_line_goes_minute_by_minute_and_the_scale_holds_all_of_it() {
        let drawn = draw(&watched(&[100, 300]));
        assert_eq!(drawn.top, 300);
        assert_eq!(drawn.line, format!("M{LEFT} 89H182L182 {TOP}H{RIGHT}"));
        assert_eq!(drawn.thresholds, [Threshold { y: 89, text: "100.0 %".to_string() }]);
        assert_eq!(drawn.now, RIGHT);
    }

    #[test]
    fn a_metric_without_points_is_an_empty_chart() {
        let none = watched(&[]);
        assert_eq!(draw(&none).line, "");
        assert_eq!(none.sentence(), "No minute has been measured yet.");
    }

    #[test]
    fn the_sentence_gives_both_counts() {
        assert_eq!(watched(&[300]).sentence(), "M \u{f7} N \u{d7} 100: 3 needed \u{f7} 1 there = 300.0 %.");
    }
}
