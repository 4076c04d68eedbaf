//! Scripts of a lesson, with the comments that mean something.

use crate::authoring::Problem;
use drydock::script::{Line, Script};
use std::collections::BTreeSet;

/// The lines of a script that goes on from a lesson's start.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines {
    /// The file.
    pub file: String,
    /// The lines.
    pub lines: Vec<ScriptLine>,
    /// Changes of the script that are no mistake: `rename shop`, `reversed`.
    pub tolerates: BTreeSet<String>,
}

/// A line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptLine {
    /// The line as it would be typed.
    pub command: String,
    /// Where it stands in its file, from 1.
    pub number: u32,
    /// The step that it belongs to.
    pub step: Option<String>,
    /// Whether it can be left out.
    pub optional: bool,
}

/// Reads a script that goes on from the start; `offset` lines stand in front of it in `file`.
///
/// # Errors
/// The line that cannot be read.
pub fn read(lesson: &str, file: &str, text: &str, offset: u32) -> Result<Lines, Problem> {
    // A continuation has no seed of its own: its header only says where it goes on.
    let header = text
        .lines()
        .position(|line| !is_blank(line))
        .filter(|at| text.lines().nth(*at).is_some_and(|line| line.starts_with("drydock 1")));
    let body: String = text
        .lines()
        .enumerate()
        .flat_map(|(at, line)| [if Some(at) == header { "" } else { line }, "\n"])
        .collect();
    let script = Script::parse(&format!("drydock 1 seed=0\n{body}")).map_err(|error| {
        let line = number(error.line).saturating_sub(1) + offset;
        Problem::new(lesson, file, line, format!("the script cannot be read: {}", error.message))
    })?;
    let mut read = Lines { file: file.to_string(), ..Lines::default() };
    let mut comments = comments(text).into_iter().peekable();
    let (mut step, mut optional) = (None, false);
    for line in &script.lines {
        let at = number(line.number).saturating_sub(1);
        while let Some((_, comment)) = comments.next_if(|(number, _)| *number < at) {
            match comment.split_once(' ').unwrap_or((comment.as_str(), "")) {
                ("step:", id) => step = Some(id.trim().to_string()),
                ("optional", _) => optional = true,
                ("tolerates:", what) => {
                    read.tolerates.insert(what.trim().to_string());
                }
                _ => {}
            }
        }
        for command in typed(line) {
            read.lines.push(ScriptLine { command, number: at + offset, step: step.clone(), optional });
        }
        optional = false;
    }
    for (_, comment) in comments {
        if let Some(what) = comment.strip_prefix("tolerates:") {
            read.tolerates.insert(what.trim().to_string());
        }
    }
    Ok(read)
}

/// A line with an offset is a wait and the line; `as NAME` stays in front.
fn typed(line: &Line) -> Vec<String> {
    let mut commands = Vec::new();
    if line.after.0 > 0 {
        commands.push(format!("drydock wait {}s", line.after.as_secs()));
    }
    match &line.principal {
        Some(name) => commands.push(format!("as {name} {}", line.command)),
        None => commands.push(line.command.clone()),
    }
    commands
}

/// Comments on lines of their own, outside of documents, by line number.
fn comments(text: &str) -> Vec<(u32, String)> {
    text.lines()
        .enumerate()
        .filter_map(|(at, line)| {
            Some((number(at + 1), line.trim_start().strip_prefix('#')?.trim().to_string()))
        })
        .collect()
}

fn is_blank(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

fn number(line: usize) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

impl Lines {
    /// The commands, in order.
    pub fn commands(&self) -> Vec<&str> {
        self.lines.iter().map(|line| line.command.as_str()).collect()
    }
}
