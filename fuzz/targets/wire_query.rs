//! Whatever form a service of the query protocol is sent, the answer is XML.
#![no_main]

mod asked;

use drydock_server::{Protocol, SERVICES};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else { return };
    let services: Vec<_> = SERVICES.iter().filter(|service| service.protocol == Protocol::Query).collect();
    let service = services[usize::from(*choice) % services.len()];
    if let Some(answer) = asked::form(service.scope, body) {
        assert!(answer.body.starts_with(b"<?xml"));
    }
});
