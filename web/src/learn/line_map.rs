//! The course drawn as a line map: solid where lessons are open, sleepers without rails where not.
use leptos::prelude::*;

use super::course::{MODULES, STATIONS, Side, Station, TRACKS, station_numbered};

const STEP: f64 = 104.0;
const LEFT: f64 = 62.0;
const TOP: f64 = 60.0;
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 448.0;

fn place(station: &Station) -> (f64, f64) {
    (LEFT + STEP * f64::from(station.x), TOP + STEP * f64::from(station.y))
}

/// The way of one stretch; the line from 16 back to 5 leaves level and bends twice.
fn way(stops: &[u8]) -> String {
    let mut path = String::new();
    let mut last = 0;
    for number in stops {
        let Some(station) = station_numbered(*number) else {
            continue;
        };
        let (x, y) = place(station);
        if path.is_empty() {
            path = format!("M{x} {y}");
        } else if (last, *number) == (16, 5) {
            let far = STEP * 0.5;
            let (tx, ty) = (x + far, y);
            path.push_str(&format!("H{} L{tx} {ty} H{x}", tx + STEP));
        } else {
            path.push_str(&format!("L{x} {y}"));
        }
        last = *number;
    }
    path
}

/// How far a reader is with a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Planned; there is nothing to open yet.
    InTheYard,
    /// Open and not finished.
    Open,
    /// The one to go on with.
    Here,
    /// All steps met.
    Done,
}

/// The line map; `standing` answers for each lesson.
#[component]
pub fn LineMap(#[prop(into)] standing: Callback<u8, Standing>) -> impl IntoView {
    let is_open = |number: &u8| station_numbered(*number).is_some_and(|station| station.lesson.is_some());
    let stretches =
        TRACKS.iter().flat_map(|(module, stops)| stops.windows(2).map(move |stops| (module, stops)));
    let tracks = stretches.map(|(module, stops)| {
        let open = stops.iter().all(is_open);
        let class = if open { "line-map__track line-map__track--open" } else { "line-map__track" };
        view! { <path class=class data-module=MODULES[*module].letter.to_string() d=way(stops) /> }
    });
    let modules = MODULES.iter().map(|module| {
        view! {
            <li class="line-map__sign" data-module=module.letter.to_string()>
                <span class="line-map__letter" aria-hidden="true">{module.letter.to_string()}</span>
                {module.title}
            </li>
        }
    });
    view! {
        <div class="line-map">
            <ul class="line-map__signs" aria-label="Modules">{modules.collect_view()}</ul>
            <div class="line-map__plan">
                <svg class="line-map__tracks" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">{tracks.collect_view()}</svg>
                <ol class="line-map__stations" aria-label="Lessons">
                    {STATIONS.iter().map(|station| stop(station, standing)).collect_view()}
                </ol>
            </div>
        </div>
    }
}

fn stop(station: &'static Station, standing: Callback<u8, Standing>) -> impl IntoView {
    let (x, y) = place(station);
    let style = format!("left:{:.3}%;top:{:.3}%", x / WIDTH * 100.0, y / HEIGHT * 100.0);
    let letter = MODULES[station.module].letter.to_string();
    let first = STATIONS.iter().position(|other| other.module == station.module)
        == Some(usize::from(station.number) - 1);
    let heading = first.then(|| {
        view! { <span class="line-map__heading" aria-hidden="true"><b>{letter.clone()}</b>" "{MODULES[station.module].title}</span> }
    });
    let how = move || standing.run(station.number);
    let class = move || {
        let state = match how() {
            Standing::InTheYard => "yard",
            Standing::Open => "open",
            Standing::Here => "here",
            Standing::Done => "done",
        };
        format!("line-map__stop line-map__stop--{state} line-map__stop--{}", Side::name(station.label))
    };
    let word = move || match how() {
        Standing::InTheYard => "not built yet",
        Standing::Open => "open",
        Standing::Here => "go on here",
        Standing::Done => "done",
    };
    let face = move || {
        view! {
            <span class="visually-hidden">"Lesson "</span>
            <span class="line-map__dot">{station.number.to_string()}</span>
            <span class="line-map__name">{station.title}</span>
            <span class="visually-hidden">", "{word}</span>
        }
    };
    let body = match station.lesson {
        Some(lesson) => {
            view! { <a href=crate::shell::at(&format!("/learn/{}", lesson.slug)) class="line-map__face">{face()}</a> }
                .into_any()
        }
        None => view! { <span class="line-map__face">{face()}</span> }.into_any(),
    };
    view! { <li class=class style=style data-module=letter>{heading}{body}</li> }
}
