//! The JSON protocols: bodies are JSON, times are seconds since 1970, nothing is null.

use crate::answer::{Answer, Refusal, missing};
use crate::services::Service;
use drydock::shape::{Shape, Type};
use drydock::time::SimTime;
use serde_json::{Map, Value};

/// Reads the body of a request.
///
/// # Errors
/// `SerializationException` for what is no JSON or of another type than declared; the service's own
/// error for a member that is missing.
pub fn read(service: &Service, shape: &Shape, body: &[u8]) -> Result<Value, Refusal> {
    let input = match body.trim_ascii() {
        [] => Value::Object(Map::new()),
        body => {
            serde_json::from_slice(body).map_err(|_| serialization("Unable to parse the body as JSON"))?
        }
    };
    let members = structure(service, shape, &input, "")?;
    Ok(Value::Object(members))
}

fn serialization(message: &str) -> Refusal {
    Refusal::new("SerializationException", message)
}

/// The declared members of a structure; those that are not declared are passed over, as AWS does.
pub fn structure(
    service: &Service,
    shape: &Shape,
    value: &Value,
    place: &str,
) -> Result<Map<String, Value>, Refusal> {
    let Value::Object(given) = value else {
        return Err(serialization("Unexpected value type in payload: a structure was expected"));
    };
    let mut members = Map::new();
    for field in shape.fields {
        let place = if place.is_empty() { field.name.to_string() } else { format!("{place}.{}", field.name) };
        match given.get(field.name) {
            None | Some(Value::Null) if field.required => return Err(missing(service, &place)),
            None | Some(Value::Null) => {}
            Some(value) => {
                members.insert(field.name.to_string(), member(service, &field.ty, value, &place)?);
            }
        }
    }
    Ok(members)
}

fn member(service: &Service, ty: &Type, value: &Value, place: &str) -> Result<Value, Refusal> {
    let wrong = |wanted: &str| {
        let found = match value {
            Value::Bool(true) => "TRUE_VALUE",
            Value::Bool(false) => "FALSE_VALUE",
            Value::Number(_) => "NUMBER_VALUE",
            Value::String(_) => "STRING_VALUE",
            Value::Null | Value::Array(_) | Value::Object(_) => {
                return Err(serialization("Start of structure or map found where not expected"));
            }
        };
        Err(serialization(&format!("{found} can not be converted to {wanted}")))
    };
    match (ty, value) {
        (Type::Structure(shape), Value::Object(_)) => {
            structure(service, shape, value, place).map(Value::Object)
        }
        (Type::Structure(_) | Type::Map, _) if !value.is_object() => {
            Err(serialization("Unexpected value type in payload: a structure was expected"))
        }
        (Type::List(of), Value::Array(items)) => items
            .iter()
            .filter(|item| !item.is_null())
            .enumerate()
            .map(|(index, item)| member(service, of, item, &format!("{place}.{}.member", index + 1)))
            .collect::<Result<_, _>>()
            .map(Value::Array),
        (Type::List(_), _) => Err(serialization("Unexpected value type in payload: a list was expected")),
        (Type::Map, Value::Object(members)) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| Ok((name.clone(), member(service, &Type::String, value, place)?)))
            .collect::<Result<_, _>>()
            .map(Value::Object),
        (Type::String, Value::String(_)) | (Type::Boolean, Value::Bool(_)) => Ok(value.clone()),
        (Type::Integer, Value::Number(number)) => match whole(number) {
            Some(whole) => Ok(Value::from(whole)),
            None => wrong("an Integer"),
        },
        (Type::Double, Value::Number(_)) => Ok(value.clone()),
        (Type::Double, _) => wrong("a Double"),
        (Type::Document, _) => Ok(without_nulls(value)),
        (Type::Timestamp, Value::Number(_) | Value::String(_)) => Ok(value.clone()),
        (Type::String, _) => wrong("a String"),
        (Type::Integer, _) => wrong("an Integer"),
        (Type::Boolean, _) => wrong("a Boolean"),
        _ => wrong("a structure"),
    }
}

/// `3` and `3.0` are 3.
fn whole(number: &serde_json::Number) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    number.as_i64().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() <= EXACT)?;
        format!("{float:.0}").parse().ok()
    })
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        Value::Array(items) => items.iter().filter(|item| !item.is_null()).map(without_nulls).collect(),
        other => other.clone(),
    }
}

/// An answer's body: as the engine gives it, with times as clients read them.
pub fn body(shape: &'static Shape, answer: Value) -> Vec<u8> {
    timed(&Type::Structure(shape), answer).to_string().into_bytes()
}

fn timed_members(shape: &Shape, members: &mut Map<String, Value>) {
    for field in shape.fields {
        if let Some(value) = members.get_mut(field.name) {
            *value = timed(&field.ty, value.take());
        }
    }
}

fn timed(ty: &Type, value: Value) -> Value {
    match (ty, value) {
        (Type::Timestamp, Value::String(text)) => seconds(&text).unwrap_or(Value::String(text)),
        (Type::List(of), Value::Array(items)) => items.into_iter().map(|item| timed(of, item)).collect(),
        (Type::Structure(shape), Value::Object(mut members)) => {
            timed_members(shape, &mut members);
            Value::Object(members)
        }
        (_, other) => other,
    }
}

/// Seconds since 1970 with their fraction.
fn seconds(iso: &str) -> Option<Value> {
    let millis = SimTime::from_iso(iso)?.epoch_millis();
    #[allow(clippy::cast_precision_loss)]
    let seconds = millis as f64 / 1000.0;
    serde_json::Number::from_f64(seconds).map(Value::Number)
}

/// A whole answer.
pub fn answer(version: &str, shape: &'static Shape, answer: Value) -> Answer {
    // A structure without members is answered with no body by some services; an empty one reads the same.
    Answer {
        status: 200,
        content_type: format!("application/x-amz-json-{version}"),
        headers: Vec::new(),
        body: body(shape, answer),
    }
}

/// A refusal; `query_mode` is how clients of services that once spoke the query protocol ask for its code.
pub fn refusal(version: &str, refusal: &Refusal, query_mode: bool) -> Answer {
    let mut body = Map::new();
    body.insert("__type".to_string(), Value::from(refusal.code.as_str()));
    body.insert("message".to_string(), Value::from(refusal.message.as_str()));
    let mut headers = vec![("x-amzn-errortype", plain(&refusal.code))];
    if query_mode {
        let whose = if refusal.is_senders() { "Sender" } else { "Receiver" };
        headers.push(("x-amzn-query-error", format!("{};{whose}", plain(&refusal.code))));
    }
    Answer {
        status: refusal.status,
        content_type: format!("application/x-amz-json-{version}"),
        headers,
        body: Value::Object(body).to_string().into_bytes(),
    }
}

/// A code as a header may hold it.
fn plain(code: &str) -> String {
    code.chars().filter(|letter| letter.is_ascii_graphic()).collect()
}
