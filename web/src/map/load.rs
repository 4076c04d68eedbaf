//! Draws what is stowed: a box, its marks, and the words beside it.
use leptos::prelude::*;

use super::fleet::{Mark, Revision, colour};
use super::glyph::glyph;
use super::hold::Rect;
use super::plan::{Detail, LoadPlan, Plan};

fn revision_name(load: &LoadPlan) -> &'static str {
    match load.revision {
        Revision::Only => "only",
        Revision::Old => "old",
        Revision::New => "new",
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

/// The outline of a box; a new revision has its upper right corner cut, and what runs on spare capacity
/// has a lower edge to tear it off by.
fn outline(load: &LoadPlan) -> String {
    let (w, h) = (load.place.w, load.place.h);
    let cut = if load.revision == Revision::New { (w.min(h) * 0.3).min(10.0) } else { 0.0 };
    let foot = if load.spot { teeth(w, h) } else { "H0".to_string() };
    format!("M0 0H{}L{w} {cut}V{h}{foot}Z", w - cut)
}

/// An edge of teeth from the lower right corner to the lower left one.
fn teeth(w: f64, h: f64) -> String {
    let count = (w / 7.0).round().max(2.0);
    let (step, depth) = (w / count, (h * 0.2).min(4.0));
    (0..count as usize)
        .map(|index| {
            let right = w - index as f64 * step;
            format!("L{:.2} {:.2}L{:.2} {h}", right - step / 2.0, h - depth, right - step)
        })
        .collect()
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

/// A load that moves when its plan does.
pub fn draw_load(load: Memo<Option<LoadPlan>>, codes: Memo<Vec<Option<String>>>) -> AnyView {
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
            {move || load.with(|load| load.as_ref().map(beside))}
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
    // What has ended is crossed out, as a stopped task is; dots are for what is only wished for.
    let ended = (load.mark == Mark::Exited)
        .then(|| view! { <path class="load__edge" d=format!("M0 0L{w} {h}M{w} 0L0 {h}") /> });
    let warned =
        load.warned.then(|| view! { <rect class="load__warning" x="0" y="-7" width=w height="5" /> });
    view! { {warned}<path class="load__fill" d=d.clone() />{pattern}<path class="load__edge" d=d />{ended}{name}{code}{wrong} }.into_any()
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

/// A load on its way out of the picture.
pub fn draw_leaving(load: &LoadPlan) -> AnyView {
    let at = format!("transform:translate({:.2}px,{:.2}px)", load.place.x, load.place.y);
    let d = outline(load);
    view! {
        <g class="load load--running load--only" data-colour=colour(load.service).to_string()>
            <g style=at><path class="load__fill load__leave" d=d /></g>
        </g>
    }
    .into_any()
}

/// Every load of an overview, as one outline per colour and one of what is unwell.
pub fn crowd_of(plan: &Plan) -> Vec<(Option<usize>, String)> {
    if plan.detail != Detail::Overview {
        return Vec::new();
    }
    let mut outlines = vec![String::new(); 5];
    let mut unwell = String::new();
    for load in &plan.loads {
        let Rect { x, y, w, h } = load.place;
        outlines[colour(load.service)].push_str(&format!("M{x:.1} {y:.1}h{w:.1}v{h:.1}h-{w:.1}z"));
        if load.mark == Mark::Unhealthy {
            unwell.push_str(&format!("M{:.1} {:.1}l5 5l-5 5l-5 -5z", x + w, y - 5.0));
        }
    }
    let coloured = outlines.into_iter().enumerate().map(|(colour, outline)| (Some(colour), outline));
    coloured.chain([(None, unwell)]).filter(|(_, outline)| !outline.is_empty()).collect()
}

/// Draws what [`crowd_of`] drew together.
pub fn draw_crowd(crowd: &[(Option<usize>, String)]) -> AnyView {
    let layers = crowd.iter().map(|(colour, outline)| match colour {
        Some(colour) => {
            view! { <path class="load__fill" data-colour=colour.to_string() d=outline.clone() /> }.into_any()
        }
        None => view! { <path class="glyph__wrong" d=outline.clone() /> }.into_any(),
    });
    layers.collect_view().into_any()
}
