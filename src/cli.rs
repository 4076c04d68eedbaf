//! The AWS CLI's grammar over the declared operations.
//!
//! A line of words becomes a [`Command`]; an answer becomes the text that version 2 of the CLI
//! prints. Parsing, `help`, completion and skeletons all read the fields that operations declare.

mod complete;
mod documents;
mod help;
mod input;
mod json;
mod names;
mod options;
mod print;
mod query;
mod shorthand;
mod skeleton;
mod table;
mod wait;

pub use complete::{Candidate, Completion, complete};
pub use print::Format;
pub use query::Query;
pub use wait::{Judgement, Waiter};

use crate::error::{ApiError, PARAM_VALIDATION};
use crate::operation::{Operation, operations};
use crate::time::SimDuration;
use documents::Documents;
use names::{kebab, meant, quoted};
use options::{CliOption, GLOBAL};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a line of words means.
#[derive(Debug)]
pub enum Command {
    /// A request.
    Call(Request),
    /// A request to repeat until its answer satisfies.
    Waiter(Waiter),
    /// Let time pass: `drydock wait 5m`.
    Pass(SimDuration),
    /// A text to print: a page of help, or the outline of a request.
    Help(String),
}

/// A request, and how its answer is printed.
#[derive(Debug, Clone)]
pub struct Request {
    /// For what.
    pub operation: &'static Operation,
    /// With which input.
    pub input: Value,
    /// How the answer is printed.
    pub format: Format,
    /// Which part of the answer is printed.
    pub query: Option<Query>,
    /// Which pages of a listing are asked for.
    pub pages: Pages,
}

/// Which pages of a listing a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pages {
    /// All of them, as the CLI does by itself.
    All,
    /// The first, or the one that the request names.
    One,
    /// As many as hold so many items.
    Items(usize),
}

/// What the CLI complains about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliError {
    /// The text, as version 2 of the AWS CLI prints it.
    pub text: String,
    /// Its exit code.
    pub exit_code: i32,
}

/// Whose voice answers: the AWS CLI's, or the sandbox's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Program {
    Aws,
    Drydock,
}

impl Program {
    fn of(service: &str) -> Program {
        if service == "drydock" { Program::Drydock } else { Program::Aws }
    }

    fn name(self) -> &'static str {
        match self {
            Program::Aws => "aws",
            Program::Drydock => "drydock",
        }
    }

    fn usage(self) -> &'static str {
        match self {
            Program::Aws => {
                "usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]\n\
                 To see help text, you can run:\n\n  aws help\n  aws <command> help\n  aws <command> <subcommand> help"
            }
            Program::Drydock => {
                "usage: drydock <command> [parameters]\n\
                 To see help text, you can run:\n\n  drydock help\n  drydock <command> help"
            }
        }
    }

    /// A complaint, with its exit code.
    fn fault(self, exit_code: i32, text: &str) -> CliError {
        CliError { text: format!("{}: [ERROR]: {text}", self.name()), exit_code }
    }

    /// A complaint about the words themselves, with how to use them and a note of our own.
    fn misused(self, text: &str, note: &str) -> CliError {
        self.fault(252, &format!("{text}\n\n{}{note}", self.usage()))
    }

    /// A complaint about the value of an option.
    fn parameter(self, option: &CliOption, what: &str) -> CliError {
        self.fault(252, &format!("Error parsing parameter '--{}': {what}", option.name))
    }

    /// A word that is none of the choices.
    fn no_such(self, argument: &str, word: &str, choices: &[String], note: &str) -> CliError {
        let mut text = format!("argument {argument}: Found invalid choice {}", quoted(word));
        let meant = meant(word, choices.iter().map(String::as_str));
        if !meant.is_empty() {
            text.push_str(&format!("\n\n\nInvalid choice: {}, maybe you meant:\n", quoted(word)));
            for choice in meant {
                text.push_str(&format!("\n  * {choice}"));
            }
        }
        self.misused(&text, note)
    }
}

/// Reads a line of words.
///
/// # Errors
/// What the AWS CLI would complain about.
pub fn parse(words: &[String], documents: &BTreeMap<String, String>) -> Result<Command, CliError> {
    let documents = Documents(documents);
    let own = words.first().is_some_and(|word| word == "drydock");
    let program = if own { Program::Drydock } else { Program::Aws };
    let named = own || words.first().is_some_and(|word| word == "aws");
    let words = &words[usize::from(named)..];
    let (globals, words) = Globals::split(program, words)?;
    if globals.version {
        return Ok(Command::Help(format!(
            "drydock/{} (the grammar of AWS CLI version 2)",
            env!("CARGO_PKG_VERSION")
        )));
    }
    if let (false, Some(word)) = (named, words.first())
        && is_foreign(word)
    {
        return Err(not_found(word));
    }
    match program {
        Program::Drydock => drydock(&words, &globals, &documents),
        Program::Aws => aws(&words, &globals, &documents),
    }
}

/// Whether a line that names no program begins with a word that no service is meant by.
fn is_foreign(word: &str) -> bool {
    !input::is_option(word) && word != "help" && !services().any(|service| service == word) && {
        meant(word, services().chain(["drydock", "aws"])).is_empty()
    }
}

/// A program that this terminal does not have, as a shell words it.
fn not_found(word: &str) -> CliError {
    let instead = match word {
        "docker" => "\nContainers on an instance are run by `drydock docker run IMAGE --on INSTANCE`.",
        "ssh" => "\nWhat runs on an instance is shown by `drydock docker ps --on INSTANCE`.",
        _ => "",
    };
    let text =
        format!("{word}: command not found\nThis terminal runs aws and drydock; `help` tells more.{instead}");
    CliError { text, exit_code: 127 }
}

fn aws(words: &[String], globals: &Globals, documents: &Documents<'_>) -> Result<Command, CliError> {
    let program = Program::Aws;
    let Some((service, words)) = name_first(words) else {
        return Err(program.misused("the following arguments are required: command", ""));
    };
    let service = &service;
    if service == "help" {
        return Ok(Command::Help(help::everything()));
    }
    let services: Vec<String> = services().map(str::to_string).collect();
    if !services.contains(service) {
        let note = "\n\nAWS may know it; this sandbox has the commands that `aws help` lists.";
        return Err(program.no_such("command", service, &services, note));
    }
    let Some((name, words)) = name_first(&words) else {
        return Err(program.misused("the following arguments are required: operation", ""));
    };
    let (name, words) = (&name, &words);
    match name.as_str() {
        "help" => return Ok(Command::Help(help::service(service))),
        "wait" => return wait::parse(service, words, globals, documents),
        _ => {}
    }
    match operation(service, name) {
        Some(operation) => call(program, operation, words, globals, documents),
        None => {
            let mut names: Vec<String> = operations_of(service).map(|one| kebab(one.name)).collect();
            names.push("wait".to_string());
            let note = format!(
                "\n\nAWS may know it; this sandbox has the operations that `aws {service} help` lists."
            );
            Err(program.no_such("operation", name, &names, &note))
        }
    }
}

/// The first word that is a name; options that stand before it are put behind it.
fn name_first(words: &[String]) -> Option<(String, Vec<String>)> {
    let at = words.iter().position(|word| !input::is_option(word))?;
    let mut rest = words[at + 1..].to_vec();
    rest.extend(words[..at].iter().cloned());
    Some((words[at].clone(), rest))
}

fn drydock(words: &[String], globals: &Globals, documents: &Documents<'_>) -> Result<Command, CliError> {
    let program = Program::Drydock;
    match words {
        words if words.iter().all(|word| input::is_option(word)) => {
            return Err(program.misused("the following arguments are required: command", ""));
        }
        [word] if word == "help" => return Ok(Command::Help(help::drydock())),
        [word, rest @ ..] if word == "wait" => {
            return match rest {
                [word] if word == "help" => Ok(Command::Help(help::pass())),
                [span] => wait::span(span).map(Command::Pass).ok_or_else(|| {
                    let text = format!(
                        "argument duration: {} is no duration such as 30s, 5m, 1h30m or 90",
                        quoted(span)
                    );
                    program.fault(252, &text)
                }),
                [] => Err(program.misused("the following arguments are required: duration", "")),
                [_, more @ ..] => Err(program.misused(&format!("Unknown options: {}", more.join(", ")), "")),
            };
        }
        _ => {}
    }
    // `drydock docker run` is the operation DockerRun: the longest name that fits is meant.
    for length in (1..=words.len().min(3)).rev() {
        if let Some(operation) = operation("drydock", &words[..length].join("-")) {
            return call(program, operation, &words[length..], globals, documents);
        }
    }
    let mut names: Vec<String> =
        operations_of("drydock").map(|one| kebab(one.name).replace('-', " ")).collect();
    names.push("wait".to_string());
    // Two words may be meant for one name: `docker rn`.
    let two = words[..words.len().min(2)].join(" ");
    let typed = if meant(&two, names.iter().map(String::as_str)).is_empty() { &words[0] } else { &two };
    Err(program.no_such("command", typed, &names, ""))
}

fn call(
    program: Program,
    operation: &'static Operation,
    words: &[String],
    globals: &Globals,
    documents: &Documents<'_>,
) -> Result<Command, CliError> {
    if let [word] = words
        && word == "help"
    {
        return Ok(Command::Help(help::operation(operation)));
    }
    match input::read(program, operation, words, documents)? {
        input::Asked::Skeleton => Ok(Command::Help(print::json(&skeleton::of(operation.input)))),
        input::Asked::Input { input, max_items, paged_by_hand } => {
            let pages = match max_items {
                Some(items) => Pages::Items(items),
                None if paged_by_hand || globals.one_page => Pages::One,
                None => Pages::All,
            };
            let Globals { format, query, .. } = globals.clone();
            Ok(Command::Call(Request { operation, input, format, query, pages }))
        }
    }
}

/// The options that every command takes, as they were given.
#[derive(Debug, Clone, Default)]
struct Globals {
    format: Format,
    query: Option<Query>,
    one_page: bool,
    version: bool,
}

impl Globals {
    /// Takes the global options out of the words.
    fn split(program: Program, words: &[String]) -> Result<(Globals, Vec<String>), CliError> {
        let mut globals = Globals::default();
        let mut others = Vec::new();
        let mut rest = words.iter().peekable();
        while let Some(word) = rest.next() {
            if word == "--version" {
                globals.version = true;
                continue;
            }
            let named = word.strip_prefix("--").unwrap_or_default();
            let (name, behind) = match named.split_once('=') {
                Some((name, behind)) => (name, Some(behind.to_string())),
                None => (named, None),
            };
            let Some(option) = GLOBAL.iter().find(|option| option.name == name) else {
                others.push(word.clone());
                continue;
            };
            if !option.takes_value {
                globals.one_page |= name == "no-paginate";
                continue;
            }
            let value = behind.or_else(|| rest.next_if(|word| !input::is_option(word)).cloned());
            let Some(value) = value else {
                return Err(program.misused(&format!("argument --{name}: expected one argument"), ""));
            };
            globals.set(program, option, &value)?;
        }
        Ok((globals, others))
    }

    fn set(&mut self, program: Program, option: &options::GlobalOption, value: &str) -> Result<(), CliError> {
        match option.name {
            "query" => {
                self.query = Some(Query::compile(value).map_err(|problem| program.fault(252, &problem))?);
            }
            "region" if value != crate::arn::REGION => {
                let text = format!(
                    "Could not connect to the endpoint URL: \"https://ecs.{value}.amazonaws.com/\"\n\
                     This sandbox has one Region, {}.",
                    crate::arn::REGION
                );
                return Err(program.fault(255, &text));
            }
            name if !option.values.is_empty() && !option.values.contains(&value) => {
                let choices: Vec<String> = option.values.iter().map(ToString::to_string).collect();
                return Err(program.no_such(
                    &format!("--{name}"),
                    value,
                    &choices,
                    &format!("\n\n--{name} takes {}.", choices.join(", ")),
                ));
            }
            "output" => self.format = Format::named(value),
            _ => {}
        }
        Ok(())
    }
}

impl Request {
    /// Asks for every page that is wanted and puts their lists together.
    ///
    /// # Errors
    /// The first refusal.
    pub fn ask(&self, mut call: impl FnMut(&Value) -> Result<Value, ApiError>) -> Result<Value, ApiError> {
        let token = options::field_named(self.operation, &["nextToken", "NextToken"]);
        let (Some(token), Pages::All | Pages::Items(_)) = (token, self.pages) else {
            return call(&self.input);
        };
        let most = options::field_named(self.operation, &["maxResults", "MaxResults"]);
        let mut input = self.input.clone();
        let mut whole = Value::Null;
        let mut left = if let Pages::Items(items) = self.pages { items } else { usize::MAX };
        loop {
            if let (Pages::Items(_), Some(most)) = (self.pages, most) {
                let largest = most.range.map_or(100, |(_, largest)| largest);
                input[most.name] = Value::from(i64::try_from(left).unwrap_or(largest).clamp(1, largest));
            }
            let mut page = call(&input)?;
            let next = page.as_object_mut().and_then(|members| members.shift_remove(token.name));
            left = left.saturating_sub(longest(&page));
            append(&mut whole, page);
            match next {
                None => return Ok(whole),
                Some(next) if left == 0 => {
                    whole["NextToken"] = next;
                    return Ok(whole);
                }
                Some(next) => input[token.name] = next,
            }
        }
    }

    /// Prints the answer, without the last line's end.
    ///
    /// # Errors
    /// The refusal, as the AWS CLI words it; or a query that the answer does not suit.
    pub fn print(&self, answer: &Result<Value, ApiError>) -> Result<String, CliError> {
        let program = Program::of(self.operation.service);
        let answer = answer.as_ref().map_err(|refusal| program.refused(self.operation, refusal))?;
        let Some(query) = &self.query else {
            return Ok(print::print(self.format, self.operation.name, answer));
        };
        let part = query.search(answer).map_err(|problem| program.fault(255, &problem))?;
        Ok(print::print(self.format, self.operation.name, &part))
    }
}

impl Program {
    fn refused(self, operation: &Operation, refusal: &ApiError) -> CliError {
        match (self, refusal.code) {
            (_, PARAM_VALIDATION) => {
                self.fault(252, &format!("Parameter validation failed:\n{}", refusal.message))
            }
            (Program::Drydock, _) => self.fault(254, &refusal.message),
            (Program::Aws, code) => self.fault(
                254,
                &format!(
                    "An error occurred ({code}) when calling the {} operation: {}",
                    operation.name, refusal.message
                ),
            ),
        }
    }
}

/// The length of the longest list in a page.
fn longest(page: &Value) -> usize {
    let members = page.as_object().into_iter().flatten();
    members.filter_map(|(_, value)| value.as_array().map(Vec::len)).max().unwrap_or(0)
}

/// Puts the lists of a page behind those of the pages before.
fn append(whole: &mut Value, page: Value) {
    let (Value::Object(members), Value::Object(more)) = (&mut *whole, &page) else {
        *whole = page;
        return;
    };
    for (name, value) in more {
        match (members.get_mut(name), value) {
            (Some(Value::Array(items)), Value::Array(more)) => items.extend(more.iter().cloned()),
            _ => {
                members.insert(name.clone(), value.clone());
            }
        }
    }
}

/// The AWS services that exist, each once, in the order of their operations.
fn services() -> impl Iterator<Item = &'static str> {
    let mut seen = Vec::new();
    operations().map(|operation| operation.service).filter(move |service| {
        let new = *service != "drydock" && !seen.contains(service);
        seen.push(service);
        new
    })
}

/// The operations of a service.
fn operations_of(service: &str) -> impl Iterator<Item = &'static Operation> {
    operations().filter(move |operation| operation.service == service)
}

/// The operation with this name in the CLI's form.
fn operation(service: &str, name: &str) -> Option<&'static Operation> {
    operations_of(service).find(|operation| kebab(operation.name) == name)
}
