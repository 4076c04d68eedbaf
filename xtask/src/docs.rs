//! `cargo xtask docs`: the pages of `docs/` that are written from the engine's own data.

use std::fmt::Write;

use anyhow::{Result, ensure};
use drydock::Rule;

use crate::model::Model;
use crate::{coverage, lessons, tools};

/// Writes the generated pages.
pub fn write() -> Result<()> {
    for (name, text) in pages()? {
        tools::write(&tools::root().join("docs").join(name), text)?;
        println!("docs/{name} is written");
    }
    Ok(())
}

/// Refuses pages that are not what the engine's data would give.
pub fn check() -> Result<()> {
    let mut stale = Vec::new();
    for (name, text) in pages()? {
        let there = std::fs::read_to_string(tools::root().join("docs").join(name));
        if there.ok().as_deref() != Some(text.as_str()) {
            stale.push(format!("docs/{name}"));
        }
    }
    ensure!(
        stale.is_empty(),
        "{} is not what the engine says today; `cargo xtask docs` writes it anew",
        stale.join(" and ")
    );
    Ok(())
}

fn pages() -> Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("rules.md", rules_page(drydock::rules())),
        ("coverage.md", coverage::page(&Model::committed()?)),
        ("notes-coverage.md", lessons::notes_coverage()?),
    ])
}

fn rules_page(rules: impl Iterator<Item = &'static Rule>) -> String {
    let mut rules: Vec<&Rule> = rules.collect();
    rules.sort_by_key(|rule| (area(rule.id), number(rule.id), rule.id));
    let mut page = String::from(
        "# Rules\n\n\
         Written by `cargo xtask docs` from the rules that the code follows; do not edit.\n\n\
         The basis says what a rule rests on: *documented* by AWS, seen in the source of the ECS \
         *agent*, *observed* in published output of real clusters, or *modelled*, which is our own \
         choice. Where the wording was not read again at its source, the basis ends in `~`.\n",
    );
    let mut last = "";
    for rule in rules {
        if area(rule.id) != last {
            last = area(rule.id);
            write_line(&mut page, &format!("\n## {last}\n"));
            write_line(&mut page, "| Rule | Behaviour | Basis | Source |\n|---|---|---|---|");
        }
        let mark = if rule.reread { "" } else { " ~" };
        write_line(
            &mut page,
            &format!(
                "| {} | {} | {}{mark} | {} |",
                rule.id,
                cell(rule.says),
                rule.basis.word(),
                cell(rule.source)
            ),
        );
    }
    page
}

pub fn write_line(page: &mut String, line: &str) {
    writeln!(page, "{line}").expect("writing to a String cannot fail");
}

fn area(id: &str) -> &str {
    id.split_once('-').map_or(id, |(area, _)| area)
}

fn number(id: &str) -> u32 {
    id.split_once('-')
        .and_then(|(_, number)| {
            let digits = number.trim_end_matches(|sign: char| !sign.is_ascii_digit());
            digits.parse().ok()
        })
        .unwrap_or(0)
}

/// Text that cannot break its table.
pub fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_stand_by_area_and_number() {
        let page = rules_page(drydock::rules());
        for rule in drydock::rules() {
            assert!(page.contains(&format!("| {} |", rule.id)), "{} is missing", rule.id);
        }
        let places: Vec<_> = ["\n## API", "\n## LIFE"].iter().map(|part| page.find(part)).collect();
        assert!(places.is_sorted() && places.iter().all(Option::is_some), "{places:?}");
        assert_eq!((number("PLACE-13"), number("LIFE-3b")), (13, 3));
    }

    #[test]
    fn coverage_says_what_is_absent() {
        let page = coverage::page(&Model::committed().expect("the digest reads"));
        assert!(page.contains("| absent |"));
        for operation in drydock::operations() {
            assert!(page.contains(&format!("| {} |", operation.name)), "{} is missing", operation.name);
        }
    }
}
