//! Filters of Describe calls: a name, and the values of which one must fit.

use crate::ec2::rules;
use crate::error::ApiError;

shape! {
    /// A filter.
    pub struct Filter {
        /// What is looked at.
        name: Option<String> = "Name";
        /// The values of which one must fit; `*` and `?` stand for any text and any letter.
        values: Vec<String> = "Values";
    }
}

/// Whether every filter fits. `value` gives the values that a resource has under a filter's name, and
/// `None` for a name that there is not.
///
/// # Errors
/// `InvalidParameterValue` for a name that there is not.
pub fn fits(filters: &[Filter], value: impl Fn(&str) -> Option<Vec<String>>) -> Result<bool, ApiError> {
    for filter in filters {
        let name = filter.name.as_deref().unwrap_or_default();
        let Some(own) = value(name) else {
            let message = format!("The filter '{name}' is invalid");
            return Err(ApiError::new("InvalidParameterValue", message, rules::INSTANCE_FOUND));
        };
        if !filter.values.iter().any(|pattern| own.iter().any(|value| matches(pattern, value))) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The values that tags give to `tag:<name>` and `tag-key`.
pub fn tag(name: &str, tags: &[crate::ecs::tag::Tag]) -> Option<Vec<String>> {
    if name == "tag-key" {
        return Some(tags.iter().map(|tag| tag.key.clone()).collect());
    }
    let key = name.strip_prefix("tag:")?;
    Some(tags.iter().filter(|tag| tag.key == key).map(|tag| tag.value.clone()).collect())
}

/// Whether a text fits a pattern, in time that grows with the product of their lengths.
fn matches(pattern: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut reached = vec![true];
    reached.resize(text.len() + 1, false);
    for sign in pattern.chars() {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            let here = reached.get(at).copied().unwrap_or(false);
            if sign == '*' {
                let before = at.checked_sub(1).and_then(|before| next.get(before).copied()).unwrap_or(false);
                next[at] = here || before;
            } else if here && text.get(at).is_some_and(|letter| sign == '?' || sign == *letter) {
                next[at + 1] = true;
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_and_question_marks() {
        let rows = [
            ("m5.*", "m5.large", true),
            ("*", "", true),
            ("t3.micr?", "t3.micro", true),
            ("t3", "t3.micro", false),
            ("*a*b", "xaxxb", true),
            ("", "a", false),
        ];
        for (pattern, text, expected) in rows {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
