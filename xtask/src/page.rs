//! The page of each route: the one template, with that route's text already in it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use sha2::{Digest, Sha256};

use crate::tools;

/// A route that has its own `index.html`.
pub struct Route {
    /// Path from the site's root: empty for the start page, else without slashes at the ends.
    pub path: String,
    /// The first heading of the text.
    pub title: String,
    /// One sentence for search engines and link previews.
    pub description: String,
    /// The text, as HTML.
    pub text: String,
}

impl Route {
    /// A route from a Markdown text that begins with a heading.
    pub fn from_markdown(path: &str, markdown: &str) -> Route {
        Route {
            path: path.to_owned(),
            title: first(markdown, |tag| matches!(tag, Tag::Heading { level: HeadingLevel::H1, .. }))
                .unwrap_or_else(|| path.to_owned()),
            description: first(markdown, |tag| matches!(tag, Tag::Paragraph)).unwrap_or_default(),
            text: to_html(markdown),
        }
    }

    /// A route whose text lies in a file.
    pub fn from_file(path: &str, file: &Path) -> Result<Route> {
        let markdown =
            std::fs::read_to_string(file).with_context(|| format!("{} could not be read", file.display()))?;
        Ok(Route::from_markdown(path, &markdown))
    }

    /// The way from this route's folder back to the site's root.
    fn base(&self) -> String {
        if self.path.is_empty() { "./".to_owned() } else { "../".repeat(self.path.split('/').count()) }
    }
}

/// The names of the files that every page loads.
pub struct Assets {
    pub css: String,
    pub js: String,
    pub wasm: String,
    /// What comes after the module, by name.
    pub parts: BTreeMap<&'static str, String>,
}

/// The page of a route.
pub fn render(route: &Route, assets: &Assets) -> Result<String> {
    let title = if route.path.is_empty() {
        "Drydock: a container fleet you can break".to_owned()
    } else {
        format!("{} · Drydock", route.title)
    };
    let early = script(&format!("{SLASH}{THEME}"));
    let boot = BOOT.replace("GLUE", &assets.js).replace("MODULE", &assets.wasm);
    let boot_script = script(&boot);
    let links = format!(
        "{}\n\
         {}\n\
         <base href=\"{}\">\n\
         <link rel=\"stylesheet\" href=\"{}\">\n\
         <link rel=\"modulepreload\" href=\"{}\">\n\
         {}\
         {}",
        policy(&[&early.1, &boot_script.1]),
        early.0,
        route.base(),
        assets.css,
        assets.js,
        preloads(route, assets),
        boot_script.0.replace("<script>", "<script type=\"module\">"),
    );
    fill(&title, route, links)
}

/// The page that a static host shows for an address without one, as `404.html`.
///
/// It cannot know how deep the address is nor where the site hangs, so it looks for the site's stylesheet from
/// the folder of the address upwards; without scripts it takes the site to be at the root of the host.
pub fn render_missing(route: &Route, assets: &Assets) -> Result<String> {
    let seek = script(&format!("{THEME}{}", SEEK.replace("STYLE", &assets.css)));
    let links = format!(
        "{}\n\
         <base href=\"/\">\n\
         <noscript><link rel=\"stylesheet\" href=\"{}\"></noscript>\n\
         {}",
        policy(&[&seek.1]),
        assets.css,
        seek.0,
    );
    fill(&format!("{} · Drydock", route.title), route, links)
}

/// What a page may reach, said in the page itself: its own files and nothing else.
fn policy(scripts: &[&str]) -> String {
    let scripts: String = scripts.iter().map(|hash| format!(" '{hash}'")).collect();
    format!(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'self'; \
         script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob:; base-uri 'self'; form-action 'none'\">"
    )
}

/// The template with a title, the sentence and the text of a route, and what its head links to.
fn fill(title: &str, route: &Route, links: String) -> Result<String> {
    let file = tools::root().join("web/index.html");
    let template =
        std::fs::read_to_string(&file).with_context(|| format!("{} could not be read", file.display()))?;
    let head = between(&template, "<!-- trunk -->", "<!-- /trunk -->")?;
    let places = [
        (head, links),
        ("<title>Drydock</title>", format!("<title>{}</title>", escape(title))),
        (
            "content=\"A container fleet you can break.\"",
            format!("content=\"{}\"", escape(&route.description)),
        ),
        ("<!-- text -->", route.text.clone()),
    ];
    let mut page = template.clone();
    for (place, filling) in places {
        ensure!(page.matches(place).count() == 1, "web/index.html must hold this exactly once: {place}");
        page = page.replace(place, &filling);
    }
    Ok(page)
}

/// The modules and the lesson that a page needs before it stands.
fn preloads(route: &Route, assets: &Assets) -> String {
    let studio = route.path == "sandbox" || route.path.starts_with("learn/");
    let pages = assets.parts.get("pages").filter(|_pages| !studio);
    let mut links = String::new();
    for file in std::iter::once(&assets.wasm).chain(pages) {
        links.push_str(&format!(
            "<link rel=\"preload\" href=\"{file}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n"
        ));
    }
    if let Some(lesson) = route.path.strip_prefix("learn/") {
        links.push_str(&format!(
            "<link rel=\"preload\" href=\"lessons/{lesson}.json\" as=\"fetch\" type=\"application/json\" crossorigin>\n"
        ));
    }
    links
}

/// Runs before anything is drawn: a folder's address ends in a slash, so that relative addresses
/// mean the same on every host.
const SLASH: &str = "if(!/\\/$|\\.html$/.test(location.pathname))\
history.replaceState(null,'',location.pathname+'/'+location.search+location.hash);";

/// Runs before anything is drawn: the chosen theme is there from the first frame.
const THEME: &str = "try{const t=localStorage.getItem('drydock.theme');if(t)document.documentElement.dataset.theme=t}catch{};";

/// Finds the site around an address without a page: where its stylesheet is, there is its root.
const SEEK: &str = "(function seek(root){document.querySelector('base').href=location.origin+root;\
const style=document.createElement('link');style.rel='stylesheet';style.href='STYLE';\
style.onerror=()=>{style.remove();if(root!=='/')seek(root.replace(/[^/]*\\/$/,''))};\
document.head.append(style)})(location.pathname.replace(/[^/]*$/,''))";

/// Starts the app. Where that fails the text stays and says so; where the program stops later, which only a
/// fault of its own or a part that never came can make it do, a sentence says that nothing is lost.
const BOOT: &str = "const fail=error=>{console.error(error);\
const text=document.getElementById('reader'),note=document.getElementById(text&&!text.hidden?'boot-note':'stopped');\
if(note){note.hidden=false}};\
document.querySelector('#stopped button')?.addEventListener('click',()=>location.reload());\
addEventListener('error',({error})=>{if(error instanceof WebAssembly.RuntimeError||error?.part)fail(error)});\
addEventListener('unhandledrejection',({reason})=>{if(reason instanceof WebAssembly.RuntimeError||reason?.part)fail(reason)});\
import('./GLUE').then(m=>m.default({module_or_path:new URL('MODULE',document.baseURI)})).catch(fail)";

/// An inline script and the hash by which the page's policy allows it.
fn script(code: &str) -> (String, String) {
    let hash = base64(&Sha256::digest(code.as_bytes()));
    (format!("<script>{code}</script>"), format!("sha256-{hash}"))
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let word =
            three.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - three.len()));
        for place in 0..4 {
            if place <= three.len() {
                out.push(char::from(SIGNS[(word >> (18 - 6 * place) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

/// HTML of a Markdown text; heading anchors (`## {#like-this} Title`) become ids.
pub fn to_html(markdown: &str) -> String {
    let markdown = anchors_last(markdown);
    let events = Parser::new_ext(&markdown, options()).filter(|event| {
        // Notes for those who write the lesson are not for those who read it.
        !matches!(event, Event::Html(html) | Event::InlineHtml(html) if html.starts_with("<!--"))
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// A lesson's text without its sections that have no heading: hints and feedback, which the app
/// shows at their moment and which mean nothing before it.
pub fn without_asides(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut aside = false;
    for line in markdown.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            aside = heading.starts_with("{#") && heading.trim_end().ends_with('}');
        }
        if !aside {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Lessons write a heading's anchor first, where the eye finds it; the parser wants it last.
fn anchors_last(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    for line in markdown.lines() {
        let hashes = line.chars().take_while(|sign| *sign == '#').count();
        let (marks, rest) = line.split_at(hashes);
        match rest.strip_prefix(" {#").and_then(|rest| rest.split_once('}')) {
            Some((anchor, title)) if hashes > 0 => {
                out.push_str(&format!("{marks} {} {{#{anchor}}}", title.trim()));
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

fn options() -> Options {
    Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
}

/// The plain text of the first element of a kind.
fn first(markdown: &str, wanted: impl Fn(&Tag) -> bool) -> Option<String> {
    let mut text: Option<String> = None;
    for event in Parser::new_ext(markdown, options()) {
        match (&mut text, event) {
            (None, Event::Start(tag)) if wanted(&tag) => text = Some(String::new()),
            (Some(_), Event::End(TagEnd::Heading(_) | TagEnd::Paragraph)) => break,
            (Some(text), Event::Text(words) | Event::Code(words)) => text.push_str(&words),
            (Some(text), Event::SoftBreak | Event::HardBreak) => text.push(' '),
            _ => {}
        }
    }
    text
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Result<&'a str> {
    let from = text.find(start).with_context(|| format!("web/index.html has no {start}"))?;
    let to = text[from..].find(end).with_context(|| format!("web/index.html has no {end}"))?;
    Ok(&text[from..from + to + end.len()])
}

/// Text made safe to stand in HTML and in attributes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_the_standard() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn the_page_for_no_page_looks_for_the_site_and_starts_no_program() {
        let route = Route::from_markdown("404", "# None\n\nNothing here.\n\n[All](learn/)");
        let assets = Assets {
            css: "drydock-1.css".to_owned(),
            js: "drydock-2.js".to_owned(),
            wasm: "drydock-3.wasm".to_owned(),
            parts: BTreeMap::new(),
        };
        let page = render_missing(&route, &assets).unwrap();
        assert!(page.contains("<title>None · Drydock</title>"), "{page}");
        assert!(page.contains("style.href='drydock-1.css'") && page.contains("href=\"learn/\""), "{page}");
        assert!(!page.contains("drydock-2.js") && !page.contains("drydock-3.wasm"), "{page}");
        // The policy lets its one script run, and nothing else that stands in it.
        let code = between(&page, "<script>", "</script>").unwrap();
        let code = code.trim_start_matches("<script>").trim_end_matches("</script>");
        assert!(page.contains(&format!("'wasm-unsafe-eval' '{}';", script(code).1)), "{page}");
        assert_eq!(page.matches("<script").count(), 1);
    }

    #[test]
    fn anchors_become_ids_and_comments_go() {
        let html = to_html("## {#a-1} One *two*\n<!-- N-001 -->\nText <!-- x -->here.\n");
        assert_eq!(html, "<h2 id=\"a-1\">One <em>two</em></h2>\n<p>Text here.</p>\n");
    }

    #[test]
    fn sections_without_a_heading_are_left_out() {
        let text = "# A\n## {#step-1} Do\nIt.\n## {#hint-1}\nPsst.\n## {#outro} End\nDone.\n";
        assert_eq!(without_asides(text), "# A\n## {#step-1} Do\nIt.\n## {#outro} End\nDone.\n");
    }

    #[test]
    fn a_route_takes_its_title_and_sentence_from_its_text() {
        let route = Route::from_markdown("learn/01-a", "# What *it* is {#top}\n\nRuns `it`\nhere.\n\nMore.");
        assert_eq!(route.title, "What it is");
        assert_eq!(route.description, "Runs it here.");
        assert_eq!(route.base(), "../../");
        assert!(route.text.contains("<h1 id=\"top\">"), "{}", route.text);
    }
}
