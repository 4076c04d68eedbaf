//! The options that every command takes.

use super::options::{self, GLOBAL};
use super::{CliError, Format, Program, Query, input};

/// The options that every command takes, as they were given.
#[derive(Debug, Clone, Default)]
pub(super) struct Globals {
    pub format: Format,
    pub query: Option<Query>,
    pub one_page: bool,
    pub version: bool,
}

impl Globals {
    /// Takes the global options out of the words.
    pub fn split(program: Program, words: &[String]) -> Result<(Globals, Vec<String>), CliError> {
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
            "profile" if value != "default" => {
                return Err(program.fault(255, &format!("The config profile ({value}) could not be found")));
            }
            "cli-read-timeout" | "cli-connect-timeout" if value.trim().parse::<i64>().is_err() => {
                let shown = super::names::quoted(value);
                return Err(program.fault(255, &format!("invalid literal for int() with base 10: {shown}")));
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
