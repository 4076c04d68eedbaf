//! Three signs for whoever is here for the first time.
use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::shell::{keep_setting, setting};

/// A sign: where it stands, its heading, its sentence, and what it points at.
struct Sign {
    place: &'static str,
    heading: &'static str,
    sentence: &'static str,
    points_at: &'static str,
}

const SIGNS: [Sign; 3] = [
    Sign {
        place: "map",
        heading: "This is your fleet",
        sentence: "Containers stand in machines and zones. A dotted box is a wish: something asked for that is not there. Point at anything to ask why.",
        points_at: ".studio__map [tabindex='0'], .studio__map button",
    },
    Sign {
        place: "terminal",
        heading: "You say what should be",
        sentence: "Real AWS commands, typed here or started by a click. Tab completes them. Nothing can break for good.",
        points_at: "#terminal-input",
    },
    Sign {
        place: "time",
        heading: "Time is yours",
        sentence: "It stands still until you press play. Go back to any moment and do it differently: both futures are kept.",
        points_at: ".time-bar__key--play",
    },
];

/// The signs, one after the other, until they were read once.
#[component]
pub fn Coach() -> impl IntoView {
    let at = RwSignal::new(if setting("coach").is_none() { Some(0) } else { None });
    let shown = Memo::new(move |_| at.get().is_some());
    let node = NodeRef::<html::Aside>::new();
    // Where the focus was before it came here.
    let before = StoredValue::new_local(None::<web_sys::HtmlElement>);
    let came = move |event: ev::FocusEvent| {
        let from = event.related_target().and_then(|from| from.dyn_into::<web_sys::HtmlElement>().ok());
        let inside = |element: &web_sys::HtmlElement| {
            node.get_untracked().is_some_and(|node| node.contains(Some(element)))
        };
        if let Some(from) = from.filter(|from| !inside(from)) {
            before.set_value(Some(from));
        }
    };
    let close = move || {
        let here = document().active_element();
        let had_focus =
            here.is_some_and(|here| node.get_untracked().is_some_and(|node| node.contains(Some(&here))));
        let sign = at.get_untracked().unwrap_or_default();
        keep_setting("coach", "seen");
        at.set(None);
        if had_focus {
            give_back(before.get_value(), SIGNS[sign].points_at);
        }
    };
    let next = move |_| match at.get_untracked() {
        Some(sign) if sign + 1 < SIGNS.len() => at.set(Some(sign + 1)),
        _ => close(),
    };
    let keys = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            close();
        }
    };
    let sign = move || &SIGNS[at.get().unwrap_or_default().min(SIGNS.len() - 1)];
    let last = move || at.get().is_some_and(|at| at + 1 == SIGNS.len());
    view! {
        <Show when=move || shown.get()>
            <aside class=move || format!("coach coach--{}", sign().place) aria-label="First steps" node_ref=node on:focusin=came on:keydown=keys>
                <p class="coach__number" aria-hidden="true">{move || at.get().map(|at| (at + 1).to_string())}</p>
                <div aria-live="polite">
                    <h2>{move || sign().heading}</h2>
                    <p>{move || sign().sentence}</p>
                </div>
                <p class="coach__keys">
                    <button class="key--next" on:click=next>{move || if last() { "Begin" } else { "Next" }}</button>
                    <button hidden=last on:click=move |_| close()>"Skip"</button>
                </p>
            </aside>
        </Show>
    }
}

/// Gives the focus back to where it was, or to what the sign pointed at where it was nowhere.
fn give_back(before: Option<web_sys::HtmlElement>, points_at: &'static str) {
    request_animation_frame(move || {
        let there = before.filter(|before| before.is_connected() && before.offset_width() > 0);
        let there = there.or_else(|| {
            let pointed = document().query_selector(points_at).ok().flatten()?;
            pointed.dyn_into::<web_sys::HtmlElement>().ok()
        });
        if let Some(there) = there {
            let _ = there.focus();
        }
    });
}
