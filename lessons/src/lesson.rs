//! Lessons as data: what is read from a lesson's folder and shipped to the browser.

use crate::goal::Goal;
use crate::item::Item;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A lesson: its steps over a starting world, its drills and its quiz.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its name in addresses: `what-ecs-is-for`.
    pub id: String,
    /// Its place in the course, counted from 1.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// What a learner can do afterwards.
    pub goal: String,
    /// How long it takes.
    pub minutes: u32,
    /// The lessons to take before, by id.
    pub needs: Vec<String>,
    /// The statements that it teaches.
    pub statements: Vec<String>,
    /// The wrong ideas that it breaks.
    pub misconceptions: Vec<String>,
    /// The world it starts in and its steps.
    pub play: Play,
    /// The drills at its end, each a world of its own.
    pub drills: Vec<Drill>,
    /// The questions at its end.
    pub quiz: Vec<Item>,
    /// The texts by anchor.
    pub texts: BTreeMap<String, Text>,
}

/// A starting world, and what to reach in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Play {
    /// The script that makes the starting world.
    pub start: String,
    /// What to reach.
    pub steps: Vec<Step>,
}

/// An incident in a world of its own, without guidance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drill {
    /// Its name in the lesson.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The anchor of its text.
    pub text: String,
    /// Its world; one step.
    pub play: Play,
    /// The questions that belong to it.
    pub questions: Vec<Item>,
}

/// Something to reach, with its texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its name in the lesson: `by-hand`.
    pub id: String,
    /// The anchor of its text.
    pub text: String,
    /// The anchor of what is told once it is met.
    pub why: Option<String>,
    /// The anchors of its hints, from a glance to the idea.
    pub hints: Vec<String>,
    /// The lines that solve it, from where the step before ended: the last hint.
    pub commands: Vec<String>,
    /// What must be true.
    pub goal: Goal,
    /// The question to answer before.
    pub prediction: Option<Item>,
    /// What is said about wrong moves.
    pub feedback: Vec<Feedback>,
    /// The statements that it shows.
    pub statements: Vec<String>,
    /// The rules of the engine that it shows.
    pub rules: Vec<String>,
    /// Whether the lesson counts as done without it.
    pub optional: bool,
}

/// What is said when a learner takes a wrong turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// The anchor of its text.
    pub text: String,
    /// When it is said, while the step is not met.
    pub when: Goal,
    /// Whether the way back is to start again.
    pub reset: bool,
    /// The script that takes this turn, in the lesson's folder.
    pub wrong: Option<String>,
}

/// A text under its anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// Its heading; may be empty.
    pub title: String,
    /// What it says, as HTML.
    pub html: String,
    /// The statements whose paragraphs stand in it.
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

    /// The letters of every question's key, by question: predictions, the drills', the quiz.
    pub fn keys(&self) -> BTreeMap<String, String> {
        drydock::order::map(self.items().filter_map(|item| Some((item.id.clone(), item.key()?.key.clone()))))
    }

    /// Every question: predictions, the drills', the quiz.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.play
            .steps
            .iter()
            .filter_map(|step| step.prediction.as_ref())
            .chain(self.drills.iter().flat_map(|drill| &drill.questions))
            .chain(&self.quiz)
    }
}
