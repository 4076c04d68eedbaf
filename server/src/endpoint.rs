//! A request in, an answer out: everything but sockets.

use crate::account::Account;
use crate::answer::{Answer, Refusal, unknown_operation};
use crate::form;
use crate::json;
use crate::rest;
use crate::route::{self, Form, Route};
use crate::services::{Protocol, Service};
use crate::world::World;
use axum::http::request::Parts;
use drydock::arn::REGION;
use drydock::{ApiError, Call, Operation, Principal, Timeline};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;
use tokio::sync::watch;

/// A world, and how it is asked.
#[derive(Debug)]
pub struct Endpoint {
    world: Mutex<World>,
    account: Account,
    changed: watch::Sender<()>,
}

impl Endpoint {
    /// An endpoint of this world; the account is the engine's own unless a number is given.
    pub fn new(world: World, account: Option<String>) -> Endpoint {
        Endpoint { world: Mutex::new(world), account: Account::new(account), changed: watch::Sender::new(()) }
    }

    /// The world; whoever has it keeps everybody else waiting.
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account as clients see it.
    pub(crate) fn account(&self) -> &Account {
        &self.account
    }

    /// Tells those who watch that something happened.
    pub(crate) fn tell(&self) {
        self.changed.send_replace(());
    }

    /// Hears whenever something happened.
    pub(crate) fn watch(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Answers a request of an AWS client.
    pub fn answer(&self, parts: &Parts, body: &[u8]) -> Answer {
        let id = self.world().request_id();
        let query_mode = parts.headers.contains_key("x-amzn-query-mode");
        let mut answer = match route::find(parts, body) {
            Err((service, lost)) => refuse(service, &lost, &id, query_mode),
            Ok(route) => {
                // A bug of ours is one client's bad luck, and everybody else is served on.
                let done = catch_unwind(AssertUnwindSafe(|| self.done(parts, body, &route, &id)));
                let done = done.unwrap_or_else(|_| {
                    let message = "The simulation failed here; this is a fault of its own.";
                    Err(Refusal::new("InternalFailure", message).with_status(500))
                });
                done.unwrap_or_else(|refusal| refuse(Some(route.service), &refusal, &id, query_mode))
            }
        };
        answer.headers.push(("x-amzn-requestid", id));
        answer
    }

    /// Refuses a request before anything of it was done, in the protocol of the client as far as its
    /// headers tell.
    pub(crate) fn refuse(&self, parts: &Parts, refusal: &Refusal) -> Answer {
        let id = self.world().request_id();
        let service = match route::find(parts, b"") {
            Ok(route) => Some(route.service),
            Err((service, _)) => service,
        };
        let query_mode = parts.headers.contains_key("x-amzn-query-mode");
        let mut answer = refuse(service, refusal, &id, query_mode);
        answer.headers.push(("x-amzn-requestid", id));
        answer
    }

    fn done(&self, parts: &Parts, body: &[u8], route: &Route, id: &str) -> Result<Answer, Refusal> {
        let service = route.service;
        let scope = route::scope(parts);
        if let Some(region) = scope.region.filter(|region| *region != REGION) {
            let code = match service.protocol {
                Protocol::Json(_) | Protocol::RestJson => "InvalidSignatureException",
                Protocol::Query => "SignatureDoesNotMatch",
                Protocol::Ec2 => "AuthFailure",
            };
            let shown: String = region.chars().take(64).collect();
            let message = format!(
                "Credential should be scoped to a valid Region, not '{shown}'. This world has one Region, {REGION}."
            );
            return Err(Refusal::new(code, message).with_status(403));
        }
        let operation = Operation::find(service.name, &route.operation)
            .ok_or_else(|| unknown_operation(service, &route.operation))?;
        let input = read(service, operation, &route.form, body)?;
        let principal = route::principal(&scope);
        if service.protocol == Protocol::Ec2 && form::is_dry_run(&route.form) {
            return Err(self.tried(service, principal, operation, input));
        }
        let answer = self.ask(service, principal, operation, input)?;
        Ok(write(service, operation, answer, id))
    }

    /// Does what a client asks for in a copy of the world, and says only whether it would have gone well.
    fn tried(
        &self,
        service: &Service,
        principal: Option<&str>,
        operation: &'static Operation,
        input: Value,
    ) -> Refusal {
        let input = self.account.swap(input);
        let mut sim = self.world().run().sim().clone();
        let principal = principal.map_or_else(Principal::student, Principal::user);
        let call = Call { principal: &principal, operation, input: &input, typed: "" };
        match sim.call(call, &mut Timeline::default()) {
            Err(error) => self.told(service, error),
            Ok(_) => {
                let message = "Request would have succeeded, but DryRun flag is set.";
                Refusal::new("DryRunOperation", message).with_status(412)
            }
        }
    }

    fn told(&self, service: &Service, error: ApiError) -> Refusal {
        let mut refusal = Refusal::of(service, error);
        refusal.message = self.account.swap_text(refusal.message);
        refusal
    }

    fn ask(
        &self,
        service: &Service,
        principal: Option<&str>,
        operation: &'static Operation,
        input: Value,
    ) -> Result<Value, Refusal> {
        let input = self.account.swap(input);
        let mut world = self.world();
        world.catch_up(Instant::now());
        let answer = world.ask(principal, operation, &input);
        drop(world);
        self.tell();
        match answer {
            Ok(answer) => Ok(self.account.swap(answer)),
            Err(error) => Err(self.told(service, error)),
        }
    }
}

fn read(service: &Service, operation: &Operation, form: &Form, body: &[u8]) -> Result<Value, Refusal> {
    match service.protocol {
        Protocol::Json(_) => json::read(service, operation.input, body),
        Protocol::Query | Protocol::Ec2 => form::read(service, operation.input, form),
        Protocol::RestJson => rest::read(service, operation.input, form, body),
    }
}

fn write(service: &Service, operation: &Operation, answer: Value, id: &str) -> Answer {
    match service.protocol {
        Protocol::Json(version) => json::answer(version, operation.output, answer),
        Protocol::Query | Protocol::Ec2 => form::answer(service, operation, &answer, id),
        Protocol::RestJson => rest::answer(operation, answer),
    }
}

/// Tells a refusal in the protocol of the service; where none was found, in the commonest.
fn refuse(service: Option<&Service>, refusal: &Refusal, id: &str, query_mode: bool) -> Answer {
    match service.map(|service| (service, service.protocol)) {
        None => json::refusal("1.1", refusal, query_mode),
        Some((_, Protocol::Json(version))) => json::refusal(version, refusal, query_mode),
        Some((service, Protocol::Query | Protocol::Ec2)) => form::refusal(service, refusal, id),
        Some((_, Protocol::RestJson)) => rest::refusal(refusal),
    }
}
