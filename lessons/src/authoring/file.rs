//! `lesson.toml`, as it is written.

use crate::goal::Goal;
use crate::item::Reveal;
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct LessonFile {
    pub id: String,
    pub number: u32,
    pub title: String,
    pub goal: String,
    pub minutes: u32,
    pub needs: Vec<String>,
    pub statements: Vec<String>,
    pub misconceptions: Vec<String>,
    pub step: Vec<Spanned<StepFile>>,
    #[serde(default)]
    pub refutation: Vec<Spanned<RefutationFile>>,
    #[serde(default)]
    pub drill: Vec<Spanned<DrillFile>>,
    #[serde(default)]
    pub quiz: Vec<Spanned<QuizFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct StepFile {
    pub id: String,
    pub text: String,
    pub why: Option<String>,
    #[serde(default)]
    pub statements: Vec<String>,
    #[serde(default)]
    pub rules: Vec<String>,
    pub hints: HintsFile,
    pub goal: Vec<Goal>,
    #[serde(default)]
    pub optional: bool,
    pub prediction: Option<Spanned<QuestionFile>>,
    #[serde(default)]
    pub feedback: Vec<Spanned<FeedbackFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct HintsFile {
    pub look: String,
    pub idea: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct FeedbackFile {
    pub text: String,
    pub wrong: Option<String>,
    #[serde(default)]
    pub reset: bool,
    pub when: Vec<Goal>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct QuestionFile {
    pub id: String,
    pub ask: String,
    pub answer: String,
    pub shows: Option<Reveal>,
    pub options: Vec<AnswerFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct AnswerFile {
    pub text: String,
    pub why: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct RefutationFile {
    pub statement: String,
    pub citation: Option<String>,
    pub step: Option<String>,
    pub run: Option<String>,
    pub shows: Option<Vec<Goal>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct DrillFile {
    pub id: String,
    pub title: String,
    pub text: String,
    pub start: String,
    pub solution: String,
    pub why: Option<String>,
    pub hints: Option<HintsFile>,
    #[serde(default)]
    pub goal: Vec<Goal>,
    #[serde(default)]
    pub never: Vec<Goal>,
    #[serde(default)]
    pub question: Vec<Spanned<QuestionFile>>,
    #[serde(default)]
    pub feedback: Vec<Spanned<FeedbackFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct QuizFile {
    pub id: String,
    pub statements: Vec<String>,
    pub objective: String,
    pub level: String,
    pub stem: String,
    pub run: Option<String>,
    pub shows: Option<Goal>,
    pub citation: Option<String>,
    pub option: Vec<OptionFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct OptionFile {
    pub text: String,
    pub why: String,
    #[serde(default)]
    pub correct: bool,
    pub misconception: Option<String>,
    pub rule: Option<String>,
    pub refutes: Option<String>,
    pub shows: Option<Goal>,
    pub citation: Option<String>,
    pub run: Option<String>,
}
