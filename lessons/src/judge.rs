//! Following a run: which goals are met, since when, and why not.

pub mod verdict;

use crate::goal::Goal;
use crate::lesson::Play;
use crate::moment::{Deed, Moment, refusal, request_of};
use drydock::run::{Played, Run};
use drydock::script::ScriptError;
use drydock::{SimDuration, SimTime};
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
    marks: Vec<Mark>,
}

/// What was remembered at a moment, to go on from there when the run goes back.
#[derive(Debug, Clone)]
struct Mark {
    at: SimTime,
    lines: usize,
    deeds: usize,
    goals: Vec<(Memo, Option<SimTime>)>,
}

/// A mark is made before every line, and after so much time without one.
const MARK_EVERY: SimDuration = SimDuration::secs(5 * 60);

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
        let follower = base.clone();
        let (followed, deeds, marks) = (Vec::new(), Vec::new(), Vec::new());
        let mut judge = Judge { base, keys, goals, follower, followed, deeds, marks };
        judge.observe();
        judge.mark();
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

    /// Follows `run` to where it stands; where it went back or left the path that was followed, from the
    /// last mark that lies on its way.
    pub fn catch_up(&mut self, run: &Run) {
        let lines = run.lines().get(self.base.lines().len()..).unwrap_or_default();
        let common = lines.iter().zip(&self.followed).take_while(|(line, followed)| line == followed).count();
        if run.clock() < self.follower.clock() || common < self.followed.len() {
            let until = lines.get(common).map_or(run.clock(), |line| line.at.min(run.clock()));
            self.go_back(common, until);
        }
        for line in lines.get(self.followed.len()..).unwrap_or_default().to_vec() {
            self.pass(line.at);
            self.mark();
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

    /// Remembers how everything stands, to come back to.
    fn mark(&mut self) {
        self.marks.push(Mark {
            at: self.follower.clock(),
            lines: self.followed.len(),
            deeds: self.deeds.len(),
            goals: self.goals.iter().map(|watched| (watched.memo.clone(), watched.met_at)).collect(),
        });
    }

    /// Goes back to the last mark with at most so many lines, at this moment or before; the first mark is
    /// the start, which is before everything.
    fn go_back(&mut self, lines: usize, until: SimTime) {
        let fits = |mark: &Mark| mark.lines <= lines && mark.at <= until;
        let place = self.marks.iter().rposition(fits).unwrap_or(0);
        self.marks.truncate(place + 1);
        let Some(mark) = self.marks.last() else { return };
        self.follower.forget_after(self.base.lines().len() + mark.lines, mark.at);
        self.followed.truncate(mark.lines);
        self.deeds.truncate(mark.deeds);
        for (watched, (memo, met_at)) in self.goals.iter_mut().zip(&mark.goals) {
            watched.memo = memo.clone();
            watched.met_at = *met_at;
        }
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
            if self.marks.last().is_none_or(|mark| self.follower.clock() >= mark.at + MARK_EVERY) {
                self.mark();
            }
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
