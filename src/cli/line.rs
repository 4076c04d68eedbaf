//! The line that asks for a request: what a client's call looks like in a script.

use super::names::kebab;
use super::options::field_named;
use crate::operation::Operation;
use crate::shape::Type;
use serde_json::Value;

/// The command that sends this input to this operation, as a script keeps it.
pub fn line(operation: &Operation, input: &Value) -> String {
    let name = kebab(operation.name);
    if operation.service == "drydock" {
        let words = words(operation, input);
        return [format!("drydock {}", name.replace('-', " ")), words.join(" ")]
            .join(" ")
            .trim_end()
            .to_string();
    }
    let one_page = field_named(operation, &["nextToken", "NextToken"]).map_or("", |_| " --no-paginate");
    format!("aws {} {name}{one_page} --cli-input-json {}", operation.service, word(&input.to_string()))
}

/// The sandbox's own commands have flags and places only.
fn words(operation: &Operation, input: &Value) -> Vec<String> {
    let given = operation.input.fields.iter().filter_map(|field| Some((field, input.get(field.name)?)));
    let mut words = Vec::new();
    for (field, value) in given {
        let flag = format!("--{}", kebab(field.name));
        match (field.ty, value) {
            (Type::Boolean, Value::Bool(false)) => words.push(format!("--no-{}", kebab(field.name))),
            (Type::Boolean, _) => words.push(flag),
            (Type::List(_), Value::Array(items)) => {
                words.push(flag);
                words.extend(items.iter().map(|item| word(&text(item))));
            }
            _ if field.positional => words.push(word(&text(value))),
            _ => words.push(format!("{flag}={}", word(&text(value)))),
        }
    }
    words
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

/// A text as one word of a shell.
fn word(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
