//! What a learner has done in a lesson, as data to be saved.

use crate::judge::StepVerdict;
use drydock::run::Run;
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

impl Progress {
    /// Nothing done yet in this lesson.
    pub fn new(lesson: &str) -> Progress {
        Progress { lesson: lesson.to_string(), ..Progress::default() }
    }

    /// Takes over what the run shows: the steps that are met in it, and its answers.
    pub fn update(&mut self, steps: &[StepVerdict], run: &Run) {
        self.met = steps.iter().filter_map(|step| Some((step.step.clone(), step.met_at?.0))).collect();
        self.answers.extend(
            run.sim().state().answers.iter().map(|(question, answer)| (question.clone(), answer.clone())),
        );
    }

    /// Keeps what was reached when the learner starts the lesson again.
    pub fn start_again(&mut self) {
        self.earlier.extend(std::mem::take(&mut self.met).into_keys());
    }

    /// Whether a step was met, now or in an earlier run.
    pub fn is_met(&self, step: &str) -> bool {
        self.met.contains_key(step) || self.earlier.contains(step)
    }
}
