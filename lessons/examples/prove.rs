//! Proves every lesson. `--hashes` writes the hash of each script's timeline, `--coverage` the page
//! that traces the notes to the lessons.

use drydock_lessons::authoring::load_course;
use drydock_lessons::prove::{self, Statement, coverage};
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let content = crate_folder.join("content");
    let wishes: Vec<String> = std::env::args().skip(1).collect();
    let wished = |wish: &str| wishes.iter().any(|known| known == wish);
    match run(&content, crate_folder, wished("--hashes"), wished("--coverage")) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(complaint) => {
            eprintln!("{complaint}");
            ExitCode::FAILURE
        }
    }
}

fn run(content: &Path, crate_folder: &Path, hashes: bool, coverage: bool) -> Result<bool, String> {
    let failed = |error: std::io::Error| error.to_string();
    if coverage {
        let folders = load_course(content)
            .map_err(|problems| problems.iter().map(|problem| format!("{problem}\n")).collect::<String>())?;
        let text = std::fs::read_to_string(content.join("statements.json")).map_err(failed)?;
        let statements: Vec<Statement> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let page = coverage::page(&folders, &statements);
        let path = crate_folder.join("../docs/notes-coverage.md");
        std::fs::write(path, page).map_err(failed)?;
        return Ok(true);
    }
    let report = prove::prove(content);
    if hashes {
        let text = serde_json::to_string_pretty(&report.hashes).map_err(|error| error.to_string())?;
        std::fs::write(content.join("hashes.json"), text + "\n").map_err(failed)?;
    }
    println!("{report}");
    Ok(report.problems.is_empty())
}
