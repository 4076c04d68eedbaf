//! Questions: predictions before a step, those of a drill, and the quiz, with keys that can be proved.

use crate::goal::Goal;
use serde::{Deserialize, Serialize};

/// A question with its options; exactly one is right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// What `drydock answer` calls it, unique in the lesson: `q3`.
    pub id: String,
    /// The question, as HTML.
    pub stem: String,
    /// What can be answered, in the order in which it is shown.
    pub options: Vec<Choice>,
    /// The statements that it asks about.
    pub statements: Vec<String>,
    /// What someone who answers it can do; predictions and drills have none.
    pub objective: Option<String>,
    /// How deep it asks: remember, understand, apply, analyze, evaluate.
    pub level: Option<String>,
    /// The lines that are played, from the lesson's start on, before the options are looked at.
    pub run: Option<String>,
    /// What only the key's run shows, when options are actions.
    pub shows: Option<Goal>,
    /// What the key's text must begin with: the find at the moment when the prediction's step is met.
    pub reveals: Option<Reveal>,
    /// The page that proves the key, where nothing can be run.
    pub citation: Option<String>,
}

/// What a prediction is about: a JMESPath expression over the world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// The expression.
    pub state: String,
}

/// One of the options of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Its letter, from its place: `a`, `b`, …
    pub key: String,
    /// What it says, as HTML.
    pub text: String,
    /// Why it is right or wrong, as HTML.
    pub why: String,
    /// Whether it is the key.
    pub right: bool,
    /// The wrong idea behind it, in a few words; the key has none.
    pub misconception: Option<String>,
    /// The rule of the engine that its explanation rests on.
    pub rule: Option<String>,
    /// The statement that is this option, where the option is false.
    pub refutes: Option<String>,
    /// What it asserts about its run: met for the key, not met for the others.
    pub shows: Option<Goal>,
    /// The page that decides about this option, where nothing can be run.
    pub citation: Option<String>,
    /// The lines of this option's action; they follow those of the question.
    pub run: Option<String>,
}

impl Item {
    /// The option that is right.
    pub fn key(&self) -> Option<&Choice> {
        self.options.iter().find(|option| option.right)
    }

    /// The option with this letter.
    pub fn option(&self, key: &str) -> Option<&Choice> {
        self.options.iter().find(|option| option.key == key)
    }
}
