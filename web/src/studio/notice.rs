//! One remark about the whole page, with a way to answer it.
use std::sync::Arc;

use leptos::prelude::*;

/// What a key does; it belongs to its remark, which may outlive the part of the page that made it.
type Act = Arc<dyn Fn() + Send + Sync>;

/// A remark, and what can be done about it.
#[derive(Clone)]
pub struct Notice {
    /// The remark, in a sentence.
    pub text: String,
    /// Whether it tells of something that went wrong.
    pub wrong: bool,
    /// A key that answers it.
    pub key: Option<(&'static str, Act)>,
}

impl Notice {
    /// A remark that only tells.
    pub fn tell(text: impl Into<String>) -> Notice {
        Notice { text: text.into(), wrong: false, key: None }
    }

    /// A remark about something that went wrong.
    pub fn wrong(text: impl Into<String>) -> Notice {
        Notice { text: text.into(), wrong: true, key: None }
    }

    /// The same remark with a key.
    #[must_use]
    pub fn with(self, label: &'static str, act: impl Fn() + Send + Sync + 'static) -> Notice {
        Notice { key: Some((label, Arc::new(act))), ..self }
    }
}

/// How long a remark stands that needs no answer.
const STANDS: std::time::Duration = std::time::Duration::from_secs(12);

/// Where the remarks of a page are put.
pub type Notices = RwSignal<Option<Notice>>;

/// The remark that stands, if one does.
#[component]
pub fn NoticeBar() -> impl IntoView {
    let notices = expect_context::<Notices>();
    // What needs no answer goes by itself, unless something else was said meanwhile.
    let count = StoredValue::new(0u32);
    Effect::new(move |_| {
        let number = count
            .try_update_value(|count| {
                *count += 1;
                *count
            })
            .unwrap_or_default();
        if notices.with(|notice| notice.as_ref().is_some_and(|notice| !notice.wrong && notice.key.is_none()))
        {
            set_timeout(
                move || {
                    if count.try_get_value() == Some(number) {
                        notices.set(None);
                    }
                },
                STANDS,
            );
        }
    });
    view! {
        <div class="notice" class:notice--shown=move || notices.with(Option::is_some)
            class:notice--wrong=move || notices.with(|notice| notice.as_ref().is_some_and(|notice| notice.wrong))>
            <p role="status">{move || notices.with(|notice| notice.as_ref().map(|notice| notice.text.clone()))}</p>
            {move || notices.get().and_then(|notice| notice.key).map(|(label, act)| view! {
                <button class="key--next" on:click=move |_| { notices.set(None); act() }>{label}</button>
            })}
            <Show when=move || notices.with(Option::is_some)>
                <button aria-label="Close this remark" on:click=move |_| notices.set(None)>"\u{d7}"</button>
            </Show>
        </div>
    }
}
