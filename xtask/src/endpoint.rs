//! `cargo xtask endpoint`: a simulated world for AWS's own clients; the program is in `server/`.

use std::process::Command;

use anyhow::Result;

use crate::tools;

/// Builds the endpoint and runs it until it is stopped; `--draft` builds it quickly and slow.
pub fn run(words: &[&str]) -> Result<()> {
    let draft = words.contains(&"--draft");
    let mut cargo = Command::new(tools::cargo());
    cargo.args(["run", "--quiet", "--package", "drydock-server"]);
    if !draft {
        cargo.arg("--release");
    }
    cargo.arg("--").arg("--site").arg(tools::root().join("dist"));
    cargo.args(words.iter().filter(|word| **word != "--draft"));
    tools::run(&mut cargo)
}
