//! A command line as a shell reads it: words, quotes, values and documents, and nothing else of a shell.

use super::document_end;
use crate::ec2::user_data;
use std::collections::BTreeMap;

/// What a command line asks the shell to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shell {
    /// Nothing: a blank line or a comment.
    Nothing,
    /// Keep a document under this name.
    Put {
        /// The name behind `file://`.
        name: String,
        /// The text.
        text: String,
    },
    /// Keep what this command prints under this name.
    Keep {
        /// The name behind `$`.
        name: String,
        /// The command.
        command: String,
    },
    /// Keep this text under this name.
    Let {
        /// The name behind `$`.
        name: String,
        /// The text.
        value: String,
    },
    /// A command, in words.
    Words(Vec<String>),
}

/// Reads a command line as a shell would, with the values kept so far.
///
/// # Errors
/// What a shell would complain about, or a sentence that names what this terminal lacks.
pub fn shell(text: &str, values: &BTreeMap<String, String>) -> Result<Shell, String> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(Shell::Nothing);
    }
    if let Some(end) = document_end(text.lines().next().unwrap_or_default()) {
        return document(text, &end);
    }
    if let Some((name, value)) = text.split_once('=').filter(|(name, _)| is_name(name)) {
        let name = name.to_string();
        if let Some(command) = value.strip_prefix("$(") {
            let command = command
                .strip_suffix(')')
                .ok_or("unexpected EOF while looking for matching `)'")?
                .trim()
                .to_string();
            return Ok(Shell::Keep { name, command });
        }
        let mut words = words(value, values)?;
        return match words.len() {
            0 => Ok(Shell::Let { name, value: String::new() }),
            1 => Ok(Shell::Let { name, value: words.remove(0) }),
            _ => Err(format!("keep one value in {name}; put quotes around it if it has spaces")),
        };
    }
    Ok(Shell::Words(words(text, values)?))
}

/// The same line; where it keeps what `base64` prints of a document, that is worked out here.
///
/// # Errors
/// What the program would complain about.
pub fn settled(
    line: Shell,
    values: &BTreeMap<String, String>,
    documents: &BTreeMap<String, String>,
) -> Result<Shell, String> {
    let Shell::Keep { name, command } = &line else { return Ok(line) };
    let Ok(words) = words(command, values) else { return Ok(line) };
    let [program, operands @ ..] = words.as_slice() else { return Ok(line) };
    if program != "base64" {
        return Ok(line);
    }
    // Lines are not wrapped here, so that the options which say so change nothing.
    let mut files = operands.iter().filter(|word| !["-w0", "-w", "0", "--wrap=0"].contains(&word.as_str()));
    let (Some(file), None) = (files.next(), files.next()) else {
        return Err(format!("base64 takes one document: {name}=$(base64 -w0 user-data.sh)"));
    };
    let file = file.strip_prefix("file://").unwrap_or(file);
    match documents.get(file) {
        Some(text) => Ok(Shell::Let { name: name.clone(), value: user_data::encode(text) }),
        None => Err(format!("base64: {file}: No such file or directory")),
    }
}

fn document(text: &str, end: &str) -> Result<Shell, String> {
    let mut lines = text.lines();
    let head = lines.next().unwrap_or_default();
    let name =
        head.strip_prefix("put ").and_then(|rest| rest.split_once("<<")).map_or("", |(name, _)| name.trim());
    if name.is_empty() || name.contains(char::is_whitespace) {
        return Err("put needs one name, such as put web.json <<'END'".to_string());
    }
    let mut body: Vec<&str> = lines.collect();
    if body.pop() != Some(end) {
        return Err(format!("the document {name} has no closing `{end}`"));
    }
    Ok(Shell::Put { name: name.to_string(), text: body.iter().flat_map(|line| [*line, "\n"]).collect() })
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Splits a line into words: quotes, backslashes, `$NAME` and `${NAME}`; nothing else of a shell.
fn words(text: &str, values: &BTreeMap<String, String>) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        match next {
            '\\' => match rest.next() {
                Some('\n') => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
                None => {}
            },
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next() {
                        Some('\'') => break,
                        Some(inner) => word.push(inner),
                        None => return Err("unexpected EOF while looking for matching `''".to_string()),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match rest.next() {
                        Some('"') => break,
                        Some('\\') => match rest.next() {
                            Some(escaped @ ('"' | '\\' | '$' | '`')) => word.push(escaped),
                            Some('\n') => {}
                            Some(other) => word.extend(['\\', other]),
                            None => return Err("unexpected EOF while looking for matching `\"'".to_string()),
                        },
                        Some('$') => word.push_str(&value_of(&mut rest, values)?),
                        Some(inner) => word.push(inner),
                        None => return Err("unexpected EOF while looking for matching `\"'".to_string()),
                    }
                }
            }
            '$' => {
                // An unquoted value falls apart at its spaces, as in a shell.
                let value = value_of(&mut rest, values)?;
                let mut parts = value.split_whitespace();
                if let Some(first) = parts.next() {
                    word.get_or_insert_default().push_str(first);
                }
                for part in parts {
                    words.extend(word.replace(part.to_string()));
                }
            }
            '#' if word.is_none() => break,
            '|' | '&' | ';' | '<' | '>' | '`' => {
                return Err(format!(
                    "`{next}` is not part of this terminal: one command a line, values by NAME=$(…), documents by file://"
                ));
            }
            space if space.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Ok(words)
}

fn value_of(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    values: &BTreeMap<String, String>,
) -> Result<String, String> {
    let braced = rest.next_if_eq(&'{').is_some();
    if rest.peek() == Some(&'(') {
        return Err("keep what a command prints first: NAME=$(aws …), then use $NAME".to_string());
    }
    let mut name = String::new();
    while let Some(part) = rest.next_if(|part| part.is_ascii_alphanumeric() || *part == '_') {
        name.push(part);
    }
    if braced && rest.next_if_eq(&'}').is_none() {
        return Err(format!("${{{name}: bad substitution"));
    }
    if name.is_empty() {
        return Ok("$".to_string());
    }
    values
        .get(&name)
        .cloned()
        .ok_or_else(|| format!("{name}: unbound variable; keep a value first, such as {name}=$(aws …)"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_follow_the_shell() {
        let values = BTreeMap::from([("A".to_string(), "one two".to_string())]);
        for (text, expected) in [
            ("a 'b c' \"d $A\" e\\ f", vec!["a", "b c", "d one two", "e f"]),
            ("x$A y", vec!["xone", "two", "y"]),
            ("--query 'tasks[?a==`b`].c' # end", vec!["--query", "tasks[?a==`b`].c"]),
            ("a \\\n b", vec!["a", "b"]),
            ("''", vec![""]),
            ("${A}x", vec!["one", "twox"]),
        ] {
            assert_eq!(
                words(text, &values).as_deref(),
                Ok(&expected.iter().map(|word| word.to_string()).collect::<Vec<_>>()[..]),
                "{text}"
            );
        }
        for (text, part) in
            [("a | b", "not part"), ("'a", "matching"), ("$B", "unbound"), ("a $(b)", "keep what")]
        {
            assert!(words(text, &values).is_err_and(|error| error.contains(part)), "{text}");
        }
    }
}
