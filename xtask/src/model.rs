//! How the declared operations compare with AWS's own models of them.
//!
//! `tests/clients/model.json` is a digest of names and types that `cargo xtask model` takes from
//! botocore; the comparison itself needs no Python.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use drydock::Operation;
use drydock::shape::{Field, Shape, Type};
use serde_json::Value;

use crate::tools;

/// The digest of AWS's models.
pub struct Model(Value);

/// How an operation compares with AWS's model of it.
#[derive(Debug, Default)]
pub struct Comparison {
    /// What is declared and AWS has not, or has otherwise.
    pub faults: Vec<String>,
    /// Members of AWS's request that are not declared.
    pub request_lacks: Vec<String>,
    /// Members of AWS's answer that are not declared.
    pub answer_lacks: Vec<String>,
    /// Parts of the request that are kept without a look inside.
    pub unread: Vec<String>,
}

impl Model {
    /// The digest that is committed.
    pub fn committed() -> Result<Model> {
        let path = file();
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        Ok(Model(serde_json::from_str(&text).with_context(|| path.display().to_string())?))
    }

    /// The names of a service's operations in the digest.
    pub fn operations(&self, service: &str) -> impl Iterator<Item = &str> {
        self.service(service)["operations"].as_object().into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// The version of botocore that the digest was taken from.
    pub fn version(&self) -> &str {
        self.0["botocore"].as_str().unwrap_or_default()
    }

    fn service(&self, service: &str) -> &Value {
        &self.0["services"][service]
    }

    /// How the operation compares; `None` when the digest has no such operation.
    pub fn compare(&self, operation: &Operation) -> Option<Comparison> {
        let service = self.service(operation.service);
        let row = service["operations"].get(operation.name)?;
        let mut result = Comparison::default();
        for (input, declared, word) in
            [(true, operation.input, &row["input"]), (false, operation.output, &row["output"])]
        {
            let mut walk = Walk { shapes: &service["shapes"], input, open: Vec::new(), result: &mut result };
            let name = if input { "request" } else { "answer" };
            match word.as_str() {
                Some(word) => walk.structure(name, declared, word),
                None => {
                    let faults = declared
                        .fields
                        .iter()
                        .map(|field| format!("{name}.{}: not in the model", field.name));
                    result.faults.extend(faults);
                }
            }
        }
        Some(result)
    }
}

/// Where the digest is.
pub fn file() -> std::path::PathBuf {
    tools::root().join("tests/clients/model.json")
}

/// The services of which the digest has every operation.
pub const WHOLE: &[&str] = &["autoscaling", "ecs"];

/// What the digest is taken of: services as a whole, and single operations of those that are large.
pub fn wishes() -> Vec<String> {
    let mut wishes: BTreeSet<String> = WHOLE.iter().map(|service| (*service).to_owned()).collect();
    for operation in drydock::operations()
        .filter(|operation| operation.service != "drydock" && !WHOLE.contains(&operation.service))
    {
        wishes.insert(format!("{}:{}", operation.service, operation.name));
    }
    wishes.into_iter().collect()
}

/// A walk through a declared shape and AWS's, side by side.
struct Walk<'a> {
    shapes: &'a Value,
    input: bool,
    open: Vec<&'static str>,
    result: &'a mut Comparison,
}

impl Walk<'_> {
    fn structure(&mut self, place: &str, declared: &'static Shape, word: &str) {
        if self.open.contains(&declared.name) {
            return;
        }
        let shape = &self.shapes[word];
        let Some(members) = shape["members"].as_object() else {
            return self.fault(place, &format!("a structure here, {word} in the model"));
        };
        let required = |name: &str| {
            shape["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name))
        };
        self.open.push(declared.name);
        for field in declared.fields {
            let place = format!("{place}.{}", field.name);
            match members.get(field.name).and_then(Value::as_str) {
                None => self.fault(&place, "not in the model"),
                Some(word) => {
                    if self.input && field.required != required(field.name) {
                        let said =
                            if field.required { "required here only" } else { "required in the model" };
                        self.fault(&place, said);
                    }
                    self.field(&place, field, word);
                }
            }
        }
        self.order(place, declared, members.keys());
        for name in members.keys().filter(|name| !declared.fields.iter().any(|field| field.name == **name)) {
            let place = format!("{place}.{name}");
            let place = place.split_once('.').map_or(place.as_str(), |(_, rest)| rest).to_owned();
            if self.input && required(name) {
                self.fault(&place, "required in the model, absent here");
            }
            let lacks =
                if self.input { &mut self.result.request_lacks } else { &mut self.result.answer_lacks };
            lacks.push(place);
        }
        self.open.pop();
    }

    /// Help and outlines list members in AWS's order.
    fn order<'m>(&mut self, place: &str, declared: &Shape, members: impl Iterator<Item = &'m String>) {
        let theirs: Vec<&str> = members
            .map(String::as_str)
            .filter(|name| declared.fields.iter().any(|field| field.name == *name))
            .collect();
        let ours: Vec<&str> =
            declared.fields.iter().map(|field| field.name).filter(|name| theirs.contains(name)).collect();
        if self.input && ours != theirs {
            self.fault(place, &format!("the model's order is {}", theirs.join(", ")));
        }
    }

    fn field(&mut self, place: &str, field: &Field, word: &str) {
        let inner = self.ty(place, field.ty, word);
        let theirs: BTreeSet<&str> = self.shapes[inner.as_str()]["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let ours: BTreeSet<&str> = field.values.iter().copied().collect();
        if !self.input || ours == theirs || field.open {
            return;
        }
        match (ours.is_empty(), theirs.is_empty()) {
            (_, true) => self.fault(place, &format!("no enum in the model; here {ours:?}")),
            (true, _) => self.fault(place, &format!("an enum in the model: {theirs:?}")),
            _ => {
                let more: Vec<_> = ours.difference(&theirs).collect();
                let less: Vec<_> = theirs.difference(&ours).collect();
                self.fault(place, &format!("the enum has {more:?} more and lacks {less:?}"));
            }
        }
    }

    /// Compares a type; gives the model's word for what is innermost.
    fn ty(&mut self, place: &str, ty: Type, word: &str) -> String {
        let shape = &self.shapes[word];
        let is_text = word == "string" || word == "blob" || shape.get("enum").is_some();
        let fits = match ty {
            Type::String => is_text,
            Type::Integer => matches!(word, "integer" | "long"),
            Type::Double => matches!(word, "double" | "float"),
            Type::Boolean => word == "boolean",
            Type::Timestamp => word == "timestamp",
            Type::Map => shape.get("map").is_some(),
            Type::Document => {
                let unread = place.split_once('.').map_or(place, |(_, rest)| rest).to_owned();
                if self.input {
                    self.result.unread.push(unread);
                }
                shape.get("members").or(shape.get("list")).or(shape.get("map")).is_some()
            }
            Type::List(of) => match shape["list"].as_str() {
                Some(member) => return self.ty(&format!("{place}[]"), *of, member),
                None => false,
            },
            Type::Structure(declared) => {
                self.structure(place, declared, word);
                true
            }
        };
        if !fits {
            self.fault(place, &format!("{} here, {word} in the model", named(ty)));
        }
        word.to_owned()
    }

    fn fault(&mut self, place: &str, what: &str) {
        self.result.faults.push(format!("{place}: {what}"));
    }
}

fn named(ty: Type) -> &'static str {
    match ty {
        Type::String => "text",
        Type::Integer => "a whole number",
        Type::Double => "a number with a fraction",
        Type::Boolean => "true or false",
        Type::Timestamp => "a moment",
        Type::List(_) => "a list",
        Type::Map => "a map",
        Type::Document => "any JSON",
        Type::Structure(_) => "a structure",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declaration_agrees_with_the_model() {
        let model = Model::committed().expect("the digest reads");
        let mut faults = Vec::new();
        for operation in drydock::operations().filter(|operation| operation.service != "drydock") {
            match model.compare(operation) {
                None => faults
                    .push(format!("{operation:?}: not in the digest; `cargo xtask model` writes it anew")),
                Some(found) => {
                    faults.extend(found.faults.into_iter().map(|fault| format!("{operation:?} {fault}")));
                }
            }
        }
        assert!(faults.is_empty(), "{} disagreements:\n{}", faults.len(), faults.join("\n"));
    }
}
