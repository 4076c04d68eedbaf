//! The AWS CLI's grammar over the declared operations.

use crate::error::ApiError;
use crate::operation::Operation;
use crate::state::State;
use crate::time::SimDuration;
use serde_json::Value;
use std::collections::BTreeMap;

/// What a line of words means.
pub enum Command {
    /// A request.
    Call(Request),
    /// A request to repeat until its answer satisfies.
    Waiter(Waiter),
    /// Let time pass.
    Pass(SimDuration),
    /// A page of help.
    Help(String),
}

/// A request, and how its answer is printed.
#[derive(Debug)]
pub struct Request {
    /// For what.
    pub operation: &'static Operation,
    /// With which input.
    pub input: Value,
}

/// A request to repeat until its answer satisfies.
#[derive(Debug)]
pub struct Waiter {
    /// What is asked.
    pub request: Request,
    /// How long between two tries.
    pub interval: SimDuration,
    /// How many tries.
    pub tries: u32,
}

/// What a waiter makes of an answer.
pub enum Judgement {
    /// The wait is over.
    Done,
    /// Ask again.
    Again,
    /// It will never be so.
    Failed(String),
}

/// What the CLI complains about.
#[derive(Debug)]
pub struct CliError {
    /// The text, as version 2 of the AWS CLI prints it.
    pub text: String,
    /// Its exit code.
    pub exit_code: i32,
}

/// What could stand at the cursor.
pub struct Completion {
    /// Where the word begins.
    pub start: usize,
}

/// Reads a line of words.
///
/// # Errors
/// What the AWS CLI would complain about.
pub fn parse(words: &[String], _documents: &BTreeMap<String, String>) -> Result<Command, CliError> {
    Err(CliError { text: format!("aws: [ERROR]: Unknown options: {}", words.join(" ")), exit_code: 252 })
}

/// What could stand at the cursor.
pub fn complete(
    _line: &str,
    cursor: usize,
    _state: &State,
    _documents: &BTreeMap<String, String>,
) -> Completion {
    Completion { start: cursor }
}

impl Request {
    /// Prints the answer.
    ///
    /// # Errors
    /// The refusal, as the AWS CLI words it.
    pub fn print(&self, answer: &Result<Value, ApiError>) -> Result<String, CliError> {
        answer
            .as_ref()
            .map(ToString::to_string)
            .map_err(|error| CliError { text: error.to_string(), exit_code: 254 })
    }
}

impl Waiter {
    /// What this answer means.
    pub fn judge(&self, _answer: &Result<Value, ApiError>) -> Judgement {
        Judgement::Done
    }

    /// The complaint when every try was in vain.
    pub fn gave_up(&self) -> String {
        "Max attempts exceeded".to_string()
    }
}
