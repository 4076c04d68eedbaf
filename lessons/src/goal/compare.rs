//! Comparisons: what a find must be like, and how long.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// What a find must be like; every comparison that is there must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Compare {
    /// Equal to this.
    pub is: Option<Value>,
    /// Anything but this.
    pub is_not: Option<Value>,
    /// A string with this part, or a list with this element.
    pub has: Option<Value>,
    /// A number not smaller.
    pub at_least: Option<i64>,
    /// A number not greater.
    pub at_most: Option<i64>,
}

impl Compare {
    /// Whether it compares with nothing at all.
    pub fn is_empty(&self) -> bool {
        *self == Compare::default()
    }

    /// Whether `found` is like that.
    pub fn holds(&self, found: &Value) -> bool {
        let number = whole(found);
        self.is.as_ref().is_none_or(|wanted| same(found, wanted))
            && self.is_not.as_ref().is_none_or(|unwanted| !same(found, unwanted))
            && self.has.as_ref().is_none_or(|part| has(found, part))
            && self.at_least.is_none_or(|least| number.is_some_and(|number| number >= least))
            && self.at_most.is_none_or(|most| number.is_some_and(|number| number <= most))
    }

    /// How far a number is on its way up, as `(have, want)`.
    pub fn progress(&self, found: &Value) -> Option<(u64, u64)> {
        let want = self.at_least.or_else(|| self.is.as_ref().and_then(whole))?;
        let have = whole(found)?;
        Some((u64::try_from(have).ok()?, u64::try_from(want).ok()?))
    }
}

impl fmt::Display for Compare {
    /// `2`, `at least 1`, `at least 1 and at most 3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.is.as_ref().map(plain));
        parts.extend(self.is_not.as_ref().map(|value| format!("not {}", plain(value))));
        parts.extend(self.has.as_ref().map(|value| format!("something with “{}” in it", plain(value))));
        parts.extend(self.at_least.map(|least| format!("at least {least}")));
        parts.extend(self.at_most.map(|most| format!("at most {most}")));
        f.write_str(&parts.join(" and "))
    }
}

/// A value as a learner reads it: strings without quotes, nothing as `nothing`.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_string(),
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            if items.is_empty() { "nothing".to_string() } else { items.join(", ") }
        }
        other => other.to_string(),
    }
}

/// The whole number in a value; JMESPath counts in floating point.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.to_string().strip_suffix(".0")?.parse().ok())
}

fn same(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len() && found.iter().zip(wanted).all(|(found, wanted)| same(found, wanted))
        }
        (Value::Number(_), Value::Number(_)) => whole(found) == whole(wanted),
        _ => found == wanted,
    }
}

fn has(found: &Value, part: &Value) -> bool {
    match (found, part) {
        (Value::String(found), Value::String(part)) => found.contains(part.as_str()),
        (Value::Array(found), part) => found.iter().any(|found| same(found, part)),
        _ => false,
    }
}

/// A span of simulated time, written as `90s`, `2m` or `1h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span {
    /// Whole seconds.
    pub seconds: u64,
}

impl TryFrom<String> for Span {
    type Error = String;
    fn try_from(text: String) -> Result<Span, String> {
        let wrong = || format!("`{text}` is not a time; write `90s`, `2m` or `1h`");
        let (digits, unit) = match text.char_indices().next_back() {
            Some((at, 's')) => (&text[..at], 1),
            Some((at, 'm')) => (&text[..at], 60),
            Some((at, 'h')) => (&text[..at], 3600),
            _ => return Err(wrong()),
        };
        let number: u64 = digits.parse().map_err(|_| wrong())?;
        number.checked_mul(unit).map(|seconds| Span { seconds }).ok_or_else(wrong)
    }
}

impl From<Span> for String {
    fn from(span: Span) -> String {
        match span.seconds {
            0 => "0s".to_string(),
            seconds if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
            seconds if seconds % 60 == 0 => format!("{}m", seconds / 60),
            seconds => format!("{seconds}s"),
        }
    }
}

impl fmt::Display for Span {
    /// `90 seconds`, `1 minute`, `2 hours`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match self.seconds {
            seconds if seconds >= 3600 && seconds % 3600 == 0 => (seconds / 3600, "hour"),
            seconds if seconds >= 60 && seconds % 60 == 0 => (seconds / 60, "minute"),
            seconds => (seconds, "second"),
        };
        write!(f, "{number} {unit}{}", if number == 1 { "" } else { "s" })
    }
}
