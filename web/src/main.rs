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
use leptos_router::components::{Route, Router, Routes};
use leptos_router::path;

/// The whole site: the shell around one page per route.
#[component]
fn App() -> impl IntoView {
    let base = shell::base_path();
    view! {
        <Router base=base>
            <shell::Shell>
                <Routes fallback=shell::NotFound>
                    <Route path=path!("/") view=home::Home />
                    <Route path=path!("/learn") view=learn::Learn />
                    <Route path=path!("/learn/:lesson") view=lesson::LessonPage />
                    <Route path=path!("/sandbox") view=studio::Sandbox />
                    <Route path=path!("/watch") view=watch::Watch />
                    <Route path=path!("/about") view=about::About />
                </Routes>
            </shell::Shell>
        </Router>
    }
}

fn main() {
    shell::hide_prerendered_text();
    leptos::mount::mount_to_body(App);
}
