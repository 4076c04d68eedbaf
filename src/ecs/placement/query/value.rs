//! Values of the cluster query language, and how they compare.

use std::cmp::Ordering;

/// A value that an expression gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// A text, and the number that it is, if any.
    Text(String, Option<Decimal>),
    /// A version: numbers with dots between them.
    Version(Vec<u64>),
    /// A count, or a moment in seconds since 1970.
    Number(i64),
}

/// A decimal number, exactly: units of 10 to the power of -9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i128);

/// How a value has to stand to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Order {
    /// Whether two values that compare like this stand so.
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            Order::Less => ordering == Ordering::Less,
            Order::LessOrEqual => ordering != Ordering::Greater,
            Order::Greater => ordering == Ordering::Greater,
            Order::GreaterOrEqual => ordering != Ordering::Less,
        }
    }
}

impl Literal {
    /// A text.
    pub fn text(text: String) -> Literal {
        let number = decimal(&text);
        Literal::Text(text, number)
    }

    /// A version such as `1.105.1`.
    pub fn version(text: &str) -> Option<Literal> {
        version(text).map(Literal::Version)
    }

    /// A date, or a date and a time.
    pub fn moment(text: &str) -> Option<Literal> {
        moment(text).map(Literal::Number)
    }

    /// A whole number.
    pub fn count(text: &str) -> Option<Literal> {
        text.parse().ok().map(Literal::Number)
    }

    /// Whether it is this text.
    pub fn is_text(&self, text: &str) -> bool {
        matches!(self, Literal::Text(own, _) if own == text)
    }

    /// How a text compares with it: as numbers if both are, else as texts.
    pub fn against_text(&self, text: &str) -> Ordering {
        match self {
            Literal::Text(_, Some(number)) if decimal(text).is_some() => decimal(text).cmp(&Some(*number)),
            Literal::Text(own, _) => text.cmp(own.as_str()),
            Literal::Version(_) | Literal::Number(_) => Ordering::Equal,
        }
    }

    /// How a version compares with it; a part that is left out is 0.
    pub fn against_version(&self, version: &[u64]) -> Ordering {
        let Literal::Version(own) = self else { return Ordering::Equal };
        let part = |version: &[u64], place: usize| version.get(place).copied().unwrap_or(0);
        (0..own.len().max(version.len()))
            .map(|place| part(version, place).cmp(&part(own, place)))
            .find(|ordering| *ordering != Ordering::Equal)
            .unwrap_or(Ordering::Equal)
    }

    /// How a number compares with it.
    pub fn against_number(&self, number: i64) -> Ordering {
        match self {
            Literal::Number(own) => number.cmp(own),
            Literal::Text(..) | Literal::Version(_) => Ordering::Equal,
        }
    }
}

/// The parts of a version.
pub fn version(text: &str) -> Option<Vec<u64>> {
    text.strip_prefix('v').unwrap_or(text).split('.').map(|part| part.parse().ok()).collect()
}

fn decimal(text: &str) -> Option<Decimal> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(part) || whole.len() > 18 || part.len() > 9 {
        return None;
    }
    let fraction: i128 = format!("{part:0<9}").parse().ok()?;
    Some(Decimal(sign * (whole.parse::<i128>().ok()? * 1_000_000_000 + fraction)))
}

/// Seconds since 1970 of `2026-01-05`, `2026-01-05T09:00:00`, with a fraction or a zone or without.
fn moment(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00:00"));
    let numbers = |text: &str, between: char, lengths: &[usize]| -> Option<Vec<i64>> {
        let parts: Vec<&str> = text.split(between).collect();
        let right = parts.len() == lengths.len()
            && parts.iter().zip(lengths).all(|(part, length)| {
                part.len() == *length && part.bytes().all(|byte| byte.is_ascii_digit())
            });
        right.then(|| parts.iter().filter_map(|part| part.parse().ok()).collect())
    };
    let date = numbers(date, '-', &[4, 2, 2])?;
    let &[year, month, day] = date.as_slice() else { return None };
    let (clock, zone) = match time.find(['Z', '+', '-']) {
        Some(place) => time.split_at(place),
        None => (time, "Z"),
    };
    let clock = clock.split_once('.').map_or(clock, |(clock, _)| clock);
    let clock = numbers(clock, ':', &[2, 2, 2]).or_else(|| numbers(clock, ':', &[2, 2]))?;
    let (hour, minute) = (clock.first()?, clock.get(1)?);
    let second = clock.get(2).copied().unwrap_or(0);
    let offset = match zone.split_at(1) {
        ("Z", "") => 0,
        (sign, zone) => {
            let zone = zone.replace(':', "");
            let &[zone] = numbers(&zone, ':', &[4])?.as_slice() else { return None };
            let seconds = zone / 100 * 3600 + zone % 100 * 60;
            if sign == "-" { -seconds } else { seconds }
        }
    };
    let real = (1..=12).contains(&month) && (1..=31).contains(&day) && *hour < 24 && *minute < 60;
    (real && second <= 60)
        .then(|| days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset)
}

/// Days from 1970-01-01 to this date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    // Counts from March, so that a leap day ends its year.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::{Literal, decimal, moment};
    use crate::time::SimTime;
    use std::cmp::Ordering;

    #[test]
    fn texts_that_are_numbers_compare_as_numbers() {
        let ten = Literal::Text("10".to_string(), decimal("10"));
        assert_eq!(ten.against_text("9"), Ordering::Less);
        assert_eq!(ten.against_text("t2"), Ordering::Greater);
    }

    #[test]
    fn moments_are_read_as_aws_writes_them() {
        assert_eq!(moment("1970-01-02"), Some(86_400));
        assert_eq!(moment("2018-06-18T22:28:28+00:00"), Some(1_529_360_908));
        assert_eq!(moment("2018-06-18T22:28:28Z"), moment("2018-06-18T22:28:28"));
        assert_eq!(moment("2018-06-19T00:28:28.5+02:00"), moment("2018-06-18T22:28:28"));
        let begins = moment(&SimTime(0).iso()).and_then(|seconds| u64::try_from(seconds).ok());
        assert_eq!(begins.map(|seconds| seconds * 1000), Some(SimTime(0).epoch_millis()));
        assert_eq!(moment("2018-06-19T03:58:28+05:30"), moment("2018-06-18T22:28:28"));
        assert_eq!(moment("2018-06-18T20:28:28-02:00"), moment("2018-06-18T22:28:28"));
        for wrong in [
            "",
            "2018",
            "2018-13-01",
            "18.6.2018",
            "2018-06-18T24:00:00",
            "2018-06-18T22:60:00",
            "2018-06-18T22:28:28+2",
        ] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn decimals_are_exact() {
        assert!(decimal("1.10") == decimal("1.1") && decimal("1.09") < decimal("1.1"));
        assert!(decimal("-2") < decimal("-1.5") && decimal("9") < decimal("10"));
        assert!(decimal("123456789012345678.123456789") < decimal("123456789012345679"));
        assert!(decimal("0.123456788") < decimal("0.123456789") && decimal("0.123456788").is_some());
        for wrong in ["t2", "", "1.2.3", "1.", ".5", "1.x", "x.1", "-", "1234567890123456789", "1.1234567890"]
        {
            assert!(decimal(wrong).is_none(), "{wrong}");
        }
    }
}
