//! Ten thousand connections at once: each is served or told that there is no room, and then all is well.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Barrier, Semaphore};
use tokio::time::timeout;

const CROWD: usize = 10_000;
const ASKED: &[u8] = b"POST / HTTP/1.1\r\nhost: localhost\r\n\
    x-amz-target: AmazonEC2ContainerServiceV20141113.ListClusters\r\ncontent-length: 2\r\n\r\n{}";

/// The program itself, in a process of its own, so that each side has its own file handles.
struct Program(Child, String);

impl Program {
    fn start() -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_drydock-server"))
            .args(["--port", "0", "--clock", "manual"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let said = BufReader::new(child.stdout.take().expect("its words")).lines().next();
        let said = said.expect("a line").expect("text");
        let address = said.split("http://").nth(1).and_then(|rest| rest.split(';').next());
        Program(child, address.expect("an address").to_string())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// How many files this process may have open.
fn handles() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap_or_default();
    line.split_whitespace().nth(3).and_then(|soft| soft.parse().ok()).unwrap_or(1024)
}

/// Connects, waits until all have connected, asks, and holds on until all were answered.
async fn one(
    address: String,
    door: Arc<Semaphore>,
    here: Arc<Barrier>,
    answered: Arc<Barrier>,
) -> Option<u16> {
    // A kernel lets only so many knock at once; all of them stay.
    let knocking = door.acquire().await.expect("a door");
    let stream = timeout(Duration::from_secs(60), TcpStream::connect(address)).await;
    drop(knocking);
    here.wait().await;
    match stream {
        Ok(Ok(mut stream)) => {
            // Who was turned away may find that nobody listens any more; the answer is there all the same.
            let _early = stream.write_all(ASKED).await;
            let mut head = [0; 12];
            let read = timeout(Duration::from_secs(120), stream.read_exact(&mut head)).await;
            answered.wait().await;
            read.ok()?.ok()?;
            std::str::from_utf8(&head).ok()?.split(' ').nth(1)?.parse().ok()
        }
        _ => {
            answered.wait().await;
            None
        }
    }
}

#[tokio::test]
async fn ten_thousand_at_once_are_served_or_turned_away() {
    let program = Program::start();
    let crowd = CROWD.min(handles().saturating_sub(200));
    let door = Arc::new(Semaphore::new(200));
    let (here, answered) = (Arc::new(Barrier::new(crowd)), Arc::new(Barrier::new(crowd)));
    let crowd: Vec<_> = (0..crowd)
        .map(|_| {
            tokio::spawn(one(program.1.clone(), Arc::clone(&door), Arc::clone(&here), Arc::clone(&answered)))
        })
        .collect();
    let (mut served, mut turned_away) = (0, 0);
    for one in crowd {
        match one.await.expect("a client") {
            Some(200) => served += 1,
            Some(503) => turned_away += 1,
            other => panic!("{other:?} after {served} served and {turned_away} turned away"),
        }
    }
    println!("{served} served, {turned_away} turned away");
    assert!(served >= 500, "{served} served");
    // Those who come later find room again.
    let alone = Arc::new(Barrier::new(1));
    for _ in 0..50 {
        if one(program.1.clone(), Arc::clone(&door), Arc::clone(&alone), Arc::clone(&alone)).await
            == Some(200)
        {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no room afterwards");
}
