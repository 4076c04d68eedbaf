//! The page that traces each statement of the notes to lessons, steps, questions and rules.

use super::Statement;
use crate::authoring::Folder;
use std::collections::BTreeSet;

/// `docs/notes-coverage.md`: statement, verdict, lesson, steps and questions, rules.
pub fn page(folders: &[Folder], statements: &[Statement]) -> String {
    let taught: BTreeSet<&String> = folders.iter().flat_map(|folder| &folder.lesson.statements).collect();
    let mut page = format!(
        "# From notes to lessons\n\n\
         Made by `cargo xtask docs` from `lessons/content/`; do not edit it by hand.\n\n\
         {} of {} statements are taught.\n\n\
         | Statement | What the notes say | Verdict | Lesson | Steps and questions | Rules |\n\
         |---|---|---|---|---|---|\n",
        taught.len(),
        statements.len()
    );
    for statement in statements {
        let mut lessons = Vec::new();
        let mut places = Vec::new();
        let mut rules = BTreeSet::new();
        for folder in folders.iter().filter(|folder| folder.lesson.statements.contains(&statement.id)) {
            let lesson = &folder.lesson;
            lessons.push(format!("{}. {}", lesson.number, lesson.title));
            for step in lesson.play.steps.iter().filter(|step| step.statements.contains(&statement.id)) {
                places.push(step.id.clone());
                rules.extend(step.rules.iter().cloned());
            }
            for item in lesson.items().filter(|item| item.statements.contains(&statement.id)) {
                places.push(item.id.clone());
                rules.extend(item.options.iter().filter_map(|option| option.rule.clone()));
            }
        }
        let rules: Vec<String> = rules.into_iter().collect();
        page.push_str(&format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            statement.id,
            cell(&statement.says),
            statement.verdict,
            if lessons.is_empty() { "not yet".to_string() } else { cell(&lessons.join(", ")) },
            places.join(", "),
            rules.join(", ")
        ));
    }
    page
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
