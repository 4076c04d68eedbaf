//! The parts of the program that come after the page: brought before they are needed, and waited for
//! where they were not.
//!
//! Which functions go into which part is decided after compiling (xtask/src/parts.rs), so nothing here
//! is needed for the program to be right: what is called and not there yet is fetched at that moment.
//! This is for waiting in a better way. A program in one piece has all its parts.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::route::Route;

/// How long the first picture stands before the rest is fetched.
const QUIET: Duration = Duration::from_millis(300);
/// How long after a failure the rest is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// A part that comes after the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What only the pages beside lessons and sandbox need.
    Pages,
    /// What the first seconds of no page need.
    Rest,
}

impl Part {
    /// The part that a page needs before it can stand.
    pub fn of(route: &Route) -> Option<Part> {
        match route {
            Route::Lesson(_) | Route::Sandbox | Route::Unknown => None,
            Route::Home | Route::Learn | Route::Watch | Route::About => Some(Part::Pages),
        }
    }

    /// Whether it is there already.
    pub fn is_here(self) -> bool {
        self.ask().is_none()
    }

    /// Fetches it, then says whether it came.
    pub fn bring(self, then: impl FnOnce(bool) + 'static) {
        match self.ask() {
            None => then(true),
            Some(coming) => spawn_local(async move { then(JsFuture::from(coming).await.is_ok()) }),
        }
    }

    /// What is on its way; `None` where there is nothing to fetch.
    fn ask(self) -> Option<Promise> {
        let bring: Function = Reflect::get(&window(), &"drydockPart".into()).ok()?.dyn_into().ok()?;
        let name = match self {
            Part::Pages => "pages",
            Part::Rest => "rest",
        };
        bring.call1(&JsValue::NULL, &name.into()).ok()?.dyn_into().ok()
    }
}

/// Brings all that is missing once the page stands, so that it goes on without a network.
pub fn bring_the_rest() {
    set_timeout(rest, QUIET);
}

fn rest() {
    for part in [Part::Rest, Part::Pages] {
        part.bring(|came| {
            if !came {
                set_timeout(rest, AGAIN);
            }
        });
    }
}

/// What a part shows, as soon as it is there; a sentence and a key to try again where it does not come.
#[component]
pub fn Arriving(
    /// What has to be there; `None` needs nothing.
    part: Option<Part>,
    /// What it shows.
    #[prop(into)]
    shows: ViewFn,
) -> impl IntoView {
    let came = RwSignal::new(part.is_none_or(Part::is_here).then_some(true));
    let bring = move || {
        if let Some(part) = part {
            came.set(None);
            part.bring(move |came_now| {
                came.try_set(Some(came_now));
            });
        }
    };
    if came.get_untracked().is_none() {
        bring();
    }
    move || {
        match came.get() {
        Some(true) => shows.run(),
        None => view! { <p class="lesson__wait" role="status">"This page is on its way."</p> }.into_any(),
        Some(false) => view! {
            <section class="not-found">
                <h1>"This page did not arrive"</h1>
                <p>"Is the network there? A part of the site could not be fetched."</p>
                <p class="not-found__ways"><button class="key--next" on:click=move |_| bring()>"Try again"</button></p>
            </section>
        }
        .into_any(),
    }
    }
}
