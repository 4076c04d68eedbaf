//! Reading a lesson's folder: `lesson.toml`, the prose, the scripts.

pub mod file;
pub mod problem;
pub mod scripts;
pub mod text;

mod build;

pub use problem::Problem;
pub use scripts::Lines;

use crate::goal::Goal;
use crate::lesson::Lesson;
use std::collections::BTreeMap;
use std::path::Path;

/// The files of a folder by their path in it, with `/` between its parts.
pub type Files = BTreeMap<String, String>;

/// A lesson's folder, read: what the browser gets, and what only proofs need.
#[derive(Debug, Clone)]
pub struct Folder {
    /// The folder's name: `01-what-ecs-is-for`.
    pub name: String,
    /// The lesson.
    pub lesson: Lesson,
    /// The scripts of its main world.
    pub play: PlayScripts,
    /// The scripts of its drills, in their order.
    pub drills: Vec<PlayScripts>,
    /// How notes are refuted where no option of the quiz does so.
    pub refutations: Vec<Refutation>,
    /// Where steps, questions and other things stand in `lesson.toml`, by `step ID`, `item ID`, ….
    pub places: BTreeMap<String, u32>,
    /// The files themselves.
    pub files: Files,
}

/// The scripts that are played on one starting world.
#[derive(Debug, Clone)]
pub struct PlayScripts {
    /// The script of the starting world: path and text.
    pub start: (String, String),
    /// One way to solve it.
    pub solution: Lines,
    /// Other ways.
    pub alternatives: Vec<Lines>,
    /// Ways that do not solve it.
    pub wrong: Vec<Lines>,
}

/// How a wrong or imprecise statement is refuted.
#[derive(Debug, Clone)]
pub struct Refutation {
    /// The statement.
    pub statement: String,
    /// Where it is written.
    pub line: u32,
    /// By what.
    pub by: RefutedBy,
}

/// What refutes a statement.
#[derive(Debug, Clone)]
pub enum RefutedBy {
    /// A page, where nothing can be run.
    Citation(String),
    /// The goal of this step, met in the solution.
    Step(String),
    /// A run from the start, at whose end this is met.
    Run(Lines, Box<Goal>),
}

/// Every file of `lessons/content` as it was when this was built, by path.
pub static CONTENT: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/content.rs"));

/// Reads every lesson of [`CONTENT`].
///
/// # Errors
/// As [`load_dir`], of every lesson.
pub fn load_embedded() -> Result<Vec<Folder>, Vec<Problem>> {
    let mut folders: BTreeMap<&str, Files> = BTreeMap::new();
    for (path, text) in CONTENT {
        if let Some((folder, file)) = path.split_once('/') {
            folders.entry(folder).or_default().insert(file.to_string(), text.to_string());
        }
    }
    all(folders.into_iter().map(|(name, files)| load(name, files)))
}

/// Reads the folder of a lesson.
///
/// # Errors
/// Everything that keeps it from being read, each with file, line and what to do.
pub fn load_dir(folder: &Path) -> Result<Folder, Vec<Problem>> {
    let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or("lesson").to_string();
    let mut files = Files::new();
    read_files(folder, "", &mut files)
        .map_err(|error| vec![Problem::new(&name, "", 0, format!("the folder cannot be read: {error}"))])?;
    load(&name, files)
}

/// Reads a lesson from its files.
///
/// # Errors
/// As [`load_dir`].
pub fn load(name: &str, files: Files) -> Result<Folder, Vec<Problem>> {
    build::build(name, files)
}

/// Reads every lesson below a folder, in the order of their numbers.
///
/// # Errors
/// As [`load_dir`], of every lesson.
pub fn load_course(content: &Path) -> Result<Vec<Folder>, Vec<Problem>> {
    let broken = |error: std::io::Error| {
        vec![Problem::new("", &content.display().to_string(), 0, format!("cannot be read: {error}"))]
    };
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(content).map_err(broken)? {
        let path = entry.map_err(broken)?.path();
        if path.join("lesson.toml").is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    all(folders.into_iter().map(|folder| load_dir(&folder)))
}

/// Every lesson, or everything that keeps one of them from being read.
fn all(read: impl Iterator<Item = Result<Folder, Vec<Problem>>>) -> Result<Vec<Folder>, Vec<Problem>> {
    let mut lessons = Vec::new();
    let mut problems = Vec::new();
    for lesson in read {
        match lesson {
            Ok(lesson) => lessons.push(lesson),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(lessons) } else { Err(problems) }
}

fn read_files(folder: &Path, prefix: &str, files: &mut Files) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_string();
        if entry.file_type()?.is_dir() {
            read_files(&entry.path(), &format!("{prefix}{name}/"), files)?;
        } else {
            files.insert(format!("{prefix}{name}"), std::fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}
