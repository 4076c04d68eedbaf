//! Whatever method, path and body EFS is sent, there is an answer.
#![no_main]

mod asked;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (u8, &str, &[u8])| {
    let (choice, path, body) = parts;
    let method = ["GET", "POST", "PUT", "DELETE"][usize::from(choice) % 4];
    let path = format!("/2015-02-01/{path}");
    if let Some(answer) = asked::ask(method, &path, &[], body) {
        assert!(answer.status == 204 || serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok());
    }
});
