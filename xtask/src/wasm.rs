//! From Rust to the wasm module and its glue, with no tool that has to be installed first.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::data::Data;
use crate::{parts, split, tools, trim};

pub const TARGET: &str = "wasm32-unknown-unknown";
/// The npm package that carries wasm-opt.
const BINARYEN: &str = "132.0.0";

/// The module and the glue, and the folder that holds them and any snippets.
pub struct Module {
    pub folder: PathBuf,
    pub js: PathBuf,
    /// What every page loads.
    pub wasm: PathBuf,
    /// What comes after it, by name; nothing where the module is in one piece.
    pub parts: Vec<(&'static str, PathBuf)>,
}

impl Module {
    /// The module with names and in one piece, where functions note that they are called.
    pub fn whole(&self) -> PathBuf {
        self.folder.join("whole.wasm")
    }
}

/// How much work goes into the module.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// The site's profile, then wasm-opt: small, and slow to build.
    Release,
    /// As for the site, but every function notes that it is called.
    Noting,
    /// Quick to build, for those who change something and want to see it.
    Draft,
}

impl Care {
    /// Cargo's profile and the folder that it builds into.
    fn profile(self) -> (&'static str, &'static str) {
        match self {
            Care::Release | Care::Noting => ("site", "site"),
            Care::Draft => ("dev", "debug"),
        }
    }
}

/// Builds the front end for the browser.
pub fn build(care: Care) -> Result<Module> {
    let (profile, built) = care.profile();
    ensure_target(TARGET)?;
    println!("Building the front end for the browser (the first time takes a few minutes).");
    let mut cargo = Command::new(tools::cargo());
    if care != Care::Draft {
        // Names that tell for which types a function was made; `parts` goes by them.
        cargo.args(["--config", "target.wasm32-unknown-unknown.rustflags=['-Csymbol-mangling-version=v0']"]);
    }
    cargo.args(["rustc", "--package", "drydock-web", "--bin", "drydock-web", "--target", TARGET]);
    cargo.args(["--profile", profile]);
    if care != Care::Draft {
        // Whose panics are silenced is told by name; wasm-bindgen and wasm-opt drop the names later.
        cargo.args(["--", "-C", "strip=debuginfo"]);
        // And where the linker wrote which address, by which `data` tells what a function mentions.
        cargo.args(["-C", "link-arg=--emit-relocs"]);
    }
    tools::run(&mut cargo)?;
    let target = tools::target_dir()?;
    let input = target.join(TARGET).join(built).join("drydock-web.wasm");
    let folder = target.join("site-glue");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    println!("Writing the glue between the page and the module.");
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen
        .keep_debug(false)
        .demangle(false)
        .remove_name_section(care == Care::Draft)
        .remove_producers_section(true)
        .input_path(&input)
        .web(true)?
        .omit_default_module_path(true)
        .typescript(false)
        .out_name("drydock")
        .generate(&folder)?;
    let mut module = Module {
        js: folder.join("drydock.js"),
        wasm: folder.join("drydock_bg.wasm"),
        parts: Vec::new(),
        folder,
    };
    if care == Care::Draft {
        return Ok(module);
    }
    trim::glue(&module.js)?;
    let whole = trim::module(&module.wasm)?;
    if care == Care::Noting {
        std::fs::write(module.whole(), &whole)?;
        std::fs::write(&module.wasm, split::noting(&whole)?)?;
        return Ok(module);
    }
    let list = parts::List::read()?;
    let data = Data::read(&std::fs::read(&input)?)?;
    let pieces = split::split(&whole, &parts::PARTS, &|name, size| list.part_of(name, size), &data)?;
    std::fs::write(&module.wasm, pieces.first)?;
    for (name, bytes) in parts::PARTS.into_iter().zip(pieces.parts) {
        let file = module.folder.join(format!("drydock_{name}.wasm"));
        std::fs::write(&file, bytes)?;
        module.parts.push((name, file));
    }
    println!("Making the modules smaller with wasm-opt.");
    for file in std::iter::once(&module.wasm).chain(module.parts.iter().map(|(_name, file)| file)) {
        if !shrink(file)? {
            break;
        }
    }
    Ok(module)
}

/// Adds the browser's target to the toolchain when it is not there.
pub fn ensure_target(target: &str) -> Result<()> {
    let sysroot = tools::run_quietly(Command::new("rustc").args(["--print", "sysroot"]))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(target).is_dir() {
        return Ok(());
    }
    if tools::on_path("rustup").is_none() {
        bail!(
            "this Rust has no {target} target and there is no rustup to add it; \
             install that target the way this Rust was installed"
        );
    }
    println!("Adding the {target} target to the toolchain.");
    tools::run(Command::new("rustup").args(["target", "add", target]))
        .with_context(|| format!("the target {target} could not be added; is the network there?"))
}

/// Makes a module smaller with wasm-opt where that can be had; the site works without.
fn shrink(wasm: &Path) -> Result<bool> {
    let mut command = match wasm_opt() {
        Ok(command) => command,
        Err(why) => {
            println!("wasm-opt is left out: {why:#}. The site works; its modules are larger.");
            return Ok(false);
        }
    };
    let smaller = wasm.with_extension("opt.wasm");
    command
        // Control flow made anew from single steps comes out smaller.
        .args(["--flatten", "--rereloop", "-Oz", "-Oz", "--strip-debug", "--strip-producers"])
        .args(["--enable-bulk-memory", "--enable-nontrapping-float-to-int"])
        .args(["--enable-sign-ext", "--enable-mutable-globals"])
        .args(["--enable-reference-types", "--enable-multivalue"])
        .arg(wasm)
        .arg("-o")
        .arg(&smaller);
    tools::run_quietly(&mut command)?;
    std::fs::rename(smaller, wasm)?;
    Ok(true)
}

/// Whether wasm-opt can be had here without fetching anything.
pub fn has_wasm_opt() -> bool {
    tools::on_path("wasm-opt").is_some() || fetched_wasm_opt().is_file()
}

fn fetched_wasm_opt() -> PathBuf {
    tools::cache(&format!("binaryen-{BINARYEN}")).join("node_modules/binaryen/bin/wasm-opt")
}

fn wasm_opt() -> Result<Command> {
    if let Some(program) = tools::on_path("wasm-opt") {
        return Ok(Command::new(program));
    }
    let node = tools::on_path("node").context("it is not on PATH, and there is no Node to fetch it with")?;
    let script = fetched_wasm_opt();
    if !script.is_file() {
        let npm = tools::on_path("npm").context("there is no npm to fetch it with")?;
        println!("Fetching wasm-opt (npm package binaryen {BINARYEN}) into the user's cache.");
        let folder = tools::cache(&format!("binaryen-{BINARYEN}"));
        std::fs::create_dir_all(&folder)?;
        tools::run_quietly(
            Command::new(npm)
                .args(["install", "--no-audit", "--no-fund", "--ignore-scripts"])
                .arg("--prefix")
                .arg(&folder)
                .arg(format!("binaryen@{BINARYEN}")),
        )
        .context("it could not be fetched")?;
    }
    let mut command = Command::new(node);
    command.arg(script);
    Ok(command)
}
