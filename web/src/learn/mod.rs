//! The course: its map and its list of lessons.
pub mod course;
mod line_map;

use leptos::prelude::*;

use crate::lesson::session;
use crate::run::keep;
use course::{MODULES, STATIONS, Station, open_count};
pub use line_map::{LineMap, Standing};

/// The course index.
#[component]
pub fn Learn() -> impl IntoView {
    crate::shell::enter(["Learn"]);
    let standing = Callback::new(standing);
    view! {
        <div class="learn">
            <header class="learn__head">
                <h1>"Eighteen lessons, five lines"</h1>
                <p>
                    {format!("{} are open, the others are in the yard, not built yet. ", open_count())}
                    "Nothing is locked: a line shows what builds on what."
                </p>
            </header>
            <section class="learn__map"><LineMap standing=standing /></section>
            <div class="learn__quay" aria-hidden="true"></div>
            <section class="learn__list">
                {(0..MODULES.len()).map(|module| module_list(module, standing)).collect_view()}
            </section>
        </div>
    }
}

/// How far the reader is with each lesson, as far as this browser remembers.
pub fn standing(number: u8) -> Standing {
    match course::station_numbered(number).and_then(|station| station.lesson) {
        None => Standing::InTheYard,
        Some(lesson) if is_done(&lesson) => Standing::Done,
        Some(_) if here() == Some(number) => Standing::Here,
        Some(_) => Standing::Open,
    }
}

/// How many steps of a lesson were met.
pub fn steps_met(lesson: &course::Lesson) -> usize {
    keep::progress(lesson.slug).met.iter().filter(|step| *step != session::ALL).count()
}

fn is_done(lesson: &course::Lesson) -> bool {
    keep::progress(lesson.slug).met.contains(session::ALL)
}

/// The lesson to go on with: the first one begun, else the first one not done.
fn here() -> Option<u8> {
    let open = || STATIONS.iter().filter(|station| station.lesson.is_some_and(|lesson| !is_done(&lesson)));
    let begun = open().find(|station| station.lesson.is_some_and(|lesson| steps_met(&lesson) > 0));
    begun.or_else(|| open().next()).map(|station| station.number)
}

fn module_list(module: usize, standing: Callback<u8, Standing>) -> impl IntoView {
    let letter = MODULES[module].letter.to_string();
    let lessons = STATIONS.iter().filter(move |station| station.module == module);
    view! {
        <section class="learn__module" data-module=letter>
            <h2><span class="line-map__letter" aria-hidden="true">{MODULES[module].letter.to_string()}</span>{MODULES[module].title}</h2>
            <ol class="learn__lessons">{lessons.map(|station| lesson(station, standing)).collect_view()}</ol>
        </section>
    }
}

fn lesson(station: &'static Station, standing: Callback<u8, Standing>) -> impl IntoView {
    let word = move || {
        let Some(lesson) = station.lesson else { return "in the yard".to_string() };
        match (standing.run(station.number), steps_met(&lesson)) {
            (Standing::Done, _) => "done".to_string(),
            (_, 0) => format!("{} minutes", lesson.minutes),
            (_, met) => format!("{met} of {} steps", lesson.steps),
        }
    };
    let title = match station.lesson {
        Some(lesson) => {
            view! { <a href=crate::shell::at(&format!("/learn/{}", lesson.slug))>{station.title}</a> }
                .into_any()
        }
        None => station.title.into_any(),
    };
    let class = if station.lesson.is_some() { "learn__lesson" } else { "learn__lesson learn__lesson--yard" };
    view! {
        <li class=class>
            <span class="learn__number" aria-hidden="true">{station.number.to_string()}</span>
            <h3>{title}</h3>
            <p>{station.about}</p>
            <span class="learn__word">{word}</span>
        </li>
    }
}
