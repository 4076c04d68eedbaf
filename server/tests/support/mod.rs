//! An endpoint on loopback for a test, and a client that says exactly what the test wants.
#![allow(dead_code)]

use drydock_server::{Endpoint, Guard, Limits, Start, World, serve};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// A served world; it ends with the test.
pub struct Served {
    pub address: SocketAddr,
    pub endpoint: Arc<Endpoint>,
    _runtime: Runtime,
}

/// How a test's world is served.
pub struct Setting {
    pub start: Start,
    pub speed: u32,
    pub account: Option<String>,
    pub allowed: Vec<String>,
    pub site: PathBuf,
    pub limits: Limits,
}

impl Default for Setting {
    fn default() -> Setting {
        Setting {
            start: Start::Seed(7),
            speed: 0,
            account: None,
            allowed: Vec::new(),
            site: PathBuf::from("there is no site"),
            limits: Limits::default(),
        }
    }
}

/// What came back.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Heard {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Served {
    /// A world of this seed whose time passes by request.
    pub fn manual(seed: u64) -> Served {
        Served::new(Setting { start: Start::Seed(seed), ..Setting::default() })
    }

    pub fn new(setting: Setting) -> Served {
        let runtime = Runtime::new().expect("a runtime");
        let world = World::new(setting.start, setting.speed, Instant::now()).expect("a world");
        let endpoint = Arc::new(Endpoint::new(world, setting.account));
        let listener =
            runtime.block_on(tokio::net::TcpListener::bind(("127.0.0.1", 0))).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let guard = Guard::new(&setting.allowed);
        runtime.spawn(serve(listener, Arc::clone(&endpoint), guard, setting.site, setting.limits));
        Served { address, endpoint, _runtime: runtime }
    }

    /// Sends a request with these headers and hears its answer; the connection then ends.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Heard {
        let mut text = format!("{method} {path} HTTP/1.1\r\nconnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "host") {
            text.push_str(&format!("host: {}\r\n", self.address));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
        heard(&self.say(text.as_bytes()))
    }

    /// Sends bytes as they are and hears all that comes back.
    pub fn say(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        // An endpoint that refuses early may close before all was said.
        let _early = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _end = stream.read_to_end(&mut answer);
        answer
    }

    pub fn raw_json(&self, target: &str, operation: &str, body: &str) -> Heard {
        let target = format!("{target}.{operation}");
        let headers = [("x-amz-target", target.as_str()), ("content-type", "application/x-amz-json-1.1")];
        self.send("POST", "/", &headers, body)
    }

    pub fn json(&self, target: &str, operation: &str, input: &Value) -> Heard {
        self.raw_json(target, operation, &input.to_string())
    }

    /// Sends a form, signed for this service.
    pub fn form(&self, scope: &str, body: &str) -> Heard {
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260105/us-east-1/{scope}/aws4_request, SignedHeaders=host, Signature=0"
        );
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
        ];
        self.send("POST", "/", &headers, body)
    }

    pub fn post(&self, path: &str, input: &Value) -> Heard {
        self.send("POST", path, &[], &input.to_string())
    }

    pub fn get(&self, path: &str) -> Heard {
        self.send("GET", path, &[], "")
    }
}

/// Reads an answer that has its length or ends with the connection.
pub fn heard(bytes: &[u8]) -> Heard {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default().split(' ').nth(1).and_then(|code| code.parse().ok());
    let headers = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_string()))
        .collect();
    Heard { status: status.unwrap_or(0), headers, body: body.to_string() }
}
