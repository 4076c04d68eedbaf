//! The buttons over the picture.
use drydock::order;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::fleet::Selection;
use super::layout::next_spot;
use super::plan::{Plan, Spot};

/// The buttons over the picture, with one of them in the tab order; arrow keys go to the neighbours.
#[component]
pub fn Spots(
    plan: Memo<Plan>,
    selected: Signal<Option<Selection>>,
    on_select: Callback<Selection>,
) -> impl IntoView {
    let spots = Memo::new(move |_| plan.with(|plan| plan.spots.clone()));
    let places = Memo::new(move |_| {
        spots.with(|spots| {
            let numbered = spots.iter().enumerate();
            order::map(numbered.map(|(index, spot)| (spot.selection.clone(), index)))
        })
    });
    let at = RwSignal::new(None::<Selection>);
    let stop = Memo::new(move |_| {
        spots.with(|spots| {
            let held = at.get().filter(|at| spots.iter().any(|spot| spot.selection == *at));
            held.or_else(|| spots.first().map(|spot| spot.selection.clone()))
        })
    });
    let place_of = move |selection: &Selection| places.with(|places| places.get(selection).copied());
    let press = move |event: web_sys::KeyboardEvent, selection: &Selection| {
        let key = event.key();
        if key == "Enter" || key == " " {
            event.prevent_default();
            on_select.run(selection.clone());
        } else if key.starts_with("Arrow") {
            event.prevent_default();
            let next = spots.with(|spots| {
                let from = spots.iter().position(|spot| spot.selection == *selection)?;
                next_spot(spots, from, &key).map(|next| (next, spots[next].selection.clone()))
            });
            if let Some((index, selection)) = next {
                at.set(Some(selection));
                focus_spot(index);
            }
        }
    };
    view! {
        <For
            each=move || spots.get()
            key=|spot| spot.selection.clone()
            children=move |spot| {
                let selection = StoredValue::new(spot.selection.clone());
                let own = spot.selection.clone();
                let now = Memo::new(move |_| {
                    let index = places.with(|places| places.get(&own).copied());
                    index.and_then(|index| spots.with(|spots| spots.get(index).cloned()))
                });
                let part = move |read: &dyn Fn(&Spot) -> f64| now.with(|spot| spot.as_ref().map(read));
                let is_selected = move || selection.with_value(|own| selected.with(|selected| selected.as_ref() == Some(own)));
                view! {
                    <g
                        class="spot"
                        class:spot--selected=is_selected
                        role="button"
                        id=move || selection.with_value(|own| place_of(own).map(|index| format!("map-spot-{index}")))
                        tabindex=move || if selection.with_value(|own| stop.with(|stop| stop.as_ref() == Some(own))) { "0" } else { "-1" }
                        aria-pressed=move || is_selected().to_string()
                        aria-label=move || now.with(|spot| spot.as_ref().map(|spot| spot.sentence.clone()))
                        on:click=move |_| {
                            at.set(Some(selection.get_value()));
                            on_select.run(selection.get_value());
                        }
                        on:focus=move |_| at.set(Some(selection.get_value()))
                        on:keydown=move |event| selection.with_value(|own| press(event, own))
                    >
                        <rect
                            class="spot__area"
                            x=move || part(&|spot| spot.place.x)
                            y=move || part(&|spot| spot.place.y)
                            width=move || part(&|spot| spot.place.w)
                            height=move || part(&|spot| spot.place.h)
                        />
                        <rect
                            class="spot__dots"
                            x=move || part(&|spot| spot.place.x)
                            y=move || part(&|spot| spot.place.y)
                            width=move || part(&|spot| spot.place.w)
                            height=move || part(&|spot| spot.place.h)
                        />
                    </g>
                }
            }
        />
    }
}

fn focus_spot(index: usize) {
    let spot = document().get_element_by_id(&format!("map-spot-{index}"));
    if let Some(spot) = spot.and_then(|spot| spot.dyn_into::<web_sys::SvgElement>().ok()) {
        let _ = spot.focus();
    }
}
