//! JSON as it is typed: where it goes wrong, and how.

use serde_json::Value;

/// Reads JSON; the complaint names line, column and what was expected there, as the CLI words it,
/// and shows the line with a caret.
pub fn parse(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = place(text, &error);
        let reason = reason(&error.to_string());
        let offset: usize = text.split('\n').take(line - 1).map(|line| line.chars().count() + 1).sum();
        let shown = text.split('\n').nth(line - 1).unwrap_or_default().trim_end_matches('\r');
        format!(
            "Invalid JSON: {reason}: line {line} column {column} (char {})\nJSON received: {text}\n\n{shown}\n{}^",
            offset + column - 1,
            " ".repeat(column - 1)
        )
    })
}

/// The line and column, counted from 1, of the first letter that does not fit.
fn place(text: &str, error: &serde_json::Error) -> (usize, usize) {
    let line = error.line().max(1);
    let content = text.split('\n').nth(line - 1).unwrap_or_default();
    // The parser counts bytes.
    let column = content
        .char_indices()
        .take_while(|(at, _)| at + 1 < error.column().max(1))
        .count()
        .min(content.chars().count());
    let past_the_end = error.is_eof() && column + 1 == content.chars().count();
    (line, column + 1 + usize::from(past_the_end))
}

/// The complaint in the words of Python's JSON reader, which the CLI repeats.
fn reason(said: &str) -> &'static str {
    const WORDS: &[(&str, &str)] = &[
        ("EOF while parsing a string", "Unterminated string starting at"),
        ("EOF while parsing a list", "Expecting ',' delimiter"),
        ("EOF while parsing an object", "Expecting ',' delimiter"),
        ("EOF while parsing a value", "Expecting value"),
        ("expected `:`", "Expecting ':' delimiter"),
        ("expected `,`", "Expecting ',' delimiter"),
        ("key must be a string", "Expecting property name enclosed in double quotes"),
        ("trailing comma", "Illegal trailing comma before end"),
        ("trailing characters", "Extra data"),
        ("control character", "Invalid control character at"),
        ("escape", "Invalid \\escape"),
        ("recursion limit", "Nested too deeply"),
    ];
    WORDS.iter().find(|(part, _)| said.contains(part)).map_or("Expecting value", |(_, words)| words)
}
