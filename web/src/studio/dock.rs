//! The dock below the map: terminal, documents, log, and what can be done with the whole run.
use leptos::prelude::*;

use super::desk::{Desk, DockTab};
use super::documents::Documents;
use super::inspector::focus;
use super::live::Log;
use super::menu::RunMenu;
use super::terminal::Terminal;

const TABS: [(DockTab, &str, &str); 3] = [
    (DockTab::Terminal, "terminal", "Terminal"),
    (DockTab::Documents, "documents", "Documents"),
    (DockTab::Log, "log", "Log"),
];

/// Three panels, one of which shows.
#[component]
pub fn Dock() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => TABS.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let now = TABS.iter().position(|(tab, ..)| *tab == desk.dock.get_untracked()).unwrap_or(0);
        let (next, name, _) = TABS[(now + step) % TABS.len()];
        desk.dock.set(next);
        focus(&format!("dock-tab-{name}"));
    };
    let current = move || {
        TABS.iter().find(|(tab, ..)| *tab == desk.dock.get()).map_or("terminal", |(_, name, _)| *name)
    };
    view! {
        <section class="studio__dock dock" aria-label="Terminal and documents">
            <div class="dock__bar">
                <div role="tablist" aria-label="Panels" on:keydown=keys>
                    {TABS.map(|(tab, name, label)| view! {
                        <button role="tab" id=format!("dock-tab-{name}") aria-controls="dock-panel"
                            aria-selected=move || (desk.dock.get() == tab).to_string()
                            tabindex=move || if desk.dock.get() == tab { "0" } else { "-1" }
                            on:click=move |_| desk.dock.set(tab)>{label}</button>
                    }).collect_view()}
                </div>
                <RunMenu />
            </div>
            <div class="dock__panel" role="tabpanel" id="dock-panel" aria-labelledby=move || format!("dock-tab-{}", current())>
                {move || match desk.dock.get() {
                    DockTab::Terminal => view! { <Terminal /> }.into_any(),
                    DockTab::Documents => view! { <Documents /> }.into_any(),
                    DockTab::Log => view! { <div class="dock__scroll"><Log /></div> }.into_any(),
                }}
            </div>
        </section>
    }
}

/// The log alone, for a run that is only watched.
#[component]
pub fn LogOnly() -> impl IntoView {
    view! {
        <section class="studio__dock dock" aria-label="Log"><div class="dock__scroll" tabindex="0"><Log /></div></section>
    }
}
