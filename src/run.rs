//! A script being played: its lines, the world they made, and the futures that were begun.

mod branch;
mod enter;
mod seek;

use crate::cli;
use crate::dice::Seed;
use crate::script::{self, Line, Script, ScriptError};
use crate::sim::Sim;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Record, Timeline};
use std::collections::BTreeMap;

pub use branch::Branch;
pub use enter::{Entered, Going, Waiting};

/// The longest time that one command may wait.
const LONGEST_WAIT: SimDuration = SimDuration::secs(7 * 86_400);

/// A line that was played, at its moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// When it was given.
    pub at: SimTime,
    /// The user, where it is not the student.
    pub principal: Option<String>,
    /// The command as typed.
    pub command: String,
}

/// What the terminal keeps: values, documents and who types.
#[derive(Debug, Clone, Default, PartialEq)]
struct Kept {
    values: BTreeMap<String, String>,
    documents: BTreeMap<String, String>,
}

/// A script being played.
#[derive(Debug, Clone)]
pub struct Run {
    seed: Seed,
    from: Option<String>,
    sim: Sim,
    shell: Kept,
    timeline: Timeline,
    next_line: usize,
    branches: Vec<Branch>,
    current: usize,
    redo: Vec<(usize, SimTime)>,
    /// Whether the way back is kept short by checkpoints.
    turns_back: bool,
}

impl Run {
    /// A run of this seed in which nothing has happened.
    pub fn new(seed: Seed) -> Run {
        let branch = Branch {
            parent: None,
            lines: Vec::new(),
            end: SimTime::default(),
            undone: false,
            known: Timeline::default(),
            checkpoints: Vec::new(),
        };
        let mut run = Run {
            seed,
            from: None,
            sim: Sim::new(seed),
            shell: Kept::default(),
            timeline: Timeline::default(),
            next_line: 0,
            branches: vec![branch],
            current: 0,
            redo: Vec::new(),
            turns_back: true,
        };
        run.checkpoint();
        run
    }

    /// Keeps no checkpoints from here on: a run that only goes forward needs none.
    pub fn only_forward(mut self) -> Run {
        self.turns_back = false;
        self.branches[self.current].checkpoints.clear();
        self
    }

    /// Plays a whole script.
    ///
    /// # Errors
    /// The first line that cannot be read. A line that AWS would refuse is played and refused.
    pub fn from_script(text: &str) -> Result<Run, ScriptError> {
        let script = Script::parse(text)?;
        let mut run = Run::new(script.seed);
        run.from = script.from.clone();
        run.play(&script);
        Ok(run)
    }

    /// Plays the lines of a script behind what has happened so far.
    pub fn play(&mut self, script: &Script) -> Vec<Entered> {
        script
            .lines
            .iter()
            .map(|line| {
                self.advance(line.after);
                self.enter_as(line.principal.as_deref(), &line.command)
            })
            .collect()
    }

    /// The world at the cursor.
    pub fn sim(&self) -> &Sim {
        &self.sim
    }

    /// What happened up to the cursor.
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// What is known to happen behind the cursor on this branch, if it was played before.
    pub fn known_future(&self) -> &[Record] {
        self.branches[self.current].known.records().get(self.timeline.len()..).unwrap_or_default()
    }

    /// The seed of the run.
    pub fn seed(&self) -> Seed {
        self.seed
    }

    /// The cursor's moment.
    pub fn clock(&self) -> SimTime {
        self.sim.clock()
    }

    /// How far the current branch was ever played.
    pub fn end(&self) -> SimTime {
        self.branches[self.current].end
    }

    /// The lines played up to the cursor.
    pub fn lines(&self) -> &[Played] {
        &self.branches[self.current].lines[..self.next_line]
    }

    /// Every future, in the order in which they began.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// Which branch is current.
    pub fn current_branch(&self) -> usize {
        self.current
    }

    /// Documents by name, as `file://` finds them.
    pub fn documents(&self) -> &BTreeMap<String, String> {
        &self.shell.documents
    }

    /// Values by name, as `$NAME` finds them.
    pub fn values(&self) -> &BTreeMap<String, String> {
        &self.shell.values
    }

    /// The run up to the cursor as a script, its first `skip` lines left out.
    ///
    /// Waiting is written as the time that it took.
    pub fn script_from(&self, skip: usize, begun: SimTime, from: Option<&str>) -> Script {
        let mut before = begun;
        let mut lines: Vec<Line> = Vec::new();
        for line in self.lines().iter().skip(skip) {
            lines.push(Line {
                after: line.at.since(before),
                principal: line.principal.clone(),
                command: line.command.clone(),
                number: 0,
            });
            before = line.at;
        }
        let mut rest = self.clock().since(before);
        while rest > SimDuration::default() {
            let wait = rest.min(LONGEST_WAIT);
            rest = SimDuration(rest.0 - wait.0);
            let command = format!("drydock wait {}.{:03}s", wait.0 / 1000, wait.0 % 1000);
            lines.push(Line { after: SimDuration::default(), principal: None, command, number: 0 });
        }
        Script {
            seed: self.seed,
            from: from.map(str::to_string).or_else(|| self.from.clone()),
            behaviour: script::BEHAVIOUR,
            lines,
        }
    }

    /// The whole run up to the cursor as a script.
    pub fn script(&self) -> String {
        self.script_from(0, SimTime::default(), None).to_string()
    }

    /// What could stand at the cursor of a command line.
    pub fn complete(&self, line: &str, cursor: usize) -> cli::Completion {
        cli::complete(line, cursor, self.sim.state(), &self.shell.documents)
    }
}
