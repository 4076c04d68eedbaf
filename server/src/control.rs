//! What is asked beside AWS's own calls: time, the script, a new beginning; and the way to all of it.

use crate::answer::{Answer, Refusal};
use crate::connections::Limits;
use crate::endpoint::Endpoint;
use crate::guard::Guard;
use crate::world::{FASTEST, Start};
use crate::{live, site};
use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use drydock::time::SimDuration;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The longest time that one request lets pass, in seconds.
const LONGEST_ADVANCE: f64 = 31.0 * 86_400.0;
/// How long a request to let time pass may take, outside.
const PATIENCE: Duration = Duration::from_secs(60);
/// The largest script that a world is begun anew with, as the engine reads it.
const LARGEST_SCRIPT: usize = 4 * 1024 * 1024;

/// What every handler has at hand.
#[derive(Clone)]
pub(crate) struct Desk {
    pub endpoint: Arc<Endpoint>,
    pub limits: Limits,
    pub watchers: Arc<Semaphore>,
    guard: Arc<Guard>,
    site: Arc<PathBuf>,
}

/// The way from a path to what answers it.
pub(crate) fn router(endpoint: Arc<Endpoint>, guard: Guard, site: PathBuf, limits: Limits) -> Router {
    let desk = Desk {
        endpoint,
        limits,
        watchers: Arc::new(Semaphore::new(limits.watchers)),
        guard: Arc::new(guard),
        site: Arc::new(site),
    };
    Router::new()
        .route("/drydock/advance", post(advance))
        .route("/drydock/speed", post(speed))
        .route("/drydock/clock", get(clock))
        .route("/drydock/script", get(script))
        .route("/drydock/timeline", get(live::timeline))
        .route("/drydock/reset", post(reset))
        .route("/moto-api/reset", post(reset))
        .fallback(client)
        .method_not_allowed_fallback(wrong_method)
        .layer(from_fn_with_state(desk.clone(), guarded))
        .with_state(desk)
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        if let Ok(kind) = HeaderValue::from_str(&self.content_type) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// Lets nobody in who may not ask, and lets allowed pages read what they asked for.
async fn guarded(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(refusal) = desk.guard.check(&parts) {
        return desk.endpoint.refuse(&parts, &refusal).into_response();
    }
    let origin = desk.guard.allows(&parts).and_then(|origin| HeaderValue::from_str(origin).ok());
    let Some(origin) = origin else { return next.run(Request::from_parts(parts, body)).await };
    let mut response = if parts.method == Method::OPTIONS {
        let mut response = StatusCode::NO_CONTENT.into_response();
        let headers = response.headers_mut();
        let any = HeaderValue::from_static(
            "authorization, content-type, x-amz-content-sha256, x-amz-date, x-amz-security-token, x-amz-target, x-amz-user-agent, x-amzn-query-mode, amz-sdk-invocation-id, amz-sdk-request, last-event-id",
        );
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, any);
        headers
            .insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, DELETE"));
        response
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    let shown = HeaderValue::from_static("x-amzn-requestid, x-amzn-errortype, x-amzn-query-error");
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, shown);
    response
}

/// Everything that has no path of its own: the site for those who look, the world for AWS's clients.
async fn client(State(desk): State<Desk>, request: Request) -> Response {
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD)
        && !request.headers().contains_key(header::AUTHORIZATION)
        && crate::services::by_path(request.uri().path()).is_none();
    if is_page {
        return site::page(&desk.site, request).await;
    }
    let (parts, body) = request.into_parts();
    match taken_in(body, &desk.limits, desk.limits.body_bytes).await {
        Ok(body) => desk.endpoint.answer(&parts, &body).into_response(),
        Err(refusal) => closing(desk.endpoint.refuse(&parts, &refusal)),
    }
}

/// Takes in a body, as long as it is neither too long nor too slow.
async fn taken_in(body: Body, limits: &Limits, most: usize) -> Result<Vec<u8>, Refusal> {
    let too_long = || {
        let message = format!("The body of a request has {most} bytes at most.");
        Err(Refusal::new("RequestEntityTooLargeException", message).with_status(413))
    };
    if usize::try_from(body.size_hint().lower()).map_or(true, |length| length > most) {
        return too_long();
    }
    match timeout(limits.body, axum::body::to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_)) => too_long(),
        Err(_) => {
            let message = "The body of the request did not arrive in time.";
            Err(Refusal::new("RequestTimeoutException", message).with_status(408))
        }
    }
}

/// An answer after which the connection ends, since what follows on it is not to be read.
fn closing(answer: Answer) -> Response {
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn said(value: &Value) -> Response {
    Answer {
        status: 200,
        content_type: "application/json".to_string(),
        headers: Vec::new(),
        body: format!("{value}\n").into_bytes(),
    }
    .into_response()
}

pub(crate) fn refused(status: u16, message: &str) -> Response {
    let refusal = Refusal::new("ValidationException", message).with_status(status);
    crate::json::refusal("1.1", &refusal, false).into_response()
}

async fn wrong_method(parts: Parts) -> Response {
    refused(405, &format!("{} does not take {}.", parts.uri.path(), parts.method))
}

/// The JSON body of a request of our own; `{}` when there is none.
async fn asked(desk: &Desk, request: Request) -> Result<Value, Response> {
    let body = taken_in(request.into_body(), &desk.limits, desk.limits.body_bytes).await;
    let body = body.map_err(|refusal| closing(crate::json::refusal("1.1", &refusal, false)))?;
    if body.trim_ascii().is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(&body).map_err(|error| refused(400, &format!("The body is no JSON: {error}.")))
}

/// Where the clock stands, and how fast it goes.
fn state(desk: &Desk) -> Value {
    let world = desk.endpoint.world();
    let clock = world.run().clock();
    json!({
        "at": clock.0,
        "time": clock.iso(),
        "speed": world.speed(),
        "seed": world.run().seed().0,
        "begun": world.begun(),
        "lines": world.lines().len(),
        "records": world.run().timeline().len(),
    })
}

async fn clock(State(desk): State<Desk>) -> Response {
    said(&state(&desk))
}

async fn advance(State(desk): State<Desk>, request: Request) -> Response {
    let input = match asked(&desk, request).await {
        Ok(input) => input,
        Err(refused) => return refused,
    };
    let Some(seconds) = input["seconds"].as_f64().filter(|seconds| (0.0..=LONGEST_ADVANCE).contains(seconds))
    else {
        return refused(400, "`seconds` is a number from 0 to 2678400.");
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let span = SimDuration((seconds * 1000.0).round() as u64);
    let until = desk.endpoint.world().run().clock() + span;
    let begun = Instant::now();
    while !desk.endpoint.world().advance_to(until, Instant::now()) {
        desk.endpoint.tell();
        if begun.elapsed() > PATIENCE {
            return refused(
                503,
                "So much happens in this time that it takes more than a minute; ask for less.",
            );
        }
        tokio::task::yield_now().await;
    }
    desk.endpoint.tell();
    said(&state(&desk))
}

async fn speed(State(desk): State<Desk>, request: Request) -> Response {
    let input = match asked(&desk, request).await {
        Ok(input) => input,
        Err(refused) => return refused,
    };
    let speed = input["speed"].as_u64().and_then(|speed| u32::try_from(speed).ok());
    let Some(speed) = speed.filter(|speed| *speed <= FASTEST) else {
        return refused(400, "`speed` is a whole number from 0 to 600; at 0 time passes by request only.");
    };
    desk.endpoint.world().set_speed(speed, Instant::now());
    desk.endpoint.tell();
    said(&state(&desk))
}

async fn script(State(desk): State<Desk>) -> Response {
    let text = desk.endpoint.world().run().script();
    Answer {
        status: 200,
        content_type: "text/plain; charset=utf-8".to_string(),
        headers: vec![("cache-control", "no-store".to_string())],
        body: text.into_bytes(),
    }
    .into_response()
}

/// Begins anew: as at the start, or with the script that is the body.
async fn reset(State(desk): State<Desk>, request: Request) -> Response {
    let body = match taken_in(request.into_body(), &desk.limits, LARGEST_SCRIPT).await {
        Ok(body) => body,
        Err(refusal) => return closing(crate::json::refusal("1.1", &refusal, false)),
    };
    let start = match String::from_utf8(body) {
        Ok(text) if text.trim_start().starts_with("drydock ") => Some(Start::Script(text)),
        Ok(text) if text.trim().is_empty() || text.trim() == "{}" => None,
        _ => return refused(400, "The body is a script, or empty."),
    };
    let begun = desk.endpoint.world().reset(start, Instant::now());
    match begun {
        Ok(()) => {
            desk.endpoint.tell();
            said(&json!({ "status": "ok" }))
        }
        Err(error) => refused(400, &format!("{error:#}")),
    }
}
