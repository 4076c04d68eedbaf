//! The keys of the Studio.
use leptos::ev;
use leptos::prelude::*;

use super::desk::{Desk, DockTab, Page};
use super::inspector::{Tab, focus};
use crate::shell::Bar;
use crate::shell::keyboard::is_writing;

/// The keys of the Studio, for the list.
pub const KEYS: [(&str, &str); 12] = [
    ("Space", "Play or pause"),
    (".", "On to the next event"),
    ("n", "Play to the next event"),
    ("+ -", "Faster, slower"),
    ("t /", "Go to the terminal"),
    ("w", "Why is the selection as it is?"),
    ("c", "Compare two futures"),
    ("p", "The stage: large, for a projector"),
    ("Esc", "Close the comparison or the inspector"),
    ("Ctrl+Z", "Undo the last command"),
    ("Ctrl+Y", "Redo"),
    ("Ctrl+C", "In the terminal: stop waiting"),
];

/// Listens for as long as the page is there.
pub fn listen(desk: Desk, tab: RwSignal<Tab>) {
    let bar = expect_context::<Bar>();
    bar.keys.set(KEYS.to_vec());
    let handle = window_event_listener(ev::keydown, move |event| {
        if event.default_prevented() || is_in_dialog(&event) {
            return;
        }
        let writing = is_writing(&event);
        let key = event.key();
        if event.ctrl_key() || event.meta_key() {
            if writing && !desk.typed.with_untracked(String::is_empty) || event.alt_key() {
                return;
            }
            let redo = key == "y" || (event.shift_key() && key.eq_ignore_ascii_case("z"));
            if redo {
                event.prevent_default();
                desk.redo();
            } else if key == "z" && !is_in_document(&event) {
                event.prevent_default();
                desk.undo();
            }
            return;
        }
        if key == "Escape" && desk.comparing.get_untracked().is_some() {
            desk.comparing.set(None);
            request_animation_frame(|| focus("compare-key"));
            return;
        }
        if key == "Escape" && desk.selected.get_untracked().is_some() {
            desk.selected.set(None);
            return;
        }
        if writing || event.alt_key() || !bar.single_keys.get_untracked() {
            return;
        }
        match key.as_str() {
            " " if !is_on_control(&event) => desk.player.toggle(),
            "." => desk.step(),
            "n" => desk.player.play_to_next(),
            "c" => super::futures::toggle(desk),
            "p" => desk.stage.update(|on| *on = !*on),
            "+" | "=" => desk.player.shift_speed(true),
            "-" => desk.player.shift_speed(false),
            "t" | "/" => {
                desk.page.set(Page::Terminal);
                desk.dock.set(DockTab::Terminal);
                request_animation_frame(|| focus("terminal-input"));
            }
            "w" if desk.selected.get_untracked().is_some() => {
                tab.set(Tab::Why);
                request_animation_frame(|| focus("inspector-panel"));
            }
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

fn closest(event: &ev::KeyboardEvent, selector: &str) -> bool {
    use wasm_bindgen::JsCast;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| matches!(element.closest(selector), Ok(Some(_))))
}

fn is_in_dialog(event: &ev::KeyboardEvent) -> bool {
    closest(event, "dialog")
}

fn is_in_document(event: &ev::KeyboardEvent) -> bool {
    closest(event, ".documents")
}

fn is_on_control(event: &ev::KeyboardEvent) -> bool {
    closest(event, "button, a, summary, [role=option], [role=tab]")
}
