//! Draws a plan as SVG; what is selectable is a button with a sentence for a name.
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use drydock::order;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::candidates::{self, Candidate, draw_candidates};
use super::crowd::{self, draw_outlines};
use super::fleet::{Fleet, Mark, Selection, code};
use super::glyph::glyph;
use super::ground::{Sign, band_names, draw_hold, ground, small_plate};
use super::groups::draw_frames;
use super::layout::layout;
use super::load::{draw_leaving, draw_load};
use super::plan::{Detail, Frame, HoldPlan, LoadPlan, Plan, Trial};
use super::slips::{draw_legend, draw_slips};
use super::spots::Spots;
use super::{patterns, sentence};

/// What is stowed, by what selects it.
type Loads = Arc<BTreeMap<Selection, LoadPlan>>;

/// More changes than this within a second, or at once, are not shown one by one.
const MOST_SHOWN: usize = 12;

/// The fleet as a stowage plan.
#[component]
pub fn FleetMap(
    /// What to draw.
    #[prop(into)]
    fleet: Signal<Fleet>,
    /// What is selected now.
    #[prop(into)]
    selected: Signal<Option<Selection>>,
    /// How machines fared in the decision that is being read.
    #[prop(into)]
    candidates: Signal<Vec<Candidate>>,
    /// Told when the reader selects something.
    #[prop(into)]
    on_select: Callback<Selection>,
) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let frame = room_of(root);
    let plan = Memo::new(move |_| {
        let selected = selected.get();
        fleet.with(|fleet| layout(fleet, frame.get(), selected.as_ref()))
    });
    let codes = Memo::new(move |_| {
        fleet.with(|fleet| {
            (0..fleet.services.len()).map(|index| code(Some(index), &fleet.services)).collect::<Vec<_>>()
        })
    });
    let zones = Memo::new(move |_| plan.with(|plan| (plan.zones.clone(), plan.size, plan.quay, plan.left)));
    let holds = Memo::new(move |_| {
        plan.with(|plan| {
            let apart = plan.holds.iter().filter(|_| !plan.is_together());
            (apart.cloned().collect::<Vec<HoldPlan>>(), plan.detail)
        })
    });
    let signs = Memo::new(move |_| {
        plan.with(|plan| {
            let signed = plan.is_together() && plan.detail != Detail::Distant;
            plan.holds.iter().filter(|_| signed).map(Sign::of).collect::<Vec<Sign>>()
        })
    });
    let frames = Memo::new(move |_| plan.with(|plan| plan.frames.clone()));
    let distant = Memo::new(move |_| plan.with(crowd::holds));
    let together = Memo::new(move |_| plan.with(crowd::loads));
    let loads: Memo<Loads> = Memo::new(move |_| {
        plan.with(|plan| {
            let apart = plan.loads.iter().filter(|_| !plan.is_together());
            Arc::new(order::map(apart.map(|load| (load.selection.clone(), load.clone()))))
        })
    });
    let slips = Memo::new(move |_| plan.with(|plan| plan.lines.clone()));
    let trials = Memo::new(move |_| {
        plan.with(|plan| {
            fleet.with(|fleet| candidates.with(|found| candidates::told(&plan.trials, fleet, found)))
        })
    });
    // A wish is held against every machine already.
    let outlined =
        move || if trials.with(|trials| trials.is_empty()) { candidates.get() } else { Vec::new() };
    let legend = Memo::new(move |_| plan.with(|plan| (plan.legend, plan.size.0)));
    let (leaving, hurried) = departures(loads);

    view! {
        <div class="fleet-map" class:fleet-map--hurried=hurried node_ref=root>
            <svg
                class="fleet-map__plan"
                role="group"
                aria-label=move || fleet.with(sentence::of_fleet)
                width=move || plan.with(|plan| plan.size.0) * frame.get().scale
                height=move || plan.with(|plan| plan.size.1) * frame.get().scale
                viewBox=move || plan.with(|plan| format!("0 0 {} {}", plan.size.0, plan.size.1))
            >
                {patterns::patterns()}
                <g aria-hidden="true">
                    {move || zones.with(|(zones, size, quay, left)| ground(zones, *size, *quay, *left))}
                    {move || fleet.with(|fleet| band_names(fleet, plan))}
                    {move || frames.with(|frames| draw_frames(frames))}
                    {move || holds.with(|(holds, detail)| holds.iter().map(|hold| draw_hold(hold, *detail)).collect_view())}
                    {move || distant.with(|shapes| draw_outlines(shapes))}
                    {move || signs.with(|signs| signs.iter().map(small_plate).collect_view())}
                    {move || together.with(|shapes| draw_outlines(shapes))}
                    <For
                        each=move || names_of(&loads.get())
                        key=|selection| selection.clone()
                        children=move |selection| {
                            let load = Memo::new(move |_| loads.with(|loads| loads.get(&selection).cloned()));
                            draw_load(load, codes, !hurried.get_untracked())
                        }
                    />
                    {move || leaving.get().iter().map(draw_leaving).collect_view()}
                    {move || slips.with(|lines| draw_slips(lines))}
                    {move || trials.with(|trials| trials.iter().map(|trial| {
                        let place = trial.place;
                        let class = if trial.short.is_some() { "trial trial--short" } else { "trial" };
                        let words = trial.short.clone().unwrap_or_else(|| "fits".to_string());
                        let letters = words.len();
                        let mark = if trial.short.is_some() { Mark::Stopped } else { Mark::Running };
                        view! {
                            <g class=class>
                                <rect class="trial__box" x=place.x y=place.y width=place.w height=place.h />
                                <g transform=format!("translate({} {})", trial_words_x(trial, letters), place.y + place.h / 2.0)>
                                    <rect class="trial__paper" x="0" y="-10" width=letters as f64 * 6.4 + 24.0 height="19" />
                                    {glyph(mark, 9.0, 0.0)}
                                    <text x="19" y="5">{words}</text>
                                </g>
                            </g>
                        }
                    }).collect_view())}
                    {move || plan.with(|plan| draw_candidates(plan, &outlined()))}
                    {move || legend.get().0.map(|y| draw_legend(y, legend.get().1))}
                </g>
                <Spots plan=plan selected=selected on_select=on_select />
            </svg>
            {move || fleet.with(empty_harbour).map(|(title, words, command)| view! {
                <div class="fleet-map__empty" style=format!("top:{}px", plan.with(empty_top) * frame.get().scale)>
                    <p class="fleet-map__empty-title">{title}</p>
                    <p>{words}</p>
                    {command.map(|command| view! { <code>{command}</code> })}
                </div>
            })}
        </div>
    }
}

/// The words of a trial stand left of its box, where the load leaves the hold empty, or else right of it.
fn trial_words_x(trial: &Trial, letters: usize) -> f64 {
    let place = trial.place;
    let width = letters as f64 * 6.4 + 26.0;
    if place.x > trial.wall + width { place.x - width } else { place.x + place.w + 4.0 }
}

fn names_of(loads: &BTreeMap<Selection, LoadPlan>) -> Vec<Selection> {
    loads.keys().cloned().collect()
}

/// Where the sign of an empty map stands: on the water, below the zones where they lie one under the other.
fn empty_top(plan: &Plan) -> f64 {
    let zones = plan.zones.iter().map(|zone| zone.berth.y + zone.berth.h).fold(0.0, f64::max);
    if plan.left == 0.0 { zones + 16.0 } else { plan.quay + 36.0 }
}

/// What an empty map says: what is missing, and what to do about it.
fn empty_harbour(fleet: &Fleet) -> Option<(&'static str, &'static str, Option<&'static str>)> {
    if fleet.has_instances() || fleet.count() > 0 {
        return None;
    }
    Some(match fleet.cluster {
        None => (
            "No cluster yet",
            "A cluster is a name under which tasks and services are kept. It costs nothing and needs no machine.",
            Some("aws ecs create-cluster --cluster-name shop"),
        ),
        Some(_) if fleet.wishes.iter().any(|wish| wish.on_instance) => (
            "No machine yet",
            "What is wanted waits: no container instance is in the cluster. Launch an EC2 instance whose agent joins it.",
            None,
        ),
        Some(_) => (
            "An empty harbour",
            "The cluster lives, and nothing runs in it. Run a task on Fargate, which needs no machine, or launch an instance whose agent joins the cluster.",
            None,
        ),
    })
}

/// How large the style sheets want the map: `--map-scale`, or 1.
fn scale_of(element: &web_sys::HtmlElement) -> f64 {
    let style = window().get_computed_style(element).ok().flatten();
    let wanted = style.and_then(|style| style.get_property_value("--map-scale").ok());
    wanted.and_then(|wanted| wanted.trim().parse().ok()).filter(|scale| *scale >= 1.0).unwrap_or(1.0)
}

/// The room that the map has now, in units of the plan.
fn room_of(root: NodeRef<html::Div>) -> Memo<Frame> {
    let frame = RwSignal::new(Frame { width: 1016.0, height: 528.0, scale: 1.0 });
    Effect::new(move |_| {
        let Some(element) = root.get() else { return };
        let measure = {
            let element = element.clone();
            move || {
                let (width, height) = (f64::from(element.client_width()), f64::from(element.client_height()));
                if width > 0.0 {
                    let scale = scale_of(&element);
                    frame.set(Frame { width: width / scale, height: height / scale, scale });
                }
            }
        };
        measure();
        let callback = Closure::<dyn FnMut()>::new(measure);
        if let Ok(observer) = web_sys::ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = StoredValue::new_local((observer, callback));
            on_cleanup(move || kept.with_value(|(observer, _)| observer.disconnect()));
        }
    });
    Memo::new(move |_| frame.get())
}

/// Loads that have just left, kept for as long as they take to be seen leaving, and whether changes
/// come too fast, or too many at once, to be shown one by one.
fn departures(loads: Memo<Loads>) -> (RwSignal<Vec<LoadPlan>>, Memo<bool>) {
    let leaving = RwSignal::new(Vec::<LoadPlan>::new());
    let seen = StoredValue::new((Loads::default(), Vec::<f64>::new()));
    let hurried = Memo::new(move |_| {
        let now = loads.get();
        let moment = window().performance().map_or(0.0, |clock| clock.now());
        seen.try_update_value(|(before, recent)| {
            let come = now.keys().filter(|key| !before.contains_key(*key)).count();
            let gone = before.len() + come - now.len();
            recent.retain(|then| moment - then < 1000.0);
            recent.push(moment);
            *before = now;
            recent.len() > MOST_SHOWN || come.max(gone) > MOST_SHOWN
        })
        .unwrap_or(false)
    });
    Effect::new(move |before: Option<Loads>| {
        let now = loads.get();
        let many = hurried.get();
        let Some(before) = before else { return now };
        let gone: Vec<LoadPlan> =
            before.iter().filter(|(key, _)| !now.contains_key(*key)).map(|(_, load)| load.clone()).collect();
        if !gone.is_empty() && !many {
            let keys: Vec<Selection> = gone.iter().map(|load| load.selection.clone()).collect();
            leaving.update(|leaving| leaving.extend(gone));
            set_timeout(
                move || {
                    leaving.try_update(|leaving| leaving.retain(|load| !keys.contains(&load.selection)));
                },
                Duration::from_millis(240),
            );
        }
        now
    });
    (leaving, hurried)
}
