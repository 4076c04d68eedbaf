//! Proofs 1 to 5 and 7: playing the scripts of a world.

use super::Prover;
use crate::authoring::scripts::ScriptLine;
use crate::authoring::{Lines, PlayScripts};
use crate::judge::{Judge, StepVerdict};
use crate::lesson::{Play, Step};
use crate::moment::request_of;
use drydock::run::Run;

/// A play that is being played.
pub(super) struct Playing<'a> {
    pub run: Run,
    pub judge: Judge,
    play: &'a Play,
}

impl<'a> Playing<'a> {
    pub fn new(prover: &mut Prover<'_>, base: &Run, play: &'a Play) -> Playing<'a> {
        prover.report.runs += 1;
        let goals = play
            .steps
            .iter()
            .flat_map(|step| {
                std::iter::once(&step.goal).chain(step.feedback.iter().map(|feedback| &feedback.when))
            })
            .cloned()
            .collect();
        Playing {
            run: base.clone(),
            judge: Judge::over(base.clone(), goals, prover.folder.lesson.keys()),
            play,
        }
    }

    /// Plays a line; what it complained about when it could not be understood.
    pub fn enter(&mut self, command: &str) -> Option<String> {
        let entered = self.run.enter(command);
        self.judge.catch_up(&self.run);
        // 252 and 2 are what the AWS CLI and the sandbox answer to a line that makes no sense.
        matches!(entered.exit_code, 2 | 252).then(|| first_line(entered.stderr.trim()).to_string())
    }

    pub fn steps(&self) -> Vec<StepVerdict> {
        self.judge.steps(self.play)
    }

    /// The first step that has to be met and is not.
    pub fn unmet(&self) -> Option<(&'a Step, StepVerdict)> {
        self.play
            .steps
            .iter()
            .zip(self.steps())
            .find(|(step, verdict)| !step.optional && verdict.met_at.is_none())
    }
}

impl Prover<'_> {
    /// Plays lines from a start to the end.
    pub(super) fn played<'a>(&mut self, base: &Run, play: &'a Play, commands: &[&str]) -> Playing<'a> {
        let mut playing = Playing::new(self, base, play);
        for command in commands {
            playing.enter(command);
        }
        playing
    }

    /// Proofs 1, 2 and 3, and 4 for the solution itself.
    pub(super) fn solution(&mut self, base: &Run, play: &Play, scripts: &PlayScripts) {
        let solution = &scripts.solution;
        let mut playing = Playing::new(self, base, play);
        for (step, verdict) in play.steps.iter().zip(playing.steps()) {
            if verdict.met_at.is_some() && !step.optional {
                let line = self.place("step", &step.id);
                self.fail_of(2, &step.id, "lesson.toml", line, "the start already meets this step");
            }
        }
        let needed = |line: &ScriptLine, run: &Run| changes(run, &line.command) && !line.optional;
        let mut all_met_before = None;
        let mut changing = Vec::new();
        for (at, line) in solution.lines.iter().enumerate() {
            if needed(line, &playing.run) && !self.is_free_answer(play, &playing.run, &line.command) {
                if playing.unmet().is_none() && all_met_before.is_none() {
                    all_met_before = Some(line);
                }
                changing.push(at);
            }
            if let Some(complaint) = playing.enter(&line.command) {
                self.fail(
                    1,
                    &solution.file,
                    line.number,
                    format!("this line is not understood: {complaint}"),
                );
            }
            self.false_alarm(&playing, play, &solution.file, line.number);
            self.step_is_met(&playing, play, solution, at);
        }
        self.hash(&solution.file, &playing.run);
        if let Some((step, verdict)) = playing.unmet() {
            let line = solution.lines.iter().rev().find(|line| line.step.as_ref() == Some(&step.id));
            let line = line.or(solution.lines.last()).map_or(0, |line| line.number);
            let message = format!("the solution ends and does not meet this step. {}", verdict.now.reason);
            self.fail_of(1, &step.id, &solution.file, line, message);
            return;
        }
        if let Some(line) = all_met_before {
            let message = "every step is met before this line; leave it out or mark it `# optional`";
            self.fail(3, &solution.file, line.number, message);
        }
        let changing = if self.thorough { changing } else { Vec::new() };
        for at in changing {
            let line = &solution.lines[at];
            let others: Vec<&str> = solution
                .lines
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .map(|(_, line)| line.command.as_str())
                .collect();
            if self.played(base, play, &others).unmet().is_none() {
                let step = line.step.clone().unwrap_or_default();
                let message = format!(
                    "every step is met without this line; check more, or mark it `# optional`: {}",
                    first_line(&line.command)
                );
                self.fail_of(3, &step, &solution.file, line.number, message);
            }
        }
    }

    /// The steps come in the lesson's order: a step is met when its last line was played.
    fn step_is_met(&mut self, playing: &Playing<'_>, play: &Play, solution: &Lines, at: usize) {
        let line = &solution.lines[at];
        let is_last = solution.lines.get(at + 1).is_none_or(|next| next.step != line.step);
        let Some(step) = line.step.as_ref().filter(|_| is_last) else { return };
        let place = play.steps.iter().position(|known| known.id == *step);
        let Some((place, verdict)) =
            place.and_then(|place| Some((place, playing.steps().into_iter().nth(place)?)))
        else {
            let message = format!("`# step: {step}` names no step of lesson.toml");
            self.fail(1, &solution.file, line.number, message);
            return;
        };
        if verdict.met_at.is_none() {
            let message = format!("its last line is played and the step is not met. {}", verdict.now.reason);
            self.fail_of(1, step, &solution.file, line.number, message);
        }
        self.revealed(playing, &play.steps[place], &solution.file, line.number);
    }

    /// Feedback of the step that is next must not be said on the right way.
    fn false_alarm(&mut self, playing: &Playing<'_>, play: &Play, file: &str, line: u32) {
        let Some((step, verdict)) = playing.unmet() else { return };
        for place in verdict.feedback {
            let known = play.steps.iter().find(|known| known.id == step.id);
            let Some(feedback) = known.and_then(|step| step.feedback.get(place)) else { continue };
            let message = format!(
                "{} is said here although the way is right; narrow its `when` (lesson.toml:{})",
                feedback.text,
                self.place("feedback", &feedback.text)
            );
            self.fail_of(4, &step.id, file, line, message);
        }
    }

    /// Proofs 1 and 5 for the other ways and the detour.
    pub(super) fn alternatives(&mut self, base: &Run, play: &Play, scripts: &PlayScripts) {
        for lines in &scripts.alternatives {
            let mut playing = Playing::new(self, base, play);
            for line in &lines.lines {
                if let Some(complaint) = playing.enter(&line.command) {
                    self.fail(
                        1,
                        &lines.file,
                        line.number,
                        format!("this line is not understood: {complaint}"),
                    );
                }
            }
            self.hash(&lines.file, &playing.run);
            if let Some((step, verdict)) = playing.unmet() {
                let line = lines.lines.last().map_or(0, |line| line.number);
                let message = format!("this way does not meet the step. {}", verdict.now.reason);
                self.fail_of(1, &step.id, &lines.file, line, message);
            }
        }
        let mut playing = Playing::new(self, base, play);
        let mut boundaries = 0;
        let mut before: Option<&Option<String>> = None;
        for line in &scripts.solution.lines {
            if before != Some(&line.step) {
                boundaries += 1;
                playing.enter(&format!("aws ecs create-cluster --cluster-name detour-{boundaries}"));
                playing.enter("aws ecs list-clusters");
                playing.enter("drydock wait 5s");
                before = Some(&line.step);
            }
            playing.enter(&line.command);
        }
        if let Some((step, verdict)) = playing.unmet() {
            let line = self.place("step", &step.id);
            let message = format!(
                "a detour (clusters of other names, some waiting) breaks the solution; pick more closely. {}",
                verdict.now.reason
            );
            self.fail_of(5, &step.id, "lesson.toml", line, message);
        }
    }

    /// Proofs 4 and 7.
    pub(super) fn wrong_ways(&mut self, base: &Run, play: &Play, scripts: &PlayScripts) {
        for lines in &scripts.wrong {
            let named = play.steps.iter().find_map(|step| {
                let place =
                    step.feedback.iter().position(|feedback| feedback.wrong.as_ref() == Some(&lines.file))?;
                Some((step, place))
            });
            let Some((step, place)) = named else {
                self.fail(4, &lines.file, 0, "no feedback of lesson.toml names this script");
                continue;
            };
            let feedback = &step.feedback[place];
            let mut playing = Playing::new(self, base, play);
            for line in &lines.lines {
                if let Some(complaint) = playing.enter(&line.command) {
                    self.fail(
                        4,
                        &lines.file,
                        line.number,
                        format!("this line is not understood: {complaint}"),
                    );
                }
            }
            self.hash(&lines.file, &playing.run);
            let last = lines.lines.last().map_or(0, |line| line.number);
            let verdict = playing.steps().into_iter().find(|verdict| verdict.step == step.id);
            let Some(verdict) = verdict else { continue };
            if verdict.met_at.is_some() {
                self.fail_of(4, &step.id, &lines.file, last, "this wrong way meets the step");
            } else if !verdict.feedback.contains(&place) {
                let message = format!("this wrong way does not trigger {}", feedback.text);
                self.fail_of(4, &step.id, &lines.file, last, message);
            }
            for step in &play.steps {
                let met =
                    playing.steps().iter().any(|verdict| verdict.step == step.id && verdict.met_at.is_some());
                if !met {
                    for command in &step.commands {
                        playing.enter(command);
                    }
                }
            }
            match (playing.unmet(), feedback.reset) {
                (Some((unmet, verdict)), false) => {
                    let message = format!(
                        "from this wrong end the hints do not solve {}; offer `reset = true` in {}. {}",
                        unmet.id, feedback.text, verdict.now.reason
                    );
                    self.fail_of(7, &step.id, &lines.file, last, message);
                }
                (None, true) => {
                    let message = format!("{} offers to start again, but the hints solve it", feedback.text);
                    self.fail_of(7, &step.id, &lines.file, last, message);
                }
                _ => {}
            }
        }
        for step in &play.steps {
            for feedback in &step.feedback {
                if let Some(wrong) = &feedback.wrong
                    && !scripts.wrong.iter().any(|lines| lines.file == *wrong)
                {
                    let line = self.place("feedback", &feedback.text);
                    self.fail_of(4, &step.id, "lesson.toml", line, format!("there is no script {wrong}"));
                }
            }
        }
    }

    /// Whether a line only answers a question that no goal asks for.
    fn is_free_answer(&self, play: &Play, run: &Run, command: &str) -> bool {
        let Some((operation, _, input)) = request_of(run, command) else { return false };
        operation == "drydock Answer"
            && !play.steps.iter().flat_map(|step| step.goal.every()).any(|goal| match goal {
                crate::Goal::Answered { question, .. } => {
                    input.to_string().contains(&format!("\"{question}\""))
                }
                _ => false,
            })
    }
}

/// Whether a line changes the world, as it would be read now.
pub(super) fn changes(run: &Run, command: &str) -> bool {
    request_of(run, command).is_some_and(|(_, reads_only, _)| !reads_only)
}

pub(super) fn first_line(command: &str) -> &str {
    command.lines().next().unwrap_or_default()
}
