//! JSON as it is being written: where it is wrong, and which names could stand at the cursor.
use drydock::shape::{Field, Shape, Type};
use serde_json::Value;

/// A place in a text that cannot be read, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line.
    pub line: usize,
    /// The column in it.
    pub column: usize,
    /// What is wrong there.
    pub message: String,
}

/// Where a text stops being JSON.
pub fn fault(text: &str) -> Option<Fault> {
    let error = serde_json::from_str::<Value>(text).err()?;
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default().to_string();
    Some(Fault { line: error.line().max(1), column: error.column().max(1), message })
}

/// The members that lie around a place: the names from the outside in, lists left out, and the
/// names that the innermost object has before the place.
fn around(before: &str) -> Option<(Vec<String>, Vec<String>)> {
    // Each open object or list: the name it stands under, and the names it has so far.
    let mut open: Vec<(Option<String>, bool, Vec<String>)> = Vec::new();
    let mut last: Option<String> = None;
    let mut name: Option<String> = None;
    let mut signs = before.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => {
                let mut text = String::new();
                loop {
                    match signs.next() {
                        Some('\\') => text.extend(signs.next()),
                        Some('"') => break,
                        Some(sign) => text.push(sign),
                        // The place is inside a string: the string counts as not there yet.
                        None => {
                            let path = open.iter().filter_map(|(name, ..)| name.clone()).collect();
                            return open
                                .pop()
                                .filter(|(_, object, _)| *object && name.is_none())
                                .map(|(_, _, had)| (path, had));
                        }
                    }
                }
                last = Some(text);
            }
            ':' => {
                name = last.take();
                if let (Some((_, true, had)), Some(name)) = (open.last_mut(), &name) {
                    had.push(name.clone());
                }
            }
            '{' | '[' => open.push((name.take(), sign == '{', Vec::new())),
            '}' | ']' => {
                open.pop();
                name = None;
            }
            ',' => name = None,
            _ => {}
        }
    }
    let path = open.iter().filter_map(|(name, ..)| name.clone()).collect();
    open.pop().filter(|(_, object, _)| *object && name.is_none()).map(|(_, _, had)| (path, had))
}

/// The fields of a shape that could be named at a place in a text.
pub fn fields_at(shape: &'static Shape, text: &str, place: usize) -> Vec<&'static Field> {
    let Some((path, before)) = text.get(..place).and_then(around) else { return Vec::new() };
    let Some(inner) = walk(shape, &path) else { return Vec::new() };
    // Names that follow the place in the same object are taken too, where the text can be read.
    let after = serde_json::from_str::<Value>(text).ok();
    let after =
        after.as_ref().and_then(|value| path.iter().try_fold(value, |value, name| first(value).get(name)));
    let has = |name: &str| {
        before.iter().any(|had| had == name) || after.is_some_and(|value| first(value).get(name).is_some())
    };
    inner.fields.iter().filter(|field| !has(field.name)).collect()
}

/// The value, or the first of a list of one.
fn first(value: &Value) -> &Value {
    match value {
        Value::Array(items) if items.len() == 1 => &items[0],
        other => other,
    }
}

fn walk(shape: &'static Shape, path: &[String]) -> Option<&'static Shape> {
    path.iter().try_fold(shape, |shape, name| {
        let field = shape.fields.iter().find(|field| field.name == name)?;
        let mut ty = &field.ty;
        while let Type::List(inner) = ty {
            ty = inner;
        }
        match ty {
            Type::Structure(shape) => Some(*shape),
            _ => None,
        }
    })
}

/// A field as it is first written: its name and an empty value.
pub fn beginning(field: &Field) -> String {
    let value = match field.ty {
        Type::String | Type::Timestamp => "\"\"",
        Type::Integer | Type::Double => "0",
        Type::Boolean => "false",
        Type::List(Type::Structure(_)) => "[{  }]",
        Type::List(_) => "[]",
        Type::Map | Type::Structure(_) | Type::Document => "{  }",
    };
    format!("\"{}\": {value}", field.name)
}

/// The line that keeps a document, with an end word that does not stand in it.
pub fn put(name: &str, text: &str) -> String {
    let mut end = "END".to_string();
    while text.lines().any(|line| line.trim() == end) {
        end.push('_');
    }
    format!("put {name} <<'{end}'\n{}\n{end}", text.trim_end_matches('\n'))
}

/// What is wrong with the name of a document, if anything.
pub fn name_trouble(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        return Some("Give the document a name, such as web.json.");
    }
    let fits = name.chars().all(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_'));
    (!fits).then_some("A name has letters, digits, dots, hyphens and underscores only.")
}

#[cfg(test)]
mod tests {
    use super::{beginning, fault, fields_at, name_trouble, put};
    use drydock::shape::{Field, Shape, Type};

    static PORT: Shape = Shape {
        name: "PortMapping",
        fields: &[Field::new("containerPort", Type::Integer, ""), Field::new("protocol", Type::String, "")],
    };
    static CONTAINER: Shape = Shape {
        name: "Container",
        fields: &[
            Field::new("name", Type::String, ""),
            Field::new("portMappings", Type::List(&Type::Structure(&PORT)), ""),
        ],
    };
    static TASK: Shape = Shape {
        name: "Task",
        fields: &[
            Field::new("family", Type::String, ""),
            Field::new("containers", Type::List(&Type::Structure(&CONTAINER)), ""),
        ],
    };

    fn names(text: &str) -> Vec<&'static str> {
        let place = text.find('|').expect("a cursor");
        fields_at(&TASK, &text.replace('|', ""), place).iter().map(|field| field.name).collect()
    }

    #[test]
    fn names_fit_the_object_around_the_cursor() {
        assert_eq!(names("{|}"), ["family", "containers"]);
        assert_eq!(names(r#"{"family": "web", |}"#), ["containers"]);
        assert_eq!(names(r#"{"containers": [{"name": "a", |}]}"#), ["portMappings"]);
        assert_eq!(
            names(r#"{"containers": [{"name": "a"}, {"portMappings": [{"pro|"#),
            ["containerPort", "protocol"]
        );
        assert_eq!(names(r#"{|"family": "web"}"#), ["containers"]);
    }

    #[test]
    fn where_a_value_stands_no_name_fits() {
        assert!(names(r#"{"family": |}"#).is_empty());
        assert!(names(r#"{"family": "w|"}"#).is_empty());
        assert!(names(r#"{"other": {|}}"#).is_empty());
        assert!(names(r#"{"containers": [|]}"#).is_empty());
    }

    #[test]
    fn a_fault_has_its_place() {
        let fault = fault("{\n  \"a\": 1,\n}").expect("a fault");
        assert_eq!((fault.line, fault.column), (3, 1));
        assert!(!fault.message.contains("line"), "{}", fault.message);
        assert_eq!(super::fault("{}"), None);
    }

    #[test]
    fn a_field_begins_with_an_empty_value() {
        assert_eq!(beginning(&TASK.fields[1]), "\"containers\": [{  }]");
        assert_eq!(beginning(&PORT.fields[0]), "\"containerPort\": 0");
    }

    #[test]
    fn the_end_word_is_not_in_the_document() {
        assert_eq!(put("a.json", "{}\n"), "put a.json <<'END'\n{}\nEND");
        assert_eq!(put("a.json", "END"), "put a.json <<'END_'\nEND\nEND_");
    }

    #[test]
    fn names_of_documents() {
        assert_eq!(name_trouble("web-2.json"), None);
        assert!(name_trouble("").is_some());
        assert!(name_trouble("a b").is_some());
    }
}
