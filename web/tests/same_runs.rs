//! The engine in the browser does to the letter what it does natively.

use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

#[path = "../../tests/runs/mod.rs"]
mod runs;

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn known_runs_play_as_they_do_natively() {
    for known in runs::KNOWN {
        runs::check(known);
    }
}
