//! What can be done with the whole run: share, export, import, start again.
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::copy;
use super::desk::Desk;
use super::notice::{Notice, Notices};
use crate::run::{Berth, file, keep, link};
use crate::shell::parts::Part;

/// The longest link that every mail program and chat leaves whole.
const LONGEST_LINK: usize = 2_000;

/// The menu of the run.
#[component]
pub fn RunMenu() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let berth = expect_context::<Berth>();
    let notices = expect_context::<Notices>();
    let node = NodeRef::<html::Details>::new();
    let input = NodeRef::<html::Input>::new();
    let close = move || {
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    let share = move |_| {
        close();
        let address = window().location().href().unwrap_or_default();
        let address = format!("{}#{}", address.split('#').next().unwrap_or_default(), berth.fragment());
        let long = if address.len() > LONGEST_LINK {
            " It is long; some programs may cut it. Export the run to be sure."
        } else {
            ""
        };
        copy(&address);
        let _ = window().location().set_hash(address.split('#').nth(1).unwrap_or_default());
        notices.set(Some(Notice::tell(format!(
            "The link to this run is on the clipboard and in the address bar.{long}"
        ))));
    };
    let export = move |_| {
        close();
        desk.acts.update(|count| *count += 1);
        request_animation_frame(|| download("drydock.json", &file::export(&keep::everything())));
    };
    let import = move |_| {
        close();
        if let Some(input) = input.get_untracked() {
            input.set_value("");
            input.click();
        }
    };
    let chosen = move |_| {
        let Some(chosen) =
            input.get_untracked().and_then(|input| input.files()).and_then(|files| files.get(0))
        else {
            return;
        };
        read_file(&chosen, move |text| take_in(text, berth, notices));
    };
    let reset = move |_| {
        close();
        desk.interrupt();
        desk.player.pause();
        berth.restart();
        desk.selected.set(None);
        desk.acts.update(|count| *count += 1);
        notices.set(Some(
            Notice::tell("The run stands at its start again.")
                .with("Undo", move || back(desk, berth, notices)),
        ));
    };
    view! {
        <details class="run-menu" node_ref=node on:keydown=move |event| if event.key() == "Escape" { close() }>
            <summary>"This run"</summary>
            <div class="run-menu__list">
                <button on:click=share>"Copy a link to it"</button>
                <button on:click=export>"Export everything to a file"</button>
                <button on:click=import>"Import a file\u{2026}"</button>
                <button on:click=reset>"Start again"</button>
                <Show when=move || berth.has_earlier.get()>
                    <button on:click=move |_| { close(); back(desk, berth, notices) }>"Bring the earlier run back"</button>
                </Show>
            </div>
            <input type="file" accept=".json,application/json" hidden node_ref=input on:change=chosen aria-label="File to import" tabindex="-1" />
        </details>
    }
}

fn back(desk: Desk, berth: Berth, notices: Notices) {
    desk.interrupt();
    desk.player.pause();
    match berth.bring_back() {
        Ok(()) => notices.set(Some(Notice::tell("The earlier run is back."))),
        Err(why) => notices.set(Some(Notice::wrong(why))),
    }
    desk.acts.update(|count| *count += 1);
}

/// Takes a run out of the address, if one is there. The run that lay here can be brought back.
pub fn take_link(desk: Desk, berth: Berth, notices: Notices) {
    let hash = window().location().hash().unwrap_or_default();
    if hash.starts_with("#run=") {
        // Few pages are opened by such a link, so what reads it comes after them.
        Part::Rest.bring(move |came| {
            if came {
                read_link(&hash, desk, berth, notices);
            } else {
                notices.set(Some(Notice::wrong(
                    "The run in the link could not be read: a part of the site did not arrive. Reload the page to try again.",
                )));
            }
        });
    }
}

#[inline(never)]
fn read_link(hash: &str, desk: Desk, berth: Berth, notices: Notices) {
    match link::script(hash) {
        None => return,
        Some(Err(sentence)) => notices.set(Some(Notice::wrong(sentence))),
        Some(Ok(script)) => match berth.take_link(&script) {
            Ok(()) => {
                desk.acts.update(|count| *count += 1);
                notices.set(Some(
                    Notice::tell("This is the run from the link. Your own run is kept.")
                        .with("Back to my own run", move || back(desk, berth, notices)),
                ));
            }
            Err(sentence) => {
                notices.set(Some(Notice::wrong(format!("{sentence} Your own run is as it was."))))
            }
        },
    }
    // The run is here now; a reload must not take it in again over what follows.
    if let Ok(history) = window().history() {
        let address = window().location().href().unwrap_or_default();
        let bare = address.split('#').next().unwrap_or_default();
        let _ = history.replace_state_with_url(&history.state().unwrap_or_default(), "", Some(bare));
    }
}

fn take_in(text: &str, berth: Berth, notices: Notices) {
    let kept = match file::import(text) {
        Ok(kept) => kept,
        Err(sentence) => return notices.set(Some(Notice::wrong(sentence))),
    };
    let count = kept.len();
    for (key, theirs) in kept {
        let mine = keep::read(&key);
        let both = file::together(&key, mine.as_deref(), &theirs);
        // What lay under a run's key can be brought back on that run's page.
        let aside = mine.filter(|mine| key.contains(".run.") && !key.ends_with(".earlier") && *mine != both);
        let written = match aside {
            Some(mine) => {
                keep::write(&format!("{key}.earlier"), &mine).and_then(|()| keep::write(&key, &both))
            }
            None => keep::write(&key, &both),
        };
        if let Err(trouble) = written {
            return notices.set(Some(Notice::wrong(trouble.sentence())));
        }
        if key == keep::run_key(&berth.name())
            && let Some(run) = keep::KeptRun::read(&both)
            && let Err(why) = berth.take_kept(&run)
        {
            return notices.set(Some(Notice::wrong(why)));
        }
    }
    let parts = if count == 1 { "1 part".to_string() } else { format!("{count} parts") };
    notices.set(Some(Notice::tell(format!(
        "{parts} of the file are in: progress is added to yours, and the earlier runs can be brought back."
    ))));
}

fn download(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("application/json");
    let Ok(blob) = web_sys::Blob::new_with_str_sequence_and_options(&parts, &options) else { return };
    let Ok(url) = web_sys::Url::create_object_url_with_blob(&blob) else { return };
    let anchor = document()
        .create_element("a")
        .ok()
        .and_then(|element| element.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let Some(anchor) = anchor {
        anchor.set_href(&url);
        anchor.set_download(name);
        anchor.click();
    }
    let _ = web_sys::Url::revoke_object_url(&url);
}

fn read_file(file: &web_sys::File, then: impl FnOnce(&str) + 'static) {
    let Ok(reader) = web_sys::FileReader::new() else { return };
    let done = reader.clone();
    let loaded = Closure::once_into_js(move || {
        then(&done.result().ok().and_then(|text| text.as_string()).unwrap_or_default());
    });
    reader.set_onload(Some(loaded.unchecked_ref()));
    let _ = reader.read_as_text(file);
}
