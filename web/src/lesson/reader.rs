//! The reader: the head of the lesson, its line of stations, and what the open station says.
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::quiz::Quiz;
use super::session::{Room, Session, Standing, Stop};
use super::step::StepView;
use crate::learn::course::STATIONS;
use crate::studio::desk::{DockTab, Page};
use crate::studio::focus;

/// The left side of a lesson.
#[component]
pub fn Reader() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson();
    let (title, goal) = match session.drill() {
        Some(drill) => {
            let article = if lesson.drills.len() > 1 { "A" } else { "The" };
            (drill.title, format!("{article} drill of lesson {}", lesson.number))
        }
        None => (lesson.title.clone(), lesson.goal.clone()),
    };
    let body = NodeRef::<leptos::html::Div>::new();
    // Another station begins at its top.
    Effect::new(move |before: Option<Stop>| {
        let stop = session.stop.get();
        if before.is_some_and(|before| before != stop)
            && let Some(body) = body.get_untracked()
        {
            let _ = body.focus();
            if let Some(column) = body.parent_element() {
                column.set_scroll_top(0);
            }
        }
        stop
    });
    // The stage shows what the open step is about, and once it is met, what was to be seen.
    Effect::new(move |_| {
        let title = match session.stop.get() {
            Stop::Step(place) => session.play().steps.get(place).and_then(|step| {
                let why = step.why.as_ref().filter(|_| session.is_met(&step.id));
                session.text(why.unwrap_or(&step.text)).map(|(title, _)| title)
            }),
            _ => None,
        };
        session.desk.title.set(title.unwrap_or_else(|| session.lesson().title.clone()));
    });
    view! {
        <header class="lesson__head">
            <p class="lesson__number" aria-hidden="true">{lesson.number.to_string()}</p>
            <div>
                <h1>{title}</h1>
                <p>{goal}</p>
            </div>
        </header>
        <Stations />
        <div class="lesson__body" node_ref=body tabindex="-1">
            {move || match session.stop.get() {
                Stop::Intro => view! { <Intro /> }.into_any(),
                Stop::Step(place) => view! { <StepView place=place /> }.into_any(),
                Stop::Quiz => view! { <Quiz /> }.into_any(),
                Stop::End => view! { <End /> }.into_any(),
            }}
        </div>
    }
}

/// The line of the lesson, a station for each step; any of them can be opened.
#[component]
fn Stations() -> impl IntoView {
    let session = expect_context::<Session>();
    if let Room::Drill(here) = session.room.get_untracked() {
        let drills = session.lesson().drills.clone();
        let others =
            (drills.len() > 1).then(|| {
                let keys = drills.into_iter().enumerate().map(|(place, drill)| view! {
                <li><button class="station station--word" aria-current=(place == here).then_some("step")
                    on:click=move |_| session.room.set(Room::Drill(place))>{drill.title}</button></li>
            });
                view! { <ol>{keys.collect_view()}</ol> }
            });
        return view! {
            <nav class="stations" aria-label="Drill">
                <button class="stations__back" on:click=move |_| session.room.set(Room::Lesson)>"\u{2190} Back to the lesson"</button>
                {others}
            </nav>
        }
        .into_any();
    }
    let steps = session.play().steps;
    let total = steps.len();
    let current = move |stop: Stop| (session.stop.get() == stop).then_some("step");
    let line = NodeRef::<leptos::html::Nav>::new();
    // Where the line is longer than the page is wide, the open station is brought into sight.
    Effect::new(move |_| {
        session.stop.track();
        request_animation_frame(move || {
            let Some(line) = line.try_get_untracked().flatten() else { return };
            let station = line.query_selector("[aria-current]").ok().flatten();
            if let Some(station) = station {
                let (line_box, station) =
                    (line.get_bounding_client_rect(), station.get_bounding_client_rect());
                let middle =
                    station.left() + station.width() / 2.0 - line_box.left() - line_box.width() / 2.0;
                line.set_scroll_left(line.scroll_left() + middle as i32);
            }
        });
    });
    view! {
        <nav class="stations" aria-label="Steps of the lesson" node_ref=line>
            <ol>
                <li><button class="station station--word" aria-current=move || current(Stop::Intro) on:click=move |_| session.stop.set(Stop::Intro)>"Start"</button></li>
                {steps.into_iter().enumerate().map(|(place, step)| {
                    let id = step.id.clone();
                    let met = move || session.is_met(&id);
                    let id = step.id;
                    let name = move || {
                        let word = if session.is_met(&id) { ", met" } else { "" };
                        format!("Step {} of {total}{word}", place + 1)
                    };
                    view! {
                        <li><button class="station" class:station--met=met aria-label=name aria-current=move || current(Stop::Step(place))
                            on:click=move |_| session.stop.set(Stop::Step(place))>{(place + 1).to_string()}</button></li>
                    }
                }).collect_view()}
                <li><button class="station station--word" aria-current=move || current(Stop::Quiz) on:click=move |_| session.stop.set(Stop::Quiz)>"Quiz"</button></li>
                <li><button class="station station--word" aria-current=move || current(Stop::End) on:click=move |_| session.stop.set(Stop::End)>"End"</button></li>
            </ol>
        </nav>
    }
    .into_any()
}

/// A text of the lesson, as it was written; its commands can be put into the terminal.
#[component]
pub fn Prose(anchor: String, #[prop(optional)] heading: bool) -> impl IntoView {
    let session = expect_context::<Session>();
    let type_it = move |event: web_sys::MouseEvent| {
        if let Some(command) = event.target().and_then(command_beside) {
            session.desk.dock.set(DockTab::Terminal);
            session.desk.page.set(Page::Terminal);
            session.desk.typed.set(command);
            request_animation_frame(|| focus("terminal-input"));
        }
    };
    session.text(&anchor).map(|(title, html)| {
        let title = (heading && !title.is_empty()).then(|| view! { <h2>{title}</h2> });
        view! { {title}<div class="prose lesson__prose" on:click=type_it inner_html=with_keys(&html)></div> }
    })
}

/// The text with its blocks laid out by lines, and a key behind each block of commands.
fn with_keys(html: &str) -> String {
    const KEY: &str = "<button type=\"button\" class=\"lesson__type\">Put it into the terminal</button>";
    const BEGIN: &str = "<pre><code>";
    const END: &str = "</code></pre>";
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, block)) = rest.split_once(BEGIN) {
        let Some((body, after)) = block.split_once(END) else { break };
        out.push_str(before);
        out.push_str(BEGIN);
        body.split_inclusive('\n').for_each(|line| code_line(&mut out, line));
        out.push_str(END);
        // What is shown of a file is no command.
        if !body.starts_with("#!") {
            out.push_str(KEY);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// A line of a block: its own paragraph, in which no option's name is broken.
fn code_line(out: &mut String, line: &str) {
    out.push_str("<span class=\"code-line\">");
    for (place, word) in line.split(' ').enumerate() {
        if place > 0 {
            out.push(' ');
        }
        if word.starts_with("--") {
            let (name, end) = word.split_at(word.trim_end().len());
            out.push_str(&format!("<span class=\"code-word\">{name}</span>{end}"));
        } else {
            out.push_str(word);
        }
    }
    out.push_str("</span>");
}

/// The commands before a key that was pressed.
fn command_beside(target: web_sys::EventTarget) -> Option<String> {
    let key: web_sys::Element = target.dyn_into().ok()?;
    let block = key.class_list().contains("lesson__type").then(|| key.previous_element_sibling())??;
    block.text_content().map(|text| text.trim().to_string())
}

#[component]
fn Intro() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson();
    view! {
        <section class="lesson__part">
            <Prose anchor="intro".to_string() heading=true />
            <p class="lesson__keys">
                <button class="key--next" on:click=move |_| session.stop.set(Stop::Step(0))>"Begin with step 1"</button>
                <span class="detail">{format!("about {} minutes", lesson.minutes)}</span>
            </p>
        </section>
    }
}

/// What can be said now, the drills, and what comes next.
#[component]
fn End() -> impl IntoView {
    let session = expect_context::<Session>();
    let lesson = session.lesson();
    let steps = session.play().steps;
    let total = steps.len();
    let met = move || steps.iter().filter(|step| session.is_met(&step.id)).count();
    let questions = lesson.quiz.clone();
    let asked = questions.len();
    let score = move || {
        session.progress.with(|progress| {
            let how = questions.iter().map(|item| Standing::of(item, progress));
            let count = |of: Standing| how.clone().filter(|how| *how == of).count();
            let (first, answered) = (count(Standing::Right), asked - count(Standing::Open));
            let later = match count(Standing::Later) {
                0 => String::new(),
                later => format!(", {later} at a later one"),
            };
            format!("{answered} of {asked} questions answered, {first} right at the first try{later}.")
        })
    };
    let next =
        STATIONS.iter().find(|station| u32::from(station.number) > lesson.number && station.slug().is_some());
    view! {
        <section class="lesson__part">
            <Prose anchor="outro".to_string() heading=true />
            <p class="lesson__score"><b>{move || format!("{} of {total} steps met. ", met())}</b>{score}</p>
        </section>
        {lesson.drills.iter().enumerate().map(|(place, drill)| view! {
            <section class="lesson__part lesson__part--land">
                <h2>{format!("Drill: {}", drill.title)}</h2>
                <p>"Another world, and nobody to guide you."</p>
                <p class="lesson__keys"><button on:click=move |_| session.room.set(Room::Drill(place))>"Go to the drill"</button></p>
            </section>
        }).collect_view()}
        <section class="lesson__part">
            <h2>"What comes next"</h2>
            {match next {
                Some(next) => view! {
                    <p>{next.about}"."</p>
                    <p class="lesson__keys"><a href=crate::shell::at(&format!("/learn/{}", next.slug().unwrap_or_default())) class="key key--next">{format!("Lesson {}: {}", next.number, next.title)}</a></p>
                }.into_any(),
                None => view! {
                    <p>"The lessons after this one are not built yet. The sandbox has room for everything you can do now."</p>
                    <p class="lesson__keys"><a href=crate::shell::at("/sandbox") class="key key--next">"To the sandbox"</a></p>
                }.into_any(),
            }}
            <p class="lesson__keys"><a href=crate::shell::at("/learn") class="key">"All lessons"</a></p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::with_keys;

    #[test]
    fn a_block_of_commands_has_a_key_and_keeps_its_text() {
        let html = with_keys(
            "<p>a</p><pre><code>aws ecs run-task --count 1\ndrydock wait 5m\n</code></pre><p>b</p>",
        );
        assert!(html.contains("<span class=\"code-word\">--count</span> 1\n</span>"), "{html}");
        assert!(html.ends_with("Put it into the terminal</button><p>b</p>"), "{html}");
    }

    #[test]
    fn what_is_shown_of_a_file_has_no_key() {
        assert!(!with_keys("<pre><code>#!/bin/bash\necho\n</code></pre>").contains("button"));
    }
}
