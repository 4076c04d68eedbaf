//! Draws what stands on the land, and the legend of states.
use leptos::prelude::*;

use super::fleet::colour;
use super::glyph::{LEGEND, glyph};
use super::plan::SlipPlan;

/// Wanted tasks as dotted outlines, stopped ones crossed out.
pub fn draw_slips(
    wishes: &[SlipPlan],
    stopped: &[SlipPlan],
    more: (usize, usize),
    left: f64,
    stopped_x: f64,
) -> AnyView {
    let start = if left > 0.0 { left } else { 12.0 };
    let slip = |slip: &SlipPlan, gone: bool| {
        let place = slip.place;
        let cross = gone.then(|| view! { <path class="slip__cross" d=format!("M{} {}l{} {}m{} 0l{} {}", place.x, place.y, place.w, place.h, -place.w, place.w, -place.h) /> });
        let name: String = slip.name.chars().take(10).collect();
        let width = name.chars().count() as f64 * 7.2 + 8.0;
        view! {
            <g class=if gone { "slip slip--gone" } else { "slip" } data-colour=colour(slip.service).to_string()>
                <rect class="slip__outline" x=place.x y=place.y width=place.w height=place.h />
                {cross}
                <rect class="slip__backing" x=place.x + (place.w - width) / 2.0 y=place.y + 6.0 width=width height=place.h - 12.0 />
                <text x=place.x + place.w / 2.0 y=place.y + 19.0 text-anchor="middle">{name}</text>
            </g>
        }
    };
    let rest = |from: f64, drawn: usize, more: usize| {
        (more > 0).then(|| view! { <text class="slip__more" x=from + drawn as f64 * 80.0 y="45">{format!("+{more}")}</text> })
    };
    let wanted = if wishes.is_empty() { "" } else { "Wanted, not there" };
    let gone = if stopped.is_empty() { "" } else { "Stopped" };
    view! {
        <text class="slip__title" x=start y="18">{wanted}</text>
        {wishes.iter().map(|one| slip(one, false)).collect_view()}
        {rest(start, wishes.len(), more.0)}
        <text class="slip__title" x=stopped_x y="18">{gone}</text>
        {stopped.iter().map(|one| slip(one, true)).collect_view()}
        {rest(stopped_x, stopped.len(), more.1)}
    }
    .into_any()
}

/// Each state's mark and word.
pub fn draw_legend(y: f64, width: f64) -> AnyView {
    let mut x = 20.0;
    let items = LEGEND.iter().map(|(mark, word)| {
        let at = x;
        x += 30.0 + word.len() as f64 * 7.0;
        view! { {glyph(*mark, at, y + 17.0)}<text x=at + 12.0 y=y + 22.0>{*word}</text> }
    });
    let items = items.collect_view();
    let wanted = view! {
        <rect class="legend__wanted" x=x - 6.0 y=y + 11.0 width="14" height="12" />
        <text x=x + 15.0 y=y + 22.0>"wanted, not there"</text>
    };
    view! { <g class="legend"><rect class="legend__bed" x="0" y=y width=width height="34" />{items}{wanted}</g> }.into_any()
}
