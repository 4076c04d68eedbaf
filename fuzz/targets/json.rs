//! Whatever JSON an operation is called with is answered or refused.
#![no_main]

#[path = "../inputs.rs"]
#[allow(dead_code)]
mod inputs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((choice, text)) = bytes.split_first() else { return };
    if let Ok(input) = serde_json::from_slice(text) {
        inputs::api(usize::from(*choice), &input);
    }
});
