//! Questions: predictions before a step, and the quiz at the end, with keys that can be proved.

use crate::goal::Goal;
use serde::{Deserialize, Serialize};

/// A question with its options; exactly one is right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Item {
    /// What `drydock answer` calls it, unique in the course: `l1-q3`.
    pub id: String,
    /// Where it is asked.
    pub asked: Asked,
    /// The step that it belongs to, for a prediction and for a drill's question.
    pub step: Option<String>,
    /// The question, as Markdown; as HTML once the lesson is loaded.
    pub stem: String,
    /// What can be answered, in the order in which it is shown.
    #[serde(rename = "option")]
    pub options: Vec<Choice>,
    /// The statements that it asks about.
    #[serde(default)]
    pub statements: Vec<String>,
    /// The rules of the engine that its explanation rests on.
    #[serde(default)]
    pub rules: Vec<String>,
    /// What someone who answers it can do.
    pub objective: String,
    /// How the key is proved.
    pub proof: Proof,
}

/// Where a question is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// Before its step; the answer is shown once the step is met.
    Prediction,
    /// At the end of the lesson.
    Quiz,
    /// In the drill.
    Drill,
}

/// One of the options of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Choice {
    /// Its letter.
    pub key: String,
    /// What it says, as Markdown; as HTML once the lesson is loaded.
    pub says: String,
    /// Why it is right or wrong, as Markdown; as HTML once the lesson is loaded.
    pub why: String,
    /// Whether it is the key.
    #[serde(default)]
    pub right: bool,
    /// The wrong idea behind it, in a few words; the key has none.
    pub misconception: Option<String>,
    /// What it asserts about the run of the proof: met for the key, not met for the others.
    pub claim: Option<Goal>,
    /// The run in which this option's action was taken, when options are actions.
    pub play: Option<String>,
}

/// How a key is proved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Proof {
    /// By playing `proof/<play>.script` and looking at what each option claims.
    Run {
        /// The run; absent when each option has its own.
        play: Option<String>,
        /// What every option's run is measured against, when options are actions.
        claim: Option<Goal>,
    },
    /// By a page or text that says so.
    Citation(String),
}

impl Item {
    /// The option that is right.
    pub fn key(&self) -> Option<&Choice> {
        self.options.iter().find(|option| option.right)
    }
}
