//! The dialog that lists the keys, and the `?` that opens it.
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{Bar, keep_setting};

/// The keys that work on every page.
pub const GENERAL: [(&str, &str); 4] = [
    ("?", "Show or hide this list"),
    ("Tab", "Go to the next control"),
    ("Enter", "Follow or press what has the focus"),
    ("Esc", "Close what lies on top"),
];

/// Opens and closes the dialog on `?`, unless the reader is writing.
pub fn listen(dialog: NodeRef<html::Dialog>, bar: Bar) {
    let handle = window_event_listener(ev::keydown, move |event| {
        let asks = event.key() == "?" && !event.ctrl_key() && !event.meta_key() && !event.alt_key();
        if asks && bar.single_keys.get_untracked() && !is_writing(&event) {
            event.prevent_default();
            match dialog.get_untracked() {
                Some(open) if open.open() => open.close(),
                _ => self::open(dialog),
            }
        }
    });
    on_cleanup(move || handle.remove());
}

/// Whether a key press goes into a field where it is text.
pub fn is_writing(event: &web_sys::KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok());
    target.is_some_and(|element| {
        element.is_content_editable()
            || matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
    })
}

/// Shows the dialog above the page.
pub fn open(dialog: NodeRef<html::Dialog>) {
    if let Some(dialog) = dialog.get_untracked()
        && !dialog.open()
    {
        let _ = dialog.show_modal();
    }
}

/// The keys of this page and of every page.
#[component]
pub fn KeyboardDialog(node: NodeRef<html::Dialog>, bar: Bar) -> impl IntoView {
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let switch = move |event: web_sys::Event| {
        let on = event_target_checked(&event);
        keep_setting("single-keys", if on { "on" } else { "off" });
        bar.single_keys.set(on);
    };
    view! {
        <dialog class="keyboard" node_ref=node aria-labelledby="keyboard-title">
            <header class="keyboard__head">
                <h2 id="keyboard-title">"Keyboard"</h2>
                <button on:click=close>"Close"</button>
            </header>
            <div class="keyboard__body">
                {move || {
                    let keys = bar.keys.get();
                    (!keys.is_empty()).then(|| view! { <h3>"On this page"</h3> <KeyTable keys=keys /> })
                }}
                <h3>"Everywhere"</h3>
                <KeyTable keys=GENERAL.to_vec() />
                <label class="keyboard__switch">
                    <input type="checkbox" prop:checked=bar.single_keys on:change=switch />
                    "Single keys act when no field has the focus"
                </label>
            </div>
        </dialog>
    }
}

/// Keys and what they do, a row each.
#[component]
pub fn KeyTable(keys: Vec<(&'static str, &'static str)>) -> impl IntoView {
    let rows = keys.into_iter().map(|(key, does)| {
        let keys = key.split(' ').map(|one| view! { <kbd>{one}</kbd>" " }).collect_view();
        view! { <tr><th scope="row">{keys}</th><td>{does}</td></tr> }
    });
    view! { <table class="keyboard__table"><tbody>{rows.collect_view()}</tbody></table> }
}
