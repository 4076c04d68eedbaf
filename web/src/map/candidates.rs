//! How each machine fared in the decision that is being read, on the machines themselves.
use drydock::order;
use drydock::timeline::Outcome;
use leptos::prelude::*;

use super::crowd::shape_of;
use super::fleet::{Fleet, Selection};
use super::hold::Rect;
use super::plan::{Plan, Trial};

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
pub fn draw_candidates(plan: &Plan, candidates: &[Candidate]) -> AnyView {
    let machines =
        order::map(plan.spots.iter().enumerate().filter_map(|(index, spot)| match &spot.selection {
            Selection::Instance(id) => Some((id.as_str(), index)),
            _ => None,
        }));
    let found = candidates.iter().filter_map(|candidate| {
        let index = *machines.get(&*candidate.instance)?;
        Some((candidate, plan.spots[index].place))
    });
    if plan.is_together() {
        let mut outlines = Vec::new();
        for (candidate, Rect { x, y, w, h }) in found {
            let d = shape_of(&mut outlines, candidate.class());
            d.push_str(&format!("M{x:.1} {y:.1}h{w:.1}v{h:.1}h-{w:.1}z"));
        }
        let outlines = outlines
            .into_iter()
            .map(|(class, d)| view! { <g class=class><path class="candidate__outline" d=d /></g> });
        return outlines.collect_view().into_any();
    }
    let outlines = found.map(|(candidate, place)| {
        let words = candidate.words();
        view! {
            <g class=candidate.class()>
                <rect class="candidate__outline" x=place.x - 3.0 y=place.y - 3.0 width=place.w + 6.0 height=place.h + 6.0 rx="4" />
                <g transform=format!("translate({} {})", place.x, place.y + place.h + 3.0)>
                    <rect class="candidate__paper" x="-3" y="-9" width=words.len() as f64 * 6.6 + 12.0 height="18" rx="3" />
                    <text x="3" y="4.500">{words}</text>
                </g>
            </g>
        }
    });
    outlines.collect_view().into_any()
}
