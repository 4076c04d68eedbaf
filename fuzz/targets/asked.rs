//! What the targets of the wire protocols share: an endpoint with something in it, and a request.

use axum::http::Request;
use drydock_server::{Answer, Endpoint, Start, World};
use std::time::Instant;

const START: &str = "drydock 1 seed=7 behaviour=1\naws ecs create-cluster --cluster-name shop\n";

/// Asks a fresh endpoint; whatever it is asked, the answer is a client's to read.
pub fn ask(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
    let world = World::new(Start::Script(START.to_string()), 0, Instant::now()).expect("a script");
    let endpoint = Endpoint::new(world, None);
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = endpoint.answer(&request.body(()).ok()?.into_parts().0, body);
    assert!(answer.status < 500, "a client's mistake is no fault of ours");
    Some(answer)
}

/// Asks as a client that is signed for a service.
#[allow(dead_code)]
pub fn form(scope: &str, body: &[u8]) -> Option<Answer> {
    let authorization = format!("AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/{scope}/aws4_request");
    ask("POST", "/", &[("authorization", &authorization)], body)
}
