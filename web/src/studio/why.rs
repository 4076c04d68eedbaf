//! Why something is as it is: the verdicts of the last decision, and the chain of causes.
use drydock::timeline::{Outcome, Record, RecordId, RecordKind, Subject, Timeline};
use drydock::{Rule, Run, SimTime, order};
use leptos::prelude::*;

use super::desk::{Desk, EntryKind};
use super::{fleet, subject};
use crate::map::{Candidate, Selection};

/// What the inspector answers to "why".
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Why {
    /// The last decision about it.
    pub decision: Option<Told>,
    /// How each candidate fared in it.
    pub verdicts: Vec<Judged>,
    /// What led here, the latest first; the last is a command or a fault.
    pub chain: Vec<Told>,
    /// Where the simulation is simpler than AWS, on the way here.
    pub simpler: Vec<Told>,
}

/// A record as the inspector tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// When.
    pub at: SimTime,
    /// What sort of thing.
    pub kind: RecordKind,
    /// What happened.
    pub text: String,
    /// What it is about, in short.
    pub about: String,
    /// By which rule.
    pub rule: Option<&'static Rule>,
}

/// A candidate and its verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// Who, in short.
    pub candidate: String,
    /// How it fared.
    pub outcome: Outcome,
    /// Why, with numbers.
    pub reason: String,
    /// By which rule.
    pub rule: &'static Rule,
}

impl Told {
    /// A record in the inspector's words.
    pub fn of(record: &Record) -> Told {
        Told {
            at: record.at,
            kind: record.kind,
            text: record.text.clone(),
            about: subject::brief(&record.subject).to_string(),
            rule: record.rule,
        }
    }
}

/// Why the things in `about` are as they are.
pub fn why(timeline: &Timeline, about: &[Subject]) -> Why {
    let records = timeline.records();
    let ours = |record: &Record| about.contains(&record.subject);
    let judged = |record: &&Record| !record.verdicts.is_empty();
    // A service says only now and then that it finds no place; each try is a decision of its own.
    let in_vain = |record: &Record| {
        let chosen = record.verdicts.iter().any(|verdict| verdict.outcome == Outcome::Chosen);
        judged(&record) && !chosen && record.cause.and_then(|cause| timeline.get(cause)).is_some_and(ours)
    };
    let is_last = |record: &Record| ours(record) || in_vain(record);
    let Some(last) = records.iter().rposition(is_last) else { return Why::default() };
    let last = RecordId(u32::try_from(last).unwrap_or(u32::MAX));
    let mut ids = vec![last];
    ids.extend(timeline.causes(last));
    let chain: Vec<&Record> = ids.iter().filter_map(|id| timeline.get(*id)).collect();
    let decision = chain
        .iter()
        .copied()
        .find(judged)
        .or_else(|| records.iter().rev().find(|record| judged(record) && ours(record)));
    let verdicts = decision.map(|record| record.verdicts.as_slice()).unwrap_or_default();
    Why {
        decision: decision.map(Told::of),
        verdicts: verdicts
            .iter()
            .map(|verdict| Judged {
                candidate: verdict.candidate.short().to_string(),
                outcome: verdict.outcome,
                reason: verdict.reason.clone(),
                rule: verdict.rule,
            })
            .collect(),
        simpler: chain
            .iter()
            .filter(|record| record.kind == RecordKind::Simplification)
            .map(|record| Told::of(record))
            .collect(),
        chain: chain.into_iter().map(Told::of).collect(),
    }
}

/// How machines fared in the last decision about a task or a wish, if it was about a place.
pub fn candidates(run: &Run, selection: &Selection) -> Vec<Candidate> {
    if !matches!(selection, Selection::Task(_) | Selection::Wish(..)) {
        return Vec::new();
    }
    let state = run.sim().state();
    let verdicts = why(run.timeline(), &subject::subjects(state, selection)).verdicts;
    let hosts = state.container_instances.values();
    let hosts = order::map(hosts.map(|host| (host.arn.short(), host.instance.to_string())));
    let machine = |judged: &Judged| hosts.get(&*judged.candidate).cloned();
    let found = verdicts.iter().filter_map(|judged| {
        let test = judged.reason.split(':').next().unwrap_or_default().to_string();
        Some(Candidate { instance: machine(judged)?, outcome: judged.outcome, test })
    });
    found.collect()
}

/// The tab of the inspector that answers why.
#[component]
pub fn WhyTab(selection: Selection) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let why = desk.run.view(move |run| {
        let state = run.sim().state();
        let mut why = why(run.timeline(), &subject::subjects(state, &selection));
        // A machine is known by its plate, a task by the beginning of its id, as on the map.
        let plates = fleet::plates(state);
        for judged in &mut why.verdicts {
            judged.candidate = match plates.get(&*judged.candidate) {
                Some(plate) => plate.clone(),
                None => judged.candidate.get(..8).unwrap_or(&judged.candidate).to_string(),
            };
        }
        why
    });
    move || {
        let Why { decision, verdicts, chain, simpler } = why.get();
        if chain.is_empty() {
            return view! { <p class="inspector__empty">"Nothing has happened to it yet."</p> }.into_any();
        }
        let root = chain.last().cloned();
        view! {
            {decision.map(|decision| view! {
                <section class="why__decision">
                    <h3>{begun_large(&decision.text)}</h3>
                    <p class="detail">{decision.at.clock()} " " <RuleMark rule=decision.rule /></p>
                    <table class="why__verdicts">
                        <thead class="visually-hidden"><tr><th>"Candidate"</th><th>"Verdict"</th><th>"Rule"</th></tr></thead>
                        <tbody>{verdicts.into_iter().map(verdict).collect_view()}</tbody>
                    </table>
                </section>
            })}
            <h3>"What led here"</h3>
            <ol class="why__chain">{chain.into_iter().map(link).collect_view()}</ol>
            {root.map(|root| view! { <Back root=root /> })}
            {(!simpler.is_empty()).then(|| view! {
                <section class="why__simpler">
                    <h3>"Simpler here than on AWS"</h3>
                    {simpler.into_iter().map(|note| view! { <p>{note.text}" "<RuleMark rule=note.rule /></p> }).collect_view()}
                </section>
            })}
        }
        .into_any()
    }
}

fn verdict(judged: Judged) -> impl IntoView {
    let (class, word) = match judged.outcome {
        Outcome::Chosen => ("why__outcome why__outcome--chosen", "chosen"),
        Outcome::Passed => ("why__outcome", "would do"),
        Outcome::Removed => ("why__outcome why__outcome--removed", "no"),
    };
    view! {
        <tr>
            <th scope="row"><span class="why__plate">{judged.candidate}</span></th>
            <td><b class=class>{word}</b>" "{judged.reason}</td>
            <td><RuleMark rule=Some(judged.rule) /></td>
        </tr>
    }
}

fn link(told: Told) -> impl IntoView {
    let (class, command) = match told.kind {
        RecordKind::Command | RecordKind::Answer => ("why__link why__link--command", true),
        RecordKind::Fault => ("why__link why__link--fault", true),
        RecordKind::Failure | RecordKind::Refusal => ("why__link why__link--failure", false),
        _ => ("why__link", false),
    };
    let text = if command {
        view! { <b>{told.about}" ran "</b><code>{told.text}</code> }.into_any()
    } else {
        view! { <span>{told.text}</span>" "<span class="detail">{told.about}</span> }.into_any()
    };
    view! {
        <li class=class>
            <time class="why__at">{told.at.clock()}</time>
            <div class="why__text">{text}" "<RuleMark rule=told.rule /></div>
        </li>
    }
}

/// The ways back to where it began.
#[component]
fn Back(root: Told) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let at = root.at;
    // Just before the command, so that something else can be done in its place.
    let to = SimTime(at.0.saturating_sub(1));
    let branch = move |_| {
        desk.seek(to);
        desk.print(EntryKind::Note, "From here a command begins another future; the old one is kept.");
        if let Some(input) = document().get_element_by_id("terminal-input") {
            use wasm_bindgen::JsCast;
            if let Ok(input) = input.dyn_into::<web_sys::HtmlElement>() {
                let _ = input.focus();
            }
        }
    };
    view! {
        <p class="why__back">
            <button class="key--next" on:click=move |_| desk.seek(to)>{format!("Rewind to {}", at.clock())}</button>
            <button on:click=branch>"Branch from here"</button>
        </p>
    }
}

/// A rule's id, which opens to what it says and what it rests on.
#[component]
pub fn RuleMark(rule: Option<&'static Rule>) -> impl IntoView {
    rule.map(|rule| {
        let unread = (!rule.reread).then_some(" The wording of the source was not read again.");
        view! {
            <details class="rule-mark">
                <summary class="rule-id">{rule.id}</summary>
                <span class="rule-mark__says">
                    <b>{rule.says}</b>
                    <span class="rule-mark__basis">{rule.basis.word()}": "{rule.source}"."{unread}</span>
                </span>
            </details>
        }
    })
}

/// A text with a capital letter at its beginning.
fn begun_large(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| std::iter::once(first.to_ascii_uppercase()).chain(letters).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::why;
    use drydock::SimTime;
    use drydock::timeline::{Kind, Outcome, Record, RecordId, RecordKind, Subject, Timeline, Verdict};

    fn record(kind: RecordKind, subject: &Subject, cause: Option<u32>, verdicts: Vec<Verdict>) -> Record {
        let rule = drydock::rules::rules().next();
        Record {
            at: SimTime(5),
            kind,
            subject: subject.clone(),
            text: "x".to_string(),
            rule,
            cause: cause.map(RecordId),
            verdicts,
        }
    }

    #[test]
    fn the_chain_leads_from_the_last_record_to_the_command() {
        let rule = drydock::rules::rules().next().expect("there are rules");
        let (task, other, run) = (
            Subject::new(Kind::Task, "t/1"),
            Subject::new(Kind::Task, "t/2"),
            Subject::new(Kind::Run, "student"),
        );
        let verdict = Verdict {
            candidate: Subject::new(Kind::ContainerInstance, "a/b1"),
            outcome: Outcome::Chosen,
            reason: "fits".to_string(),
            rule,
        };
        let mut timeline = Timeline::default();
        timeline.append(record(RecordKind::Command, &run, None, vec![]));
        timeline.append(record(RecordKind::Decision, &task, Some(0), vec![verdict]));
        timeline.append(record(RecordKind::Change, &task, Some(1), vec![]));
        timeline.append(record(RecordKind::Change, &other, None, vec![]));
        let why = why(&timeline, std::slice::from_ref(&task));
        let kinds: Vec<_> = why.chain.iter().map(|told| told.kind).collect();
        assert_eq!(kinds, [RecordKind::Change, RecordKind::Decision, RecordKind::Command]);
        assert_eq!(why.verdicts[0].candidate, "b1");
    }

    #[test]
    fn a_try_in_vain_is_told_although_the_service_is_silent_about_it() {
        let rule = drydock::rules::rules().next().expect("there are rules");
        let (service, cluster) =
            (Subject::new(Kind::Service, "s/web"), Subject::new(Kind::Cluster, "c/shop"));
        let verdict = |outcome| {
            let candidate = Subject::new(Kind::ContainerInstance, "a/b1");
            vec![Verdict { candidate, outcome, reason: "network cards: none is left".to_string(), rule }]
        };
        let mut timeline = Timeline::default();
        timeline.append(record(RecordKind::Decision, &service, None, vec![]));
        timeline.append(record(RecordKind::Decision, &cluster, Some(0), verdict(Outcome::Chosen)));
        let told = |timeline: &Timeline| why(timeline, std::slice::from_ref(&service));
        assert!(told(&timeline).decision.is_none(), "a task that was placed is no matter of the wish");
        timeline.append(record(RecordKind::Decision, &cluster, Some(0), verdict(Outcome::Removed)));
        assert_eq!(told(&timeline).verdicts.first().map(|judged| judged.outcome), Some(Outcome::Removed));
    }

    #[test]
    fn of_what_nothing_happened_to_nothing_is_told() {
        let why = why(&Timeline::default(), &[Subject::new(Kind::Task, "t/1")]);
        assert!(why.chain.is_empty() && why.decision.is_none());
    }
}
