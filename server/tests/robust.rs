//! Those who are slow, many, hostile or curious harm nobody.

mod support;

use drydock_server::Limits;
use serde_json::json;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use support::{Served, Setting, heard};

const ECS: &str = "AmazonEC2ContainerServiceV20141113";

fn impatient() -> Limits {
    let short = Duration::from_millis(300);
    Limits { head: short, body: short, unread: short, ..Limits::default() }
}

#[test]
fn pages_of_other_sites_are_refused_in_the_protocol_they_pretend_to_speak() {
    let served = Served::new(Setting { allowed: vec!["http://shop.test".to_string()], ..Setting::default() });
    let target = format!("{ECS}.CreateCluster");
    let ask = |host: &str, origin: &str| {
        let mut headers = vec![("host", host), ("x-amz-target", target.as_str())];
        if !origin.is_empty() {
            headers.push(("origin", origin));
        }
        served.send("POST", "/", &headers, r#"{"clusterName":"a"}"#)
    };
    for (host, origin) in [("evil.test", ""), ("localhost", "http://evil.test"), ("localhost", "null")] {
        let refused = ask(host, origin);
        assert_eq!(refused.status, 403, "{host} {origin}");
        assert_eq!(refused.json()["__type"], "AccessDeniedException");
        assert_eq!(refused.header("access-control-allow-origin"), None);
    }
    assert_eq!(served.endpoint.world().run().timeline().len(), 0, "nothing was done");
    let allowed = ask("localhost", "http://shop.test");
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("access-control-allow-origin"), Some("http://shop.test"));
    let headers = [("origin", "http://shop.test"), ("access-control-request-method", "POST")];
    assert_eq!(served.send("OPTIONS", "/", &headers, "").status, 204);
    for path in ["/drydock/advance", "/drydock/speed", "/drydock/reset", "/moto-api/reset"] {
        assert_eq!(served.send("POST", path, &[("origin", "http://evil.test")], "{}").status, 403, "{path}");
    }
    let image = [("sec-fetch-site", "cross-site")];
    assert_eq!(served.send("GET", "/drydock/script", &image, "").status, 403);
}

#[test]
fn a_body_that_is_too_long_is_refused_unread() {
    let served = Served::manual(7);
    let long = format!(r#"{{"clusterName":"{}"}}"#, "a".repeat(300 * 1024));
    let refused = served.raw_json(ECS, "CreateCluster", &long);
    assert_eq!(refused.status, 413);
    assert_eq!(refused.json()["__type"], "RequestEntityTooLargeException");
    let claimed = format!(
        "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: {ECS}.CreateCluster\r\ncontent-length: 99999999999\r\n\r\n"
    );
    assert_eq!(heard(&served.say(claimed.as_bytes())).status, 413);
}

#[test]
fn what_is_no_http_is_answered_or_closed() {
    let served = Served::new(Setting { limits: impatient(), ..Setting::default() });
    let header = format!("GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n", "a".repeat(128 * 1024));
    for bytes in [&b"\0\0\0\0\r\n\r\n"[..], b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", header.as_bytes(), b""]
    {
        let answer = served.say(bytes);
        assert!(answer.is_empty() || (400..500).contains(&heard(&answer).status), "{answer:?}");
    }
    assert_eq!(served.json(ECS, "ListClusters", &json!({})).status, 200);
}

#[test]
fn slow_clients_are_let_go_and_nobody_waits_for_them() {
    let served = Served::new(Setting { limits: impatient(), ..Setting::default() });
    let beginnings = [
        "POST / HTTP/1.1\r\nhost: local".to_string(),
        format!(
            "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: {ECS}.ListClusters\r\ncontent-length: 9\r\n\r\n{{"
        ),
    ];
    let mut slow: Vec<TcpStream> = Vec::new();
    for beginning in beginnings.iter().cycle().take(60) {
        let mut stream = TcpStream::connect(served.address).expect("a connection");
        stream.write_all(beginning.as_bytes()).expect("a beginning");
        slow.push(stream);
    }
    let begun = Instant::now();
    assert_eq!(served.json(ECS, "ListClusters", &json!({})).status, 200);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    for (number, stream) in slow.iter_mut().enumerate() {
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        let mut answer = Vec::new();
        let ended = stream.read_to_end(&mut answer);
        assert!(ended.is_ok(), "connection {number} is still open: {ended:?}");
        assert!(answer.is_empty() || heard(&answer).status == 408, "{}", String::from_utf8_lossy(&answer));
    }
}

#[test]
fn the_site_is_served_and_nothing_beside_it() {
    let folder = std::env::temp_dir().join(format!("drydock-endpoint-{}", std::process::id()));
    let site = folder.join("dist");
    std::fs::create_dir_all(site.join("learn")).expect("a folder");
    for (file, text) in [("dist/index.html", "start"), ("dist/learn/index.html", "lessons"), ("secret", "no")]
    {
        std::fs::write(folder.join(file), text).expect("a file");
    }
    let served = Served::new(Setting { site, ..Setting::default() });
    assert_eq!(served.get("/").body, "start");
    assert_eq!(served.get("/").header("content-type"), Some("text/html"));
    assert_eq!(served.get("/learn/").body, "lessons");
    for path in ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/nothing"] {
        let missing = served.get(path);
        assert_eq!(missing.status, 404, "{path}");
        assert!(!missing.body.contains('<'), "{path}");
    }
    std::fs::remove_dir_all(folder).expect("it can go");
    let gone = served.get("/");
    assert_eq!(gone.status, 404);
    assert!(gone.body.contains("cargo xtask build"));
}

#[test]
fn time_passes_at_its_speed_or_by_request() {
    let served = Served::manual(7);
    let at = || served.get("/drydock/clock").json()["at"].as_u64().expect("a moment");
    assert_eq!(served.post("/drydock/advance", &json!({ "seconds": 1.5 })).json()["at"], 1500);
    std::thread::sleep(Duration::from_millis(120));
    assert_eq!(at(), 1500, "time stands");
    assert_eq!(served.post("/drydock/speed", &json!({ "speed": 600 })).status, 200);
    std::thread::sleep(Duration::from_millis(300));
    assert!(at() > 60_000, "{}", at());
    served.post("/drydock/speed", &json!({ "speed": 0 }));
    let stopped = at();
    std::thread::sleep(Duration::from_millis(120));
    assert_eq!(at(), stopped);
    let wrong = [
        ("/drydock/speed", json!({ "speed": 601 })),
        ("/drydock/speed", json!({ "speed": -1 })),
        ("/drydock/speed", json!({})),
        ("/drydock/advance", json!({ "seconds": -1 })),
        ("/drydock/advance", json!({ "seconds": "a" })),
        ("/drydock/advance", json!({ "seconds": 1e300 })),
        ("/drydock/advance", json!([])),
    ];
    for (path, input) in wrong {
        assert_eq!(served.post(path, &input).status, 400, "{path} {input}");
    }
    assert_eq!(served.send("POST", "/drydock/speed", &[], "{").status, 400);
    assert_eq!(served.get("/drydock/advance").status, 405);
}

#[test]
fn another_region_is_refused_as_the_region_s_endpoint_would() {
    let served = Served::manual(7);
    let authorization =
        "AWS4-HMAC-SHA256 Credential=test/20260105/eu-west-1/ecs/aws4_request, SignedHeaders=host";
    let target = format!("{ECS}.ListClusters");
    let headers = [("authorization", authorization), ("x-amz-target", target.as_str())];
    let refused = served.send("POST", "/", &headers, "{}");
    assert_eq!(refused.json()["__type"], "InvalidSignatureException");
}
