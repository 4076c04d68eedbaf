//! Embeds the content, for proofs that run where there is no file system.

use std::fmt::Write;
use std::path::Path;

fn main() {
    let content = Path::new(&std::env::var("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("content");
    println!("cargo::rerun-if-changed={}", content.display());
    let mut files = Vec::new();
    if std::env::var_os("CARGO_FEATURE_AUTHORING").is_some() {
        list(&content, "", &mut files);
    }
    files.sort();
    let mut source = String::from("&[\n");
    for (name, path) in files {
        writeln!(source, "    ({name:?}, include_str!({path:?})),").expect("a string grows");
    }
    source.push(']');
    let out = std::env::var("OUT_DIR").expect("cargo sets it");
    std::fs::write(Path::new(&out).join("content.rs"), source).expect("the build folder can be written");
}

fn list(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).expect("the content can be read") {
        let entry = entry.expect("the content can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push((name, entry.path().to_string_lossy().into_owned()));
        }
    }
}
