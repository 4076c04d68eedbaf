//! A script being played: waiting, seeking, undo, branches and checkpoints.

use crate::cli::{self, CliError, Command};
use crate::dice::Seed;
use crate::error::{ApiError, PARAM_VALIDATION};
use crate::operation::{Operation, Principal};
use crate::script::{self, Line, Script, ScriptError, Shell};
use crate::sim::{Call, Sim};
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Record, Timeline};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest time that one command may wait.
const LONGEST_WAIT: SimDuration = SimDuration::secs(7 * 86_400);
/// How many checkpoints a branch keeps before it drops every second of the older ones.
const MOST_CHECKPOINTS: usize = 48;
/// A checkpoint is made after so many new records or lines, or so much time.
const CHECKPOINT_EVERY: usize = 150;
const CHECKPOINT_TIME: SimDuration = SimDuration::secs(15 * 60);
/// How many events happen before a checkpoint may be due.
const EVENTS_AT_ONCE: u32 = 2000;

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

/// A future: the lines from the start of the run, and where it left another branch.
#[derive(Debug, Clone)]
pub struct Branch {
    /// The branch that it left, and when.
    pub parent: Option<(usize, SimTime)>,
    /// Every line from the start of the run.
    pub lines: Vec<Played>,
    /// How far it was ever played.
    pub end: SimTime,
    /// Whether it was left behind by an undo.
    pub undone: bool,
    known: Timeline,
    checkpoints: Vec<Arc<Checkpoint>>,
}

#[derive(Debug)]
struct Checkpoint {
    sim: Sim,
    shell: Kept,
    records: usize,
    next_line: usize,
}

/// What the terminal keeps: values, documents and who types.
#[derive(Debug, Clone, Default, PartialEq)]
struct Kept {
    values: BTreeMap<String, String>,
    documents: BTreeMap<String, String>,
}

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
        let (command, keep) = match script::shell(text, &self.shell.values) {
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
                self.note(principal.as_deref(), text);
                let answer = self.call(principal.as_deref(), &request, text);
                let mut entered: Entered = match request.print(&answer) {
                    Ok(stdout) => Entered { stdout, ..Entered::default() },
                    Err(error) => error.into(),
                };
                self.keep(keep, &mut entered);
                self.arrived();
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
        // A script's line comes after everything that is due at its moment; so does this.
        self.flow(self.clock());
        if noted {
            self.note(principal, &line);
        }
        let answer = self.call(principal, &request, &line);
        self.arrived();
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

    /// Adds a line at the cursor; in the past of a branch, on a new branch.
    fn note(&mut self, principal: Option<&str>, text: &str) {
        let branch = &self.branches[self.current];
        if self.next_line < branch.lines.len() || self.clock() < branch.end {
            self.fork(false);
        }
        self.redo.clear();
        let at = self.clock();
        let branch = &mut self.branches[self.current];
        branch.lines.push(Played { at, principal: principal.map(str::to_string), command: text.to_string() });
        self.next_line = branch.lines.len();
    }

    /// Leaves the current branch at the cursor for a new one with the same past.
    fn fork(&mut self, undone: bool) {
        self.remember();
        let old = &mut self.branches[self.current];
        old.undone |= undone;
        let checkpoints = old
            .checkpoints
            .iter()
            .filter(|checkpoint| {
                checkpoint.records <= self.timeline.len() && checkpoint.next_line <= self.next_line
            })
            .cloned()
            .collect();
        let branch = Branch {
            parent: Some((self.current, self.sim.clock())),
            lines: old.lines[..self.next_line].to_vec(),
            end: self.sim.clock(),
            undone: false,
            known: Timeline::default(),
            checkpoints,
        };
        self.branches.push(branch);
        self.current = self.branches.len() - 1;
    }

    /// Lets time pass from the cursor; lines that the branch already has are played again.
    pub fn advance(&mut self, by: SimDuration) {
        self.pass(self.clock() + by);
    }

    /// As [`Run::advance`], but stops after so many events; whether it got there.
    pub fn advance_within(&mut self, by: SimDuration, events: u32) -> bool {
        let until = self.clock() + by;
        let next =
            self.branches[self.current].lines.get(self.next_line).map_or(until, |line| line.at.min(until));
        self.sim.advance(next, events, &mut self.timeline);
        let reached = self.sim.agenda().next_at().is_none_or(|due| due > next);
        if reached {
            self.pass(until);
        }
        self.arrived();
        reached
    }

    /// Goes to the next thing that happens and leaves a record; `false` when nothing is booked.
    pub fn step_event(&mut self) -> bool {
        let before = self.timeline.len();
        let line = self.branches[self.current].lines.get(self.next_line).map(|line| line.at);
        while let Some(next) = self.sim.agenda().next_at() {
            self.pass(line.map_or(next, |line| line.min(next)));
            if self.timeline.len() > before {
                return true;
            }
        }
        line.is_some_and(|line| {
            self.pass(line);
            self.timeline.len() > before
        })
    }

    /// Plays to `until`: the lines that the branch has on the way, and time.
    fn pass(&mut self, until: SimTime) {
        while let Some(line) =
            self.branches[self.current].lines.get(self.next_line).filter(|line| line.at <= until)
        {
            let line = line.clone();
            self.flow(line.at);
            self.next_line += 1;
            self.again(&line);
        }
        self.flow(until);
    }

    /// Lets time pass to `until`, with checkpoints on the way.
    fn flow(&mut self, until: SimTime) {
        let until = until.min(SimTime::MAX);
        loop {
            self.sim.advance(until, EVENTS_AT_ONCE, &mut self.timeline);
            self.arrived();
            if self.sim.agenda().next_at().is_none_or(|next| next > until) {
                break;
            }
        }
    }

    /// Plays a line that the branch already has.
    fn again(&mut self, line: &Played) {
        let (command, keep) = match script::shell(&line.command, &self.shell.values) {
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

    /// The world changed: the branch reaches at least to here, and a checkpoint may be due.
    fn arrived(&mut self) {
        let clock = self.clock();
        let branch = &mut self.branches[self.current];
        branch.end = branch.end.max(clock);
        let due = branch.checkpoints.last().is_none_or(|last| {
            self.timeline.len() >= last.records + CHECKPOINT_EVERY
                || self.next_line >= last.next_line + CHECKPOINT_EVERY
                || clock >= last.sim.clock() + CHECKPOINT_TIME
        });
        if due {
            self.checkpoint();
        }
    }

    fn checkpoint(&mut self) {
        if !self.turns_back {
            return;
        }
        let checkpoint = Arc::new(Checkpoint {
            sim: self.sim.clone(),
            shell: self.shell.clone(),
            records: self.timeline.len(),
            next_line: self.next_line,
        });
        let checkpoints = &mut self.branches[self.current].checkpoints;
        checkpoints.push(checkpoint);
        if checkpoints.len() > MOST_CHECKPOINTS {
            // The older half is thinned to every second; the first is the start of the run.
            let half = checkpoints.len() / 2;
            let mut index = 0;
            checkpoints.retain(|_| {
                index += 1;
                index > half || index % 2 == 1
            });
        }
    }

    /// Keeps the records that lie behind the cursor before the cursor goes back.
    fn remember(&mut self) {
        let branch = &mut self.branches[self.current];
        if branch.known.len() < self.timeline.len() {
            branch.known = self.timeline.clone();
        }
    }

    /// Goes to a moment of the current branch, or on to one that was not played yet.
    pub fn seek(&mut self, to: SimTime) {
        if to < self.clock() {
            self.rewind(|checkpoint| checkpoint.sim.clock() <= to);
        }
        self.pass(to);
    }

    /// Goes to where so many lines of the current branch have been played and no time since.
    fn seek_line(&mut self, lines: usize) {
        self.rewind(|checkpoint| checkpoint.next_line <= lines);
        while self.next_line < lines {
            let line = self.branches[self.current].lines[self.next_line].clone();
            self.flow(line.at);
            self.next_line += 1;
            self.again(&line);
        }
    }

    fn rewind(&mut self, fits: impl Fn(&Checkpoint) -> bool) {
        self.remember();
        let found =
            self.branches[self.current].checkpoints.iter().rev().find(|checkpoint| fits(checkpoint)).cloned();
        match found {
            Some(checkpoint) => {
                self.sim = checkpoint.sim.clone();
                self.shell = checkpoint.shell.clone();
                self.timeline.truncate(checkpoint.records);
                self.next_line = checkpoint.next_line;
            }
            None => {
                self.sim = Sim::new(self.seed);
                self.shell = Kept::default();
                self.timeline.truncate(0);
                self.next_line = 0;
            }
        }
    }

    /// Takes the last command back: the world is as it was before it. What it led to stays as a branch.
    ///
    /// Returns the command, or `None` when there is none. A lesson's start has `kept` lines that stay.
    pub fn undo(&mut self, kept: usize) -> Option<String> {
        let last = self.next_line.checked_sub(1).filter(|last| *last >= kept)?;
        let undone = self.branches[self.current].lines[last].clone();
        let back = (self.current, self.clock());
        self.seek_line(last);
        self.flow(undone.at);
        self.fork(true);
        self.redo.push(back);
        Some(undone.command)
    }

    /// Takes the last undo back.
    pub fn redo(&mut self) -> bool {
        let Some((branch, clock)) = self.redo.pop() else { return false };
        let redo = std::mem::take(&mut self.redo);
        self.switch(branch);
        self.seek(clock);
        self.branches[branch].undone = false;
        self.redo = redo;
        true
    }

    /// Whether there is an undo to take back.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Goes to the end of another branch; `false` when there is none of this number.
    pub fn switch(&mut self, branch: usize) -> bool {
        if branch >= self.branches.len() {
            return false;
        }
        self.remember();
        self.redo.clear();
        self.current = branch;
        self.timeline = self.branches[branch].known.clone();
        let end = self.branches[branch].end;
        self.rewind(|_| true);
        self.pass(end);
        true
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
