//! Draws a plan as SVG; what is selectable is a button with a sentence for a name.
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::fleet::{Agent, Fleet, Mark, Selection, code, colour};
use super::glyph::{LEGEND, glyph};
use super::hold::thousands;
use super::layout::{
    Detail, Frame, HoldPlan, LoadPlan, Plan, SlipPlan, Spot, Trial, ZonePlan, layout, next_spot,
};
use super::{patterns, sentence};

/// The fleet as a stowage plan.
#[component]
pub fn FleetMap(
    /// What to draw.
    #[prop(into)]
    fleet: Signal<Fleet>,
    /// What is selected now.
    #[prop(into)]
    selected: Signal<Option<Selection>>,
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
    let holds = Memo::new(move |_| plan.with(|plan| (plan.holds.clone(), plan.detail)));
    let loads = Memo::new(move |_| {
        plan.with(|plan| {
            Arc::new(
                plan.loads
                    .iter()
                    .map(|load| (load.selection.clone(), load.clone()))
                    .collect::<BTreeMap<_, _>>(),
            )
        })
    });
    let slips = Memo::new(move |_| {
        plan.with(|plan| (plan.wishes.clone(), plan.stopped.clone(), plan.more, plan.left, plan.stopped_x))
    });
    let trials = Memo::new(move |_| plan.with(|plan| plan.trials.clone()));
    let legend = Memo::new(move |_| plan.with(|plan| (plan.legend, plan.size.0)));
    let (leaving, hurried) = departures(loads);

    view! {
        <div class="fleet-map" class:fleet-map--hurried=hurried node_ref=root>
            <svg
                class="fleet-map__plan"
                role="group"
                aria-label=move || fleet.with(sentence::of_fleet)
                width=move || plan.with(|plan| plan.size.0)
                height=move || plan.with(|plan| plan.size.1)
            >
                {patterns::patterns()}
                <g aria-hidden="true">
                    {move || zones.with(|(zones, size, quay, left)| ground(zones, *size, *quay, *left))}
                    {move || fleet.with(|fleet| band_names(fleet, plan))}
                    {move || holds.with(|(holds, detail)| holds.iter().map(|hold| draw_hold(hold, *detail)).collect_view())}
                    <For
                        each=move || names_of(&loads.get())
                        key=|selection| selection.clone()
                        children=move |selection| {
                            let load = Memo::new(move |_| loads.with(|loads| loads.get(&selection).cloned()));
                            draw_load(load, codes)
                        }
                    />
                    {move || leaving.get().iter().map(draw_leaving).collect_view()}
                    {move || slips.with(|(wishes, stopped, more, left, stopped_x)| {
                        draw_slips(wishes, stopped, *more, *left, *stopped_x)
                    })}
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
                    {move || legend.get().0.map(|y| draw_legend(y, legend.get().1))}
                </g>
                <Spots plan=plan selected=selected on_select=on_select />
            </svg>
            {move || fleet.with(empty_harbour).map(|(title, words, command)| view! {
                <div class="fleet-map__empty" style=format!("top:{}px", plan.with(|plan| plan.quay) + 36.0)>
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

/// What an empty map says: what is missing, and what to do about it.
fn empty_harbour(fleet: &Fleet) -> Option<(&'static str, &'static str, Option<&'static str>)> {
    if fleet.has_instances() || fleet.tasks().next().is_some() {
        return None;
    }
    Some(match fleet.cluster {
        None => (
            "No cluster yet",
            "A cluster is a name under which tasks and services are kept. It costs nothing and needs no machine.",
            Some("aws ecs create-cluster --cluster-name shop"),
        ),
        Some(_) => (
            "An empty harbour",
            "The cluster lives, and nothing is in it. Run a task on Fargate, which needs no machine, or launch an instance whose agent joins the cluster.",
            None,
        ),
    })
}

/// The room that the map has now, in px.
fn room_of(root: NodeRef<html::Div>) -> Memo<Frame> {
    let frame = RwSignal::new(Frame { width: 1016.0, height: 528.0 });
    Effect::new(move |_| {
        let Some(element) = root.get() else { return };
        let measure = {
            let element = element.clone();
            move || {
                let (width, height) = (f64::from(element.client_width()), f64::from(element.client_height()));
                if width > 0.0 {
                    frame.set(Frame { width, height });
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
/// come too fast to be shown one by one.
fn departures(loads: Memo<Arc<BTreeMap<Selection, LoadPlan>>>) -> (RwSignal<Vec<LoadPlan>>, RwSignal<bool>) {
    let leaving = RwSignal::new(Vec::<LoadPlan>::new());
    let hurried = RwSignal::new(false);
    let recent = StoredValue::new(Vec::<f64>::new());
    Effect::new(move |before: Option<Arc<BTreeMap<Selection, LoadPlan>>>| {
        let now = loads.get();
        let Some(before) = before else { return now };
        let moment = window().performance().map_or(0.0, |clock| clock.now());
        recent.update_value(|recent| {
            recent.retain(|then| moment - then < 1000.0);
            recent.push(moment);
        });
        let many = recent.with_value(|recent| recent.len() > 12);
        if hurried.get_untracked() != many {
            hurried.set(many);
        }
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

fn ground(zones: &[ZonePlan], size: (f64, f64), quay: f64, left: f64) -> AnyView {
    let bollards = (0..(size.0 / 20.0) as usize)
        .map(|index| format!("M{} {}v-7h7v7z", index as f64 * 20.0 + 8.0, quay - 2.0))
        .collect::<String>();
    let narrow = left == 0.0;
    let bands = zones.iter().map(|zone| {
        let (water, berth) = (zone.water, zone.berth);
        let edge = (!narrow).then(|| view! { <path class="ground__edge" d=format!("M{} {}V{}", water.x, quay + 5.0, berth.y + berth.h) /> });
        let shore = narrow.then(|| view! { <path class="ground__shore" d=format!("M0 {}H{}", water.y, size.0) /> });
        view! {
            <rect class="ground__water" x=water.x y=water.y width=water.w height=water.h />
            <rect class="ground__berth" x=berth.x y=berth.y width=berth.w height=berth.h />
            {edge}{shore}
        }
    });
    let signs = zones.iter().map(|zone| {
        let (x, y) = zone.sign;
        let class = if zone.empty { "zone-sign zone-sign--empty" } else { "zone-sign" };
        view! {
            <g class=class transform=format!("translate({x} {y})")>
                <rect x="1.5" y="1.5" width="31" height="31" />
                <text class="zone-sign__letter" x="17" y="27" text-anchor="middle">{zone.letter.to_string()}</text>
                <text class="zone-sign__name" x="42" y="14">{zone.name.clone()}</text>
                <text class="zone-sign__subnets" x="42" y="28">{zone.subnets.clone()}</text>
            </g>
        }
    });
    let (low, berth_y) =
        zones.first().map_or((quay, quay), |zone| (zone.berth.y + zone.berth.h, zone.berth.y));
    let names = (!narrow).then(|| {
        view! {
            <rect class="ground__water" x="0" y=quay width=left height=berth_y - quay />
            <rect class="ground__berth" x="0" y=berth_y width=left height=low - berth_y />
        }
    });
    view! {
        <rect class="ground__land" x="0" y="0" width=size.0 height=quay />
        {names}
        {bands.collect_view()}
        <path class="ground__quay" d=format!("M0 {0}H{1}v5H0z{bollards}", quay - 2.5, size.0) />
        {signs.collect_view()}
    }
    .into_any()
}

fn band_names(fleet: &Fleet, plan: Memo<Plan>) -> AnyView {
    let (left, quay, berth) =
        plan.with(|plan| (plan.left, plan.quay, plan.zones.first().map(|zone| zone.berth)));
    let Some(berth) = berth.filter(|_| left > 0.0) else {
        let idle = fleet.wishes.is_empty() && fleet.stopped.is_empty();
        return idle
            .then(|| {
                let name = fleet.cluster.clone().unwrap_or_else(|| "none yet".to_string());
                view! {
                    <g class="band-name">
                        <text class="band-name__note" x="12" y="24">"cluster"</text>
                        <text class="band-name__sign" x="12" y="47">{name}</text>
                    </g>
                }
            })
            .into_any();
    };
    let holds = fleet.zones.iter().map(|zone| zone.instances.len()).sum::<usize>();
    let afloat = fleet.zones.iter().map(|zone| zone.fargate.len()).sum::<usize>();
    let name = fleet.cluster.clone().unwrap_or_else(|| "none yet".to_string());
    let size = if name.chars().count() > 8 { "band-name__small" } else { "band-name__sign" };
    view! {
        <g class="band-name">
            <text class="band-name__note" x="12" y="20">"cluster"</text>
            <text class=size x="12" y="43">{name}</text>
            <text class="band-name__sign" x="12" y=quay + 34.0>"EC2"</text>
            <text class="band-name__note" x="12" y=quay + 50.0>{format!("holds: {holds}")}</text>
            <text class="band-name__sign" x="12" y=berth.y + 28.0>"Fargate"</text>
            <text class="band-name__note" x="12" y=berth.y + 44.0>{format!("tasks: {afloat}")}</text>
        </g>
    }
    .into_any()
}

fn draw_hold(hold: &HoldPlan, detail: Detail) -> AnyView {
    let Rect4(x, y, w, h) = Rect4::of(hold);
    let floor = y + h;
    let wall = if detail == Detail::Full { 10.0 } else { 3.0 };
    let grid: String = hold
        .columns
        .iter()
        .map(|at| format!("M{at} {y}V{floor}"))
        .chain(hold.tiers.iter().map(|at| format!("M{x} {at}H{}", x + w)))
        .collect();
    let class = match hold.agent {
        Agent::Connected if hold.status == "DRAINING" => "hold hold--draining",
        Agent::Connected => "hold",
        Agent::Silent => "hold hold--silent",
        Agent::Absent => "hold hold--outside",
    };
    let free = hold.free;
    let shut = hold.agent == Agent::Silent || hold.status == "DRAINING";
    view! {
        <g class=class>
            <rect class="hold__hull" x=x y=y width=w height=h />
            <rect class="hold__free" x=free.x y=free.y width=free.w height=free.h />
            {(shut && free.w > 0.0).then(|| view! { <rect class="hold__shut" x=free.x y=free.y width=free.w height=free.h /> })}
            <path class="hold__grid" d=grid />
            <path class="hold__limit" d=format!("M{x} {y}H{}", x + w) />
            <path class="hold__wall" d=format!("M{} {}V{}H{}V{}", x - 1.5, y - wall, floor + 1.5, x + w + 1.5, y - wall) />
            {hold.cpu_figures.iter().enumerate().map(|(index, (at, figure))| {
                let anchor = ["start", "middle", "end"][index.min(2)];
                view! { <text class="hold__figure" x=*at y=floor + 25.0 text-anchor=anchor>{if index == 1 { format!("{figure} CPU") } else { figure.clone() }}</text> }
            }).collect_view()}
            {hold.memory_figures.iter().map(|(at, figure)| view! {
                <text class="hold__figure" x=x - 17.0 y=*at + 4.0 text-anchor="end">{figure.clone()}</text>
            }).collect_view()}
            {(detail == Detail::Full).then(|| view! { <text class="hold__figure" x=x - 17.0 y=y - 4.0 text-anchor="end">"GiB"</text> })}
            {if detail == Detail::Full { plate(hold) } else { small_plate(hold) }}
        </g>
    }
    .into_any()
}

/// The inside of a hold, taken apart.
struct Rect4(f64, f64, f64, f64);

impl Rect4 {
    fn of(hold: &HoldPlan) -> Rect4 {
        Rect4(hold.inside.x, hold.inside.y, hold.inside.w, hold.inside.h)
    }
}

fn small_plate(hold: &HoldPlan) -> AnyView {
    let (x, y) = hold.plate_at;
    view! { <text class="hold__plate-small" x=x y=y - 3.0>{hold.plate.clone()}</text> }.into_any()
}

fn plate(hold: &HoldPlan) -> AnyView {
    let (x, y) = hold.plate_at;
    let id = if hold.id.chars().count() > 11 {
        format!("{}…", hold.id.chars().take(10).collect::<String>())
    } else {
        hold.id.clone()
    };
    let room = match (hold.left.cpu, hold.left.memory) {
        (0, _) => ("NO CPU LEFT".to_string(), format!("{} MiB stranded", thousands(hold.left.memory))),
        (_, 0) => ("NO MEMORY LEFT".to_string(), format!("{} CPU stranded", thousands(hold.left.cpu))),
        (cpu, memory) => (format!("{} CPU", thousands(cpu)), format!("{} MiB free", thousands(memory))),
    };
    let notice = match hold.agent {
        Agent::Silent => Some("AGENT SILENT"),
        Agent::Absent => Some("OUTSIDE ECS"),
        Agent::Connected if hold.status == "DRAINING" => Some("DRAINING"),
        Agent::Connected => None,
    };
    let width = 16.0 + hold.plate.chars().count() as f64 * 11.0;
    view! {
        <g class="plate" transform=format!("translate({x} {y})")>
            <rect class="plate__sign" width=width height="30" />
            <text class="plate__name" x=width / 2.0 y="23" text-anchor="middle">{hold.plate.clone()}</text>
            <text class="plate__kind" x=width + 8.0 y="12">{hold.kind.clone()}</text>
            <text class="plate__id" x=width + 8.0 y="27">{id}</text>
            <text class="plate__room" x="0" y="47">{room.0}</text>
            <text class="plate__room" x="0" y="62">{room.1}</text>
            {notice.map(|notice| view! {
                {(hold.agent != Agent::Absent).then(|| view! { <rect class="plate__stripes" x="0" y="69" width="92" height="6" /> })}
                <rect class="plate__notice" x="0" y="75" width="92" height="19" />
                <text class="plate__notice-word" x="5" y="89">{notice}</text>
            })}
            {(hold.unlabelled > 0).then(|| view! {
                <text class="plate__id" x="0" y=hold.inside.y + hold.inside.h - y + 16.0>{format!("and {} more", hold.unlabelled)}</text>
            })}
        </g>
    }
    .into_any()
}

fn revision_name(load: &LoadPlan) -> &'static str {
    match load.revision {
        super::fleet::Revision::Only => "only",
        super::fleet::Revision::Old => "old",
        super::fleet::Revision::New => "new",
    }
}

fn mark_name(mark: Mark) -> &'static str {
    match mark {
        Mark::Provisioning => "provisioning",
        Mark::Pending => "pending",
        Mark::Activating => "activating",
        Mark::Running => "running",
        Mark::Unhealthy => "unhealthy",
        Mark::Leaving => "leaving",
        Mark::Stopped => "stopped",
        Mark::ByHand => "by-hand",
        Mark::Exited => "exited",
    }
}

/// The outline of a box; a new revision has its upper right corner cut.
fn outline(load: &LoadPlan) -> String {
    let (w, h) = (load.place.w, load.place.h);
    let cut = if load.revision == super::fleet::Revision::New { (w.min(h) * 0.3).min(10.0) } else { 0.0 };
    format!("M0 0H{}L{w} {cut}V{h}H0Z", w - cut)
}

fn pattern_of(load: &LoadPlan) -> Option<String> {
    let colour = colour(load.service);
    match load.mark {
        Mark::Provisioning => Some(format!("fill:url(#map-dots-{colour})")),
        Mark::Pending => Some(format!("fill:url(#map-stripes-{colour})")),
        Mark::Leaving => Some(format!("fill:url(#map-bars-{colour})")),
        _ => None,
    }
}

fn draw_load(load: Memo<Option<LoadPlan>>, codes: Memo<Vec<Option<String>>>) -> AnyView {
    let class = move || {
        load.with(|load| {
            load.as_ref()
                .map(|load| format!("load load--{} load--{}", mark_name(load.mark), revision_name(load)))
        })
    };
    let colour_of = move || load.with(|load| load.as_ref().map(|load| colour(load.service).to_string()));
    let at = move || {
        load.with(|load| {
            load.as_ref()
                .map(|load| format!("transform:translate({:.2}px,{:.2}px)", load.place.x, load.place.y))
        })
    };
    view! {
        <g class=class data-colour=colour_of>
            <g class="load__box" style=at>
                <g class="load__arrive">
                    {move || load.with(|load| load.as_ref().map(|load| face(load, codes)))}
                </g>
            </g>
            {move || load.with(|load| load.as_ref().map(|load| beside(load)))}
        </g>
    }
    .into_any()
}

fn face(load: &LoadPlan, codes: Memo<Vec<Option<String>>>) -> AnyView {
    let d = outline(load);
    let (w, h) = (load.place.w, load.place.h);
    let pattern =
        pattern_of(load).map(|style| view! { <path class="load__pattern" d=d.clone() style=style /> });
    let name = load.inside.clone().map(|name| {
        let backing = (load.mark != Mark::Running && load.mark != Mark::Activating && load.mark != Mark::Unhealthy && load.mark != Mark::ByHand)
            .then(|| view! { <rect class="load__backing" x=w / 2.0 - name.len() as f64 * 3.9 - 3.0 y=h / 2.0 - 8.0 width=name.len() as f64 * 7.8 + 6.0 height="16" /> });
        view! { {backing}<text class="load__name" x=w / 2.0 y=h / 2.0 + 5.0 text-anchor="middle">{name}</text> }
    });
    let code = load.service.and_then(|index| codes.with(|codes| codes.get(index).cloned().flatten())).map(|code| {
        view! { <circle class="load__code-disc" cx="9" cy=h - 9.0 r="8" /><text class="load__code" x="9" y=h - 5.5 text-anchor="middle">{code}</text> }
    });
    let wrong = (load.mark == Mark::Unhealthy).then(|| glyph(Mark::Unhealthy, w, 0.0));
    view! { <path class="load__fill" d=d.clone() />{pattern}<path class="load__edge" d=d />{name}{code}{wrong} }.into_any()
}

/// What stands outside the box: rulers, the way to the label, the label, the network card.
fn beside(load: &LoadPlan) -> AnyView {
    let place = load.place;
    let style = pattern_of(load).unwrap_or_default();
    let full = load.label.is_some();
    let sized = !matches!(load.mark, Mark::ByHand | Mark::Exited);
    let rulers = load.hold.filter(|_| full && sized).map(|hold| {
        let floor = hold.y + hold.h;
        view! {
            <rect class="load__ruler" x=place.x y=floor + 6.0 width=place.w height="6" />
            <rect class="load__ruler load__ruler--pattern" style=style.clone() x=place.x y=floor + 6.0 width=place.w height="6" />
            <rect class="load__ruler" x=hold.x - 12.0 y=place.y width="6" height=place.h />
            <rect class="load__ruler load__ruler--pattern" style=style x=hold.x - 12.0 y=place.y width="6" height=place.h />
        }
    });
    let label = load.label.clone().map(|label| {
        let (x, y) = label.at;
        let way = match load.hold {
            Some(hold) => {
                let wall = hold.x + hold.w;
                format!("M{} {}H{wall}L{} {y}H{}", label.from.0, label.from.1, wall + 6.0, x - 8.0)
            }
            None => String::new(),
        };
        let words = if label.one_line {
            view! { <text class="load__word" x=x + 12.0 y=y + 5.0>{label.word}<tspan class="load__detail" dx="6">{label.detail}</tspan></text> }.into_any()
        } else {
            view! {
                <text class="load__word" x=x + 12.0 y=y + 1.0>{label.word}</text>
                <text class="load__detail" x=x + 12.0 y=y + 15.0>{label.detail}</text>
            }
            .into_any()
        };
        let mark_y = if label.one_line { y } else { y - 4.0 };
        view! { <path class="load__way" d=way />{glyph(load.mark, x, mark_y)}{words} }
    });
    let card = (full && load.hold.is_none()).then(|| {
        let x = load.label.as_ref().map_or(place.x + place.w + 14.0, |label| label.from.0);
        let y = place.y + place.h / 2.0;
        let class = if load.card.is_some() { "card" } else { "card card--coming" };
        view! {
            <g class=class>
                <path d=format!("M{} {y}H{}", place.x + place.w, x - 5.0) />
                <rect x=x - 5.0 y=y - 5.0 width="10" height="10" />
            </g>
        }
    });
    view! { {rulers}{label}{card} }.into_any()
}

fn draw_leaving(load: &LoadPlan) -> AnyView {
    let at = format!("transform:translate({:.2}px,{:.2}px)", load.place.x, load.place.y);
    let d = outline(load);
    view! {
        <g class="load load--running load--only" data-colour=colour(load.service).to_string()>
            <g style=at><path class="load__fill load__leave" d=d /></g>
        </g>
    }
    .into_any()
}

fn draw_slips(
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

fn draw_legend(y: f64, width: f64) -> AnyView {
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

/// The buttons over the picture, with one of them in the tab order; arrow keys go to the neighbours.
#[component]
fn Spots(
    plan: Memo<Plan>,
    selected: Signal<Option<Selection>>,
    on_select: Callback<Selection>,
) -> impl IntoView {
    let spots = Memo::new(move |_| plan.with(|plan| plan.spots.clone()));
    let at = RwSignal::new(None::<Selection>);
    let stop = Memo::new(move |_| {
        spots.with(|spots| {
            let held = at.get().filter(|at| spots.iter().any(|spot| spot.selection == *at));
            held.or_else(|| spots.first().map(|spot| spot.selection.clone()))
        })
    });
    let place_of = move |selection: &Selection| {
        spots.with(|spots| spots.iter().position(|spot| spot.selection == *selection))
    };
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
                    spots.with(|spots| spots.iter().find(|spot| spot.selection == own).cloned())
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
