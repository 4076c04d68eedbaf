//! Proof 9: changes of the solution that goals must tell apart, and one that they must not.

use super::Prover;
use super::plays::first_line;
use crate::authoring::PlayScripts;
use crate::lesson::Play;
use drydock::run::Run;
use std::collections::BTreeSet;

/// The flags that give a thing its name.
const NAMING: &[&str] = &["--cluster-name", "--service-name", "--family"];
/// The flags that speak of a named thing.
const NAMED: &[&str] =
    &["--cluster-name", "--cluster", "--clusters", "--service-name", "--service", "--services", "--family"];
/// The flags that say how many.
const COUNTS: &[&str] = &["--desired-count", "--count"];
/// A task definition that nobody asked for.
const ONE_MORE: &str = "aws ecs register-task-definition --family spare --container-definitions \
    '[{\"name\":\"spare\",\"image\":\"shop/web:1\",\"memory\":128}]'";

impl Prover<'_> {
    /// Plays changed solutions.
    pub(super) fn mutants(&mut self, base: &Run, play: &Play, scripts: &PlayScripts) {
        let solution = &scripts.solution;
        let commands = solution.commands();
        if self.played(base, play, &commands).unmet().is_some() {
            // Proof 1 has already said so.
            return;
        }
        let one_more: Vec<&str> = std::iter::once(ONE_MORE).chain(commands.iter().copied()).collect();
        if let Some((step, verdict)) = self.played(base, play, &one_more).unmet() {
            let line = self.place("step", &step.id);
            let message = format!("one resource more, a task definition, breaks it. {}", verdict.now.reason);
            self.fail_of(9, &step.id, "lesson.toml", line, message);
        }
        let mut mutants: Vec<(String, u32, Vec<String>)> = Vec::new();
        for name in named(&commands) {
            let renamed = commands.iter().map(|command| rename(command, &name)).collect();
            let line = solution.lines.iter().find(|line| rename(&line.command, &name) != line.command);
            mutants.push((format!("rename {name}"), line.map_or(0, |line| line.number), renamed));
        }
        for (at, line) in solution.lines.iter().enumerate() {
            for (flag, count, changed) in recounts(&line.command) {
                let mut lines: Vec<String> = commands.iter().map(|command| command.to_string()).collect();
                lines[at] = changed;
                mutants.push((format!("count {flag} {count}"), line.number, lines));
            }
        }
        // Answers may come in any order.
        let ordered = commands.iter().filter(|command| !command.starts_with("drydock answer ")).count();
        if ordered > 1 {
            let reversed = commands.iter().rev().map(|command| command.to_string()).collect();
            let first = solution.lines.first().map_or(0, |line| line.number);
            mutants.push(("reversed".to_string(), first, reversed));
        }
        for (what, line, commands) in mutants {
            if solution.tolerates.contains(&what) {
                continue;
            }
            let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
            if self.played(base, play, &commands).unmet().is_none() {
                let shown = solution.lines.iter().find(|known| known.number == line);
                let shown = shown.map_or("", |line| first_line(&line.command));
                let message = format!(
                    "the goals do not notice `{what}`; check more, or write `# tolerates: {what}`: {shown}"
                );
                self.fail(9, &solution.file, line, message);
            }
        }
    }
}

/// The names that the lines give.
fn named(commands: &[&str]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().collect();
        for pair in words.windows(2) {
            if NAMING.contains(&pair[0]) && is_plain(pair[1]) && command.contains(" create-") {
                names.insert(pair[1].to_string());
            }
        }
    }
    names
}

/// The line with this name changed wherever a flag speaks of it.
fn rename(command: &str, name: &str) -> String {
    let mut out = String::new();
    let mut flag = "";
    for word in command.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if NAMED.contains(&flag) && bare == name {
            out.push_str(&word.replacen(name, &format!("{name}-other"), 1));
        } else {
            out.push_str(word);
        }
        if !bare.is_empty() {
            flag = bare;
        }
    }
    out
}

/// The line with each of its counts changed by one, down where there is something left.
fn recounts(command: &str) -> Vec<(&'static str, u64, String)> {
    let words: Vec<&str> = command.split_whitespace().collect();
    let mut changed = Vec::new();
    for pair in words.windows(2) {
        let flag = COUNTS.iter().find(|flag| **flag == pair[0]);
        let (Some(flag), Ok(count)) = (flag, pair[1].parse::<u64>()) else { continue };
        let other = if count > 1 { count - 1 } else { count + 1 };
        let line = command.replacen(&format!("{flag} {count}"), &format!("{flag} {other}"), 1);
        changed.push((*flag, count, line));
    }
    changed
}

fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
