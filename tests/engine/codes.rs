//! The codes of refusals, held against AWS's own models (tests/clients/model.json).

use drydock::error::PARAM_VALIDATION;
use drydock::{ApiError, Operation};
use serde_json::Value;
use std::sync::OnceLock;

/// Refuses a code that AWS's model of the operation does not name.
///
/// The models of EC2 and STS name none.
#[track_caller]
pub fn check(operation: &Operation, refusal: &ApiError) {
    static MODEL: OnceLock<Value> = OnceLock::new();
    let model = MODEL.get_or_init(|| {
        serde_json::from_str(include_str!("../clients/model.json")).expect("the digest is JSON")
    });
    let errors = &model["services"][operation.service]["operations"][operation.name]["errors"];
    let known = errors
        .as_array()
        .is_none_or(|codes| codes.is_empty() || codes.iter().any(|code| code == refusal.code));
    // Auto Scaling's model leaves out what every operation may answer.
    let known = known || operation.service == "autoscaling" && refusal.code == "ValidationError";
    assert!(known || refusal.code == PARAM_VALIDATION, "{operation:?}: AWS never answers {refusal}");
}
