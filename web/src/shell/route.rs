//! Which page the address asks for, and links that change it without loading anything anew.
//!
//! A router of its own since the site has six routes and one parameter: one for trees of routes
//! that load by themselves is a twentieth of the whole module (docs/decisions/008-size.md).

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

use super::base_path;

/// A page of the site.
#[derive(Clone, PartialEq, Eq)]
pub enum Route {
    Home,
    Learn,
    /// A lesson, by the name of its folder.
    Lesson(String),
    Sandbox,
    /// The world of an endpoint on this machine.
    Watch,
    About,
    /// An address without a page.
    Unknown,
}

impl Route {
    /// The route of a path below the site's root: `learn/01-what-ecs-is-for/`.
    fn of(path: &str) -> Route {
        let parts: Vec<&str> =
            path.split('/').filter(|part| !part.is_empty() && *part != "index.html").collect();
        match parts.as_slice() {
            [] => Route::Home,
            ["learn"] => Route::Learn,
            ["learn", lesson] => Route::Lesson((*lesson).to_string()),
            ["sandbox"] => Route::Sandbox,
            ["watch"] => Route::Watch,
            ["about"] => Route::About,
            _ => Route::Unknown,
        }
    }

    /// The route of the address that the browser shows.
    pub fn here() -> Route {
        let path = window().location().pathname().unwrap_or_default();
        Route::of(path.strip_prefix(&base_path()).unwrap_or(&path))
    }
}

/// The route that is shown, kept true to links and to the browser's way back.
pub fn follow() -> RwSignal<Route> {
    let shown = RwSignal::new(Route::here());
    let look = move || {
        let here = Route::here();
        if shown.with_untracked(|shown| *shown != here) {
            shown.set(here);
        }
    };
    let back = window_event_listener(ev::popstate, move |_| look());
    let click = window_event_listener(ev::click, move |event| {
        if let Some(address) = address_within(&event) {
            event.prevent_default();
            let Ok(history) = window().history() else { return };
            if history.push_state_with_url(&JsValue::NULL, "", Some(&address)).is_ok() {
                look();
                window().scroll_to_with_x_and_y(0.0, 0.0);
            }
        }
    });
    on_cleanup(move || {
        back.remove();
        click.remove();
    });
    shown
}

/// The address that a click leads to, where it is one of this site and meant for this window.
fn address_within(event: &web_sys::MouseEvent) -> Option<String> {
    let elsewhere = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
    if event.default_prevented() || event.button() != 0 || elsewhere {
        return None;
    }
    let clicked: web_sys::Element = event.target()?.dyn_into().ok()?;
    let link: web_sys::HtmlAnchorElement = clicked.closest("a[href]").ok()??.dyn_into().ok()?;
    let own = link.target().is_empty() && link.hash().is_empty() && !link.has_attribute("download");
    let site = format!("{}/", base_path());
    let within = link.origin() == window().location().origin().ok()?
        && format!("{}/", link.pathname()).starts_with(&site)
        && Route::of(link.pathname().strip_prefix(&base_path())?) != Route::Unknown;
    (own && within).then(|| link.href())
}

#[cfg(test)]
mod tests {
    use super::Route;

    #[test]
    fn a_path_is_a_page_with_or_without_its_slash() {
        assert!(Route::of("") == Route::Home);
        assert!(Route::of("/index.html") == Route::Home);
        assert!(Route::of("/learn/") == Route::Learn);
        assert!(Route::of("/learn/01-what-ecs-is-for") == Route::Lesson("01-what-ecs-is-for".to_string()));
        assert!(Route::of("/learn/one/two") == Route::Unknown);
        assert!(Route::of("/fonts/OFL.txt") == Route::Unknown);
    }
}
