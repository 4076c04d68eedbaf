//! What stands on the land: what is wanted and not there, what waits for a machine, and what has gone.
use std::collections::BTreeSet;

use super::fleet::{Fleet, Selection};
use super::hold::Rect;
use super::plan::{LinePlan, Plan, SlipKind, SlipPlan, Spot};
use super::sentence;

const SLIP: (f64, f64) = (72.0, 28.0);
const APART: f64 = 8.0;

/// A slip before it has its place, with its sentence where it can be selected.
type Unplaced = (SlipPlan, Option<String>);

/// Puts everything on the land, kind by kind from left to right; what has stopped stands at the right.
pub fn land(fleet: &Fleet, plan: &mut Plan) {
    let start = if plan.left > 0.0 { plan.left } else { 12.0 };
    let end = plan.size.0;
    let half = if fleet.stopped.is_empty() { end } else { start + (end - start) * 0.56 };
    let open = [
        ("Wanted, not there", wishes(fleet), fleet.beyond.wishes),
        ("Waiting for a machine", waiting(fleet), fleet.beyond.waiting),
        ("Machines wanted", machines(fleet), 0),
        ("Groups", idle(fleet), 0),
    ];
    let open: Vec<_> = open.into_iter().filter(|(_, slips, _)| !slips.is_empty()).collect();
    let share = (half - start) / open.len().max(1) as f64;
    for (index, (title, slips, beyond)) in open.into_iter().enumerate() {
        let from = start + share * index as f64;
        line(title, slips, beyond, (from, from + share), plan);
    }
    if !fleet.stopped.is_empty() {
        let stopped = fleet.stopped.iter().map(|task| {
            let slip = SlipPlan {
                selection: Selection::Task(task.id.clone()),
                place: Rect::default(),
                name: task.name.clone(),
                service: task.service,
                kind: SlipKind::Gone,
            };
            (slip, Some(sentence::of_task(task, None, None)))
        });
        line("Stopped", stopped.collect(), fleet.beyond.stopped, (half, end), plan);
    }
}

/// Places as many slips as find room between two points; `beyond` is how many more there are than slips.
fn line(title: &'static str, slips: Vec<Unplaced>, beyond: usize, (from, to): (f64, f64), plan: &mut Plan) {
    let all = slips.len() + beyond;
    let fit = |left: f64| ((left + APART) / (SLIP.0 + APART)).floor().max(1.0) as usize;
    // Where not all find room, a figure says how many more there are.
    let room = if fit(to - from - APART) >= all { all } else { fit(to - from - APART - 34.0) };
    let mut placed = Vec::new();
    for (index, (mut slip, sentence)) in slips.into_iter().take(room).enumerate() {
        let x = from + index as f64 * (SLIP.0 + APART);
        slip.place = Rect { x, y: 26.0, w: SLIP.0, h: SLIP.1 };
        if let Some(sentence) = sentence {
            plan.spots.push(Spot { selection: slip.selection.clone(), place: slip.place, sentence });
        }
        placed.push(slip);
    }
    plan.lines.push(LinePlan { title, x: from, slips: placed, more: all.saturating_sub(room) });
}

fn wishes(fleet: &Fleet) -> Vec<Unplaced> {
    let wishes = fleet.wishes.iter().filter_map(|wish| {
        let service = fleet.services.get(wish.service)?;
        let slip = SlipPlan {
            selection: Selection::Wish(service.name.clone(), wish.number),
            place: Rect::default(),
            name: wish.name.clone(),
            service: Some(wish.service),
            kind: SlipKind::Wish,
        };
        Some((slip, Some(sentence::of_wish(wish, service))))
    });
    wishes.collect()
}

fn waiting(fleet: &Fleet) -> Vec<Unplaced> {
    let waiting = fleet.waiting.iter().map(|task| {
        let slip = SlipPlan {
            selection: Selection::Task(task.id.clone()),
            place: Rect::default(),
            name: task.name.clone(),
            service: task.service,
            kind: SlipKind::Waiting,
        };
        (slip, Some(sentence::of_task(task, None, None)))
    });
    waiting.collect()
}

/// The groups that have a frame around some machine: there they are selected.
fn framed(fleet: &Fleet) -> BTreeSet<&str> {
    let machines = fleet.zones.iter().flat_map(|zone| &zone.instances);
    drydock::order::set(machines.filter_map(|machine| Some(machine.group.as_ref()?.name.as_str())))
}

fn machines(fleet: &Fleet) -> Vec<Unplaced> {
    let framed = framed(fleet);
    let mut slips = Vec::new();
    for group in &fleet.groups {
        for number in 0..group.missing {
            let slip = SlipPlan {
                selection: Selection::Group(group.name.clone()),
                place: Rect::default(),
                name: group.name.clone(),
                service: None,
                kind: SlipKind::Machine,
            };
            let first = number == 0 && !framed.contains(group.name.as_str());
            slips.push((slip, first.then(|| sentence::of_group(group))));
        }
    }
    slips
}

/// Groups without a machine and without a wish for one.
fn idle(fleet: &Fleet) -> Vec<Unplaced> {
    let framed = framed(fleet);
    let idle =
        fleet.groups.iter().filter(|group| group.missing == 0 && !framed.contains(group.name.as_str()));
    idle.map(|group| {
        let slip = SlipPlan {
            selection: Selection::Group(group.name.clone()),
            place: Rect::default(),
            name: group.name.clone(),
            service: None,
            kind: SlipKind::Idle,
        };
        (slip, Some(sentence::of_group(group)))
    })
    .collect()
}
