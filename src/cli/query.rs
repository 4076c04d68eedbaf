//! `--query`: which part of an answer is printed, as a JMESPath expression.
//!
//! The crate reads expressions; walking the answer is done here, because an answer keeps the order
//! of its members and holds no fractions (docs/decisions/006-queries.md).

mod functions;

use jmespath::ast::{Ast, Comparator};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::sync::Arc;

/// The longest expression that is read, in characters.
const LONGEST: usize = 1000;
/// The most brackets and signs that may nest; beyond them the reader could run out of stack.
const DEEPEST: usize = 64;
/// How deep an expression is followed.
const STEPS: usize = 200;

/// A JMESPath expression.
#[derive(Clone)]
pub struct Query {
    text: String,
    expression: Arc<Ast>,
}

impl std::fmt::Debug for Query {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Query({})", self.text)
    }
}

impl Query {
    /// Reads an expression, or complains as the CLI does.
    pub fn compile(text: &str) -> Result<Query, String> {
        let complain = |what: &str| format!("Bad value for --query {text}: {what}");
        if text.chars().count() > LONGEST {
            return Err(complain(&format!("the expression is longer than {LONGEST} characters")));
        }
        if text.matches(['[', '(', '{', '!', '&']).count() > DEEPEST {
            return Err(complain(&format!("the expression has more than {DEEPEST} brackets")));
        }
        let expression = jmespath::parse(text).map_err(|problem| {
            let before = text.char_indices().take_while(|(at, _)| *at < problem.offset).count();
            let kind = match problem.offset >= text.trim_end().len() {
                true => "Incomplete expression".to_string(),
                false => format!("Parse error at column {before}"),
            };
            complain(&format!("Invalid jmespath expression: {kind}:\n\"{text}\"\n {}^", " ".repeat(before)))
        })?;
        Ok(Query { text: text.to_string(), expression: Arc::new(expression) })
    }

    /// The part of the answer that the expression names.
    pub fn search(&self, answer: &Value) -> Result<Value, String> {
        follow(answer, &self.expression, STEPS).map(Cow::into_owned)
    }
}

/// What an expression is when it follows from this value.
fn follow<'a>(value: &'a Value, node: &'a Ast, steps: usize) -> Result<Cow<'a, Value>, String> {
    let steps = steps.checked_sub(1).ok_or("maximum recursion depth exceeded")?;
    let null = || Ok(Cow::Owned(Value::Null));
    match node {
        Ast::Identity { .. } => Ok(Cow::Borrowed(value)),
        Ast::Literal { value, .. } => {
            serde_json::to_value(value).map(Cow::Owned).map_err(|problem| problem.to_string())
        }
        Ast::Field { name, .. } => value.get(name).map_or_else(null, |found| Ok(Cow::Borrowed(found))),
        Ast::Index { idx, .. } => {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            let place = usize::try_from(idx.unsigned_abs()).unwrap_or(usize::MAX);
            let at = if *idx < 0 { items.len().checked_sub(place) } else { Some(place) };
            at.and_then(|at| items.get(at)).map_or_else(null, |found| Ok(Cow::Borrowed(found)))
        }
        Ast::Slice { start, stop, step, .. } => slice(value, *start, *stop, *step).map(Cow::Owned),
        Ast::Subexpr { lhs, rhs, .. } => match follow(value, lhs, steps)? {
            Cow::Borrowed(left) => follow(left, rhs, steps),
            Cow::Owned(left) => Ok(Cow::Owned(follow(&left, rhs, steps)?.into_owned())),
        },
        Ast::Or { lhs, rhs, .. } => {
            let left = follow(value, lhs, steps)?;
            if is_true(&left) { Ok(left) } else { follow(value, rhs, steps) }
        }
        Ast::And { lhs, rhs, .. } => {
            let left = follow(value, lhs, steps)?;
            if is_true(&left) { follow(value, rhs, steps) } else { Ok(left) }
        }
        Ast::Not { node, .. } => Ok(Cow::Owned(Value::Bool(!is_true(&*follow(value, node, steps)?)))),
        Ast::Condition { predicate, then, .. } => match is_true(&*follow(value, predicate, steps)?) {
            true => follow(value, then, steps),
            false => null(),
        },
        Ast::Comparison { comparator, lhs, rhs, .. } => {
            let (left, right) = (follow(value, lhs, steps)?, follow(value, rhs, steps)?);
            Ok(Cow::Owned(compare(comparator, &left, &right).map_or(Value::Null, Value::Bool)))
        }
        Ast::ObjectValues { node, .. } => match &*follow(value, node, steps)? {
            Value::Object(members) => Ok(Cow::Owned(members.values().cloned().collect())),
            _ => null(),
        },
        Ast::Projection { lhs, rhs, .. } => match &*follow(value, lhs, steps)? {
            Value::Array(items) => {
                let mut found = Vec::new();
                for item in items {
                    let part = follow(item, rhs, steps)?;
                    if !part.is_null() {
                        found.push(part.into_owned());
                    }
                }
                Ok(Cow::Owned(Value::Array(found)))
            }
            _ => null(),
        },
        Ast::Flatten { node, .. } => match &*follow(value, node, steps)? {
            Value::Array(items) => {
                let flat = items.iter().flat_map(|item| match item {
                    Value::Array(inner) => inner.as_slice(),
                    single => std::slice::from_ref(single),
                });
                Ok(Cow::Owned(flat.cloned().collect()))
            }
            _ => null(),
        },
        Ast::MultiList { .. } | Ast::MultiHash { .. } if value.is_null() => null(),
        Ast::MultiList { elements, .. } => {
            let parts = elements.iter().map(|node| Ok(follow(value, node, steps)?.into_owned()));
            parts.collect::<Result<_, String>>().map(|parts| Cow::Owned(Value::Array(parts)))
        }
        Ast::MultiHash { elements, .. } => {
            let parts = elements
                .iter()
                .map(|pair| Ok((pair.key.clone(), follow(value, &pair.value, steps)?.into_owned())));
            parts.collect::<Result<Map<_, _>, String>>().map(|parts| Cow::Owned(Value::Object(parts)))
        }
        Ast::Function { name, args, .. } => functions::call(value, name, args, steps).map(Cow::Owned),
        // Functions take their expressions unfollowed; elsewhere one means nothing.
        Ast::Expref { .. } => null(),
    }
}

/// Whether a value counts as true: false, null and everything empty do not.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(yes) => *yes,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// Two numbers or two texts in order; `None` for values that have none.
fn order(left: &Value, right: &Value) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::String(left), Value::String(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
        },
        _ => None,
    }
}

fn compare(comparator: &Comparator, left: &Value, right: &Value) -> Option<bool> {
    let same = || left == right || order(left, right).is_some_and(std::cmp::Ordering::is_eq);
    match comparator {
        Comparator::Equal => Some(same()),
        Comparator::NotEqual => Some(!same()),
        Comparator::LessThan => order(left, right).map(std::cmp::Ordering::is_lt),
        Comparator::LessThanEqual => order(left, right).map(std::cmp::Ordering::is_le),
        Comparator::GreaterThan => order(left, right).map(std::cmp::Ordering::is_gt),
        Comparator::GreaterThanEqual => order(left, right).map(std::cmp::Ordering::is_ge),
    }
}

/// `[start:stop:step]` of a list, as in Python.
fn slice(value: &Value, start: Option<i32>, stop: Option<i32>, step: i32) -> Result<Value, String> {
    let Value::Array(items) = value else { return Ok(Value::Null) };
    if step == 0 {
        return Err("slice step cannot be zero".to_string());
    }
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let step = i64::from(step);
    let (least, most) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let place = |given: Option<i32>, otherwise: i64| {
        given.map_or(otherwise, |at| {
            let at = i64::from(at);
            (if at < 0 { at + length } else { at }).clamp(least, most)
        })
    };
    let (mut at, stop) = match step > 0 {
        true => (place(start, 0), place(stop, length)),
        false => (place(start, length - 1), place(stop, -1)),
    };
    let mut found = Vec::new();
    while if step > 0 { at < stop } else { at > stop } {
        found.extend(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned());
        at += step;
    }
    Ok(Value::Array(found))
}
