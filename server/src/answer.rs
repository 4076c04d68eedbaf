//! What goes back to a client, and a refusal before it has the form of a protocol.

use crate::services::{Protocol, Service};
use drydock::ApiError;
use drydock::error::PARAM_VALIDATION;

/// An answer as it goes over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// What kind of body it is.
    pub content_type: String,
    /// Other headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request that is not done: AWS's code, its message, and whose fault it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status code.
    pub status: u16,
    /// AWS's name for the error.
    pub code: String,
    /// What AWS would have said.
    pub message: String,
}

impl Refusal {
    /// A client's mistake.
    pub fn new(code: impl Into<String>, message: impl Into<String>) -> Refusal {
        Refusal { status: 400, code: code.into(), message: message.into() }
    }

    /// The same with another status code.
    pub fn with_status(mut self, status: u16) -> Refusal {
        self.status = status;
        self
    }

    /// What the engine refused, in the words of this service.
    pub fn of(service: &Service, error: ApiError) -> Refusal {
        match (service.protocol, error.code) {
            (Protocol::Query, "AccessDenied") => Refusal::new(error.code, error.message).with_status(403),
            (Protocol::Ec2, "UnauthorizedOperation") => {
                Refusal::new(error.code, error.message).with_status(403)
            }
            (_, PARAM_VALIDATION) => invalid(service, error.message),
            _ => Refusal::new(error.code, error.message),
        }
    }

    /// Whether the client could have known better.
    pub fn is_senders(&self) -> bool {
        self.status < 500
    }
}

/// A value that no request of this service may have.
pub fn invalid(service: &Service, message: impl Into<String>) -> Refusal {
    let code = match (service.name, service.protocol) {
        ("ecs", _) => "InvalidParameterException",
        (_, Protocol::Json(_) | Protocol::RestJson) => "ValidationException",
        (_, Protocol::Query) => "ValidationError",
        (_, Protocol::Ec2) => "InvalidParameterValue",
    };
    Refusal::new(code, message)
}

/// A member that a request of this service must have and has not.
pub fn missing(service: &Service, place: &str) -> Refusal {
    match service.protocol {
        Protocol::Ec2 => Refusal::new(
            "MissingParameter",
            format!("The request must contain the parameter {}", place.trim_end_matches(".1")),
        ),
        _ => invalid(
            service,
            format!(
                "1 validation error detected: Value null at '{place}' failed to satisfy constraint: Member must not be null"
            ),
        ),
    }
}

/// An operation that this service does not have here.
pub fn unknown_operation(service: &Service, name: &str) -> Refusal {
    let shown: String = name.chars().take(128).collect();
    let note = format!("The operation {shown} of {} does not exist here.", service.name);
    match service.protocol {
        Protocol::Json(_) => Refusal::new("UnknownOperationException", note),
        Protocol::RestJson => Refusal::new("UnknownOperationException", note).with_status(404),
        Protocol::Query => Refusal::new(
            "InvalidAction",
            format!("Could not find operation {shown} for version {}", service.version),
        ),
        Protocol::Ec2 => {
            Refusal::new("InvalidAction", format!("The action {shown} is not valid for this web service."))
        }
    }
}
