//! The lessons prove in a browser, too, and their timelines are to the letter those of `hashes.json`.
#![cfg(target_arch = "wasm32")]

use drydock_lessons::prove::prove_embedded;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_lessons_prove_as_they_do_natively() {
    let report = prove_embedded();
    assert!(report.hashes.len() >= 12, "every script is played");
    assert!(report.problems.is_empty(), "{report}");
}
