//! What could stand at the cursor: commands, options, values and the names of living resources.

mod inside;
mod living;

use super::names::kebab;
use super::options::{CliOption, GLOBAL, Takes, Target, options};
use super::wait::waiters_of;
use super::{help, operation, operations_of, services};
use crate::operation::Operation;
use crate::order;
use crate::shape::{Field, Type};
use crate::state::State;
use inside::{Part, inside, last_name};
use std::collections::{BTreeMap, BTreeSet};

/// What could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Completion {
    /// Where the text that a candidate replaces begins, as a byte of the line.
    pub start: usize,
    /// What could stand there, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// Something that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The text.
    pub text: String,
    /// What it is, in a few words.
    pub help: String,
}

fn candidate(text: impl Into<String>, help: impl Into<String>) -> Candidate {
    Candidate { text: text.into(), help: help.into() }
}

/// What could stand at the cursor, a byte of the line.
pub fn complete(
    line: &str,
    cursor: usize,
    state: &State,
    documents: &BTreeMap<String, String>,
) -> Completion {
    let mut cursor = cursor.min(line.len());
    while !line.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let (words, start) = split(&line[..cursor]);
    let typed = line[start..cursor].trim_start_matches(['\'', '"']);
    let start = cursor - typed.len();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let world = World { state, documents };
    // `as NAME` says who gives the command.
    let words = if let ["as", _, rest @ ..] = words.as_slice() { rest } else { &words };
    let (start, mut candidates) = match words {
        [] => (start, programs()),
        ["drydock", rest @ ..] => world.drydock(rest, typed, start),
        ["aws", rest @ ..] | rest => world.aws(rest, typed, start),
    };
    let typed = &line[start..cursor];
    let mut seen = BTreeSet::new();
    candidates.retain(|candidate| {
        candidate.text.starts_with(typed) && candidate.text != typed && seen.insert(candidate.text.clone())
    });
    Completion { start, candidates }
}

/// Leaves out of a list's candidates what is in the list already; behind a whole name the list goes on.
fn further(values: &mut Vec<Candidate>, typed: &str, offset: usize, brackets: bool) {
    let (before, name) = typed.split_at(offset);
    let list = before.rsplit('[').next().unwrap_or(before);
    values.retain(|candidate| list.split(',').all(|other| other != candidate.text));
    if brackets && values.iter().any(|candidate| candidate.text == name) {
        values.insert(0, candidate(format!("{name},"), "and one more"));
        values.push(candidate(format!("{name}]"), "the end of the list"));
    }
}

fn programs() -> Vec<Candidate> {
    let mut programs = vec![candidate("aws", "the AWS CLI"), candidate("drydock", help::about("drydock"))];
    programs.extend(services().map(|service| candidate(service, help::about(service))));
    programs
}

/// The whole words before the cursor, and where the word at the cursor begins.
///
/// What stands in `$( )` is a line of its own.
fn split(line: &str) -> (Vec<String>, usize) {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut start = None;
    let mut quote = None;
    let mut letters = line.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                start.get_or_insert(at);
            }
            (None | Some('"'), '$') if letters.peek().is_some_and(|(_, next)| *next == '(') => {
                let inside = at + 2;
                let (inner, begin) = split(&line[inside..]);
                return (inner, inside + begin);
            }
            (None, letter) if letter.is_whitespace() => {
                if start.take().is_some() {
                    words.push(std::mem::take(&mut word));
                }
            }
            (_, letter) => {
                word.push(letter);
                start.get_or_insert(at);
            }
        }
    }
    (words, start.unwrap_or(line.len()))
}

/// What candidates are taken from.
struct World<'a> {
    state: &'a State,
    documents: &'a BTreeMap<String, String>,
}

impl World<'_> {
    fn aws(&self, words: &[&str], typed: &str, start: usize) -> (usize, Vec<Candidate>) {
        match words {
            [] => {
                let mut all: Vec<_> =
                    services().map(|service| candidate(service, help::about(service))).collect();
                all.push(candidate("help", "what there is"));
                (start, all)
            }
            [service] => {
                let mut all: Vec<_> = operations_of(service)
                    .map(|operation| candidate(kebab(operation.name), operation.doc.trim()))
                    .collect();
                if waiters_of(service).next().is_some() {
                    all.push(candidate("wait", "waits until something is so"));
                }
                all.push(candidate("help", "what there is"));
                (start, all)
            }
            [service, "wait"] => {
                (start, waiters_of(service).map(|waiter| candidate(waiter.name, waiter.doc)).collect())
            }
            [service, "wait", name, rest @ ..] => {
                match waiters_of(service).find(|waiter| waiter.name == *name).and_then(|waiter| waiter.asks())
                {
                    Some(operation) => self.operation(operation, rest, typed, start),
                    None => (start, Vec::new()),
                }
            }
            [service, name, rest @ ..] => match operation(service, name) {
                Some(operation) => self.operation(operation, rest, typed, start),
                None => (start, Vec::new()),
            },
        }
    }

    fn drydock(&self, words: &[&str], typed: &str, start: usize) -> (usize, Vec<Candidate>) {
        for length in (1..=words.len().min(3)).rev() {
            if let Some(operation) = operation("drydock", &words[..length].join("-")) {
                return self.operation(operation, &words[length..], typed, start);
            }
        }
        let mut all: Vec<Candidate> = Vec::new();
        for operation in operations_of("drydock") {
            let name = kebab(operation.name);
            let parts: Vec<&str> = name.split('-').collect();
            if parts.len() > words.len() && parts[..words.len()] == *words {
                let next = parts[words.len()];
                if all.iter().all(|candidate| candidate.text != next) {
                    all.push(candidate(next, operation.doc.trim()));
                }
            }
        }
        if words.is_empty() {
            all.push(candidate("wait", "lets simulated time pass"));
            all.push(candidate("help", "what there is"));
        }
        if words == ["wait"] {
            all.extend(["30s", "1m", "5m", "1h"].map(|span| candidate(span, "of simulated time")));
        }
        (start, all)
    }

    fn operation(
        &self,
        operation: &Operation,
        words: &[&str],
        typed: &str,
        start: usize,
    ) -> (usize, Vec<Candidate>) {
        let options = options(operation);
        let named = |word: &str| {
            let name = word.strip_prefix("--")?;
            options.iter().find(|option| !option.positional && option.name == name)
        };
        // The option whose value the cursor may stand in: only words that are no options follow it.
        let last = words.iter().rposition(|word| word.starts_with("--"));
        let global = last
            .and_then(|at| GLOBAL.iter().find(|option| words[at].strip_prefix("--") == Some(option.name)));
        let behind = last.map_or(0, |at| words.len() - at - 1);
        if let Some(global) = global.filter(|global| global.takes_value && behind == 0) {
            let values =
                global.values.iter().map(|value| candidate(*value, format!("for --{}", global.name)));
            return (start, values.collect());
        }
        let cluster = words
            .iter()
            .position(|word| *word == "--cluster")
            .and_then(|at| words.get(at + 1))
            .map(|word| word.rsplit('/').next().unwrap_or(word));
        let option = last.and_then(|at| named(words[at]));
        let open = option.filter(|option| match option.takes {
            Takes::One => behind == 0,
            Takes::Many => true,
            _ => false,
        });
        let mut found = Vec::new();
        let mut start_of_value = start;
        if let Some(option) = open
            && !typed.starts_with("--")
        {
            let (at, values) = self.values(option, typed, start, cluster);
            if option.takes == Takes::One || behind == 0 || at != start {
                return (at, values);
            }
            (start_of_value, found) = (at, values);
        }
        if open.is_none() && !typed.starts_with('-') {
            let mut placed = words.iter().enumerate().filter(|(at, word)| {
                !word.starts_with("--")
                    && !at.checked_sub(1).is_some_and(|before| {
                        named(words[before]).is_some_and(|option| !matches!(option.takes, Takes::Nothing(_)))
                    })
            });
            let filled = placed.by_ref().count();
            if let Some(option) = options.iter().filter(|option| option.positional).nth(filled) {
                found.extend(self.values(option, typed, start, cluster).1);
            }
        }
        let mut offered: Vec<&CliOption> = options
            .iter()
            .filter(|option| {
                !option.positional && !words.iter().any(|word| word.strip_prefix("--") == Some(&option.name))
            })
            .collect();
        order::sort_by_key(&mut offered, |option| !option.required);
        found.extend(offered.into_iter().map(|option| {
            let needed = if option.required { "required: " } else { "" };
            candidate(format!("--{}", option.name), format!("{needed}{}", option.doc))
        }));
        if words.is_empty() {
            found.push(candidate("help", "what it does and takes"));
        }
        if typed.starts_with("--") {
            found.extend(
                GLOBAL
                    .iter()
                    .filter(|option| option.changes_something)
                    .map(|option| candidate(format!("--{}", option.name), option.doc)),
            );
        }
        (start_of_value, found)
    }

    /// What the value of an option could be; inside shorthand, what its innermost part could be.
    fn values(
        &self,
        option: &CliOption,
        typed: &str,
        start: usize,
        cluster: Option<&str>,
    ) -> (usize, Vec<Candidate>) {
        let mut values = Vec::new();
        let mut at = start;
        match option.target {
            Target::Field(field) => match inside(field, typed) {
                Some((Part::Key(shape), offset)) => {
                    at = start + offset;
                    values.extend(
                        shape
                            .fields
                            .iter()
                            .map(|field| candidate(format!("{}=", field.name), field.doc.trim())),
                    );
                }
                Some((Part::Value(field, listed), offset)) => {
                    // Some texts are lists as well: names with commas between them.
                    let names = field.names.is_some() && matches!(field.ty, Type::String);
                    let text = names && offset == 0 && typed.contains(',');
                    let offset = if text { last_name(typed) } else { offset };
                    at = start + offset;
                    values = self.of_field(field, &typed[offset..], cluster);
                    if listed || text {
                        further(&mut values, typed, offset, listed);
                    }
                }
                None => {}
            },
            Target::InputJson => {}
            _ => return (start, values),
        }
        if at == start && (matches!(option.target, Target::InputJson) || typed.starts_with('f')) {
            let documents = self.documents.keys();
            values.extend(documents.map(|name| candidate(format!("file://{name}"), "a document of yours")));
        }
        (at, values)
    }

    fn of_field(&self, field: &Field, typed: &str, cluster: Option<&str>) -> Vec<Candidate> {
        let mut values: Vec<Candidate> =
            field.values.iter().map(|value| candidate(*value, format!("for {}", field.name))).collect();
        if let Some(kind) = field.names {
            values.extend(living::living(self.state, kind, typed.starts_with("arn:"), cluster));
        }
        values
    }
}
