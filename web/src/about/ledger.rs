//! Every rule that the engine follows, and what it rests on.
use std::collections::BTreeMap;

use drydock::{Basis, Rule, fidelity, rules};
use leptos::prelude::*;

const BASES: [(Basis, &str); 4] = [
    (Basis::Documented, "AWS documents it."),
    (Basis::AgentSource, "The source code of the ECS container agent shows it."),
    (Basis::Observed, "Seen in published output of real clusters."),
    (Basis::Modelled, "Not documented: our own choice."),
];

/// The rules by their area, each with its basis and source; a field narrows them down.
#[component]
pub fn Ledger() -> impl IntoView {
    let wanted = RwSignal::new(String::new());
    let mut areas: BTreeMap<&'static str, Vec<&'static Rule>> = BTreeMap::new();
    for rule in rules() {
        areas.entry(rule.id.split('-').next().unwrap_or(rule.id)).or_default().push(rule);
    }
    let total = rules().count();
    let found = move || rules().filter(|rule| matches(rule, &wanted.get())).count();
    let counts = BASES.map(|(basis, says)| {
        let count = rules().filter(|rule| rule.basis == basis).count();
        view! { <li><b class="ledger__count">{count.to_string()}</b><b>{basis.word()}</b><span>{says}</span></li> }
    });
    view! {
        <section class="about__part about__part--wide ledger" aria-labelledby="ledger-title">
            <h2 id="ledger-title">"The rules, and what they rest on"</h2>
            <ul class="ledger__bases">{counts}</ul>
            <label class="ledger__find">
                "Find a rule"
                <input type="search" prop:value=wanted on:input=move |event| wanted.set(event_target_value(&event)) />
                <output class="detail">{move || format!("{} of {total}", found())}</output>
            </label>
            {areas.into_iter().map(|(area, rules)| area_table(area, rules, wanted)).collect_view()}
        </section>
    }
}

/// The places where AWS does more than Drydock, or something else.
#[component]
pub fn Simplifications() -> impl IntoView {
    let rows = fidelity().iter().map(|entry| {
        view! {
            <tr>
                <th scope="row"><span class="rule-id">{entry.id}</span></th>
                <td><span class="simpler__who">"AWS"</span>{entry.aws}</td>
                <td><span class="simpler__who">"Here"</span>{entry.here}</td>
            </tr>
        }
    });
    view! {
        <section class="about__part about__part--wide" aria-labelledby="simpler-title">
            <h2 id="simpler-title">"Where AWS does more"</h2>
            <table class="simpler">
                <thead><tr><th scope="col">"Place"</th><th scope="col">"What AWS does"</th><th scope="col">"What happens here"</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </section>
    }
}

fn matches(rule: &Rule, wanted: &str) -> bool {
    let wanted = wanted.trim().to_ascii_lowercase();
    wanted.is_empty()
        || [rule.id, rule.says, rule.source, rule.basis.word()]
            .iter()
            .any(|text| text.to_ascii_lowercase().contains(&wanted))
}

fn area_table(area: &'static str, rules: Vec<&'static Rule>, wanted: RwSignal<String>) -> impl IntoView {
    let count = rules.len();
    let held = rules.clone();
    let hits = Memo::new(move |_| held.iter().filter(|rule| matches(rule, &wanted.get())).count());
    let rows = rules.into_iter().map(move |rule| {
        let note = if rule.reread { "" } else { ", wording not read again" };
        view! {
            <tr hidden=move || !matches(rule, &wanted.get())>
                <th scope="row"><span class="rule-id">{rule.id}</span></th>
                <td>{rule.says}</td>
                <td class="ledger__basis"><b>{rule.basis.word()}</b>{note}<br />{rule.source}</td>
            </tr>
        }
    });
    view! {
        <details class="ledger__area" hidden=move || hits.get() == 0 prop:open=move || !wanted.get().trim().is_empty()>
            <summary>{area}<span class="detail">{move || if hits.get() == count { many(count) } else { format!("{} of {}", hits.get(), many(count)) }}</span></summary>
            <table><tbody>{rows.collect_view()}</tbody></table>
        </details>
    }
}

fn many(count: usize) -> String {
    if count == 1 { "1 rule".to_string() } else { format!("{count} rules") }
}
