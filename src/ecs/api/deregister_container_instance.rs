//! `DeregisterContainerInstance`: take an instance out of its cluster (CINST-14).

use crate::ec2::instance;
use crate::ecs::api::container_instance_answer::{ContainerInstanceAnswer, describe};
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
        /// It, now INACTIVE.
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
    let Ok(found) = container_instance::find(cx.state, cluster, &request.container_instance) else {
        return Err(ApiError::invalid("The referenced container instance was not found.", rules::DEREGISTER));
    };
    if request.force != Some(true) && !found.tasks.is_empty() {
        return Err(ApiError::invalid("Found running tasks on the instance.", rules::DEREGISTER));
    }
    let arn = found.arn.clone();
    let mut answer = describe(cx.state, found, true);
    answer.status = "INACTIVE".to_string();
    let reason = "Container instance deregistration forced by user";
    instance::deregister(cx, &arn, StopCode::UserInitiated, reason);
    Ok(DeregisterContainerInstanceResponse { container_instance: answer })
}
