//! Draws what stands on the land, and the legend of states.
use leptos::prelude::*;

use super::fleet::colour;
use super::glyph::{LEGEND, glyph};
use super::hold::Rect;
use super::plan::{LinePlan, SlipKind, SlipPlan};

/// What is wanted as dotted outlines, what waits as dotted fields, what has stopped crossed out.
pub fn draw_slips(lines: &[LinePlan]) -> AnyView {
    let lines = lines.iter().map(|line| {
        let rest = (line.more > 0).then(|| {
            let x = line.x + line.slips.len() as f64 * 80.0;
            view! { <text class="slip__more" x=x y="45">{format!("+{}", line.more)}</text> }
        });
        view! {
            <text class="slip__title" x=line.x y="18">{line.title}</text>
            {line.slips.iter().map(slip).collect_view()}
            {rest}
        }
    });
    lines.collect_view().into_any()
}

fn slip(slip: &SlipPlan) -> AnyView {
    let Rect { x, y, w, h } = slip.place;
    let class = match slip.kind {
        SlipKind::Wish => "slip",
        SlipKind::Waiting => "slip slip--waiting",
        SlipKind::Machine => "slip slip--machine",
        SlipKind::Idle => "slip slip--idle",
        SlipKind::Gone => "slip slip--gone",
    };
    // A machine is open at its top, as a hold is.
    let outline = match slip.kind {
        SlipKind::Machine | SlipKind::Idle => format!("M{x} {}V{}H{}V{}", y - 3.0, y + h, x + w, y - 3.0),
        _ => format!("M{x} {y}h{w}v{h}h-{w}z"),
    };
    let colour = colour(slip.service);
    let inside = match slip.kind {
        SlipKind::Gone => Some(
            view! { <path class="slip__cross" d=format!("M{x} {y}l{w} {h}m-{w} 0l{w} -{h}") /> }.into_any(),
        ),
        SlipKind::Waiting => Some(
            view! {
                <rect class="slip__paper" x=x y=y width=w height=h />
                <rect style=format!("fill:url(#map-dots-{colour})") x=x y=y width=w height=h />
            }
            .into_any(),
        ),
        _ => None,
    };
    let name: String = slip.name.chars().take(10).collect();
    let width = name.chars().count() as f64 * 7.2 + 8.0;
    view! {
        <g class=class data-colour=colour.to_string()>
            {inside}
            <path class="slip__outline" d=outline />
            <rect class="slip__backing" x=x + (w - width) / 2.0 y=y + 6.0 width=width height=h - 12.0 />
            <text x=x + w / 2.0 y=y + 19.0 text-anchor="middle">{name}</text>
        </g>
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
