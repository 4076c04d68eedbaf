//! How large the site is, raw and as a host sends it, and what the budget allows.

use std::io::Write;
use std::path::Path;

use anyhow::{Result, ensure};

use crate::{tools, wasm};

/// What wasm and glue of a lesson's first load may weigh today. The bar is 450 KiB with all that is
/// planned, 350 before it; this number falls, or rises with what the engine learned since and says so in
/// docs/decisions/008-size.md.
const FIRST_BUDGET: u64 = 525 * 1024;
/// What all wasm and glue together may weigh.
const CODE_BUDGET: u64 = 1010 * 1024;
/// The largest page with the stylesheet, in bytes of brotli.
const PAGE_BUDGET: u64 = 30 * 1024;

/// A file of the site and its three sizes in bytes.
struct Sizes {
    name: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

/// Prints the sizes of every file and what a first load fetches.
pub fn report(dist: &Path) -> Result<()> {
    let files = measure(dist)?;
    println!("{:>9} {:>9} {:>9}  file", "raw", "gzip", "brotli");
    for file in &files {
        println!("{:>9} {:>9} {:>9}  {}", file.raw, file.gzip, file.brotli, file.name);
    }
    let load = FirstLoad::of(dist, &files)?;
    println!(
        "A lesson's first load in brotli: wasm and glue {} of {} KiB, page and stylesheet {} of {} KiB. \
         With what comes after it, wasm and glue are {} of {} KiB.",
        kib(load.first),
        kib(FIRST_BUDGET),
        kib(load.page),
        kib(PAGE_BUDGET),
        kib(load.code),
        kib(CODE_BUDGET)
    );
    Ok(())
}

/// Refuses a site that is over its budget.
pub fn check(dist: &Path) -> Result<()> {
    let load = FirstLoad::of(dist, &measure(dist)?)?;
    ensure!(
        wasm::has_wasm_opt(),
        "the site was built without wasm-opt, so its size says nothing; install Node or binaryen"
    );
    ensure!(load.first > 0, "no lesson's page names its module");
    ensure!(
        load.first <= FIRST_BUDGET,
        "wasm and glue of a lesson's first load are {} KiB of brotli; the budget is {}. Perhaps `cargo xtask parts` \
         finds what need not come first",
        kib(load.first),
        kib(FIRST_BUDGET)
    );
    ensure!(
        load.code <= CODE_BUDGET,
        "all wasm and glue are {} KiB of brotli; the budget is {}",
        kib(load.code),
        kib(CODE_BUDGET)
    );
    ensure!(
        load.page <= PAGE_BUDGET,
        "the largest page and the stylesheet are {} KiB of brotli; the budget is {}",
        kib(load.page),
        kib(PAGE_BUDGET)
    );
    println!(
        "first {} KiB, then {} KiB of wasm and glue; page and stylesheet {} KiB of brotli",
        kib(load.first),
        kib(load.code - load.first),
        kib(load.page)
    );
    Ok(())
}

struct FirstLoad {
    /// Wasm and glue that the page of a lesson names.
    first: u64,
    /// All wasm and glue.
    code: u64,
    page: u64,
}

impl FirstLoad {
    fn of(dist: &Path, files: &[Sizes]) -> Result<FirstLoad> {
        let of_kind = |ends: &'static [&'static str]| {
            files.iter().filter(move |file| ends.iter().any(|end| file.name.ends_with(end)))
        };
        let code = || of_kind(&[".wasm", ".js"]);
        let mut first = 0;
        for lesson in of_kind(&["/index.html"])
            .filter(|page| page.name.starts_with("learn/") && page.name != "learn/index.html")
        {
            let page = std::fs::read_to_string(dist.join(&lesson.name))?;
            let named = code().filter(|file| page.contains(&format!("href=\"{}\"", file.name)));
            first = first.max(named.map(|file| file.brotli).sum());
        }
        Ok(FirstLoad {
            first,
            code: code().map(|file| file.brotli).sum(),
            page: of_kind(&[".css"]).map(|file| file.brotli).sum::<u64>()
                + of_kind(&[".html"]).map(|file| file.brotli).max().unwrap_or(0),
        })
    }
}

fn measure(dist: &Path) -> Result<Vec<Sizes>> {
    ensure!(
        dist.join("index.html").is_file(),
        "there is no site in dist/ yet; `cargo xtask build` makes one"
    );
    tools::files_below(dist)?
        .iter()
        .map(|file| {
            let bytes = std::fs::read(file)?;
            Ok(Sizes {
                name: file.strip_prefix(dist)?.to_string_lossy().replace('\\', "/"),
                raw: bytes.len() as u64,
                gzip: gzip(&bytes)?,
                brotli: brotli(&bytes)?,
            })
        })
        .collect()
}

fn gzip(bytes: &[u8]) -> Result<u64> {
    let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    coder.write_all(bytes)?;
    Ok(coder.finish()?.len() as u64)
}

fn brotli(bytes: &[u8]) -> Result<u64> {
    let mut out = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters)?;
    Ok(out.len() as u64)
}

fn kib(bytes: u64) -> String {
    format!("{}.{}", bytes / 1024, bytes % 1024 * 10 / 1024)
}
