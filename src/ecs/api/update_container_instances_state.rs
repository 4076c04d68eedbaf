//! `UpdateContainerInstancesState`: let instances drain, or take tasks again (CINST-10).

use crate::ecs::api::container_instance_answer::{ContainerInstanceAnswer, describe};
use crate::ecs::container_instance::InstanceStatus;
use crate::ecs::rules::{self as common, instances as rules};
use crate::ecs::tag::Failure;
use crate::ecs::{cluster, container_instance};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which instances are to change.
    pub struct UpdateContainerInstancesStateRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Ids or ARNs, up to 10.
        container_instances: Vec<String> = "containerInstances".required().names(Kind::ContainerInstance);
        /// ACTIVE or DRAINING.
        status: String = "status".required().one_of(&["ACTIVE", "DRAINING", "REGISTERING", "DEREGISTERING", "REGISTRATION_FAILED"]);
    }
    /// The instances that changed, and those that are not there.
    pub struct UpdateContainerInstancesStateResponse {
        /// The instances.
        container_instances: Vec<ContainerInstanceAnswer> = "containerInstances";
        /// What could not be changed.
        failures: Vec<Failure> = "failures";
    }
}

/// Sets the status of instances; DRAINING ones get no new tasks.
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for another status (API-03) and for none
/// or more than 10 instances (CINST-10).
pub fn update_container_instances_state(
    cx: &mut Cx<'_>,
    request: UpdateContainerInstancesStateRequest,
) -> Result<UpdateContainerInstancesStateResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?.clone();
    let status = match request.status.as_str() {
        "ACTIVE" => InstanceStatus::Active,
        "DRAINING" => InstanceStatus::Draining,
        other => return Err(ApiError::invalid(format!("Invalid status: {other}"), common::ENUMS)),
    };
    if !(1..=10).contains(&request.container_instances.len()) {
        return Err(ApiError::invalid(
            "Container Instances should have between 1 and 10 elements.",
            rules::UPDATE_STATE,
        ));
    }
    let mut answer = UpdateContainerInstancesStateResponse::default();
    for named in &request.container_instances {
        let arn = match container_instance::find(cx.state, &cluster, named) {
            Ok(instance) => instance.arn.clone(),
            Err(arn) => {
                answer.failures.push(container_instance::failure(cx.state, &cluster, arn));
                continue;
            }
        };
        let Some(instance) = cx.state.container_instances.get(&arn) else { continue };
        if !matches!(instance.status, InstanceStatus::Active | InstanceStatus::Draining) {
            let reason = instance.status.word().to_string();
            answer.failures.push(Failure { arn: Some(arn.to_string()), reason, detail: None });
            continue;
        }
        container_instance::set_status(cx, &arn, status, rules::UPDATE_STATE);
        if let Some(instance) = cx.state.container_instances.get(&arn) {
            answer.container_instances.push(describe(cx.state, instance, false));
        }
    }
    Ok(answer)
}
