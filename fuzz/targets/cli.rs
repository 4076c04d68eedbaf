//! Whatever is typed at the terminal gets an answer.
#![no_main]

#[path = "../inputs.rs"]
#[allow(dead_code)]
mod inputs;

libfuzzer_sys::fuzz_target!(|text: &str| inputs::terminal(text));
