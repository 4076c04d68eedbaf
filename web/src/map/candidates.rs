//! How each machine fared in the decision that is being read, on the machines themselves.
use drydock::timeline::Outcome;
use leptos::prelude::*;

use super::fleet::{Fleet, Selection};
use super::plan::{Detail, Plan, Trial};

/// A machine, and how it fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The EC2 instance.
    pub instance: String,
    /// Whether it was chosen, would have done, or failed a test.
    pub outcome: Outcome,
    /// The test that it failed, in a word or two.
    pub test: String,
}

impl Candidate {
    fn words(&self) -> String {
        match self.outcome {
            Outcome::Chosen => "chosen".to_string(),
            Outcome::Passed => "would do".to_string(),
            Outcome::Removed => format!("no: {}", self.test),
        }
    }

    fn class(&self) -> &'static str {
        match self.outcome {
            Outcome::Chosen => "candidate candidate--chosen",
            Outcome::Passed => "candidate",
            Outcome::Removed => "candidate candidate--removed",
        }
    }
}

/// The trials of a wish, with what the engine found where room alone is not the matter.
pub fn told(trials: &[Trial], fleet: &Fleet, candidates: &[Candidate]) -> Vec<Trial> {
    let machines = fleet.zones.iter().flat_map(|zone| &zone.instances);
    let mut told = trials.to_vec();
    for (trial, machine) in told.iter_mut().zip(machines) {
        let removed = candidates
            .iter()
            .find(|candidate| candidate.instance == machine.id && candidate.outcome == Outcome::Removed);
        if let Some(removed) = removed {
            trial.short.get_or_insert_with(|| removed.test.clone());
        }
    }
    told
}

/// Outlines the machines of a decision; where there is space, with a word.
pub fn draw_candidates(plan: &Plan, candidates: &[Candidate]) -> impl IntoView + use<> {
    let outlines = candidates.iter().filter_map(|candidate| {
        let is_it = |selection: &Selection| matches!(selection, Selection::Instance(id) if *id == candidate.instance);
        let place = plan.spots.iter().find(|spot| is_it(&spot.selection))?.place;
        let words = (plan.detail != Detail::Overview).then(|| candidate.words());
        Some(view! {
            <g class=candidate.class()>
                <rect class="candidate__outline" x=place.x - 3.0 y=place.y - 3.0 width=place.w + 6.0 height=place.h + 6.0 rx="4" />
                {words.map(|words| view! {
                    <g transform=format!("translate({} {})", place.x, place.y + place.h + 3.0)>
                        <rect class="candidate__paper" x="-3" y="-9" width=words.len() as f64 * 6.6 + 12.0 height="18" rx="3" />
                        <text x="3" y="4.500">{words}</text>
                    </g>
                })}
            </g>
        })
    });
    outlines.collect_view()
}
