//! Day and night: follows the system until the reader chooses.
use leptos::prelude::*;

use super::{keep_setting, setting};

/// The two sets of colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark ink on light surfaces.
    Day,
    /// Light ink on dark surfaces.
    Night,
}

impl Theme {
    fn name(self) -> &'static str {
        match self {
            Theme::Day => "day",
            Theme::Night => "night",
        }
    }

    fn named(name: &str) -> Option<Theme> {
        [Theme::Day, Theme::Night].into_iter().find(|theme| theme.name() == name)
    }
}

/// Applies the reader's choice, if there is one, and hands out the theme that shows.
pub fn provide() -> RwSignal<Theme> {
    let chosen = setting("theme").as_deref().and_then(Theme::named);
    if let Some(theme) = chosen {
        apply(theme);
    }
    let theme = RwSignal::new(chosen.unwrap_or_else(system));
    provide_context(theme);
    theme
}

fn system() -> Theme {
    let dark = window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if dark.is_some_and(|query| query.matches()) { Theme::Night } else { Theme::Day }
}

fn apply(theme: Theme) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme.name());
    }
}

/// Two keys of which one is down.
#[component]
pub fn ThemeSwitch(theme: RwSignal<Theme>) -> impl IntoView {
    let choose = move |to: Theme| {
        apply(to);
        keep_setting("theme", to.name());
        theme.set(to);
    };
    let key = move |of: Theme, label: &'static str| {
        view! {
            <button aria-pressed=move || (theme.get() == of).to_string() on:click=move |_| choose(of)>{label}</button>
        }
    };
    view! {
        <div class="theme-switch" role="group" aria-label="Colours">
            {key(Theme::Day, "Day")}
            {key(Theme::Night, "Night")}
        </div>
    }
}
