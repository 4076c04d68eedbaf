//! The course: read from `lessons/content`, proved, and written for the browser.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use drydock_lessons::authoring::{Folder, load_course};
use drydock_lessons::prove;

use crate::tools;

fn content() -> PathBuf {
    tools::root().join("lessons/content")
}

/// Every lesson, in the order of the course.
pub fn course() -> Result<Vec<Folder>> {
    load_course(&content()).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("the lessons cannot be read:\n  {}", lines.join("\n  "))
    })
}

/// `cargo xtask lessons`: plays the scripts of every lesson and says what does not hold.
pub fn prove() -> Result<()> {
    let report = prove::prove(&content());
    if report.problems.is_empty() {
        println!("{report}");
        return Ok(());
    }
    bail!("{report}")
}

/// One JSON per lesson, for the app to fetch when that lesson is opened: `lessons/<folder>.json`.
pub fn write(course: &[Folder], site: &Path) -> Result<()> {
    for folder in course {
        let json = folder.lesson.to_json().map_err(|error| anyhow::anyhow!("{}: {error}", folder.name))?;
        tools::write(&site.join("lessons").join(format!("{}.json", folder.name)), json)?;
    }
    Ok(())
}

/// The page that traces the statements of the notes to lessons, questions and rules.
pub fn notes_coverage() -> Result<String> {
    let file = content().join("statements.json");
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("{} could not be read", file.display()))?;
    let statements: Vec<prove::Statement> = serde_json::from_str(&text)?;
    Ok(prove::coverage::page(&course()?, &statements))
}
