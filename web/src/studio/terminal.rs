//! The terminal: a screen, a prompt, completion and history.
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::desk::{Desk, Entry, EntryKind};
use super::documents::byte_of;
use super::lines;
use super::on_aws::CopyForAws;

/// How many completions show at once.
const MOST_CHOICES: usize = 60;

/// What could stand at the cursor, and what it would replace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Choices {
    start: usize,
    words: Vec<(String, String)>,
    /// Which one is marked by the arrow keys.
    marked: Option<usize>,
}

/// The command line of the sandbox.
#[component]
pub fn Terminal() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let input = NodeRef::<html::Textarea>::new();
    let screen = NodeRef::<html::Div>::new();
    let choices = RwSignal::new(Choices::default());
    // Where in the history the arrow keys are, and what was typed before they were used.
    let recalled = StoredValue::new(None::<usize>);
    let draft = StoredValue::new(String::new());

    Effect::new(move |_| {
        desk.screen.track();
        desk.waiting.track();
        request_animation_frame(move || {
            if let Some(screen) = screen.try_get_untracked().flatten() {
                screen.set_scroll_top(rest_of(&screen));
            }
        });
    });

    let set_line = move |line: String, cursor: usize| {
        desk.typed.set(line.clone());
        if let Some(input) = input.get_untracked() {
            input.set_value(&line);
            let place = u32::try_from(line[..cursor].encode_utf16().count()).unwrap_or(u32::MAX);
            let _ = input.set_selection_range(place, place);
            let _ = input.focus();
        }
    };
    let complete = move || {
        let line = desk.typed.get_untracked();
        let cursor = cursor_of(input, &line);
        let found = offers(desk, &line, cursor);
        match found.words.as_slice() {
            [] => choices.set(Choices::default()),
            [(word, _)] => {
                let (line, cursor) = take(&line, cursor, found.start, word, true);
                choices.set(Choices::default());
                set_line(line, cursor);
            }
            words => {
                let common = common_start(words.iter().map(|(word, _)| word.as_str()));
                if common.len() > cursor - found.start {
                    let (line, cursor) = take(&line, cursor, found.start, &common, false);
                    set_line(line, cursor);
                }
                choices.set(found);
            }
        }
    };
    let pick = move |word: &str| {
        let line = desk.typed.get_untracked();
        let cursor = cursor_of(input, &line);
        let start = choices.with_untracked(|choices| choices.start.min(cursor));
        let (line, cursor) = take(&line, cursor, start, word, true);
        choices.set(Choices::default());
        set_line(line, cursor);
    };
    let submit = move || {
        let line = desk.typed.get_untracked();
        choices.set(Choices::default());
        recalled.set_value(None);
        if desk.waiting.get_untracked().is_some() {
            return;
        }
        let rest = desk.enter(&line);
        set_line(rest.clone(), rest.len());
    };
    let recall = move |older: bool| {
        let history = desk.history.get_untracked();
        let next = match (recalled.get_value(), older) {
            (None, true) => {
                draft.set_value(desk.typed.get_untracked());
                history.len().checked_sub(1)
            }
            (Some(place), true) => Some(place.saturating_sub(1)),
            (Some(place), false) if place + 1 < history.len() => Some(place + 1),
            _ => None,
        };
        recalled.set_value(next);
        let line = next.and_then(|place| history.get(place).cloned()).unwrap_or_else(|| draft.get_value());
        let end = line.len();
        set_line(line, end);
    };
    let keys = move |event: ev::KeyboardEvent| {
        let key = event.key();
        let many = choices.with_untracked(|choices| choices.words.len());
        let one_line = !desk.typed.get_untracked().contains('\n');
        match key.as_str() {
            "c" if event.ctrl_key() && nothing_selected(input) => {
                event.prevent_default();
                if !desk.interrupt() {
                    desk.print(EntryKind::Note, "^C");
                    set_line(String::new(), 0);
                }
                choices.set(Choices::default());
            }
            "l" if event.ctrl_key() => {
                event.prevent_default();
                desk.screen.update(Vec::clear);
            }
            "Tab" if !event.shift_key() && !desk.typed.get_untracked().trim().is_empty() => {
                event.prevent_default();
                if many > 0 {
                    choices.update(|choices| {
                        choices.marked = Some(choices.marked.map_or(0, |marked| (marked + 1) % many));
                    });
                } else {
                    complete();
                }
            }
            "Enter" if !event.shift_key() => {
                event.prevent_default();
                let marked = choices.with_untracked(|choices| {
                    choices.marked.and_then(|marked| choices.words.get(marked)).map(|(word, _)| word.clone())
                });
                match marked {
                    Some(word) => pick(&word),
                    None if lines::is_whole(&desk.typed.get_untracked()) => submit(),
                    None => {
                        let line = format!("{}\n", desk.typed.get_untracked());
                        let end = line.len();
                        set_line(line, end);
                    }
                }
            }
            "Escape" if many > 0 => {
                event.stop_propagation();
                choices.set(Choices::default());
            }
            "ArrowDown" | "ArrowUp" if many > 0 => {
                event.prevent_default();
                let down = key == "ArrowDown";
                choices.update(|choices| {
                    choices.marked = Some(match (choices.marked, down) {
                        (None, true) => 0,
                        (None, false) => many - 1,
                        (Some(marked), true) => (marked + 1) % many,
                        (Some(marked), false) => (marked + many - 1) % many,
                    });
                });
            }
            "ArrowUp" if one_line => {
                event.prevent_default();
                recall(true);
            }
            "ArrowDown" if one_line => {
                event.prevent_default();
                recall(false);
            }
            _ => {}
        }
    };
    let written = move |event: web_sys::Event| {
        desk.typed.set(event_target_value(&event));
        recalled.set_value(None);
        let open = choices.with_untracked(|choices| !choices.words.is_empty());
        if open {
            let line = desk.typed.get_untracked();
            choices.set(offers(desk, &line, cursor_of(input, &line)));
        }
    };
    let pasted = move |event: ev::ClipboardEvent| {
        let text = event.clipboard_data().and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        if text.trim_end().contains('\n') {
            event.prevent_default();
            let whole = format!("{}{text}", desk.typed.get_untracked());
            let rest = desk.enter(&whole);
            let end = rest.len();
            set_line(rest, end);
        }
    };
    // What another part of the page wrote onto the command line shows here.
    Effect::new(move |_| {
        let typed = desk.typed.get();
        if let Some(input) = input.get()
            && input.value() != typed
        {
            input.set_value(&typed);
        }
    });
    // Tab stops at the latest command; the arrow keys go on from there to the earlier ones.
    let latest = Memo::new(move |_| {
        desk.screen.with(|screen| {
            screen.iter().rev().find(|entry| entry.kind == EntryKind::Command).map(|entry| entry.number)
        })
    });
    let walk = move |event: ev::KeyboardEvent| {
        let older = event.key() == "ArrowUp";
        if (older || event.key() == "ArrowDown")
            && let Some(screen) = screen.get_untracked()
            && go_between(&screen, older)
        {
            event.prevent_default();
        }
    };
    let rows = move || (desk.typed.get().matches('\n').count() + 1).min(6).to_string();
    let open = Memo::new(move |_| desk.typed.with(|typed| typed.contains('\n') && !lines::is_whole(typed)));
    let prompt = move || desk.acting_as.get().map_or_else(|| "$".to_string(), |name| format!("{name} $"));
    view! {
        <div class="terminal" on:click=move |_| {
            // A click that ends a selection leaves the selection alone.
            let selected = window().get_selection().ok().flatten().is_some_and(|selection| !selection.is_collapsed());
            if !selected && let Some(input) = input.get_untracked() {
                let _ = input.focus();
            }
        }>
            <div class="terminal__screen" node_ref=screen role="log" aria-label="Terminal" aria-live="polite" tabindex="0" on:keydown=walk>
                <Show when=move || desk.screen.with(Vec::is_empty)>
                    <p class="terminal__note">"Type a command and press Enter. " <b>"Tab"</b> " completes, " <b>"help"</b> " lists what there is."</p>
                </Show>
                <For each=move || desk.screen.get() key=|entry| entry.number children=move |entry| printed(entry, latest) />
            </div>
            <ul class="terminal__choices" role="listbox" id="terminal-choices" aria-label="Completions" hidden=move || choices.with(|choices| choices.words.is_empty())>
                {move || {
                    let Choices { words, marked, .. } = choices.get();
                    words.into_iter().take(MOST_CHOICES).enumerate().map(|(index, (word, about))| {
                        let chosen = marked == Some(index);
                        let taken = word.clone();
                        view! {
                            <li role="option" id=format!("terminal-choice-{index}") class="terminal__choice" aria-selected=chosen.to_string()
                                on:pointerdown=|event| event.prevent_default()
                                on:click=move |event| { event.stop_propagation(); pick(&taken) }>
                                <b>{word}</b>" "<span>{about}</span>
                            </li>
                        }
                    }).collect_view()
                }}
            </ul>
            <div class="terminal__line">
                <label class="terminal__prompt" for="terminal-input"><span aria-hidden="true">{prompt}</span><span class="visually-hidden">"Command"</span></label>
                <textarea id="terminal-input" class="terminal__input" node_ref=input rows=rows
                    aria-autocomplete="list" aria-controls="terminal-choices"
                    aria-activedescendant=move || choices.with(|choices| choices.marked.map(|marked| format!("terminal-choice-{marked}")))
                    autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go"
                    readonly=move || desk.waiting.get().is_some()
                    on:keydown=keys on:input=written on:paste=pasted></textarea>
                {move || open.get().then(|| view! { <span class="terminal__waits">"a quote or document is still open"</span> })}
                <Show when=move || desk.waiting.get().is_some() fallback=move || view! {
                    <button class="terminal__key terminal__key--complete" title="Complete (Tab)" on:click=move |event| { event.stop_propagation(); complete() }>"Tab"</button>
                    <button class="terminal__key" on:click=move |event| { event.stop_propagation(); submit() }>"Run"</button>
                }>
                    <span class="terminal__waits">{move || {
                        let since = desk.waiting.get().unwrap_or_default();
                        format!("waiting, {}", desk.run.clock().since(since))
                    }}</span>
                    <button class="terminal__key terminal__key--stop" on:click=move |event| { event.stop_propagation(); desk.interrupt(); }>"Stop (Ctrl C)"</button>
                </Show>
            </div>
        </div>
    }
}

/// How far down the screen goes: to its end, but not past the last command when its answer is long.
fn rest_of(screen: &web_sys::HtmlDivElement) -> i32 {
    use wasm_bindgen::JsCast;
    let commands = screen.query_selector_all(".terminal__command").ok();
    let last = commands.and_then(|commands| commands.item(commands.length().checked_sub(1)?));
    let top =
        last.and_then(|last| last.dyn_into::<web_sys::HtmlElement>().ok()).map(|last| last.offset_top());
    top.map_or(screen.scroll_height(), |top| top - 4)
}

/// Moves the focus from the key of one command to that of the next; whether it stood on one.
fn go_between(screen: &web_sys::HtmlDivElement, older: bool) -> bool {
    use wasm_bindgen::JsCast;
    let (Ok(keys), Some(now)) = (screen.query_selector_all(".for-aws"), document().active_element()) else {
        return false;
    };
    let at =
        (0..keys.length()).find(|index| keys.item(*index).is_some_and(|key| key.is_same_node(Some(&now))));
    let Some(at) = at else { return false };
    let next = if older { at.checked_sub(1) } else { Some(at + 1) };
    let next =
        next.and_then(|next| keys.item(next)).and_then(|key| key.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(next) = next {
        let _ = next.focus();
    }
    true
}

fn printed(entry: Entry, latest: Memo<Option<u64>>) -> impl IntoView {
    match entry.kind {
        EntryKind::Command => {
            let stops = Signal::derive(move || latest.get() == Some(entry.number));
            view! {
                <div class="terminal__given">
                    <pre class="terminal__command"><span class="terminal__sign">"$ "</span>{entry.text.clone()}</pre>
                    <CopyForAws command=entry.text at=entry.at stops=stops />
                </div>
            }.into_any()
        }
        EntryKind::Output => view! { <pre class="terminal__output">{entry.text}</pre> }.into_any(),
        EntryKind::Error => view! { <pre class="terminal__error">{entry.text}</pre> }.into_any(),
        EntryKind::Note => {
            view! { <p class="terminal__note">{format!("# {}  {}", entry.at.clock(), entry.text)}</p> }
                .into_any()
        }
    }
}

/// What the engine offers at the cursor.
fn offers(desk: Desk, line: &str, cursor: usize) -> Choices {
    let completion = desk.run.look(|run| run.complete(line, cursor));
    let words = completion.candidates.into_iter().map(|candidate| (candidate.text, candidate.help)).collect();
    Choices { start: completion.start.min(cursor), words, marked: None }
}

fn cursor_of(input: NodeRef<html::Textarea>, line: &str) -> usize {
    let units = input.get_untracked().and_then(|input| input.selection_end().ok().flatten());
    units.map_or(line.len(), |units| byte_of(line, units as usize))
}

fn nothing_selected(input: NodeRef<html::Textarea>) -> bool {
    let in_line = input.get_untracked().is_some_and(|input| input.selection_start() == input.selection_end());
    let on_page = window().get_selection().ok().flatten().is_none_or(|selection| selection.is_collapsed());
    in_line && on_page
}

/// The line with the word at its cursor replaced, and where the cursor then stands.
fn take(line: &str, cursor: usize, start: usize, word: &str, whole: bool) -> (String, usize) {
    let open = word.ends_with(['=', ',', '{', '[', '/']) || is_open(&format!("{}{word}", &line[..start]));
    let space = if whole && !open && !line[cursor..].starts_with(' ') { " " } else { "" };
    let new = format!("{}{word}{space}{}", &line[..start], &line[cursor..]);
    (new, start + word.len() + space.len())
}

/// Whether a quote or a bracket is still open, so that a space would not end the word.
fn is_open(line: &str) -> bool {
    let (mut quote, mut depth) = (None, 0);
    for sign in line.chars() {
        match (quote, sign) {
            (Some(open), _) if open == sign => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(sign),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, ' ') => depth = 0,
            _ => {}
        }
    }
    quote.is_some() || depth > 0
}

/// What all of the words begin with.
fn common_start<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut words = words;
    let mut common = words.next().unwrap_or_default().to_string();
    for word in words {
        let same = common.chars().zip(word.chars()).take_while(|(one, other)| one == other);
        let length = same.map(|(sign, _)| sign.len_utf8()).sum();
        common.truncate(length);
    }
    common
}

#[cfg(test)]
mod tests {
    use super::{common_start, take};

    #[test]
    fn a_completion_replaces_the_word_at_the_cursor() {
        assert_eq!(take("aws ecs li", 10, 8, "list-tasks", true), ("aws ecs list-tasks ".to_string(), 19));
        assert_eq!(take("aws ec --x", 6, 4, "ecs", true), ("aws ecs --x".to_string(), 7));
        for open in ["aws --n 'a={b=[", "aws --n a={b=[", "aws --n a={b=[x,"] {
            let (line, cursor) = take(open, open.len(), open.len(), "subnet-pri-a", true);
            assert_eq!((line.as_str(), cursor), (format!("{open}subnet-pri-a").as_str(), line.len()));
        }
        assert_eq!(
            take("put file:", 9, 4, "file://web.json", false),
            ("put file://web.json".to_string(), 19)
        );
    }

    #[test]
    fn the_common_start_of_words() {
        assert_eq!(common_start(["list-tasks", "list-services"].into_iter()), "list-");
        assert_eq!(common_start(["a", "b"].into_iter()), "");
        assert_eq!(common_start(std::iter::empty()), "");
    }
}
