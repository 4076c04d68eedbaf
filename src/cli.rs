//! The AWS CLI's grammar over the declared operations.
//!
//! A line of words becomes a [`Command`]; an answer becomes the text that version 2 of the CLI
//! prints. Parsing, `help`, completion and skeletons all read the fields that operations declare.

mod complete;
mod documents;
mod globals;
mod help;
mod input;
mod json;
mod line;
mod names;
mod options;
mod print;
mod query;
mod request;
mod shorthand;
mod skeleton;
mod table;
mod wait;

pub use complete::{Candidate, Completion, complete};
pub use line::line;
pub use print::Format;
pub use query::Query;
pub use wait::{Judgement, Waiter};

use crate::operation::{Operation, operations};
use crate::time::SimDuration;
use documents::Documents;
use globals::Globals;
use names::{kebab, meant, quoted};
use options::CliOption;
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
        "put" => "\nA document begins with `put NAME <<'END'` and ends with END on a line of its own.",
        "sleep" | "wait" => "\nTime passes by `drydock wait 30s`, and by the keys beside the clock.",
        "echo" => "\nWhat a name keeps is put in its place where a command says $NAME.",
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
                        "argument duration: {} is no duration such as 30s, 5m, 1h30m or 90, of a year at most",
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
        input::Asked::Skeleton(of) => {
            let shape = if of == skeleton::Of::Input { operation.input } else { operation.output };
            let outline = of.outline(shape);
            // An answer's outline is printed as the answer would be.
            match (of, &globals.query) {
                (skeleton::Of::Input, _) => Ok(Command::Help(print::json(&outline))),
                (_, None) => Ok(Command::Help(print::print(globals.format, operation.name, &outline))),
                (_, Some(query)) => {
                    let part = query.search(&outline).map_err(|problem| program.fault(255, &problem))?;
                    Ok(Command::Help(print::print(globals.format, operation.name, &part)))
                }
            }
        }
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
