//! The functions of JMESPath, with the complaints that the CLI passes on.

use super::{follow, order};
use crate::cli::names::quoted;
use jmespath::ast::Ast;
use serde_json::Value;
use std::cmp::Ordering;

/// What a function takes at one place, by the names of JMESPath; `&[]` for anything.
type Types = &'static [&'static str];

const ANY: Types = &[];
const ARRAY: Types = &["array"];
const NUMBER: Types = &["number"];
const NUMBERS: Types = &["array-number"];
const OBJECT: Types = &["object"];
const STRING: Types = &["string"];
const EXPRESSION: Types = &["expref"];
const ORDERED: Types = &["array-number", "array-string"];

/// Names, what they take, and whether the last may stand several times.
const FUNCTIONS: &[(&str, &[Types], bool)] = &[
    ("abs", &[NUMBER], false),
    ("avg", &[NUMBERS], false),
    ("ceil", &[NUMBER], false),
    ("contains", &[&["array", "string"], ANY], false),
    ("ends_with", &[STRING, STRING], false),
    ("floor", &[NUMBER], false),
    ("join", &[STRING, &["array-string"]], false),
    ("keys", &[OBJECT], false),
    ("length", &[&["string", "array", "object"]], false),
    ("map", &[EXPRESSION, ARRAY], false),
    ("max", &[ORDERED], false),
    ("max_by", &[ARRAY, EXPRESSION], false),
    ("merge", &[OBJECT], true),
    ("min", &[ORDERED], false),
    ("min_by", &[ARRAY, EXPRESSION], false),
    ("not_null", &[ANY], true),
    ("reverse", &[&["array", "string"]], false),
    ("sort", &[&["array-string", "array-number"]], false),
    ("sort_by", &[ARRAY, EXPRESSION], false),
    ("starts_with", &[STRING, STRING], false),
    ("sum", &[NUMBERS], false),
    ("to_array", &[ANY], false),
    ("to_number", &[ANY], false),
    ("to_string", &[ANY], false),
    ("type", &[ANY], false),
    ("values", &[OBJECT], false),
];

/// Calls a function on what its arguments are when they follow from `value`.
pub fn call(value: &Value, name: &str, nodes: &[Ast], steps: usize) -> Result<Value, String> {
    let Some((name, takes, several)) = FUNCTIONS.iter().find(|(known, ..)| *known == name) else {
        return Err(format!("Unknown function: {name}()"));
    };
    let fits = if *several { nodes.len() >= takes.len() } else { nodes.len() == takes.len() };
    if !fits {
        let least = if *several { "at least " } else { "" };
        let plural = if takes.len() == 1 { "" } else { "s" };
        return Err(format!(
            "Expected {least}{} argument{plural} for function {name}(), received {}",
            takes.len(),
            nodes.len()
        ));
    }
    let mut values = Vec::new();
    let mut expression = None;
    for (index, node) in nodes.iter().enumerate() {
        let types = takes[index.min(takes.len() - 1)];
        match node {
            Ast::Expref { ast, .. } if types == EXPRESSION => expression = Some(&**ast),
            _ => {
                let value = follow(value, node, steps)?.into_owned();
                check(name, &value, types)?;
                values.push(value);
            }
        }
    }
    let by = |item: &Value| match expression {
        Some(node) => follow(item, node, steps).map(std::borrow::Cow::into_owned),
        None => Ok(Value::Null),
    };
    let mut values = values.into_iter();
    let first = values.next().unwrap_or(Value::Null);
    Ok(match (*name, first) {
        ("length", Value::String(text)) => text.chars().count().into(),
        ("length", Value::Array(items)) => items.len().into(),
        ("length", Value::Object(members)) => members.len().into(),
        ("contains", Value::Array(items)) => {
            values.next().is_some_and(|sought| items.contains(&sought)).into()
        }
        ("contains", Value::String(text)) => {
            values.next().as_ref().and_then(Value::as_str).is_some_and(|sought| text.contains(sought)).into()
        }
        ("starts_with", Value::String(text)) => text.starts_with(&text_of(values.next())).into(),
        ("ends_with", Value::String(text)) => text.ends_with(&text_of(values.next())).into(),
        ("join", Value::String(glue)) => {
            let items = values.next().unwrap_or_default();
            let parts: Vec<&str> = items.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            parts.join(&glue).into()
        }
        ("reverse", Value::String(text)) => text.chars().rev().collect::<String>().into(),
        ("reverse", Value::Array(items)) => items.into_iter().rev().collect(),
        ("keys", Value::Object(members)) => members.into_iter().map(|(name, _)| Value::from(name)).collect(),
        ("values", Value::Object(members)) => members.into_iter().map(|(_, value)| value).collect(),
        ("merge", Value::Object(mut members)) => {
            for more in values {
                if let Value::Object(more) = more {
                    members.extend(more);
                }
            }
            Value::Object(members)
        }
        ("not_null", first) => {
            std::iter::once(first).chain(values).find(|value| !value.is_null()).unwrap_or_default()
        }
        ("map", Value::Array(items)) => Value::Array(items.iter().map(by).collect::<Result<Vec<_>, _>>()?),
        ("sort" | "max" | "min", Value::Array(items)) => pick(name, items.clone(), items),
        ("sort_by" | "max_by" | "min_by", Value::Array(items)) => {
            let keys = items.iter().map(by).collect::<Result<Vec<_>, _>>()?;
            for key in &keys {
                check(name, key, &["string", "number"])?;
                if order(&keys[0], key).is_none() {
                    return Err(mistyped(name, key, &[type_of(&keys[0])]));
                }
            }
            pick(name, keys, items)
        }
        ("abs", Value::Number(number)) => match number.as_i64() {
            Some(whole) => whole.saturating_abs().into(),
            None => number.as_f64().map(f64::abs).into(),
        },
        ("ceil", Value::Number(number)) => rounded(&number, f64::ceil),
        ("floor", Value::Number(number)) => rounded(&number, f64::floor),
        ("sum", Value::Array(items)) => sum(&items)?.into(),
        ("avg", Value::Array(items)) if items.is_empty() => Value::Null,
        ("avg", Value::Array(items)) => {
            // Six places behind the point, without arithmetic on fractions.
            let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let millionths = i128::from(sum(&items)?) * 1_000_000 / i128::from(count);
            let sign = if millionths < 0 { "-" } else { "" };
            let millionths = millionths.unsigned_abs();
            let text = format!("{sign}{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
            number(&text)
        }
        ("to_array", Value::Array(items)) => Value::Array(items),
        ("to_array", single) => Value::Array(vec![single]),
        ("to_string", Value::String(text)) => text.into(),
        ("to_string", other) => other.to_string().into(),
        ("to_number", Value::Number(number)) => Value::Number(number),
        ("to_number", Value::String(text)) => number(text.trim()),
        ("type", value) => type_of(&value).into(),
        _ => Value::Null,
    })
}

fn text_of(value: Option<Value>) -> String {
    value.as_ref().and_then(Value::as_str).unwrap_or_default().to_string()
}

/// The items in the order of their keys, or the first of those with the largest or smallest key.
fn pick(name: &str, keys: Vec<Value>, items: Vec<Value>) -> Value {
    let mut places: Vec<usize> = (0..keys.len()).collect();
    crate::order::sort_by(&mut places, |left, right| {
        order(&keys[*left], &keys[*right]).unwrap_or(Ordering::Equal)
    });
    let item = |place: &usize| items[*place].clone();
    match (name.as_bytes(), places.as_slice()) {
        ([b's', ..], places) => places.iter().map(item).collect(),
        (_, []) => Value::Null,
        ([_, b'i', ..], [least, ..]) => item(least),
        (_, [.., most]) => {
            let same = |place: &&usize| order(&keys[**place], &keys[*most]) == Some(Ordering::Equal);
            item(places.iter().find(same).unwrap_or(most))
        }
    }
}

/// The number that a text is.
fn number(text: &str) -> Value {
    serde_json::from_str::<Value>(text).ok().filter(Value::is_number).unwrap_or_default()
}

fn rounded(number: &serde_json::Number, round: fn(f64) -> f64) -> Value {
    match number.as_i64() {
        Some(whole) => whole.into(),
        None => number.as_f64().map(|number| round(number) as i64).into(),
    }
}

fn sum(items: &[Value]) -> Result<i64, String> {
    items.iter().try_fold(0_i64, |sum, item| {
        let number = item.as_i64().ok_or_else(|| mistyped("sum", item, &["whole numbers"]))?;
        Ok(sum.saturating_add(number))
    })
}

/// The name of a value's type in JMESPath.
fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Complains about a value of a type that the function does not take.
fn check(name: &str, value: &Value, types: &[&'static str]) -> Result<(), String> {
    let own = type_of(value);
    let fits = types.is_empty()
        || types.iter().any(|allowed| match (allowed.split_once('-'), value) {
            (None, _) => *allowed == own,
            (Some((_, inner)), Value::Array(items)) => items.iter().all(|item| type_of(item) == inner),
            _ => false,
        });
    if fits { Ok(()) } else { Err(mistyped(name, value, types)) }
}

fn mistyped(name: &str, value: &Value, types: &[&'static str]) -> String {
    let shown = match value {
        Value::Array(_) | Value::Object(_) => value.to_string(),
        scalar => crate::cli::print::plain(scalar),
    };
    let types: Vec<String> = types.iter().map(|one| quoted(one)).collect();
    format!(
        "In function {name}(), invalid type for value: {shown}, expected one of: [{}], received: \"{}\"",
        types.join(", "),
        type_of(value)
    )
}
