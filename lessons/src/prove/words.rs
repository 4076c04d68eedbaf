//! Proofs 6 and 8: what is said agrees with what is checked, and every name resolves.

use super::{Prover, Statement};
use crate::authoring::RefutedBy;
use crate::goal::{Compare, Goal};
use crate::lesson::Step;
use crate::moment;
use serde_json::Value;
use std::collections::BTreeSet;

const FILE: &str = "lesson.toml";
const TEXT: &str = "text.en.md";

impl Prover<'_> {
    /// Checks sentences, anchors, statements and rules.
    pub(super) fn words(&mut self, statements: &[Statement]) {
        let lesson = &self.folder.lesson;
        let steps = lesson.play.steps.iter().chain(lesson.drills.iter().flat_map(|drill| &drill.play.steps));
        for step in steps {
            self.sentences(step, &step.goal);
            for feedback in &step.feedback {
                self.sentences(step, &feedback.when);
            }
            for rule in &step.rules {
                self.rule(&step.id, self.place("step", &step.id), rule);
            }
        }
        for item in lesson.items() {
            let line = self.place("item", &item.id);
            for goal in
                item.shows.iter().chain(item.options.iter().filter_map(|option| option.shows.as_ref()))
            {
                self.expressions(&item.id, line, goal);
            }
            for rule in item.options.iter().filter_map(|option| option.rule.as_ref()) {
                self.rule(&item.id, line, rule);
            }
        }
        self.anchors();
        self.claims(statements);
        self.refutations(statements);
        self.unique();
    }

    /// A goal's sentence names the numbers that are checked, and its expressions can be read.
    fn sentences(&mut self, step: &Step, goal: &Goal) {
        let line = self.place("step", &step.id);
        self.expressions(&step.id, line, goal);
        for node in goal.every() {
            let (says, compare) = match node {
                Goal::State(look) | Goal::Query(look) => (&look.says, &look.compare),
                Goal::Happened(happened) => (&happened.says, &happened.compare),
                Goal::Did(did) => (&did.says, &did.compare),
                _ => continue,
            };
            if says.is_empty() {
                self.fail_of(6, &step.id, FILE, line, "a goal of a step needs its sentence: says = \"…\"");
            }
            let counts_things = !matches!(node, Goal::State(_) | Goal::Query(_));
            for number in numbers(compare) {
                // That something happened at all needs no number.
                if (counts_things && number == 1 && compare.is.is_none()) || names(says, number) {
                    continue;
                }
                let message = format!("the sentence “{says}” does not name the {number} that is checked");
                self.fail_of(6, &step.id, FILE, line, message);
            }
        }
    }

    fn expressions(&mut self, step: &str, line: u32, goal: &Goal) {
        for node in goal.every() {
            let expression = match node {
                Goal::State(look) => Some(&look.find),
                Goal::Did(did) => did.with.as_ref(),
                _ => None,
            };
            if let Some(complaint) = expression.and_then(|expression| moment::check(expression).err()) {
                self.fail_of(8, step, FILE, line, format!("this expression cannot be read: {complaint}"));
            }
            if let Goal::State(look) | Goal::Query(look) = node
                && has_generated_id(&look.find)
            {
                let message =
                    format!("a goal picks by role or property, not by a generated id: {}", look.find);
                self.fail_of(8, step, FILE, line, message);
            }
            if let Goal::Happened(happened) = node
                && let Some(rule) = &happened.rule
            {
                self.rule(step, line, rule);
            }
            if let Goal::Did(did) = node {
                let known = did
                    .operation
                    .split_once(' ')
                    .is_some_and(|(service, name)| drydock::Operation::find(service, name).is_some());
                if !known {
                    let message = format!("`{}` is no operation; write it as `ecs RunTask`", did.operation);
                    self.fail_of(8, step, FILE, line, message);
                }
            }
            if let Goal::Answered { question, .. } = node
                && !self.folder.lesson.items().any(|item| item.id == *question)
            {
                self.fail_of(8, step, FILE, line, format!("there is no question {question}"));
            }
        }
    }

    fn rule(&mut self, step: &str, line: u32, id: &str) {
        if drydock::rules::find(id).is_none() {
            self.fail_of(8, step, FILE, line, format!("{id} is no rule of the engine"));
        }
    }

    /// Every anchor that is used is there, and every anchor that is there is used.
    fn anchors(&mut self) {
        let lesson = &self.folder.lesson;
        let mut used: Vec<(String, String)> =
            ["intro", "aha", "outro"].map(|anchor| (anchor.to_string(), String::new())).to_vec();
        let steps = lesson.play.steps.iter().chain(lesson.drills.iter().flat_map(|drill| &drill.play.steps));
        for step in steps {
            let own = [&step.text].into_iter().chain(&step.why).chain(&step.hints);
            let anchors = own.chain(step.feedback.iter().map(|feedback| &feedback.text));
            used.extend(anchors.map(|anchor| (anchor.clone(), step.id.clone())));
        }
        for (anchor, step) in &used {
            if !lesson.texts.contains_key(anchor) {
                let line = self.place("step", step);
                let message = format!("{TEXT} has no text under {{#{anchor}}}");
                self.fail_of(8, if step.is_empty() { anchor } else { step }, FILE, line, message);
            }
        }
        for anchor in lesson.texts.keys() {
            if !used.iter().any(|(known, _)| known == anchor) {
                let line = self.place("text", anchor);
                self.fail(8, TEXT, line, format!("nothing in {FILE} uses the text {{#{anchor}}}"));
            }
        }
    }

    /// Each statement that is claimed exists, stands in a paragraph, and in a step or a question.
    fn claims(&mut self, statements: &[Statement]) {
        let lesson = &self.folder.lesson;
        let claimed: BTreeSet<&String> = lesson.statements.iter().collect();
        let marked: BTreeSet<&String> = lesson.texts.values().flat_map(|text| &text.statements).collect();
        let in_steps = lesson.play.steps.iter().map(|step| (&step.id, "step", &step.statements));
        let in_items = lesson.items().map(|item| (&item.id, "item", &item.statements));
        let shown: Vec<(&String, &str, &Vec<String>)> = in_steps.chain(in_items).collect();
        for id in &claimed {
            if !statements.iter().any(|statement| statement.id == **id) {
                self.fail(8, FILE, 0, format!("{id} does not stand in statements.json"));
            }
            if !marked.contains(id) {
                self.fail(8, TEXT, 0, format!("no paragraph teaches {id}; mark it with `<!-- {id} -->`"));
            }
            if !shown.iter().any(|(_, _, ids)| ids.contains(id)) {
                self.fail(8, FILE, 0, format!("{id} stands in no step and in no question"));
            }
        }
        for (anchor, text) in &lesson.texts {
            for id in text.statements.iter().filter(|id| !claimed.contains(id)) {
                let line = self.place("text", anchor);
                self.fail(8, TEXT, line, format!("{id} is marked here, but {FILE} does not claim it"));
            }
        }
        for (owner, kind, ids) in shown {
            for id in ids.iter().filter(|id| !claimed.contains(id)) {
                let line = self.place(kind, owner);
                self.fail_of(
                    8,
                    owner,
                    FILE,
                    line,
                    format!("{id} stands here, but the lesson does not claim it"),
                );
            }
        }
    }

    /// A statement that is wrong or imprecise is refuted.
    fn refutations(&mut self, statements: &[Statement]) {
        let lesson = &self.folder.lesson;
        for statement in statements.iter().filter(|statement| statement.needs_refutation()) {
            if !lesson.statements.contains(&statement.id) {
                continue;
            }
            let by_option = lesson
                .quiz
                .iter()
                .flat_map(|item| &item.options)
                .any(|option| option.refutes.as_ref() == Some(&statement.id) && !option.right);
            let by_other =
                self.folder.refutations.iter().find(|refutation| refutation.statement == statement.id);
            if let Some(RefutedBy::Step(step)) = by_other.map(|refutation| &refutation.by)
                && !lesson.play.steps.iter().any(|known| known.id == *step)
            {
                let line = by_other.map_or(0, |refutation| refutation.line);
                self.fail(8, FILE, line, format!("there is no step {step}"));
            }
            if !by_option && by_other.is_none() {
                let message = format!(
                    "the note behind {} is {}, and nothing refutes it; mark an option with `refutes`, or add a [[refutation]]",
                    statement.id, statement.verdict
                );
                self.fail(8, FILE, 0, message);
            }
        }
    }

    fn unique(&mut self) {
        let mut seen = BTreeSet::new();
        let lesson = &self.folder.lesson;
        let steps = lesson.play.steps.iter().map(|step| ("step", &step.id));
        for (kind, id) in steps.chain(lesson.items().map(|item| ("item", &item.id))) {
            if !seen.insert(id) {
                let line = self.place(kind, id);
                self.fail_of(8, id, FILE, line, "this id is there twice in the lesson");
            }
        }
    }
}

/// The numbers that are compared with.
fn numbers(compare: &Compare) -> Vec<i64> {
    let is = match &compare.is {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_i64).collect(),
        Some(value) => value.as_i64().into_iter().collect(),
        None => Vec::new(),
    };
    is.into_iter().chain(compare.at_least).chain(compare.at_most).collect()
}

/// Whether a sentence names a number, in digits or as a word.
fn names(says: &str, number: i64) -> bool {
    const WORDS: &[&[&str]] = &[
        &["no", "none", "nothing", "nobody"],
        &["one", "a", "an"],
        &["two"],
        &["three"],
        &["four"],
        &["five"],
        &["six"],
    ];
    let named =
        usize::try_from(number).ok().and_then(|number| WORDS.get(number)).copied().unwrap_or_default();
    says.split(|letter: char| !letter.is_alphanumeric())
        .any(|word| word == number.to_string() || named.contains(&word.to_lowercase().as_str()))
}

/// Whether there is a run of hexadecimal digits as generated ids have them.
fn has_generated_id(expression: &str) -> bool {
    expression
        .split(|letter: char| !letter.is_ascii_hexdigit())
        .any(|run| run.len() >= 12 && run.bytes().any(|byte| byte.is_ascii_digit()))
}
