//! How an answer is printed: `--output json`, `text`, `table` or `yaml`.

use crate::order;
use serde::Serialize;
use serde_json::{Map, Value};

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// JSON, indented by four, as the CLI prints it.
    #[default]
    Json,
    /// Values between tabs, for scripts.
    Text,
    /// Boxes for people.
    Table,
    /// YAML.
    Yaml,
}

impl Format {
    /// The format of this name; JSON for any other.
    pub(super) fn named(name: &str) -> Format {
        match name {
            "text" => Format::Text,
            "table" => Format::Table,
            "yaml" => Format::Yaml,
            _ => Format::Json,
        }
    }
}

/// The value in this format, without the last line's end; `title` stands above a table.
pub fn print(format: Format, title: &str, value: &Value) -> String {
    let mut printed = match format {
        // An operation that answers nothing prints nothing.
        _ if *value == Value::Object(Map::new()) => String::new(),
        Format::Json => json(value),
        Format::Text => text(value),
        Format::Table => super::table::print(title, value),
        Format::Yaml => yaml(value),
    };
    printed.truncate(printed.trim_end_matches('\n').len());
    printed
}

/// JSON, indented by four.
pub fn json(value: &Value) -> String {
    let mut bytes = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b"    ");
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    match value.serialize(&mut serializer) {
        Ok(()) => String::from_utf8(bytes).unwrap_or_default(),
        Err(problem) => problem.to_string(),
    }
}

/// A value as the CLI writes it in text and tables: Python's words for it.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => "None".to_string(),
        Value::Bool(true) => "True".to_string(),
        Value::Bool(false) => "False".to_string(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether the value has no parts.
pub fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

/// The names of the parts, sorted: those with a single value, and those with parts of their own.
pub fn partition<'a>(structures: impl IntoIterator<Item = &'a Value>) -> (Vec<&'a str>, Vec<&'a str>) {
    let (mut single, mut more) = (Vec::new(), Vec::new());
    for (name, value) in structures.into_iter().filter_map(Value::as_object).flatten() {
        let names = if is_scalar(value) { &mut single } else { &mut more };
        if !names.contains(&name.as_str()) {
            names.push(name.as_str());
        }
    }
    order::sort(&mut single);
    order::sort(&mut more);
    (single, more)
}

/// Values between tabs, a line per structure, each line begun with the name of its list.
fn text(value: &Value) -> String {
    let mut out = String::new();
    text_item(value, None, None, &mut out);
    out
}

fn text_item(value: &Value, name: Option<&str>, columns: Option<&[&str]>, out: &mut String) {
    match value {
        Value::Object(members) => {
            let (own, _) = partition([value]);
            let columns = columns.unwrap_or(&own);
            let mut cells: Vec<String> = name.map(str::to_ascii_uppercase).into_iter().collect();
            cells.extend(columns.iter().map(|column| members.get(*column).map(plain).unwrap_or_default()));
            if !columns.is_empty() {
                out.push_str(&cells.join("\t"));
                out.push('\n');
            }
            let mut rest: Vec<_> =
                members.iter().filter(|(key, _)| !columns.contains(&key.as_str())).collect();
            order::sort_by_key(&mut rest, |(key, _)| *key);
            for (key, value) in rest {
                text_item(value, Some(key), None, out);
            }
        }
        Value::Array(items) => text_list(items, name, out),
        _ => {
            out.push_str(&plain(value));
            out.push('\n');
        }
    }
}

fn text_list(items: &[Value], name: Option<&str>, out: &mut String) {
    if items.iter().any(Value::is_object) {
        let (columns, _) = partition(items);
        for item in items {
            text_item(item, name, Some(&columns), out);
        }
        return;
    }
    let (scalars, others): (Vec<_>, Vec<_>) = items.iter().partition(|item| is_scalar(item));
    match name {
        _ if scalars.is_empty() => {}
        Some(name) => {
            for item in scalars {
                out.push_str(&format!("{}\t{}\n", name.to_ascii_uppercase(), plain(item)));
            }
        }
        None => {
            let cells: Vec<String> = scalars.into_iter().map(plain).collect();
            out.push_str(&cells.join("\t"));
            out.push('\n');
        }
    }
    for item in others {
        text_item(item, name, None, out);
    }
}

/// YAML in block form.
fn yaml(value: &Value) -> String {
    let mut out = String::new();
    yaml_item(value, 0, &mut out);
    out
}

fn yaml_item(value: &Value, indent: usize, out: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (index, (key, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str(&yaml_scalar(key));
                out.push(':');
                match value {
                    Value::Object(inner) if !inner.is_empty() => {
                        out.push_str(&format!("\n{}", " ".repeat(indent + 2)));
                        yaml_item(value, indent + 2, out);
                    }
                    Value::Array(inner) if !inner.is_empty() => {
                        out.push_str(&format!("\n{}", " ".repeat(indent)));
                        yaml_item(value, indent, out);
                    }
                    _ => {
                        out.push(' ');
                        yaml_item(value, indent, out);
                    }
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(&" ".repeat(indent));
                }
                out.push_str("- ");
                yaml_item(item, indent + 2, out);
            }
        }
        Value::Object(_) => out.push_str("{}\n"),
        Value::Array(_) => out.push_str("[]\n"),
        Value::String(text) => {
            out.push_str(&yaml_scalar(text));
            out.push('\n');
        }
        other => {
            out.push_str(&other.to_string());
            out.push('\n');
        }
    }
}

/// A text as YAML: bare when nothing could be mistaken, else quoted.
fn yaml_scalar(text: &str) -> String {
    let special = text.is_empty()
        || text
            .starts_with(|letter: char| "-?:,[]{}#&*!|>'\"%@` ".contains(letter) || letter.is_ascii_digit())
        || text.starts_with(['+', '.', '=', '~', '<'])
        || text.ends_with([' ', ':'])
        || text.contains(": ")
        || text.contains(" #")
        || ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str());
    if text.chars().any(char::is_control) {
        return Value::from(text).to_string();
    }
    if special { format!("'{}'", text.replace('\'', "''")) } else { text.to_string() }
}
