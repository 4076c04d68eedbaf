//! What a line does: it is read, noted, done, and printed.

use super::{LONGEST_WAIT, Played, Run};
use crate::cli::{self, CliError, Command};
use crate::error::{ApiError, PARAM_VALIDATION};
use crate::operation::{Operation, Principal};
use crate::script::{self, Shell};
use crate::sim::Call;
use crate::time::{SimDuration, SimTime};
use serde_json::Value;
use std::collections::BTreeMap;

/// What a command printed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entered {
    /// What it printed.
    pub stdout: String,
    /// What it complained about, as the AWS CLI words it.
    pub stderr: String,
    /// 0 when all went well, else the AWS CLI's exit code.
    pub exit_code: i32,
}

/// A command that waits for simulated time to pass.
#[derive(Debug)]
pub struct Waiting {
    until: SimTime,
    waiter: Option<(Box<cli::Waiter>, u32)>,
}

/// How a command goes on.
#[derive(Debug)]
pub enum Going {
    /// It is over.
    Done(Entered),
    /// It waits; [`Run::resume`] lets the time pass.
    Waits(Waiting),
}

impl Waiting {
    /// Until when it waits before it looks again.
    pub fn until(&self) -> SimTime {
        self.until
    }
}

impl Run {
    /// Does what a line says, at the cursor, and waits as long as it waits.
    pub fn enter(&mut self, text: &str) -> Entered {
        self.enter_as(None, text)
    }

    /// Does what a line says, as this user.
    pub fn enter_as(&mut self, principal: Option<&str>, text: &str) -> Entered {
        let mut going = self.start_as(principal, text);
        loop {
            match going {
                Going::Done(entered) => return entered,
                Going::Waits(waiting) => going = self.resume(waiting, SimDuration(u64::MAX)),
            }
        }
    }

    /// Begins what a line says; a command that waits comes back before time has passed.
    ///
    /// In the past of a branch this begins a new branch; the old future is kept.
    pub fn start(&mut self, text: &str) -> Going {
        self.start_as(None, text)
    }

    /// As [`Run::start`], as this user.
    pub fn start_as(&mut self, principal: Option<&str>, text: &str) -> Going {
        let (principal, text) = match text.trim_start().strip_prefix("as ") {
            Some(named) => {
                let (name, command) =
                    named.trim_start().split_once(char::is_whitespace).unwrap_or((named, ""));
                (Some(name.to_string()), command.trim())
            }
            None => (principal.map(str::to_string), text.trim()),
        };
        let line = script::shell(text, &self.shell.values)
            .and_then(|line| script::settled(line, &self.shell.values, &self.shell.documents));
        let (command, keep) = match line {
            Err(message) => return Going::Done(Entered::failed(format!("drydock: {message}"), 2)),
            Ok(Shell::Nothing) => return Going::Done(Entered::default()),
            Ok(Shell::Put { name, text: body }) => {
                self.note(principal.as_deref(), text);
                self.shell.documents.insert(name, body);
                return Going::Done(Entered::default());
            }
            Ok(Shell::Let { name, value }) => {
                self.note(principal.as_deref(), text);
                self.shell.values.insert(name, value);
                return Going::Done(Entered::default());
            }
            Ok(Shell::Keep { name, command }) => match script::shell(&command, &self.shell.values) {
                Ok(Shell::Words(words)) => (cli::parse(&words, &self.shell.documents), Some(name)),
                Ok(_) => {
                    return Going::Done(Entered::failed("drydock: $( ) takes one command".to_string(), 2));
                }
                Err(message) => return Going::Done(Entered::failed(format!("drydock: {message}"), 2)),
            },
            Ok(Shell::Words(words)) => (cli::parse(&words, &self.shell.documents), None),
        };
        match command {
            Err(error) => Going::Done(error.into()),
            Ok(Command::Help(stdout)) => Going::Done(Entered { stdout, ..Entered::default() }),
            Ok(Command::Pass(span)) => {
                if span > LONGEST_WAIT {
                    return Going::Done(Entered::failed(
                        "drydock: one wait takes 7 days at most".to_string(),
                        2,
                    ));
                }
                Going::Waits(Waiting { until: self.clock() + span, waiter: None })
            }
            Ok(Command::Waiter(waiter)) => {
                let until = self.clock();
                self.poll(Waiting { until, waiter: Some((Box::new(waiter), 0)) })
            }
            Ok(Command::Call(request)) => {
                // A script's line comes after everything that is due at its moment; so does this.
                self.flow(self.clock());
                self.note(principal.as_deref(), text);
                let answer = self.call(principal.as_deref(), &request, text);
                let mut entered: Entered = match request.print(&answer) {
                    Ok(stdout) => Entered { stdout, ..Entered::default() },
                    Err(error) => error.into(),
                };
                self.keep(keep, &mut entered);
                self.flow(self.clock());
                Going::Done(entered)
            }
        }
    }

    /// Does what a client asks for, at the cursor. The line that asks for the same becomes part of the
    /// script when it is `noted`; what changes anything has to be.
    ///
    /// # Errors
    /// What AWS would have refused with.
    pub fn ask(
        &mut self,
        principal: Option<&str>,
        operation: &'static Operation,
        input: &Value,
        noted: bool,
    ) -> Result<Value, ApiError> {
        let line = cli::line(operation, input);
        let refuse = |why| Err(ApiError::new(PARAM_VALIDATION, why, crate::ecs::rules::API_FIELDS));
        // What is done is what the line says, so that the script does the same again.
        let request = match script::shell(&line, &BTreeMap::new()) {
            Ok(Shell::Words(words)) => match cli::parse(&words, &BTreeMap::new()) {
                Ok(Command::Call(request)) => request,
                Ok(_) => return refuse(format!("{} cannot be asked for in this way", operation.name)),
                Err(error) => return refuse(error.text),
            },
            Ok(_) => return refuse(format!("{} cannot be asked for in this way", operation.name)),
            Err(message) => return refuse(message),
        };
        // Time that was let pass a part at a time may have stopped in the middle of this moment.
        self.flow(self.clock());
        if noted {
            self.note(principal, &line);
        }
        let answer = self.call(principal, &request, &line);
        self.flow(self.clock());
        answer
    }

    /// Lets time pass for a waiting command, `most` at most.
    pub fn resume(&mut self, waiting: Waiting, most: SimDuration) -> Going {
        let until = waiting.until.min(self.clock() + most);
        self.pass(until);
        if self.clock() < waiting.until {
            return Going::Waits(waiting);
        }
        if waiting.waiter.is_some() { self.poll(waiting) } else { Going::Done(Entered::default()) }
    }

    /// Asks a waiter's question once.
    fn poll(&mut self, mut waiting: Waiting) -> Going {
        let Some((waiter, tried)) = &mut waiting.waiter else { return Going::Done(Entered::default()) };
        let answer = self.call(None, &waiter.request, "");
        *tried += 1;
        match waiter.judge(&answer) {
            cli::Judgement::Done => Going::Done(Entered::default()),
            cli::Judgement::Failed(text) => Going::Done(Entered::failed(text, 255)),
            cli::Judgement::Again if *tried >= waiter.tries => {
                Going::Done(Entered::failed(waiter.gave_up(), 255))
            }
            cli::Judgement::Again => {
                waiting.until = self.clock() + waiter.interval;
                Going::Waits(waiting)
            }
        }
    }

    fn call(
        &mut self,
        principal: Option<&str>,
        request: &cli::Request,
        typed: &str,
    ) -> Result<Value, ApiError> {
        let principal = principal.map_or_else(Principal::student, Principal::user);
        request.ask(|input| {
            let call = Call { principal: &principal, operation: request.operation, input, typed };
            self.sim.call(call, &mut self.timeline)
        })
    }

    fn keep(&mut self, name: Option<String>, entered: &mut Entered) {
        if let Some(name) = name.filter(|_| entered.exit_code == 0) {
            self.shell.values.insert(name, entered.stdout.trim_end().to_string());
            entered.stdout.clear();
        }
    }

    /// Plays a line that the branch already has.
    pub(super) fn again(&mut self, line: &Played) {
        let told = script::shell(&line.command, &self.shell.values)
            .and_then(|told| script::settled(told, &self.shell.values, &self.shell.documents));
        let (command, keep) = match told {
            Ok(Shell::Put { name, text }) => {
                self.shell.documents.insert(name, text);
                return;
            }
            Ok(Shell::Let { name, value }) => {
                self.shell.values.insert(name, value);
                return;
            }
            Ok(Shell::Keep { name, command }) => (script::shell(&command, &self.shell.values), Some(name)),
            other => (other, None),
        };
        let Ok(Shell::Words(words)) = command else { return };
        let Ok(Command::Call(request)) = cli::parse(&words, &self.shell.documents) else { return };
        let answer = self.call(line.principal.as_deref(), &request, &line.command);
        if keep.is_some() {
            let mut entered = request
                .print(&answer)
                .map_or_else(Entered::from, |stdout| Entered { stdout, ..Entered::default() });
            self.keep(keep, &mut entered);
        }
    }
}

impl Entered {
    fn failed(stderr: String, exit_code: i32) -> Entered {
        Entered { stdout: String::new(), stderr, exit_code }
    }
}

impl From<CliError> for Entered {
    fn from(error: CliError) -> Entered {
        Entered::failed(error.text, error.exit_code)
    }
}
