//! The prose of a lesson: Markdown texts by anchor, as HTML.

use crate::authoring::Problem;
use crate::lesson::Text;
use pulldown_cmark::{Options, Parser, html};
use std::collections::BTreeMap;

/// The texts of a file by anchor, and the line of each.
pub type Texts = BTreeMap<String, (Text, u32)>;

/// Reads the texts of a file: `## {#anchor} Heading`, then Markdown.
///
/// # Errors
/// Every anchor that is there twice, and every heading of the second level without an anchor.
pub fn read(lesson: &str, file: &str, source: &str) -> Result<Texts, Vec<Problem>> {
    let mut texts = Texts::new();
    let mut problems = Vec::new();
    let mut current: Option<(String, String, u32, String)> = None;
    let mut fenced = false;
    for (at, line) in source.lines().enumerate() {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        fenced ^= line.trim_start().starts_with("```");
        let Some(heading) = line.strip_prefix("## ").filter(|_| !fenced) else {
            if let Some((_, _, _, body)) = &mut current {
                body.push_str(line);
                body.push('\n');
            }
            continue;
        };
        keep(&mut texts, current.take());
        let Some((anchor, title)) = heading.trim().strip_prefix("{#").and_then(|rest| rest.split_once('}'))
        else {
            let message = "a heading of the second level begins with its anchor: `## {#anchor} Heading`";
            problems.push(Problem::new(lesson, file, number, message));
            continue;
        };
        if texts.contains_key(anchor) {
            problems.push(Problem::new(lesson, file, number, format!("the anchor {anchor} is there twice")));
        }
        current = Some((anchor.to_string(), title.trim().to_string(), number, String::new()));
    }
    keep(&mut texts, current.take());
    if problems.is_empty() { Ok(texts) } else { Err(problems) }
}

fn keep(texts: &mut Texts, text: Option<(String, String, u32, String)>) {
    if let Some((anchor, title, number, body)) = text {
        let (body, statements) = without_marks(&body);
        texts.insert(anchor, (Text { title, html: html(&body), statements }, number));
    }
}

/// Takes the comments out of a text, and says which statements they mark.
fn without_marks(body: &str) -> (String, Vec<String>) {
    let mut rest = String::new();
    let mut statements = Vec::new();
    for line in body.lines() {
        match line.trim().strip_prefix("<!--").and_then(|line| line.strip_suffix("-->")) {
            Some(marked) => statements.extend(
                marked
                    .split(|letter: char| letter == ',' || letter.is_whitespace())
                    .filter(|id| id.starts_with("N-"))
                    .map(str::to_string),
            ),
            None => {
                rest.push_str(line);
                rest.push('\n');
            }
        }
    }
    (rest, statements)
}

/// Markdown as HTML.
pub fn html(markdown: &str) -> String {
    let mut out = String::new();
    html::push_html(&mut out, Parser::new_ext(markdown, Options::ENABLE_TABLES));
    out
}

/// Markdown of one paragraph as HTML, without the paragraph around it.
pub fn inline(markdown: &str) -> String {
    let out = html(markdown);
    let out = out.trim();
    match out.strip_prefix("<p>").and_then(|out| out.strip_suffix("</p>")) {
        Some(inner) if !inner.contains("<p>") => inner.to_string(),
        _ => out.to_string(),
    }
}
