//! Comparisons: what a member of an answer must be like, how many, how long.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Which resources count: every path must pass its test.
///
/// A path is made of member names and dots; `[]` goes through a list, and then one element that
/// passes is enough: `containers[].exitCode`.
pub type Where = BTreeMap<String, Test>;

/// What the value at a path must be like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a value, or a table with one of: not, one-of, at-least, at-most, contains, starts-with, ends-with, exists, size"
)]
pub enum Test {
    /// A comparison by name.
    That(Comparison),
    /// Equal to this string, number or boolean.
    Is(Value),
}

/// A comparison by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Anything but this.
    Not(Value),
    /// One of these.
    OneOf(Vec<Value>),
    /// A number not smaller.
    AtLeast(i64),
    /// A number not greater.
    AtMost(i64),
    /// A string with this part, or a list with this element.
    Contains(Value),
    /// A string that begins so.
    StartsWith(String),
    /// A string that ends so.
    EndsWith(String),
    /// Whether there is a value at all.
    Exists(bool),
    /// A list of so many elements.
    Size(u64),
}

/// How many there must be; at least one when nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "a whole number, or a table with at-least, at-most or both")]
pub enum HowMany {
    /// Exactly so many.
    Exactly(u64),
    /// Not fewer and not more.
    Between(Bounds),
}

/// Not fewer and not more than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Bounds {
    /// Not fewer.
    pub at_least: Option<u64>,
    /// Not more.
    pub at_most: Option<u64>,
}

impl Default for HowMany {
    fn default() -> HowMany {
        HowMany::Between(Bounds { at_least: Some(1), at_most: None })
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
        let unit = match text.chars().last() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            _ => return Err(wrong()),
        };
        let digits = &text[..text.len() - 1];
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
