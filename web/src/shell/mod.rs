//! What stands around every page: the top bar, the theme, the keyboard dialog.
pub mod keyboard;
pub mod parts;
pub mod route;
mod theme;

use leptos::html;
use leptos::prelude::*;
use route::Route;

/// What a page tells the top bar and the keyboard dialog about itself.
#[derive(Clone, Copy)]
pub struct Bar {
    /// Where the page is, from the general to the particular.
    pub path: RwSignal<Vec<String>>,
    /// A few words at the right end: what is saved, what is wrong.
    pub status: RwSignal<Vec<Note>>,
    /// The page's own keys: what to press and what it does.
    pub keys: RwSignal<Vec<(&'static str, &'static str)>>,
    /// Whether keys without Ctrl or Alt act while no field has the focus.
    pub single_keys: RwSignal<bool>,
}

/// One remark in the top bar: a word in yellow, then the rest.
#[derive(Clone, PartialEq, Eq)]
pub struct Note {
    /// The part that is read first.
    pub strong: String,
    /// The rest of the sentence.
    pub text: String,
    /// Whether it tells of a fault.
    pub wrong: bool,
}

/// Says where the page is, in the top bar and in the window's title, and clears the last page's remarks.
pub fn enter<const N: usize>(path: [&str; N]) -> Bar {
    let bar = expect_context::<Bar>();
    bar.path.set(path.iter().map(|part| (*part).to_string()).collect());
    bar.status.set(Vec::new());
    bar.keys.set(Vec::new());
    let place = path.iter().rev().copied().collect::<Vec<_>>().join(", ");
    document().set_title(&if place.is_empty() {
        "Drydock, a sandbox for Amazon ECS".to_string()
    } else {
        format!("{place} · Drydock")
    });
    bar
}

/// The path under which the site is served, as its `<base>` says; empty at the root of a host.
pub fn base_path() -> String {
    if !matches!(document().query_selector("base[href]"), Ok(Some(_))) {
        return String::new();
    }
    let uri = document().base_uri().ok().flatten().unwrap_or_default();
    let path = web_sys::Url::new(&uri).map(|url| url.pathname()).unwrap_or_default();
    let folder = path.rfind('/').map_or("", |end| &path[..end]);
    folder.to_string()
}

/// The address of a route, such as `/learn`, wherever the site hangs.
pub fn at(route: &str) -> String {
    format!("{}{route}", base_path())
}

/// Hides the text that stood in the page before the program arrived.
pub fn hide_prerendered_text() {
    if let Some(reader) = document().get_element_by_id("reader") {
        let _ = reader.set_attribute("hidden", "");
    }
}

/// Says above the text that it stays at the text.
pub fn show_boot_note() {
    if let Some(note) = document().get_element_by_id("boot-note") {
        let _ = note.remove_attribute("hidden");
    }
}

/// Reads a setting of this site; `None` also where storage is blocked.
pub fn setting(name: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(&format!("drydock.{name}")).ok().flatten()
}

/// Keeps a setting of this site, where storage allows it.
pub fn keep_setting(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(&format!("drydock.{name}"), value);
    }
}

/// The top bar, the page below it, and the keyboard dialog.
#[component]
pub fn Shell(
    /// The route that is shown.
    shown: RwSignal<Route>,
    children: Children,
) -> impl IntoView {
    let bar = Bar {
        path: RwSignal::new(Vec::new()),
        status: RwSignal::new(Vec::new()),
        keys: RwSignal::new(Vec::new()),
        single_keys: RwSignal::new(setting("single-keys").as_deref() != Some("off")),
    };
    provide_context(bar);
    let theme = theme::provide();
    let dialog = NodeRef::<html::Dialog>::new();
    let main = NodeRef::<html::Main>::new();
    keyboard::listen(dialog, bar);
    let current = move |is: fn(&Route) -> bool| move || shown.with(is).then_some("page");
    let skip = move |event: web_sys::MouseEvent| {
        event.prevent_default();
        if let Some(main) = main.get() {
            let _ = main.focus();
        }
    };
    view! {
        <header class="top-bar">
            <a class="shell__skip key key--next" href="#main" on:click=skip>"Skip to the page"</a>
            <a href=at("/") class="top-bar__sign">"DRYDOCK"</a>
            <nav class="top-bar__path" aria-label="Where you are">
                {move || {
                    let path = bar.path.get();
                    if path.is_empty() {
                        view! { <span class="top-bar__part">"A sandbox for Amazon ECS"</span> }.into_any()
                    } else {
                        let last = path.len() - 1;
                        path.into_iter()
                            .enumerate()
                            .map(|(index, part)| crumb(part, index, index == last))
                            .collect_view()
                            .into_any()
                    }
                }}
            </nav>
            <div class="top-bar__status" role="status">
                {move || bar.status.get().into_iter().map(note).collect_view()}
            </div>
            <nav class="top-bar__links" aria-label="Site">
                <a href=at("/learn") aria-current=current(|route| matches!(route, Route::Learn | Route::Lesson(_)))>"Learn"</a>
                <a href=at("/sandbox") aria-current=current(|route| *route == Route::Sandbox)>"Sandbox"</a>
                <a href=at("/about") aria-current=current(|route| *route == Route::About)>"About"</a>
            </nav>
            <theme::ThemeSwitch theme=theme />
            <button class="top-bar__key" aria-label="Keyboard" title="Keyboard (?)" on:click=move |_| keyboard::open(dialog)>"?"</button>
        </header>
        <main id="main" class="shell__main" tabindex="-1" node_ref=main>{children()}</main>
        <keyboard::KeyboardDialog node=dialog bar=bar />
    }
}

fn crumb(part: String, index: usize, last: bool) -> AnyView {
    let slash = (index > 0).then(|| view! { <span class="top-bar__slash" aria-hidden="true">"/"</span> });
    let inside = match (part.as_str(), last) {
        ("Learn", false) => view! { <a href=at("/learn") class="top-bar__part">"Learn"</a> }.into_any(),
        _ => {
            let current = last.then_some("page");
            view! { <span class="top-bar__part" aria-current=current>{part}</span> }.into_any()
        }
    };
    view! { {slash}{inside} }.into_any()
}

fn note(note: Note) -> AnyView {
    let class = if note.wrong { "top-bar__note top-bar__note--wrong" } else { "top-bar__note" };
    view! { <span class=class><b>{note.strong}</b>" "{note.text}</span> }.into_any()
}

/// What an address without a page shows.
#[component]
pub fn NotFound() -> impl IntoView {
    enter(["No such berth"]);
    view! {
        <section class="not-found">
            <p class="not-found__plate" aria-hidden="true">"?"</p>
            <h1>"No such berth"</h1>
            <p>"Nothing is moored at this address. It may have been renamed, or the link lost a letter."</p>
            <p class="not-found__ways">
                <a href=at("/") class="key key--next">"To the start"</a>
                <a href=at("/learn") class="key">"All lessons"</a>
                <a href=at("/sandbox") class="key">"Sandbox"</a>
            </p>
        </section>
    }
}
