//! A run at one moment, as goals look at it.

use crate::goal::compare::plain;
use crate::goal::{Did, Happened};
use crate::view;
use drydock::cli::{self, Command, Query};
use drydock::operation::Handler;
use drydock::run::{Entered, Run};
use drydock::script::{self, Shell};
use drydock::timeline::{Record, RecordKind};
use drydock::{Principal, SimTime};
use serde_json::Value;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// A request that was made since the start.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// When.
    pub at: SimTime,
    /// The operation as AWS names it, behind its service: `ecs RunTask`.
    pub operation: String,
    /// What was asked.
    pub input: Value,
    /// The code of the refusal, if it was refused.
    pub refused: Option<String>,
}

/// A run at one moment; it asks the world only for what goals ask.
pub struct Moment<'a> {
    /// The run.
    pub run: &'a Run,
    /// How many of its records belong to the making of the starting world.
    pub first_record: usize,
    /// When the starting world was ready.
    pub start: SimTime,
    /// The requests since then.
    pub deeds: &'a [Deed],
    /// The letter of each question's key.
    pub keys: &'a BTreeMap<String, String>,
    views: OnceCell<Value>,
}

impl<'a> Moment<'a> {
    /// This run, now.
    pub fn new(
        run: &'a Run,
        first_record: usize,
        start: SimTime,
        deeds: &'a [Deed],
        keys: &'a BTreeMap<String, String>,
    ) -> Moment<'a> {
        Moment { run, first_record, start, deeds, keys, views: OnceCell::new() }
    }

    /// Now.
    pub fn now(&self) -> SimTime {
        self.run.clock()
    }

    fn views(&self) -> &Value {
        self.views.get_or_init(|| view::views(self.run.sim()))
    }

    /// What a JMESPath expression finds in the views.
    ///
    /// # Errors
    /// What is wrong with the expression.
    pub fn find(&self, expression: &str) -> Result<Value, String> {
        search(expression, self.views())
    }

    /// The conditions of what the expression's view holds, in a sentence.
    pub fn around(&self, expression: &str) -> Option<String> {
        let name: String = expression
            .trim_start_matches(['(', '['])
            .trim_start_matches("length(")
            .chars()
            .take_while(char::is_ascii_alphabetic)
            .collect();
        view::summary(self.views(), &name)
    }

    /// What a reading command prints, as a value.
    ///
    /// # Errors
    /// What the command complains about, or that it does not only read.
    pub fn ask(&self, command: &str) -> Result<Value, String> {
        let words = match script::shell(command, self.run.values())? {
            Shell::Words(words) => words,
            _ => return Err(format!("`{command}` is not a reading command")),
        };
        let request = match cli::parse(&words, self.run.documents()).map_err(|error| error.text)? {
            Command::Call(request) => request,
            _ => return Err(format!("`{command}` is not a reading command")),
        };
        let Handler::Look(look) = &request.operation.handler else {
            return Err(format!("`{command}` changes the world; a goal only looks"));
        };
        let student = Principal::student();
        let answer = request.ask(|input| self.run.sim().look(&student, |at| look(at, input)));
        let printed = request.print(&answer).map_err(|error| error.text)?;
        Ok(serde_json::from_str(printed.trim()).unwrap_or_else(|_| Value::String(printed.trim().to_string())))
    }

    /// The records since the start that are of this sort.
    pub fn happened(&self, sort: &Happened) -> impl Iterator<Item = &'a Record> {
        let records = self.run.timeline().records().get(self.first_record..).unwrap_or_default();
        records.iter().filter(move |record| {
            record.text.contains(&sort.text)
                && sort.kind.as_ref().is_none_or(|kind| kind_word(record.kind) == *kind)
                && sort
                    .about
                    .as_ref()
                    .is_none_or(|about| words(&format!("{:?}", record.subject.kind)) == *about)
                && sort.rule.as_ref().is_none_or(|id| record.rule.is_some_and(|rule| rule.id == *id))
        })
    }

    /// The requests since the start that are like this.
    pub fn did(&self, wanted: &Did) -> impl Iterator<Item = &'a Deed> {
        self.deeds.iter().filter(move |deed| {
            let outcome = match (&wanted.refused, &deed.refused) {
                (None, None) => true,
                (Some(code), Some(refused)) => code == "*" || code == refused,
                _ => false,
            };
            outcome
                && deed.operation == wanted.operation
                && wanted.with.as_ref().is_none_or(|expression| asked_for(expression, &deed.input))
        })
    }

    /// What was answered to a question.
    pub fn answer(&self, question: &str) -> Option<&'a str> {
        self.run.sim().state().answers.get(question).map(String::as_str)
    }
}

/// What a line asks of the API, read with the values and documents at that moment.
pub fn request_of(run: &Run, line: &str) -> Option<(String, bool, Value)> {
    let line = match script::shell(line, run.values()).ok()? {
        Shell::Words(words) => words,
        Shell::Keep { command, .. } => match script::shell(&command, run.values()).ok()? {
            Shell::Words(words) => words,
            _ => return None,
        },
        _ => return None,
    };
    match cli::parse(&line, run.documents()).ok()? {
        Command::Call(request) => Some((
            format!("{} {}", request.operation.service, request.operation.name),
            request.operation.reads_only(),
            request.input,
        )),
        _ => None,
    }
}

/// The code with which a command was refused, if it was.
pub fn refusal(entered: &Entered) -> Option<String> {
    if entered.exit_code == 0 {
        return None;
    }
    let code = entered.stderr.split_once("An error occurred (").and_then(|(_, rest)| rest.split_once(')'));
    Some(code.map_or_else(|| "ParamValidation".to_string(), |(code, _)| code.to_string()))
}

/// Whether a JMESPath expression can be read.
///
/// # Errors
/// What is wrong with it, and where.
pub fn check(expression: &str) -> Result<(), String> {
    Query::compile(expression).map(|_| ())
}

fn asked_for(expression: &str, input: &Value) -> bool {
    search(expression, input)
        .is_ok_and(|found| !matches!(found, Value::Null | Value::Bool(false)) && plain(&found) != "nothing")
}

fn search(expression: &str, data: &Value) -> Result<Value, String> {
    Query::compile(expression)?.search(data)
}

/// The sort of a record as goals write it: `service-event`.
pub fn kind_word(kind: RecordKind) -> String {
    words(&format!("{kind:?}"))
}

/// `ServiceEvent` as `service-event`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for (at, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && at > 0 {
            words.push('-');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}
