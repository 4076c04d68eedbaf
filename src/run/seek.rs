//! Going through time: on by spans and events, back to any moment by checkpoints.

use super::{Kept, Run};
use crate::sim::Sim;
use crate::time::{SimDuration, SimTime};
use std::sync::Arc;

/// How many checkpoints a branch keeps before it drops every second of the older ones.
const MOST_CHECKPOINTS: usize = 48;
/// A checkpoint is made after so many new records or lines, or so much time; in a world of more tasks than
/// this, after as many records as there are tasks, since each of them is copied.
const CHECKPOINT_EVERY: usize = 150;
/// All checkpoints of a branch hold about so many tasks together, and no fewer checkpoints than some.
const MOST_CHECKPOINTED: usize = 100_000;
const LEAST_CHECKPOINTS: usize = 6;
const CHECKPOINT_TIME: SimDuration = SimDuration::secs(15 * 60);
/// How many events happen before a checkpoint may be due.
const EVENTS_AT_ONCE: u32 = 2000;

/// The world at a moment, and what the terminal kept then.
#[derive(Debug)]
pub(super) struct Checkpoint {
    sim: Sim,
    shell: Kept,
    pub(super) records: usize,
    pub(super) next_line: usize,
}

impl Checkpoint {
    /// Whether it lies on the way to where so many records and lines are, at this moment.
    pub(super) fn is_before(&self, records: usize, lines: usize, at: SimTime) -> bool {
        self.records <= records && self.next_line <= lines && self.sim.clock() <= at
    }
}

impl Run {
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
    pub(super) fn pass(&mut self, until: SimTime) {
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
    ///
    /// A run at rest has done everything that is due at its moment, so a line that is typed then comes after
    /// all of that, as it does when the run's script is played. Only [`Run::advance_within`] may leave a run
    /// in the middle of a moment.
    pub(super) fn flow(&mut self, until: SimTime) {
        let until = until.min(SimTime::MAX);
        loop {
            self.sim.advance(until, EVENTS_AT_ONCE, &mut self.timeline);
            self.arrived();
            if self.sim.agenda().next_at().is_none_or(|next| next > until) {
                break;
            }
        }
    }

    /// The world changed: the branch reaches at least to here, and a checkpoint may be due.
    pub(super) fn arrived(&mut self) {
        let clock = self.clock();
        let branch = &mut self.branches[self.current];
        branch.end = branch.end.max(clock);
        let every = CHECKPOINT_EVERY.max(self.sim.state().tasks.len());
        let due = branch.checkpoints.last().is_none_or(|last| {
            self.timeline.len() >= last.records + every
                || self.next_line >= last.next_line + CHECKPOINT_EVERY
                || clock >= last.sim.clock() + CHECKPOINT_TIME
        });
        if due {
            self.checkpoint();
        }
    }

    pub(super) fn checkpoint(&mut self) {
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
        let fitting = MOST_CHECKPOINTED / self.sim.state().tasks.len().max(1);
        if checkpoints.len() > fitting.clamp(LEAST_CHECKPOINTS, MOST_CHECKPOINTS) {
            // The older half is thinned to every second; the first is the start of the run.
            let half = checkpoints.len() / 2;
            let mut index = 0;
            checkpoints.retain(|_| {
                index += 1;
                index > half || index % 2 == 1
            });
        }
    }

    /// Goes to a moment of the current branch, or on to one that was not played yet.
    pub fn seek(&mut self, to: SimTime) {
        if to < self.clock() {
            self.rewind(|checkpoint| checkpoint.sim.clock() <= to);
        }
        self.pass(to);
    }

    /// Goes to this moment, at which so many lines of the current branch have been played.
    pub(super) fn seek_line(&mut self, lines: usize, at: SimTime) {
        self.rewind(|checkpoint| checkpoint.next_line <= lines && checkpoint.sim.clock() <= at);
        while self.next_line < lines {
            let line = self.branches[self.current].lines[self.next_line].clone();
            self.flow(line.at);
            self.next_line += 1;
            self.again(&line);
        }
        self.flow(at);
    }

    pub(super) fn rewind(&mut self, fits: impl Fn(&Checkpoint) -> bool) {
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
}
