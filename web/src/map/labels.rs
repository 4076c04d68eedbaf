//! Words and figures beside a hold, and the areas that select what is in it.
use super::fleet::{Health, Instance, Mark, Plain, Revision, Selection, Task};
use super::hold::{Rect, Scale};
use super::plan::{Label, LoadPlan, Plan, Spot};
use super::sentence;

/// A power of two that parts `total` into at most `parts`.
pub fn grid_step(total: u32, parts: u32) -> u32 {
    let mut step = 128;
    while total / step > parts {
        step *= 2;
    }
    step
}

/// Every whole step below the total.
pub fn marks(total: u32, step: u32) -> impl Iterator<Item = u32> {
    (1..).map(move |index| index * step).take_while(move |at| *at < total)
}

/// Nothing, half and all of the CPU, with their places; all of it alone where there is little room.
pub fn cpu_figures(total: u32, inside: Rect, scale: Scale) -> Vec<(f64, String)> {
    let at = |cpu: u32| (inside.x + f64::from(cpu) * scale.x, cpu.to_string());
    match f64::from(total) * scale.x {
        wide if wide >= 110.0 => vec![at(0), at(total / 2), at(total)],
        _ => vec![at(total)],
    }
}

/// GiB at each step, as far apart as figures need.
pub fn memory_figures(total: u32, step: u32, floor: f64, scale: Scale) -> Vec<(f64, String)> {
    let mut figures: Vec<(f64, String)> = Vec::new();
    for at in std::iter::once(0).chain(marks(total, step)) {
        let y = floor - f64::from(at) * scale.y;
        let gib = f64::from(at) / 1024.0;
        if figures.last().is_none_or(|(last, _)| last - y >= 26.0) {
            figures.push((y, format!("{gib}")));
        }
    }
    figures
}

/// A task in its box.
pub fn stowed(task: &Task, place: Rect, hold: Option<Rect>) -> LoadPlan {
    let roomy = fits_inside(&task.name, place);
    LoadPlan {
        selection: Selection::Task(task.id.clone()),
        place,
        service: task.service,
        mark: task.mark(),
        revision: task.revision,
        inside: roomy.then(|| task.name.clone()),
        label: Some(Label {
            at: place.centre(),
            word: task.word(),
            detail: detail_line(task, roomy),
            one_line: false,
            from: (place.x + place.w, place.y + place.h / 2.0),
        }),
        hold,
        card: task.eni.clone(),
        spot: task.spot,
        warned: task.warning.is_some(),
    }
}

/// What stands under a task's state: its name unless that is inside, its id, and what checks say.
fn detail_line(task: &Task, named: bool) -> String {
    let name = if named { String::new() } else { format!("{} ", task.name) };
    if let Some(warning) = &task.warning {
        return format!("{name}{}, {warning}", task.short);
    }
    if task.mark() == Mark::Leaving && task.last_status == "RUNNING" {
        return format!("{name}{}, told to stop", task.short);
    }
    let health = if task.health == Health::Healthy { ", healthy" } else { "" };
    let spot = if task.spot { ", SPOT" } else { "" };
    format!("{name}{}{spot}{health}", task.short)
}

fn fits_inside(name: &str, place: Rect) -> bool {
    place.w >= 6.8 * name.chars().count() as f64 + 3.0 && place.h >= 17.0
}

/// A container that was started by hand, as a chip.
pub fn by_hand(plain: &Plain, instance: &Instance, place: Rect, inside: Rect, plan: &mut Plan) -> LoadPlan {
    let selection = Selection::Container(plain.id.clone());
    plan.spots.push(Spot {
        selection: selection.clone(),
        place,
        sentence: sentence::of_plain(plain, instance),
    });
    let name = plain.image.rsplit('/').next().unwrap_or(&plain.image).to_string();
    LoadPlan {
        selection,
        place,
        service: None,
        mark: if plain.running { Mark::ByHand } else { Mark::Exited },
        revision: Revision::Only,
        inside: None,
        label: Some(Label {
            at: place.centre(),
            word: if plain.running { "by hand" } else { "exited" }.to_string(),
            detail: format!("{name}, no task"),
            one_line: false,
            from: (place.x + place.w, place.y + place.h / 2.0),
        }),
        hold: Some(inside),
        card: None,
        spot: false,
        warned: false,
    }
}

/// Puts the labels beside the wall, each as near to its row as the others allow, the lowest first.
/// Returns how many found no room.
pub fn label(loads: &mut [LoadPlan], room: Rect) -> usize {
    let low = room.y + room.h;
    let one_line = 34.0 * loads.len() as f64 > low - room.y || room.w > 250.0;
    let pitch = if one_line { 20.0 } else { 34.0 };
    let fitting = (((low - room.y) / pitch).floor().max(0.0)) as usize;
    let mut rows: Vec<f64> = Vec::with_capacity(fitting);
    let mut next = low - pitch / 2.0;
    for load in loads.iter().take(fitting) {
        let wish = load.label.as_ref().map_or(next, |label| label.from.1);
        rows.push(wish.min(next));
        next = rows[rows.len() - 1] - pitch;
    }
    let mut highest = room.y + pitch / 2.0;
    for row in rows.iter_mut().rev() {
        *row = row.max(highest);
        highest = *row + pitch;
    }
    let mut rows = rows.into_iter();
    for load in loads.iter_mut() {
        match (rows.next(), &mut load.label) {
            (Some(y), Some(label)) => {
                label.at = (room.x + 7.0, y);
                label.one_line = one_line;
                let beside = if one_line { 8.0 * label.word.chars().count() as f64 } else { 0.0 };
                label.detail = short_enough(&label.detail, room.w - 20.0 - beside);
            }
            _ => load.label = None,
        }
    }
    loads.len().saturating_sub(fitting)
}

/// Whether a detail is as long as its room at most.
pub fn is_within(text: &str, room: f64) -> bool {
    text.chars().count() as f64 * 6.2 <= room
}

/// A detail as long as its room: without its health, then without its name.
pub fn short_enough(detail: &str, room: f64) -> String {
    let name = detail.split(',').next().unwrap_or_default();
    let shortest = name.rsplit(' ').next().unwrap_or_default();
    [detail, name].into_iter().find(|text| is_within(text, room)).unwrap_or(shortest).to_string()
}

/// The area that selects a load: its box, grown to 24 px.
pub fn touchable(load: &LoadPlan) -> Rect {
    let (x, y) = load.place.centre();
    let (w, h) = (load.place.w.max(24.0), load.place.h.max(24.0));
    Rect { x: x - w / 2.0, y: y - h / 2.0, w, h }
}
