//! `cargo xtask bench`: the engine's figures, in time, in instructions and in bytes.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::tools;

/// Measures and prints the tables that docs/performance.md holds.
pub fn bench(words: &[&str]) -> Result<()> {
    let count = match words {
        [] => true,
        ["--no-count"] => false,
        _ => bail!("bench knows only --no-count, which leaves the instructions uncounted"),
    };
    let program = build()?;
    let valgrind = tools::on_path("valgrind").filter(|_valgrind| count);
    println!("| Figure | Per unit | Rounds apart | Instructions per unit |\n|---|---|---|---|");
    for line in tools::run_quietly(&mut Command::new(&program))?.lines() {
        let [name, units, nanos, apart] = line.split('\t').collect::<Vec<_>>()[..] else {
            bail!("the bench said something unexpected: {line}");
        };
        let instructions = match &valgrind {
            Some(valgrind) => {
                let whole = instructions(valgrind, &program, "--once", name)?;
                let before = instructions(valgrind, &program, "--prepare", name)?;
                grouped(whole.saturating_sub(before) / units.parse::<u64>()?.max(1))
            }
            None => "not counted".to_owned(),
        };
        println!("| {name} | {} | {apart} % | {instructions} |", time(nanos.parse()?));
    }
    println!("\n| Figure | Bytes |\n|---|---|");
    for line in tools::run_quietly(Command::new(&program).arg("--space"))?.lines() {
        let (name, bytes) = line.split_once('\t').context("a figure without its bytes")?;
        println!("| {name} | {} |", grouped(bytes.parse()?));
    }
    if let Some(bytes) = module_bytes()? {
        let operations = drydock::operations().count() as u64;
        println!(
            "| wasm module of the site, raw, per operation ({operations} of them) | {} |",
            grouped(bytes / operations.max(1))
        );
    }
    Ok(())
}

/// Builds the bench and says where it is.
fn build() -> Result<PathBuf> {
    let said = tools::run_quietly(Command::new(tools::cargo()).args([
        "bench",
        "--package",
        "drydock",
        "--bench",
        "engine",
        "--no-run",
        "--message-format",
        "json",
    ]))?;
    said.lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "engine")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .context("cargo did not say where the bench is")
}

fn instructions(valgrind: &Path, program: &Path, mode: &str, name: &str) -> Result<u64> {
    let output = Command::new(valgrind)
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(program)
        .args([mode, name])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines()
        .find_map(|line| line.split_once("I refs:").or_else(|| line.split_once("I   refs:")))
        .and_then(|(_, count)| count.trim().replace(',', "").parse().ok())
        .with_context(|| format!("valgrind did not count `{name}`:\n{said}"))
}

fn module_bytes() -> Result<Option<u64>> {
    let files = tools::files_below(&tools::root().join("dist"))?;
    let module = files.iter().find(|file| file.extension().is_some_and(|end| end == "wasm"));
    Ok(module.map(std::fs::metadata).transpose()?.map(|data| data.len()))
}

fn time(nanos: u64) -> String {
    match nanos {
        0..10_000 => format!("{nanos} ns"),
        10_000..10_000_000 => format!("{} µs", nanos / 1_000),
        _ => format!("{} ms", nanos / 1_000_000),
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{grouped, time};

    #[test]
    fn figures_are_easy_to_read() {
        assert_eq!((grouped(7), grouped(1234567)), ("7".into(), "1,234,567".into()));
        assert_eq!(
            (time(950), time(2_500_000), time(30_000_000)),
            ("950 ns".into(), "2500 µs".into(), "30 ms".into())
        );
    }
}
