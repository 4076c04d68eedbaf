//! What comes after the page: which functions go into which part, and how the page gets at them.
//!
//! Nobody keeps the list by hand. `cargo xtask parts` plays the first seconds of every page with a
//! module that notes which functions are called, and writes down those that were not, by a hash of
//! their names. What the list does not know stays in the first module, so new code is there from the
//! beginning and the list is made anew when the budget of `size` says so.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::wasm::Care;
use crate::{checks, site, split, tools};

/// The parts in the order of the list's marks: what only the other pages need, and what the first seconds
/// of no page need.
pub const PARTS: [&str; 2] = ["pages", "rest"];

/// The list: which part has the functions of a name.
pub struct List(BTreeMap<u32, usize>);

impl List {
    /// Reads the list.
    pub fn read() -> Result<List> {
        let file = path();
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("{} could not be read", file.display()))?;
        let mut list = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (hash, part) = line.split_once(' ').with_context(|| format!("no part in `{line}`"))?;
            let part = PARTS.iter().position(|name| *name == part);
            let part = part.with_context(|| format!("no such part as in `{line}`"))?;
            list.insert(u32::from_str_radix(hash, 16)?, part);
        }
        Ok(List(list))
    }

    /// Writes the list of functions that these sets of indices leave out.
    ///
    /// `first` were called by a lesson or the sandbox, `pages` by any page. A name stands for all
    /// functions that differ only in the numbers of their closures, so that a closure more does not
    /// turn the list around.
    pub fn write(
        functions: &[split::Function],
        first: &BTreeSet<usize>,
        pages: &BTreeSet<usize>,
    ) -> Result<()> {
        let mut parts: BTreeMap<u32, Option<usize>> = BTreeMap::new();
        for function in functions.iter().filter(|function| function.size >= split::WORTH_A_DOOR) {
            let called = |set: &BTreeSet<usize>| set.contains(&function.index);
            let part = if called(first) { None } else { Some(usize::from(!called(pages))) };
            let known = parts.entry(hash(&function.name)).or_insert(part);
            *known = (*known).min(part);
        }
        let mut text = String::from(
            "# Functions that a first load does not call, by the hash of their names, and the part that has them.\n\
             # Written by `cargo xtask parts`.\n",
        );
        for (hash, part) in parts {
            if let Some(part) = part {
                text.push_str(&format!("{hash:08x} {}\n", PARTS[part]));
            }
        }
        tools::write(&path(), text)
    }

    /// The part that has a function, by its name and its size in instructions.
    pub fn part_of(&self, name: &str, size: u64) -> Option<usize> {
        let name = rustc_demangle::demangle(name).to_string();
        if size < split::WORTH_A_DOOR { None } else { self.0.get(&hash(&name)).copied() }
    }
}

/// Plays the first seconds of every page, and writes down what they did not call.
pub fn learn() -> Result<()> {
    let dist = site::build_quietly(Care::Noting)?;
    let notes = tools::root().join("target/parts.json");
    if notes.exists() {
        std::fs::remove_file(&notes)?;
    }
    checks::play("parts.config.js")?;
    let text = std::fs::read_to_string(&notes).context("the pages noted nothing")?;
    let called: BTreeMap<String, BTreeSet<usize>> = serde_json::from_str(&text)?;
    let of = |kind: &str| called.get(kind).with_context(|| format!("no {kind} was opened"));
    let (first, pages) = (of("first")?, of("pages")?);
    let functions = split::functions(&std::fs::read(tools::target_dir()?.join("site-glue/whole.wasm"))?)?;
    List::write(&functions, first, pages)?;
    std::fs::remove_dir_all(dist)?;
    println!("web/parts.txt is new; `cargo xtask build` goes by it.");
    Ok(())
}

/// Where the glue hands its functions to the module.
const IMPORTS: &str = "\"./drydock_bg.js\": import0,";

/// The glue with one more thing that it hands over.
fn handing_over(glue: &str, parts: &str) -> Result<String> {
    ensure!(glue.matches(IMPORTS).count() == 1, "the glue hands its functions over in another way");
    Ok(glue.replace(IMPORTS, &format!("{IMPORTS}\n\"parts\": {{{parts}}},")))
}

/// The glue of a module whose functions note that they are called.
pub fn noting_glue(glue: &str) -> Result<String> {
    let glue = handing_over(glue, "note: (index) => { called[index] = 1; }")?;
    // A part that is always on its way or lost, so that what brings parts is noted, too.
    Ok(glue
        + "const called = globalThis.drydockCalled = [];\n\
           globalThis.drydockPart = () =>\n\
           new Promise((then, fail) => setTimeout(globalThis.drydockLost ? fail : then, 50));\n")
}

/// The glue with what brings the parts from their files.
pub fn glue(glue: &str, files: &BTreeMap<&str, String>) -> Result<String> {
    let file = tools::root().join("web/parts.js");
    let text =
        std::fs::read_to_string(&file).with_context(|| format!("{} could not be read", file.display()))?;
    let text: String =
        text.lines().filter(|line| !line.starts_with("//")).fold(String::new(), |mut all, line| {
            all.push_str(line.trim());
            all.push('\n');
            all
        });
    let imports: Vec<String> = PARTS.iter().map(|name| format!("{name}:()=>fetchNow('{name}')")).collect();
    Ok(handing_over(glue, &imports.join(","))? + &text.replace("PARTS", &serde_json::to_string(files)?))
}

fn path() -> PathBuf {
    tools::root().join("web/parts.txt")
}

fn hash(name: &str) -> u32 {
    let digest = Sha256::digest(plain(name).as_bytes());
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

/// A name without what changes when something else does: the marks of crates, the numbers of closures.
pub fn plain(name: &str) -> String {
    let mut depth = 0_u32;
    let mut numbered = false;
    name.chars()
        .filter(|sign| {
            match sign {
                '[' => depth += 1,
                ']' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                '#' => numbered = true,
                '}' => numbered = false,
                _ => {}
            }
            depth == 0 && !numbered
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_outlives_what_changes_around_it() {
        assert_eq!(
            plain("<core[c59]::Map<[u8], web[0a[1]b]::page::{closure#12}> as Fn>::call::{shim:vtable#0}"),
            "<core::Map<, web::page::{closure}> as Fn>::call::{shim:vtable}"
        );
    }
}
