//! The hint ladder: look here, the idea, the next command, watch it.
use drydock_lessons::Step;
use leptos::prelude::*;

use super::commands;
use super::reader::Prose;
use super::session::{Session, Stop};
use crate::studio::desk::{DockTab, Page};

const NAMES: [(&str, &str); 4] = [
    ("Look here", "where to look"),
    ("The idea", "what it is about"),
    ("Next command", "from the solution"),
    ("Watch it", "plays the step"),
];

/// How many rungs have a text of their own; a rung without one is left out.
const TEXTS: usize = 2;

/// One rung at a time.
#[component]
pub fn Hints(step: Step, met: Memo<bool>) -> impl IntoView {
    let session = expect_context::<Session>();
    let id = step.id.clone();
    let rung =
        Memo::new(move |_| session.progress.with(|progress| progress.hints.get(&id).copied().unwrap_or(0)));
    let open = {
        let id = step.id.clone();
        move |to: u64| {
            let id = id.clone();
            session.note(|progress| {
                let rung = progress.hints.entry(id).or_default();
                *rung = (*rung).max(to);
            });
        }
    };
    let solution = StoredValue::new(step.commands.clone());
    let texts = step.hints.len().min(TEXTS);
    let hints = StoredValue::new(step.hints.clone());
    view! {
        <section class="lesson__part hints" aria-label="Hints" hidden=move || met.get() && rung.get() == 0>
            <h2>"Hints, one rung at a time"</h2>
            <ol class="hints__ladder">
                {NAMES.iter().enumerate().filter(|(place, _)| *place >= TEXTS || *place < texts).map(|(place, (name, about))| {
                    let number = place as u64 + 1;
                    let below = if place == TEXTS { texts } else { place } as u64;
                    let open = open.clone();
                    let is_open = Memo::new(move |_| rung.get() >= number);
                    let is_next = move || rung.get() >= below;
                    view! {
                        <li class="hints__rung" class:hints__rung--open=move || is_open.get()>
                            <Show when=move || is_open.get() fallback={
                                let open = open.clone();
                                move || {
                                    let open = open.clone();
                                    view! {
                                        <button class="hints__key" disabled=move || !is_next() on:click=move |_| open(number)>
                                            <b>{*name}</b><span>{*about}</span>
                                        </button>
                                    }
                                }
                            }>
                                {match place {
                                    0 | 1 => {
                                        let anchor = hints.with_value(|hints| hints.get(place).cloned());
                                        view! { <h3>{*name}</h3>{anchor.map(|anchor| view! { <Prose anchor=anchor /> })} }.into_any()
                                    }
                                    2 => view! { <h3>{*name}</h3><NextCommand solution=solution /> }.into_any(),
                                    _ => view! { <h3>{*name}</h3><Watch solution=solution /> }.into_any(),
                                }}
                            </Show>
                        </li>
                    }
                }).collect_view()}
            </ol>
        </section>
    }
}

/// The command of the solution that comes next.
#[component]
fn NextCommand(solution: StoredValue<Vec<String>>) -> impl IntoView {
    let session = expect_context::<Session>();
    let next = remaining(session, solution);
    let type_it = move |_| {
        if let Some(command) = next.get_untracked().first() {
            session.desk.dock.set(DockTab::Terminal);
            session.desk.page.set(Page::Terminal);
            session.desk.typed.set(command.clone());
            request_animation_frame(|| crate::studio::focus("terminal-input"));
        }
    };
    move || match next.get().first() {
        Some(command) => view! {
            <pre class="hints__command"><code>{command.clone()}</code></pre>
            <p class="lesson__keys"><button on:click=type_it>"Type it for me"</button></p>
        }
        .into_any(),
        None => view! { <p>"Every command of this step was given. Let time pass."</p> }.into_any(),
    }
}

/// Plays what is left of the step.
#[component]
fn Watch(solution: StoredValue<Vec<String>>) -> impl IntoView {
    let session = expect_context::<Session>();
    let next = remaining(session, solution);
    let watch = move |_| {
        session.desk.dock.set(DockTab::Terminal);
        session.desk.page.set(Page::Map);
        session.desk.interrupt();
        for command in next.get_untracked() {
            session.desk.enter(&command);
        }
    };
    let count = move || match next.get().len() {
        0 => "Nothing is left to play.".to_string(),
        1 => "Plays 1 command of the solution, in your run.".to_string(),
        count => format!("Plays {count} commands of the solution, in your run."),
    };
    view! {
        <p>{count}</p>
        <p class="lesson__keys"><button disabled=move || next.with(Vec::is_empty) on:click=watch>"Play it"</button></p>
    }
}

/// On the stage: plays the open step, and goes to the next one.
#[component]
pub fn StageKeys() -> impl IntoView {
    let session = expect_context::<Session>();
    move || {
        match session.stop.get() {
        Stop::Step(place) => {
            let steps = session.play().steps;
            let last = place + 1 == steps.len();
            let solution =
                StoredValue::new(steps.get(place).map(|step| step.commands.clone()).unwrap_or_default());
            let next = remaining(session, solution);
            let play = move |_| {
                session.desk.interrupt();
                for command in next.get_untracked() {
                    session.desk.enter(&command);
                }
            };
            view! {
                <button class="key--next" disabled=move || next.with(Vec::is_empty) on:click=play>{format!("Play step {}", place + 1)}</button>
                <button disabled=last on:click=move |_| session.stop.set(Stop::Step(place + 1))>"Next step"</button>
            }
            .into_any()
        }
        _ => view! { <button class="key--next" on:click=move |_| session.stop.set(Stop::Step(0))>"Begin with step 1"</button> }.into_any(),
    }
    }
}

/// What is left of a step's commands.
fn remaining(session: Session, solution: StoredValue<Vec<String>>) -> Memo<Vec<String>> {
    Memo::new(move |_| {
        session.desk.run.track();
        let now = session.desk.run.clock();
        let skip = session.desk.kept_lines.get();
        let entered: Vec<commands::Entered> = session
            .desk
            .run
            .look(|run| run.lines().iter().skip(skip).map(|line| (line.at, line.command.clone())).collect());
        solution.with_value(|solution| solution[commands::next(solution, &entered, now)..].to_vec())
    })
}
