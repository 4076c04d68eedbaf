//! A small chart of a deployment: old and new tasks over time, between floor and ceiling.
mod drawing;
mod history;
#[cfg(test)]
mod tests;

use leptos::prelude::*;

use super::desk::Desk;
use super::{fleet, subject};
use drawing::{HEIGHT, LEFT, RIGHT, WIDTH};
use history::history;

/// The newest deployment of a service over time; nothing while it has replaced nothing.
#[component]
pub fn RolloutChart(
    /// The service's name.
    name: String,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let told = Memo::new(move |_| {
        desk.run.track();
        desk.run.clock();
        desk.run.look(|run| {
            let state = run.sim().state();
            let service = subject::service::named(state, &name)?;
            Some((history(state, service, run.clock())?, fleet::service_colour(state, service)))
        })
    });
    move || {
        let (history, colour) = told.get()?;
        let drawn = drawing::draw(&history);
        let rows: Vec<_> = history.rows().into_iter().take(20).map(|(at, counts, bounds)| {
            let cells = [counts.new, counts.old, counts.pending, bounds.floor, bounds.desired, bounds.ceiling];
            view! {
                <tr><th scope="row">{at.clock()}</th>{cells.map(|count| view! { <td>{count}</td> }).collect_view()}</tr>
            }
        }).collect();
        Some(view! {
            <figure class="rollout-chart" data-colour=colour.to_string()>
                <figcaption><h3>"Deployment"</h3><p>{history.sentence()}</p></figcaption>
                <svg class="rollout-chart__plot" viewBox=format!("0 0 {WIDTH} {HEIGHT}") aria-hidden="true">
                    <path class="rollout-chart__pending" d=drawn.pending />
                    <path class="rollout-chart__old" d=drawn.old />
                    <path class="rollout-chart__new" d=drawn.new />
                    {drawn.lines.into_iter().map(|line| view! {
                        <path class=format!("rollout-chart__bound rollout-chart__bound--{}", line.kind) d=line.way />
                    }).collect_view()}
                    {drawn.labels.into_iter().map(|label| view! {
                        <text class="rollout-chart__name" x=RIGHT + 6 y=label.y>{label.text}</text>
                    }).collect_view()}
                    {drawn.now.map(|x| view! {
                        <line class="rollout-chart__now-edge" x1=x x2=x y1="6" y2=drawn.base />
                        <line class="rollout-chart__now" x1=x x2=x y1="6" y2=drawn.base />
                    })}
                    <line class="rollout-chart__axis" x1=LEFT x2=RIGHT y1=drawn.base y2=drawn.base />
                    <text class="rollout-chart__figure" x=LEFT - 6 y=drawn.base + 4 text-anchor="end">"0"</text>
                    <text class="rollout-chart__figure" x=LEFT - 6 y=drawn.top + 4 text-anchor="end">{drawn.most}</text>
                    <text class="rollout-chart__figure" x=LEFT y=drawn.base + 16>{history.from.clock()}</text>
                    <text class="rollout-chart__figure" x=RIGHT y=drawn.base + 16 text-anchor="end">{history.to.clock()}</text>
                </svg>
                <ul class="rollout-chart__key" aria-hidden="true">
                    <li><i class="rollout-chart__swatch rollout-chart__swatch--new"></i>{format!("new, {}", history.revision)}</li>
                    <li><i class="rollout-chart__swatch rollout-chart__swatch--old"></i>{history.earlier.as_ref().map_or("old".to_string(), |earlier| format!("old, {earlier}"))}</li>
                    <li><i class="rollout-chart__swatch rollout-chart__swatch--pending"></i>"pending"</li>
                </ul>
                <details>
                    <summary>"The same in figures"</summary>
                    <table class="rollout-chart__table">
                        <thead><tr><th scope="col">"From"</th><th scope="col">"New"</th><th scope="col">"Old"</th><th scope="col">"Pending"</th><th scope="col">"At least"</th><th scope="col">"Wanted"</th><th scope="col">"At most"</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </details>
            </figure>
        })
    }
}
