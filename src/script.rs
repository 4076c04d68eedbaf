//! A run as text: a seed and timed requests, in the words of a shell without globbing.

mod shell;

use crate::dice::Seed;
use crate::time::{SimDuration, SimTime};
use std::fmt;

pub use shell::{Shell, settled, shell};

/// The version of the behaviour that this engine follows; it travels with every script.
pub const BEHAVIOUR: u32 = 1;

/// The longest script that is read, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// A run as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// What every draw comes from.
    pub seed: Seed,
    /// The lesson start that this run goes on from, such as `lesson/2@3`.
    pub from: Option<String>,
    /// The version of the behaviour that it was written under.
    pub behaviour: u32,
    /// What was asked for, in order.
    pub lines: Vec<Line>,
}

/// A request of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How long after the line before it.
    pub after: SimDuration,
    /// The user who asks, where it is not the student.
    pub principal: Option<String>,
    /// The command as typed; of a document, `put NAME <<'END'`, its text, and `END`.
    pub command: String,
    /// The line's number in its file, from 1; 0 when it was never in one.
    pub number: usize,
}

/// A script that cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptError {
    /// The line's number, from 1.
    pub line: usize,
    /// What is wrong, in a sentence.
    pub message: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ScriptError {}

impl Script {
    /// An empty script of this seed.
    pub fn new(seed: Seed) -> Script {
        Script { seed, from: None, behaviour: BEHAVIOUR, lines: Vec::new() }
    }

    /// Reads a script.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn parse(text: &str) -> Result<Script, ScriptError> {
        if text.len() > LONGEST {
            return Err(ScriptError { line: 1, message: "the script is longer than 4 MiB".to_string() });
        }
        let mut numbered = text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let (number, header) = numbered.find(|(_, line)| !is_blank(line)).ok_or_else(|| ScriptError {
            line: 1,
            message: "the script is empty; its first line reads `drydock 1 seed=7 behaviour=1`".to_string(),
        })?;
        let mut script = header_of(header).map_err(|message| ScriptError { line: number, message })?;
        while let Some((number, first)) = numbered.next() {
            if is_blank(first) {
                continue;
            }
            let fail = |message: String| ScriptError { line: number, message };
            let mut rest = first.trim_start();
            let mut after = SimDuration::default();
            if let Some(offset) = rest.strip_prefix('+') {
                let (offset, command) = offset.split_once(char::is_whitespace).unwrap_or((offset, ""));
                after = seconds(offset).ok_or_else(|| {
                    fail(format!("`+{offset}` is not an offset in seconds, such as +12.500"))
                })?;
                rest = command.trim_start();
            }
            let mut principal = None;
            if let Some(named) = rest.strip_prefix("as ") {
                let (name, command) =
                    named.trim_start().split_once(char::is_whitespace).unwrap_or((named, ""));
                principal = Some(name.to_string());
                rest = command.trim_start();
            }
            if rest.is_empty() {
                return Err(fail("a command is missing".to_string()));
            }
            let mut command = rest.to_string();
            if let Some(end) = document_end(rest) {
                loop {
                    let Some((_, line)) = numbered.next() else {
                        return Err(fail(format!("the document has no closing `{end}`")));
                    };
                    command.push('\n');
                    command.push_str(line);
                    if line == end {
                        break;
                    }
                }
            } else {
                while command.ends_with('\\') {
                    let Some((_, line)) = numbered.next() else { break };
                    command.push('\n');
                    command.push_str(line);
                }
            }
            script.lines.push(Line { after, principal, command, number });
        }
        Ok(script)
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "drydock 1 seed={}", self.seed.0)?;
        if let Some(from) = &self.from {
            write!(f, " from={from}")?;
        }
        writeln!(f, " behaviour={}", self.behaviour)?;
        for line in &self.lines {
            if line.after > SimDuration::default() {
                write!(f, "+{}.{:03} ", line.after.0 / 1000, line.after.0 % 1000)?;
            }
            if let Some(principal) = &line.principal {
                write!(f, "as {principal} ")?;
            }
            writeln!(f, "{}", line.command)?;
        }
        Ok(())
    }
}

fn is_blank(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

fn header_of(line: &str) -> Result<Script, String> {
    let mut words = line.split_whitespace();
    if (words.next(), words.next()) != (Some("drydock"), Some("1")) {
        return Err("the first line must read `drydock 1 seed=7 behaviour=1`".to_string());
    }
    let (mut seed, mut from, mut behaviour) = (None, None, BEHAVIOUR);
    for word in words {
        let number = |text: &str| text.parse::<u64>().map_err(|_| format!("`{word}` needs a whole number"));
        match word.split_once('=') {
            Some(("seed", text)) => seed = Some(Seed(number(text)?)),
            Some(("from", text)) => from = Some(text.to_string()),
            Some(("behaviour", text)) => {
                behaviour = u32::try_from(number(text)?).map_err(|_| format!("`{word}` is too large"))?;
            }
            _ => return Err(format!("`{word}` is not known here; seed=, from= and behaviour= are")),
        }
    }
    let seed = seed.ok_or("the seed is missing, such as seed=7")?;
    Ok(Script { seed, from, behaviour, lines: Vec::new() })
}

/// `12` or `12.5` or `12.500` seconds.
pub(crate) fn seconds(text: &str) -> Option<SimDuration> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let millis: u64 = format!("{fraction:0<3}").parse().ok()?;
    Some(SimDuration(whole.checked_mul(1000)?.checked_add(millis)?)).filter(|span| span.0 < SimTime::MAX.0)
}

/// The word that closes the document of a `put NAME <<'END'` line.
fn document_end(line: &str) -> Option<String> {
    let (_, end) = line.strip_prefix("put ")?.split_once("<<")?;
    let end = end.trim().trim_matches(['\'', '"']);
    (!end.is_empty()).then(|| end.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_survives_its_text() {
        let text = "drydock 1 seed=7 from=lesson/2@3 behaviour=1\n\
            +12.500 as teacher aws ecs list-tasks\n\
            put web.json <<'END'\n{ \"family\": \"web\" }\n\nEND\n\
            aws ecs create-cluster \\\n  --cluster-name shop\n";
        let script = Script::parse(text).expect("the script is well formed");
        assert_eq!(script.lines.len(), 3);
        assert_eq!(script.to_string(), text);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, line, part) in [
            ("", 1, "empty"),
            ("drydock 2 seed=1", 1, "first line"),
            ("drydock 1", 1, "seed is missing"),
            ("# a\ndrydock 1 seed=x", 2, "whole number"),
            ("drydock 1 seed=1\n+abc ls", 2, "offset"),
            ("drydock 1 seed=1\n+99999999999999999999 ls", 2, "offset"),
            ("drydock 1 seed=1\n\nput a <<'END'\nx", 3, "closing `END`"),
            ("drydock 1 seed=1\n+1", 2, "missing"),
        ] {
            let error = Script::parse(text).expect_err(text);
            assert_eq!(error.line, line, "{text}");
            assert!(error.message.contains(part), "{text}: {}", error.message);
        }
    }
}
