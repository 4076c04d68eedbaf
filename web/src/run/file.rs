//! Everything this browser keeps, as one file that can be carried to another.
use serde_json::{Map, Value, json};

use super::keep;
use super::{KeptRun, Progress};

/// The form that this program writes.
const FORM: u64 = 1;

/// The file's text.
pub fn export(kept: &[(String, String)]) -> String {
    let kept: Map<String, Value> = kept.iter().map(|(key, text)| (key.clone(), json!(text))).collect();
    format!("{:#}\n", json!({ "drydock": FORM, "kept": kept }))
}

/// What stands in a file.
///
/// # Errors
/// One sentence for the reader when the file is none of ours.
pub fn import(text: &str) -> Result<Vec<(String, String)>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        format!("This file is not one that Drydock exported: it is not JSON ({error}). Nothing was changed.")
    })?;
    match value.get("drydock").and_then(Value::as_u64) {
        None => return Err("This file is not one that Drydock exported. Nothing was changed.".to_string()),
        Some(form) if form > FORM => {
            return Err("This file was exported by a newer Drydock than this one. Reload the page and try it again. Nothing was changed.".to_string());
        }
        Some(_) => {}
    }
    let kept = value.get("kept").and_then(Value::as_object);
    let kept = kept.ok_or("This file holds no runs and no progress. Nothing was changed.")?;
    kept.iter()
        .map(|(key, text)| match text.as_str() {
            Some(text) if keep::is_ours(key) && readable(key, text) => Ok((key.clone(), text.to_string())),
            _ => Err(format!("The part \u{201c}{key}\u{201d} of this file is damaged. Nothing was changed.")),
        })
        .collect()
}

fn readable(key: &str, text: &str) -> bool {
    if key.contains(".run.") {
        KeptRun::read(text).is_some()
    } else if key.contains(".progress.") {
        Progress::read(text).is_some()
    } else {
        true
    }
}

/// What a key gets from a file: progress grows together, a run is replaced.
pub fn together(key: &str, mine: Option<&str>, theirs: &str) -> String {
    match (mine.and_then(Progress::read), Progress::read(theirs)) {
        (Some(mut mine), Some(theirs)) if key.contains(".progress.") => {
            mine.merge(&theirs);
            mine.write()
        }
        _ => theirs.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{export, import, together};
    use crate::run::Progress;

    fn kept() -> Vec<(String, String)> {
        vec![
            ("drydock.1.progress.01".to_string(), Progress::default().write()),
            ("drydock.1.run.sandbox".to_string(), "at 5\ndrydock 1 seed=7\n".to_string()),
        ]
    }

    #[test]
    fn what_is_exported_can_be_imported() {
        assert_eq!(import(&export(&kept())), Ok(kept()));
    }

    #[test]
    fn a_foreign_or_damaged_file_is_told_apart_in_a_sentence() {
        let newer = export(&kept()).replace("\"drydock\": 1", "\"drydock\": 9");
        let damaged = export(&kept()).replace("at 5", "5");
        let foreign_key = export(&kept()).replace("drydock.1.run", "other.run");
        for (text, word) in [
            ("{\"a\": ", "JSON"),
            ("{}", "not one"),
            (newer.as_str(), "newer"),
            (&damaged, "damaged"),
            (&foreign_key, "damaged"),
        ] {
            let sentence = import(text).expect_err(text);
            assert!(sentence.contains(word) && sentence.contains("Nothing was changed"), "{sentence}");
        }
    }

    #[test]
    fn progress_grows_together() {
        let (mut mine, mut theirs) = (Progress::default(), Progress::default());
        mine.met.insert("a".to_string());
        theirs.met.insert("b".to_string());
        let both = together("drydock.1.progress.01", Some(&mine.write()), &theirs.write());
        assert_eq!(Progress::read(&both).map(|both| both.met.len()), Some(2));
    }
}
