//! What can be done to a selection; every key says and runs its command.
use leptos::prelude::*;

use super::desk::Desk;
use super::subject;
use crate::map::Selection;

/// The keys of a selection.
#[component]
pub fn Actions(selection: Selection) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let actions = desk.run.view(move |run| subject::actions(run.sim().state(), &selection));
    view! {
        <Show when=move || !actions.with(Vec::is_empty)>
            <section class="actions" aria-label="What you can do">
                <h3>"Do something to it"</h3>
                <ul>
                    {move || actions.get().into_iter().map(|action| {
                        let command = action.command.clone();
                        view! {
                            <li>
                                <button class="actions__key" class:actions__key--fault=action.fault on:click=move |_| desk.enter_for_click(&command)>{action.label}</button>
                                <code class="actions__command">{action.command}</code>
                            </li>
                        }
                    }).collect_view()}
                </ul>
            </section>
        </Show>
    }
}
