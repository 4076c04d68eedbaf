//! Whatever is typed at the terminal gets an answer, and completion never falls over it.
#![no_main]

use drydock::dice::Seed;
use drydock::run::Run;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut run = Run::new(Seed(7));
    run.enter("aws ecs create-cluster --cluster-name shop");
    for line in text.lines() {
        for (cursor, _) in line.char_indices() {
            run.complete(line, cursor);
        }
        let entered = run.enter(line);
        assert!(entered.exit_code == 0 || !entered.stderr.is_empty(), "a failure says why");
    }
});
