//! Draws what is stowed: a box, its marks, and the words beside it.
use leptos::prelude::*;

use super::fleet::{Mark, Revision, colour};
use super::glyph::glyph;
use super::plan::LoadPlan;

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

/// The outline of a box whose upper left corner stands at a point; a new revision has its upper right corner
/// cut, and what runs on spare capacity has a lower edge to tear it off by.
pub fn outline(load: &LoadPlan, (x, y): (f64, f64)) -> String {
    let (w, h) = (load.place.w, load.place.h);
    let (right, low) = (x + w, y + h);
    let cut = if load.revision == Revision::New { (w.min(h) * 0.3).min(10.0) } else { 0.0 };
    let foot = if load.spot { teeth(w, h) } else { format!("h-{w:.2}") };
    format!("M{x:.2} {y:.2}H{:.2}L{right:.2} {:.2}V{low:.2}{foot}Z", right - cut, y + cut)
}

/// An edge of teeth from the lower right corner to the lower left one.
fn teeth(w: f64, h: f64) -> String {
    let count = (w / 7.0).round().max(2.0);
    let (half, depth) = (w / count / 2.0, (h * 0.2).min(4.0));
    format!("l-{half:.2} -{depth:.2}l-{half:.2} {depth:.2}").repeat(count as usize)
}

/// The pattern that tells a state, in the colour of a service.
pub fn pattern_of(colour: usize, mark: Mark) -> Option<String> {
    match mark {
        Mark::Provisioning => Some(format!("fill:url(#map-dots-{colour})")),
        Mark::Pending => Some(format!("fill:url(#map-stripes-{colour})")),
        Mark::Leaving => Some(format!("fill:url(#map-bars-{colour})")),
        _ => None,
    }
}

/// A load that moves when its plan does; one of many that come at once does not fall in.
pub fn draw_load(load: Memo<Option<LoadPlan>>, codes: Memo<Vec<Option<String>>>, falls: bool) -> AnyView {
    // One closure for the whole load: there are hundreds of them, and most have two shapes.
    let drawn = move |load: &LoadPlan| {
        let class = format!("load load--{} load--{}", mark_name(load.mark), revision_name(load));
        let at = format!("transform:translate({:.2}px,{:.2}px)", load.place.x, load.place.y);
        view! {
            <g class=class data-colour=colour(load.service).to_string()>
                <g class="load__box" style=at>
                    <g class=falls.then_some("load__arrive")>{face(load, codes)}</g>
                </g>
                {load.label.as_ref().map(|_| beside(load))}
            </g>
        }
    };
    (move || load.with(|load| load.as_ref().map(drawn))).into_any()
}

fn face(load: &LoadPlan, codes: Memo<Vec<Option<String>>>) -> AnyView {
    let d = outline(load, (0.0, 0.0));
    let (w, h) = (load.place.w, load.place.h);
    let pattern = pattern_of(colour(load.service), load.mark)
        .map(|style| view! { <path class="load__pattern" d=d.clone() style=style /> });
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
    let more = (warned.is_some() || ended.is_some() || name.is_some() || code.is_some() || wrong.is_some())
        .then(|| view! { {warned}{ended}{name}{code}{wrong} });
    view! { <path class="load__fill" d=d.clone() />{pattern}<path class="load__edge" d=d />{more} }.into_any()
}

/// What stands outside the box of a load with a label: rulers, the way to it, itself, the network card.
fn beside(load: &LoadPlan) -> AnyView {
    let place = load.place;
    let style = pattern_of(colour(load.service), load.mark).unwrap_or_default();
    let sized = !matches!(load.mark, Mark::ByHand | Mark::Exited);
    let rulers = load.hold.filter(|_| sized).map(|hold| {
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
    let card = load.hold.is_none().then(|| {
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
    let d = outline(load, (0.0, 0.0));
    view! {
        <g class="load load--running load--only" data-colour=colour(load.service).to_string()>
            <g style=at><path class="load__fill load__leave" d=d /></g>
        </g>
    }
    .into_any()
}
