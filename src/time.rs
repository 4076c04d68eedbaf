//! The simulated clock: moments and durations in whole milliseconds.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A moment on the simulated clock, in whole milliseconds since the run began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct SimTime(pub u64);

/// A span of simulated time, in whole milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct SimDuration(pub u64);

/// Every run begins on Monday 2026-01-05 at 09:00:00 UTC, in seconds since 1970.
const RUN_BEGINS: u64 = 1_767_603_600;

impl SimDuration {
    /// A span of whole seconds; one too long for the clock is cut to its end.
    pub const fn secs(seconds: u64) -> SimDuration {
        SimDuration(seconds.saturating_mul(1000))
    }

    /// A span of whole milliseconds.
    pub const fn millis(millis: u64) -> SimDuration {
        SimDuration(millis)
    }

    /// The whole seconds in this span, rounded down.
    pub const fn as_secs(self) -> u64 {
        self.0 / 1000
    }
}

impl SimTime {
    /// The moment that ends the clock; nothing is ever booked behind it.
    pub const MAX: SimTime = SimTime(u64::MAX / 4);

    /// How long ago `earlier` was; zero when it is not earlier.
    pub fn since(self, earlier: SimTime) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }

    /// Milliseconds since 1970, as AWS's timestamps count.
    pub fn epoch_millis(self) -> u64 {
        RUN_BEGINS * 1000 + self.0
    }

    /// The moment as version 2 of the AWS CLI prints it: `2026-01-05T09:00:00.123000+00:00`.
    pub fn iso(self) -> String {
        let millis = self.epoch_millis();
        let seconds = millis / 1000;
        let (year, month, day) = civil(seconds / 86_400);
        let of_day = seconds % 86_400;
        let fraction = match millis % 1000 {
            0 => String::new(),
            rest => format!(".{rest:03}000"),
        };
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}{fraction}+00:00",
            of_day / 3600,
            of_day / 60 % 60,
            of_day % 60
        )
    }

    /// The moment that [`SimTime::iso`] printed like this.
    pub fn from_iso(text: &str) -> Option<SimTime> {
        let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u64>().ok();
        let days = days(number(0..4)?, number(5..7)?, number(8..10)?)?;
        let seconds = days * 86_400 + number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?;
        let millis = if text.get(19..20)? == "." { number(20..23)? } else { 0 };
        let moment = SimTime((seconds * 1000 + millis).checked_sub(RUN_BEGINS * 1000)?);
        (moment.iso() == text).then_some(moment)
    }

    /// The moment that somebody means: `2026-01-05`, `2026-01-05T09:00Z`, what [`SimTime::iso`] prints,
    /// or seconds since 1970. A moment before the run began is its beginning; times are UTC.
    pub fn from_text(text: &str) -> Option<SimTime> {
        let text = text.trim();
        if text.bytes().all(|letter| letter.is_ascii_digit() || letter == b'.') {
            return SimTime::from_seconds(text);
        }
        let text = text.strip_suffix("+00:00").or(text.strip_suffix('Z')).unwrap_or(text);
        let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
        let mut parts = date.split('-').map(|part| part.parse::<u64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
        let mut of_day = 0;
        for (part, size) in whole.split(':').zip([3600, 60, 1]).filter(|(part, _)| !part.is_empty()) {
            of_day +=
                part.parse::<u64>().ok().filter(|part| *part < if size == 3600 { 24 } else { 60 })? * size;
        }
        SimTime::from_seconds(&format!("{}.{fraction}", days(year, month, day)? * 86_400 + of_day))
    }

    /// The moment so many seconds after 1970, as decimal digits.
    pub fn from_seconds(text: &str) -> Option<SimTime> {
        let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
        let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
        let since_1970 = seconds.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(millis.parse().ok()?)?;
        Some(SimTime(since_1970.saturating_sub(RUN_BEGINS * 1000)).min(SimTime::MAX))
    }

    /// The time of day on the sandbox clock: `09:00:00`.
    pub fn clock(self) -> String {
        let of_day = self.epoch_millis() / 1000 % 86_400;
        format!("{:02}:{:02}:{:02}", of_day / 3600, of_day / 60 % 60, of_day % 60)
    }
}

/// The year, month and day that lie `days` days after 1970-01-01.
fn civil(days: u64) -> (u64, u64, u64) {
    // Counts from 0000-03-01, so that a leap day ends its year.
    let days = days + 719_468;
    let era = days / 146_097;
    let of_era = days % 146_097;
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    (year, month, day)
}

/// How many days after 1970-01-01 a date lies: [`civil`] backwards.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = year.checked_sub(u64::from(month <= 2))?;
    let (era, of_era) = (year / 400, year % 400);
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day.checked_sub(1)?;
    (era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year).checked_sub(719_468)
}

impl Add<SimDuration> for SimTime {
    type Output = SimTime;
    fn add(self, span: SimDuration) -> SimTime {
        SimTime(self.0.saturating_add(span.0).min(SimTime::MAX.0))
    }
}

impl AddAssign<SimDuration> for SimTime {
    fn add_assign(&mut self, span: SimDuration) {
        *self = *self + span;
    }
}

impl Add for SimDuration {
    type Output = SimDuration;
    fn add(self, other: SimDuration) -> SimDuration {
        SimDuration(self.0.saturating_add(other.0))
    }
}

impl Sub<SimDuration> for SimTime {
    type Output = SimTime;
    fn sub(self, span: SimDuration) -> SimTime {
        SimTime(self.0.saturating_sub(span.0))
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.clock())
    }
}

impl fmt::Display for SimDuration {
    /// `0:08`, `1:30`, `2:05:00`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.as_secs();
        match seconds / 3600 {
            0 => write!(f, "{}:{:02}", seconds / 60, seconds % 60),
            hours => write!(f, "{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
        }
    }
}
