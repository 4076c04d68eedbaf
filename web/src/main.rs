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
use shell::route::{self, Route};

/// The whole site: the shell around one page per route.
#[component]
fn App() -> impl IntoView {
    let shown = route::follow();
    // Each page has an owner of its own, so that what one page provides never reaches the next.
    let page = move || {
        let route = shown.get();
        move || page(route.clone())
    };
    view! { <shell::Shell shown=shown>{page}</shell::Shell> }
}

/// What an address shows.
fn page(route: Route) -> AnyView {
    match route {
        Route::Home => view! { <home::Home /> }.into_any(),
        Route::Learn => view! { <learn::Learn /> }.into_any(),
        Route::Lesson(slug) => view! { <lesson::LessonPage slug=slug /> }.into_any(),
        Route::Sandbox => view! { <studio::Sandbox /> }.into_any(),
        Route::Watch => view! { <watch::Watch /> }.into_any(),
        Route::About => view! { <about::About /> }.into_any(),
        Route::Unknown => view! { <shell::NotFound /> }.into_any(),
    }
}

fn main() {
    shell::hide_prerendered_text();
    leptos::mount::mount_to_body(App);
}
