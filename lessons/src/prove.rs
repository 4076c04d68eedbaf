//! Proving lessons: playing their scripts and looking at what the goals say.
//!
//! 1. the solution and every alternative meet all goals;
//! 2. the start meets none;
//! 3. no prefix of the solution meets all, nor does the solution without any one of its changing lines;
//! 4. each wrong script fails and triggers its feedback, and the solution triggers none;
//! 5. the solution with a harmless detour still meets all;
//! 6. the sentence shown names what is checked;
//! 7. the hints solve it, from the start and from every wrong end, or starting again is offered;
//! 8. every anchor, statement and rule is there, and each statement is taught, asked and, where a note
//!    is wrong, refuted;
//! 9. changed solutions are told apart;
//! 10. the key of each question is true and every other option false.

pub mod coverage;
mod mutants;
mod plays;
mod questions;
mod words;

use crate::authoring::{CONTENT, Files, Folder, PlayScripts, Problem, load, load_course, load_embedded};
use crate::lesson::Play;
use drydock::run::Run;
use drydock::script::Script;
use plays::first_line;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// A statement of the notes, as the product teaches it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Its id: `N-005`.
    pub id: String,
    /// Which of the notes say it.
    pub notes: Vec<String>,
    /// What it says, in our words.
    pub says: String,
    /// Whether it is right: correct, imprecise, incomplete, wrong or outdated.
    pub verdict: String,
    /// What is right in its place.
    pub correction: String,
}

impl Statement {
    /// Whether a lesson has to show that it is not so.
    pub fn needs_refutation(&self) -> bool {
        matches!(self.verdict.as_str(), "wrong" | "imprecise" | "outdated")
    }
}

/// What came of proving a course.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The lessons that were proved, by folder.
    pub lessons: Vec<String>,
    /// How many runs were played.
    pub runs: usize,
    /// Everything that failed.
    pub problems: Vec<Problem>,
    /// The hash of each script's timeline, by folder and path.
    pub hashes: BTreeMap<String, String>,
}

impl fmt::Display for Report {
    /// The problems, a line each, and a closing line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        write!(
            f,
            "{} lessons, {} runs played, {} problems",
            self.lessons.len(),
            self.runs,
            self.problems.len()
        )
    }
}

/// Proves every lesson of a folder such as `lessons/content`, and compares the timelines with
/// `hashes.json` there.
pub fn prove(content: &Path) -> Report {
    let text = |name: &str| std::fs::read_to_string(content.join(name)).map_err(|error| error.to_string());
    report(load_course(content), text("statements.json"), text("hashes.json"), true)
}

/// The lessons that were embedded when this was built.
///
/// # Errors
/// Everything in their files that cannot be read.
pub fn embedded() -> Result<Vec<Folder>, Vec<Problem>> {
    load_embedded()
}

/// Plays every script of an embedded lesson: the solutions meet every step, the wrong ways do not, and
/// the timelines are those of `hashes.json`.
///
/// A browser needs no more: where the timelines are the same, so is whatever else [`prove`] plays. It
/// takes one lesson at a time, because it answers nobody meanwhile.
pub fn prove_embedded(lesson: Folder) -> Report {
    let text = |name: &str| {
        let found = CONTENT.iter().find(|(path, _)| *path == name);
        found.map(|(_, text)| text.to_string()).ok_or_else(|| "there is no such file".to_string())
    };
    report(Ok(vec![lesson]), text("statements.json"), text("hashes.json"), false)
}

fn report(
    folders: Result<Vec<Folder>, Vec<Problem>>,
    statements: Result<String, String>,
    hashes: Result<String, String>,
    thorough: bool,
) -> Report {
    let broken = |file: &str, error: String| Problem::new("course", file, 0, error);
    let statements: Vec<Statement> = match read_json(statements) {
        Ok(statements) => statements,
        Err(error) => {
            return Report { problems: vec![broken("statements.json", error)], ..Report::default() };
        }
    };
    let folders = match folders {
        Ok(folders) => folders,
        Err(problems) => return Report { problems, ..Report::default() },
    };
    let mut report = play_folders(&folders, &statements, thorough);
    match read_json::<BTreeMap<String, String>>(hashes) {
        Ok(known) => {
            for (script, hash) in &report.hashes {
                if known.get(script) != Some(hash) {
                    let known = known.get(script).map_or("nothing", String::as_str);
                    let message = format!(
                        "the timeline of {script} has the hash {hash}, written down is {known}; if the change is \
                         meant, write them down anew: cargo run -p drydock-lessons --features authoring \
                         --example prove -- --hashes"
                    );
                    report.problems.push(broken("hashes.json", message));
                }
            }
        }
        Err(error) => report.problems.push(broken("hashes.json", error)),
    }
    report
}

fn read_json<T: serde::de::DeserializeOwned>(text: Result<String, String>) -> Result<T, String> {
    text.and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()))
        .map_err(|error| format!("cannot be read: {error}"))
}

/// Proves a lesson given as files; for tests that break one.
pub fn prove_files(name: &str, files: Files, statements: &[Statement]) -> Report {
    match load(name, files) {
        Ok(folder) => prove_folders(&[folder], statements),
        Err(problems) => Report { problems, ..Report::default() },
    }
}

/// Proves lessons that were read.
pub fn prove_folders(folders: &[Folder], statements: &[Statement]) -> Report {
    play_folders(folders, statements, true)
}

fn play_folders(folders: &[Folder], statements: &[Statement], thorough: bool) -> Report {
    let mut report = Report::default();
    for folder in folders {
        report.lessons.push(folder.name.clone());
        let mut prover = Prover { folder, report: &mut report, thorough };
        prover.words(statements);
        prover.play(&folder.lesson.play, &folder.play);
        for (drill, scripts) in folder.lesson.drills.iter().zip(&folder.drills) {
            prover.play(&drill.play, scripts);
        }
        if thorough {
            prover.questions();
        }
    }
    report
}

/// Proves one lesson into a report.
struct Prover<'a> {
    folder: &'a Folder,
    report: &'a mut Report,
    /// Whether changed solutions and questions are played, too.
    thorough: bool,
}

impl Prover<'_> {
    /// Proves a world: its solution, alternatives, wrong ways, hints and mutants.
    fn play(&mut self, play: &Play, scripts: &PlayScripts) {
        let Some(base) = self.start(scripts) else { return };
        self.hash(&scripts.start.0, &base);
        self.solution(&base, play, scripts);
        self.alternatives(&base, play, scripts);
        self.wrong_ways(&base, play, scripts);
        if self.thorough {
            self.mutants(&base, play, scripts);
        }
    }

    /// The starting world.
    fn start(&mut self, scripts: &PlayScripts) -> Option<Run> {
        let (file, text) = &scripts.start;
        self.report.runs += 1;
        let script = match Script::parse(text) {
            Ok(script) => script,
            Err(error) => {
                let line = u32::try_from(error.line).unwrap_or(0);
                self.fail(1, file, line, format!("the start cannot be read: {}", error.message));
                return None;
            }
        };
        let mut run = Run::new(script.seed);
        for (line, entered) in script.lines.iter().zip(run.play(&script)) {
            if entered.exit_code != 0 {
                let line = u32::try_from(line.number).unwrap_or(0);
                self.fail(
                    1,
                    file,
                    line,
                    format!("the start fails here: {}", first_line(entered.stderr.trim())),
                );
            }
        }
        Some(run)
    }

    fn hash(&mut self, path: &str, run: &Run) {
        let hash = format!("{:016x}", run.timeline().hash());
        self.report.hashes.insert(format!("{}/{path}", self.folder.name), hash);
    }

    fn fail(&mut self, proof: u8, file: &str, line: u32, message: impl Into<String>) {
        self.report.problems.push(Problem::new(&self.folder.name, file, line, message).proof(proof));
    }

    fn fail_of(&mut self, proof: u8, step: &str, file: &str, line: u32, message: impl Into<String>) {
        let problem = Problem::new(&self.folder.name, file, line, message).proof(proof).of(step);
        self.report.problems.push(problem);
    }

    /// Where a thing stands in `lesson.toml`.
    fn place(&self, kind: &str, id: &str) -> u32 {
        self.folder.places.get(&format!("{kind} {id}")).copied().unwrap_or(0)
    }
}
