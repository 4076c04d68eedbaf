//! Server-sent events, as long as somebody listens.
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// The names of the news that a page with an engine of its own needs.
const NAMES: [&str; 3] = ["begun", "line", "clock"];

/// An event of the endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// What kind of news it is.
    pub name: String,
    /// A JSON document.
    pub data: String,
}

/// An open connection; it closes when it is dropped.
pub struct Source {
    source: EventSource,
    _heard: Closure<dyn FnMut(MessageEvent)>,
    _failed: Closure<dyn FnMut()>,
}

impl Source {
    /// Listens at an address. `failed` hears whether the browser has given up.
    pub fn open(
        address: &str,
        hear: impl Fn(News) + 'static,
        failed: impl Fn(bool) + 'static,
    ) -> Option<Source> {
        let source = EventSource::new(address).ok()?;
        let heard = Closure::new(move |event: MessageEvent| {
            let data = event.data().as_string().unwrap_or_default();
            hear(News { name: event.type_(), data });
        });
        for name in NAMES {
            let _ = source.add_event_listener_with_callback(name, heard.as_ref().unchecked_ref());
        }
        let asked = source.clone();
        let lost = Closure::new(move || failed(asked.ready_state() == EventSource::CLOSED));
        source.set_onerror(Some(lost.as_ref().unchecked_ref()));
        Some(Source { source, _heard: heard, _failed: lost })
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.source.set_onerror(None);
        self.source.close();
    }
}
