//! Futures: acting in the past begins a branch, and the old future is kept; undo is one too.

use super::seek::Checkpoint;
use super::{Played, Run};
use crate::time::SimTime;
use crate::timeline::Timeline;
use std::sync::Arc;

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
    pub(super) known: Timeline,
    pub(super) checkpoints: Vec<Arc<Checkpoint>>,
}

impl Run {
    /// Adds a line at the cursor, behind all that is due there; in the past of a branch, on a new branch.
    pub(super) fn note(&mut self, principal: Option<&str>, text: &str) {
        self.flow(self.clock());
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

    /// Begins another future at a moment, behind so many lines of the current one.
    pub fn part(&mut self, lines: usize, at: SimTime) {
        self.seek_line(lines.min(self.branches[self.current].lines.len()), at);
        self.fork(false);
        self.redo.clear();
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

    /// Keeps the records that lie behind the cursor before the cursor goes back.
    pub(super) fn remember(&mut self) {
        let branch = &mut self.branches[self.current];
        if branch.known.len() < self.timeline.len() {
            branch.known = self.timeline.clone();
        }
    }

    /// Takes the last command back: the world is as it was before it. What it led to stays as a branch.
    ///
    /// Returns the command, or `None` when there is none. A lesson's start has `kept` lines that stay.
    pub fn undo(&mut self, kept: usize) -> Option<String> {
        let last = self.next_line.checked_sub(1).filter(|last| *last >= kept)?;
        let undone = self.branches[self.current].lines[last].clone();
        let back = (self.current, self.clock());
        self.seek_line(last, undone.at);
        self.fork(true);
        self.redo.push(back);
        Some(undone.command)
    }

    /// Goes back to where so many lines had been played, at this moment, and forgets what came after.
    ///
    /// What is forgotten stays as no branch: this is for whoever follows a run, not for who plays it.
    pub fn forget_after(&mut self, lines: usize, at: SimTime) {
        self.seek_line(lines.min(self.next_line), at);
        let (records, clock) = (self.timeline.len(), self.clock());
        let branch = &mut self.branches[self.current];
        branch.lines.truncate(self.next_line);
        branch.end = clock;
        branch.known = Timeline::default();
        branch.checkpoints.retain(|checkpoint| checkpoint.is_before(records, self.next_line, clock));
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
}
