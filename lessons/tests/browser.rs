//! The lessons prove in a browser, too, and their timelines are to the letter those of `hashes.json`.
#![cfg(target_arch = "wasm32")]

use drydock_lessons::prove::{embedded, prove_embedded};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
async fn the_lessons_prove_as_they_do_natively() {
    let lessons = embedded().expect("the lessons can be read");
    assert!(lessons.len() >= 3, "every lesson is there");
    for lesson in lessons {
        // Whoever drives the browser gives up on a page that does not answer for half a minute.
        TimeoutFuture::new(0).await;
        let report = prove_embedded(lesson);
        assert!(report.hashes.len() >= 4, "every script is played: {:?}", report.hashes);
        assert!(report.problems.is_empty(), "{report}");
    }
}
