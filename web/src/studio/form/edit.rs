//! Edits of a JSON text at one place; all the rest stays letter for letter as it was.
use super::tree::{Node, Path, Step, What, read};

/// Something that the form does to the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Puts this JSON in the place of the value there.
    Set(Path, String),
    /// Takes a member or an item away.
    Remove(Path),
    /// Gives the object there one more member: its name, and its value as JSON.
    Member(Path, String, String),
    /// Gives the list there one more item, as JSON.
    Item(Path, String),
    /// Gives the member there another name.
    Rename(Path, String),
}

impl Edit {
    /// The text after the edit; `None` where it does not fit the text.
    pub fn of(&self, text: &str) -> Option<String> {
        let tree = read(text)?;
        match self {
            Edit::Set(path, json) => Some(put(text, tree.at(path)?.span.clone(), json)),
            Edit::Remove(path) => {
                let (last, parent) = path.split_last()?;
                let parts = parts(tree.at(parent)?);
                let place = match last {
                    Step::Index(index) => *index,
                    Step::Name(name) => names(tree.at(parent)?).iter().position(|own| own == name)?,
                };
                remove(text, &parts, place)
            }
            Edit::Member(path, name, json) => {
                let object = tree.at(path)?;
                if names(object).iter().any(|own| own == name) {
                    return None;
                }
                Some(add(text, object, &format!("{}: {json}", quoted(name))))
            }
            Edit::Item(path, json) => Some(add(text, tree.at(path)?, json)),
            Edit::Rename(path, name) => {
                let (Step::Name(old), parent) = path.split_last()? else { return None };
                let What::Object(members) = &tree.at(parent)?.what else { return None };
                if members.iter().any(|member| member.name == *name) {
                    return None;
                }
                let member = members.iter().find(|member| member.name == *old)?;
                Some(put(text, member.key.clone(), &quoted(name)))
            }
        }
    }
}

/// A text as JSON.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn put(text: &str, span: std::ops::Range<usize>, new: &str) -> String {
    format!("{}{new}{}", &text[..span.start], &text[span.end..])
}

fn names(node: &Node) -> Vec<&str> {
    match &node.what {
        What::Object(members) => members.iter().map(|member| member.name.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// Where each member or item stands.
fn parts(node: &Node) -> Vec<std::ops::Range<usize>> {
    match &node.what {
        What::Object(members) => {
            members.iter().map(|member| member.key.start..member.value.span.end).collect()
        }
        What::List(items) => items.iter().map(|item| item.span.clone()).collect(),
        _ => Vec::new(),
    }
}

fn remove(text: &str, parts: &[std::ops::Range<usize>], place: usize) -> Option<String> {
    let own = parts.get(place)?.clone();
    let span = match (place.checked_sub(1), parts.get(place + 1)) {
        (Some(before), _) => parts[before].end..own.end,
        (None, Some(next)) => own.start..next.start,
        // The last one leaves with the space around it.
        (None, None) => {
            let start = text[..own.start].trim_end().len();
            let end = text.len() - text[own.end..].trim_start().len();
            start..end
        }
    };
    Some(put(text, span, ""))
}

/// Writes a part behind the last one, in the manner of the others: on a line of its own, or beside them.
fn add(text: &str, node: &Node, part: &str) -> String {
    let parts = parts(node);
    let Some(last) = parts.last() else {
        let (open, close) = if matches!(node.what, What::List(_)) { ("[", "]") } else { ("{ ", " }") };
        return put(text, node.span.clone(), &format!("{open}{part}{close}"));
    };
    let before = parts.len().checked_sub(2).map_or(node.span.start + 1, |place| parts[place].end);
    let line = text[..last.start].rfind('\n').filter(|line| *line >= before);
    let between = match line {
        Some(line) => format!(",\n{}", &text[line + 1..last.start]),
        None => ", ".to_string(),
    };
    put(text, last.end..last.end, &format!("{between}{part}"))
}
