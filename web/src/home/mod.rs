//! Start here: what this is, where to go on, the course, and how to read the picture.
mod read;

use leptos::prelude::*;

use crate::learn::{LineMap, Standing, course};

/// The first page.
#[component]
pub fn Home() -> impl IntoView {
    let bar = crate::shell::enter([]);
    bar.status.set(vec![crate::shell::Note {
        strong: "Nothing is sent anywhere.".to_string(),
        text: "It runs in this tab.".to_string(),
        wrong: false,
    }]);
    let standing = Callback::new(crate::learn::standing);
    let here = course::STATIONS.iter().find(|station| standing.run(station.number) == Standing::Here);
    view! {
        <div class="home">
            <section class="home__sign">
                <div class="home__words">
                    <h1>"A container fleet you can break."</h1>
                    <p>
                        "Amazon ECS, simulated: the real commands, the real JSON, the real error texts. "
                        "No account, no bill, no wait. Ask why, rewind, branch."
                    </p>
                </div>
                <nav class="home__ways" aria-label="Ways in">
                    {here.and_then(go_on)}
                    <a href=crate::shell::at("/sandbox") class="home__way"><b>"Open the sandbox"</b><span>"a fleet of your own"</span></a>
                    <a href=crate::shell::at("/learn") class="home__way">
                        <b>"All lessons"</b>
                        <span>{format!("{} of {} built", course::open_count(), course::STATIONS.len())}</span>
                    </a>
                    <a href=crate::shell::at("/about") class="home__way"><b>"About"</b><span>"what is exact, what is modelled"</span></a>
                </nav>
            </section>
            <section class="home__land" aria-labelledby="home-course">
                <h2 id="home-course" class="visually-hidden">"The course"</h2>
                <LineMap standing=standing />
                <p class="home__key">
                    <b>{format!("{} of {}", course::open_count(), course::STATIONS.len())}</b>" lessons are open. "
                    <span>"Dotted ones are in the yard, not built yet. Nothing is locked: a line shows what builds on what."</span>
                </p>
            </section>
            <read::HowToRead />
        </div>
    }
}

/// The way to the lesson to go on with.
fn go_on(station: &'static course::Station) -> Option<impl IntoView> {
    let lesson = station.lesson?;
    let met = crate::learn::steps_met(&lesson);
    let (order, words) = match (met, station.number) {
        (0, 1) => ("Start at lesson 1".to_string(), format!("{}, {} minutes", station.title, lesson.minutes)),
        (0, number) => {
            (format!("Go on with lesson {number}"), format!("{}, {} minutes", station.title, lesson.minutes))
        }
        _ => (
            format!("Continue, step {} of {}", (met + 1).min(usize::from(lesson.steps)), lesson.steps),
            station.title.to_string(),
        ),
    };
    Some(view! {
        <a href=crate::shell::at(&format!("/learn/{}", lesson.slug)) class="home__go">
            <span class="home__go-number" aria-hidden="true">{station.number.to_string()}</span>
            <span class="home__go-words"><b>{order}</b><span>{words}</span></span>
            <svg class="home__arrow" viewBox="0 0 28 24" aria-hidden="true"><path d="M0 12H25M14 2l11 10-11 10" /></svg>
        </a>
    })
}
