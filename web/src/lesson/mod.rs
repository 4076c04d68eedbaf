//! A lesson: its text and steps beside the Studio.
mod check;
mod commands;
mod fetch;
mod hints;
mod quiz;
mod reader;
pub mod session;
mod step;

use std::sync::Arc;

use drydock::run::Run;
use drydock_lessons::Lesson;
use leptos::prelude::*;

use crate::learn::course::STATIONS;
use crate::run::Berth;
use crate::shell;
use crate::studio::desk::Desk;
use crate::studio::{Notices, Studio, settle};
use session::{Room, Session};

/// The page at `/learn/<lesson>`.
#[component]
pub fn LessonPage(slug: String) -> impl IntoView {
    if STATIONS.iter().any(|station| station.slug() == Some(slug.as_str())) {
        view! { <Arriving slug=slug /> }.into_any()
    } else {
        view! { <shell::NotFound /> }.into_any()
    }
}

/// Fetches the lesson, then shows it.
#[component]
fn Arriving(slug: String) -> impl IntoView {
    let station = STATIONS.iter().find(|station| station.slug() == Some(slug.as_str()));
    shell::enter(["Learn", station.map_or("Lesson", |station| station.title)]);
    let lesson = RwSignal::new(None::<Result<Arc<Lesson>, String>>);
    let name = slug.clone();
    let ask = move || {
        lesson.set(None);
        fetch::lesson(&name, move |answer| {
            lesson.try_set(Some(answer.map(Arc::new)));
        });
    };
    ask();
    // A drill is another world, so the whole Studio is another one in there.
    let room = RwSignal::new(Room::Lesson);
    move || match lesson.get() {
        None => view! { <p class="lesson__wait" role="status">"The lesson is on its way."</p> }.into_any(),
        Some(Err(why)) => {
            shell::hide_prerendered_text();
            let ask = ask.clone();
            view! {
                <section class="not-found">
                    <h1>"The lesson did not arrive"</h1>
                    <p>{why}</p>
                    <p class="not-found__ways">
                        <button class="key--next" on:click=move |_| ask()>"Try again"</button>
                        <a href=shell::at("/learn") class="key">"All lessons"</a>
                    </p>
                </section>
            }
            .into_any()
        }
        Some(Ok(lesson)) => {
            let slug = slug.clone();
            (move || {
                room.track();
                shell::hide_prerendered_text();
                view! { <Lab lesson=lesson.clone() slug=slug.clone() room=room /> }
            })
            .into_any()
        }
    }
}

/// The Studio around the run of a lesson or of one of its drills.
#[component]
fn Lab(lesson: Arc<Lesson>, slug: String, room: RwSignal<Room>) -> impl IntoView {
    let here = room.get_untracked();
    let bar = shell::enter(["Learn", &lesson.title]);
    let play = session::play(&lesson, here);
    let start = match Run::from_script(&play.start) {
        Ok(start) => start,
        Err(error) => {
            let sentence = format!("The start of this lesson cannot be read: {error}.");
            return view! { <p class="lesson__wait" role="alert">{sentence}</p> }.into_any();
        }
    };
    let part = match here {
        Room::Lesson => None,
        Room::Drill(0) => Some("drill".to_string()),
        Room::Drill(place) => Some(format!("drill-{}", place + 1)),
    };
    let (name, from) = match part {
        None => (slug.clone(), format!("lesson/{}", lesson.number)),
        Some(part) => (format!("{slug}.{part}"), format!("lesson/{}/{part}", lesson.number)),
    };
    let (berth, found) = Berth::open(&name, start, Some(&from));
    let desk = Desk::new(berth.run, berth.begun.with_untracked(|begun| begun.lines));
    let notices: Notices = RwSignal::new(None);
    provide_context(desk);
    provide_context(berth);
    provide_context(notices);
    settle(desk, berth, notices, bar, found);
    let Some(session) = Session::begin(lesson, slug, room, desk, berth, notices) else {
        return view! { <p class="lesson__wait" role="alert">"The goals of this lesson cannot be judged."</p> }.into_any();
    };
    provide_context(session);
    shell::parts::bring_the_rest();
    view! { <Studio reader=Box::new(|| view! { <reader::Reader /> }.into_any()) caption=|| view! { <hints::StageKeys /> } /> }.into_any()
}
