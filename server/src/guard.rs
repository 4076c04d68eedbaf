//! Who may ask at all: a page of another site may not.

use crate::answer::Refusal;
use crate::route::header;
use axum::http::request::Parts;

/// The names under which the endpoint may be spoken to, and the origins whose pages may do it.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// Origins that were allowed by name, such as `http://shop.test:8080`.
    allowed: Vec<String>,
}

impl Guard {
    /// Allows this machine's own names and these origins.
    pub fn new(allowed: &[String]) -> Guard {
        let plain = |origin: &String| origin.trim_end_matches('/').to_ascii_lowercase();
        Guard { allowed: allowed.iter().map(plain).collect() }
    }

    /// Looks at the names that a request carries.
    ///
    /// # Errors
    /// 403 for a Host that is not this machine's, or a page of another origin.
    pub fn check(&self, parts: &Parts) -> Result<(), Refusal> {
        let refuse = |message: String| Err(Refusal::new("AccessDeniedException", message).with_status(403));
        let host = parts.uri.authority().map(|name| name.as_str()).or_else(|| header(parts, "host"));
        let host = host.unwrap_or_default().to_ascii_lowercase();
        if !is_local(&host) && !self.names(&host) {
            return refuse(format!(
                "The host `{host}` is not allowed; --allow-origin http://{host} allows it."
            ));
        }
        let Some(origin) = parts.headers.get("origin") else {
            return match header(parts, "sec-fetch-site") {
                Some("cross-site") => refuse("A page of another site may not ask here.".to_string()),
                _ => Ok(()),
            };
        };
        let origin = origin.to_str().unwrap_or_default().to_ascii_lowercase();
        if origin == format!("http://{host}") || self.allowed.contains(&origin) {
            return Ok(());
        }
        refuse(format!("Pages of `{origin}` may not ask here; --allow-origin {origin} allows them."))
    }

    /// The origin to which an answer may be shown, if the request comes from a page that was allowed.
    pub fn allows<'a>(&self, parts: &'a Parts) -> Option<&'a str> {
        let origin = header(parts, "origin")?;
        self.allowed.contains(&origin.to_ascii_lowercase()).then_some(origin)
    }

    fn names(&self, host: &str) -> bool {
        self.allowed.iter().any(|origin| {
            let name = origin.split_once("://").map_or(origin.as_str(), |(_, name)| name);
            name == host || name == without_port(host)
        })
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Whether a Host names this machine; any port will do, since the socket is ours.
fn is_local(host: &str) -> bool {
    matches!(without_port(host), "127.0.0.1" | "localhost" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn check(guard: &Guard, host: Option<&str>, origin: Option<&str>) -> bool {
        let mut request = Request::builder().uri("/");
        if let Some(host) = host {
            request = request.header("host", host);
        }
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        guard.check(&request.body(()).unwrap().into_parts().0).is_ok()
    }

    #[test]
    fn only_this_machine_and_allowed_names_may_ask() {
        let closed = Guard::default();
        let open = Guard::new(&["http://shop.test:8080/".to_string(), "http://drydock".to_string()]);
        let rows = [
            (Some("127.0.0.1:4566"), None, true, true),
            (Some("localhost:4566"), None, true, true),
            (Some("LOCALHOST"), None, true, true),
            (Some("[::1]:4566"), None, true, true),
            (Some("evil.test"), None, false, false),
            (Some("evil.test:4566"), None, false, false),
            (Some("127.0.0.1.evil.test"), None, false, false),
            (None, None, false, false),
            (Some("drydock:4566"), None, false, true),
            (Some("shop.test:8080"), None, false, true),
            (Some("localhost:4566"), Some("http://localhost:4566"), true, true),
            (Some("localhost:4566"), Some("http://127.0.0.1:4566"), false, false),
            (Some("localhost:4566"), Some("http://evil.test"), false, false),
            (Some("localhost:4566"), Some("null"), false, false),
            (Some("localhost:4566"), Some("http://shop.test:8080"), false, true),
        ];
        for (host, origin, without, with) in rows {
            assert_eq!(check(&closed, host, origin), without, "{host:?} {origin:?}");
            assert_eq!(check(&open, host, origin), with, "{host:?} {origin:?}");
        }
    }
}
