//! How to read the picture: one hold, exact, with a number at each thing to know.
use leptos::prelude::*;

use crate::map::hold::{Scale, Size, stand, stow};

const CAPACITY: Size = Size { cpu: 2048, memory: 7990 };
const SCALE: Scale = Scale { x: 0.105, y: 0.0238 };
const X: f64 = 44.0;
const FLOOR: f64 = 208.0;
const WISH: Size = Size { cpu: 512, memory: 1024 };

/// Name, colour, old or new, size; from the floor up.
const LOADS: [(&str, u8, &str, Size); 4] = [
    ("api", 2, "only", Size { cpu: 256, memory: 2048 }),
    ("web:1", 1, "old", Size { cpu: 512, memory: 1024 }),
    ("web:2", 1, "new", Size { cpu: 512, memory: 1024 }),
    ("wkr", 4, "only", Size { cpu: 256, memory: 1536 }),
];

const POINTS: [(&str, &str); 6] = [
    ("A machine is a hold", "Wide as its CPU, high as its memory, all at one scale."),
    ("A task is a box", "It takes its own width and its own height, so the load climbs like stairs."),
    ("The open corner is what is left", "A task fits if its box fits in there. Here it does."),
    ("Dotted is only wished for", "It takes no room. A service works on its wishes for as long as it lives."),
    (
        "Colour says which, shape says how",
        "Solid runs, striped is coming, barred is leaving, a red diamond is unwell.",
    ),
    ("Ask why", "Every refusal names its rule, and the command behind it."),
];

/// The picture and its six points.
#[component]
pub fn HowToRead() -> impl IntoView {
    view! {
        <section class="read" aria-labelledby="read-title">
            <h2 id="read-title" class="visually-hidden">"How to read the picture"</h2>
            <figure class="read__figure">
                {picture()}
                <figcaption class="visually-hidden">
                    "A hold of 2,048 CPU units and 7,990 MiB. Four tasks climb from its lower left corner; 512 CPU units and 2,358 MiB are left, and a wanted task of 512 CPU units and 1,024 MiB fits there."
                </figcaption>
            </figure>
            <ol class="read__points">
                {POINTS.iter().enumerate().map(|(index, (title, words))| view! {
                    <li>
                        <span class="read__number" aria-hidden="true">{(index + 1).to_string()}</span>
                        <div><b>{*title}</b><p>{*words}</p></div>
                    </li>
                }).collect_view()}
            </ol>
            <p class="read__note">"The picture is A1, an m5.large with 2,048 CPU units and 7,990 MiB, shared by four tasks."</p>
        </section>
    }
}

fn picture() -> impl IntoView {
    let sizes: Vec<Size> = LOADS.iter().map(|load| load.3).collect();
    let stairs = stow(CAPACITY, &sizes, X, FLOOR, SCALE);
    let used = sizes.iter().fold(Size::default(), |sum, size| Size {
        cpu: sum.cpu + size.cpu,
        memory: sum.memory + size.memory,
    });
    let wish = stand(used, WISH, X, FLOOR, SCALE);
    let (w, h) = (f64::from(CAPACITY.cpu) * SCALE.x, f64::from(CAPACITY.memory) * SCALE.y);
    let top = FLOOR - h;
    let grid: String = (1..8)
        .map(|column| format!("M{} {top}V{FLOOR}", X + f64::from(column) * 256.0 * SCALE.x))
        .chain((1..8).map(|tier| format!("M{X} {}H{}", FLOOR - f64::from(tier) * 1024.0 * SCALE.y, X + w)))
        .collect();
    let figures = [0, 2, 4, 6].map(|gib| {
        view! { <text class="hold__figure" x=X - 16.0 y=FLOOR - f64::from(gib) * 1024.0 * SCALE.y + 4.0 text-anchor="end">{gib.to_string()}</text> }
    });
    let loads = LOADS.iter().zip(&stairs.steps).map(|((name, colour, revision, _), place)| {
        let cut = if *revision == "new" { 8.0 } else { 0.0 };
        let outline =
            format!("M{} {}h{}l{cut} {cut}v{}h{}z", place.x, place.y, place.w - cut, place.h - cut, -place.w);
        let (x, y) = place.centre();
        view! {
            <g class=format!("load load--running load--{revision}") data-colour=colour.to_string()>
                <path class="load__fill" d=outline.clone() />
                <path class="load__edge" d=outline />
                <text class="load__name" x=x y=y + 5.0 text-anchor="middle">{*name}</text>
                <rect class="load__ruler" x=place.x y=FLOOR + 5.0 width=place.w height="6" />
                <rect class="load__ruler" x=X - 12.0 y=place.y width="6" height=place.h />
            </g>
        }
    });
    let free = stairs.free;
    let second = stairs.steps[1];
    let badges = [
        (1, X + w + 18.0, FLOOR - 20.0),
        (2, second.x + second.w + 16.0, second.y + 12.0),
        (3, free.x + free.w / 2.0, free.y + 16.0),
        (4, X + w + 18.0, wish.y + wish.h / 2.0),
        (5, X + 13.0, stairs.steps[0].y - 15.0),
    ]
    .map(|(number, x, y)| {
        view! {
            <g class="read__badge" transform=format!("translate({x} {y})")>
                <rect x="-10" y="-10" width="20" height="20" />
                <text y="5.5" text-anchor="middle">{number.to_string()}</text>
            </g>
        }
    });
    view! {
        <svg class="read__picture" viewBox="0 0 292 240" aria-hidden="true">
            <rect class="hold__hull" x=X y=top width=w height=h />
            <rect class="hold__free" x=free.x y=free.y width=free.w height=free.h />
            <path class="hold__grid" d=grid />
            <path class="hold__limit" d=format!("M{X} {top}H{}", X + w) />
            <path class="hold__wall" d=format!("M{0} {1}V{2}H{3}V{1}", X - 1.5, top - 8.0, FLOOR + 1.5, X + w + 1.5) />
            {figures}
            <text class="hold__figure" x=X - 16.0 y=top + 2.0 text-anchor="end">"GiB"</text>
            <text class="hold__figure" x=X y=FLOOR + 25.0>"0"</text>
            <text class="hold__figure" x=X + w / 2.0 y=FLOOR + 25.0 text-anchor="middle">"1024 CPU"</text>
            <text class="hold__figure" x=X + w y=FLOOR + 25.0 text-anchor="end">"2048"</text>
            {loads.collect_view()}
            <g class="slip">
                <rect class="slip__outline" x=wish.x + 1.0 y=wish.y width=wish.w - 2.0 height=wish.h />
                <text x=wish.x + wish.w / 2.0 y=wish.y + wish.h / 2.0 + 5.0 text-anchor="middle">"web:2?"</text>
            </g>
            {badges}
        </svg>
    }
}
