//! The sandbox: the Studio around a run of one's own.
use drydock::dice::Seed;
use drydock::run::Run;
use leptos::prelude::*;

use super::desk::{Desk, EntryKind, Page};
use super::notice::{Notice, Notices};
use super::worlds::{WORLDS, World};
use super::{Studio, menu};
use crate::run::{Berth, Found};
use crate::shell;

/// The page at `/sandbox`.
#[component]
pub fn Sandbox() -> impl IntoView {
    let bar = shell::enter(["Sandbox", "us-east-1"]);
    let (berth, found) = Berth::open("sandbox", Run::new(Seed(7)), None);
    let desk = Desk::new(berth.run, 0);
    let notices: Notices = RwSignal::new(None);
    provide_context(desk);
    provide_context(berth);
    provide_context(notices);
    desk.page.set(Page::Map);
    settle(desk, berth, notices, bar, found);
    // Whoever has done nothing yet is offered a world to begin with.
    let choosing =
        RwSignal::new(berth.run.look(|run| run.lines().is_empty()) && berth.run.clock_untracked().0 == 0);
    Effect::new(move |_| {
        if desk.acts.get() > 0 {
            choosing.set(false);
        }
    });
    view! { <h1 class="visually-hidden">"Sandbox"</h1><Studio over_map=move || choosing.get().then(|| view! { <Worlds choosing=choosing /> }) /> }
}

/// Saves a page's run, tells of trouble, and takes in a run from the address.
pub fn settle(desk: Desk, berth: Berth, notices: Notices, bar: shell::Bar, found: Found) {
    let trouble = RwSignal::new(None);
    if let Found::Lost(why) = found {
        notices.set(Some(Notice::wrong(format!("{why} It is set aside, and this is a new one."))));
    }
    menu::take_link(desk, berth, notices);
    berth.keep_saving(desk.acts, trouble);
    Effect::new(move |_| {
        let (strong, text, wrong) = match trouble.get() {
            None => ("Saved", "in this browser", false),
            Some(_) => ("Not saved", "", true),
        };
        bar.status.set(vec![shell::Note { strong: strong.to_string(), text: text.to_string(), wrong }]);
        if let Some(trouble) = trouble.get() {
            notices.set(Some(Notice::wrong(trouble.sentence())));
        }
    });
}

/// The worlds to begin with.
#[component]
fn Worlds(choosing: RwSignal<bool>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let berth = expect_context::<Berth>();
    let notices = expect_context::<Notices>();
    let take = move |world: &World| {
        choosing.set(false);
        match world.run() {
            Ok(run) => {
                let made = run.lines().len();
                desk.kept_lines.set(made);
                berth.replace(run);
                if made > 0 {
                    desk.print(EntryKind::Note, &format!("{}. {}", world.title, world.about));
                }
                desk.acts.update(|count| *count += 1);
            }
            Err(why) => notices.set(Some(Notice::wrong(why))),
        }
    };
    view! {
        <section class="worlds" aria-label="A world to begin with">
            <h2>"Begin with"</h2>
            <ul>
                {WORLDS.iter().map(|world| view! {
                    <li><button class="worlds__world" on:click=move |_| take(world)><b>{world.title}</b><span>{world.about}</span></button></li>
                }).collect_view()}
            </ul>
            <p class="worlds__more">"Or "<a href=shell::at("/watch")>"watch a world that AWS's own clients drive"</a>"."</p>
        </section>
    }
}
