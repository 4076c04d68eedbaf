//! Proof 10: the key of each question is true, and every other option is false; and how notes are refuted.

use super::Prover;
use super::plays::{Playing, first_line};
use crate::authoring::{RefutedBy, scripts};
use crate::goal::Goal;
use crate::goal::compare::plain;
use crate::item::Item;
use crate::judge::Judge;
use crate::lesson::Step;
use drydock::run::Run;

const FILE: &str = "lesson.toml";

impl Prover<'_> {
    /// Proves every question of the quiz, and every refutation that has a run.
    pub(super) fn questions(&mut self) {
        let folder = self.folder;
        let Some(base) = self.start(&folder.play) else { return };
        for item in folder.lesson.items() {
            self.form(item);
        }
        for item in &folder.lesson.quiz {
            if item.citation.is_none() {
                self.item(&base, item);
            }
        }
        for refutation in &folder.refutations {
            if let RefutedBy::Run(lines, shows) = &refutation.by {
                let commands: Vec<&str> = lines.commands();
                let (met, reason) = self.claim(&base, &[], &commands, shows);
                if !met {
                    let message =
                        format!("{} is not refuted by {}. {reason}", refutation.statement, lines.file);
                    self.fail(8, FILE, refutation.line, message);
                }
            }
        }
    }

    /// What every question must have.
    fn form(&mut self, item: &Item) {
        let line = self.place("item", &item.id);
        let mut wrong = |message: &str| self.fail_of(10, &item.id, FILE, line, message);
        if item.options.len() < 2 {
            wrong("a question needs at least two options");
        }
        if item.options.iter().filter(|option| option.right).count() != 1 {
            wrong("exactly one option is right");
        }
        if item.options.iter().any(|option| option.why.is_empty() || option.text.is_empty()) {
            wrong("every option needs its text and its own `why`");
        }
        if item.objective.is_some() {
            let named = |option: &crate::item::Choice| option.misconception.is_some();
            if item.options.iter().any(|option| !option.right && !named(option)) {
                wrong("every option but the key needs the misconception it stands for");
            }
        }
    }

    /// Plays a question's run, then each option's, and looks at what the option claims.
    fn item(&mut self, base: &Run, item: &Item) {
        let line = self.place("item", &item.id);
        let common = self.commands(item, item.run.as_deref());
        for option in &item.options {
            let Some(claim) = option.shows.as_ref().or(item.shows.as_ref()) else {
                if option.citation.is_none() {
                    let message = format!(
                        "nothing decides about option {}; add `shows`, or a `citation` where nothing can be run",
                        option.key
                    );
                    self.fail_of(10, &item.id, FILE, line, message);
                }
                continue;
            };
            let own = self.commands(item, option.run.as_deref());
            let common: Vec<&str> = common.iter().map(String::as_str).collect();
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            let (met, reason) = self.claim(base, &common, &own, claim);
            if met != option.right {
                let what = if option.right { "the key is not true" } else { "this wrong option is true" };
                let message = format!("option {}: {what}. {reason}", option.key);
                self.fail_of(10, &item.id, FILE, line, message);
            }
        }
    }

    fn commands(&mut self, item: &Item, run: Option<&str>) -> Vec<String> {
        let line = self.place("item", &item.id);
        let source = self.folder.files.get(FILE).map_or("", String::as_str);
        // The run stands somewhere behind its question; its first line tells where.
        let offset = run
            .and_then(|run| run.lines().find(|line| !line.trim().is_empty()))
            .and_then(|first| {
                source.lines().skip(line as usize).position(|known| known.trim() == first.trim())
            })
            .map_or(line, |at| line + u32::try_from(at).unwrap_or(0));
        match scripts::read(&self.folder.name, FILE, run.unwrap_or_default(), offset) {
            Ok(lines) => lines.lines.into_iter().map(|line| line.command).collect(),
            Err(problem) => {
                self.report.problems.push(problem.proof(10).of(&item.id));
                Vec::new()
            }
        }
    }

    /// Whether this is met at the end of a run, and why.
    fn claim(&mut self, base: &Run, common: &[&str], own: &[&str], claim: &Goal) -> (bool, String) {
        self.report.runs += 1;
        let mut run = base.clone();
        let mut complaints = String::new();
        for command in common.iter().chain(own) {
            let entered = run.enter(command);
            if matches!(entered.exit_code, 2 | 252) {
                complaints.push_str(&format!(
                    " The line `{command}` is not understood: {}",
                    first_line(entered.stderr.trim())
                ));
            }
        }
        let mut judge = Judge::over(base.clone(), vec![claim.clone()], self.folder.lesson.keys());
        judge.catch_up(&run);
        let verdict = judge.verdicts().into_iter().next();
        match verdict {
            Some(verdict) => {
                (verdict.met && complaints.is_empty(), format!("{}{complaints}", verdict.reason))
            }
            None => (false, complaints),
        }
    }

    /// A prediction's key begins with what is found once the step is met, and no other option does.
    pub(super) fn revealed(&mut self, playing: &Playing<'_>, step: &Step, file: &str, line: u32) {
        let Some(item) = &step.prediction else { return };
        let Some(reveal) = &item.reveals else { return };
        let found = match playing.judge.moment().find(&reveal.state) {
            Ok(found) => plain(&found),
            Err(complaint) => {
                self.fail_of(10, &item.id, FILE, self.place("item", &item.id), complaint);
                return;
            }
        };
        for option in &item.options {
            // `3` must not be found in `30`.
            let begins = option
                .text
                .strip_prefix(&found)
                .is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()));
            if begins != option.right {
                let what =
                    if option.right { "the key does not begin with" } else { "this option begins with" };
                let message = format!("option {}: {what} what is found, {found} ({file}:{line})", option.key);
                self.fail_of(10, &item.id, FILE, self.place("item", &item.id), message);
            }
        }
    }
}
