//! The same script gives the same timeline, here and in the browser.

#[path = "../runs/mod.rs"]
mod known;

#[test]
fn known_runs_play_to_the_letter() {
    for known in known::KNOWN {
        known::check(known);
    }
}

#[test]
fn one_long_wait_equals_many_short_ones() {
    for known in known::KNOWN {
        let mut long = known::play(known);
        let mut short = known::play(known);
        long.advance(drydock::SimDuration::secs(7_200));
        for _ in 0..7_200 {
            short.advance(drydock::SimDuration::secs(1));
        }
        assert_eq!(long.timeline().hash(), short.timeline().hash(), "{}", known.name);
        assert_eq!(long.sim(), short.sim(), "{}", known.name);
    }
}

#[test]
fn a_run_that_was_written_down_plays_the_same() {
    for known in known::KNOWN {
        let run = known::play(known);
        let again = drydock::Run::from_script(&run.script()).expect("a run writes what can be read");
        assert_eq!(run.timeline().hash(), again.timeline().hash(), "{}", known.name);
        assert_eq!(run.clock(), again.clock(), "{}", known.name);
    }
}
