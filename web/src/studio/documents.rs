//! The documents of the sandbox: JSON with line numbers, the error's place, and names to complete.
use drydock::Operation;
use drydock::shape::Shape;
use leptos::ev;
use leptos::html;
use leptos::prelude::*;

use super::desk::{Desk, EntryKind};
use super::form::FormView;
use super::inspector::focus;
use super::json_text;
use crate::shell::{keep_setting, setting};

/// What a document can be the input of, with a first draft.
const FORMS: [(&str, &str, &str); 3] = [
    (
        "RegisterTaskDefinition",
        "register-task-definition",
        "{\n  \"family\": \"web\",\n  \"networkMode\": \"awsvpc\",\n  \"requiresCompatibilities\": [\"FARGATE\"],\n  \"cpu\": \"256\",\n  \"memory\": \"512\",\n  \"containerDefinitions\": [\n    {\n      \"name\": \"web\",\n      \"image\": \"shop/web:1\",\n      \"portMappings\": [{ \"containerPort\": 80 }]\n    }\n  ]\n}\n",
    ),
    (
        "CreateService",
        "create-service",
        "{\n  \"cluster\": \"shop\",\n  \"serviceName\": \"web\",\n  \"taskDefinition\": \"web:1\",\n  \"desiredCount\": 2\n}\n",
    ),
    (
        "RunTask",
        "run-task",
        "{\n  \"cluster\": \"shop\",\n  \"taskDefinition\": \"web:1\",\n  \"count\": 1\n}\n",
    ),
];

/// The documents, one of them open.
#[component]
pub fn Documents() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let names = desk.run.view(|run| run.documents().keys().cloned().collect::<Vec<_>>());
    let saved = move |name: &str| desk.run.look(|run| run.documents().get(name).cloned());
    // What was written here before another panel was looked at is still here.
    let (begun_name, begun_text) = desk.draft.get_value().unwrap_or_else(|| {
        let name = names
            .with_untracked(|names| names.iter().find(|name| name.ends_with(".json")).cloned())
            .unwrap_or_else(|| "web.json".to_string());
        let text = saved(&name).unwrap_or_else(|| FORMS[0].2.to_string());
        (name, text)
    });
    let untouched = desk.draft.get_value().is_none().then(|| (begun_name.clone(), begun_text.clone()));
    let name = RwSignal::new(begun_name);
    let text = RwSignal::new(begun_text);
    Effect::new(move |_| {
        let draft = (name.get(), text.get());
        let is_kept = saved(&draft.0).is_some_and(|saved| saved == draft.1);
        let is_new = untouched.as_ref().is_none_or(|untouched| *untouched != draft);
        desk.draft.set_value((is_new && !is_kept).then_some(draft));
    });
    let form = RwSignal::new(form_of(&text.get_untracked()));
    let cursor = RwSignal::new(0usize);
    let area = NodeRef::<html::Textarea>::new();
    let numbers = NodeRef::<html::Pre>::new();

    let open = move |which: String| {
        let body = saved(&which).unwrap_or_default();
        form.set(form_of(&body));
        text.set(body);
        name.set(which);
    };
    let fresh = move |_| {
        let taken = names.get_untracked();
        let next = (1..).map(|count| format!("document-{count}.json")).find(|name| !taken.contains(name));
        name.set(next.unwrap_or_default());
        text.set(FORMS[form.get_untracked()].2.to_string());
    };
    // Scripts such as user data are documents too; only JSON can be wrong as JSON.
    let is_json = Memo::new(move |_| name.with(|name| name.ends_with(".json")));
    let fault = Memo::new(move |_| text.with(|text| json_text::fault(text)).filter(|_| is_json.get()));
    let is_saved = move || {
        desk.run.track();
        saved(&name.get())
            .is_some_and(|saved| saved.trim_end() == text.with(|text| text.trim_end().to_string()))
    };
    let trouble = move || json_text::name_trouble(&name.get());
    let save = move || {
        if trouble().is_some() {
            return;
        }
        let name = name.get_untracked();
        let put = json_text::put(&name, &text.get_untracked());
        desk.interrupt();
        desk.run.act(|run| run.enter(&put));
        desk.print(EntryKind::Note, &format!("{name} is saved; a command reads it as file://{name}."));
        desk.acts.update(|count| *count += 1);
    };
    let command = move || format!("aws ecs {} --cli-input-json file://{}", FORMS[form.get()].1, name.get());
    let run_it = move |_| {
        save();
        desk.enter_for_click(&command());
    };
    let names_here = Memo::new(move |_| {
        let Some(shape) = shape(form.get()) else { return Vec::new() };
        text.with(|text| json_text::fields_at(shape, text, cursor.get().min(text.len())))
            .into_iter()
            .map(|field| (field.name, field.required, field.doc, json_text::beginning(field)))
            .collect()
    });
    let note_cursor = move || {
        if let Some(area) = area.get_untracked() {
            let units = area.selection_start().ok().flatten().unwrap_or_default() as usize;
            cursor.set(byte_of(&area.value(), units));
        }
    };
    let insert = move |words: &str| {
        let Some(area) = area.get_untracked() else { return };
        let whole = area.value();
        let at = cursor.get_untracked().min(whole.len());
        // What was begun of a name is part of what is inserted.
        let begun = whole[..at]
            .rfind(|sign: char| !sign.is_ascii_alphanumeric() && sign != '"')
            .map_or(0, |place| place + 1);
        let new = format!("{}{words}{}", &whole[..begun], &whole[at..]);
        area.set_value(&new);
        let end = begun + words.len();
        let units = u32::try_from(new[..end].encode_utf16().count()).unwrap_or(u32::MAX);
        let _ = area.set_selection_range(units, units);
        let _ = area.focus();
        text.set(new);
        cursor.set(end);
    };
    let keys = move |event: ev::KeyboardEvent| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "s" {
            event.prevent_default();
            save();
        }
    };
    let as_form = RwSignal::new(setting("form").as_deref() == Some("on"));
    let turn = move |on: bool| {
        as_form.set(on);
        keep_setting("form", if on { "on" } else { "off" });
    };
    let shape_here = Signal::derive(move || is_json.get().then(|| shape(form.get())).flatten());
    // Where the form has no place for both, the text comes back first.
    let show_place = Callback::new(move |at: usize| {
        let Some(area) = area.get_untracked() else { return };
        if area.offset_width() == 0 {
            turn(false);
        }
        let value = area.value();
        let units = value.get(..at).map_or(0, |before| before.encode_utf16().count());
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        cursor.set(at);
        request_animation_frame(move || {
            let _ = area.focus();
            let _ = area.set_selection_range(units, units);
        });
    });
    let scroll = move |_| {
        if let (Some(area), Some(numbers)) = (area.get_untracked(), numbers.get_untracked()) {
            numbers.set_scroll_top(area.scroll_top());
        }
    };
    view! {
        <div class="documents" class:documents--form=move || as_form.get()>
            <div class="documents__bar">
                <label class="documents__field"><span>"Document"</span>
                    <input class="documents__name" prop:value=name list="documents-names" spellcheck="false" autocomplete="off"
                        on:change=move |event| {
                            let which = event_target_value(&event);
                            if saved(&which).is_some() { open(which) } else { name.set(which) }
                        } />
                </label>
                <datalist id="documents-names">{move || names.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}</datalist>
                <label class="documents__field"><span>"Input of"</span>
                    <select prop:value=move || form.get().to_string() on:change=move |event| form.set(event_target_value(&event).parse().unwrap_or(0))>
                        {FORMS.iter().enumerate().map(|(index, (_, command, _))| view! {
                            <option value=index.to_string() selected=move || form.get() == index>{*command}</option>
                        }).collect_view()}
                    </select>
                </label>
                <button title="The same document as a form" aria-pressed=move || as_form.get().to_string()
                    on:click=move |_| {
                        turn(!as_form.get_untracked());
                        if as_form.get_untracked() {
                            request_animation_frame(|| focus("form-view"));
                        }
                    }>"Form"</button>
                <button on:click=fresh>"New"</button>
                <button on:click=move |_| save() disabled=is_saved>{move || if is_saved() { "Saved" } else { "Save" }}</button>
                <button class="key--next" on:click=run_it disabled=move || fault.get().is_some() || !is_json.get()>"Save and run"</button>
            </div>
            <div class="documents__editor">
                <pre class="documents__numbers" node_ref=numbers aria-hidden="true">
                    {move || {
                        let wrong = fault.get().map(|fault| fault.line);
                        let lines = text.with(|text| text.split('\n').count());
                        (1..=lines).map(|line| view! {
                            <span class:documents__number--wrong=(wrong == Some(line))>{format!("{line}\n")}</span>
                        }).collect_view()
                    }}
                </pre>
                <textarea class="documents__text code" node_ref=area wrap="off" spellcheck="false" autocapitalize="off" autocomplete="off"
                    aria-label="Text of the document" aria-invalid=move || fault.get().is_some().to_string() aria-describedby="documents-fault"
                    prop:value=text
                    on:input=move |event| { text.set(event_target_value(&event)); note_cursor() }
                    on:keyup=move |_| note_cursor() on:click=move |_| note_cursor()
                    on:keydown=keys on:scroll=scroll></textarea>
                <Show when=move || as_form.get()><FormView text=text shape=shape_here on_place=show_place /></Show>
            </div>
            <p class="documents__fault" id="documents-fault" role="status">
                {move || match (trouble(), fault.get()) {
                    (Some(trouble), _) => view! { <b class="wrong">{trouble}</b> }.into_any(),
                    (_, Some(fault)) => view! { <b class="wrong">{format!("Line {}, column {}: ", fault.line, fault.column)}</b>{fault.message}"." }.into_any(),
                    _ if !is_json.get() => view! { <span>"A document that is not JSON; "</span><code>{move || format!("file://{}", name.get())}</code><span>" names it."</span> }.into_any(),
                    _ => view! { <span>"Reads as JSON. "</span><code>{command}</code> }.into_any(),
                }}
            </p>
            <ul class="documents__names" aria-label="Names that fit at the cursor">
                {move || names_here.get().into_iter().map(|(name, required, doc, words)| view! {
                    <li><button class="documents__chip" title=doc on:click=move |_| insert(&words)>{name}{required.then_some(" *")}</button></li>
                }).collect_view()}
            </ul>
        </div>
    }
}

fn shape(form: usize) -> Option<&'static Shape> {
    Operation::find("ecs", FORMS[form].0).map(|operation| operation.input)
}

/// Which operation a document is most likely the input of.
fn form_of(text: &str) -> usize {
    if text.contains("\"serviceName\"") {
        1
    } else if text.contains("\"containerDefinitions\"") || !text.contains("\"taskDefinition\"") {
        0
    } else {
        2
    }
}

/// The byte at which a browser's UTF-16 position stands.
pub fn byte_of(text: &str, units: usize) -> usize {
    let mut left = units;
    for (byte, sign) in text.char_indices() {
        if left < sign.len_utf16() {
            return byte;
        }
        left -= sign.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{FORMS, byte_of, form_of};

    #[test]
    fn every_draft_is_json_and_is_recognised() {
        for (index, (operation, _, draft)) in FORMS.iter().enumerate() {
            assert_eq!(crate::studio::json_text::fault(draft), None, "{operation}");
            assert_eq!(form_of(draft), index, "{operation}");
        }
    }

    #[test]
    fn browsers_count_in_other_units() {
        assert_eq!(byte_of("a\u{1f6a2}b", 3), 5);
        assert_eq!(byte_of("abc", 99), 3);
    }
}
