//! The stage: the same Studio, large enough for the last row of a hall.
use leptos::prelude::*;

use super::desk::Desk;
use super::live;
use crate::run::Berth;
use crate::shell::{keep_setting, setting};

/// Takes the stage as it was left for the run of this place, and keeps it there. A run that is only
/// watched has no place.
///
/// What is large then is a matter of style sheets: they follow `data-stage` on the root.
pub fn follow(desk: Desk, berth: Option<Berth>) {
    let name = format!("stage.{}", berth.map_or_else(|| "watched".to_string(), Berth::name));
    desk.stage.set(setting(&name).as_deref() == Some("on"));
    Effect::new(move |before: Option<bool>| {
        let on = desk.stage.get();
        if before.is_some_and(|before| before != on) {
            keep_setting(&name, if on { "on" } else { "off" });
        }
        mark(on);
        on
    });
    on_cleanup(|| mark(false));
}

fn mark(on: bool) {
    let Some(root) = document().document_element() else { return };
    let _ = if on { root.set_attribute("data-stage", "") } else { root.remove_attribute("data-stage") };
}

/// The sentence below the picture: what this is about, and what happened last.
#[component]
pub fn Caption(
    /// Keys of a lesson; the sandbox has none.
    keys: ViewFn,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let last = desk.run.view(|run| {
        let worth = run.timeline().records().iter().rev().find(|record| live::is_worth_hearing(record));
        worth.map(|record| (format!("{} ", record.at.clock()), live::sentence(record)))
    });
    let last = move || last.get().unwrap_or_else(|| (String::new(), "Nothing has happened yet.".to_string()));
    // Without a lesson, what happened is what it is about.
    let title = move || Some(desk.title.get()).filter(|title| !title.is_empty()).unwrap_or_else(|| last().1);
    let at = move || last().0;
    let rest =
        move || if desk.title.with(String::is_empty) { "in the sandbox".to_string() } else { last().1 };
    view! {
        <Show when=move || desk.stage.get()>
            {
                let keys = keys.clone();
                view! {
                    <section class="stage" aria-label="Caption">
                        <div class="stage__words">
                            <h2 class="stage__title">{title}</h2>
                            <p class="stage__last"><b>{at}</b>{rest}</p>
                        </div>
                        <p class="stage__keys">{keys.run()}</p>
                    </section>
                }
            }
        </Show>
    }
}
