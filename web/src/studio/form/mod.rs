//! A document as a form, by the shapes that the engine declares. The text is the document; the form
//! shows it and edits it in place.
mod edit;
mod rows;
#[cfg(test)]
mod tests;
mod tree;

use drydock::shape::Shape;
use leptos::prelude::*;

use super::inspector::focus;
use edit::{Edit, quoted};
use rows::{Control, Row, fresh_row, rows, shown};
use tree::{Node, Step, What, written};

/// How far a part stands to the right of what it lies in, in px.
const STEP: usize = 14;

/// The form of a document.
#[component]
pub fn FormView(
    /// The text of the document.
    text: RwSignal<String>,
    /// What it is the input of; `None` where it is not JSON.
    #[prop(into)]
    shape: Signal<Option<&'static Shape>>,
    /// Told where in the text something has to be put right.
    #[prop(into)]
    on_place: Callback<usize>,
) -> impl IntoView {
    let node = Memo::new(move |_| text.with(|text| shown(text)));
    let listed = Memo::new(move |_| match (shape.get(), node.get()) {
        (Some(shape), Ok(node)) => rows(shape, &node),
        _ => Vec::new(),
    });
    let change = Callback::new(move |edit: Edit| {
        if let Some(new) = text.with_untracked(|text| edit.of(text)) {
            text.set(new);
        }
    });
    let form = Form { text, node, listed, change };
    let refusal = Memo::new(move |_| node.with(|node| node.as_ref().err().cloned()));
    view! {
        <div class="form" id="form-view" role="group" aria-label="Form of the document" tabindex="-1">
            {move || match (shape.get().is_some(), refusal.get()) {
                (false, _) => Some(view! { <p class="form__refusal">"Only a JSON document has a form."</p> }.into_any()),
                (true, Some(refusal)) => Some(view! {
                    <div class="form__refusal">
                        <p><b>"No form just now. "</b>{refusal.why}</p>
                        <p>"Nothing is lost: the text is as you wrote it."</p>
                        <p><button on:click=move |_| on_place.run(refusal.at)>"Show the place in the text"</button></p>
                    </div>
                }.into_any()),
                _ => None,
            }}
            <For each=move || listed.get() key=Row::clone children=move |row| line(form, row) />
        </div>
    }
}

/// What the rows of a form share.
#[derive(Clone, Copy)]
struct Form {
    text: RwSignal<String>,
    node: Memo<Result<Node, rows::Refusal>>,
    listed: Memo<Vec<Row>>,
    change: Callback<Edit>,
}

impl Form {
    /// What `read` makes of the value at a path, for as long as it is there.
    fn at<T: PartialEq + Send + Sync + Clone + 'static>(
        self,
        path: tree::Path,
        read: impl Fn(&Node) -> T + Send + Sync + 'static,
    ) -> Memo<Option<T>> {
        Memo::new(move |_| {
            self.node.with(|node| node.as_ref().ok().and_then(|node| node.at(&path)).map(&read))
        })
    }

    /// Makes a change, then gives the focus to the row with this id, or to the form.
    fn change_and_go(self, edit: Edit, id: String) {
        self.change.run(edit);
        request_animation_frame(move || {
            let there = document().get_element_by_id(&id).is_some();
            focus(if there { &id } else { "form-view" });
        });
    }
}

/// One row: its name, its control, and the key that takes it away.
fn line(form: Form, row: Row) -> AnyView {
    let id = row.id();
    let place = written(&row.path);
    let head = matches!(row.control, Control::Group(_));
    let class = if head { "form__row form__row--head" } else { "form__row" };
    let removed = row.clone();
    let remove = move |_| {
        let before = form.listed.with_untracked(|rows| {
            let at = rows.iter().position(|row| *row == removed)?;
            at.checked_sub(1).and_then(|at| rows.get(at)).map(Row::id)
        });
        form.change_and_go(Edit::Remove(removed.path.clone()), before.unwrap_or_default());
    };
    let name = match &row.control {
        Control::Fields(_) | Control::Item(_) | Control::Name => ().into_any(),
        Control::Group(count) => view! {
            <span class="form__name"><b>{row.label.clone()}</b>" "<span class="detail">{count.clone()}</span></span>
        }
        .into_any(),
        _ => view! { <label class="form__name" for=id.clone() title=row.doc>{row.label.clone()}</label> }.into_any(),
    };
    let doc = row.doc;
    let removable = row.removable;
    let inset = row.depth * STEP;
    view! {
        <div class=class style:padding-left=format!("{inset}px")>
            {name}
            <div class="form__control">{control(form, row)}<span class="form__doc">{doc}</span></div>
            {removable.then(|| view! { <button class="form__remove" aria-label=format!("Remove {place}") title="Remove" on:click=remove>"\u{d7}"</button> })}
        </div>
    }
    .into_any()
}

fn control(form: Form, row: Row) -> AnyView {
    let id = row.id();
    let name = written(&row.path);
    let path = row.path.clone();
    let set = {
        let path = path.clone();
        move |json: String| form.change.run(Edit::Set(path.clone(), json))
    };
    match row.control {
        // A head can have the focus, for whoever just added it.
        Control::Group(_) => {
            view! { <span id=id tabindex="-1" class="visually-hidden">{name}</span> }.into_any()
        }
        Control::Text => {
            let value = form.at(path, text_of);
            view! {
                <input id=id aria-label=name prop:value=move || value.get().unwrap_or_default() spellcheck="false" autocomplete="off"
                    on:input=move |event| set(quoted(&event_target_value(&event))) />
            }
            .into_any()
        }
        Control::Choice(values, open) => {
            let value = form.at(path, text_of);
            let chosen = move || value.get().unwrap_or_default();
            let list = format!("{id}-values");
            if open {
                return view! {
                    <input id=id aria-label=name list=list.clone() prop:value=chosen spellcheck="false" autocomplete="off"
                        on:input=move |event| set(quoted(&event_target_value(&event))) />
                    <datalist id=list>{values.iter().map(|value| view! { <option value=*value></option> }).collect_view()}</datalist>
                }
                .into_any();
            }
            let strange = move || Some(chosen()).filter(|value| !values.contains(&value.as_str()));
            view! {
                <select id=id aria-label=name on:change=move |event| set(quoted(&event_target_value(&event)))>
                    {move || strange().map(|value| {
                        let words = if value.is_empty() { "choose one".to_string() } else { format!("{value} (not one of AWS's values)") };
                        view! { <option value=value selected=true>{words}</option> }
                    })}
                    {values.iter().map(|value| view! { <option value=*value selected=move || chosen() == *value>{*value}</option> }).collect_view()}
                </select>
            }
            .into_any()
        }
        Control::Number(fraction) => number(form, row.path, id, name, fraction),
        Control::Switch => {
            let value = form.at(path, |node| node.what == What::Boolean(true));
            view! {
                <label class="form__switch">
                    <input id=id type="checkbox" aria-label=name prop:checked=move || value.get().unwrap_or_default()
                        on:change=move |event| set(event_target_checked(&event).to_string()) />
                    {move || if value.get().unwrap_or_default() { "true" } else { "false" }}
                </label>
            }
            .into_any()
        }
        Control::Pair => {
            let value = form.at(path.clone(), text_of);
            let key = path
                .last()
                .and_then(|step| if let Step::Name(name) = step { Some(name.clone()) } else { None });
            let rename = move |event: web_sys::Event| {
                let to = event_target_value(&event);
                let mut after = path.clone();
                after.pop();
                after.push(Step::Name(to.clone()));
                form.change_and_go(Edit::Rename(path.clone(), to), format!("form-{}", written(&after)));
            };
            view! {
                <input class="form__key" aria-label=format!("Name of {name}") value=key.unwrap_or_default() spellcheck="false" autocomplete="off" on:change=rename />
                <input id=id aria-label=name prop:value=move || value.get().unwrap_or_default() spellcheck="false" autocomplete="off"
                    on:input=move |event| set(quoted(&event_target_value(&event))) />
            }
            .into_any()
        }
        Control::Raw(why) => raw(form, row.path, id, name, why),
        Control::Missing(json) => {
            let mut object = path;
            let Some(Step::Name(field)) = object.pop() else { return ().into_any() };
            let go = id.clone();
            view! {
                <button id=id class="form__add" on:click=move |_| form.change_and_go(Edit::Member(object.clone(), field.clone(), json.clone()), go.clone())>
                    "Needed: add "{row.label}
                </button>
            }
            .into_any()
        }
        Control::Fields(fields) => {
            let chosen = RwSignal::new(0usize);
            let words = if name.is_empty() {
                "Another field".to_string()
            } else {
                format!("Another field of {name}")
            };
            let told = fields.clone();
            let add = move |_| {
                let (field, _, json) = &fields[chosen.get_untracked().min(fields.len() - 1)];
                let mut new = path.clone();
                new.push(Step::Name((*field).to_string()));
                let to = format!("form-{}", written(&new));
                form.change_and_go(Edit::Member(path.clone(), (*field).to_string(), json.clone()), to);
            };
            view! {
                <select id=id class="form__fields" aria-label=words.clone() on:change=move |event| chosen.set(event_target_value(&event).parse().unwrap_or(0))>
                    {told.iter().enumerate().map(|(index, (name, doc, _))| view! { <option value=index.to_string() title=*doc>{*name}</option> }).collect_view()}
                </select>
                <button class="form__add" aria-label=format!("Add: {words}") on:click=add>"Add field"</button>
                <span class="form__hint">{move || told.get(chosen.get()).map(|(_, doc, _)| *doc)}</span>
            }
            .into_any()
        }
        Control::Item(json) => {
            let add = move |_| {
                let count =
                    form.at(
                        path.clone(),
                        |node| if let What::List(items) = &node.what { items.len() } else { 0 },
                    );
                let mut new = path.clone();
                new.push(Step::Index(count.get_untracked().unwrap_or_default()));
                form.change_and_go(Edit::Item(path.clone(), json.clone()), format!("form-{}", written(&new)));
            };
            view! { <button id=id class="form__add" on:click=add>"Add to "{row.label}</button> }.into_any()
        }
        Control::Name => {
            let add = move |_| {
                let taken = form.at(path.clone(), names_of).get_untracked().unwrap_or_default();
                let name = (1..)
                    .map(|count| format!("NAME_{count}"))
                    .find(|name| !taken.contains(name))
                    .unwrap_or_default();
                let mut new = path.clone();
                new.push(Step::Name(name.clone()));
                form.change_and_go(
                    Edit::Member(path.clone(), name, fresh_row()),
                    format!("form-{}", written(&new)),
                );
            };
            view! { <button id=id class="form__add" on:click=add>"Add to "{row.label}</button> }.into_any()
        }
    }
}

/// A number; what is none stays in the field and out of the document.
fn number(form: Form, path: tree::Path, id: String, name: String, fraction: bool) -> AnyView {
    let value = form.at(path.clone(), |node| {
        if let What::Number(number) = &node.what { number.clone() } else { String::new() }
    });
    let wrong = RwSignal::new(false);
    let write = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        let json = if fraction {
            serde_json::from_str::<serde_json::Number>(typed.trim()).ok().map(|_| typed.trim().to_string())
        } else {
            typed.trim().parse::<i64>().ok().map(|number| number.to_string())
        };
        wrong.set(json.is_none());
        if let Some(json) = json {
            form.change.run(Edit::Set(path.clone(), json));
        }
    };
    let said = format!("{id}-wrong");
    let what = if fraction { "a number" } else { "a whole number" };
    view! {
        <input id=id aria-label=name inputmode="numeric" prop:value=move || value.get().unwrap_or_default() autocomplete="off"
            aria-invalid=move || wrong.get().to_string() aria-describedby=said.clone() on:input=write />
        <span class="form__wrong" id=said role="status">{move || wrong.get().then(|| format!("Not {what}. The document still says {}.", value.get().unwrap_or_default()))}</span>
    }
    .into_any()
}

/// JSON as it stands in the text, and why it stands here so.
fn raw(form: Form, path: tree::Path, id: String, name: String, why: String) -> AnyView {
    let text = form.text;
    let span = form.at(path.clone(), |node| node.span.clone());
    let value = move || {
        span.get().and_then(|span| text.with(|text| text.get(span).map(str::to_string))).unwrap_or_default()
    };
    let wrong = RwSignal::new(false);
    let write = move |event: web_sys::Event| {
        let typed = event_target_value(&event);
        let reads = tree::read(&typed).is_some();
        wrong.set(!reads);
        if reads {
            form.change.run(Edit::Set(path.clone(), typed.trim().to_string()));
        }
    };
    let said = format!("{id}-wrong");
    view! {
        <textarea id=id class="code" rows="1" aria-label=name prop:value=value spellcheck="false" aria-invalid=move || wrong.get().to_string()
            aria-describedby=said.clone() on:change=write></textarea>
        <span class="form__wrong" id=said role="status">
            {why}{move || wrong.get().then_some(" This is not JSON; the document keeps what it had.")}
        </span>
    }
    .into_any()
}

fn text_of(node: &Node) -> String {
    if let What::Text(text) = &node.what { text.clone() } else { String::new() }
}

fn names_of(node: &Node) -> Vec<String> {
    match &node.what {
        What::Object(members) => members.iter().map(|member| member.name.clone()).collect(),
        _ => Vec::new(),
    }
}
