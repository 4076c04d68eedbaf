//! `TerminateInstances`: end virtual machines for good.

use crate::ec2::api::instance_answer::{InstanceState, state};
use crate::ec2::instance::{self, known};
use crate::ec2::rules;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which instances to end.
    pub struct TerminateInstancesRequest {
        /// Their ids.
        instance_ids: Vec<String> = "InstanceIds".required().names(Kind::Instance);
    }
    /// What became of an instance.
    pub struct InstanceStateChange {
        /// Its id.
        instance_id: String = "InstanceId";
        /// Its state now.
        current_state: InstanceState = "CurrentState";
        /// Its state before.
        previous_state: InstanceState = "PreviousState";
    }
    /// What became of the instances.
    pub struct TerminateInstancesResponse {
        /// Each of them.
        terminating_instances: Vec<InstanceStateChange> = "TerminatingInstances".wire("instancesSet");
    }
}

/// Ends instances; a terminated one stays terminated.
///
/// # Errors
/// `InvalidInstanceID.Malformed` and `InvalidInstanceID.NotFound` for ids that there are not; then none is
/// ended.
pub fn terminate_instances(
    cx: &mut Cx<'_>,
    request: TerminateInstancesRequest,
) -> Result<TerminateInstancesResponse, ApiError> {
    let ids = known(cx.state, &request.instance_ids)?;
    if ids.is_empty() {
        let message = "The request must contain the parameter InstanceId";
        return Err(ApiError::new("MissingParameter", message, rules::INSTANCE_FOUND));
    }
    let mut answer = TerminateInstancesResponse::default();
    for id in ids {
        let before = cx.state.instances.get(&id).map(|each| each.state);
        let cause = cx.cause;
        instance::terminate(cx, &id);
        cx.cause = cause;
        let after = cx.state.instances.get(&id).map(|each| each.state);
        if let Some((before, after)) = before.zip(after) {
            answer.terminating_instances.push(InstanceStateChange {
                instance_id: id.to_string(),
                current_state: state(after),
                previous_state: state(before),
            });
        }
    }
    Ok(answer)
}
