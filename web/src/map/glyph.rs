//! The marks of the states: a shape for each, so that none needs its colour.
use leptos::prelude::*;

use super::fleet::Mark;

/// Draws a mark 12 px wide around `(x, y)`.
pub fn glyph(mark: Mark, x: f64, y: f64) -> AnyView {
    let at = format!("translate({x} {y})");
    let inside = match mark {
        Mark::Running | Mark::ByHand => view! { <circle r="5" class="glyph__solid" /> }.into_any(),
        Mark::Activating => view! { <circle r="4.5" class="glyph__ring" /> <circle r="2" class="glyph__solid" /> }.into_any(),
        Mark::Pending => {
            view! { <circle r="4.5" class="glyph__ring" /> <path d="M0-4.500A4.500 4.500 0 0 0 0 4.500Z" class="glyph__solid" /> }.into_any()
        }
        Mark::Provisioning => view! { <circle r="4.500" class="glyph__ring glyph__ring--broken" /> }.into_any(),
        Mark::Unhealthy => {
            view! { <path d="M0-6.500L6.500 0L0 6.500L-6.500 0Z" class="glyph__wrong" /> <path d="M0-3.200V.8M0 2.200V3.500" class="glyph__bang" /> }.into_any()
        }
        Mark::Leaving => view! { <path d="M-5-4H5L0 4.800Z" class="glyph__ring" /> }.into_any(),
        Mark::Stopped | Mark::Exited => view! { <path d="M-4-4L4 4M4-4L-4 4" class="glyph__cross" /> }.into_any(),
    };
    view! { <g class="glyph" transform=at aria-hidden="true">{inside}</g> }.into_any()
}

/// Mark and word of every state, for the legend.
pub const LEGEND: [(Mark, &str); 7] = [
    (Mark::Provisioning, "provisioning"),
    (Mark::Pending, "pending"),
    (Mark::Activating, "activating"),
    (Mark::Running, "running"),
    (Mark::Unhealthy, "unhealthy"),
    (Mark::Leaving, "leaving"),
    (Mark::Stopped, "stopped"),
];
