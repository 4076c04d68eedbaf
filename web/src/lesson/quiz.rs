//! The quiz at the end: each option with its reason, and the run that shows it.
use std::collections::BTreeSet;

use drydock::order;
use drydock_lessons::{Item, item::Choice};
use leptos::prelude::*;

use super::session::{Session, Standing, Stop};
use crate::studio::{RuleMark, focus};

/// The questions, one at a time.
#[component]
pub fn Quiz() -> impl IntoView {
    let session = expect_context::<Session>();
    let items = StoredValue::new(session.lesson().quiz.clone());
    let total = items.with_value(Vec::len);
    let open = move |place: usize| items.with_value(|items| items.get(place).map(|item| item.id.clone()));
    let first = session.progress.with_untracked(|progress| {
        (0..total).find(|place| open(*place).is_some_and(|id| !progress.chosen.contains_key(&id)))
    });
    let at = RwSignal::new(first.unwrap_or(0));
    view! {
        <nav class="quiz__line" aria-label="Questions">
            <b>{move || format!("Question {} of {total}", at.get() + 1)}</b>
            <ol>
                {(0..total).map(|place| {
                    let state = Memo::new(move |_| {
                        items.with_value(|items| session.progress.with(|progress| items.get(place).map(|item| Standing::of(item, progress))))
                            .unwrap_or(Standing::Open)
                    });
                    view! {
                        <li><button class=move || format!("quiz__dot quiz__dot--{}", state.get().class())
                            aria-label=move || format!("Question {}, {}", place + 1, state.get().words())
                            aria-current=move || (at.get() == place).then_some("step")
                            on:click=move |_| at.set(place)></button></li>
                    }
                }).collect_view()}
            </ol>
        </nav>
        {move || items.with_value(|items| items.get(at.get()).cloned()).map(|item| view! { <Question item=item /> })}
        <p class="lesson__part lesson__keys">
            <button disabled=move || at.get() == 0 on:click=move |_| at.update(|at| *at -= 1)>"Back"</button>
            {move || if at.get() + 1 < total {
                view! { <button class="key--next" on:click=move |_| at.update(|at| *at += 1)>"Next question"</button> }.into_any()
            } else {
                view! { <button class="key--next" on:click=move |_| session.stop.set(Stop::End)>"To the end"</button> }.into_any()
            }}
        </p>
    }
}

/// A question and its options.
#[component]
fn Question(item: Item) -> impl IntoView {
    let session = expect_context::<Session>();
    let id = item.id.clone();
    let chosen = Memo::new(move |_| {
        session.progress.with(|progress| progress.chosen.get(&id).cloned().unwrap_or_default())
    });
    // What is asked once more stands here: without an answer, then with it.
    let again = RwSignal::new(None::<Option<String>>);
    let shown = Memo::new(move |_| match again.get() {
        Some(answer) => order::set(answer),
        None => chosen.get(),
    });
    let answered = Memo::new(move |_| !shown.with(BTreeSet::is_empty));
    let key = item.key().map(|key| key.key.clone()).unwrap_or_default();
    let wrong = move || shown.with(|shown| !shown.is_empty() && !shown.contains(&key));
    let stem = item.stem.clone();
    let title = format!("quiz-{}", item.id);
    let to_stem = title.clone();
    let citation = item.citation.clone();
    let item = StoredValue::new(item);
    let options = item.with_value(|item| item.options.clone());
    view! {
        <div class="quiz__stem" id=title.clone() tabindex="-1" inner_html=stem></div>
        <div role="group" aria-labelledby=title class="quiz__options">
            {options.into_iter().map(|option| view! { <OptionRow option=option item=item shown=shown again=again /> }).collect_view()}
        </div>
        {move || wrong().then(|| {
            let stem = to_stem.clone();
            view! {
                <p class="lesson__part lesson__keys">
                    <button on:click=move |_| {
                        again.set(Some(None));
                        focus(&stem);
                    }>"Try again"</button>
                    <span class="detail">"The score counts the first answer."</span>
                </p>
            }
        })}
        {move || answered.get().then(|| citation.clone().map(|citation| view! { <p class="lesson__part detail">"Source: "{citation}</p> }))}
    }
}

#[component]
fn OptionRow(
    option: Choice,
    item: StoredValue<Item>,
    shown: Memo<BTreeSet<String>>,
    again: RwSignal<Option<Option<String>>>,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let key = option.key.clone();
    let mine = Memo::new(move |_| shown.with(|shown| shown.contains(&key)));
    let answered = Memo::new(move |_| !shown.with(BTreeSet::is_empty));
    let first_try = move || {
        item.with_value(|item| session.progress.with(|progress| progress.first_try.contains(&item.id)))
    };
    let right = option.right;
    let key = option.key.clone();
    let lines = item.with_value(|item| match (&item.run, &option.run) {
        (None, None) => None,
        (before, after) => {
            Some([before.clone().unwrap_or_default(), after.clone().unwrap_or_default()].join("\n"))
        }
    });
    let class = move || match (answered.get(), right, mine.get()) {
        (true, true, _) => "quiz__option quiz__option--right",
        (true, false, true) => "quiz__option quiz__option--mine",
        _ => "quiz__option",
    };
    let verdict = move || match (answered.get(), right, mine.get()) {
        (true, true, true) if first_try() => Some("Your answer, and the right one"),
        (true, true, true) => Some("Right at a later try"),
        (true, true, false) => Some("The answer"),
        (true, false, true) => Some("Your answer: not this one"),
        _ => None,
    };
    let explained = StoredValue::new(option.clone());
    let lines = StoredValue::new(lines);
    let letter = option.key.to_ascii_uppercase();
    let choose = move |_| {
        if !answered.get_untracked() {
            item.with_value(|item| session.answer(item, &key));
            again.update(|again| *again = again.take().map(|_| Some(key.clone())));
        }
    };
    view! {
        <div class=class>
            <span class="quiz__letter" aria-hidden="true">{letter}</span>
            <div class="quiz__body">
                {move || verdict().map(|verdict| view! { <p class="quiz__verdict">{verdict}</p> })}
                <button class="quiz__choice" disabled=move || answered.get() aria-pressed=move || mine.get().to_string() on:click=choose><span inner_html=option.text></span></button>
                <Show when=move || answered.get()>
                    {move || {
                        let option = explained.get_value();
                        let rule = option.rule.as_deref().and_then(drydock::rules::find);
                        view! {
                            <div class="quiz__why" inner_html=option.why></div>
                            {option.misconception.map(|idea| view! { <p class="detail">{format!("Often chosen by whoever {idea}.")}</p> })}
                            <p class="quiz__more">
                                {lines.get_value().map(|lines| view! { <button class="quiz__run" on:click=move |_| session.prove(&lines)>"Open this run"</button> })}
                                " "<RuleMark rule=rule />
                            </p>
                        }
                    }}
                </Show>
            </div>
        </div>
    }
}
