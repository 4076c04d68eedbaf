//! Waiting longer and longer when tasks end before they run (SVC-19, SVC-20); a task that ran and then
//! ended is not held against the service (SVC-21).

use crate::time::{SimDuration, SimTime};

/// So many failures in a row make the scheduler wait.
const PATIENCE: u64 = 3;
/// The longest wait.
const LONGEST: u64 = 1620;

/// What the scheduler remembers of tasks that ended before they were RUNNING.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Throttle {
    failures: u64,
    fresh: bool,
    waits: u32,
    until: Option<SimTime>,
    told: bool,
}

/// What the throttle makes the scheduler do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// It may start tasks.
    Go,
    /// It waits until then; the first wait is told in an event.
    Wait {
        /// Until when.
        until: SimTime,
        /// Whether the event is due.
        tell: bool,
    },
}

impl Throttle {
    /// A task ended before it was RUNNING.
    pub fn failed(&mut self) {
        self.failures += 1;
        self.fresh = true;
    }

    /// A task reached RUNNING, or there is a new deployment: all is forgotten.
    pub fn reset(&mut self) {
        *self = Throttle::default();
    }

    /// Whether it made the scheduler wait since it was last reset.
    pub fn has_waited(&self) -> bool {
        self.waits > 0
    }

    /// Whether the scheduler may start tasks now.
    pub fn pace(&mut self, now: SimTime) -> Pace {
        if self.fresh && self.failures >= PATIENCE {
            self.fresh = false;
            self.until = Some(now + wait(self.waits));
            self.waits += 1;
        }
        match self.until.filter(|until| now < *until) {
            None => Pace::Go,
            Some(until) => Pace::Wait { until, tell: !std::mem::replace(&mut self.told, true) },
        }
    }
}

/// The n-th wait: 10 s doubled each time, at most 27 minutes.
pub fn wait(waits: u32) -> SimDuration {
    SimDuration::secs(2_u64.saturating_pow(waits).saturating_mul(10).min(LONGEST))
}
