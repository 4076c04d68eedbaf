//! Forms in, XML out: the query protocol, and EC2's own kind of it.

use crate::answer::{Answer, Refusal, missing};
use crate::route::Form;
use crate::services::{Protocol, Service};
use crate::xml::{self, Spelling};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use drydock::Operation;
use drydock::shape::{Field, Shape, Type};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// What every form holds beside the request's own members.
const COMMON: &[&str] = &["Action", "Version", "DryRun"];

/// Reads a request.
///
/// # Errors
/// What is missing, malformed, or of EC2 not known.
pub fn read(service: &Service, shape: &Shape, form: &Form) -> Result<Value, Refusal> {
    let mut reader = Reader { service, form, used: BTreeSet::new() };
    let members = reader.members(shape, "", 0)?.unwrap_or_default();
    if service.protocol == Protocol::Ec2 {
        let known = |name: &str| COMMON.contains(&name) || name.starts_with("X-Amz-");
        let unknown = form.keys().find(|name| !reader.used.contains(name.as_str()) && !known(name));
        if let Some(name) = unknown {
            let shown: String = name.chars().take(128).collect();
            let message = format!("The parameter {shown} is not recognized");
            return Err(Refusal::new("UnknownParameter", message));
        }
    }
    Ok(Value::Object(members))
}

/// Whether the client only wants to know if it might.
pub fn is_dry_run(form: &Form) -> bool {
    form.get("DryRun").is_some_and(|text| text == "true")
}

/// The name that EC2 gives a field in forms: of lists, the name of one element.
pub fn ec2_form_name(field: &Field) -> String {
    let name = match field.ty {
        _ if !field.wire.is_empty() => field.wire,
        Type::List(_) => field.name.strip_suffix('s').unwrap_or(field.name),
        _ => field.name,
    };
    xml::first(name, char::to_ascii_uppercase)
}

struct Reader<'a> {
    service: &'a Service,
    form: &'a Form,
    used: BTreeSet<&'a str>,
}

impl<'a> Reader<'a> {
    /// The members of a structure; `None` when the form has none of them.
    fn members(
        &mut self,
        shape: &Shape,
        prefix: &str,
        depth: usize,
    ) -> Result<Option<Map<String, Value>>, Refusal> {
        let mut members = Map::new();
        let inside = if prefix.is_empty() { String::new() } else { format!("{prefix}.") };
        if depth > 0 && !self.has_below(&inside) {
            return Ok(None);
        }
        for field in shape.fields {
            let name = format!("{inside}{}", self.name(field));
            match self.value(field, &field.ty, &name, depth)? {
                Some(value) => {
                    members.insert(field.name.to_string(), value);
                }
                None if field.required => return Err(missing(self.service, &name)),
                None => {}
            }
        }
        Ok(Some(members))
    }

    /// The name of a field in this service's forms.
    fn name(&self, field: &Field) -> String {
        match self.service.protocol {
            Protocol::Ec2 => ec2_form_name(field),
            _ if field.wire.is_empty() => field.name.to_string(),
            _ => field.wire.to_string(),
        }
    }

    fn has_below(&self, prefix: &str) -> bool {
        self.below(prefix).next().is_some()
    }

    /// The names that begin like this.
    fn below(&self, prefix: &str) -> impl Iterator<Item = &'a str> {
        let prefix = prefix.to_string();
        self.form
            .range(prefix.clone()..)
            .map(|(name, _)| name.as_str())
            .take_while(move |name| name.starts_with(&prefix))
    }

    fn value(
        &mut self,
        field: &Field,
        ty: &Type,
        name: &str,
        depth: usize,
    ) -> Result<Option<Value>, Refusal> {
        match ty {
            Type::Structure(shape) => Ok(self.members(shape, name, depth + 1)?.map(Value::Object)),
            Type::List(of) => self.list(field, of, name, depth),
            Type::Map => self.map(name),
            _ => {
                let Some((own, text)) = self.form.get_key_value(name) else { return Ok(None) };
                self.used.insert(own);
                self.scalar(field, ty, name, text).map(Some)
            }
        }
    }

    /// `Name.1`, `Name.2` of EC2; `Name.member.1` of the others. A name alone is an empty list.
    fn list(&mut self, field: &Field, of: &Type, name: &str, depth: usize) -> Result<Option<Value>, Refusal> {
        let inside = match self.service.protocol {
            Protocol::Ec2 => format!("{name}."),
            _ if self.has_below(&format!("{name}.member.")) => format!("{name}.member."),
            _ => format!("{name}."),
        };
        let mut places = BTreeSet::new();
        for below in self.below(&inside) {
            let place = below[inside.len()..].split('.').next().unwrap_or_default();
            match place.parse::<u32>() {
                Ok(place) => places.insert(place),
                Err(_) => return Err(malformed(self.service, name, below)),
            };
        }
        let mut items = Vec::new();
        for place in places {
            items.extend(self.value(field, of, &format!("{inside}{place}"), depth + 1)?);
        }
        if let Some((own, _)) = self.form.get_key_value(name).filter(|(_, text)| text.is_empty()) {
            self.used.insert(own);
            return Ok(Some(Value::Array(items)));
        }
        Ok((!items.is_empty()).then_some(Value::Array(items)))
    }

    /// `Name.entry.1.key` and `Name.entry.1.value`.
    fn map(&mut self, name: &str) -> Result<Option<Value>, Refusal> {
        let inside = format!("{name}.entry.");
        let names: Vec<&'a str> = self.below(&inside).filter(|below| below.ends_with(".key")).collect();
        let mut members = Map::new();
        for key in names {
            self.used.insert(key);
            let value = format!("{}.value", key.trim_end_matches(".key"));
            let (own, value) =
                self.form.get_key_value(&value).ok_or_else(|| missing(self.service, &value))?;
            self.used.insert(own);
            members.insert(self.form[key].clone(), Value::from(value.as_str()));
        }
        Ok((!members.is_empty()).then_some(Value::Object(members)))
    }

    fn scalar(&self, field: &Field, ty: &Type, name: &str, text: &str) -> Result<Value, Refusal> {
        match ty {
            Type::Integer => {
                text.trim().parse::<i64>().map(Value::from).map_err(|_| malformed(self.service, name, text))
            }
            Type::Double => text
                .trim()
                .parse::<serde_json::Number>()
                .map(Value::Number)
                .map_err(|_| malformed(self.service, name, text)),
            Type::Boolean => match text {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err(malformed(self.service, name, text)),
            },
            Type::String if field.base64 => {
                let bytes = BASE64_STANDARD.decode(text.trim()).ok();
                let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
                text.map(Value::from).ok_or_else(|| {
                    Refusal::new(
                        format!("Invalid{}.Malformed", field.name),
                        "Invalid BASE64 encoding of user data.",
                    )
                })
            }
            _ => Ok(Value::from(text)),
        }
    }
}

fn malformed(service: &Service, name: &str, text: &str) -> Refusal {
    let shown: String = text.chars().take(128).collect();
    match service.protocol {
        Protocol::Ec2 => {
            Refusal::new("InvalidParameterValue", format!("Value ({shown}) for parameter {name} is invalid."))
        }
        _ => Refusal::new("MalformedInput", format!("The value '{shown}' at '{name}' cannot be read")),
    }
}

fn document(status: u16, body: &str) -> Answer {
    Answer {
        status,
        content_type: "text/xml;charset=UTF-8".to_string(),
        headers: Vec::new(),
        body: format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{body}").into_bytes(),
    }
}

/// A whole answer.
pub fn answer(service: &Service, operation: &Operation, answer: &Value, id: &str) -> Answer {
    let name = operation.name;
    let mut body = format!("<{name}Response xmlns=\"{}\">", service.namespace);
    if service.protocol == Protocol::Ec2 {
        xml::text_element(&mut body, "requestId", id);
        xml::members(&mut body, Spelling::Ec2, operation.output, answer);
    } else {
        // Some empty answers have this element in AWS's models and some have none; clients pass over one too many.
        xml::element(&mut body, &format!("{name}Result"), |body| {
            xml::members(body, Spelling::Query, operation.output, answer);
        });
        xml::element(&mut body, "ResponseMetadata", |body| xml::text_element(body, "RequestId", id));
    }
    body.push_str(&format!("</{name}Response>"));
    document(200, &body)
}

/// A refusal.
pub fn refusal(service: &Service, refusal: &Refusal, id: &str) -> Answer {
    let mut body = String::new();
    let error = |body: &mut String| {
        xml::text_element(body, "Code", &refusal.code);
        xml::text_element(body, "Message", &refusal.message);
    };
    if service.protocol == Protocol::Ec2 {
        xml::element(&mut body, "Response", |body| {
            xml::element(body, "Errors", |body| xml::element(body, "Error", error));
            xml::text_element(body, "RequestID", id);
        });
    } else {
        body.push_str(&format!("<ErrorResponse xmlns=\"{}\">", service.namespace));
        xml::element(&mut body, "Error", |body| {
            xml::text_element(body, "Type", if refusal.is_senders() { "Sender" } else { "Receiver" });
            error(body);
        });
        xml::text_element(&mut body, "RequestId", id);
        body.push_str("</ErrorResponse>");
    }
    document(refusal.status, &body)
}
