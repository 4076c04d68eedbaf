//! The inspector: what is selected, in words, as JSON, as events, and why.
use drydock::cli;
use drydock::operation::{Handler, Principal};
use drydock::run::Run;
use drydock::script::{self, Shell};
use leptos::prelude::*;

use super::actions::Actions;
use super::desk::Desk;
use super::rollout::RolloutChart;
use super::scaling::ScalingCharts;
use super::subject;
use super::why::{RuleMark, Told, WhyTab};
use crate::map::Selection;

/// The four answers of the inspector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// In words.
    Summary,
    /// As `describe-…` answers.
    Json,
    /// What happened to it.
    Events,
    /// The verdicts and the causes.
    Why,
}

const TABS: [(Tab, &str, &str); 4] = [
    (Tab::Summary, "summary", "Summary"),
    (Tab::Json, "json", "JSON"),
    (Tab::Events, "events", "Events"),
    (Tab::Why, "why", "Why"),
];

/// What is selected, from four sides.
#[component]
pub fn Inspector(tab: RwSignal<Tab>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => TABS.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let now = TABS.iter().position(|(each, ..)| *each == tab.get_untracked()).unwrap_or(0);
        let (next, name, _) = TABS[(now + step) % TABS.len()];
        tab.set(next);
        focus(&format!("inspector-tab-{name}"));
    };
    let panel = move || {
        let Some(selection) = desk.selected.get() else { return ().into_any() };
        match tab.get() {
            Tab::Summary => view! { <Summary selection=selection /> }.into_any(),
            Tab::Json => view! { <Json selection=selection /> }.into_any(),
            Tab::Events => view! { <Events selection=selection /> }.into_any(),
            Tab::Why => view! { <WhyTab selection=selection /> }.into_any(),
        }
    };
    let current =
        move || TABS.iter().find(|(each, ..)| *each == tab.get()).map_or("summary", |(_, name, _)| *name);
    view! {
        <Show when=move || desk.selected.get().is_some() fallback=Nothing>
            <Head />
            <div role="tablist" aria-label="About the selection" class="inspector__tabs" on:keydown=keys>
                {TABS.map(|(each, name, label)| view! {
                    <button role="tab" id=format!("inspector-tab-{name}") aria-controls="inspector-panel"
                        aria-selected=move || (tab.get() == each).to_string()
                        tabindex=move || if tab.get() == each { "0" } else { "-1" }
                        on:click=move |_| tab.set(each)>{label}</button>
                }).collect_view()}
            </div>
            <div class="inspector__panel" role="tabpanel" id="inspector-panel" tabindex="0"
                aria-labelledby=move || format!("inspector-tab-{}", current())>{panel}</div>
        </Show>
    }
}

/// Gives the focus to an element by its id.
pub fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// What stands here while nothing is selected.
#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="inspector__head inspector__head--empty">
            <h2>"Nothing selected"</h2>
            <p>"Point at a task, a machine or a service."</p>
        </div>
        <div class="inspector__panel prose">
            <p>"Here you read what it is, the JSON that AWS would answer, what happened to it, and "<b>"why"</b>"."</p>
            <h3>"Worth trying"</h3>
            <ul>
                <li>"Select a task and end its process. Who notices, and how soon?"</li>
                <li>"Select a service and wish for more than there is room for. Then open Why."</li>
                <li>"Drag the yellow mark on the line of time back, and do it differently."</li>
            </ul>
            <p>"From the keyboard: Tab to the map, arrows to move, Enter to select, W for why."</p>
        </div>
    }
}

#[component]
fn Head() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let head = Memo::new(move |_| {
        desk.run.track();
        desk.run.clock();
        let selection = desk.selected.get()?;
        desk.run.look(|run| subject::head(run.sim(), &selection))
    });
    view! {
        <header class="inspector__head" class:inspector__head--wrong=move || head.get().is_some_and(|head| head.wrong)>
            <h2 id="inspector-title">{move || head.get().map_or("It is gone".to_string(), |head| head.title)}</h2>
            <p>{move || head.get().map_or("ECS has forgotten it. Rewind to see it again.".to_string(), |head| head.sentence)}</p>
            <button class="inspector__close" aria-label="Close the inspector" title="Close (Esc)" on:click=move |_| desk.selected.set(None)>"\u{d7}"</button>
        </header>
    }
}

#[component]
fn Summary(selection: Selection) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let of = selection.clone();
    let facts = desk.run.view(move |run| subject::facts(run.sim().state(), &of, run.clock()));
    let service = match &selection {
        Selection::Service(name) | Selection::Wish(name, _) => Some(name.clone()),
        Selection::Task(_) | Selection::Container(_) | Selection::Instance(_) | Selection::Group(_) => None,
    };
    let group = match &selection {
        Selection::Group(name) => Some(name.clone()),
        _ => None,
    };
    view! {
        {group.map(|name| view! { <ScalingCharts name=name /> })}
        <table class="inspector__facts"><tbody>
            {move || facts.get().into_iter().map(|(name, value)| view! {
                <tr><th scope="row">{name}</th><td>{value}</td></tr>
            }).collect_view()}
        </tbody></table>
        {service.map(|name| view! { <RolloutChart name=name /> })}
        {(!desk.is_watching()).then(|| view! { <Actions selection=selection /> })}
    }
}

#[component]
fn Json(selection: Selection) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let of = selection.clone();
    let command = desk.run.view(move |run| subject::describing(run.sim().state(), &of));
    let json = Memo::new(move |_| {
        desk.run.track();
        let command = command.get()?;
        desk.run.look(|run| describe(run, &command))
    });
    let copy = move |_| {
        if let Some(text) = json.get_untracked() {
            super::copy(&text);
        }
    };
    view! {
        <p class="inspector__command"><code>{move || command.get().unwrap_or_default()}</code></p>
        <p><button on:click=copy>"Copy"</button></p>
        <ol class="json-lines" tabindex="0" aria-label="The answer, line by line">
            {move || json.get().unwrap_or_default().lines().map(|line| view! { <li><code>{line.to_string()}</code></li> }).collect_view()}
        </ol>
    }
}

/// What a reading command answers, without entering it.
fn describe(run: &Run, command: &str) -> Option<String> {
    let Ok(Shell::Words(words)) = script::shell(command, run.values()) else { return None };
    let Ok(cli::Command::Call(request)) = cli::parse(&words, run.documents()) else { return None };
    let Handler::Look(look) = &request.operation.handler else { return None };
    let answer = run.sim().look(&Principal::student(), |cx| look(cx, &request.input));
    Some(request.print(&answer).unwrap_or_else(|error| error.text))
}

#[component]
fn Events(selection: Selection) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let events = desk.run.view(move |run| {
        let about = subject::subjects(run.sim().state(), &selection);
        let ours = run.timeline().records().iter().rev().filter(|record| about.contains(&record.subject));
        ours.take(200).map(Told::of).collect::<Vec<_>>()
    });
    view! {
        <Show when=move || !events.with(Vec::is_empty) fallback=|| view! { <p class="inspector__empty">"Nothing has happened to it yet."</p> }>
            <ol class="inspector__events">
                {move || events.get().into_iter().map(|event| view! {
                    <li>
                        <button class="inspector__at" title="Go to this moment" on:click=move |_| desk.seek(event.at)>{event.at.clock()}</button>
                        <div><span>{event.text}</span>" "<RuleMark rule=event.rule /></div>
                    </li>
                }).collect_view()}
            </ol>
        </Show>
    }
}
