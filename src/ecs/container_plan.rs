//! What a container will do: its definition, the request's overrides and its image, put together once.

use crate::ecs::durations;
use crate::ecs::task_definition::{ContainerDefinition, HealthCheck};
use crate::program::{self, OnSigterm, Program, Script};
use crate::time::SimDuration;
use crate::units::Mib;

/// What must be true of another container before this one begins (TASKDEF-29).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Condition {
    Start,
    Complete,
    Success,
    Healthy,
}

/// How ECS sees whether a container is well (TASKDEF-33).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Between the end of one check and the next.
    pub interval: SimDuration,
    /// Failures in a row until UNHEALTHY.
    pub retries: i64,
    /// From the start: failures do not count.
    pub start_period: SimDuration,
    /// What the command answers whatever the program does, such as that of `exit 1`.
    pub fixed: Option<bool>,
}

/// When a container is started again in place after its process has ended (TASKDEF-38).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestartPolicy {
    /// How long the process must have run.
    pub period: SimDuration,
    /// Exit codes after which it stays ended.
    pub ignored: Vec<i64>,
}

/// What a container will do.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The program in its image; none where the image does not exist.
    pub program: Option<&'static Program>,
    /// When it comes to an end by itself: after its start, with this exit code.
    pub ends: Option<(SimDuration, i64)>,
    /// Which containers it waits for.
    pub depends_on: Vec<(usize, Condition)>,
    /// Its health check.
    pub check: Option<Check>,
    /// Between SIGTERM and SIGKILL.
    pub stop_timeout: SimDuration,
    /// How long others wait for it.
    pub start_timeout: Option<SimDuration>,
    /// Its restart policy, where that is enabled.
    pub restart: Option<RestartPolicy>,
    /// CPU units in its definition or the request's overrides.
    pub cpu: i64,
    /// Hard limit in its definition or the request's overrides.
    pub memory: Option<i64>,
    /// Soft limit in its definition or the request's overrides.
    pub memory_reservation: Option<i64>,
    /// Its memory use beyond this ends it; see [`limit_memory`].
    pub memory_limit: Option<Mib>,
}

impl Plan {
    /// The plan for a container of these containers.
    pub fn new(definition: &ContainerDefinition, all: &[ContainerDefinition]) -> Plan {
        let image = definition.image.as_deref().unwrap_or_default();
        let program = program::find(image).ok();
        let seconds = |value: i64| SimDuration::secs(value.max(0).unsigned_abs());
        let depends_on = definition.depends_on.iter().flatten().filter_map(|dependency| {
            let index =
                all.iter().position(|other| other.name.as_deref() == Some(&dependency.container_name))?;
            let condition = match dependency.condition.as_str() {
                "COMPLETE" => Condition::Complete,
                "SUCCESS" => Condition::Success,
                "HEALTHY" => Condition::Healthy,
                _ => Condition::Start,
            };
            Some((index, condition))
        });
        Plan {
            program,
            ends: program.and_then(|program| ends(program, definition)),
            depends_on: depends_on.collect(),
            check: definition.health_check.as_ref().and_then(check),
            stop_timeout: definition.stop_timeout.map_or(durations::STOP_TIMEOUT, seconds),
            start_timeout: definition.start_timeout.map(seconds),
            restart: definition.restart_policy.as_ref().filter(|policy| policy.enabled).map(|policy| {
                RestartPolicy {
                    period: policy.restart_attempt_period.map_or(durations::RESTART_PERIOD, seconds),
                    ignored: policy.ignored_exit_codes.clone().unwrap_or_default(),
                }
            }),
            cpu: definition.cpu.unwrap_or(0),
            memory: definition.memory,
            memory_reservation: definition.memory_reservation,
            memory_limit: None,
        }
    }

    /// How the process takes SIGTERM: after how long it ends, with which exit code (LIFE-15).
    pub fn on_sigterm(&self) -> (SimDuration, i64) {
        match self.program.map(|program| program.on_sigterm) {
            Some(OnSigterm::Ends(millis, code)) if SimDuration::millis(millis) < self.stop_timeout => {
                (SimDuration::millis(millis), code)
            }
            _ => (self.stop_timeout, 137),
        }
    }

    /// How long the image takes to arrive.
    pub fn pull(&self, mb_per_second: u64) -> SimDuration {
        self.program.map_or(durations::IMAGE_NOT_FOUND, |program| {
            durations::pull(program.compressed_mb, mb_per_second)
        })
    }
}

/// Sets what each container may use: its own hard limit, and what the others leave of the task's.
pub fn limit_memory(plans: &mut [Plan], task_memory: Option<Mib>) {
    let used: Vec<u64> =
        plans.iter().map(|plan| plan.program.map_or(0, |program| program.memory_mib)).collect();
    let total: u64 = used.iter().sum();
    for (plan, own) in plans.iter_mut().zip(used) {
        let hard = plan.memory.and_then(|mib| u64::try_from(mib).ok()).filter(|mib| *mib > 0);
        let left = task_memory.map(|memory| memory.0.saturating_sub(total - own));
        plan.memory_limit = hard.into_iter().chain(left).min().map(Mib);
    }
}

fn ends(program: &'static Program, definition: &ContainerDefinition) -> Option<(SimDuration, i64)> {
    let words: Vec<String> =
        [&definition.entry_point, &definition.command].into_iter().flatten().flatten().cloned().collect();
    let runs_a_shell =
        words.first().is_some_and(|word| matches!(word.rsplit('/').next(), Some("sh" | "bash" | "ash")));
    if program.shell || runs_a_shell {
        return match program::script(&words) {
            Script::Ends(millis, code) => Some((SimDuration::millis(millis), code)),
            Script::Runs => None,
        };
    }
    program.ends.map(|(millis, code)| (SimDuration::millis(millis), code))
}

fn check(declared: &HealthCheck) -> Option<Check> {
    let command = match declared.command.split_first() {
        Some((how, _)) if how == "NONE" => return None,
        Some((_, command)) => command.join(" "),
        None => return None,
    };
    let seconds =
        |value: Option<i64>, default: i64| SimDuration::secs(value.unwrap_or(default).max(0).unsigned_abs());
    Some(Check {
        interval: seconds(declared.interval, 30),
        retries: declared.retries.unwrap_or(3),
        start_period: seconds(declared.start_period, 0),
        fixed: match command.trim() {
            "exit 0" | "true" => Some(true),
            "exit 1" | "false" => Some(false),
            _ => None,
        },
    })
}
