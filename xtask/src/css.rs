//! One stylesheet out of many: tokens, then the shared styles, then each component's own.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::tools;

/// The bundled stylesheet.
///
/// The order is: `web/styles/tokens.css`, the rest of `web/styles` by name, `web/src` by path.
pub fn bundle() -> Result<String> {
    let mut sheet = String::new();
    for file in sources()? {
        let text = std::fs::read_to_string(&file)
            .with_context(|| format!("{} could not be read", file.display()))?;
        sheet.push_str(&squeeze(&text));
        sheet.push('\n');
    }
    Ok(sheet)
}

fn sources() -> Result<Vec<PathBuf>> {
    let web = tools::root().join("web");
    let mut files = tools::files_below(&web.join("styles"))?;
    files.sort_by_key(|file| (!file.ends_with("tokens.css"), file.clone()));
    files.extend(tools::files_below(&web.join("src"))?);
    files.retain(|file| file.extension().is_some_and(|end| end == "css"));
    Ok(files)
}

/// Leaves comments and needless white space out; strings stay as they are.
fn squeeze(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css.chars().peekable();
    let mut space = false;
    while let Some(next) = rest.next() {
        if next == '/' && rest.peek() == Some(&'*') {
            let mut star = false;
            rest.next();
            for inside in rest.by_ref() {
                if star && inside == '/' {
                    break;
                }
                star = inside == '*';
            }
            space = true;
            continue;
        }
        if next.is_whitespace() {
            space = true;
            continue;
        }
        // A space next to these never means anything; around `:`, `(`, `+` or `>` it may.
        let tight = |c: char| matches!(c, '{' | '}' | ';' | ',');
        if space && !tight(next) && !out.chars().next_back().is_none_or(tight) {
            out.push(' ');
        }
        space = false;
        if next == '}' && out.ends_with(';') {
            out.pop();
        }
        out.push(next);
        if next == '"' || next == '\'' {
            let mut escaped = false;
            for inside in rest.by_ref() {
                out.push(inside);
                if inside == next && !escaped {
                    break;
                }
                escaped = inside == '\\' && !escaped;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::squeeze;

    #[test]
    fn comments_and_needless_space_go() {
        let css = "/* Why. **/\n.a  .b ,\n.c {\n  color : red;\n  margin: 0 auto;\n}\n";
        assert_eq!(squeeze(css), ".a .b,.c{color : red;margin: 0 auto}");
    }

    #[test]
    fn strings_and_meaningful_space_stay() {
        let css = r#".a :hover { content: "a  /* b */ \" ;}"; width: calc(1px + 2px); }"#;
        assert_eq!(squeeze(css), r#".a :hover{content: "a  /* b */ \" ;}";width: calc(1px + 2px)}"#);
    }

    #[test]
    fn a_comment_between_words_leaves_a_space() {
        assert_eq!(squeeze("margin: 0/* top */auto"), "margin: 0 auto");
    }
}
