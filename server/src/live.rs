//! The world as it goes on, told to those who watch: server-sent events, see docs/endpoint.md.
//!
//! A watcher is told what lies behind the last thing it heard. Nothing is kept for it, so one that
//! listens slowly costs no memory and holds up nobody.

use crate::control::{Desk, refused};
use crate::endpoint::Endpoint;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use drydock::Record;
use drydock::run::Played;
use futures_core::Stream;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// How many lines and records are told in one go.
const AT_ONCE: usize = 256;
/// The pause between two goes, so that a fast clock does not flood a watcher.
const PAUSE: Duration = Duration::from_millis(50);

/// How much a watcher has heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Heard {
    begun: u64,
    lines: usize,
    records: usize,
}

impl Heard {
    /// Reads the id of the last event that a watcher heard before it lost the connection.
    fn from_id(id: &str) -> Option<Heard> {
        let mut numbers = id.split('-');
        let heard = Heard {
            begun: numbers.next()?.parse().ok()?,
            lines: numbers.next()?.parse().ok()?,
            records: numbers.next()?.parse().ok()?,
        };
        numbers.next().is_none().then_some(heard)
    }

    fn id(self) -> String {
        format!("{}-{}-{}", self.begun, self.lines, self.records)
    }
}

/// Tells a watcher the run from its start, or from where it left off, and goes on as the run does.
pub(crate) async fn timeline(State(desk): State<Desk>, request: Request) -> Response {
    let Ok(seat) = Arc::clone(&desk.watchers).try_acquire_owned() else {
        return refused(503, "So many watch already that there is no room for more.");
    };
    let heard = request
        .headers()
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .and_then(Heard::from_id)
        .unwrap_or_default();
    let (sender, events) = mpsc::channel(AT_ONCE);
    tokio::spawn(tell(desk.endpoint, heard, sender));
    let events = Events { events, _seat: seat };
    let stream = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)));
    ([(header::CACHE_CONTROL, "no-store")], stream).into_response()
}

async fn tell(endpoint: Arc<Endpoint>, heard: Heard, sender: mpsc::Sender<Event>) {
    let mut changes = endpoint.watch();
    let mut watcher = Watcher { heard, greeted: false, clock: None };
    loop {
        changes.mark_unchanged();
        let (events, more) = watcher.news(&endpoint);
        for event in events {
            if sender.send(event).await.is_err() {
                return;
            }
        }
        if more {
            continue;
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = sender.closed() => return,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One who watches.
struct Watcher {
    heard: Heard,
    greeted: bool,
    /// The clock and the speed that it was told last.
    clock: Option<(u64, u32)>,
}

impl Watcher {
    /// What it has not heard yet, a part of it at a time, and whether there is more.
    ///
    /// Lines come before the records that they led to, and the clock comes last: it never says a moment
    /// behind which a line may still come.
    fn news(&mut self, endpoint: &Endpoint) -> (Vec<Event>, bool) {
        let world = endpoint.world();
        let (lines, records) = (world.lines(), world.run().timeline().records());
        let mut events = Vec::new();
        let Heard { begun, lines: line, records: record } = self.heard;
        let lost = begun != world.begun() || line > lines.len() || record > records.len();
        if lost {
            self.heard = Heard { begun: world.begun(), ..Heard::default() };
        }
        if lost || !self.greeted {
            self.greeted = true;
            let told = json!({
                "seed": world.run().seed().0,
                "behaviour": drydock::script::BEHAVIOUR,
                "lines": self.heard.lines,
                "records": self.heard.records,
            });
            events.push(event("begun", self.heard, &told));
        }
        for line in lines.iter().skip(self.heard.lines).take(AT_ONCE) {
            let told = told_line(self.heard.lines, line);
            self.heard.lines += 1;
            events.push(event("line", self.heard, &told));
        }
        for record in records.iter().skip(self.heard.records).take(AT_ONCE) {
            let told = endpoint.account().swap(told_record(self.heard.records, record));
            self.heard.records += 1;
            events.push(event("record", self.heard, &told));
        }
        let more = self.heard.lines < lines.len() || self.heard.records < records.len();
        let now = (world.run().clock().0, world.speed());
        if !more && self.clock.replace(now) != Some(now) {
            let told = json!({ "at": now.0, "time": world.run().clock().iso(), "speed": now.1 });
            events.push(event("clock", self.heard, &told));
        }
        (events, more)
    }
}

fn event(name: &str, heard: Heard, data: &Value) -> Event {
    Event::default().event(name).id(heard.id()).data(data.to_string())
}

fn told_line(number: usize, line: &Played) -> Value {
    let mut told = json!({ "n": number, "at": line.at.0, "command": line.command });
    if let Some(principal) = &line.principal {
        told["as"] = Value::from(principal.as_str());
    }
    told
}

fn told_record(number: usize, record: &Record) -> Value {
    let mut told = json!({
        "n": number,
        "at": record.at.0,
        "time": record.at.iso(),
        "kind": format!("{:?}", record.kind),
        "subject": { "kind": format!("{:?}", record.subject.kind), "id": record.subject.id },
        "text": record.text,
    });
    if let Some(rule) = record.rule {
        told["rule"] = Value::from(rule.id);
    }
    if let Some(cause) = record.cause {
        told["cause"] = Value::from(cause.0);
    }
    if !record.verdicts.is_empty() {
        told["verdicts"] = record
            .verdicts
            .iter()
            .map(|verdict| {
                json!({
                    "candidate": verdict.candidate.id,
                    "outcome": format!("{:?}", verdict.outcome),
                    "reason": verdict.reason,
                    "rule": verdict.rule.id,
                })
            })
            .collect();
    }
    told
}

/// The events of one watcher, and its seat.
struct Events {
    events: mpsc::Receiver<Event>,
    _seat: OwnedSemaphorePermit,
}

impl Stream for Events {
    type Item = Result<Event, Infallible>;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll_recv(cx).map(|event| event.map(Ok))
    }
}
