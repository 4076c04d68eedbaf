//! `DeregisterContainerInstance`: take an instance out of its cluster (CINST-14).

use crate::ec2::instance;
use crate::ecs::api::container_instance_answer::{ContainerInstanceAnswer, describe};
use crate::ecs::container_instance::InstanceStatus;
use crate::ecs::rules::instances as rules;
use crate::ecs::task::StopCode;
use crate::ecs::{cluster, container_instance};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which instance to deregister.
    pub struct DeregisterContainerInstanceRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Its id or ARN.
        container_instance: String = "containerInstance".required().names(Kind::ContainerInstance);
        /// Whether it goes although it has tasks.
        force: Option<bool> = "force";
    }
    /// The instance that was deregistered.
    pub struct DeregisterContainerInstanceResponse {
        /// It, now INACTIVE, or DEREGISTERING while its trunk is taken away.
        container_instance: ContainerInstanceAnswer = "containerInstance";
    }
}

/// Deregisters an instance; the EC2 instance itself is left as it is.
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for an instance that is not there, and
/// for one with tasks unless forced (CINST-14).
pub fn deregister_container_instance(
    cx: &mut Cx<'_>,
    request: DeregisterContainerInstanceRequest,
) -> Result<DeregisterContainerInstanceResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let found = container_instance::find(cx.state, cluster, &request.container_instance).ok();
    let Some(found) = found.filter(|instance| instance.status != InstanceStatus::Deregistering) else {
        return Err(ApiError::invalid("The referenced container instance was not found.", rules::DEREGISTER));
    };
    if request.force != Some(true) && !found.tasks.is_empty() {
        return Err(ApiError::invalid("Found running tasks on the instance.", rules::DEREGISTER));
    }
    let arn = found.arn.clone();
    let mut answer = describe(cx.state, found, true);
    let status = if found.trunk.is_some() { InstanceStatus::Deregistering } else { InstanceStatus::Inactive };
    answer.status = status.word().to_string();
    let reason = "Container instance deregistration forced by user";
    instance::deregister(cx, &arn, StopCode::UserInitiated, reason);
    Ok(DeregisterContainerInstanceResponse { container_instance: answer })
}
