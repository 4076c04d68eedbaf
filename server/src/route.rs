//! Which service and operation a request is for, and who asks.

use crate::answer::{Refusal, unknown_operation};
use crate::rest;
use crate::services::{self, Protocol, Service};
use axum::http::request::Parts;
use std::collections::BTreeMap;

/// The values of a form, by name; of a name that stands twice, the last.
pub type Form = BTreeMap<String, String>;

/// Where a request goes.
#[derive(Debug)]
pub struct Route {
    /// The service, in the protocol that the client speaks.
    pub service: &'static Service,
    /// The operation's name, as the client gives it.
    pub operation: String,
    /// The form, of the protocols that send one.
    pub form: Form,
}

/// What the credential scope of a request says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scope<'a> {
    /// The access key's id.
    pub access_key: Option<&'a str>,
    /// The Region.
    pub region: Option<&'a str>,
    /// The service.
    pub service: Option<&'a str>,
}

/// A header as text.
pub fn header<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name).and_then(|value| value.to_str().ok())
}

/// Reads the scope: `Credential=KEY/20260105/us-east-1/ecs/aws4_request`.
pub fn scope(parts: &Parts) -> Scope<'_> {
    let credential = header(parts, "authorization")
        .and_then(|text| text.split_once("Credential="))
        .map(|(_, rest)| rest.split([',', ' ']).next().unwrap_or_default());
    let Some(credential) = credential else { return Scope::default() };
    let mut words = credential.split('/');
    let access_key = words.next();
    let _date = words.next();
    Scope { access_key, region: words.next(), service: words.next() }
}

/// The user that an access key belongs to: `drydock-NAME` is NAME's, every other is the student's.
pub fn principal<'a>(scope: &Scope<'a>) -> Option<&'a str> {
    let name = scope.access_key?.strip_prefix("drydock-")?;
    let fits = |sign: char| sign.is_ascii_alphanumeric() || "+=.@_-".contains(sign);
    (!name.is_empty() && name.len() <= 64 && name.chars().all(fits) && name != "student").then_some(name)
}

/// A refusal, and the service in whose protocol it is told; none when no service was found.
pub type Lost = (Option<&'static Service>, Refusal);

/// Finds the service and the operation of a request: by target, by path, or by scope and form.
///
/// # Errors
/// What is not known or missing, in the codes of the protocol.
pub fn find(parts: &Parts, body: &[u8]) -> Result<Route, Lost> {
    let path = parts.uri.path();
    if let Some(target) = header(parts, "x-amz-target") {
        let (prefix, operation) = target.rsplit_once('.').unwrap_or((target, ""));
        let Some(service) = services::by_target(prefix) else {
            let message = format!("There is no service here whose targets begin with {prefix}.");
            return Err((None, Refusal::new("UnknownOperationException", message)));
        };
        return Ok(Route { service, operation: operation.to_string(), form: Form::new() });
    }
    if let Some(service) = services::by_path(path) {
        let query = parts.uri.query().unwrap_or_default();
        return match rest::find(service, parts.method.as_str(), path, query) {
            Some((operation, form)) => Ok(Route { service, operation: operation.to_string(), form }),
            None => Err((Some(service), unknown_operation(service, &format!("{} {path}", parts.method)))),
        };
    }
    let scope = scope(parts).service;
    if let Some(service) = scope.and_then(json_only) {
        return Err((Some(service), unknown_operation(service, "that X-Amz-Target does not name")));
    }
    let form = form(parts, body);
    let service = services::by_form(scope, form.get("Version").map(String::as_str));
    let Some(service) = service else {
        let message = match scope {
            Some(scope) => format!("The service {scope} is not here."),
            None => "The request names no service: by X-Amz-Target, by its path, or by the scope of its Authorization.".to_string(),
        };
        return Err((None, Refusal::new("UnknownOperationException", message)));
    };
    match form.get("Action").filter(|action| !action.is_empty()) {
        Some(action) => Ok(Route { service, operation: action.clone(), form }),
        None => Err((
            Some(service),
            Refusal::new("MissingAction", "The request must contain the parameter Action"),
        )),
    }
}

/// The service of this scope, if it is only spoken to in JSON.
fn json_only(scope: &str) -> Option<&'static Service> {
    let mut rows = services::SERVICES.iter().filter(|service| service.scope == scope);
    let first = rows.next()?;
    let is_json = |service: &Service| matches!(service.protocol, Protocol::Json(_) | Protocol::RestJson);
    (is_json(first) && rows.all(is_json)).then_some(first)
}

fn form(parts: &Parts, body: &[u8]) -> Form {
    let query = parts.uri.query().unwrap_or_default().as_bytes();
    form_urlencoded::parse(query).into_owned().chain(form_urlencoded::parse(body).into_owned()).collect()
}
