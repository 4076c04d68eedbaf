//! Drydock in the browser: the routes and what each of them shows.
mod about;
mod home;
mod learn;
mod lesson;
mod map;
mod run;
mod shell;
mod studio;
mod watch;

use leptos::prelude::*;
use shell::parts::{self, Arriving, Part};
use shell::route::{self, Route};

/// The whole site: the shell around one page per route.
#[component]
fn App() -> impl IntoView {
    let shown = route::follow();
    // Each page has an owner of its own, so that what one page provides never reaches the next.
    let page = move || {
        let route = shown.get();
        move || {
            let part = Part::of(&route);
            let route = route.clone();
            view! { <Arriving part=part shows=move || page(route.clone()) /> }.into_any()
        }
    };
    view! { <shell::Shell shown=shown>{page}</shell::Shell> }
}

/// What an address shows.
fn page(route: Route) -> AnyView {
    // A lesson says itself when it stands.
    if !matches!(route, Route::Lesson(_)) {
        shell::hide_prerendered_text();
        parts::bring_the_rest();
    }
    match route {
        Route::Lesson(slug) => view! { <lesson::LessonPage slug=slug /> }.into_any(),
        Route::Sandbox => view! { <studio::Sandbox /> }.into_any(),
        Route::Unknown => view! { <shell::NotFound /> }.into_any(),
        other => other_page(&other),
    }
}

/// The pages beside lessons and sandbox; a function of its own, so that it can come by itself.
#[inline(never)]
fn other_page(route: &Route) -> AnyView {
    match route {
        Route::Learn => view! { <learn::Learn /> }.into_any(),
        Route::Watch => view! { <watch::Watch /> }.into_any(),
        Route::About => view! { <about::About /> }.into_any(),
        _ => view! { <home::Home /> }.into_any(),
    }
}

fn main() {
    // Until the page stands, its text does.
    let start = |came| {
        if came {
            leptos::mount::mount_to_body(App);
        } else {
            shell::show_boot_note();
        }
    };
    match Part::of(&Route::here()) {
        Some(part) => part.bring(start),
        None => start(true),
    }
}
