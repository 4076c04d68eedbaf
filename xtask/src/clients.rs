//! AWS's own clients: boto3 and the `aws` command, in a place of their own, and what is tried with them.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use sha2::{Digest, Sha256};

use crate::{model, tools};

/// `cargo xtask model`: writes the digest of AWS's models anew, from the botocore that is pinned.
pub fn write_model() -> Result<()> {
    tools::write(&model::file(), digest()?)?;
    println!("{} is written", model::file().display());
    Ok(())
}

/// What is tried with AWS's own clients.
pub fn check() -> Result<()> {
    check_model()?;
    let target = tools::target_dir()?.join("debug");
    tools::run(Command::new(tools::cargo()).args([
        "build",
        "--quiet",
        "--package",
        "drydock-server",
        "--bins",
        "--examples",
    ]))?;
    let program = |name: &str| target.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    tools::run(
        Command::new(python()?)
            .args(["-B", "-m", "pytest", "--rootdir"])
            .arg(tools::root().join("tests/clients"))
            .arg(tools::root().join("tests/clients"))
            .env("DRYDOCK_ENDPOINT", program("drydock-server"))
            .env("DRYDOCK_SHAPES", program("examples/shapes"))
            .env("DRYDOCK_XTASK", std::env::current_exe()?),
    )
}

/// Refuses a digest that is not what botocore says.
fn check_model() -> Result<()> {
    let there = std::fs::read_to_string(model::file())?;
    ensure!(
        there == digest()?,
        "tests/clients/model.json is not what botocore says; `cargo xtask model` writes it anew"
    );
    Ok(())
}

fn digest() -> Result<String> {
    let script = tools::root().join("tests/clients/model.py");
    tools::run_quietly(Command::new(python()?).arg(script).args(model::wishes()))
}

/// The Python that has AWS's clients: made once for each set of versions, in the user's cache.
fn python() -> Result<PathBuf> {
    let versions = tools::root().join("tests/clients/requirements.txt");
    let digest = Sha256::digest(std::fs::read(&versions)?);
    let short: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let folder = tools::cache(&format!("clients-{short}"));
    let python = folder.join("bin/python");
    let ready = folder.join("ready");
    if ready.is_file() && python.is_file() {
        return Ok(python);
    }
    println!("Installing boto3 and the aws command into the user's cache (once).");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    environment(&folder)?;
    tools::run_quietly(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&versions),
    )
    .context("the clients could not be installed from PyPI")?;
    tools::write(&ready, "")?;
    Ok(python)
}

/// An empty Python environment; on Debian its package is installed when that is allowed.
fn environment(folder: &std::path::Path) -> Result<()> {
    let make = || {
        let python = tools::on_path("python3").context("there is no python3 on PATH")?;
        tools::run_quietly(Command::new(python).args(["-m", "venv"]).arg(folder))
    };
    let Err(problem) = make() else { return Ok(()) };
    let root = tools::run_quietly(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if let Some(apt) = tools::on_path("apt-get").filter(|_| root) {
        println!("Installing Python's venv.");
        tools::run_quietly(Command::new(&apt).arg("update"))?;
        let packages = ["install", "-y", "--no-install-recommends", "python3", "python3-venv"];
        tools::run_quietly(Command::new(&apt).args(packages).env("DEBIAN_FRONTEND", "noninteractive"))?;
        if make().is_ok() {
            return Ok(());
        }
    }
    Err(problem).context(
        "the checks with AWS's own clients need Python 3.9 or newer with its venv module, on PATH as `python3` \
         (Debian: `apt-get install python3-venv`); `cargo xtask test --fast` does without",
    )
}
