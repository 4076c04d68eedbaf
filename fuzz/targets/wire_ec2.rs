//! Whatever form EC2 is sent, the answer is XML.
#![no_main]

mod asked;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else { return };
    let operations: Vec<_> = drydock::operations().filter(|operation| operation.service == "ec2").collect();
    let operation = operations[usize::from(*choice) % operations.len()];
    let mut form = format!("Action={}&Version=2016-11-15&", operation.name).into_bytes();
    form.extend(body);
    if let Some(answer) = asked::form("ec2", &form) {
        assert!(answer.body.starts_with(b"<?xml"));
    }
});
