//! Waiters: requests that the CLI repeats until the world is as wished (DEPLOY-17).

use super::documents::Documents;
use super::{CliError, Command, Globals, Pages, Program, Request, help};
use crate::error::ApiError;
use crate::operation::Operation;
use crate::time::SimDuration;
use serde_json::Value;

/// A request to repeat until its answer satisfies.
#[derive(Debug)]
pub struct Waiter {
    /// What is asked.
    pub request: Request,
    /// How long between two tries.
    pub interval: SimDuration,
    /// How many tries.
    pub tries: u32,
    declared: &'static Declared,
}

/// What a waiter makes of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// The wait is over.
    Done,
    /// Ask again.
    Again,
    /// It will never be so; the complaint as the CLI prints it.
    Failed(String),
}

/// A waiter as AWS declares it.
#[derive(Debug)]
pub(super) struct Declared {
    pub service: &'static str,
    pub name: &'static str,
    aws_name: &'static str,
    pub operation: &'static str,
    seconds: u64,
    tries: u32,
    /// Lists and words: the wait is over when every value of the list is the word.
    done: (&'static str, &'static str),
    /// Lists and words: the wait is in vain when any value of the list is the word.
    vain: &'static [(&'static str, &'static str)],
    /// Refusals after which it is worth asking again.
    patient: &'static [&'static str],
    pub doc: &'static str,
}

const MISSING: (&str, &str) = ("failures[].reason", "MISSING");

/// The waiters that exist.
pub(super) static WAITERS: &[Declared] = &[
    Declared {
        service: "ecs",
        name: "services-inactive",
        aws_name: "ServicesInactive",
        operation: "DescribeServices",
        seconds: 15,
        tries: 40,
        // Any service that is INACTIVE is enough, as AWS declares this one.
        done: ("services[].status", "INACTIVE"),
        vain: &[MISSING],
        patient: &[],
        doc: "Waits until a service is INACTIVE: asks every 15 seconds, 40 times at most.",
    },
    Declared {
        service: "ecs",
        name: "services-stable",
        aws_name: "ServicesStable",
        operation: "DescribeServices",
        seconds: 15,
        tries: 40,
        done: (STABLE, ""),
        vain: &[MISSING, ("services[].status", "DRAINING"), ("services[].status", "INACTIVE")],
        patient: &[],
        doc: "Waits until every service has one deployment and runs as many tasks as desired: asks every 15 \
              seconds, 40 times at most.",
    },
    Declared {
        service: "ecs",
        name: "tasks-running",
        aws_name: "TasksRunning",
        operation: "DescribeTasks",
        seconds: 6,
        tries: 100,
        done: ("tasks[].lastStatus", "RUNNING"),
        vain: &[("tasks[].lastStatus", "STOPPED"), MISSING],
        patient: &[],
        doc: "Waits until every task is RUNNING: asks every 6 seconds, 100 times at most.",
    },
    Declared {
        service: "ecs",
        name: "tasks-stopped",
        aws_name: "TasksStopped",
        operation: "DescribeTasks",
        seconds: 6,
        tries: 100,
        done: ("tasks[].lastStatus", "STOPPED"),
        vain: &[],
        patient: &[],
        doc: "Waits until every task is STOPPED: asks every 6 seconds, 100 times at most.",
    },
    Declared {
        service: "ec2",
        name: "instance-running",
        aws_name: "InstanceRunning",
        operation: "DescribeInstances",
        seconds: 15,
        tries: 40,
        done: ("Reservations[].Instances[].State.Name", "running"),
        vain: &[
            ("Reservations[].Instances[].State.Name", "shutting-down"),
            ("Reservations[].Instances[].State.Name", "terminated"),
            ("Reservations[].Instances[].State.Name", "stopping"),
        ],
        patient: &["InvalidInstanceID.NotFound"],
        doc: "Waits until every instance is running: asks every 15 seconds, 40 times at most.",
    },
    Declared {
        service: "ec2",
        name: "instance-terminated",
        aws_name: "InstanceTerminated",
        operation: "DescribeInstances",
        seconds: 15,
        tries: 40,
        done: ("Reservations[].Instances[].State.Name", "terminated"),
        vain: &[
            ("Reservations[].Instances[].State.Name", "pending"),
            ("Reservations[].Instances[].State.Name", "stopping"),
        ],
        patient: &[],
        doc: "Waits until every instance is terminated: asks every 15 seconds, 40 times at most.",
    },
];

/// The condition of `services-stable`, which is more than one word in a list.
const STABLE: &str =
    "length(services[?!(length(deployments) == `1` && runningCount == desiredCount)]) == `0`";

/// The waiters of a service whose operation exists.
pub(super) fn waiters_of(service: &str) -> impl Iterator<Item = &'static Declared> {
    WAITERS.iter().filter(move |waiter| waiter.service == service && waiter.asks().is_some())
}

/// Reads `aws SERVICE wait …`.
pub(super) fn parse(
    service: &str,
    words: &[String],
    globals: &Globals,
    documents: &Documents<'_>,
) -> Result<Command, CliError> {
    let program = Program::Aws;
    let Some((name, words)) = words.split_first() else {
        return Err(program.misused("too few arguments", ""));
    };
    if name == "help" {
        return Ok(Command::Help(help::waiters(service)));
    }
    let found = waiters_of(service).find(|waiter| waiter.name == name);
    let Some((declared, operation)) = found.and_then(|waiter| Some((waiter, waiter.asks()?))) else {
        let names: Vec<String> = waiters_of(service).map(|waiter| waiter.name.to_string()).collect();
        return Err(program.no_such("subcommand", name, &names, ""));
    };
    if let [word] = words
        && word == "help"
    {
        return Ok(Command::Help(help::waiter(declared, operation)));
    }
    match super::call(program, operation, words, globals, documents)? {
        Command::Call(request) => Ok(Command::Waiter(Waiter {
            request: Request { pages: Pages::One, ..request },
            interval: SimDuration::secs(declared.seconds),
            tries: declared.tries,
            declared,
        })),
        other => Ok(other),
    }
}

impl Declared {
    /// The operation that is asked; `None` while it does not exist.
    pub(super) fn asks(&self) -> Option<&'static Operation> {
        Operation::find(self.service, self.operation)
    }
}

impl Waiter {
    /// What this answer means.
    pub fn judge(&self, answer: &Result<Value, ApiError>) -> Judgement {
        let declared = self.declared;
        let answer = match answer {
            Ok(answer) => answer,
            Err(refusal) if declared.patient.contains(&refusal.code) => return Judgement::Again,
            Err(refusal) => {
                return self.failed(&format!("An error occurred ({}): {}", refusal.code, refusal.message));
            }
        };
        for (path, word) in declared.vain {
            if values(answer, path).iter().any(|value| value.as_str() == Some(word)) {
                return self.failed(&format!(
                    "Waiter encountered a terminal failure state: For expression \"{path}\" we matched expected \
                     path: \"{word}\" at least once"
                ));
            }
        }
        let (path, word) = declared.done;
        let found = values(answer, path);
        let is_word = |value: &&Value| value.as_str() == Some(word);
        let done = match (path, declared.name) {
            (STABLE, _) => values(answer, "services[]").into_iter().all(is_stable),
            (_, "services-inactive") => found.iter().any(is_word),
            _ => !found.is_empty() && found.iter().all(is_word),
        };
        if done { Judgement::Done } else { Judgement::Again }
    }

    /// The complaint when every try was in vain.
    pub fn gave_up(&self) -> String {
        self.complaint("Max attempts exceeded")
    }

    fn failed(&self, reason: &str) -> Judgement {
        Judgement::Failed(self.complaint(reason))
    }

    fn complaint(&self, reason: &str) -> String {
        Program::Aws.fault(255, &format!("Waiter {} failed: {reason}", self.declared.aws_name)).text
    }
}

/// One deployment, and as many tasks as desired (DEPLOY-17).
fn is_stable(service: &Value) -> bool {
    let deployments = service.get("deployments").and_then(Value::as_array).map(Vec::len);
    deployments == Some(1) && service.get("runningCount") == service.get("desiredCount")
}

/// The values at a path such as `tasks[].lastStatus`.
fn values<'a>(answer: &'a Value, path: &str) -> Vec<&'a Value> {
    path.split('.').fold(vec![answer], |found, step| {
        let (name, list) = step.strip_suffix("[]").map_or((step, false), |name| (name, true));
        let inside = found.into_iter().filter_map(|value| value.get(name));
        match list {
            true => inside.filter_map(Value::as_array).flatten().collect(),
            false => inside.collect(),
        }
    })
}

/// A span of time: `30s`, `12.500s`, `5m`, `1h30m`, `90`; a year at most.
pub(super) fn span(text: &str) -> Option<SimDuration> {
    const YEAR: SimDuration = SimDuration::secs(366 * 86_400);
    if let Some(span) = crate::script::seconds(text.strip_suffix('s').unwrap_or(text)) {
        return Some(span).filter(|span| *span <= YEAR);
    }
    let mut seconds: u64 = 0;
    let mut number = String::new();
    for letter in text.chars() {
        let unit = match letter {
            '0'..='9' => {
                number.push(letter);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return None,
        };
        seconds = seconds.checked_add(number.parse::<u64>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    (!text.is_empty() && number.is_empty()).then(|| SimDuration::secs(seconds)).filter(|span| *span <= YEAR)
}
