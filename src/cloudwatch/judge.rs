//! What an alarm makes of its points, those that are missing included.

/// Where an alarm stands (CW-50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum AlarmState {
    Ok,
    Alarm,
    InsufficientData,
}

impl AlarmState {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            AlarmState::Ok => "OK",
            AlarmState::Alarm => "ALARM",
            AlarmState::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// What missing points count as (CW-60).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Missing {
    Missing,
    Ignore,
    Breaching,
    NotBreaching,
}

/// More points than these are looked at than are needed (CW-61).
pub const LOOK_BACK: u64 = 2;

/// The state that follows from the points of the evaluation range, oldest first: `true` breaches, `None` is
/// missing. Of the `last` points `needed` must breach (CW-51, CW-62, CW-63).
pub fn judge(
    points: &[Option<bool>],
    needed: usize,
    last: usize,
    missing: Missing,
    before: AlarmState,
) -> AlarmState {
    let real: Vec<bool> = points.iter().flatten().copied().collect();
    let decide = |breaching: usize| if breaching >= needed { AlarmState::Alarm } else { AlarmState::Ok };
    let breaching = |points: &[bool]| points.iter().filter(|breaches| **breaches).count();
    if real.len() >= last {
        return decide(breaching(&real[real.len() - last..]));
    }
    // A breach that is old enough, with nothing but breaches or silence since, is enough.
    let oldest = points.iter().position(Option::is_some);
    let early =
        real.iter().all(|breaches| *breaches) && oldest.is_some_and(|oldest| points.len() - oldest >= needed);
    let filled = last - real.len();
    match missing {
        Missing::Missing if real.is_empty() => AlarmState::InsufficientData,
        Missing::Missing if early => AlarmState::Alarm,
        Missing::Ignore if real.is_empty() || early => before,
        Missing::Missing | Missing::Ignore | Missing::NotBreaching => decide(breaching(&real)),
        Missing::Breaching => decide(breaching(&real) + filled),
    }
}
