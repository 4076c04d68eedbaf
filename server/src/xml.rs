//! XML, as far as answers need it.

use drydock::shape::{Field, Shape, Type};
use drydock::time::SimTime;
use serde_json::Value;

/// What a service calls the members of its answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// The declared names; elements of lists are `member`.
    Query,
    /// Names begin small, lists end in `Set`; elements of lists are `item`.
    Ec2,
}

/// The name that EC2 gives a field in its answers.
pub fn ec2_name(field: &Field) -> String {
    if !field.wire.is_empty() {
        return field.wire.to_string();
    }
    let small = first(field.name, char::to_ascii_lowercase);
    match field.ty {
        Type::List(_) => format!("{}Set", small.strip_suffix('s').unwrap_or(&small)),
        _ => small,
    }
}

/// A name with another first letter.
pub fn first(name: &str, how: impl Fn(&char) -> char) -> String {
    let mut letters = name.chars();
    letters.next().map(|letter| how(&letter)).into_iter().chain(letters).collect()
}

/// The members of a structure, an element each.
pub fn members(out: &mut String, spelling: Spelling, shape: &Shape, value: &Value) {
    for field in shape.fields {
        let Some(value) = value.get(field.name) else { continue };
        let name = match spelling {
            Spelling::Ec2 => ec2_name(field),
            Spelling::Query if field.wire.is_empty() => field.name.to_string(),
            Spelling::Query => field.wire.to_string(),
        };
        element(out, &name, |out| content(out, spelling, &field.ty, value));
    }
}

/// An element around what `inside` writes; one without content is closed at once.
pub fn element(out: &mut String, name: &str, inside: impl FnOnce(&mut String)) {
    let before = out.len();
    out.push_str(&format!("<{name}>"));
    let begun = out.len();
    inside(out);
    if out.len() == begun {
        out.truncate(before);
        out.push_str(&format!("<{name}/>"));
    } else {
        out.push_str(&format!("</{name}>"));
    }
}

/// An element with a text.
pub fn text_element(out: &mut String, name: &str, content: &str) {
    element(out, name, |out| text(out, content));
}

fn content(out: &mut String, spelling: Spelling, ty: &Type, value: &Value) {
    match (ty, value) {
        (Type::Structure(shape), Value::Object(_)) => members(out, spelling, shape, value),
        (Type::List(of), Value::Array(items)) => {
            let name = if spelling == Spelling::Ec2 { "item" } else { "member" };
            for item in items {
                element(out, name, |out| content(out, spelling, of, item));
            }
        }
        (Type::Map, Value::Object(members)) => {
            for (name, value) in members {
                element(out, "entry", |out| {
                    text_element(out, "key", name);
                    element(out, "value", |out| content(out, spelling, &Type::String, value));
                });
            }
        }
        (Type::Timestamp, Value::String(iso)) => {
            text(out, &moment(iso).unwrap_or_else(|| iso.clone()));
        }
        (_, Value::String(content)) => text(out, content),
        (_, Value::Null) => {}
        (_, other) => text(out, &other.to_string()),
    }
}

/// `2026-01-05T09:00:00.123Z`.
fn moment(iso: &str) -> Option<String> {
    let millis = SimTime::from_iso(iso)?.epoch_millis() % 1000;
    Some(format!("{}.{millis:03}Z", iso.get(..19)?))
}

/// A text in which nothing is taken for an element; what XML cannot hold is replaced.
pub fn text(out: &mut String, content: &str) {
    for sign in content.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(sign),
            '\0'..='\x1f' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_an_element() {
        let mut out = String::new();
        text_element(&mut out, "a", "<b>&\u{1}\r\n</b>");
        text_element(&mut out, "c", "");
        assert_eq!(out, "<a>&lt;b&gt;&amp;\u{fffd}&#13;\n&lt;/b&gt;</a><c/>");
    }

    #[test]
    fn moments_have_three_decimals() {
        assert_eq!(moment(&SimTime(1_500).iso()).as_deref(), Some("2026-01-05T09:00:01.500Z"));
        assert_eq!(moment(&SimTime(0).iso()).as_deref(), Some("2026-01-05T09:00:00.000Z"));
    }
}
