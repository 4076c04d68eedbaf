//! A small server for the built site, on this machine only.

use std::path::{Component, Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, bail};
use axum::Router;
use axum::body::Body;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use crate::wasm::Care;
use crate::{site, tools};

struct Options {
    port: u16,
    open: bool,
    build: Option<Care>,
    /// Where the site hangs: `/`, or a path with a slash at both ends.
    prefix: String,
}

/// Builds the site, then serves it until the chore is stopped.
pub fn serve(words: &[&str]) -> Result<()> {
    let options = read(words)?;
    match options.build {
        Some(Care::Release) => site::build()?,
        Some(care) => drop(site::build_quietly(care)?),
        None => {}
    }
    let dist = tools::root().join("dist");
    if !dist.join("index.html").is_file() {
        bail!("there is no site in dist/ yet; `cargo xtask build` makes one");
    }
    let site = start(&dist, options.port, &options.prefix)?;
    println!("Drydock is at {} (Ctrl-C stops it).", site.address);
    if options.open {
        open(&site.address);
    }
    site.runtime.block_on(site.server)?.context("the server stopped")
}

/// A site being served for as long as this lives.
pub struct Site {
    /// Where a browser finds it.
    pub address: String,
    runtime: Runtime,
    server: JoinHandle<std::io::Result<()>>,
}

/// Serves a folder at a path of this machine; port 0 takes any that is free.
pub fn start(dist: &Path, port: u16, prefix: &str) -> Result<Site> {
    let runtime = Runtime::new().context("no runtime could be made")?;
    let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", port))).map_err(|error| {
        anyhow!("port {port} of 127.0.0.1 cannot be used ({error}); `--port N` takes another")
    })?;
    let port = listener.local_addr().context("the server has no address")?.port();
    let (folder, path): (Arc<Path>, Arc<str>) = (dist.into(), prefix.into());
    let router = Router::new().fallback(move |address: Uri| {
        let (folder, path) = (Arc::clone(&folder), Arc::clone(&path));
        async move { answer(find(address.path(), &folder, &path), &folder).await }
    });
    let server = runtime.spawn(async { axum::serve(listener, router).await });
    Ok(Site { address: format!("http://127.0.0.1:{port}{prefix}"), runtime, server })
}

fn read(words: &[&str]) -> Result<Options> {
    let mut options = Options { port: 8080, open: false, build: Some(Care::Release), prefix: "/".to_owned() };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} wants a value"));
        match *word {
            "--open" => options.open = true,
            "--no-build" => options.build = None,
            "--draft" => options.build = Some(Care::Draft),
            "--port" => {
                let port = value()?;
                options.port = port.parse().with_context(|| format!("`{port}` is not a port"))?;
            }
            "--prefix" => {
                let path = value()?.trim_matches('/');
                options.prefix = match path {
                    "" => "/".to_owned(),
                    path => format!("/{path}/"),
                };
            }
            other => bail!(
                "serve does not know `{other}`; it knows --port, --open, --prefix, --draft and --no-build"
            ),
        }
    }
    Ok(options)
}

/// What a request gets.
#[derive(Debug, PartialEq)]
enum Answer {
    File(PathBuf),
    /// The same address with a slash at its end, as static hosts redirect to a folder.
    Moved(String),
    Missing,
}

async fn answer(found: Answer, dist: &Path) -> Response {
    const TEXT: &str = "text/plain; charset=utf-8";
    match found {
        Answer::File(file) => match tokio::fs::read(&file).await {
            Ok(bytes) => {
                let head = [(header::CONTENT_TYPE, mime(&file)), (header::CACHE_CONTROL, "no-cache")];
                (head, Body::from(bytes)).into_response()
            }
            Err(error) => {
                let sentence = format!("{} could not be read: {error}", file.display());
                (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_TYPE, TEXT)], sentence).into_response()
            }
        },
        Answer::Moved(to) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
        // As static hosts have it: the site's own page for addresses without one.
        Answer::Missing => match tokio::fs::read(dist.join("404.html")).await {
            Ok(page) => {
                let head = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
                (StatusCode::NOT_FOUND, head, page).into_response()
            }
            Err(_) => (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, TEXT)], "There is no such page.")
                .into_response(),
        },
    }
}

fn find(raw: &str, dist: &Path, prefix: &str) -> Answer {
    if format!("{raw}/") == prefix {
        return Answer::Moved(prefix.to_owned());
    }
    let Some(inside) = raw.strip_prefix(prefix) else {
        return Answer::Missing;
    };
    let Some(decoded) = decode(inside) else {
        return Answer::Missing;
    };
    let path = Path::new(&decoded);
    // Nothing but plain names: no way up, no drive, no second root.
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return Answer::Missing;
    }
    let file = dist.join(path);
    if file.is_dir() {
        if !decoded.is_empty() && !decoded.ends_with('/') {
            return Answer::Moved(format!("{raw}/"));
        }
        let index = file.join("index.html");
        return if index.is_file() { Answer::File(index) } else { Answer::Missing };
    }
    if file.is_file() && !decoded.ends_with('/') { Answer::File(file) } else { Answer::Missing }
}

/// `%41` to `A`; nothing when the escapes or the UTF-8 are broken, or a NUL hides inside.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let value = digit(rest.next()?)? * 16 + digit(rest.next()?)?;
            bytes.push(u8::try_from(value).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.contains(['\0', '\\'])).then_some(text)
}

fn mime(file: &Path) -> &'static str {
    match file.extension().and_then(|end| end.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt" | "md" | "script") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn open(address: &str) {
    let (program, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    if Command::new(program).args(first).arg(address).spawn().is_err() {
        println!("No browser could be opened from here; the address works in any.");
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    use super::*;

    fn site(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("drydock-serve-{}-{name}", std::process::id()));
        tools::write(&folder.join("dist/index.html"), "start").unwrap();
        tools::write(&folder.join("dist/learn/a b/index.html"), "lesson").unwrap();
        tools::write(&folder.join("secret"), "no").unwrap();
        folder
    }

    #[test]
    fn pages_are_found_under_any_prefix() {
        let dist = site("prefix").join("dist");
        let at = |url: &str, prefix: &str| find(url, &dist, prefix);
        assert_eq!(at("/", "/"), Answer::File(dist.join("index.html")));
        assert_eq!(at("/x/y/", "/x/y/"), Answer::File(dist.join("index.html")));
        assert_eq!(at("/x/y", "/x/y/"), Answer::Moved("/x/y/".into()));
        assert_eq!(at("/learn/a%20b", "/"), Answer::Moved("/learn/a%20b/".into()));
        assert_eq!(at("/learn/a%20b/", "/"), Answer::File(dist.join("learn/a b/index.html")));
        assert_eq!(at("/learn/", "/"), Answer::Missing);
        assert_eq!(at("/", "/x/"), Answer::Missing);
    }

    #[test]
    fn nothing_outside_the_site_is_served() {
        let dist = site("outside").join("dist");
        for url in [
            "/../secret",
            "/%2e%2e/secret",
            "/learn/..%2f../../secret",
            "//etc/passwd",
            "/%5c..%5csecret",
            "/%zz",
            "/%ff",
            "/index.html%00",
        ] {
            assert_eq!(find(url, &dist, "/"), Answer::Missing, "{url}");
        }
    }

    #[test]
    fn every_connection_of_a_browser_is_answered_while_the_others_stay_open() {
        let served = start(&site("burst").join("dist"), 0, "/").unwrap();
        let host = served.address.trim_start_matches("http://").trim_end_matches('/');
        let mut connections: Vec<TcpStream> =
            (0..32).map(|_knock| TcpStream::connect(host).unwrap()).collect();
        for connection in &mut connections {
            connection.write_all(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
        }
        for connection in &mut connections {
            connection.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            let mut start = [0; 15];
            connection.read_exact(&mut start).unwrap();
            assert_eq!(&start, b"HTTP/1.1 200 OK");
        }
    }
}
