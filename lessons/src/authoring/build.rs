//! From the files of a folder to a lesson.

use crate::authoring::file::{
    AnswerFile, DrillFile, FeedbackFile, LessonFile, QuestionFile, QuizFile, StepFile,
};
use crate::authoring::scripts::{self, Lines};
use crate::authoring::text::{self, inline};
use crate::authoring::{Files, Folder, PlayScripts, Problem, Refutation, RefutedBy};
use crate::goal::Goal;
use crate::item::{Choice, Item};
use crate::lesson::{Drill, Feedback, Lesson, Play, Step};
use std::collections::BTreeMap;
use toml::Spanned;

const FILE: &str = "lesson.toml";
const TEXT: &str = "text.en.md";
const KEYS: &str = "abcdefgh";

struct Builder {
    name: String,
    files: Files,
    problems: Vec<Problem>,
    places: BTreeMap<String, u32>,
}

/// Builds a lesson from its files.
pub fn build(name: &str, files: Files) -> Result<Folder, Vec<Problem>> {
    let mut builder =
        Builder { name: name.to_string(), files, problems: Vec::new(), places: BTreeMap::new() };
    match builder.folder() {
        Some(folder) if builder.problems.is_empty() => {
            Ok(Folder { places: builder.places, files: builder.files, ..folder })
        }
        _ => Err(builder.problems),
    }
}

impl Builder {
    fn folder(&mut self) -> Option<Folder> {
        let source = self.file(FILE)?;
        let file: LessonFile = match toml::from_str(&source) {
            Ok(file) => file,
            Err(error) => {
                let line = error.span().map_or(0, |span| line_at(&source, span.start));
                self.wrong(FILE, line, error.message().to_string());
                return None;
            }
        };
        let expected = format!("{:02}-{}", file.number, file.id);
        if self.name != expected {
            self.wrong(FILE, 1, format!("the folder's name follows number and id: {expected}"));
        }
        let texts = self.file(TEXT)?;
        let texts = match text::read(&self.name, TEXT, &texts) {
            Ok(texts) => texts,
            Err(problems) => {
                self.problems.extend(problems);
                return None;
            }
        };
        for (anchor, (_, line)) in &texts {
            self.places.insert(format!("text {anchor}"), *line);
        }
        let play = self.scripts("", "start.script", "solution.script")?;
        let steps: Vec<Step> = file
            .step
            .into_iter()
            .map(|step| {
                let line = line_at(&source, step.span().start);
                self.places.insert(format!("step {}", step.get_ref().id), line);
                self.step(&source, step.into_inner(), &play)
            })
            .collect();
        let (mut drills, mut drill_scripts) = (Vec::new(), Vec::new());
        for drill in file.drill {
            let line = line_at(&source, drill.span().start);
            self.places.insert(format!("step {}", drill.get_ref().id), line);
            let drill = drill.into_inner();
            let Some((folder, _)) = drill.start.rsplit_once('/') else {
                self.wrong(FILE, line, "the scripts of a drill stand in a folder of their own");
                continue;
            };
            let scripts = self.scripts(&format!("{folder}/"), &drill.start, &drill.solution)?;
            drills.push(self.drill(&source, drill, &scripts));
            drill_scripts.push(scripts);
        }
        let quiz = file.quiz.into_iter().map(|item| self.quiz(&source, item)).collect();
        let refutations = file
            .refutation
            .into_iter()
            .filter_map(|refutation| {
                let line = line_at(&source, refutation.span().start);
                let refutation = refutation.into_inner();
                let by = match (refutation.citation, refutation.step, refutation.run, refutation.shows) {
                    (Some(citation), None, None, None) => RefutedBy::Citation(citation),
                    (None, Some(step), None, None) => RefutedBy::Step(step),
                    (None, None, Some(run), Some(shows)) => {
                        let text = self.file(&run)?;
                        let lines = self.lines(&run, &text, 0)?;
                        RefutedBy::Run(lines, Box::new(together(shows)))
                    }
                    _ => {
                        let message = "a refutation has a citation, or a step, or a run and what it shows";
                        self.wrong(FILE, line, message);
                        return None;
                    }
                };
                Some(Refutation { statement: refutation.statement, line, by })
            })
            .collect();
        let lesson = Lesson {
            id: file.id,
            number: file.number,
            title: file.title,
            goal: inline(&file.goal),
            minutes: file.minutes,
            needs: file.needs,
            statements: file.statements,
            misconceptions: file.misconceptions,
            play: Play { start: play.start.1.clone(), steps },
            drills,
            quiz,
            texts: texts.into_iter().map(|(anchor, (text, _))| (anchor, text)).collect(),
        };
        Some(Folder {
            name: self.name.clone(),
            lesson,
            play,
            drills: drill_scripts,
            refutations,
            places: BTreeMap::new(),
            files: Files::new(),
        })
    }

    fn wrong(&mut self, file: &str, line: u32, message: impl Into<String>) {
        self.problems.push(Problem::new(&self.name, file, line, message));
    }

    fn file(&mut self, path: &str) -> Option<String> {
        let found = self.files.get(path).cloned();
        if found.is_none() {
            self.wrong(path, 0, "this file is missing; write it, or take its name out of lesson.toml");
        }
        found
    }

    fn lines(&mut self, path: &str, text: &str, offset: u32) -> Option<Lines> {
        scripts::read(&self.name, path, text, offset).map_err(|problem| self.problems.push(problem)).ok()
    }

    fn scripts(&mut self, prefix: &str, start: &str, solution: &str) -> Option<PlayScripts> {
        let start_text = self.file(start)?;
        let text = self.file(solution)?;
        let solution = self.lines(solution, &text, 0)?;
        let mut below = |folder: &str| -> Vec<Lines> {
            let prefix = format!("{prefix}{folder}/");
            let found: Vec<(String, String)> = self
                .files
                .iter()
                .filter(|(path, _)| path.starts_with(&prefix))
                .map(|(path, text)| (path.clone(), text.clone()))
                .collect();
            found.into_iter().filter_map(|(path, text)| self.lines(&path, &text, 0)).collect()
        };
        let alternatives = below("alt");
        let wrong = below("wrong");
        Some(PlayScripts { start: (start.to_string(), start_text), solution, alternatives, wrong })
    }

    fn step(&mut self, source: &str, step: StepFile, scripts: &PlayScripts) -> Step {
        let commands: Vec<String> = scripts
            .solution
            .lines
            .iter()
            .filter(|line| line.step.as_ref() == Some(&step.id))
            .map(|line| line.command.clone())
            .collect();
        if commands.is_empty() {
            let message =
                format!("no line belongs to {}; write `# step: {}` before its lines", step.id, step.id);
            self.problems.push(Problem::new(&self.name, &scripts.solution.file, 0, message).of(&step.id));
        }
        Step {
            commands,
            prediction: step.prediction.map(|question| self.question(source, question)),
            feedback: step.feedback.into_iter().map(|feedback| self.feedback(source, feedback)).collect(),
            goal: together(step.goal),
            id: step.id,
            text: step.text,
            why: step.why,
            hints: vec![step.hints.look, step.hints.idea],
            statements: step.statements,
            rules: step.rules,
            optional: step.optional,
        }
    }

    fn feedback(&mut self, source: &str, feedback: Spanned<FeedbackFile>) -> Feedback {
        let line = line_at(source, feedback.span().start);
        let feedback = feedback.into_inner();
        self.places.insert(format!("feedback {}", feedback.text), line);
        Feedback {
            text: feedback.text,
            when: together(feedback.when),
            reset: feedback.reset,
            wrong: feedback.wrong,
        }
    }

    fn question(&mut self, source: &str, question: Spanned<QuestionFile>) -> Item {
        let line = line_at(source, question.span().start);
        let question = question.into_inner();
        self.places.insert(format!("item {}", question.id), line);
        if !KEYS.chars().take(question.options.len()).any(|key| question.answer == key.to_string()) {
            let message = format!("the answer `{}` is none of the options a, b, …", question.answer);
            self.problems.push(Problem::new(&self.name, FILE, line, message).of(&question.id));
        }
        let option = |(key, option): (char, AnswerFile)| Choice {
            key: key.to_string(),
            text: inline(&option.text),
            why: inline(&option.why),
            right: question.answer == key.to_string(),
            misconception: None,
            rule: None,
            refutes: None,
            shows: None,
            citation: None,
            run: None,
        };
        Item {
            stem: inline(&question.ask),
            options: KEYS.chars().zip(question.options).map(option).collect(),
            id: question.id,
            statements: Vec::new(),
            objective: None,
            level: None,
            run: None,
            shows: None,
            reveals: question.shows,
            citation: None,
        }
    }

    fn drill(&mut self, source: &str, drill: DrillFile, scripts: &PlayScripts) -> Drill {
        let questions: Vec<Item> =
            drill.question.into_iter().map(|question| self.question(source, question)).collect();
        let answered = questions
            .iter()
            .map(|item| Goal::Answered { question: item.id.clone(), with: Some("right".to_string()) });
        let never = drill.never.into_iter().map(|goal| Goal::Never(Box::new(goal)));
        let goals: Vec<Goal> = drill.goal.into_iter().chain(never).chain(answered).collect();
        if goals.is_empty() {
            let line = self.places.get(&format!("step {}", drill.id)).copied().unwrap_or(0);
            self.wrong(FILE, line, "a drill needs a goal or questions");
        }
        let step = Step {
            id: drill.id.clone(),
            text: drill.text.clone(),
            why: drill.why,
            hints: drill.hints.map(|hints| vec![hints.look, hints.idea]).unwrap_or_default(),
            commands: scripts.solution.commands().into_iter().map(str::to_string).collect(),
            goal: together(goals),
            prediction: None,
            feedback: drill.feedback.into_iter().map(|feedback| self.feedback(source, feedback)).collect(),
            statements: Vec::new(),
            rules: Vec::new(),
            optional: false,
        };
        Drill {
            id: drill.id,
            title: drill.title,
            text: drill.text,
            play: Play { start: scripts.start.1.clone(), steps: vec![step] },
            questions,
        }
    }

    fn quiz(&mut self, source: &str, item: Spanned<QuizFile>) -> Item {
        let line = line_at(source, item.span().start);
        let item = item.into_inner();
        self.places.insert(format!("item {}", item.id), line);
        let options = KEYS
            .chars()
            .zip(item.option)
            .map(|(key, option)| Choice {
                key: key.to_string(),
                text: inline(&option.text),
                why: inline(&option.why),
                right: option.correct,
                misconception: option.misconception,
                rule: option.rule,
                refutes: option.refutes,
                shows: option.shows,
                citation: option.citation,
                run: option.run,
            })
            .collect();
        Item {
            id: item.id,
            stem: inline(&item.stem),
            options,
            statements: item.statements,
            objective: Some(item.objective),
            level: Some(item.level),
            run: item.run,
            shows: item.shows,
            reveals: None,
            citation: item.citation,
        }
    }
}

/// One goal of several.
fn together(mut goals: Vec<Goal>) -> Goal {
    if goals.len() == 1 { goals.remove(0) } else { Goal::All(goals) }
}

/// The line, from 1, of a place in a text.
fn line_at(text: &str, at: usize) -> u32 {
    let before = text.get(..at).unwrap_or(text);
    u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
}
