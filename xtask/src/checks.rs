//! `cargo xtask test`: every check that a change must pass, in the order of how soon it tells.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};

use crate::{clients, docs, lessons, serve, site, size, tidy, tools, wasm};

const WASM_BINDGEN: &str = "0.2.126";

/// A check: its name, and what it does.
type Step = (&'static str, fn() -> Result<()>);

const FAST: &[Step] = &[
    ("format", || cargo(&["fmt", "--all", "--check"])),
    ("clippy, native", clippy_native),
    ("clippy, browser", clippy_browser),
    ("tests", tests),
    ("lessons", lessons::prove),
    ("tidy", tidy::check),
    ("docs are fresh", docs::check),
];

/// What needs more than Rust: AWS's own clients, and a browser.
const WITH_OTHERS: &[Step] = &[
    ("AWS's own clients", clients::check),
    ("tests in the browser", browser_tests),
    ("site", || site::build_quietly(wasm::Care::Release).map(|_dist| ())),
    ("size", || size::check(&tools::root().join("dist"))),
    ("journeys", || play("playwright.config.js")),
];

/// Runs the checks up to the first that fails; `--fast` leaves the browser out.
pub fn test(words: &[&str]) -> Result<()> {
    let steps: Vec<&Step> = match words {
        [] => FAST.iter().chain(WITH_OTHERS).collect(),
        ["--fast"] => {
            println!("--fast leaves out AWS's own clients, which need Python, and the browser.");
            FAST.iter().collect()
        }
        _ => bail!("test knows only --fast"),
    };
    let start = Instant::now();
    for (place, (name, step)) in steps.iter().enumerate() {
        println!("\n== {name} ({} of {})", place + 1, steps.len());
        let begun = Instant::now();
        if let Err(error) = step() {
            println!("== {name} failed after {} s", begun.elapsed().as_secs());
            eprintln!("\n{error:#}");
            println!("{place} passed, 1 failed");
            bail!("`{name}` did not pass; the checks after it were not run");
        }
        println!("== {name} passed in {} s", begun.elapsed().as_secs());
    }
    println!("\nAll of it took {} s.", start.elapsed().as_secs());
    println!("{} passed, 0 failed", steps.len());
    Ok(())
}

fn cargo(words: &[&str]) -> Result<()> {
    tools::run(Command::new(tools::cargo()).args(words))
}

fn clippy_native() -> Result<()> {
    cargo(&["clippy", "--workspace", "--exclude", "drydock-web", "--all-targets", "--", "-D", "warnings"])
}

fn clippy_browser() -> Result<()> {
    wasm::ensure_target(wasm::TARGET)?;
    cargo(&[
        "clippy",
        "--package",
        "drydock-web",
        "--all-targets",
        "--target",
        wasm::TARGET,
        "--",
        "-D",
        "warnings",
    ])
}

fn tests() -> Result<()> {
    cargo(&["test", "--workspace"])
}

/// Tests that need a browser, and those that must come out there as they do natively.
fn browser_tests() -> Result<()> {
    let (chromium, driver) = browser()?;
    let runner = test_runner()?;
    println!("Browser: {}", chromium.display());
    tools::run(
        Command::new(tools::cargo())
            .args(["test", "--package", "drydock-web", "--package", "drydock-lessons"])
            .args(["--features", "drydock-lessons/authoring", "--target", wasm::TARGET])
            .args(["--test", "same_runs", "--test", "browser"])
            // The lessons play long; an engine built without any care takes minutes there.
            .args(["--config", "profile.dev.package.drydock.opt-level=1"])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("CHROMEDRIVER", driver)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "300"),
    )
}

/// Plays journeys on the built site, as a file of settings in their folder names them.
pub fn play(settings: &str) -> Result<()> {
    let (chromium, _driver) = browser()?;
    let folder = tools::root().join("tests/journeys");
    let npm = tools::on_path("npm").context(
        "the journeys need Node 20 or newer with npm; install it (Debian: `apt-get install nodejs npm`)",
    )?;
    if !installed(&folder)? {
        println!("Installing what the journeys need.");
        tools::run(
            Command::new(npm)
                .args(["ci", "--ignore-scripts"])
                .arg("--prefix")
                .arg(&folder)
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
        )?;
    }
    // A sub-path, because that is where sites are often put and where addresses break.
    let site = serve::start(&tools::root().join("dist"), 0, "/some/where/")?;
    let node = tools::on_path("node").context("npm is here, but node is not")?;
    tools::run(
        Command::new(node)
            .arg(folder.join("node_modules/@playwright/test/cli.js"))
            .arg("test")
            .arg("--config")
            .arg(folder.join(settings))
            .env("DRYDOCK_SITE", &site.address)
            .env("DRYDOCK_CHROMIUM", chromium),
    )
}

/// Whether `node_modules` holds what the lock file says.
fn installed(folder: &Path) -> Result<bool> {
    let stamp = folder.join("node_modules/.package-lock.json");
    if !stamp.is_file() {
        return Ok(false);
    }
    let changed = |file: PathBuf| file.metadata().and_then(|data| data.modified());
    Ok(changed(stamp)? >= changed(folder.join("package-lock.json"))?)
}

/// Chromium and its driver, installed from Debian's packages when that is allowed.
fn browser() -> Result<(PathBuf, PathBuf)> {
    let find = || {
        let chromium =
            ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| tools::on_path(name))?;
        Some((chromium, tools::on_path("chromedriver")?))
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    let is_root = tools::run_quietly(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let apt = tools::on_path("apt-get").filter(|_apt| is_root);
    let apt = apt.context(
        "these checks need Chromium and its driver on PATH as `chromium` and `chromedriver`; \
         on Debian: `apt-get install chromium chromium-driver`; `cargo xtask test --fast` does without",
    )?;
    println!("Installing Chromium and its driver.");
    tools::run_quietly(Command::new(&apt).arg("update"))?;
    tools::run_quietly(
        Command::new(&apt)
            .args(["install", "-y", "--no-install-recommends"])
            .args(["chromium", "chromium-driver"])
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )?;
    find().context("Chromium was installed but is not on PATH")
}

/// The program that runs wasm tests in a browser: the one on PATH when it is of our version, else
/// our own in the user's cache.
fn test_runner() -> Result<PathBuf> {
    const NAME: &str = "wasm-bindgen-test-runner";
    let fits = |program: &PathBuf| {
        tools::run_quietly(Command::new(program).arg("--version"))
            .is_ok_and(|said| said.split_whitespace().any(|word| word == WASM_BINDGEN))
    };
    if let Some(program) = tools::on_path(NAME).filter(fits) {
        return Ok(program);
    }
    let folder = tools::cache(&format!("wasm-bindgen-cli-{WASM_BINDGEN}"));
    let program = folder.join("bin").join(NAME);
    if !fits(&program) {
        println!("Building {NAME} {WASM_BINDGEN} into the user's cache (some minutes, once).");
        tools::run(
            Command::new(tools::cargo())
                .args(["install", "wasm-bindgen-cli", "--locked", "--bin", NAME])
                .args(["--version", WASM_BINDGEN])
                .arg("--root")
                .arg(&folder),
        )?;
    }
    ensure!(fits(&program), "{} does not run", program.display());
    Ok(program)
}
