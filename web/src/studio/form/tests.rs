//! The form and the text are two views of one document.
use super::edit::Edit;
use super::rows::{Control, rows, shown};
use super::tree::{Path, Step, read, written};
use drydock::Operation;
use drydock::shape::Shape;

const DOCUMENT: &str = "{\n  \"family\": \"web\",   \"cpu\": 256,\n  \"mystery\": [1,  2],\n  \"containerDefinitions\": [\n    { \"name\": \"web\", \"image\": \"shop/web:1\", \"essential\": true }\n  ]\n}\n";

fn shape() -> &'static Shape {
    Operation::find("ecs", "RegisterTaskDefinition").expect("an operation").input
}

fn path(words: &[&str]) -> Path {
    let step = |word: &&str| word.parse().map_or_else(|_| Step::Name(word.to_string()), Step::Index);
    words.iter().map(step).collect()
}

fn found(text: &str) -> Vec<(String, Control)> {
    let node = shown(text).expect("a document that can be shown");
    rows(shape(), &node).into_iter().map(|row| (written(&row.path), row.control)).collect()
}

#[test]
fn rows_follow_the_document_and_its_shape() {
    let rows = found(DOCUMENT);
    let of = |name: &str| &rows.iter().find(|(path, _)| path == name).expect(name).1;
    assert_eq!(*of("family"), Control::Text);
    assert!(matches!(of("cpu"), Control::Raw(why) if why == "A number stands where a text belongs."));
    assert!(matches!(of("mystery"), Control::Raw(why) if why.contains("no field of this name")));
    assert_eq!(*of("containerDefinitions"), Control::Group("1 item".to_string()));
    assert_eq!(*of("containerDefinitions[0].essential"), Control::Switch);
    assert!(rows.iter().any(|(path, control)| {
        path == "containerDefinitions[0]"
            && matches!(control, Control::Fields(names) if names.iter().any(|(name, ..)| *name == "environment"))
    }));
}

#[test]
fn what_has_to_be_there_is_asked_for() {
    let rows = found("{}");
    assert!(rows.contains(&("family".to_string(), Control::Missing("\"\"".to_string()))));
}

#[test]
fn an_edit_touches_one_place_and_nothing_else() {
    for (edit, from, to) in [
        (Edit::Set(path(&["family"]), "\"api\"".to_string()), "\"family\": \"web\"", "\"family\": \"api\""),
        (Edit::Remove(path(&["cpu"])), ",   \"cpu\": 256", ""),
        (Edit::Remove(path(&["family"])), "\"family\": \"web\",   ", ""),
        (
            Edit::Member(path(&["containerDefinitions", "0"]), "cpu".to_string(), "64".to_string()),
            "\"essential\": true",
            "\"essential\": true, \"cpu\": 64",
        ),
        (
            Edit::Item(path(&["containerDefinitions"]), "{}".to_string()),
            "\"essential\": true }",
            "\"essential\": true },\n    {}",
        ),
        (Edit::Rename(path(&["mystery"]), "tags".to_string()), "\"mystery\"", "\"tags\""),
    ] {
        assert_eq!(edit.of(DOCUMENT), Some(DOCUMENT.replace(from, to)), "{edit:?}");
    }
}

#[test]
fn a_new_member_stands_on_a_line_of_its_own_where_the_others_do() {
    let edit = Edit::Member(Path::new(), "memory".to_string(), "\"512\"".to_string());
    let text = edit.of("{\n  \"family\": \"web\",\n  \"cpu\": \"256\"\n}\n");
    assert_eq!(
        text.as_deref(),
        Some("{\n  \"family\": \"web\",\n  \"cpu\": \"256\",\n  \"memory\": \"512\"\n}\n")
    );
    assert_eq!(edit.of("{}").as_deref(), Some("{ \"memory\": \"512\" }"));
    assert_eq!(Edit::Remove(path(&["a"])).of("{ \"a\": [ 1 ] }").as_deref(), Some("{}"));
}

#[test]
fn a_name_never_stands_twice() {
    assert_eq!(Edit::Member(Path::new(), "family".to_string(), "1".to_string()).of(DOCUMENT), None);
    assert_eq!(Edit::Rename(path(&["cpu"]), "family".to_string()).of(DOCUMENT), None);
}

#[test]
fn what_a_form_cannot_show_says_why_and_where() {
    for (text, part, at) in [
        ("{\n  \"a\": 1,\n}", "Line 3, column 1", 12),
        ("[1]", "The document is a list", 0),
        ("{ \"a\": 1, \"a\": 2 }", "stands twice", 10),
        ("", "Line 1", 0),
    ] {
        let refusal = shown(text).expect_err(text);
        assert!(refusal.why.contains(part), "{}", refusal.why);
        assert_eq!(refusal.at, at, "{text}");
    }
}

#[test]
fn what_the_tree_reads_is_what_serde_reads() {
    for text in [
        "[1, -2.5e3, true, null, \"a\\\"\\u00e9\u{1f6a2}\", {}, []]",
        DOCUMENT,
        " 7 ",
        "{\"a\":}",
        "[1,]",
        "\"open",
    ] {
        assert_eq!(read(text).is_some(), serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
    }
}
