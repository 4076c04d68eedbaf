//! Refusals: AWS's code, AWS's message, and the rule behind it.

use crate::rules::Rule;
use std::fmt;

/// A request AWS would have refused. The state is as it was before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    /// AWS's own name for the error, such as `ClusterNotFoundException`.
    pub code: &'static str,
    /// What AWS would have said, with the learner's own names in it.
    pub message: String,
    /// The behaviour that refused it.
    pub rule: &'static Rule,
    /// More than AWS says, for the timeline: where the mistake is.
    pub hint: Option<String>,
}

/// The code of a request that a client refuses before sending it.
///
/// AWS's clients word this as `Parameter validation failed:` and the issues, a line each.
pub const PARAM_VALIDATION: &str = "ParamValidation";

impl ApiError {
    /// A refusal with this code.
    pub fn new(code: &'static str, message: impl Into<String>, rule: &'static Rule) -> ApiError {
        ApiError { code, message: message.into(), rule, hint: None }
    }

    /// The same refusal, with more than AWS says.
    pub fn hint(mut self, hint: impl Into<String>) -> ApiError {
        self.hint = Some(hint.into());
        self
    }

    /// A `ClientException`: the usual name for semantic errors of ECS (API-03).
    pub fn client(message: impl Into<String>, rule: &'static Rule) -> ApiError {
        ApiError::new("ClientException", message, rule)
    }

    /// An `InvalidParameterException`: a malformed or inapplicable parameter (API-03).
    pub fn invalid(message: impl Into<String>, rule: &'static Rule) -> ApiError {
        ApiError::new("InvalidParameterException", message, rule)
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ApiError {}
