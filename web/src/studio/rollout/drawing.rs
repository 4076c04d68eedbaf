//! Where the chart's lines and areas stand. No browser is needed to know that.
use super::history::{Counts, History};
use drydock::SimTime;
use drydock::ecs::service::Bounds;

/// The chart's width in its own units.
pub const WIDTH: u64 = 396;
/// The chart's height in its own units.
pub const HEIGHT: u64 = 176;
/// Where the plot begins.
pub const LEFT: u64 = 28;
/// Where the plot ends; the names of the lines stand behind it.
pub const RIGHT: u64 = 304;
/// The plot's upper and lower edge.
const EDGES: (u64, u64) = (14, 150);
/// Names of lines keep so far apart.
const APART: u64 = 13;

/// A line across the plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its way from left to right; it steps where the bound changed.
    pub way: String,
    /// `floor`, `desired` or `ceiling`.
    pub kind: &'static str,
}

/// The name of one line or several, at its right end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its base line.
    pub y: u64,
    /// What it says.
    pub text: String,
}

/// The chart, ready to be put on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// The area of RUNNING tasks of the newest deployment, from the base on.
    pub new: String,
    /// The area of RUNNING tasks of earlier ones, on top of it.
    pub old: String,
    /// The area of pending tasks, on top of both.
    pub pending: String,
    /// Floor, wish and ceiling.
    pub lines: Vec<Line>,
    /// Their names.
    pub labels: Vec<Label>,
    /// Where now is.
    pub now: Option<u64>,
    /// The height of no tasks.
    pub base: u64,
    /// The height of the most tasks.
    pub top: u64,
    /// How many that are.
    pub most: u64,
}

/// One figure of the bounds.
type Figure = fn(&Bounds) -> u64;

/// Draws a deployment.
pub fn draw(history: &History) -> Drawn {
    let most = history.top();
    let height = |count: u64| EDGES.1 - (EDGES.1 - EDGES.0) * count.min(most) / most;
    let length = (history.to.0 - history.from.0).max(1);
    let across = |at: SimTime| {
        let gone = at.0.clamp(history.from.0, history.to.0) - history.from.0;
        LEFT + (RIGHT - LEFT) * gone / length
    };
    let end = history.now.unwrap_or(history.to);
    let area = |from: fn(Counts) -> u64, to: fn(Counts) -> u64| {
        area(history, end, across, |counts| (height(from(counts)), height(to(counts))))
    };
    let way = |of: fn(&Bounds) -> u64| {
        let mut way = String::new();
        for bounds in &history.bounds {
            let (x, y) = (across(bounds.at), height(of(bounds)));
            way.push_str(&if way.is_empty() { format!("M{x} {y}") } else { format!("H{x}V{y}") });
        }
        format!("{way}H{RIGHT}")
    };
    let bounds: [(Figure, _, _); 3] = [
        (|bounds| bounds.ceiling, "ceiling", "at most"),
        (|bounds| bounds.desired, "desired", "wanted"),
        (|bounds| bounds.floor, "floor", "at least"),
    ];
    let last = history.bound();
    Drawn {
        new: area(|_| 0, |counts| counts.new),
        old: area(|counts| counts.new, |counts| counts.new + counts.old),
        pending: area(|counts| counts.new + counts.old, Counts::total),
        lines: bounds.iter().map(|(of, kind, _)| Line { way: way(*of), kind }).collect(),
        labels: labels(bounds.map(|(of, _, word)| (of(&last), height(of(&last)), word))),
        now: history.now.map(across),
        base: EDGES.1,
        top: EDGES.0,
        most,
    }
}

/// The outline of one area: forth along its upper edge, back along its lower one.
fn area(
    history: &History,
    end: SimTime,
    across: impl Fn(SimTime) -> u64,
    edges: impl Fn(Counts) -> (u64, u64),
) -> String {
    let (mut upper, mut lower) = (String::new(), Vec::new());
    let nexts = history.steps.iter().skip(1).map(|(at, _)| *at).chain([end]);
    for ((at, counts), next) in history.steps.iter().zip(nexts) {
        let (x, until) = (across(*at), across(next));
        let (below, above) = edges(*counts);
        let word = if upper.is_empty() { 'M' } else { 'L' };
        upper.push_str(&format!("{word}{x} {above}H{until}"));
        lower.push(format!("L{until} {below}H{x}"));
    }
    lower.reverse();
    format!("{upper}{}Z", lower.concat())
}

/// The names of the lines, those of one height together, and none over another.
fn labels(bounds: [(u64, u64, &str); 3]) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    let mut before = None;
    for (count, y, word) in bounds {
        match labels.last_mut() {
            Some(last) if before == Some(count) => {
                last.text = format!("{word}, {}", last.text);
            }
            last => {
                let y = last.map_or(y + 4, |last| (y + 4).max(last.y + APART));
                labels.push(Label { y, text: format!("{word} {count}") });
            }
        }
        before = Some(count);
    }
    labels
}
