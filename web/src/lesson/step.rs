//! A step: its text, its prediction, its check, its hints, and why.
use drydock_lessons::{Item, Step};
use leptos::prelude::*;

use super::check::Check;
use super::hints::Hints;
use super::reader::Prose;
use super::session::{Room, Session, Stop};
use crate::studio::RuleMark;

/// What a step says.
#[component]
pub fn StepView(place: usize) -> impl IntoView {
    let session = expect_context::<Session>();
    let play = session.play();
    let total = play.steps.len();
    let Some(step) = play.steps.into_iter().nth(place) else { return ().into_any() };
    let id = step.id.clone();
    let met = Memo::new(move |_| session.is_met(&id));
    let drilled = session.drill();
    let drill = drilled.is_some();
    let questions = drilled.map(|drill| drill.questions).unwrap_or_default();
    let text = step.text.clone();
    let prediction = step.prediction.clone();
    let last = place + 1 == total;
    let after = StoredValue::new(step.clone());
    view! {
        <section class="lesson__part lesson__text"><Prose anchor=text heading=true /></section>
        {prediction.map(|item| view! { <Prediction item=item met=met /> })}
        {(!questions.is_empty()).then(|| view! { <DrillQuestions questions=questions /> })}
        <Check step=step.clone() place=place met=met />
        <Show when=move || met.get()>
            <After step=after.get_value() last=last place=place drill=drill />
        </Show>
        <Hints step=step.clone() met=met />
        {last.then(|| view! {
            <Show when=move || met.get() && !drill>
                <section class="lesson__part lesson__aha"><Prose anchor="aha".to_string() heading=true /></section>
            </Show>
        })}
    }
    .into_any()
}

/// What is told once a step is met; it stays readable.
#[component]
fn After(step: Step, place: usize, last: bool, drill: bool) -> impl IntoView {
    let session = expect_context::<Session>();
    let rules: Vec<_> = step.rules.iter().filter_map(|id| drydock::rules::find(id)).collect();
    let onward = move |_| session.stop.set(if last { Stop::Quiz } else { Stop::Step(place + 1) });
    let silent = drill && step.why.is_none();
    view! {
        <section class="lesson__part lesson__why" aria-label="Why">
            {step.why.clone().map(|why| view! { <Prose anchor=why heading=true /> })}
            {(!rules.is_empty()).then(|| view! {
                <p class="lesson__rules">{rules.iter().map(|rule| view! { <RuleMark rule=Some(*rule) />" " }).collect_view()}</p>
            })}
            {silent.then(|| view! { <h2>"Done, and nobody guided you"</h2> })}
            {drill.then(|| view! {
                <p class="lesson__keys"><button class="key--next" on:click=move |_| session.room.set(Room::Lesson)>"Back to the lesson"</button></p>
            })}
            {(!drill).then(|| view! {
                <p class="lesson__keys">
                    <button class="key--next" on:click=onward>{if last { "On to the quiz".to_string() } else { format!("On to step {}", place + 2) }}</button>
                </p>
            })}
        </section>
    }
}

/// A question to answer before something is done.
#[component]
fn Prediction(item: Item, met: Memo<bool>) -> impl IntoView {
    let session = expect_context::<Session>();
    let id = item.id.clone();
    let chosen = Memo::new(move |_| session.progress.with(|progress| progress.predicted.get(&id).cloned()));
    let remark = move || match (chosen.get(), met.get()) {
        (None, false) => "Say first what you expect.",
        (None, true) => "You saw it already; say what you make of it.",
        (Some(_), false) => "Kept. You see who was right when the step is met.",
        (Some(_), true) => "",
    };
    let stem = item.stem.clone();
    let title = format!("prediction-{}", item.id);
    let name = title.clone();
    view! {
        <section class="lesson__part prediction" aria-labelledby=title>
            <div class="prediction__ask" id=name inner_html=stem></div>
            <div class="prediction__options" role="group">
                {item.options.iter().map(|option| {
                    let (key, item) = (option.key.clone(), item.clone());
                    let (mine, right) = (key.clone(), option.right);
                    let is_mine = Memo::new(move |_| chosen.get().as_deref() == Some(mine.as_str()));
                    let shown = Memo::new(move |_| met.get() && chosen.get().is_some());
                    let why = option.why.clone();
                    view! {
                        <div class="prediction__option">
                            <button aria-pressed=move || is_mine.get().to_string()
                                class:prediction__key--right=move || shown.get() && right
                                disabled=move || chosen.get().is_some() && !is_mine.get()
                                on:click=move |_| if chosen.get_untracked().is_none() { session.predict(&item, &key) }
                                inner_html=option.text.clone()></button>
                            {move || (shown.get() && (right || is_mine.get())).then(|| view! {
                                <div class="prediction__why"><b>{if right { "So it was. " } else { "You expected this. " }}</b><span inner_html=why.clone()></span></div>
                            })}
                        </div>
                    }
                }).collect_view()}
            </div>
            <p class="detail" role="status">{remark}</p>
        </section>
    }
}

/// The questions of a drill.
#[component]
fn DrillQuestions(questions: Vec<Item>) -> impl IntoView {
    let session = expect_context::<Session>();
    view! {
        <section class="lesson__part" aria-label="Questions">
            {questions.into_iter().map(|item| {
                let id = item.id.clone();
                let chosen = Memo::new(move |_| session.progress.with(|progress| progress.chosen.get(&id).cloned().unwrap_or_default()));
                let title = format!("question-{}", item.id);
                let name = title.clone();
                view! {
                    <div class="prediction" role="group" aria-labelledby=title>
                        <div class="prediction__ask" id=name inner_html=item.stem.clone()></div>
                        <div class="prediction__options">
                            {item.options.iter().map(|option| {
                                let (key, item) = (option.key.clone(), item.clone());
                                let mine = key.clone();
                                let is_mine = Memo::new(move |_| chosen.with(|chosen| chosen.contains(&mine)));
                                let (right, why) = (option.right, option.why.clone());
                                view! {
                                    <div class="prediction__option">
                                        <button aria-pressed=move || is_mine.get().to_string()
                                            class:prediction__key--right=move || is_mine.get() && right
                                            on:click=move |_| session.answer_drill(&item, &key) inner_html=option.text.clone()></button>
                                        {move || is_mine.get().then(|| view! {
                                            <div class="prediction__why"><b>{if right { "Yes. " } else { "No. " }}</b><span inner_html=why.clone()></span></div>
                                        })}
                                    </div>
                                }
                            }).collect_view()}
                        </div>
                    </div>
                }
            }).collect_view()}
        </section>
    }
}
