//! The check of a step: what must be true, whether it is, and why not yet.
use drydock_lessons::judge::Verdict;
use drydock_lessons::{Step, StepVerdict};
use leptos::prelude::*;

use super::reader::Prose;
use super::session::Session;

/// The goals of a step, as they stand now.
#[component]
pub fn Check(step: Step, place: usize, met: Memo<bool>) -> impl IntoView {
    let session = expect_context::<Session>();
    let now = Memo::new(move |_| session.verdicts.with(|verdicts| verdicts.get(place).cloned()));
    let parts = move || now.get().map(|verdict| parts(&verdict)).unwrap_or_default();
    let title = move || match (met.get(), now.get().is_some_and(|verdict| verdict.met_at.is_some())) {
        (true, true) => "Check: met".to_string(),
        (true, false) => "Check: met in an earlier run".to_string(),
        _ => "Check: not met yet".to_string(),
    };
    let count = move || {
        let parts = parts();
        // What was met once counts, also when the world has moved on.
        let all = now.get().is_some_and(|verdict| verdict.met_at.is_some());
        let done = parts.iter().filter(|part| all || part.met).count();
        (parts.len() > 1).then(|| format!("{done} of {}", parts.len()))
    };
    let feedback = step.feedback;
    let wrong = move || now.get().map(|verdict| verdict.feedback).unwrap_or_default();
    view! {
        <section class="lesson__part lesson__part--land check" aria-label="Check">
            <header class="check__head"><h2><span role="status">{title}</span></h2><span>{count}</span></header>
            <ul class="check__parts">
                {move || {
                    let all_met = now.get().is_some_and(|verdict| verdict.met_at.is_some());
                    parts().into_iter().map(|part| line(part, all_met)).collect_view()
                }}
            </ul>
            {move || wrong().into_iter().filter_map(|place| feedback.get(place).cloned()).map(|feedback| view! {
                <div class="check__feedback" role="status">
                    <Prose anchor=feedback.text />
                    {feedback.reset.then(|| view! { <p class="detail">"To try again, undo what went wrong with the arrow beside the line of time. Or choose \u{201c}Start again\u{201d} under \u{201c}This run\u{201d}: steps that you met stay met."</p> })}
                </div>
            }).collect_view()}
            <Show when=move || !met.get()>
                <p class="lesson__keys">
                    <button on:click=move |_| session.desk.player.play_to_next()>"Play to the next event"</button>
                </p>
            </Show>
        </section>
    }
}

/// The parts of a goal, or the goal itself when it has none.
fn parts(verdict: &StepVerdict) -> Vec<Verdict> {
    if verdict.now.parts.len() > 1 { verdict.now.parts.clone() } else { vec![verdict.now.clone()] }
}

fn line(part: Verdict, step_met: bool) -> impl IntoView {
    let partly = part.progress.is_some_and(|(have, want)| have > 0 && have < want);
    let (class, word) = match (part.met || step_met, partly) {
        (true, _) => ("check__mark check__mark--met", "Met: "),
        (false, true) => ("check__mark check__mark--partly", "Partly: "),
        (false, false) => ("check__mark", "Not yet: "),
    };
    let reason = (!part.reason.is_empty() && !part.met && !step_met)
        .then(|| view! { <span class="check__reason">{part.reason}</span> });
    view! {
        <li>
            <span class=class aria-hidden="true"></span>
            <div><span class="visually-hidden">{word}</span><span class="check__goal">{plain(&part.sentence)}</span>{reason}</div>
        </li>
    }
}

/// A sentence without the marks of code around names, beginning with a capital unless a name begins it.
fn plain(sentence: &str) -> String {
    let named = sentence.starts_with('`');
    let sentence = sentence.replace('`', "");
    if named {
        return sentence;
    }
    let mut signs = sentence.chars();
    signs
        .next()
        .map(|first| std::iter::once(first.to_ascii_uppercase()).chain(signs).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_goal_reads_as_a_sentence() {
        assert_eq!(plain("the cluster `shop` is ACTIVE"), "The cluster shop is ACTIVE");
        assert_eq!(plain("`web:1` asks for 256 CPU units"), "web:1 asks for 256 CPU units");
        assert_eq!(plain(""), "");
    }
}
