//! What the parts of the Studio share: the run, the player, the terminal's screen, the selection.
use std::collections::VecDeque;
use std::sync::Arc;

use drydock::SimTime;
use drydock::run::{Entered, Going};
use leptos::prelude::*;

use crate::map::Selection;
use crate::run::{Player, RunHandle};
use crate::studio::{Notice, Notices, lines};

/// How many entries the terminal's screen holds.
const MOST_ENTRIES: usize = 300;

/// Something that stands on the terminal's screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Counts up; never used twice.
    pub number: u64,
    /// The moment it was printed.
    pub at: SimTime,
    /// What it is.
    pub kind: EntryKind,
    /// The text.
    pub text: String,
}

/// What stands on the terminal's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A command that was typed or clicked.
    Command,
    /// What a command printed.
    Output,
    /// What a command complained about.
    Error,
    /// A remark of the sandbox.
    Note,
}

/// The panels that share a place below the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DockTab {
    /// The command line.
    Terminal,
    /// JSON documents.
    Documents,
    /// What happened, as a list.
    Log,
}

/// The pages of a narrow screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The lesson's text and checks.
    Lesson,
    /// The map and the board.
    Map,
    /// The dock.
    Terminal,
    /// The hints of the current step.
    Hint,
}

impl Page {
    /// The word that style sheets use.
    pub fn name(self) -> &'static str {
        match self {
            Page::Lesson => "lesson",
            Page::Map => "map",
            Page::Terminal => "terminal",
            Page::Hint => "hint",
        }
    }
}

/// What the parts of the Studio share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// The run.
    pub run: RunHandle,
    /// Its time.
    pub player: Player,
    /// What is selected.
    pub selected: RwSignal<Option<Selection>>,
    /// The terminal's screen.
    pub screen: RwSignal<Vec<Entry>>,
    /// What stands on the command line.
    pub typed: RwSignal<String>,
    /// The document that is open: its name and its text, saved or not; `None` before one was opened.
    pub draft: StoredValue<Option<(String, String)>>,
    /// Commands as they were entered, oldest first.
    pub history: RwSignal<Vec<String>>,
    /// Since when a command waits.
    pub waiting: RwSignal<Option<SimTime>>,
    /// Who types, where it is not the student.
    pub acting_as: RwSignal<Option<String>>,
    /// Which panel of the dock shows.
    pub dock: RwSignal<DockTab>,
    /// Which page of a narrow screen shows.
    pub page: RwSignal<Page>,
    /// How many lines at the start of the run cannot be undone.
    pub kept_lines: RwSignal<usize>,
    /// Whether the Studio is drawn for a projector.
    pub stage: RwSignal<bool>,
    /// Which other future is shown beside this one.
    pub comparing: RwSignal<Option<usize>>,
    /// What the page is about just now, for the caption of the stage; empty in the sandbox.
    pub title: RwSignal<String>,
    /// Counts what the learner did: commands, undo, seeking.
    pub acts: RwSignal<u64>,
    /// Where it is said that this run is only watched; `None` where it is the reader's own.
    watched: Option<Notices>,
    queue: StoredValue<VecDeque<String>>,
    count: StoredValue<u64>,
}

impl Desk {
    /// A desk for this run.
    pub fn new(run: RunHandle, kept_lines: usize) -> Desk {
        Desk {
            run,
            player: Player::new(run),
            selected: RwSignal::new(None),
            screen: RwSignal::new(Vec::new()),
            typed: RwSignal::new(String::new()),
            draft: StoredValue::new(None),
            history: RwSignal::new(Vec::new()),
            waiting: RwSignal::new(None),
            acting_as: RwSignal::new(None),
            dock: RwSignal::new(DockTab::Terminal),
            page: RwSignal::new(Page::Lesson),
            kept_lines: RwSignal::new(kept_lines),
            stage: RwSignal::new(false),
            comparing: RwSignal::new(None),
            title: RwSignal::new(String::new()),
            acts: RwSignal::new(0),
            watched: None,
            queue: StoredValue::new(VecDeque::new()),
            count: StoredValue::new(0),
        }
    }

    /// A desk for a run that somebody else drives: nothing here acts on it.
    pub fn watching(run: RunHandle, notices: Notices) -> Desk {
        Desk { watched: Some(notices), ..Desk::new(run, 0) }
    }

    /// Whether the run is somebody else's.
    pub fn is_watching(self) -> bool {
        self.watched.is_some()
    }

    /// Says so and refuses, where the run is only watched.
    fn is_refused(self) -> bool {
        if let Some(notices) = self.watched {
            notices.set(Some(Notice::tell(
                "You are watching: this run is driven from outside. Take a copy into the sandbox to act or to go back.",
            )));
        }
        self.is_watching()
    }

    /// Enters a text as the learner would: each command in turn. Returns what is not finished yet.
    pub fn enter(self, text: &str) -> String {
        if self.is_refused() {
            return text.to_string();
        }
        let lines::Commands { whole, rest } = lines::split(text);
        self.queue.update_value(|queue| queue.extend(whole));
        self.go_on();
        rest
    }

    /// Enters a command for a click, in plain sight.
    pub fn enter_for_click(self, command: &str) {
        self.dock.set(DockTab::Terminal);
        self.interrupt();
        self.enter(command);
    }

    /// Runs what stands in the queue until a command waits.
    fn go_on(self) {
        while self.waiting.get_untracked().is_none() {
            let Some(command) = self.queue.try_update_value(VecDeque::pop_front).flatten() else { break };
            self.one(&command);
        }
    }

    fn one(self, command: &str) {
        self.history.update(|history| {
            history.retain(|earlier| earlier != command);
            history.push(command.to_string());
        });
        self.print(EntryKind::Command, command);
        if command.trim() == "clear" {
            return self.screen.update(Vec::clear);
        }
        if let Some(name) = command.trim().strip_prefix("act-as ") {
            let name = name.trim().to_string();
            self.print(EntryKind::Note, &format!("From here on {name} types."));
            return self.acting_as.set((name != "student").then_some(name));
        }
        let name = self.acting_as.get_untracked();
        match self.run.act(|run| run.start_as(name.as_deref(), command)) {
            Going::Done(entered) => {
                match kept_answer(command).filter(|_| entered.exit_code == 0) {
                    Some(sentence) => self.print(EntryKind::Note, &sentence),
                    None => self.show(entered),
                }
                self.acts.update(|count| *count += 1);
            }
            Going::Waits(waiting) => {
                self.waiting.set(Some(self.run.clock_untracked()));
                self.player.wait(waiting, Arc::new(move |entered| self.waited(entered)));
            }
        }
    }

    fn waited(self, entered: Entered) {
        let since = self.waiting.get_untracked().unwrap_or_default();
        self.waiting.set(None);
        let took = self.run.clock_untracked().since(since);
        self.print(EntryKind::Note, &format!("{took} of sandbox time passed."));
        self.show(entered);
        self.acts.update(|count| *count += 1);
        self.go_on();
    }

    /// Stops a command that waits, as Ctrl-C does; whether one waited.
    pub fn interrupt(self) -> bool {
        self.queue.update_value(VecDeque::clear);
        let Some(since) = self.waiting.get_untracked() else { return false };
        self.player.stop_waiting();
        self.waiting.set(None);
        let waited = self.run.clock_untracked().since(since);
        self.print(EntryKind::Note, &format!("^C, after {waited} of sandbox time."));
        self.acts.update(|count| *count += 1);
        true
    }

    fn show(self, entered: Entered) {
        if !entered.stdout.is_empty() {
            self.print(EntryKind::Output, &entered.stdout);
        }
        if !entered.stderr.is_empty() {
            self.print(EntryKind::Error, &entered.stderr);
        }
    }

    /// Puts something on the terminal's screen.
    pub fn print(self, kind: EntryKind, text: &str) {
        let number = self
            .count
            .try_update_value(|count| {
                *count += 1;
                *count
            })
            .unwrap_or_default();
        let at = self.run.clock_untracked();
        self.screen.update(|screen| {
            screen.push(Entry { number, at, kind, text: text.trim_end_matches('\n').to_string() });
            if screen.len() > MOST_ENTRIES {
                screen.drain(..screen.len() - MOST_ENTRIES);
            }
        });
    }

    /// Goes to a moment.
    pub fn seek(self, to: SimTime) {
        if self.is_refused() {
            return;
        }
        self.interrupt();
        self.player.pause();
        self.run.act(|run| run.seek(to));
        self.acts.update(|count| *count += 1);
    }

    /// Goes to the next thing that happens.
    pub fn step(self) {
        if self.is_refused() {
            return;
        }
        self.interrupt();
        self.player.pause();
        if !self.run.act(drydock::run::Run::step_event) {
            self.print(EntryKind::Note, "Nothing is about to happen. Give a command, or let time pass.");
        }
        self.acts.update(|count| *count += 1);
    }

    /// Takes the last command back.
    pub fn undo(self) {
        if self.is_refused() {
            return;
        }
        self.interrupt();
        self.player.pause();
        let kept = self.kept_lines.get_untracked();
        match self.run.act(|run| run.undo(kept)) {
            Some(command) => {
                let first = command.lines().next().unwrap_or_default();
                self.print(EntryKind::Note, &format!("Undone: {first}"));
            }
            None => self.print(EntryKind::Note, "There is nothing to undo."),
        }
        self.acts.update(|count| *count += 1);
    }

    /// Takes the last undo back.
    pub fn redo(self) {
        if self.is_refused() {
            return;
        }
        self.interrupt();
        self.player.pause();
        if self.run.act(drydock::run::Run::redo) {
            self.print(EntryKind::Note, "Done again.");
        }
        self.acts.update(|count| *count += 1);
    }

    /// Goes to another future.
    pub fn switch(self, branch: usize) {
        if self.is_refused() {
            return;
        }
        self.interrupt();
        self.player.pause();
        self.run.act(|run| run.switch(branch));
        self.acts.update(|count| *count += 1);
    }
}

/// What is said in the place of the JSON when a learner answers a question.
fn kept_answer(command: &str) -> Option<String> {
    let mut words = command.strip_prefix("drydock answer ")?.split_whitespace();
    let (_, answer) = (words.next()?, words.next()?);
    words.next().is_none().then(|| format!("Your answer is kept: {answer}."))
}

#[cfg(test)]
mod tests {
    use super::kept_answer;

    #[test]
    fn an_answer_is_one_plain_line() {
        assert_eq!(kept_answer("drydock answer q1 two").as_deref(), Some("Your answer is kept: two."));
        assert_eq!(kept_answer("drydock answer q1 two --output text"), None);
        assert_eq!(kept_answer("drydock wait 5m"), None);
    }
}
