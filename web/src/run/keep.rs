//! What this browser keeps: runs as scripts, progress per lesson, settings.
use drydock::SimTime;
use leptos::prelude::window;

use super::Progress;

/// Every key begins so; the number is the form of what lies behind it.
const PREFIX: &str = "drydock.1.";

/// Why something could not be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The browser does not let this site keep anything.
    Blocked,
    /// There is no room left.
    Full,
}

impl Trouble {
    /// The trouble in one sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Trouble::Blocked => {
                "This browser keeps nothing for this site, so your run lasts as long as this tab. Share or export takes it along."
            }
            Trouble::Full => {
                "The browser's storage is full: the last steps are not saved. Export the run, or free some room."
            }
        }
    }
}

/// A run as it is kept: the script, and where on its clock the learner stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRun {
    /// The moment that was shown.
    pub cursor: SimTime,
    /// The whole run as text.
    pub script: String,
}

impl KeptRun {
    /// As it is kept: a line of its own, then the script.
    pub fn write(&self) -> String {
        format!("at {}\n{}", self.cursor.0, self.script)
    }

    /// From what was kept.
    pub fn read(text: &str) -> Option<KeptRun> {
        let (first, script) = text.split_once('\n')?;
        let cursor = first.strip_prefix("at ")?.parse().ok()?;
        Some(KeptRun { cursor: SimTime(cursor), script: script.to_string() })
    }
}

/// The key under which the run of this place is kept.
pub fn run_key(place: &str) -> String {
    format!("{PREFIX}run.{place}")
}

/// The key under which the progress in this lesson is kept.
pub fn progress_key(lesson: &str) -> String {
    format!("{PREFIX}progress.{lesson}")
}

/// Keeps a text under a key.
///
/// # Errors
/// When the browser will not keep it; nothing that was kept is lost.
pub fn write(key: &str, text: &str) -> Result<(), Trouble> {
    let storage = window().local_storage().ok().flatten().ok_or(Trouble::Blocked)?;
    storage
        .set_item(key, text)
        .map_err(|_| if storage.length().unwrap_or(0) == 0 { Trouble::Blocked } else { Trouble::Full })
}

/// The text under a key.
pub fn read(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Every key of ours with its text, sorted.
pub fn everything() -> Vec<(String, String)> {
    let Some(storage) = window().local_storage().ok().flatten() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok().flatten());
    let mut all: Vec<_> = keys
        .filter(|key| key.starts_with(PREFIX))
        .filter_map(|key| Some((key.clone(), storage.get_item(&key).ok().flatten()?)))
        .collect();
    all.sort();
    all
}

/// The progress in a lesson, as far as this browser remembers.
pub fn progress(lesson: &str) -> Progress {
    read(&progress_key(lesson)).as_deref().and_then(Progress::read).unwrap_or_default()
}

/// Adds to the progress in a lesson what another tab may have added meanwhile, and keeps both.
///
/// # Errors
/// When the browser will not keep it.
pub fn keep_progress(lesson: &str, progress: &mut Progress) -> Result<(), Trouble> {
    progress.merge(&self::progress(lesson));
    write(&progress_key(lesson), &progress.write())
}

/// Whether a key is one that a file may bring back.
pub fn is_ours(key: &str) -> bool {
    key.starts_with(PREFIX)
}

#[cfg(test)]
mod tests {
    use super::KeptRun;
    use drydock::SimTime;

    #[test]
    fn a_run_survives_being_kept() {
        let run = KeptRun { cursor: SimTime(61_250), script: "drydock 1 seed=7\n+1.000 help\n".to_string() };
        assert_eq!(KeptRun::read(&run.write()), Some(run));
    }

    #[test]
    fn what_is_not_a_kept_run_is_not_read() {
        for text in ["", "at", "at x\nscript", "drydock 1 seed=7\n"] {
            assert_eq!(KeptRun::read(text), None, "{text}");
        }
    }
}
