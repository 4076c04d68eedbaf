//! Following a run: which goals are met, since when, and why not.

pub mod verdict;

use crate::goal::Goal;
use crate::lesson::Play;
use crate::moment::{Deed, Moment, refusal, request_of};
use drydock::SimTime;
use drydock::run::{Played, Run};
use drydock::script::ScriptError;
use std::collections::BTreeMap;
use verdict::Memo;
pub use verdict::Verdict;

/// Follows a run and remembers which goals of a lesson were met, and when.
///
/// It plays the run's lines after it, event by event, so what it says does not depend on how often
/// it is asked.
#[derive(Debug, Clone)]
pub struct Judge {
    base: Run,
    keys: BTreeMap<String, String>,
    goals: Vec<Watched>,
    follower: Run,
    followed: Vec<Played>,
    deeds: Vec<Deed>,
}

/// A goal and what is remembered of it.
#[derive(Debug, Clone)]
struct Watched {
    goal: Goal,
    memo: Memo,
    met_at: Option<SimTime>,
}

/// What is said about a step now.
#[derive(Debug, Clone, PartialEq)]
pub struct StepVerdict {
    /// The step's id.
    pub step: String,
    /// When its goal was met first.
    pub met_at: Option<SimTime>,
    /// The goal now, with its reasons.
    pub now: Verdict,
    /// Which of its feedback is to be said, by place.
    pub feedback: Vec<usize>,
}

impl Judge {
    /// A judge of these goals over runs that begin with this script.
    ///
    /// # Errors
    /// The line of the start that cannot be read.
    pub fn new(start: &str, goals: Vec<Goal>, keys: BTreeMap<String, String>) -> Result<Judge, ScriptError> {
        let base = Run::from_script(start)?;
        Ok(Judge::over(base, goals, keys))
    }

    /// A judge of these goals over what follows on this run.
    pub fn over(base: Run, goals: Vec<Goal>, keys: BTreeMap<String, String>) -> Judge {
        let goals =
            goals.into_iter().map(|goal| Watched { memo: Memo::of(&goal), goal, met_at: None }).collect();
        let mut judge =
            Judge { follower: base.clone(), base, keys, goals, followed: Vec::new(), deeds: Vec::new() };
        judge.observe();
        judge
    }

    /// A judge of a play's steps, for [`Judge::steps`].
    ///
    /// # Errors
    /// The line of the start that cannot be read.
    pub fn of_play(play: &Play, keys: BTreeMap<String, String>) -> Result<Judge, ScriptError> {
        let goals = play
            .steps
            .iter()
            .flat_map(|step| {
                std::iter::once(&step.goal).chain(step.feedback.iter().map(|feedback| &feedback.when))
            })
            .cloned()
            .collect();
        Judge::new(&play.start, goals, keys)
    }

    /// The world at the start.
    pub fn start(&self) -> &Run {
        &self.base
    }

    /// Follows `run` to where it stands; where it left the path that was followed, from the start again.
    pub fn catch_up(&mut self, run: &Run) {
        let lines = run.lines().get(self.base.lines().len()..).unwrap_or_default();
        let same = run.clock() >= self.follower.clock() && lines.starts_with(&self.followed);
        if !same {
            self.restart();
        }
        for line in lines.get(self.followed.len()..).unwrap_or_default().to_vec() {
            self.pass(line.at);
            self.enter(&line);
            self.followed.push(line);
        }
        self.pass(run.clock());
    }

    /// Whether each goal was met, and when first.
    pub fn met(&self) -> Vec<Option<SimTime>> {
        self.goals.iter().map(|watched| watched.met_at).collect()
    }

    /// Each goal as it is now, with its reasons.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let moment = self.moment();
        self.goals.iter().map(|watched| verdict::explain(&watched.goal, &watched.memo, &moment)).collect()
    }

    /// What is to be said about the steps of the play that this judge was made for.
    pub fn steps(&self, play: &Play) -> Vec<StepVerdict> {
        let moment = self.moment();
        let mut goals = self.goals.iter();
        let mut steps = Vec::new();
        for step in &play.steps {
            let Some(watched) = goals.next() else { break };
            let feedback: Vec<usize> = step
                .feedback
                .iter()
                .enumerate()
                .filter_map(|(place, _)| goals.next().map(|watched| (place, watched)))
                .filter(|(_, feedback)| watched.met_at.is_none() && feedback.memo.met)
                .map(|(place, _)| place)
                .collect();
            steps.push(StepVerdict {
                step: step.id.clone(),
                met_at: watched.met_at,
                now: verdict::explain(&watched.goal, &watched.memo, &moment),
                feedback,
            });
        }
        steps
    }

    /// The run as it was followed.
    pub fn follower(&self) -> &Run {
        &self.follower
    }

    /// The moment that was followed to.
    pub fn moment(&self) -> Moment<'_> {
        Moment::new(&self.follower, self.base.timeline().len(), self.base.clock(), &self.deeds, &self.keys)
    }

    fn restart(&mut self) {
        self.follower = self.base.clone();
        self.followed.clear();
        self.deeds.clear();
        for watched in &mut self.goals {
            watched.memo = Memo::of(&watched.goal);
            watched.met_at = None;
        }
        self.observe();
    }

    /// Lets time pass, looking at every moment at which something is due.
    fn pass(&mut self, until: SimTime) {
        while self.follower.clock() < until {
            let now = self.follower.clock();
            let due = self.follower.sim().agenda().next_at().map_or(until, |next| next.max(now).min(until));
            let wake = self
                .goals
                .iter()
                .filter_map(|watched| verdict::wakes(&watched.goal, &watched.memo, self.base.clock(), now));
            let next = wake.min().map_or(due, |wake| wake.min(due));
            self.follower.advance(next.since(now));
            self.observe();
        }
    }

    fn enter(&mut self, line: &Played) {
        let request = request_of(&self.follower, &line.command);
        let entered = self.follower.enter_as(line.principal.as_deref(), &line.command);
        if let Some((operation, _, input)) = request {
            let deed = Deed { at: line.at, operation, input, refused: refusal(&entered) };
            self.deeds.push(deed);
        }
        self.observe();
    }

    fn observe(&mut self) {
        let mut goals = std::mem::take(&mut self.goals);
        let moment = self.moment();
        for watched in &mut goals {
            if verdict::step(&watched.goal, &mut watched.memo, &moment) && watched.met_at.is_none() {
                watched.met_at = Some(moment.now());
            }
        }
        self.goals = goals;
    }
}
