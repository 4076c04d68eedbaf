//! `--generate-cli-skeleton`: the outline of a request, or of an answer.

use crate::shape::{Field, Shape, Type};
use serde_json::{Map, Value};

/// What an outline shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The request, with empty values, for `--cli-input-json`.
    Input,
    /// The answer, with the names of its members for texts.
    Output,
}

impl Of {
    /// What the word behind the option means; the request when there is none.
    pub fn named(word: Option<&str>) -> Option<Of> {
        match word {
            None | Some("input") => Some(Of::Input),
            Some("output") => Some(Of::Output),
            Some(_) => None,
        }
    }

    /// Every field of the shape with a value of its type.
    pub fn outline(self, shape: &'static Shape) -> Value {
        self.structure(shape, &mut Vec::new())
    }

    fn structure(self, shape: &'static Shape, open: &mut Vec<&'static str>) -> Value {
        let mut members = Map::new();
        // A structure within itself stays empty.
        if !open.contains(&shape.name) {
            open.push(shape.name);
            for field in shape.fields {
                let text = self.text(field);
                members.insert(field.name.to_string(), self.value(&field.ty, text, open));
            }
            open.pop();
        }
        Value::Object(members)
    }

    /// What stands where a text belongs: the first of its few values, nothing, or its name.
    fn text(self, field: &Field) -> &'static str {
        match (self, field.ty) {
            (Of::Output, Type::List(_)) => "String",
            (Of::Output, _) => field.name,
            (Of::Input, _) if field.open => "",
            (Of::Input, _) => field.values.first().copied().unwrap_or_default(),
        }
    }

    fn value(self, ty: &Type, text: &str, open: &mut Vec<&'static str>) -> Value {
        match ty {
            Type::String => Value::from(text),
            Type::Integer => Value::from(0),
            Type::Double => Value::from(0.0),
            Type::Boolean => Value::from(true),
            Type::Timestamp => Value::from("1970-01-01T00:00:00"),
            Type::List(of) => Value::Array(vec![self.value(of, text, open)]),
            Type::Map => Value::Object([("KeyName".to_string(), Value::from(""))].into_iter().collect()),
            Type::Structure(shape) => self.structure(shape, open),
            Type::Document => Value::Object(Map::new()),
        }
    }
}
