//! Step scaling: which step a metric selects, and what it makes of the capacity.

use crate::cloudwatch::metric::Level;

/// How an adjustment is meant (AAS-45).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Adjustment {
    ChangeInCapacity,
    ExactCapacity,
    PercentChangeInCapacity,
}

impl Adjustment {
    /// AWS's words.
    pub const WORDS: &[&str] = &["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"];

    /// The adjustment of this word.
    pub fn from_word(word: &str) -> Option<Adjustment> {
        match word {
            "ChangeInCapacity" => Some(Adjustment::ChangeInCapacity),
            "ExactCapacity" => Some(Adjustment::ExactCapacity),
            "PercentChangeInCapacity" => Some(Adjustment::PercentChangeInCapacity),
            _ => None,
        }
    }

    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Adjustment::ChangeInCapacity => "ChangeInCapacity",
            Adjustment::ExactCapacity => "ExactCapacity",
            Adjustment::PercentChangeInCapacity => "PercentChangeInCapacity",
        }
    }
}

/// A step: an interval of distance from the threshold, in thousandths, and its adjustment (AAS-41).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Where it begins; none for no bound.
    pub lower: Option<i64>,
    /// Where it ends; none for no bound.
    pub upper: Option<i64>,
    /// The adjustment.
    pub change: i64,
}

/// What is wrong with a list of steps, in a sentence (AAS-42).
pub fn fault(steps: &[Step]) -> Option<&'static str> {
    let mut sorted: Vec<&Step> = steps.iter().collect();
    sorted.sort_by_key(|step| step.lower.unwrap_or(i64::MIN));
    let count = |open: fn(&Step) -> bool| steps.iter().filter(|step| open(step)).count();
    if steps.is_empty() || steps.len() > 20 {
        return Some("A step scaling policy has 1 to 20 step adjustments");
    }
    if steps.iter().any(|step| step.lower.is_none() && step.upper.is_none()) {
        return Some("At least one of the bounds of a step adjustment must be specified");
    }
    if count(|step| step.lower.is_none()) > 1 || count(|step| step.upper.is_none()) > 1 {
        return Some(
            "Only one step adjustment can have an unspecified lower bound, and one an unspecified upper bound",
        );
    }
    let backwards = |step: &Step| step.lower.zip(step.upper).is_some_and(|(lower, upper)| lower >= upper);
    if steps.iter().any(backwards) {
        return Some("The lower bound of a step adjustment must be less than its upper bound");
    }
    if sorted.windows(2).any(|pair| pair[0].upper != pair[1].lower) {
        return Some("Step adjustment intervals can't overlap or have a gap");
    }
    let negative = steps.iter().any(|step| step.lower.is_some_and(|lower| lower < 0));
    if negative && count(|step| step.lower.is_none()) == 0 {
        return Some("With a negative lower bound, one step adjustment must have an unspecified lower bound");
    }
    let positive = steps.iter().any(|step| step.upper.is_some_and(|upper| upper > 0));
    if positive && count(|step| step.upper.is_none()) == 0 {
        return Some("With a positive upper bound, one step adjustment must have an unspecified upper bound");
    }
    None
}

/// The step that a distance from the threshold, in thousandths, selects (AAS-41, AAS-43).
pub fn select(steps: &[Step], distance: i64) -> Option<&Step> {
    // Above the threshold the lower bound belongs to a step, below it the upper one.
    let above = |step: &&Step| {
        step.lower.is_none_or(|lower| lower <= distance) && step.upper.is_none_or(|upper| distance < upper)
    };
    let below = |step: &&Step| {
        step.lower.is_none_or(|lower| lower < distance) && step.upper.is_none_or(|upper| distance <= upper)
    };
    if distance < 0 {
        return steps.iter().find(below);
    }
    let outwards = steps.iter().find(above);
    outwards.or_else(|| steps.iter().find(below).filter(|_| distance == 0))
}

/// The distance of a metric from a threshold, in thousandths.
pub fn distance(level: Level, threshold: Level) -> i64 {
    let thousandths = |level: Level| i64::try_from(level.0 / 1000).unwrap_or(i64::MAX);
    thousandths(level).saturating_sub(thousandths(threshold))
}

/// The capacity after an adjustment (AAS-45 to AAS-47).
pub fn adjusted(capacity: u64, adjustment: Adjustment, change: i64, magnitude: Option<u64>) -> u64 {
    let by = |delta: i64| capacity.saturating_add_signed(delta);
    match adjustment {
        Adjustment::ChangeInCapacity => by(change),
        Adjustment::ExactCapacity => u64::try_from(change).unwrap_or(0),
        Adjustment::PercentChangeInCapacity => {
            let percent = i64::try_from(capacity).unwrap_or(i64::MAX).saturating_mul(change);
            // Towards zero, but a fraction of one is a whole one.
            let delta = if percent == 0 || percent.abs() >= 100 { percent / 100 } else { percent.signum() };
            let least = i64::try_from(magnitude.unwrap_or(0)).unwrap_or(i64::MAX);
            by(if delta != 0 && delta.abs() < least { least.saturating_mul(delta.signum()) } else { delta })
        }
    }
}
