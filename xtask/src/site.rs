//! The whole site: pages, stylesheet, module, glue, lessons and what `public/` holds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Result;
use drydock_lessons::authoring::Folder;
use sha2::{Digest, Sha256};

use crate::page::{self, Assets, Route};
use crate::wasm::Care;
use crate::{css, lessons, parts, size, tools, wasm};

/// Builds the site into `dist/` and says how large it is.
pub fn build() -> Result<()> {
    let dist = build_quietly(Care::Release)?;
    size::report(&dist)
}

/// Builds the site into `dist/`, which then holds nothing else.
pub fn build_quietly(care: Care) -> Result<PathBuf> {
    let start = Instant::now();
    let module = wasm::build(care)?;
    println!("Writing pages, stylesheet and lessons.");
    let dist = tools::root().join("dist");
    let next = tools::root().join("dist.next");
    if next.exists() {
        std::fs::remove_dir_all(&next)?;
    }
    copy_folder(&tools::root().join("public"), &next)?;
    copy_folder(&module.folder.join("snippets"), &next.join("snippets"))?;
    let mut later = BTreeMap::new();
    for (name, file) in &module.parts {
        later.insert(*name, write_hashed(&next, &format!("drydock-{name}"), "wasm", &std::fs::read(file)?)?);
    }
    let glue = std::fs::read_to_string(&module.js)?;
    let glue = match care {
        Care::Release => parts::glue(&glue, &later)?,
        Care::Noting => parts::noting_glue(&glue)?,
        Care::Draft => glue,
    };
    let assets = Assets {
        css: write_hashed(&next, "drydock", "css", css::bundle()?.as_bytes())?,
        js: write_hashed(&next, "drydock", "js", glue.as_bytes())?,
        wasm: write_hashed(&next, "drydock", "wasm", &std::fs::read(&module.wasm)?)?,
        parts: later,
    };
    let course = lessons::course()?;
    lessons::write(&course, &next)?;
    for route in routes(&course)? {
        let file = next.join(&route.path).join("index.html");
        tools::write(&file, page::render(&route, &assets)?)?;
    }
    let missing = Route::from_file("404", &tools::root().join("web/pages/missing.en.md"))?;
    tools::write(&next.join("404.html"), page::render_missing(&missing, &assets)?)?;
    // The old site is there until the new one is whole.
    if dist.exists() {
        std::fs::remove_dir_all(&dist)?;
    }
    std::fs::rename(&next, &dist)?;
    println!("The site is in dist/, after {} s.", start.elapsed().as_secs());
    Ok(dist)
}

/// What `trunk serve` needs beside the module: the stylesheet and the lessons.
pub fn assets() -> Result<()> {
    let folder = tools::root().join("target/trunk");
    tools::write(&folder.join("drydock.css"), css::bundle()?)?;
    std::fs::create_dir_all(folder.join("lessons"))?;
    lessons::write(&lessons::course()?, &folder)
}

/// Every route with its text, in the order of a walk through the site.
fn routes(course: &[Folder]) -> Result<Vec<Route>> {
    let pages = tools::root().join("web/pages");
    let lessons = lesson_routes(course);
    let mut learn = Route::from_file("learn", &pages.join("learn.en.md"))?;
    learn.text.push_str("<ol class=\"reader-lessons\">\n");
    for lesson in &lessons {
        learn.text.push_str(&format!(
            "<li><a href=\"{}/\">{}</a></li>\n",
            page::escape(&lesson.path),
            page::escape(&lesson.title)
        ));
    }
    learn.text.push_str("</ol>\n");
    let mut routes = vec![
        Route::from_file("", &pages.join("home.en.md"))?,
        learn,
        Route::from_file("sandbox", &pages.join("sandbox.en.md"))?,
        Route::from_file("watch", &pages.join("watch.en.md"))?,
        Route::from_file("about", &pages.join("about.en.md"))?,
    ];
    routes.extend(lessons);
    Ok(routes)
}

/// The lessons' routes, by the names of their folders.
fn lesson_routes(course: &[Folder]) -> Vec<Route> {
    let route = |folder: &Folder| {
        let path = format!("learn/{}", folder.name);
        let markdown = folder.files.get("text.en.md").map_or("", String::as_str);
        let mut route = Route::from_markdown(&path, &page::without_asides(markdown));
        route.title.clone_from(&folder.lesson.title);
        route.description.clone_from(&folder.lesson.goal);
        route
    };
    course.iter().map(route).collect()
}

/// Writes a file under a name that changes with its content, and returns that name.
fn write_hashed(folder: &Path, stem: &str, end: &str, bytes: &[u8]) -> Result<String> {
    let hash: String = Sha256::digest(bytes).iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let name = format!("{stem}-{hash}.{end}");
    tools::write(&folder.join(&name), bytes)?;
    Ok(name)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in tools::files_below(from)? {
        tools::write(&to.join(file.strip_prefix(from)?), std::fs::read(&file)?)?;
    }
    Ok(())
}
