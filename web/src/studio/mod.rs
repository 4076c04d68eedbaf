//! The Studio: the map, the time, the terminal and the inspector around one run.
mod actions;
mod census;
mod coach;
mod compare;
pub mod desk;
mod dock;
mod documents;
mod fleet;
mod form;
mod futures;
mod group;
mod inspector;
mod json_text;
mod keys;
mod lines;
mod live;
pub mod menu;
mod notice;
mod on_aws;
mod rollout;
mod sandbox;
mod scaling;
mod stage;
mod stranger;
mod subject;
mod terminal;
mod time_bar;
mod time_scale;
mod why;
mod worlds;

use leptos::prelude::*;

use crate::map::board::ServiceBoard;
use crate::map::{FleetMap, Selection};
use desk::{Desk, Page};
pub use inspector::focus;
pub use notice::{Notice, Notices};
pub use sandbox::{Sandbox, settle};
pub use why::RuleMark;

/// The parts of the Studio, laid out; in a lesson the reader stands beside them.
#[component]
pub fn Studio(
    /// The reader of a lesson; the sandbox has none.
    #[prop(optional)]
    reader: Option<Children>,
    /// What lies over the map, where something does.
    #[prop(optional, into)]
    over_map: ViewFn,
    /// What stands in the place of the keys of time, where the run is only watched.
    #[prop(optional, into)]
    instead_of_time: ViewFn,
    /// Keys below the picture on the stage.
    #[prop(optional, into)]
    caption: ViewFn,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    stage::follow(desk, use_context());
    let in_lesson = reader.is_some();
    let tab = RwSignal::new(inspector::Tab::Summary);
    let watching = desk.is_watching();
    if !watching {
        keys::listen(desk, tab);
    }
    let fleet = desk.run.view(|run| fleet::fleet(run.sim()));
    let select = Callback::new(move |selection: Selection| {
        // What does not exist has no summary worth reading first: the question is why.
        if matches!(selection, Selection::Wish(..)) {
            tab.set(inspector::Tab::Why);
        } else if matches!(desk.selected.get_untracked(), Some(Selection::Wish(..))) {
            tab.set(inspector::Tab::Summary);
        }
        desk.selected.set(Some(selection));
    });
    // While a placement is being read, the map shows how each machine fared in it.
    let candidates = Memo::new(move |_| {
        let selection = desk.selected.get().filter(|_| tab.get() == inspector::Tab::Why);
        desk.run.track();
        desk.run.clock();
        selection.map_or_else(Vec::new, |selection| desk.run.look(|run| why::candidates(run, &selection)))
    });
    let class = if in_lesson { "studio studio--lesson" } else { "studio studio--sandbox" };
    let open = move || desk.selected.get().is_some();
    view! {
        <div class=class data-page=move || desk.page.get().name() class:studio--inspecting=open>
            {reader.map(|reader| view! { <section class="studio__lesson" aria-label="Lesson">{reader()}</section> })}
            {(!watching).then(|| view! { <compare::Compare /> })}
            <div class="studio__board"><ServiceBoard fleet=fleet selected=desk.selected on_select=select /></div>
            <section class="studio__map" aria-label="Fleet">
                <FleetMap fleet=fleet selected=desk.selected candidates=candidates on_select=select />
                {move || over_map.run()}
            </section>
            <aside class="studio__inspector" aria-label="Inspector"><inspector::Inspector tab=tab /></aside>
            {if watching { view! { <dock::LogOnly /> }.into_any() } else { view! { <dock::Dock /> }.into_any() }}
            <stage::Caption keys=caption />
            <notice::NoticeBar />
            {if watching { instead_of_time.run() } else { view! { <time_bar::TimeBar /> }.into_any() }}
            <Pages in_lesson=in_lesson />
            {(!watching).then(|| view! { <coach::Coach /> })}
            <live::LiveRegion />
        </div>
    }
}

/// The pages of a narrow screen.
#[component]
fn Pages(in_lesson: bool) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let pages: &[(Page, &str)] = if in_lesson {
        &[(Page::Lesson, "Lesson"), (Page::Map, "Map"), (Page::Terminal, "Terminal"), (Page::Hint, "Hint")]
    } else if desk.is_watching() {
        &[(Page::Map, "Map"), (Page::Terminal, "Log")]
    } else {
        &[(Page::Map, "Map"), (Page::Terminal, "Terminal")]
    };
    view! {
        <nav class="studio__pages" aria-label="Pages of the Studio">
            {pages.iter().map(|(page, label)| view! {
                <button aria-current=move || (desk.page.get() == *page).then_some("true") on:click=move |_| desk.page.set(*page)>{*label}</button>
            }).collect_view()}
        </nav>
    }
}

/// Puts a text on the clipboard, where the browser allows it.
pub fn copy(text: &str) {
    let _ = window().navigator().clipboard().write_text(text);
}
