//! The patterns of states, once for each service colour.
use leptos::prelude::*;

/// Stripes for what is coming, bars for what is leaving, dots for what is being prepared.
pub fn patterns() -> AnyView {
    let of_colour = (0..=4).map(|colour| {
        let colour = colour.to_string();
        view! {
            <pattern id=format!("map-stripes-{colour}") data-colour=colour.clone() class="pattern" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="pattern__mark" width="4" height="8" />
            </pattern>
            <pattern id=format!("map-bars-{colour}") data-colour=colour.clone() class="pattern" width="8" height="8" patternUnits="userSpaceOnUse">
                <rect class="pattern__mark" width="3.5" height="8" />
            </pattern>
            <pattern id=format!("map-dots-{colour}") data-colour=colour.clone() class="pattern" width="6" height="6" patternUnits="userSpaceOnUse">
                <circle class="pattern__mark" cx="3" cy="3" r="1.4" />
            </pattern>
        }
    });
    view! {
        <defs>
            {of_colour.collect_view()}
            <pattern id="map-shut" class="pattern" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="pattern__ink" width="1.6" height="10" />
            </pattern>
            <pattern id="map-warning" class="pattern" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                <rect class="pattern__yellow" width="14" height="14" />
                <rect class="pattern__dark" width="7" height="14" />
            </pattern>
        </defs>
    }
    .into_any()
}
