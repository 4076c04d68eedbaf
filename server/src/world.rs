//! The one world that is served: a run, how fast its time passes, and what it was asked.

use anyhow::{Context, Result, bail};
use drydock::dice::Seed;
use drydock::run::Played;
use drydock::time::{SimDuration, SimTime};
use drydock::{ApiError, Operation, Run, Script};
use serde_json::Value;
use std::collections::BTreeSet;
use std::time::Instant;

/// How many events happen before others have their turn.
const EVENTS_AT_ONCE: u32 = 2000;
/// Reads are written into the script as long as the script is not longer than this, in bytes.
const ROOM_FOR_READS: usize = 1024 * 1024;
/// How many reads in a row are remembered, so that none is written twice.
const READS_REMEMBERED: usize = 256;
/// The fastest that time may pass.
pub const FASTEST: u32 = 600;

/// What a world begins with.
#[derive(Debug, Clone)]
pub enum Start {
    /// Nothing has happened.
    Seed(u64),
    /// A script has been played.
    Script(String),
}

/// A run that is served.
#[derive(Debug)]
pub struct World {
    run: Run,
    start: Start,
    /// How many simulated milliseconds pass in a real one; 0 when time passes by request only.
    speed: u32,
    /// From when on time is reckoned: a real moment, and the simulated one that it was.
    since: (Instant, SimTime),
    reads: BTreeSet<String>,
    written: usize,
    asked: u64,
    /// How often the world was begun anew.
    begun: u64,
}

impl World {
    /// A world at its start.
    ///
    /// # Errors
    /// The first line of the script that cannot be read.
    pub fn new(start: Start, speed: u32, now: Instant) -> Result<World> {
        let run = begin(&start)?;
        let since = (now, run.clock());
        let written = run.lines().iter().map(|line| line.command.len()).sum();
        Ok(World {
            run,
            start,
            speed: speed.min(FASTEST),
            since,
            reads: BTreeSet::new(),
            written,
            asked: 0,
            begun: 0,
        })
    }

    /// Begins anew: as at the start, or with another script.
    ///
    /// # Errors
    /// The first line of the script that cannot be read; the world is then as it was.
    pub fn reset(&mut self, start: Option<Start>, now: Instant) -> Result<()> {
        let start = start.unwrap_or_else(|| self.start.clone());
        let begun = self.begun + 1;
        *self = World::new(start, self.speed, now)?;
        self.begun = begun;
        Ok(())
    }

    /// Does what a client asks for.
    ///
    /// # Errors
    /// What AWS would have refused with.
    pub fn ask(
        &mut self,
        principal: Option<&str>,
        operation: &'static Operation,
        input: &Value,
    ) -> Result<Value, ApiError> {
        let line = format!("{principal:?}{}", drydock::cli::line(operation, input));
        let noted = if operation.reads_only() { self.is_new_read(&line) } else { true };
        if noted {
            self.written += line.len();
        }
        if !operation.reads_only() {
            self.reads.clear();
        }
        self.run.ask(principal, operation, input, noted)
    }

    /// Polls need no second line: a read is written once between two changes.
    fn is_new_read(&mut self, line: &str) -> bool {
        let room = self.written < ROOM_FOR_READS && self.reads.len() < READS_REMEMBERED;
        room && self.reads.insert(line.to_string())
    }

    /// Lets the time pass that has passed outside, a part of it at a time; whether it got there.
    pub fn catch_up(&mut self, now: Instant) -> bool {
        let (then, clock) = self.since;
        let real = u64::try_from(now.saturating_duration_since(then).as_millis()).unwrap_or(u64::MAX);
        let until = clock + SimDuration(real.saturating_mul(u64::from(self.speed)));
        self.run.advance_within(until.since(self.run.clock()), EVENTS_AT_ONCE)
    }

    /// Leaves out the time that this machine had no breath for: simulated time then passes more slowly.
    pub fn forgive(&mut self, now: Instant) {
        self.since = (now, self.run.clock());
    }

    /// Lets time pass up to this moment, a part of it at a time; whether it got there.
    pub fn advance_to(&mut self, until: SimTime, now: Instant) -> bool {
        let reached = self.run.advance_within(until.since(self.run.clock()), EVENTS_AT_ONCE);
        self.since = (now, self.run.clock());
        reached
    }

    /// How fast time passes.
    pub fn speed(&self) -> u32 {
        self.speed
    }

    /// Lets time pass this fast from now on.
    pub fn set_speed(&mut self, speed: u32, now: Instant) {
        self.catch_up(now);
        self.since = (now, self.run.clock());
        self.speed = speed.min(FASTEST);
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The lines that were given so far.
    pub fn lines(&self) -> &[Played] {
        self.run.lines()
    }

    /// How often the world was begun anew.
    pub fn begun(&self) -> u64 {
        self.begun
    }

    /// The next request's id: a UUID by seed and number.
    pub fn request_id(&mut self) -> String {
        self.asked += 1;
        let high = mix(self.run.seed().0 ^ mix(self.asked));
        let low = mix(high ^ self.asked);
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 48 & 0x3fff | 0x8000,
            low & 0xffff_ffff_ffff
        )
    }
}

fn begin(start: &Start) -> Result<Run> {
    let run = match start {
        Start::Seed(seed) => Run::new(Seed(*seed)).only_forward(),
        Start::Script(text) => {
            let script = Script::parse(text).context("the script cannot be read")?;
            if let Some(lesson) = script.from {
                bail!("the script goes on from {lesson}, which is not here; a script of the sandbox will do");
            }
            Run::from_script(text).context("the script cannot be read")?.only_forward()
        }
    };
    Ok(run)
}

/// The finalizer of SplitMix64.
fn mix(bits: u64) -> u64 {
    let bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
