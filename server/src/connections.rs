//! Sockets: how many at once, how long each may take, and what happens to those that are too many.

use crate::control::router;
use crate::endpoint::Endpoint;
use crate::guard::Guard;
use axum::Router;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_io_timeout::TimeoutStream;

/// How often time is let pass by itself.
const TICK: Duration = Duration::from_millis(50);
/// How many connections are told that they are too many, at once; what is beyond is closed unanswered.
const MOST_REFUSALS: usize = 8192;
/// What a connection beyond the limit is told.
const TOO_MANY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
    content-type: application/x-amz-json-1.1\r\n\
    x-amzn-errortype: ServiceUnavailableException\r\n\
    retry-after: 1\r\nconnection: close\r\ncontent-length: 85\r\n\r\n\
    {\"__type\":\"ServiceUnavailableException\",\"message\":\"Too many connections; try again.\"}";

/// What a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// The head of a request, and how long a connection may be idle.
    pub head: Duration,
    /// The body of a request.
    pub body: Duration,
    /// How long a client may leave a part of its answer unread.
    pub unread: Duration,
    /// The bytes of a body.
    pub body_bytes: usize,
    /// How many may watch at once.
    pub watchers: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections: 4096,
            head: Duration::from_secs(30),
            body: Duration::from_secs(10),
            unread: Duration::from_secs(20),
            body_bytes: 256 * 1024,
            watchers: 64,
        }
    }
}

/// Serves the endpoint until the future is dropped.
pub async fn serve(
    listener: TcpListener,
    endpoint: Arc<Endpoint>,
    guard: Guard,
    site: PathBuf,
    limits: Limits,
) {
    let router = router(Arc::clone(&endpoint), guard, site, limits);
    let room = Arc::new(Semaphore::new(limits.connections));
    let porch = Arc::new(Semaphore::new(MOST_REFUSALS));
    let mut connections = tokio::task::JoinSet::new();
    connections.spawn(clockwork(endpoint));
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    // Out of file handles: those that are served will end.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
            Some(_ended) = connections.join_next() => continue,
        };
        if let Ok(permit) = Arc::clone(&room).try_acquire_owned() {
            let router = router.clone();
            connections.spawn(async move {
                connection(stream, router, limits).await;
                drop(permit);
            });
        } else if let Ok(permit) = Arc::clone(&porch).try_acquire_owned() {
            connections.spawn(async move {
                turned_away(stream).await;
                drop(permit);
            });
        }
    }
}

/// Lets time pass as it passes outside; half of this machine's time at most goes into it.
async fn clockwork(endpoint: Arc<Endpoint>) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut shown = None;
    loop {
        tick.tick().await;
        let begun = Instant::now();
        while !endpoint.world().catch_up(begun) {
            if begun.elapsed() > TICK / 2 {
                endpoint.world().forgive(Instant::now());
                break;
            }
            tokio::task::yield_now().await;
        }
        let clock = endpoint.world().run().clock();
        if shown.replace(clock) != Some(clock) {
            endpoint.tell();
        }
    }
}

async fn connection(stream: TcpStream, router: Router, limits: Limits) {
    // Small answers go at once.
    let _as_it_is = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.unread));
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(router));
    // A client that goes away or breaks the protocol has had its answer from hyper.
    let _ended = served.await;
}

/// Says that there is no room, and takes in what the client was saying, so that it hears the answer.
async fn turned_away(mut stream: TcpStream) {
    let told = async {
        stream.write_all(TOO_MANY).await?;
        stream.shutdown().await?;
        let mut heard = [0; 4096];
        while stream.read(&mut heard).await? > 0 {}
        Ok::<(), std::io::Error>(())
    };
    let _ended = timeout(Duration::from_secs(1), told).await;
}

#[cfg(test)]
mod tests {
    use super::TOO_MANY;

    #[test]
    fn the_refusal_is_as_long_as_it_says() {
        let text = std::str::from_utf8(TOO_MANY).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())), "{}", body.len());
    }
}
