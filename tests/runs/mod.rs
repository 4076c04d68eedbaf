//! Runs whose timelines are known: natively and in the browser they must be these, to the letter.

use drydock::run::Run;
use drydock::script::Script;

/// A run: its name, the scripts that follow each other in it, and the hash of its timeline.
pub struct Known {
    pub name: &'static str,
    pub scripts: &'static [&'static str],
    pub hash: u64,
}

/// The runs. Where a behaviour changes on purpose, the failing test says the new hash.
pub const KNOWN: &[Known] =
    &[Known { name: "recipes", scripts: &[include_str!("recipes.script")], hash: 0x510143d4bfcb007c }];

/// Plays the scripts one behind the other; each of their lines is one that AWS would accept.
pub fn play(known: &Known) -> Run {
    let scripts = known.scripts.iter().map(|text| Script::parse(text).expect("the script can be read"));
    let scripts: Vec<Script> = scripts.collect();
    let mut run = Run::new(scripts[0].seed);
    for script in &scripts {
        for (line, entered) in script.lines.iter().zip(run.play(script)) {
            assert_eq!(entered.exit_code, 0, "{}, line {}: {}", known.name, line.number, entered.stderr);
        }
    }
    run
}

/// Refuses a run that is not as it is known, with the hash that it has.
pub fn check(known: &Known) {
    let run = play(known);
    let hash = run.timeline().hash();
    assert_eq!(
        hash,
        known.hash,
        "{} has {} records and the hash 0x{hash:016x} here",
        known.name,
        run.timeline().len()
    );
}
