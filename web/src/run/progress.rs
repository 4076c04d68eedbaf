//! How far a learner is with one lesson. It only ever grows, so two tabs cannot undo each other.
use std::collections::{BTreeMap, BTreeSet};

use drydock::order;
use serde_json::{Map, Value, json};

/// The form that this program writes.
const FORM: u64 = 1;

/// What was reached in one lesson.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Progress {
    /// The ids of the steps that were met at some time.
    pub met: BTreeSet<String>,
    /// What was predicted, by step.
    pub predicted: BTreeMap<String, String>,
    /// Which rung of the hint ladder was opened, by step.
    pub hints: BTreeMap<String, u64>,
    /// Which options were chosen, by question.
    pub chosen: BTreeMap<String, BTreeSet<String>>,
    /// The questions answered rightly at the first try.
    pub first_try: BTreeSet<String>,
}

impl Progress {
    /// Takes in what another tab or a file knows; nothing that was reached is lost.
    pub fn merge(&mut self, other: &Progress) {
        self.met.extend(other.met.iter().cloned());
        self.first_try.extend(other.first_try.iter().cloned());
        for (step, choice) in &other.predicted {
            self.predicted.entry(step.clone()).or_insert_with(|| choice.clone());
        }
        for (step, rung) in &other.hints {
            let known = self.hints.entry(step.clone()).or_default();
            *known = (*known).max(*rung);
        }
        for (question, options) in &other.chosen {
            self.chosen.entry(question.clone()).or_default().extend(options.iter().cloned());
        }
    }

    /// As it is kept.
    pub fn write(&self) -> String {
        let chosen: Map<String, Value> =
            self.chosen.iter().map(|(question, options)| (question.clone(), json!(options))).collect();
        json!({
            "form": FORM,
            "met": self.met,
            "predicted": self.predicted,
            "hints": self.hints,
            "chosen": chosen,
            "firstTry": self.first_try,
        })
        .to_string()
    }

    /// From what was kept; parts that cannot be read are left out.
    pub fn read(text: &str) -> Option<Progress> {
        let value: Value = serde_json::from_str(text).ok()?;
        if value.get("form").and_then(Value::as_u64)? > FORM {
            return None;
        }
        Some(Progress {
            met: texts(value.get("met")),
            predicted: pairs(value.get("predicted"), |value| value.as_str().map(str::to_string)),
            hints: pairs(value.get("hints"), Value::as_u64),
            chosen: pairs(value.get("chosen"), |value| Some(texts(Some(value)))),
            first_try: texts(value.get("firstTry")),
        })
    }
}

fn texts(value: Option<&Value>) -> BTreeSet<String> {
    let items = value.and_then(Value::as_array).into_iter().flatten();
    order::set(items.filter_map(|item| item.as_str().map(str::to_string)))
}

fn pairs<T>(value: Option<&Value>, read: impl Fn(&Value) -> Option<T>) -> BTreeMap<String, T> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    order::map(members.filter_map(|(name, value)| Some((name.clone(), read(value)?))))
}

#[cfg(test)]
mod tests {
    use super::Progress;

    fn some(step: &str, rung: u64) -> Progress {
        let mut progress = Progress::default();
        progress.met.insert(step.to_string());
        progress.predicted.insert("p".to_string(), step.to_string());
        progress.hints.insert("h".to_string(), rung);
        progress.chosen.entry("q1".to_string()).or_default().insert(step.to_string());
        progress.first_try.insert(step.to_string());
        progress
    }

    #[test]
    fn it_survives_being_kept() {
        let progress = some("step-1", 2);
        assert_eq!(Progress::read(&progress.write()), Some(progress));
    }

    #[test]
    fn merging_loses_nothing_and_ends_the_same_twice() {
        let (mut one, two) = (some("step-1", 3), some("step-2", 1));
        one.merge(&two);
        assert_eq!(one.met.len(), 2);
        assert_eq!(one.hints["h"], 3);
        assert_eq!(one.predicted["p"], "step-1");
        assert_eq!(one.chosen["q1"].len(), 2);
        let once = one.clone();
        one.merge(&two);
        assert_eq!(one, once);
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        assert_eq!(Progress::read("{"), None);
        assert_eq!(Progress::read("[]"), None);
        assert_eq!(Progress::read(r#"{"form":2}"#), None);
        assert_eq!(Progress::read(r#"{"form":1,"met":7}"#), Some(Progress::default()));
    }
}
