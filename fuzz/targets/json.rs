//! Whatever JSON an operation is called with is answered or refused, and a refusal changes nothing.
#![no_main]

use drydock::dice::Seed;
use drydock::{Call, Principal, Sim, Timeline, operations};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, text)) = bytes.split_first() else { return };
    let Ok(input) = serde_json::from_slice(text) else { return };
    let count = operations().count();
    let Some(operation) = operations().nth(usize::from(*choice) % count.max(1)) else { return };
    let mut sim = Sim::new(Seed(7));
    let before = sim.clone();
    let principal = Principal::student();
    let call = Call { principal: &principal, operation, input: &input, typed: operation.name };
    if sim.call(call, &mut Timeline::default()).is_err() {
        assert!(sim == before, "a refused request changes nothing");
    }
});
