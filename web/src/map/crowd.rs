//! Many things as a few outlines: what is drawn together is one shape for each way to fill it.
use std::fmt::Write;

use leptos::prelude::*;

use super::fleet::{Agent, Mark, Revision, colour};
use super::ground::teeth;
use super::hold::Rect;
use super::load::{outline, pattern_of};
use super::plan::{Detail, Plan};

/// One shape, and how it is filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    class: &'static str,
    colour: Option<usize>,
    style: Option<String>,
    d: String,
}

/// The holds, where things are drawn together.
pub fn holds(plan: &Plan) -> Vec<Outline> {
    if !plan.is_together() {
        return Vec::new();
    }
    let classes = [
        "hold__hull",
        "hold__free",
        "hold__shut",
        "hold__limit",
        "hold__side",
        "hold__side hold__side--outside",
        "hold__side hold__side--leaving",
    ];
    let mut shapes = classes.map(|class| Outline { class, ..Outline::default() });
    for hold in &plan.holds {
        let Rect { x, y, w, h } = hold.inside;
        add(&mut shapes[0].d, hold.inside);
        if hold.free.w > 0.0 {
            add(&mut shapes[1].d, hold.free);
            if hold.is_shut() {
                add(&mut shapes[2].d, hold.free);
            }
        }
        if plan.detail != Detail::Distant {
            corner(&mut shapes[3].d, 'M', x, y);
            corner(&mut shapes[3].d, 'h', w, f64::NAN);
        }
        let side = match hold.agent {
            _ if hold.is_leaving() => 6,
            Agent::Absent => 5,
            _ => 4,
        };
        let side = &mut shapes[side].d;
        corner(side, 'M', x, y);
        corner(side, 'V', y + h, f64::NAN);
        if hold.spot {
            side.push_str(&teeth(w));
        } else {
            corner(side, 'H', x + w, f64::NAN);
        }
        corner(side, 'V', y, f64::NAN);
    }
    shapes.into_iter().filter(|shape| !shape.d.is_empty()).collect()
}

/// Everything that is drawn together, a shape for each colour and state, and one of what is unwell.
pub fn loads(plan: &Plan) -> Vec<Outline> {
    let mut shapes: Vec<((usize, Mark, bool), String)> = Vec::new();
    let (mut unwell, mut warned) = (String::new(), String::new());
    let mut ill = |place: &Rect| {
        corner(&mut unwell, 'M', place.x + place.w, place.y - 5.0);
        unwell.push_str("l5 5l-5 5l-5 -5z");
    };
    for stack in &plan.stacks {
        let d = shape_of(&mut shapes, (colour(stack.service), stack.mark, false));
        stack.boxes.iter().for_each(|place| add(d, *place));
        if stack.mark == Mark::Unhealthy {
            stack.boxes.iter().for_each(&mut ill);
        }
    }
    for load in plan.loads.iter().filter(|_| plan.is_together()) {
        let old = load.revision == Revision::Old;
        let place = load.place;
        let d = shape_of(&mut shapes, (colour(load.service), load.mark, old));
        d.push_str(&outline(load, (place.x, place.y)));
        if load.mark == Mark::Unhealthy {
            ill(&place);
        }
        if load.warned {
            add(&mut warned, Rect { y: place.y - 6.0, h: 4.0, ..place });
        }
    }
    let mut drawn = Vec::new();
    for ((colour, mark, old), d) in shapes {
        let style = pattern_of(colour, mark);
        let class = match (&style, old) {
            (Some(_), _) => "crowd crowd--paper",
            (None, true) => "crowd crowd--old",
            (None, false) => "crowd",
        };
        drawn.push(Outline { class, colour: Some(colour), style: None, d: d.clone() });
        if style.is_some() {
            drawn.push(Outline { class: "load__pattern", colour: Some(colour), style, d });
        }
    }
    drawn.push(Outline { class: "load__warning", d: warned, ..Outline::default() });
    drawn.push(Outline { class: "glyph__wrong", d: unwell, ..Outline::default() });
    drawn.retain(|shape| !shape.d.is_empty());
    drawn
}

/// The shape of this kind, which is begun with its first load.
pub fn shape_of<K: PartialEq + Copy>(shapes: &mut Vec<(K, String)>, kind: K) -> &mut String {
    let index = shapes.iter().position(|(other, _)| *other == kind).unwrap_or_else(|| {
        shapes.push((kind, String::new()));
        shapes.len() - 1
    });
    &mut shapes[index].1
}

/// Draws shapes in their order.
pub fn draw_outlines(shapes: &[Outline]) -> AnyView {
    let drawn = shapes.iter().map(|shape| {
        let colour = shape.colour.map(|colour| colour.to_string());
        view! { <path class=shape.class data-colour=colour style=shape.style.clone() d=shape.d.clone() /> }
    });
    drawn.collect_view().into_any()
}

fn add(d: &mut String, place: Rect) {
    corner(d, 'M', place.x, place.y);
    corner(d, 'h', place.w, f64::NAN);
    corner(d, 'v', place.h, f64::NAN);
    corner(d, 'h', -place.w, f64::NAN);
    d.push('z');
}

/// A command of a path with one number or two, to a tenth. There are thousands of them in a picture, so
/// they are written by way of whole numbers.
fn corner(d: &mut String, command: char, one: f64, other: f64) {
    d.push(command);
    tenth(d, one);
    if !other.is_nan() {
        d.push(' ');
        tenth(d, other);
    }
}

fn tenth(d: &mut String, number: f64) {
    let tenths = (number * 10.0).round() as i32;
    let sign = if tenths < 0 { "-" } else { "" };
    // Writing to a string does not fail.
    let _ = write!(d, "{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10);
}

#[cfg(test)]
mod tests {
    use super::{Rect, add};

    #[test]
    fn a_box_is_written_to_a_tenth() {
        let mut d = String::new();
        add(&mut d, Rect { x: 1.04, y: 0.96, w: 10.25, h: 3.0 });
        assert_eq!(d, "M1.0 1.0h10.3v3.0h-10.3z");
    }
}
