//! Three signs for whoever is here for the first time.
use leptos::prelude::*;

use crate::shell::{keep_setting, setting};

/// Where a sign stands, its heading and its sentence.
const SIGNS: [(&str, &str, &str); 3] = [
    (
        "map",
        "This is your fleet",
        "Containers stand in machines and zones. A dotted box is a wish: something asked for that is not there. Point at anything to ask why.",
    ),
    (
        "terminal",
        "You say what should be",
        "Real AWS commands, typed here or started by a click. Tab completes them. Nothing can break for good.",
    ),
    (
        "time",
        "Time is yours",
        "It stands still until you press play. Go back to any moment and do it differently: both futures are kept.",
    ),
];

/// The signs, one after the other, until they were read once.
#[component]
pub fn Coach() -> impl IntoView {
    let at = RwSignal::new(if setting("coach").is_none() { Some(0) } else { None });
    let close = move || {
        keep_setting("coach", "seen");
        at.set(None);
    };
    let next = move |_| match at.get_untracked() {
        Some(sign) if sign + 1 < SIGNS.len() => at.set(Some(sign + 1)),
        _ => close(),
    };
    move || {
        at.get().map(|sign| {
            let (place, heading, sentence) = SIGNS[sign];
            let last = sign + 1 == SIGNS.len();
            view! {
                <aside class=format!("coach coach--{place}") aria-label="First steps">
                    <p class="coach__number" aria-hidden="true">{(sign + 1).to_string()}</p>
                    <h2>{heading}</h2>
                    <p>{sentence}</p>
                    <p class="coach__keys">
                        <button class="key--next" on:click=next>{if last { "Begin" } else { "Next" }}</button>
                        {(!last).then(|| view! { <button on:click=move |_| close()>"Skip"</button> })}
                    </p>
                </aside>
            }
        })
    }
}
