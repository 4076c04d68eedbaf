//! What scales a group: each metric that its alarms watch as a chart, and how the alarms stand.
mod drawing;
mod watched;

use leptos::prelude::*;

use super::desk::Desk;
use drawing::{BASE, HEIGHT, LEFT, RIGHT, WIDTH, draw};
use watched::{Call, Watched, watched};

/// The metrics and alarms of a group; nothing where no alarm watches it.
#[component]
pub fn ScalingCharts(
    /// The group's name.
    name: String,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let told = Memo::new(move |_| {
        desk.run.track();
        desk.run.clock();
        desk.run.look(|run| watched(run.sim(), &name))
    });
    move || told.get().into_iter().map(chart).collect_view()
}

fn chart(watched: Watched) -> impl IntoView {
    let drawn = draw(&watched);
    let rows = watched.points.iter().rev().take(20).map(|point| {
        view! { <tr><th scope="row">{point.at.clock()}</th><td>{point.level.to_string()}</td><td>{point.needed}</td><td>{point.there}</td></tr> }
    });
    let rows: Vec<_> = rows.collect();
    let [needed, there] = watched.columns;
    view! {
        <figure class="scaling-chart">
            <figcaption><h3>{watched.title.clone()}</h3><p>{watched.sentence()}</p></figcaption>
            <svg class="scaling-chart__plot" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
                <path class="scaling-chart__area" d=drawn.area />
                <path class="scaling-chart__line" d=drawn.line />
                {drawn.thresholds.into_iter().map(|threshold| view! {
                    <line class="scaling-chart__threshold" x1=LEFT x2=RIGHT y1=threshold.y y2=threshold.y />
                    <text class="scaling-chart__name" x=RIGHT + 6 y=threshold.y + 4>{threshold.text}</text>
                }).collect_view()}
                <line class="scaling-chart__now-edge" x1=drawn.now x2=drawn.now y1="6" y2=BASE />
                <line class="scaling-chart__now" x1=drawn.now x2=drawn.now y1="6" y2=BASE />
                <line class="scaling-chart__axis" x1=LEFT x2=RIGHT y1=BASE y2=BASE />
                <text class="scaling-chart__figure" x=LEFT - 6 y=BASE + 4 text-anchor="end">"0"</text>
                <text class="scaling-chart__figure" x=LEFT - 6 y="18" text-anchor="end">{drawn.top}</text>
                <text class="scaling-chart__figure" x=LEFT y=BASE + 16>{drawn.from.clock()}</text>
                <text class="scaling-chart__figure" x=RIGHT y=BASE + 16 text-anchor="end">{drawn.to.clock()}</text>
            </svg>
            <ul class="scaling-chart__alarms" aria-label="Alarms">
                {watched.alarms.into_iter().map(|Call { state, words, since }| view! {
                    <li class=format!("scaling-chart__alarm scaling-chart__alarm--{}", state.to_ascii_lowercase())>
                        <b class="scaling-chart__state">{state}</b>
                        <span>{words}</span>
                        <span class="detail">{format!("since {}", since.clock())}</span>
                    </li>
                }).collect_view()}
            </ul>
            <details>
                <summary>"The same in figures"</summary>
                <table class="rollout-chart__table">
                    <thead><tr><th scope="col">"Minute"</th><th scope="col">"Percent"</th><th scope="col">{needed}</th><th scope="col">{there}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </details>
        </figure>
    }
}
