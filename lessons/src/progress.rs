//! What a learner has done in a lesson, as data to be saved.

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a learner has done in a lesson; steps and answers are derived from the run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Progress {
    /// The lesson's slug.
    pub lesson: String,
    /// The steps that were met, each with the millisecond of the run at which it was met first.
    pub met: BTreeMap<String, u64>,
    /// The answers, by question.
    pub answers: BTreeMap<String, String>,
    /// How many hints of each step were opened.
    pub hints: BTreeMap<String, usize>,
    /// Steps that were met in an earlier run of this lesson and stay so after a reset.
    pub earlier: BTreeSet<String>,
}
