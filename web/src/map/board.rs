//! The board above the map: what each service wants, what runs, what is healthy.
use leptos::prelude::*;

use super::fleet::{Fleet, Selection, Service, colour};

/// One sign per service, in its colour.
#[component]
pub fn ServiceBoard(
    /// What to show.
    #[prop(into)]
    fleet: Signal<Fleet>,
    /// What is selected now.
    #[prop(into)]
    selected: Signal<Option<Selection>>,
    /// Told when the reader selects a service.
    #[prop(into)]
    on_select: Callback<Selection>,
) -> impl IntoView {
    let services = Memo::new(move |_| fleet.with(|fleet| fleet.services.clone()));
    let none = move || services.with(Vec::is_empty);
    view! {
        <section class="board" aria-label="Services">
            {move || none().then(|| view! {
                <p class="board__none"><b>"No service"</b>" A service is a wish for a number of tasks, worked on for as long as it lives."</p>
            })}
            <For
                each=move || services.get().into_iter().map(|service| service.name).enumerate()
                key=|(index, name)| (*index, name.clone())
                children=move |(index, name)| {
                    let own = name.clone();
                    let service = Memo::new(move |_| services.with(|all| all.iter().find(|service| service.name == own).cloned()));
                    let selection = StoredValue::new(Selection::Service(name.clone()));
                    let pressed = move || selection.with_value(|own| selected.with(|selected| selected.as_ref() == Some(own)));
                    let words = move |read: fn(&Service) -> String| service.with(|service| service.as_ref().map(read));
                    view! {
                        <button
                            class="board__service"
                            class:board__service--short=move || service.with(|service| service.as_ref().is_some_and(|service| service.running < service.wanted))
                            data-colour=colour(Some(index)).to_string()
                            aria-pressed=move || pressed().to_string()
                            on:click=move |_| on_select.run(selection.get_value())
                        >
                            <span class="board__words">
                                <b title=name.clone()>{name.clone()}</b>
                                <span class="visually-hidden">", "</span>
                                <span>{move || words(|service| service.detail.clone())}</span>
                            </span>
                            <Numeral value=Signal::derive(move || words(|service| service.wanted.to_string())) unit="wanted" />
                            <Numeral value=Signal::derive(move || words(|service| service.running.to_string())) unit="running" />
                            <Numeral
                                value=Signal::derive(move || words(|service| service.healthy.map_or("–".to_string(), |healthy| healthy.to_string())))
                                unit="healthy"
                            />
                        </button>
                    }
                }
            />
        </section>
    }
}

/// A large number that rolls by one line when it changes.
#[component]
fn Numeral(value: Signal<Option<String>>, unit: &'static str) -> impl IntoView {
    view! {
        <span class="board__count">
            <span class="board__numeral">
                {move || {
                    let value = value.get().unwrap_or_default();
                    view! { <span class="board__roll">{value}</span> }
                }}
            </span>
            <span class="board__unit">{unit}<span class="visually-hidden">", "</span></span>
        </span>
    }
}
