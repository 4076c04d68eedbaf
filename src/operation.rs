//! What an operation is: a row that the terminal, completion, validation and coverage all read.

use crate::agenda::Agenda;
use crate::dice::Dice;
use crate::error::{ApiError, PARAM_VALIDATION};
use crate::event::Event;
use crate::rules::Rule;
use crate::shape::{Shape, Structure};
use crate::state::State;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, Record, RecordId, RecordKind, Subject, Timeline, Verdict};
use serde_json::Value;

/// Who makes a request.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Principal {
    /// The ARN of the user or role.
    pub arn: String,
}

impl Principal {
    /// The person at the terminal.
    pub fn student() -> Principal {
        Principal::user("student")
    }

    /// The IAM user of this name in the sandbox's account.
    pub fn user(name: &str) -> Principal {
        Principal { arn: format!("arn:aws:iam::{}:user/{name}", crate::arn::ACCOUNT) }
    }

    /// The user's or role's own name.
    pub fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or(&self.arn)
    }
}

/// An operation of an API: what it is called, what it takes, and what it does.
pub struct Operation {
    /// The service as the CLI names it: `ecs`, `ec2`, `drydock`.
    pub service: &'static str,
    /// AWS's name: `RunTask`.
    pub name: &'static str,
    /// The request, with what it means as its documentation.
    pub input: &'static Shape,
    /// The answer.
    pub output: &'static Shape,
    /// What the operation does, in one sentence.
    pub doc: &'static str,
    /// How it is done.
    pub handler: Handler,
}

/// How an operation is done: looking changes nothing, by type.
pub enum Handler {
    /// Looks at the world.
    Look(fn(&Look<'_>, &Value) -> Result<Value, ApiError>),
    /// Changes the world, or refuses and leaves it as it was.
    Act(fn(&mut Cx<'_>, &Value) -> Result<Value, ApiError>),
}

/// Declares a service's operations, a row each.
///
/// `look` rows call `fn(&Look, Request) -> Result<Answer, ApiError>`,
/// `act` rows `fn(&mut Cx, Request) -> Result<Answer, ApiError>`.
#[macro_export]
macro_rules! operations {
    ($service:literal: $( $mode:ident $name:literal $module:ident::$verb:ident, $request:ident => $answer:ident, $doc:literal; )*) => {
        &[ $( $crate::operation::Operation {
            service: $service,
            name: $name,
            input: &<$module::$request as $crate::shape::Structure>::SHAPE,
            output: &<$module::$answer as $crate::shape::Structure>::SHAPE,
            doc: $doc,
            handler: $crate::operations!(@$mode $service, $module, $verb, $module::$request),
        } ),* ]
    };
    // A function with the verb's name, by which the built module tells the operations apart.
    (@look $service:literal, $module:ident, $verb:ident, $request:ty) => {{
        fn $verb(cx: &$crate::operation::Look<'_>, input: &serde_json::Value) -> Result<serde_json::Value, $crate::error::ApiError> {
            Ok($crate::shape::write(&$module::$verb(cx, $crate::operation::request::<$request>($service, input)?)?))
        }
        $crate::operation::Handler::Look($verb)
    }};
    (@act $service:literal, $module:ident, $verb:ident, $request:ty) => {{
        fn $verb(cx: &mut $crate::operation::Cx<'_>, input: &serde_json::Value) -> Result<serde_json::Value, $crate::error::ApiError> {
            Ok($crate::shape::write(&$module::$verb(cx, $crate::operation::request::<$request>($service, input)?)?))
        }
        $crate::operation::Handler::Act($verb)
    }};
}

/// Reads a request, or refuses it: first as AWS's clients do before sending it, then as the service
/// does when a value is not one of the few that its field may have.
pub fn request<T: Structure>(service: &str, input: &Value) -> Result<T, ApiError> {
    let request = crate::shape::read(input).map_err(|issues| {
        ApiError::new(PARAM_VALIDATION, issues.join("\n"), crate::ecs::rules::API_FIELDS)
    })?;
    match crate::shape::stray_value(&T::SHAPE, input) {
        None => Ok(request),
        Some(message) => Err(ApiError::new(stray_value_code(service), message, crate::ecs::rules::ENUMS)),
    }
}

/// What a service calls a value that is not one of the few that its field may have.
fn stray_value_code(service: &str) -> &'static str {
    match service {
        "ecs" | "drydock" => "InvalidParameterException",
        "ec2" => "InvalidParameterValue",
        "autoscaling" | "cloudwatch" | "elbv2" | "iam" | "sns" | "sts" => "ValidationError",
        _ => "ValidationException",
    }
}

/// Every operation that exists.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    [
        crate::ecs::api::OPERATIONS,
        crate::ec2::api::OPERATIONS,
        crate::autoscaling::api::OPERATIONS,
        crate::cloudwatch::api::OPERATIONS,
        crate::sts::OPERATIONS,
        crate::sandbox::api::OPERATIONS,
    ]
    .into_iter()
    .flatten()
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.service, self.name)
    }
}

impl Operation {
    /// The operation of this service and name.
    pub fn find(service: &str, name: &str) -> Option<&'static Operation> {
        operations().find(|operation| operation.service == service && operation.name == name)
    }

    /// Whether it only looks.
    pub fn reads_only(&self) -> bool {
        matches!(self.handler, Handler::Look(_))
    }
}

/// What a reading operation sees.
pub struct Look<'a> {
    /// Who asks.
    pub principal: &'a Principal,
    /// When.
    pub clock: SimTime,
    /// The world.
    pub state: &'a State,
}

/// What an operation or an event works with.
pub struct Cx<'a> {
    /// Who asks; for events, the service that acts.
    pub principal: &'a Principal,
    /// Now.
    pub clock: SimTime,
    /// The world.
    pub state: &'a mut State,
    /// What will happen.
    pub agenda: &'a mut Agenda,
    /// Seeded chance.
    pub dice: &'a mut Dice,
    /// What happened.
    pub timeline: &'a mut Timeline,
    /// The record that what happens now is caused by.
    pub cause: Option<RecordId>,
}

impl Cx<'_> {
    /// Puts a record on the timeline, caused by [`Cx::cause`], and says where it stands.
    pub fn record(
        &mut self,
        kind: RecordKind,
        subject: Subject,
        text: impl Into<String>,
        rule: &'static Rule,
    ) -> RecordId {
        self.record_decision(kind, subject, text, rule, Vec::new())
    }

    /// Puts a record with verdicts on the timeline.
    pub fn record_decision(
        &mut self,
        kind: RecordKind,
        subject: Subject,
        text: impl Into<String>,
        rule: &'static Rule,
        verdicts: Vec<Verdict>,
    ) -> RecordId {
        self.timeline.append(Record {
            at: self.clock,
            kind,
            subject,
            text: text.into(),
            rule: Some(rule),
            cause: self.cause,
            verdicts,
        })
    }

    /// Runs `act` with what it does caused by `cause`.
    pub fn because<T>(&mut self, cause: RecordId, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.cause.replace(cause);
        let result = act(self);
        self.cause = before;
        result
    }

    /// Books an event `after` now, caused by what happens now.
    pub fn book(&mut self, after: SimDuration, event: Event) {
        self.agenda.book(self.clock + after, event, self.cause);
    }

    /// What a reading operation would see now.
    pub fn look(&self) -> Look<'_> {
        Look { principal: self.principal, clock: self.clock, state: self.state }
    }
}

/// A resource by kind and id, for records.
pub fn subject(kind: Kind, id: impl ToString) -> Subject {
    Subject::new(kind, id.to_string())
}

/// The one gate that every request passes: may this principal do this?
///
/// It allows everything for now, and says so in the fidelity ledger.
///
/// # Errors
/// None yet; `AccessDeniedException` once identities are simulated.
pub fn authorize(
    _principal: &Principal,
    _operation: &Operation,
    _input: &Value,
    _state: &State,
) -> Result<(), ApiError> {
    Ok(())
}

/// How the record of a call is marked: faults are marked as such.
pub fn record_kind(operation: &Operation) -> RecordKind {
    match (operation.service, operation.name) {
        ("drydock", "Fail" | "Kill" | "DockerKill") => RecordKind::Fault,
        ("drydock", "Answer") => RecordKind::Answer,
        _ => RecordKind::Command,
    }
}
