//! Saves the run of a page: at once after each act, now and then while time passes.
use drydock::run::Run;
use drydock::script::Script;
use drydock::time::SimTime;
use leptos::ev;
use leptos::prelude::*;

use super::keep::{self, KeptRun, Trouble, run_key};
use super::{RunHandle, futures, wall};

/// Milliseconds between two saves while time passes.
const PAUSE: f64 = 2_000.0;

/// Where a run begins: how many of its lines made the starting world, when that was, and its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Begun {
    /// The lines that made the starting world.
    pub lines: usize,
    /// When they were done.
    pub at: SimTime,
    /// The name of the starting world; absent for an empty Region.
    pub from: Option<String>,
}

impl Begun {
    /// What a run has become by now is its starting world.
    pub fn here(run: &Run, from: Option<&str>) -> Begun {
        Begun { lines: run.lines().len(), at: run.clock(), from: from.map(str::to_string) }
    }
}

/// The run as it is kept: the whole current future, where on it the learner stands, and the others.
pub fn kept(run: &Run, begun: &Begun) -> KeptRun {
    let branch = &run.branches()[run.current_branch()];
    let own = branch.lines.get(begun.lines..).unwrap_or_default();
    let script = futures::tail(run, begun.from.as_deref(), own, begun.at, branch.end.max(run.clock()));
    KeptRun { cursor: run.clock(), script: script.to_string(), futures: futures::kept(run) }
}

/// Plays a kept run behind its starting world and goes to where the learner stood.
///
/// # Errors
/// One sentence, when the script cannot be read or belongs to another starting world.
pub fn restore(start: &Run, begun: &Begun, kept: &KeptRun) -> Result<Run, String> {
    let script = Script::parse(&kept.script)
        .map_err(|error| format!("This run cannot be read: line {}: {}", error.line, error.message))?;
    if script.from != begun.from {
        return Err(match &script.from {
            Some(from) => format!("This run goes on from \u{201c}{from}\u{201d}, which is another place."),
            None => "This run begins in an empty Region, which is another place.".to_string(),
        });
    }
    let mut run = if begun.lines == 0 { Run::new(script.seed) } else { start.clone() };
    run.play(&script);
    for future in &kept.futures {
        futures::bring_back(&mut run, future);
    }
    if kept.cursor < run.clock() {
        run.seek(kept.cursor);
    }
    Ok(run)
}

/// Saves a page's run under the name of its place for as long as the page is there.
pub fn keep_saving(
    place: String,
    run: RunHandle,
    begun: Signal<Begun>,
    visiting: StoredValue<bool>,
    acts: RwSignal<u64>,
    trouble: RwSignal<Option<Trouble>>,
) {
    let key = run_key(&place);
    let saved = StoredValue::new((0.0, None::<SimTime>));
    let save = move || {
        if visiting.get_value() {
            return;
        }
        let kept = run.look(|run| begun.with_untracked(|begun| kept(run, begun)));
        saved.set_value((wall(), Some(kept.cursor)));
        let result = keep::write(&key, &kept.write());
        if trouble.get_untracked() != result.err() {
            trouble.set(result.err());
        }
    };
    let now = save.clone();
    Effect::new(move |before: Option<u64>| {
        let count = acts.get();
        if before.is_some_and(|before| before != count) {
            now();
        }
        count
    });
    let sometimes = save.clone();
    Effect::new(move |first: Option<()>| {
        let clock = run.clock();
        let (last, moment) = saved.get_value();
        if first.is_some() && moment != Some(clock) && wall() - last > PAUSE {
            sometimes();
        }
    });
    let left = window_event_listener(ev::pagehide, {
        let save = save.clone();
        move |_| save()
    });
    // Also when the learner goes to another page of the site.
    on_cleanup(move || {
        left.remove();
        save();
    });
}

#[cfg(test)]
mod tests {
    use super::{Begun, kept, restore};
    use drydock::dice::Seed;
    use drydock::run::Run;
    use drydock::{SimDuration, SimTime};

    fn played() -> (Run, Begun, Run) {
        let mut start = Run::new(Seed(7));
        start.enter("INSTANCE=i-1");
        start.advance(SimDuration::secs(5));
        let begun = Begun::here(&start, Some("lesson/1"));
        let mut run = start.clone();
        run.advance(SimDuration::millis(1_250));
        run.enter("put web.json <<'END'\n{ \"a\": 1 }\nEND");
        run.advance(SimDuration::secs(60));
        (start, begun, run)
    }

    #[test]
    fn a_run_comes_back_at_the_same_moment() {
        let (start, begun, run) = played();
        let back = restore(&start, &begun, &kept(&run, &begun)).expect("it can be read");
        assert_eq!(back.clock(), run.clock());
        assert_eq!(back.lines(), run.lines());
        assert_eq!(back.documents(), run.documents());
    }

    #[test]
    fn a_future_behind_the_cursor_comes_back_too() {
        let (start, begun, mut run) = played();
        run.seek(SimTime(5_500));
        let back = restore(&start, &begun, &kept(&run, &begun)).expect("it can be read");
        assert_eq!(back.clock(), SimTime(5_500));
        assert_eq!(back.end(), run.end());
        assert!(back.documents().is_empty());
    }

    #[test]
    fn a_run_of_another_place_is_refused_in_a_sentence() {
        let (start, begun, run) = played();
        let other = Begun { from: Some("lesson/2".to_string()), ..begun.clone() };
        let sentence = restore(&start, &other, &kept(&run, &begun)).expect_err("another place");
        assert!(sentence.contains("lesson/1"), "{sentence}");
        let mut broken = kept(&run, &begun);
        broken.script = broken.script.replace("behaviour", "be");
        assert!(restore(&start, &begun, &broken).is_err());
    }
}
