//! Auto Scaling groups: a frame around the machines of each, in every zone.
use leptos::prelude::*;

use super::fleet::{Fleet, Selection};
use super::hold::Rect;
use super::plan::{Detail, FramePlan, Plan, Spot};
use super::sentence;

/// Takes a machine's cell into its group's frame: the last one grows where it can, else a new one begins.
pub fn frame(plan: &mut Plan, name: &str, cell: Rect) {
    let touches = |last: &FramePlan| {
        let (own, new) = (last.place, cell);
        let below = own.x == new.x && own.w == new.w && (own.y + own.h - new.y).abs() < 0.5;
        let beside = own.y == new.y && own.h == new.h && (own.x + own.w - new.x).abs() < 0.5;
        last.name == name && (below || beside)
    };
    match plan.frames.last_mut().filter(|last| touches(last)) {
        Some(last) => {
            last.place.w = last.place.w.max(cell.x + cell.w - last.place.x);
            last.place.h = last.place.h.max(cell.y + cell.h - last.place.y);
        }
        None => plan.frames.push(FramePlan { name: name.to_string(), place: cell, words: String::new() }),
    }
}

/// Names each frame of a group once in a zone, and makes the first name a thing to select.
pub fn name_frames(fleet: &Fleet, plan: &mut Plan) {
    if plan.detail >= Detail::Overview {
        return plan.frames.clear();
    }
    join(plan);
    let mut seen: Vec<String> = Vec::new();
    let mut spots = Vec::new();
    let mut before: Option<(String, i64)> = None;
    for frame in &mut plan.frames {
        let Some(group) = fleet.groups.iter().find(|group| group.name == frame.name) else { continue };
        let zone = plan.zones.iter().position(|zone| {
            frame.place.x >= zone.water.x - 0.5
                && frame.place.x < zone.water.x + zone.water.w
                && frame.place.y >= zone.water.y - 0.5
                && frame.place.y < zone.water.y + zone.water.h
        });
        let here = (frame.name.clone(), zone.map_or(-1, |zone| zone as i64));
        if before.as_ref() == Some(&here) {
            continue;
        }
        before = Some(here);
        let long = format!("{}: {} of {} in service", group.name, group.in_service, group.desired);
        let short = format!("{} {}/{}", group.name, group.in_service, group.desired);
        let room = ((frame.place.w - 30.0) / LETTER).max(4.0) as usize;
        frame.words = if long.chars().count() <= room { long } else { short.chars().take(room).collect() };
        if !seen.contains(&group.name) {
            seen.push(group.name.clone());
            let w = width(&frame.words);
            let place = Rect { x: frame.place.x + 5.0, y: frame.place.y - 1.0, w, h: 24.0 };
            let selection = Selection::Group(group.name.clone());
            spots.push(Spot { selection, place, sentence: sentence::of_group(group) });
        }
    }
    plan.spots.extend(spots);
}

/// Makes one frame of those of a group that stand side by side in neighbouring zones.
fn join(plan: &mut Plan) {
    let mut joined: Vec<FramePlan> = Vec::new();
    for frame in plan.frames.drain(..) {
        let fits = |last: &FramePlan| {
            let (one, other) = (last.place, frame.place);
            last.name == frame.name
                && one.y == other.y
                && (one.h - other.h).abs() < 0.5
                && (one.x + one.w - other.x).abs() < 0.5
        };
        match joined.iter_mut().find(|last| fits(last)) {
            Some(last) => last.place.w += frame.place.w,
            None => joined.push(frame),
        }
    }
    plan.frames = joined;
}

const LETTER: f64 = 6.6;

fn width(words: &str) -> f64 {
    words.chars().count() as f64 * LETTER + 12.0
}

/// Draws the frames with their names.
pub fn draw_frames(frames: &[FramePlan]) -> AnyView {
    let frames = frames.iter().map(|frame| {
        let Rect { x, y, w, h } = frame.place.grown(-3.0);
        let name = (!frame.words.is_empty()).then(|| {
            view! {
                <rect class="group__sign" x=x + 2.0 y=y - 1.0 width=width(&frame.words) height="18" />
                <text class="group__name" x=x + 8.0 y=y + 12.5>{frame.words.clone()}</text>
            }
        });
        view! { <g class="group"><rect class="group__frame" x=x y=y width=w height=h />{name}</g> }
    });
    frames.collect_view().into_any()
}
