//! `--generate-cli-skeleton`: the outline of a request.

use crate::shape::{Shape, Type};
use serde_json::{Map, Value};

/// Every field of the shape with an empty value of its type.
pub fn of(shape: &Shape) -> Value {
    structure(shape, 0)
}

fn structure(shape: &Shape, depth: u32) -> Value {
    let members = shape.fields.iter().filter(|_| depth < 12).map(|field| {
        let value = match field.values.first() {
            Some(first) if matches!(field.ty, Type::String) && !field.open => Value::from(*first),
            _ => empty(&field.ty, depth + 1),
        };
        (field.name.to_string(), value)
    });
    Value::Object(members.collect::<Map<_, _>>())
}

fn empty(ty: &Type, depth: u32) -> Value {
    match ty {
        Type::String => Value::from(""),
        Type::Integer => Value::from(0),
        Type::Double => Value::from(0.0),
        Type::Boolean => Value::from(true),
        Type::Timestamp => Value::from("1970-01-01T00:00:00"),
        Type::List(of) => Value::Array(vec![empty(of, depth)]),
        Type::Map => Value::Object([("KeyName".to_string(), Value::from(""))].into_iter().collect()),
        Type::Structure(shape) => structure(shape, depth),
        Type::Document => Value::Object(Map::new()),
    }
}
