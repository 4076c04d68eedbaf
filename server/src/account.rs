//! The account's number as clients see it; the engine always simulates the same one.

use drydock::arn::ACCOUNT;
use serde_json::Value;

/// Swaps the engine's account and the one that was chosen, wherever either stands as a whole number.
///
/// Going in and coming out are the same swap, so that a client reads back what it wrote.
#[derive(Debug, Clone, Default)]
pub struct Account(Option<String>);

impl Account {
    /// The account of this number; `None` is the engine's own.
    pub fn new(number: Option<String>) -> Account {
        Account(number.filter(|number| number != ACCOUNT))
    }

    /// Swaps in every text of a document.
    pub fn swap(&self, value: Value) -> Value {
        match &self.0 {
            None => value,
            Some(own) => swap(own, value),
        }
    }

    /// Swaps in one text.
    pub fn swap_text(&self, text: String) -> String {
        match &self.0 {
            None => text,
            Some(own) => swap_text(own, &text),
        }
    }
}

fn swap(own: &str, value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(swap_text(own, &text)),
        Value::Array(items) => items.into_iter().map(|item| swap(own, item)).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(name, value)| (swap_text(own, &name), swap(own, value))).collect()
        }
        other => other,
    }
}

fn swap_text(own: &str, text: &str) -> String {
    let mut swapped = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|sign: char| sign.is_ascii_digit()).len();
        let (number, behind) = rest.split_at(digits);
        swapped.push_str(match number {
            number if number == own => ACCOUNT,
            ACCOUNT => own,
            number => number,
        });
        let words = behind.find(|sign: char| sign.is_ascii_digit()).unwrap_or(behind.len());
        let (words, next) = behind.split_at(words);
        swapped.push_str(words);
        rest = next;
    }
    swapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_swapped_both_ways() {
        let own = "000000000000";
        let rows = [
            ("arn:aws:ecs:us-east-1:111122223333:cluster/a", "arn:aws:ecs:us-east-1:000000000000:cluster/a"),
            (
                "111122223333.dkr.ecr.us-east-1.amazonaws.com/web:1",
                "000000000000.dkr.ecr.us-east-1.amazonaws.com/web:1",
            ),
            ("1111222233334", "1111222233334"),
            ("", ""),
            ("é1", "é1"),
        ];
        for (inside, outside) in rows {
            assert_eq!(swap_text(own, inside), outside);
            assert_eq!(swap_text(own, outside), inside);
        }
    }
}
