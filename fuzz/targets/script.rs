//! Whatever a file or a link holds is played or refused, and what was played can be written and read.
#![no_main]

use drydock::run::Run;
use drydock::script::Script;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(run) = Run::from_script(text) {
        Script::parse(&run.script()).expect("a run writes a script that can be read");
    }
});
