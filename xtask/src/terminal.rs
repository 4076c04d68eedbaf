//! `cargo xtask terminal`: the site's terminal on standard input, for people and for tests.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use drydock::Run;
use drydock::dice::Seed;
use serde_json::json;

/// Plays each line that comes in; `--json` answers a line of JSON to each.
pub fn terminal(words: &[&str]) -> Result<()> {
    let (mut seed, mut as_json) = (7, false);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--json" => as_json = true,
            "--seed" => {
                let number = words.next().context("--seed wants a number")?;
                seed = number.parse().with_context(|| format!("--seed takes a number, not `{number}`"))?;
            }
            other => bail!("terminal does not know `{other}`; it knows --json and --seed"),
        }
    }
    let mut run = Run::new(Seed(seed));
    let prompts = std::io::stdin().is_terminal();
    let mut out = std::io::stdout().lock();
    if prompts {
        write!(out, "{} $ ", run.clock())?;
        out.flush()?;
    }
    for line in std::io::stdin().lock().lines() {
        let entered = run.enter(&line?);
        if as_json {
            let answer = json!({
                "stdout": entered.stdout,
                "stderr": entered.stderr,
                "exit_code": entered.exit_code,
            });
            writeln!(out, "{answer}")?;
        } else {
            for text in [&entered.stdout, &entered.stderr].into_iter().filter(|text| !text.is_empty()) {
                writeln!(out, "{text}")?;
            }
        }
        if prompts {
            write!(out, "{} $ ", run.clock())?;
        }
        out.flush()?;
    }
    Ok(())
}
