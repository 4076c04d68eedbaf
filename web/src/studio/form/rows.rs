//! The rows of the form: what a document holds, in its order, by the shape that the engine declares.
use drydock::shape::{Field, Shape, Type};

use super::tree::{Member, Node, Path, Step, What, read, written};
use crate::studio::json_text;

/// A row of the form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Row {
    /// Which part of the document it stands for.
    pub path: Path,
    /// How many parts it lies inside of.
    pub depth: usize,
    /// What stands before it.
    pub label: String,
    /// What it means.
    pub doc: &'static str,
    /// How it is changed.
    pub control: Control,
    /// Whether it may be taken away.
    pub removable: bool,
}

/// How a part of the document is changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Control {
    /// A line of text.
    Text,
    /// One of a few texts; others are taken too where it is `open`.
    Choice(&'static [&'static str], bool),
    /// A number, with a fraction or without.
    Number(bool),
    /// true or false.
    Switch,
    /// A value of a map, whose name can change too.
    Pair,
    /// JSON as it is written, and why it stands there so.
    Raw(String),
    /// The head of an object or a list of so many parts.
    Group(String),
    /// A field that has to be there, and what it begins with.
    Missing(String),
    /// Fields that an object can have besides, each with what it begins with.
    Fields(Vec<(&'static str, &'static str, String)>),
    /// One more item, which begins so.
    Item(String),
    /// One more name in a map.
    Name,
}

/// Why a document cannot be shown as a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// In a sentence.
    pub why: String,
    /// At which byte of the text.
    pub at: usize,
}

/// The tree of a document that a form can show.
///
/// # Errors
/// Why it cannot.
pub fn shown(text: &str) -> Result<Node, Refusal> {
    if let Some(fault) = json_text::fault(text) {
        let line = text.split_inclusive('\n').take(fault.line - 1).map(str::len).sum::<usize>();
        let at = (line + fault.column - 1).min(text.len());
        let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let why = format!(
            "Line {}, column {} is not JSON yet: {}. The form comes back as soon as it is.",
            fault.line, fault.column, fault.message
        );
        return Err(Refusal { why, at });
    }
    let Some(node) = read(text) else {
        return Err(Refusal { why: "The text cannot be read as JSON.".to_string(), at: 0 });
    };
    if !matches!(node.what, What::Object(_)) {
        let why =
            format!("The document is {}; the input of a command is an object: {{ \u{2026} }}.", node.kind());
        return Err(Refusal { why, at: node.span.start });
    }
    if let Some((name, at)) = node.doubled() {
        let why = format!(
            "\u{201c}{name}\u{201d} stands twice in one object, and a form has one place for it. Take one away in the text."
        );
        return Err(Refusal { why, at });
    }
    Ok(node)
}

/// The rows of a document.
pub fn rows(shape: &'static Shape, node: &Node) -> Vec<Row> {
    let mut rows = Vec::new();
    if let What::Object(members) = &node.what {
        object(shape, members, &Path::new(), 0, &mut rows);
    }
    rows
}

/// The value that a field begins with, as JSON.
pub fn fresh(ty: &Type) -> String {
    match ty {
        Type::String | Type::Timestamp => "\"\"".to_string(),
        Type::Integer | Type::Double => "0".to_string(),
        Type::Boolean => "false".to_string(),
        Type::List(inner @ Type::Structure(_)) => format!("[{}]", fresh(inner)),
        Type::List(_) => "[]".to_string(),
        Type::Structure(shape) => {
            let needed = shape.fields.iter().filter(|field| field.required);
            let members: Vec<String> =
                needed.map(|field| format!("\"{}\": {}", field.name, fresh(&field.ty))).collect();
            if members.is_empty() { "{}".to_string() } else { format!("{{ {} }}", members.join(", ")) }
        }
        Type::Map | Type::Document => "{}".to_string(),
    }
}

/// The value that a new name of a map begins with, as JSON.
pub fn fresh_row() -> String {
    fresh(&Type::String)
}

fn object(shape: &'static Shape, members: &[Member], path: &Path, depth: usize, rows: &mut Vec<Row>) {
    for member in members {
        let path = behind(path, Step::Name(member.name.clone()));
        match shape.fields.iter().find(|field| field.name == member.name) {
            Some(field) => value(field, field.ty, &member.value, path, depth, member.name.clone(), rows),
            None => {
                let why = format!(
                    "{} has no field of this name; AWS would refuse it. It stays as it is.",
                    shape.name
                );
                rows.push(row(path, depth, member.name.clone(), "", Control::Raw(why), true));
            }
        }
    }
    let absent =
        || shape.fields.iter().filter(|field| members.iter().all(|member| member.name != field.name));
    for field in absent().filter(|field| field.required) {
        let path = behind(path, Step::Name(field.name.to_string()));
        let control = Control::Missing(fresh(&field.ty));
        rows.push(row(path, depth, field.name.to_string(), field.doc, control, false));
    }
    let besides: Vec<_> = absent()
        .filter(|field| !field.required)
        .map(|field| (field.name, field.doc, fresh(&field.ty)))
        .collect();
    if !besides.is_empty() {
        rows.push(row(path.clone(), depth, String::new(), "", Control::Fields(besides), false));
    }
}

fn value(
    field: &'static Field,
    ty: Type,
    node: &Node,
    path: Path,
    depth: usize,
    label: String,
    rows: &mut Vec<Row>,
) {
    let removable = !field.required || matches!(path.last(), Some(Step::Index(_)));
    // What an item of a list means stands at the head of the list.
    let doc = if matches!(path.last(), Some(Step::Index(_))) { "" } else { field.doc };
    let mut push = |control| rows.push(row(path.clone(), depth, label.clone(), doc, control, removable));
    match (ty, &node.what) {
        (Type::String | Type::Timestamp, What::Text(_)) if field.values.is_empty() => push(Control::Text),
        (Type::String | Type::Timestamp, What::Text(_)) => push(Control::Choice(field.values, field.open)),
        (Type::Integer, What::Number(_)) => push(Control::Number(false)),
        (Type::Double, What::Number(_)) => push(Control::Number(true)),
        (Type::Boolean, What::Boolean(_)) => push(Control::Switch),
        (Type::Document, _) => push(Control::Raw(String::new())),
        (Type::Structure(shape), What::Object(members)) => {
            push(Control::Group(String::new()));
            object(shape, members, &path, depth + 1, rows);
        }
        (Type::List(inner), What::List(items)) => {
            let count = items.len();
            push(Control::Group(if count == 1 { "1 item".to_string() } else { format!("{count} items") }));
            for (index, item) in items.iter().enumerate() {
                let path = behind(&path, Step::Index(index));
                value(field, *inner, item, path, depth + 1, format!("item {}", index + 1), rows);
            }
            let control = Control::Item(fresh(inner));
            rows.push(row(path, depth + 1, label, "", control, false));
        }
        (Type::Map, What::Object(members)) => {
            push(Control::Group(String::new()));
            for member in members {
                let control = match member.value.what {
                    What::Text(_) => Control::Pair,
                    _ => Control::Raw(format!(
                        "{} stands where a text belongs.",
                        begun_large(member.value.kind())
                    )),
                };
                let path = behind(&path, Step::Name(member.name.clone()));
                rows.push(row(path, depth + 1, member.name.clone(), "", control, true));
            }
            rows.push(row(path, depth + 1, label, "", Control::Name, false));
        }
        (ty, _) => {
            let why = format!("{} stands where {} belongs.", begun_large(node.kind()), expected(ty));
            push(Control::Raw(why));
        }
    }
}

fn row(path: Path, depth: usize, label: String, doc: &'static str, control: Control, removable: bool) -> Row {
    Row { path, depth, label, doc, control, removable }
}

fn behind(path: &Path, step: Step) -> Path {
    let mut path = path.clone();
    path.push(step);
    path
}

fn expected(ty: Type) -> &'static str {
    match ty {
        Type::String | Type::Timestamp => "a text",
        Type::Integer => "a whole number",
        Type::Double => "a number",
        Type::Boolean => "true or false",
        Type::List(_) => "a list",
        Type::Map | Type::Structure(_) | Type::Document => "an object",
    }
}

fn begun_large(text: &str) -> String {
    let (first, rest) = text.split_at(text.len().min(1));
    format!("{}{rest}", first.to_ascii_uppercase())
}

impl Row {
    /// The id of its control on the page; what adds to a part has another one than the part.
    pub fn id(&self) -> String {
        let end = match self.control {
            Control::Fields(_) | Control::Item(_) | Control::Name => "+",
            _ => "",
        };
        format!("form-{}{end}", written(&self.path))
    }
}
