//! A caller of the engine: requests in, answers out, and time.

use drydock::dice::Seed;
use drydock::timeline::{Record, RecordKind};
use drydock::{Call, Operation, Principal, Sim, SimDuration, Timeline};
use serde_json::Value;

/// A world and whoever asks something of it.
pub struct Client {
    principal: Principal,
    sim: Sim,
    timeline: Timeline,
}

impl Client {
    /// A new world.
    pub fn new() -> Client {
        Client { principal: Principal::student(), sim: Sim::new(Seed(1)), timeline: Timeline::default() }
    }

    /// Makes a request and returns the answer, or what it was refused with.
    pub fn ask(&mut self, service: &str, operation: &str, input: &Value) -> Result<Value, String> {
        let row = Operation::find(service, operation).ok_or_else(|| format!("there is no {operation}"))?;
        let call = Call { principal: &self.principal, operation: row, input, typed: operation };
        self.sim.call(call, &mut self.timeline).map_err(|refusal| {
            let hint = refusal.hint.as_deref().unwrap_or_default();
            format!("{operation}: {refusal} {hint}").trim_end().to_string()
        })
    }

    /// Lets the next thing happen that is booked; `false` when nothing is.
    pub fn step(&mut self) -> bool {
        let Some(next) = self.sim.agenda().next_at() else { return false };
        self.sim.advance(next, 1, &mut self.timeline);
        true
    }

    /// Seconds since the world began.
    pub fn seconds(&self) -> u64 {
        self.sim.clock().0 / 1000
    }

    /// Lets so many seconds pass.
    pub fn wait(&mut self, seconds: u64) {
        let until = self.sim.clock() + SimDuration::secs(seconds);
        self.sim.advance(until, u32::MAX, &mut self.timeline);
    }

    /// Everything that happened.
    pub fn records(&self) -> &[Record] {
        self.timeline.records()
    }

    /// The engine's newest record of this kind about something whose name ends so.
    pub fn last(&self, kind: RecordKind, name: &str) -> Option<&Record> {
        self.timeline.records().iter().rev().find(|it| it.kind == kind && it.subject.id.ends_with(name))
    }
}
