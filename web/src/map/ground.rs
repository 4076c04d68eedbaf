//! Draws land, water, signs and holds.
use leptos::prelude::*;

use super::fleet::{Agent, Fleet, Zone};
use super::hold::thousands;
use super::plan::{Detail, HoldPlan, Plan, ZonePlan};

/// Land, quay, water, berths and the signs of the zones.
pub fn ground(zones: &[ZonePlan], size: (f64, f64), quay: f64, left: f64) -> AnyView {
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

/// The cluster's name and those of the bands.
pub fn band_names(fleet: &Fleet, plan: Memo<Plan>) -> AnyView {
    let (left, quay, berth) =
        plan.with(|plan| (plan.left, plan.quay, plan.zones.first().map(|zone| zone.berth)));
    let Some(berth) = berth.filter(|_| left > 0.0) else {
        let idle = plan.with(|plan| plan.lines.is_empty());
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
    let afloat = fleet.zones.iter().map(Zone::afloat).sum::<usize>();
    let tile = plan.with(|plan| plan.tile);
    let name = fleet.cluster.clone().unwrap_or_else(|| "none yet".to_string());
    let names: Vec<&str> =
        if name.chars().count() > 8 { name.split(", ").take(3).collect() } else { Vec::new() };
    view! {
        <g class="band-name">
            <text class="band-name__note" x="12" y="20">"cluster"</text>
            {if names.is_empty() {
                view! { <text class="band-name__sign" x="12" y="43">{name.clone()}</text> }.into_any()
            } else {
                let lines = names.iter().enumerate().map(|(line, name)| view! {
                    <text class="band-name__small" x="12" y=37.0 + line as f64 * 16.0>{shortened(name, 10)}</text>
                });
                lines.collect_view().into_any()
            }}
            <text class="band-name__sign" x="12" y=quay + 34.0>"EC2"</text>
            <text class="band-name__note" x="12" y=quay + 50.0>{format!("holds: {holds}")}</text>
            <text class="band-name__sign" x="12" y=berth.y + 28.0>"Fargate"</text>
            <text class="band-name__note" x="12" y=berth.y + 44.0>{format!("tasks: {afloat}")}</text>
            {(tile > 1).then(|| view! { <text class="band-name__note" x="12" y=berth.y + 60.0>{format!("a box: {tile}")}</text> })}
        </g>
    }
    .into_any()
}

/// A hold with its plate.
pub fn draw_hold(hold: &HoldPlan, detail: Detail) -> AnyView {
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
    let class = if hold.is_leaving() { format!("{class} hold--leaving") } else { class.to_string() };
    // What EC2 may take back has a floor to tear it off by.
    let foot = if hold.spot { teeth(w + 3.0) } else { format!("h{}", w + 3.0) };
    let free = hold.free;
    let shut = hold.is_shut();
    view! {
        <g class=class>
            <rect class="hold__hull" x=x y=y width=w height=h />
            <rect class="hold__free" x=free.x y=free.y width=free.w height=free.h />
            {(shut && free.w > 0.0).then(|| view! { <rect class="hold__shut" x=free.x y=free.y width=free.w height=free.h /> })}
            <path class="hold__grid" d=grid />
            <path class="hold__limit" d=format!("M{x} {y}H{}", x + w) />
            <path class="hold__wall" d=format!("M{} {}V{}{foot}V{}", x - 1.5, y - wall, floor + 1.5, y - wall) />
            {hold.cpu_figures.iter().enumerate().map(|(index, (at, figure))| {
                let alone = hold.cpu_figures.len() == 1;
                let (at, anchor) = if alone { (x + w / 2.0, "middle") } else { (*at, ["start", "middle", "end"][index.min(2)]) };
                view! { <text class="hold__figure" x=at y=floor + 25.0 text-anchor=anchor>{if alone || index == 1 { format!("{figure} CPU") } else { figure.clone() }}</text> }
            }).collect_view()}
            {hold.memory_figures.iter().map(|(at, figure)| view! {
                <text class="hold__figure" x=x - 17.0 y=*at + 4.0 text-anchor="end">{figure.clone()}</text>
            }).collect_view()}
            {(detail == Detail::Full).then(|| view! { <text class="hold__figure" x=x - 11.0 y=y - 4.0 text-anchor="end">"GiB"</text> })}
            {if detail == Detail::Full { plate(hold) } else { small_plate(&Sign::of(hold)) }}
        </g>
    }
    .into_any()
}

/// A name with as many letters as find room.
pub fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_string();
    }
    name.chars().take(most - 1).chain(['…']).collect()
}

/// A floor of teeth, so wide, from its left end on.
pub fn teeth(w: f64) -> String {
    let count = (w / 9.0).round().max(2.0);
    let half = w / count / 2.0;
    (0..count as usize).map(|_| format!("l{half:.2} 4l{half:.2} -4")).collect()
}

/// The inside of a hold, taken apart.
struct Rect4(f64, f64, f64, f64);

impl Rect4 {
    fn of(hold: &HoldPlan) -> Rect4 {
        Rect4(hold.inside.x, hold.inside.y, hold.inside.w, hold.inside.h)
    }
}

/// A plate where it is small.
#[derive(Debug, Clone, PartialEq)]
pub struct Sign {
    at: (f64, f64),
    words: String,
    protected: bool,
}

impl Sign {
    /// The sign of a hold.
    pub fn of(hold: &HoldPlan) -> Sign {
        Sign { at: hold.plate_at, words: hold.plate.clone(), protected: hold.protected }
    }
}

/// Draws a small plate.
pub fn small_plate(sign: &Sign) -> AnyView {
    let (x, y) = sign.at;
    let after = x + sign.words.chars().count() as f64 * 7.6 + 3.0;
    view! {
        <text class="hold__plate-small" x=x y=y - 3.0>{sign.words.clone()}</text>
        {sign.protected.then(|| lock(after, y - 15.0))}
    }
    .into_any()
}

/// The mark of a machine that its group may not take in a scale-in.
fn lock(x: f64, y: f64) -> AnyView {
    view! {
        <g class="lock" transform=format!("translate({x} {y})")>
            <path class="lock__bow" d="M2.500 6V4A3 3 0 0 1 8.500 4V6" />
            <rect class="lock__body" x="0.500" y="6" width="10" height="7.500" />
        </g>
    }
    .into_any()
}

fn plate(hold: &HoldPlan) -> AnyView {
    let (x, y) = hold.plate_at;
    let id = shortened(&hold.id, 11);
    let room = match (hold.left.cpu, hold.left.memory) {
        (0, _) => ("NO CPU LEFT".to_string(), format!("{} MiB stranded", thousands(hold.left.memory))),
        (_, 0) => ("NO MEMORY LEFT".to_string(), format!("{} CPU stranded", thousands(hold.left.cpu))),
        (cpu, memory) => (format!("{} CPU", thousands(cpu)), format!("{} MiB free", thousands(memory))),
    };
    let width = 16.0 + hold.plate.chars().count() as f64 * 11.0;
    let lock_w = if hold.protected { 15.0 } else { 0.0 };
    let room_for_kind = hold.words_w - width - 8.0 - lock_w;
    let squeezed = hold.kind.chars().count() as f64 * 7.0 > room_for_kind;
    view! {
        <g class="plate" transform=format!("translate({x} {y})")>
            <rect class="plate__sign" width=width height="30" />
            <text class="plate__name" x=width / 2.0 y="23" text-anchor="middle">{hold.plate.clone()}</text>
            {hold.protected.then(|| lock(width + 7.0, 0.0))}
            <text class="plate__kind" x=width + 8.0 + lock_w y="12" textLength=squeezed.then(|| room_for_kind.max(20.0)) lengthAdjust="spacingAndGlyphs">{hold.kind.clone()}</text>
            <text class="plate__id" x=width + 8.0 + lock_w y="27">{id}</text>
            <text class="plate__room" x="0" y="47">{room.0}</text>
            <text class="plate__room" x="0" y="62">{room.1}</text>
            {hold.warns.then(|| view! { <rect class="plate__stripes" x="0" y="69" width="92" height="6" /> })}
            {hold.notices.iter().enumerate().map(|(index, notice)| {
                let y = 75.0 + 21.0 * index as f64;
                let width = (notice.chars().count() as f64 * 6.2 + 8.0).min(hold.words_w).max(92.0);
                view! {
                    <rect class="plate__notice" x="0" y=y width=width height="19" />
                    <text class="plate__notice-word" x="5" y=y + 14.0>{notice.clone()}</text>
                }
            }).collect_view()}
            {(hold.unlabelled > 0).then(|| view! {
                <text class="plate__more" x="0" y=hold.inside.y + hold.inside.h - y + 16.0>{format!("and {} more", hold.unlabelled)}</text>
            })}
        </g>
    }
    .into_any()
}
