//! What this browser keeps: runs as scripts, progress per lesson, settings.
use drydock::{SimTime, order};
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

/// A run as it is kept: the script, where on its clock the learner stood, and its other futures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRun {
    /// The moment that was shown.
    pub cursor: SimTime,
    /// The current future as text.
    pub script: String,
    /// The futures beside it.
    pub futures: Vec<KeptFuture>,
}

/// A future beside the current one: when they parted, behind how many lines, and how it went on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFuture {
    /// When it left the current future.
    pub left: SimTime,
    /// How many lines both have.
    pub lines: usize,
    /// What happened from there on, as text.
    pub script: String,
}

/// Stands before each future; no script has it.
const PARTS: char = '\u{1e}';

impl KeptRun {
    /// As it is kept: a line of its own, then the script; then the same for each other future.
    pub fn write(&self) -> String {
        let mut text = format!("at {}\n{}", self.cursor.0, self.script);
        for future in &self.futures {
            text.push_str(&format!("{PARTS}left {} {}\n{}", future.left.0, future.lines, future.script));
        }
        text
    }

    /// From what was kept.
    pub fn read(text: &str) -> Option<KeptRun> {
        let mut parts = text.split(PARTS);
        let (first, script) = parts.next()?.split_once('\n')?;
        let cursor = first.strip_prefix("at ")?.parse().ok()?;
        let futures = parts.map(KeptFuture::read).collect::<Option<_>>()?;
        Some(KeptRun { cursor: SimTime(cursor), script: script.to_string(), futures })
    }
}

impl KeptFuture {
    fn read(text: &str) -> Option<KeptFuture> {
        let (first, script) = text.split_once('\n')?;
        let (left, lines) = first.strip_prefix("left ")?.split_once(' ')?;
        let left = SimTime(left.parse().ok()?);
        Some(KeptFuture { left, lines: lines.parse().ok()?, script: script.to_string() })
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
    order::sort(&mut all);
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
        let future =
            super::KeptFuture { left: SimTime(500), lines: 2, script: "drydock 1 seed=7\n".to_string() };
        let script = "drydock 1 seed=7\n+1.000 help\n".to_string();
        let run = KeptRun { cursor: SimTime(61_250), script, futures: vec![future.clone(), future] };
        assert_eq!(KeptRun::read(&run.write()), Some(run));
    }

    #[test]
    fn what_is_not_a_kept_run_is_not_read() {
        for text in ["", "at", "at x\nscript", "drydock 1 seed=7\n"] {
            assert_eq!(KeptRun::read(text), None, "{text}");
        }
    }
}
