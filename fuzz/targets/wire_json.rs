//! Whatever body a JSON operation is sent, the answer is JSON.
#![no_main]

mod asked;

use drydock_server::{Protocol, SERVICES};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else { return };
    let targets: Vec<String> = drydock::operations()
        .filter_map(|operation| {
            let of_json = SERVICES.iter().find(|service| {
                service.name == operation.service && matches!(service.protocol, Protocol::Json(_))
            })?;
            Some(format!("{}.{}", of_json.target, operation.name))
        })
        .collect();
    let target = &targets[usize::from(*choice) % targets.len()];
    if let Some(answer) = asked::ask("POST", "/", &[("x-amz-target", target)], body) {
        serde_json::from_slice::<serde_json::Value>(&answer.body).expect("JSON");
    }
});
