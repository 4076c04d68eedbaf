//! The buttons over the picture.
use std::collections::BTreeMap;
use std::sync::Arc;

use drydock::order;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::fleet::Selection;
use super::hold::Rect;
use super::layout::next_spot;
use super::plan::{Plan, Spot};

/// The places of the spots, by what they are.
type Numbered = Arc<BTreeMap<Selection, usize>>;

/// The buttons over the picture, with one of them in the tab order; arrow keys go to the neighbours.
///
/// Where things are drawn together, only the button in the tab order and the selected one are there; a
/// click on the picture selects what is under it.
#[component]
pub fn Spots(
    plan: Memo<Plan>,
    selected: Signal<Option<Selection>>,
    on_select: Callback<Selection>,
) -> impl IntoView {
    let spots = Memo::new(move |_| plan.with(|plan| Arc::new(plan.spots.clone())));
    let numbered: Memo<Numbered> = Memo::new(move |_| {
        let spots = spots.get();
        let numbered = spots.iter().enumerate();
        Arc::new(order::map(numbered.map(|(index, spot)| (spot.selection.clone(), index))))
    });
    let together = Memo::new(move |_| plan.with(|plan| Some(plan.size).filter(|_| plan.is_together())));
    let at = RwSignal::new(None::<Selection>);
    let stop = Memo::new(move |_| {
        let held = at.get().filter(|at| numbered.with(|spots| spots.contains_key(at)));
        held.or_else(|| spots.with(|spots| spots.first().map(|spot| spot.selection.clone())))
    });
    let there = move || {
        if together.with(Option::is_none) {
            return spots.with(|spots| spots.iter().map(|spot| spot.selection.clone()).collect());
        }
        let mut there: Vec<Selection> = stop.get().into_iter().collect();
        there.extend(selected.get().filter(|it| numbered.with(|spots| spots.contains_key(it))));
        there.dedup();
        there
    };
    let choose = move |selection: Selection| {
        at.set(Some(selection.clone()));
        on_select.run(selection);
    };
    let click = move |event: web_sys::MouseEvent| {
        if let Some(selection) = spots.with_untracked(|spots| Some(of(&event, spots)?.selection.clone())) {
            choose(selection);
        }
    };
    let press = move |event: web_sys::KeyboardEvent| {
        let key = event.key();
        let Some(from) = spots.with_untracked(|spots| index_of(&event, spots)) else { return };
        let selection = |index: usize| spots.with_untracked(|spots| spots[index].selection.clone());
        if key == "Enter" || key == " " {
            event.prevent_default();
            choose(selection(from));
        } else if key.starts_with("Arrow") {
            event.prevent_default();
            if let Some(next) = spots.with_untracked(|spots| next_spot(spots, from, &key)) {
                at.set(Some(selection(next)));
                // The button may only just come into being.
                request_animation_frame(move || focus_spot(next));
            }
        }
    };
    let focus = move |event: web_sys::FocusEvent| {
        let spot = spots.with_untracked(|spots| Some(of(&event, spots)?.selection.clone()));
        if spot.is_some() && at.get_untracked() != spot {
            at.set(spot);
        }
    };
    let touch = move |event: web_sys::MouseEvent| {
        let size = together.get_untracked().unwrap_or_default();
        let near = spots.with_untracked(|spots| Some(under(&event, size, spots)?.selection.clone()));
        if let Some(selection) = near {
            choose(selection);
        }
    };
    view! {
        {move || together.get().map(|(width, height)| view! {
            <rect class="spot__area spot__area--all" x="0" y="0" width=width height=height on:click=touch />
        })}
        <g on:click=click on:keydown=press on:focusin=focus>
            <For
                each=there
                key=|selection| selection.clone()
                children=move |selection| {
                    let own = StoredValue::new(selection);
                    let now = Memo::new(move |_| {
                        let index = numbered.with(|places| own.with_value(|own| places.get(own).copied()))?;
                        spots.with(|spots| spots.get(index).map(|spot| (index, spot.clone())))
                    });
                    let is = move |other: &Option<Selection>| own.with_value(|own| other.as_ref() == Some(own));
                    let pressed = Memo::new(move |_| selected.with(is));
                    let stops = Memo::new(move |_| stop.with(is));
                    let outline = move || now.with(|now| now.as_ref().map(|(_, spot)| outline(spot.place)));
                    // Each attribute for itself: a button whose tab stop is taken away and given back loses the focus.
                    view! {
                        <g
                            class="spot"
                            class:spot--selected=pressed
                            role="button"
                            id=move || now.with(|now| now.as_ref().map(|(index, _)| format!("{ID}{index}")))
                            tabindex=move || if stops.get() { "0" } else { "-1" }
                            aria-pressed=move || pressed.get().to_string()
                            aria-label=move || now.with(|now| now.as_ref().map(|(_, spot)| spot.sentence.clone()))
                        >
                            <path class="spot__area" d=outline />
                            <path class="spot__dots" d=outline />
                        </g>
                    }
                }
            />
        </g>
    }
}

fn outline(place: Rect) -> String {
    let Rect { x, y, w, h } = place;
    format!("M{x:.1} {y:.1}h{w:.1}v{h:.1}h-{w:.1}z")
}

const ID: &str = "map-spot-";

/// Which spot an event is about, by the id of its button.
fn index_of(event: &web_sys::Event, spots: &[Spot]) -> Option<usize> {
    let target = event.target()?.dyn_into::<web_sys::Element>().ok()?;
    let button = target.closest(".spot").ok()??;
    button.id().strip_prefix(ID)?.parse().ok().filter(|index| *index < spots.len())
}

fn of<'a>(event: &web_sys::Event, spots: &'a [Spot]) -> Option<&'a Spot> {
    index_of(event, spots).map(|index| &spots[index])
}

/// The spot under the pointer, where a plan of this size is one surface.
fn under<'a>(event: &web_sys::MouseEvent, size: (f64, f64), spots: &'a [Spot]) -> Option<&'a Spot> {
    let surface = event.target()?.dyn_into::<web_sys::Element>().ok()?.get_bounding_client_rect();
    let scale = surface.width() / size.0;
    let x = (f64::from(event.client_x()) - surface.left()) / scale;
    let y = (f64::from(event.client_y()) - surface.top()) / scale;
    let within = |spot: &&Spot| {
        let Rect { x: left, y: top, w, h } = spot.place.grown(2.0);
        left <= x && x <= left + w && top <= y && y <= top + h
    };
    spots.iter().find(within)
}

fn focus_spot(index: usize) {
    let spot = document().get_element_by_id(&format!("{ID}{index}"));
    if let Some(spot) = spot.and_then(|spot| spot.dyn_into::<web_sys::SvgElement>().ok()) {
        let _ = spot.focus();
    }
}
