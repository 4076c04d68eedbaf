//! Prints every operation with its shapes and its names on the wire, as JSON: what is compared with
//! the service models that AWS's clients carry.

use drydock::shape::{Field, Shape, Type};
use drydock::{Operation, operations};
use serde_json::{Value, json};

fn main() {
    let all: Vec<Value> = operations().map(shown).collect();
    println!("{}", Value::from(all));
}

fn shown(operation: &Operation) -> Value {
    json!({
        "service": operation.service,
        "name": operation.name,
        "reads_only": operation.reads_only(),
        "input": shape(operation.input),
        "output": shape(operation.output),
    })
}

fn shape(shape: &Shape) -> Value {
    json!({ "shape": shape.name, "members": shape.fields.iter().map(field).collect::<Vec<_>>() })
}

fn field(field: &Field) -> Value {
    json!({
        "name": field.name,
        "type": ty(&field.ty),
        "required": field.required,
        "values": field.values,
        "wire": field.wire,
        "base64": field.base64,
        "ec2_answer": drydock_server::ec2_name(field),
        "ec2_request": drydock_server::ec2_form_name(field),
    })
}

fn ty(ty: &Type) -> Value {
    match ty {
        Type::String => json!("string"),
        Type::Integer => json!("integer"),
        Type::Double => json!("double"),
        Type::Boolean => json!("boolean"),
        Type::Timestamp => json!("timestamp"),
        Type::Map => json!("map"),
        Type::Document => json!("document"),
        Type::List(of) => json!({ "list": self::ty(of) }),
        Type::Structure(of) => shape(of),
    }
}
