//! The time bar: play, pause, step, speed, the clock, and the way back to any moment.
use drydock::SimTime;
use drydock::run::Run;
use drydock::timeline::{Record, RecordKind};
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::desk::Desk;
use super::futures::Futures;
use super::time_scale::{Scale, thin, tick_label};
use crate::run::SPEEDS;
use crate::run::futures::others;

/// What stands on the bar; the gravest comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Command,
    Fault,
    Failure,
}

impl Mark {
    fn of(kind: RecordKind) -> Option<Mark> {
        match kind {
            RecordKind::Command => Some(Mark::Command),
            RecordKind::Fault => Some(Mark::Fault),
            RecordKind::Failure | RecordKind::Refusal => Some(Mark::Failure),
            _ => None,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Mark::Command => "time-bar__mark time-bar__mark--command",
            Mark::Fault => "time-bar__mark time-bar__mark--fault",
            Mark::Failure => "time-bar__mark time-bar__mark--failure",
        }
    }
}

/// A mark and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Marked {
    mark: Mark,
    at: u64,
    says: String,
}

/// Another future: from where to where, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Future {
    from: u64,
    to: u64,
    undone: bool,
}

/// The bar at the foot of the Studio.
#[component]
pub fn TimeBar() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let run = desk.run;
    let last = run.view(|run| run.branches().iter().map(|branch| branch.end).max().unwrap_or_default());
    let scale = Memo::new(move |_| Scale::for_run(last.get().max(run.clock())));
    let playing = move || desk.player.is_playing();
    let play_label = move || if playing() { "Pause" } else { "Play" };
    let back = move |_| {
        let now = run.clock_untracked();
        desk.seek(before(desk, now));
    };
    let choose_speed = move |event: web_sys::Event| {
        if let Ok(speed) = event_target_value(&event).parse() {
            desk.player.set_speed(speed);
        }
    };
    let can_undo = run.view(move |run| run.lines().len() > desk.kept_lines.get());
    let can_redo = run.view(Run::can_redo);
    view! {
        <section class="time-bar" aria-label="Time">
            <div class="time-bar__keys" role="group" aria-label="Play">
                <button class="time-bar__key time-bar__key--back" aria-label="Back to the last command or event" title="Back to the last command or event" on:click=back>
                    <Glyph shape="M4 4h3v14H4zM18 4v14L8 11z" />
                </button>
                <button class="time-bar__key time-bar__key--play" aria-label=play_label title=move || format!("{} (Space)", play_label()) on:click=move |_| desk.player.toggle()>
                    {move || if playing() {
                        view! { <Glyph shape="M5 3h4v16H5zM13 3h4v16h-4z" /> }
                    } else {
                        view! { <Glyph shape="M5 3l14 8-14 8z" /> }
                    }}
                </button>
                <button class="time-bar__key time-bar__key--step" aria-label="On to the next event" title="On to the next event (.)" on:click=move |_| desk.step()>
                    <Glyph shape="M15 4h3v14h-3zM4 4v14l10-7z" />
                </button>
                <select class="time-bar__speed" aria-label="Speed" on:change=choose_speed prop:value=move || desk.player.speed().to_string()>
                    {SPEEDS.map(|speed| view! { <option value=speed.to_string() selected=move || desk.player.speed() == speed>{format!("{speed}\u{d7}")}</option> }).collect_view()}
                </select>
            </div>
            <output class="time-bar__clock" aria-label="Sandbox time" aria-live="off">{move || run.clock().clock()}</output>
            <Track scale=scale />
            <div class="time-bar__keys time-bar__keys--end" role="group" aria-label="Undo">
                <button class="time-bar__key" aria-label="Undo the last command" title="Undo the last command (Ctrl Z)" disabled=move || !can_undo.get() on:click=move |_| desk.undo()>
                    <Glyph shape="M9 3v4c6 0 9 3 9 10-2-4-4-5-9-5v4L2 9.500z" />
                </button>
                <button class="time-bar__key" aria-label="Redo" title="Redo (Ctrl Y)" disabled=move || !can_redo.get() on:click=move |_| desk.redo()>
                    <Glyph shape="M13 3v4C7 7 4 10 4 17c2-4 4-5 9-5v4l7-6.500z" />
                </button>
                <button class="time-bar__key time-bar__key--stage" aria-label="Stage" title="The stage: large, for a projector (P)" aria-pressed=move || desk.stage.get().to_string() on:click=move |_| desk.stage.update(|on| *on = !*on)>
                    <Glyph shape="M2 3h18v2H2zM3 6h16v9h-7v2l5 3H5l5-3v-2H3z" />
                </button>
            </div>
            <Futures />
        </section>
    }
}

/// The moment to go back to: the last record before now, or the start.
fn before(desk: Desk, now: SimTime) -> SimTime {
    desk.run.look(|run| {
        let records = run.timeline().records();
        records.iter().rev().map(|record| record.at).find(|at| *at < now).unwrap_or_default()
    })
}

#[component]
fn Glyph(shape: &'static str) -> impl IntoView {
    view! { <svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true"><path d=shape fill="currentColor" /></svg> }
}

/// The line of time, which is a slider.
#[component]
fn Track(scale: Memo<Scale>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let run = desk.run;
    let node = NodeRef::<html::Div>::new();
    let held = RwSignal::new(false);
    let wanted = StoredValue::new(None::<u64>);
    let marks = run.view(|run| {
        let past = run.timeline().records().iter();
        past.chain(run.known_future()).filter_map(marked).collect::<Vec<_>>()
    });
    let end = run.view(Run::end);
    let futures = move || futures(desk, scale.get());
    let percent = |thousandths: u64| format!("{}.{}%", thousandths / 10, thousandths % 10);
    // A drag can ask for more places than frames: the last one of a frame is enough.
    let go = move |event: &web_sys::PointerEvent| {
        let Some(track) = node.get_untracked() else { return };
        let rect = track.get_bounding_client_rect();
        if rect.width() <= 0.0 {
            return;
        }
        let share = ((f64::from(event.client_x()) - rect.left()) / rect.width()).clamp(0.0, 1.0);
        let first = wanted.get_value().is_none();
        wanted.set_value(Some((share * 1000.0).round() as u64));
        if first {
            request_animation_frame(move || {
                if let Some(place) = wanted.try_update_value(Option::take).flatten() {
                    desk.seek(scale.get_untracked().moment(place));
                }
            });
        }
    };
    let down = move |event: web_sys::PointerEvent| {
        if event.button() == 0 {
            if let Some(track) = node.get_untracked() {
                let _ = track.set_pointer_capture(event.pointer_id());
            }
            held.set(true);
            go(&event);
        }
    };
    let moved = move |event: web_sys::PointerEvent| {
        if held.get_untracked() {
            go(&event);
        }
    };
    let keys = move |event: ev::KeyboardEvent| {
        let now = run.clock_untracked().0;
        let second = 1000;
        let to = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => now.saturating_sub(second).div_ceil(second) * second,
            "ArrowRight" | "ArrowUp" => now / second * second + second,
            "PageDown" => now.saturating_sub(60 * second),
            "PageUp" => now + 60 * second,
            "Home" => 0,
            "End" => run.look(|run| run.end().0),
            _ => return,
        };
        event.prevent_default();
        desk.seek(SimTime(to));
    };
    view! {
        <div class="time-bar__track" node_ref=node role="slider" tabindex="0"
            aria-label="Moment of the run"
            aria-valuemin="0" aria-valuemax=move || (scale.get().end.0 / 1000).to_string()
            aria-valuenow=move || (run.clock().0 / 1000).to_string()
            aria-valuetext=move || run.clock().clock()
            on:pointerdown=down on:pointermove=moved
            on:pointerup=move |_| held.set(false) on:pointercancel=move |_| held.set(false)
            on:keydown=keys>
            <div class="time-bar__line" aria-hidden="true"></div>
            <div class="time-bar__known" aria-hidden="true" style:width=move || percent(scale.get().place(end.get()))></div>
            <div class="time-bar__past" aria-hidden="true" style:width=move || percent(scale.get().place(run.clock()))></div>
            <For each=move || scale.get().ticks(8) key=move |tick| (*tick, scale.get_untracked().end)
                children=move |tick| view! {
                    <span class="time-bar__tick" aria-hidden="true" style:left=percent(scale.get_untracked().place(tick))>
                        <span class="time-bar__figure">{tick_label(tick)}</span>
                    </span>
                } />
            {move || futures().into_iter().map(|future| view! {
                <span class="time-bar__future" class:time-bar__future--undone=future.undone aria-hidden="true"
                    style:left=percent(future.from) style:width=percent(future.to.saturating_sub(future.from))></span>
            }).collect_view()}
            {move || {
                let scale = scale.get();
                let placed = marks.get().into_iter().map(|mark| (scale.place(SimTime(mark.at)), mark)).collect();
                // A mark is some ten px wide, and the line is short on a phone.
                let width = node.get().map_or(0, |track| track.client_width()).max(90) as u64;
                thin(placed, (10_000 / width).max(9)).into_iter().map(|(place, mark)| view! {
                    <span class=mark.mark.class() style:left=percent(place) title=mark.says aria-hidden="true"></span>
                }).collect_view()
            }}
            <span class="time-bar__now" aria-hidden="true" style:left=move || percent(scale.get().place(run.clock()))></span>
        </div>
    }
}

fn marked(record: &Record) -> Option<Marked> {
    let mark = Mark::of(record.kind)?;
    let first = record.text.lines().next().unwrap_or_default();
    Some(Marked { mark, at: record.at.0, says: format!("{} {first}", record.at.clock()) })
}

fn futures(desk: Desk, scale: Scale) -> Vec<Future> {
    desk.run.track();
    desk.run.look(|run| {
        let drawn = others(run).into_iter().map(|(index, from)| {
            let branch = &run.branches()[index];
            Future { from: scale.place(from), to: scale.place(branch.end), undone: branch.undone }
        });
        drawn.collect()
    })
}
