//! The lesson's file, fetched when the lesson is opened.
use drydock_lessons::Lesson;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Fetches a lesson, then hands it or a sentence on.
pub fn lesson(slug: &str, then: impl FnOnce(Result<Lesson, String>) + 'static) {
    let address = format!("lessons/{slug}.json");
    spawn_local(async move {
        let text = text(&address).await;
        let lesson = text
            .map_err(|_| "Is the network there? The file of the lesson could not be fetched.".to_string())
            .and_then(|text| Lesson::from_json(&text));
        then(lesson);
    });
}

async fn text(address: &str) -> Result<String, JsValue> {
    // Addresses are relative to the site, wherever that is served.
    let base = document().base_uri()?.unwrap_or_default();
    let address = web_sys::Url::new_with_base(address, &base)?.href();
    let answer = JsFuture::from(window().fetch_with_str(&address)).await?;
    let answer: web_sys::Response = answer.dyn_into()?;
    if !answer.ok() {
        return Err(JsValue::NULL);
    }
    let text = JsFuture::from(answer.text()?).await?;
    text.as_string().ok_or(JsValue::NULL)
}
