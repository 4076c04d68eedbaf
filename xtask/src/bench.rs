//! `cargo xtask bench`: the engine's figures, in time, in instructions and in bytes.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{checks, site, tools, wasm};

/// Measures and prints the tables that docs/performance.md holds.
pub fn bench(words: &[&str]) -> Result<()> {
    let count = match words {
        [] => true,
        ["--no-count"] => false,
        ["--faults"] => return faults(),
        ["--page"] => return page(),
        _ => bail!(
            "bench knows --no-count, which leaves the instructions uncounted, \
             --page, which measures the built site instead of the engine, and --faults"
        ),
    };
    let program = build(None)?;
    let valgrind = tools::on_path("valgrind").filter(|_valgrind| count);
    let natively = figures(&mut Command::new(&program))?;
    let in_wasm = match in_wasm() {
        Ok(figures) => figures,
        Err(why) => {
            println!("Not measured in wasm: {why:#}");
            Vec::new()
        }
    };
    println!("| Figure | Per unit | Rounds apart | In wasm | Instructions per unit |\n|---|---|---|---|---|");
    for Figure { name, units, nanos, apart } in &natively {
        let instructions = match &valgrind {
            Some(valgrind) => {
                let whole = instructions(valgrind, &program, "--once", name)?;
                let before = instructions(valgrind, &program, "--prepare", name)?;
                grouped(whole.saturating_sub(before) / units.max(&1))
            }
            None => "not counted".to_owned(),
        };
        let in_wasm = in_wasm.iter().find(|figure| figure.name == *name).map_or_else(
            || "not measured".to_owned(),
            |figure| format!("{} % of native", figure.nanos * 100 / nanos.max(&1)),
        );
        println!("| {name} | {} | {apart} % | {in_wasm} | {instructions} |", time(*nanos));
    }
    println!("\n| Figure | Bytes |\n|---|---|");
    for line in tools::run_quietly(Command::new(&program).arg("--space"))?.lines() {
        let (name, bytes) = line.split_once('\t').context("a figure without its bytes")?;
        println!("| {name} | {} |", grouped(bytes.parse()?));
    }
    let bytes = module_bytes()?;
    if bytes > 0 {
        let operations = drydock::operations().count() as u64;
        println!(
            "| wasm of the site, raw, per operation ({operations} of them) | {} |",
            grouped(bytes / operations.max(1))
        );
    }
    Ok(())
}

/// The figures of the built site in a browser: how long it keeps a person waiting.
fn page() -> Result<()> {
    site::build_quietly(wasm::Care::Release)?;
    checks::play("bench.config.js")
}

/// A line of the bench.
struct Figure {
    name: String,
    units: u64,
    /// Nanoseconds per unit, the median of the rounds.
    nanos: u64,
    /// How far the rounds lay apart, in per cent.
    apart: u64,
}

fn figures(bench: &mut Command) -> Result<Vec<Figure>> {
    let read = |line: &str| match line.split('\t').collect::<Vec<_>>()[..] {
        [name, units, nanos, apart] => Ok(Figure {
            name: name.to_owned(),
            units: units.parse()?,
            nanos: nanos.parse()?,
            apart: apart.parse()?,
        }),
        _ => bail!("the bench said something unexpected: {line}"),
    };
    tools::run_quietly(bench)?.lines().map(read).collect()
}

/// The same figures in WebAssembly, under Node's engine, which is Chromium's.
fn in_wasm() -> Result<Vec<Figure>> {
    const TARGET: &str = "wasm32-wasip1";
    let node = tools::on_path("node").context("Node is not here")?;
    wasm::ensure_target(TARGET)?;
    let program = build(Some(TARGET))?;
    let runner = tools::root().join("benches/wasi.mjs");
    figures(Command::new(node).arg("--no-warnings").arg(runner).arg(program))
}

/// Plays services under random faults, a thousand seeds of them.
fn faults() -> Result<()> {
    tools::run(
        Command::new(tools::cargo())
            .args(["test", "--profile", "bench", "--package", "drydock", "--test", "engine", "faults"])
            .args(["--", "--nocapture"])
            .env("CARGO_PROFILE_BENCH_DEBUG_ASSERTIONS", "true")
            .env("DRYDOCK_FAULT_SEEDS", std::env::var("DRYDOCK_FAULT_SEEDS").unwrap_or("1000".to_string())),
    )
}

/// Builds the bench, for this machine or for another target, and says where it is.
fn build(target: Option<&str>) -> Result<PathBuf> {
    let mut cargo = Command::new(tools::cargo());
    cargo.args(["bench", "--package", "drydock", "--bench", "engine", "--no-run"]);
    cargo.args(["--message-format", "json"]);
    if let Some(target) = target {
        cargo.args(["--target", target]);
    }
    let said = tools::run_quietly(&mut cargo)?;
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

/// The bytes of the site's modules, first and later.
fn module_bytes() -> Result<u64> {
    let files = tools::files_below(&tools::root().join("dist"))?;
    let modules = files.iter().filter(|file| file.extension().is_some_and(|end| end == "wasm"));
    modules.map(|file| Ok(std::fs::metadata(file)?.len())).sum()
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
