//! The page at `/watch`: a world that AWS's own clients drive, seen live and left alone.
mod follower;
mod source;

use drydock::dice::Seed;
use drydock::run::Run;
use leptos::prelude::*;

use crate::run::{RunHandle, link};
use crate::shell;
use crate::studio::desk::{Desk, Page};
use crate::studio::{Notice, Notices, Studio};
use follower::Follower;
use source::Source;

/// How the page and the endpoint stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    /// Nobody has asked yet.
    Closed,
    /// The endpoint has not answered yet, or does not any more; the browser goes on trying.
    Trying,
    /// News arrives.
    Open,
    /// There is no endpoint here.
    Absent,
}

/// Shows the run of the endpoint that served this page.
#[component]
pub fn Watch() -> impl IntoView {
    let bar = shell::enter(["Watch", "us-east-1"]);
    let notices: Notices = RwSignal::new(None);
    let run = RunHandle::new(Run::new(Seed(0)).only_forward());
    let desk = Desk::watching(run, notices);
    provide_context(desk);
    provide_context(notices);
    desk.page.set(Page::Map);
    let line = RwSignal::new(Line::Closed);
    let follower = Follower::new(run);
    // The connection ends with the page.
    let source = StoredValue::new_local(None);
    let watch = move || {
        line.set(Line::Trying);
        source.set_value(Source::open(
            &shell::at("/drydock/timeline"),
            move |news| {
                line.set(Line::Open);
                if let Err(why) = follower.hear(&news) {
                    notices.set(Some(Notice::wrong(why)));
                }
            },
            move |for_good| line.set(if for_good { Line::Absent } else { Line::Trying }),
        ));
    };
    on_cleanup(move || source.set_value(None));
    if window().location().hash().is_ok_and(|hash| hash == "#live") {
        watch();
    }
    Effect::new(move |_| {
        let (strong, text) = match line.get() {
            Line::Closed => ("Not watching", ""),
            Line::Trying => ("Connecting", "to the endpoint"),
            Line::Open => ("Live", "from the endpoint"),
            Line::Absent => ("No endpoint", "here"),
        };
        let wrong = line.get() == Line::Absent;
        bar.status.set(vec![shell::Note { strong: strong.to_string(), text: text.to_string(), wrong }]);
    });
    let over_map = move || (line.get() != Line::Open).then(|| view! { <Welcome line=line watch=watch /> });
    view! {
        <h1 class="visually-hidden">"Watch an endpoint"</h1>
        <Studio over_map=over_map instead_of_time=move || view! { <Foot follower=follower /> }.into_any() />
    }
}

/// What stands over the map until news arrives.
#[component]
fn Welcome(line: RwSignal<Line>, watch: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let says = move || match line.get() {
        Line::Absent => {
            "Nothing answers at this address. On your machine, in the project's folder, run the command below; \
             it prints the address where this page is live."
        }
        Line::Trying => "Connecting to the endpoint\u{2026} The browser goes on trying by itself.",
        _ => {
            "The endpoint opens a world on your own machine for AWS's own clients: the aws command, boto3 and \
             others. Opened from there, this page shows it live."
        }
    };
    view! {
        <section class="worlds worlds--watch" aria-label="Watch an endpoint">
            <h2>"A world that AWS's own clients drive"</h2>
            <p role="status">{says}</p>
            <pre class="code">"cargo xtask endpoint --speed 60"</pre>
            <Show when=move || line.get() != Line::Trying>
                <button class="key--next" on:click=move |_| watch()>"Watch the endpoint here"</button>
            </Show>
        </section>
    }
}

/// What stands where the keys of time are: the clock, and the way to a world of one's own.
#[component]
fn Foot(follower: Follower) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let run = desk.run;
    let lines = run.view(|run| run.lines().len());
    let copy = move |_| {
        let fragment = link::fragment(&run.look(Run::script));
        let _ = window().location().assign(&format!("{}#{fragment}", shell::at("/sandbox/")));
    };
    view! {
        <section class="time-bar" aria-label="Time">
            <output class="time-bar__clock" aria-label="Sandbox time" aria-live="off">{move || run.clock().clock()}</output>
            <p class="time-bar__says">{move || format!("{}; {}", calls(lines.get()), follower.pace())}</p>
            <div class="time-bar__keys time-bar__keys--end">
                <button class="key--next" on:click=copy>"Take a copy into the sandbox"</button>
            </div>
        </section>
    }
}

fn calls(count: usize) -> String {
    if count == 1 { "1 command".to_string() } else { format!("{count} commands") }
}
