//! The lessons of the course, proved by playing them; `cargo xtask lessons` does the same.
#![cfg(feature = "authoring")]

use drydock_lessons::authoring::{Files, load_course};
use drydock_lessons::prove::{Statement, prove, prove_files};
use std::path::{Path, PathBuf};

fn content() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content")
}

#[test]
fn every_lesson_proves() {
    let report = prove(&content());
    assert!(report.lessons.len() >= 3, "the course has at least its first module");
    assert!(report.problems.is_empty(), "{report}");
}

#[test]
fn breaking_the_first_lesson_fails_by_name() {
    let statements: Vec<Statement> = serde_json::from_str(
        &std::fs::read_to_string(content().join("statements.json")).expect("the statements are there"),
    )
    .expect("the statements can be read");
    let course = load_course(&content()).expect("the course can be read");
    let first: &Files = &course[0].files;
    for (file, old, new, says) in [
        (
            "solution.script",
            "aws ecs create-cluster --cluster-name shop\n",
            "",
            "01-what-ecs-is-for, cluster, solution.script:",
        ),
        ("lesson.toml", "says = \"1 container", "says = \"a container", ""),
        (
            "lesson.toml",
            "text = \"step-3\"",
            "text = \"step-33\"",
            "01-what-ecs-is-for, cluster, lesson.toml:",
        ),
        ("lesson.toml", "equals = 40", "equals = 39", "01-what-ecs-is-for, q7, lesson.toml:"),
    ] {
        let mut files = first.clone();
        let text = files.get_mut(file).expect("the file is there");
        assert!(text.contains(old), "{file} holds {old:?}");
        *text = text.replacen(old, new, 1);
        let report = prove_files(&course[0].name, files, &statements);
        if says.is_empty() {
            assert!(report.problems.is_empty(), "another way to say it is no break:\n{report}");
        } else {
            let said = report.problems.iter().any(|problem| problem.to_string().starts_with(says));
            assert!(said, "{old:?} -> {new:?} should say {says:?}, but says:\n{report}");
        }
    }
}
