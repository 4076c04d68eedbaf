//! Lessons as data: what is read from a lesson's folder and shipped to the browser.

use crate::goal::Goal;
use crate::item::Item;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A lesson: its steps over a starting world, its drill and its questions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Lesson {
    /// What the lesson is, as `lesson.toml` says.
    #[serde(flatten)]
    pub head: Head,
    /// The world it starts in, its steps, and its solution.
    pub play: Play,
    /// The drill at its end, another world.
    pub drill: Option<Play>,
    /// Its questions: predictions, the quiz, and those of the drill.
    pub items: Vec<Item>,
    /// The texts by anchor.
    pub texts: BTreeMap<String, Text>,
}

/// What a lesson is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Head {
    /// Its name in addresses: `what-ecs-is-for`.
    pub slug: String,
    /// Its place in the course, counted from 1.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// What a learner can do afterwards.
    pub goal: String,
    /// How long it takes.
    pub minutes: u32,
    /// The lessons to take before, by slug.
    pub prerequisites: Vec<String>,
    /// The statements that it teaches.
    pub statements: Vec<String>,
}

/// A starting world, what to reach in it, and one way to reach it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Play {
    /// The script that makes the starting world.
    pub start: String,
    /// What to reach.
    pub steps: Vec<Step>,
    /// A script that reaches it, from the start on, with its steps marked.
    pub solution: String,
}

/// Something to reach, with its texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Step {
    /// Its name in the lesson: `step-1`.
    pub id: String,
    /// The anchor of its text; its id when absent.
    #[serde(default)]
    pub text: String,
    /// The anchor of what is told once it is met; the id and `-why` when absent.
    #[serde(default)]
    pub why: String,
    /// The anchors of its hints, from a glance to the idea; the solution's commands follow by themselves.
    #[serde(default)]
    pub hints: Vec<String>,
    /// What must be true.
    pub goal: Goal,
    /// The question to answer before, by id.
    pub prediction: Option<String>,
    /// What is said about wrong moves.
    #[serde(default)]
    pub feedback: Vec<Feedback>,
    /// The rules of the engine that it shows.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Whether the lesson counts as done without it.
    #[serde(default)]
    pub optional: bool,
}

/// What is said when a learner takes a wrong turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Feedback {
    /// The anchor of its text.
    pub text: String,
    /// When it is said, while the step is not met.
    pub when: Goal,
    /// Whether the way back is to start again.
    #[serde(default)]
    pub reset: bool,
}

/// A text under its anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Text {
    /// Its heading; may be empty.
    pub title: String,
    /// What it says, as HTML.
    pub html: String,
    /// The statements that stand in it.
    pub statements: Vec<String>,
}

impl Lesson {
    /// The lesson as the browser fetches it.
    ///
    /// # Errors
    /// None for a lesson that was loaded; serde's own words otherwise.
    pub fn to_json(&self) -> Result<String, String> {
        serde_json::to_string(self).map_err(|error| format!("the lesson could not be written: {error}"))
    }

    /// Reads what [`Lesson::to_json`] wrote.
    ///
    /// # Errors
    /// Line, column and what is wrong there.
    pub fn from_json(text: &str) -> Result<Lesson, String> {
        serde_json::from_str(text).map_err(|error| format!("this is not a lesson of this version: {error}"))
    }
}
