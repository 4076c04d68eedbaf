//! Whatever a file or a link holds is played or refused.
#![no_main]

#[path = "../inputs.rs"]
#[allow(dead_code)]
mod inputs;

libfuzzer_sys::fuzz_target!(|text: &str| inputs::script(text));
