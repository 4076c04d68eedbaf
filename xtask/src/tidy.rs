//! `cargo xtask tidy`: what the compiler cannot check about how the code is laid out.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::tools;

/// Words that would let a run depend on something other than its script.
const FORBIDDEN: &[&str] = &[
    "HashMap",
    "HashSet",
    "SystemTime",
    "std::time::Instant",
    "Instant::now",
    "thread_rng",
    "rand::",
    "f32",
    "f64",
];

/// Where floats may stand: JMESPath's own numbers are floats, and what it answers is only shown.
const FLOATS_ALLOWED: &str = "src/cli/query/functions.rs";

/// Lines after which a file is usually two nouns.
const LONG: usize = 400;

/// A file of the repository, as text.
struct Source {
    path: PathBuf,
    text: String,
}

/// Refuses what breaks a rule of the layout, and mentions what comes near.
pub fn check() -> Result<()> {
    let root = tools::root();
    let engine = rust_files(&root.join("src"))?;
    let tests = rust_files(&root.join("tests"))?;
    let mut everything = rust_files(&root.join("lessons"))?;
    everything.extend(rust_files(&root.join("web"))?);
    everything.extend(rust_files(&root.join("server"))?);
    everything.extend(rust_files(&root.join("xtask"))?);

    let mut faults = forbidden_words(&engine);
    faults.extend(loose_rules(&engine));
    faults.extend(untested_rules(&engine, &tests));
    faults.extend(rowless_operations(&engine));
    faults.extend(left_over(engine.iter().chain(&everything)));
    for file in engine.iter().chain(&everything) {
        let lines = file.text.lines().count();
        if lines > LONG {
            println!("note: {} has {lines} lines; it is usually two nouns", shown(&file.path));
        }
    }
    if faults.is_empty() {
        println!("{} files of the engine are tidy", engine.len());
        return Ok(());
    }
    bail!("{} things to tidy:\n  {}", faults.len(), faults.join("\n  "))
}

fn rust_files(folder: &Path) -> Result<Vec<Source>> {
    tools::files_below(folder)?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| {
            let text = std::fs::read_to_string(&path)?;
            Ok(Source { path, text })
        })
        .collect()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(tools::root()).unwrap_or(path).display().to_string()
}

/// Code lines of a file: those that are not comments, with their numbers.
fn code(file: &Source) -> impl Iterator<Item = (usize, &str)> {
    file.text
        .lines()
        .enumerate()
        .map(|(place, line)| (place + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn forbidden_words(engine: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in engine {
        for (number, line) in code(file) {
            let line = without_strings(line);
            let floats = file.path.ends_with(FLOATS_ALLOWED);
            let words = FORBIDDEN.iter().filter(|word| !(floats && matches!(**word, "f32" | "f64")));
            for word in words.filter(|word| has_word(&line, word)) {
                faults.push(format!(
                    "{}:{number} uses {word}, which would make a run depend on more than its script",
                    shown(&file.path)
                ));
            }
        }
    }
    faults
}

/// Whether `word` stands in the line and is not a part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let part = |sign: char| sign.is_alphanumeric() || sign == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(part) && (word.ends_with(':') || !after.is_some_and(part))
    })
}

fn without_strings(line: &str) -> String {
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

/// Every rule that is declared: its file, name and id.
fn declared_rules(engine: &[Source]) -> impl Iterator<Item = (&Source, String, String)> {
    engine
        .iter()
        .filter(|file| declares_rules(file))
        .flat_map(|file| rules_of(&file.text).into_iter().map(move |(name, id)| (file, name, id)))
}

/// Rules that no code follows: neither their constant nor their id stands in code or marks an item.
fn loose_rules(engine: &[Source]) -> Vec<String> {
    declared_rules(engine)
        .filter(|(_, name, id)| {
            !engine
                .iter()
                .filter(|other| !declares_rules(other))
                .any(|other| marked(other).any(|line| has_word(line, name) || has_word(line, id)))
        })
        .map(|(file, name, id)| format!("{}: no code follows {name} ({id})", shown(&file.path)))
        .collect()
}

/// Lines in which a rule can be followed: code, and what is said of an item. A file's first words, a remark
/// and a test follow nothing.
fn marked(file: &Source) -> impl Iterator<Item = &str> {
    let code = file.text.split("#[cfg(test)]").next().unwrap_or_default();
    code.lines().filter(|line| {
        let line = line.trim_start();
        !line.starts_with("//") || line.starts_with("///")
    })
}

/// Rules that no test names.
fn untested_rules(engine: &[Source], tests: &[Source]) -> Vec<String> {
    let with_tests: Vec<&Source> =
        tests.iter().chain(engine.iter().filter(|other| other.text.contains("#[cfg(test)]"))).collect();
    declared_rules(engine)
        .filter(|(_, name, id)| !with_tests.iter().any(|test| names_in_test(test, name, id)))
        .map(|(file, name, id)| format!("{}: no test names {name} ({id})", shown(&file.path)))
        .collect()
}

/// Whether a file is one of a service's lists of rules.
fn declares_rules(file: &Source) -> bool {
    file.path.ends_with("rules.rs") || file.path.parent().is_some_and(|folder| folder.ends_with("rules"))
}

fn names_in_test(test: &Source, name: &str, id: &str) -> bool {
    let text = test.text.find("#[cfg(test)]").map_or(test.text.as_str(), |start| &test.text[start..]);
    text.lines().any(|line| has_word(line, id) || has_word(line, name))
}

/// The rules that a file declares, `NAME: "ID", …;`: name and id.
fn rules_of(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter_map(|line| {
            let (name, rest) = line.trim().split_once(": \"")?;
            let (id, _) = rest.split_once('"')?;
            let capitals = |word: &str| {
                !word.is_empty()
                    && word
                        .chars()
                        .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_')
            };
            let (area, number) = id.split_once('-')?;
            let is_id = capitals(area) && number.starts_with(|sign: char| sign.is_ascii_digit());
            (capitals(name) && is_id).then(|| (name.to_owned(), id.to_owned()))
        })
        .collect()
}

/// Files in `api/` whose verb stands in no row of `operations!`.
fn rowless_operations(engine: &[Source]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in engine {
        let Some(folder) = file.path.parent().filter(|folder| folder.ends_with("api")) else {
            continue;
        };
        let (Some(verb), Some(rows)) = (
            file.path.file_stem().and_then(|stem| stem.to_str()),
            engine.iter().find(|other| {
                other.path == folder.with_extension("rs") || other.path == folder.join("mod.rs")
            }),
        ) else {
            continue;
        };
        // An answer's shape is shared by the operations that give it.
        if verb == "mod" || verb.ends_with("_answer") {
            continue;
        }
        let declared = rows.text.split_once("operations!").is_some_and(|(_, rows)| has_word(rows, verb));
        if !declared {
            faults.push(format!("{} has no row in operations! of {}", shown(&file.path), shown(&rows.path)));
        }
    }
    faults
}

/// Marks of work that was left for later.
fn left_over<'a>(files: impl Iterator<Item = &'a Source>) -> Vec<String> {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("dbg", "!(")];
    let mut faults = Vec::new();
    for file in files {
        for (number, line) in file.text.lines().enumerate() {
            for mark in marks.iter().filter(|mark| line.contains(**mark)) {
                faults.push(format!("{}:{} still says {mark}", shown(&file.path), number + 1));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: &str) -> Source {
        Source { path: tools::root().join(path), text: text.to_owned() }
    }

    #[test]
    fn a_forbidden_word_is_found_in_code_only() {
        let files = [source(
            "src/a.rs",
            "// HashMap in words\nlet a = \"HashMap\";\nuse std::collections::HashMap;\nstruct MyHashMaps;",
        )];
        let faults = forbidden_words(&files);
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("src/a.rs:3 uses HashMap"));
    }

    #[test]
    fn a_rule_wants_code_and_a_test() {
        let rules = source(
            "src/ecs/rules.rs",
            "rules! {\n  FLOOR: \"DEPLOY-06\", Documented, true, \"says\", \"source\";\n  OTHER: \"DEPLOY-07\", Documented, true,\n  \"not: \\\"this\\\"\", \"source\";\n}",
        );
        let user = source("src/ecs/service.rs", "cite(&rules::FLOOR);");
        let test = source("tests/engine/a.rs", "DEPLOY-06 4 50");
        assert_eq!(loose_rules(std::slice::from_ref(&rules)).len(), 2);
        assert_eq!(untested_rules(std::slice::from_ref(&rules), &[]).len(), 2);
        let engine = [rules, user];
        let faults = untested_rules(&engine, &[test]);
        assert!(faults.len() == 1 && faults[0].contains("DEPLOY-07"), "{faults:?}");
        let [rules, user] = engine;
        let remark = "//! DEPLOY-07\n// DEPLOY-07\nfn a() {}\n#[cfg(test)]\nmod tests { DEPLOY-07 }";
        let faults = loose_rules(&[rules, user, source("src/ecs/task.rs", remark)]);
        assert!(faults.len() == 1 && faults[0].contains("DEPLOY-07"), "{faults:?}");
    }

    #[test]
    fn an_operation_wants_its_row() {
        let rows = source(
            "src/ecs/api.rs",
            "operations! { \"ecs\": act \"RunTask\" run_task::run_task, A => B, \"Runs.\"; }",
        );
        let run = source("src/ecs/api/run_task.rs", "");
        let stop = source("src/ecs/api/stop_task.rs", "");
        let faults = rowless_operations(&[rows, run, stop]);
        assert_eq!(faults, ["src/ecs/api/stop_task.rs has no row in operations! of src/ecs/api.rs"]);
    }
}
