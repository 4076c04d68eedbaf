//! A request in, an answer out: everything but sockets.

use crate::account::Account;
use crate::answer::{Answer, Refusal, unknown_operation};
use crate::json;
use crate::route::{self, Form, Route};
use crate::services::{Protocol, Service};
use crate::world::World;
use axum::http::request::Parts;
use drydock::Operation;
use drydock::arn::REGION;
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
        let answer = self.ask(service, route::principal(&scope), operation, input)?;
        Ok(write(service, operation, answer, id))
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
            Err(error) => {
                let mut refusal = Refusal::of(service, error);
                refusal.message = self.account.swap_text(refusal.message);
                Err(refusal)
            }
        }
    }
}

fn read(service: &Service, operation: &Operation, _form: &Form, body: &[u8]) -> Result<Value, Refusal> {
    json::read(service, operation.input, body)
}

fn write(service: &Service, operation: &Operation, answer: Value, _id: &str) -> Answer {
    match service.protocol {
        Protocol::Json(version) => json::answer(version, operation.output, answer),
        _ => json::answer("1.1", operation.output, answer),
    }
}

fn refuse(service: Option<&Service>, refusal: &Refusal, _id: &str, query_mode: bool) -> Answer {
    match service.map(|service| service.protocol) {
        Some(Protocol::Json(version)) => json::refusal(version, refusal, query_mode),
        _ => json::refusal("1.1", refusal, query_mode),
    }
}
