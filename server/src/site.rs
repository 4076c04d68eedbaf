//! The built site, for those who open the endpoint in a browser.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::path::Path;
use tower_http::services::ServeDir;

const NO_SITE: &str = "\
This is Drydock's endpoint for AWS's clients. It serves the site here as well, once the site is built:

    cargo xtask build

Clients are pointed here by --endpoint-url or AWS_ENDPOINT_URL. The run so far is at /drydock/script.
";

/// A file of the site.
pub(crate) async fn page(site: &Path, request: Request) -> Response {
    if !site.join("index.html").is_file() {
        return text(StatusCode::NOT_FOUND, NO_SITE);
    }
    // A directory that cannot be read is no more than a missing page.
    match ServeDir::new(site).try_call(request).await {
        Ok(found) if found.status() == StatusCode::NOT_FOUND => {
            text(StatusCode::NOT_FOUND, "There is no such page.\n")
        }
        Ok(found) => {
            let mut found = found.map(Body::new).into_response();
            found.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
            found
        }
        Err(_) => text(StatusCode::NOT_FOUND, "There is no such page.\n"),
    }
}

fn text(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
