//! `cargo xtask cases KIND FILE [--answers OUT.json]`: judges the engine by cases from outside.

use std::process::Command;

use anyhow::{Result, bail};

use crate::tools;

/// Runs the example `cases` of the engine from where we stand, so that it finds the file.
pub fn judge(words: &[&str]) -> Result<()> {
    let manifest = tools::root().join("Cargo.toml");
    let status = Command::new(tools::cargo())
        .args(["run", "--quiet", "--package", "drydock", "--example", "cases", "--manifest-path"])
        .arg(manifest)
        .arg("--")
        .args(words)
        .status()?;
    if !status.success() {
        bail!("the engine does not agree with all of the cases");
    }
    Ok(())
}
