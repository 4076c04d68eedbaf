//! `cargo xtask endpoint`: AWS's own clients drive the simulation.

use anyhow::{Context, Result};
use drydock_server::{Endpoint, Guard, Limits, Options, Start, World, serve};
use std::io::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use tokio::net::{TcpListener, TcpSocket};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nStopped: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let options = Options::read(std::env::args().skip(1))?;
    let start = match &options.script {
        None => Start::Seed(options.seed),
        Some(file) => Start::Script(
            std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?,
        ),
    };
    let world = World::new(start, options.speed, Instant::now())?;
    tokio::runtime::Runtime::new().context("no runtime could be made")?.block_on(endpoint(options, world))
}

async fn endpoint(options: Options, world: World) -> Result<()> {
    let listener = listen(SocketAddr::new(options.bind, options.port)).with_context(|| {
        format!("port {} of {} cannot be used; `--port N` takes another", options.port, options.bind)
    })?;
    let address = listener.local_addr().context("the socket has no address")?;
    let pace = match options.speed {
        0 => "time passes by POST /drydock/advance".to_string(),
        speed => format!("time passes at {speed}x"),
    };
    let map = match options.site.join("watch/index.html").is_file() {
        true => format!("    The same world on a map, live: http://{address}/watch/#live\n"),
        false => String::new(),
    };
    let told = format!(
        "Drydock answers AWS's clients at http://{address}; {pace} (Ctrl-C stops it).\n    \
         aws ecs list-clusters --endpoint-url http://{address} --region us-east-1\n{map}"
    );
    // Whoever started this may not listen; it serves all the same.
    let _unheard = std::io::stdout().write_all(told.as_bytes());
    let endpoint = Arc::new(Endpoint::new(world, options.account));
    let guard = Guard::new(&options.allowed);
    tokio::select! {
        () = serve(listener, endpoint, guard, options.site, Limits::default()) => Ok(()),
        stopped = tokio::signal::ctrl_c() => stopped.context("Ctrl-C cannot be heard"),
    }
}

/// Listens, with room for many who knock at once.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A port can be taken again while the kernel still remembers the connections of the last program.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(4096)
}
