//! `UpdateContainerAgent`: bring the agent of an instance up to date (CINST-25).

use crate::ecs::api::container_instance_answer::{ContainerInstanceAnswer, describe};
use crate::ecs::cluster;
use crate::ecs::container_instance::{self, AgentUpdate, UpdateStatus};
use crate::ecs::placement::query::value;
use crate::ecs::registration::AGENT_VERSION;
use crate::ecs::rules::instances as rules;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Whose agent to update.
    pub struct UpdateContainerAgentRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// The instance's id or ARN.
        container_instance: String = "containerInstance".required().names(Kind::ContainerInstance);
    }
    /// The instance whose agent is updated.
    pub struct UpdateContainerAgentResponse {
        /// It.
        container_instance: ContainerInstanceAnswer = "containerInstance";
    }
}

/// Asks the agent of an instance to update itself; containers run on meanwhile.
///
/// # Errors
/// In this order: `ClusterNotFoundException` (API-04); `InvalidParameterException` for an instance that is
/// not there; `UpdateInProgressException`, `MissingVersionException` and `NoUpdateAvailableException`
/// (CINST-25).
pub fn update_container_agent(
    cx: &mut Cx<'_>,
    request: UpdateContainerAgentRequest,
) -> Result<UpdateContainerAgentResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let Ok(found) = container_instance::find(cx.state, cluster, &request.container_instance) else {
        return Err(ApiError::invalid(
            "The referenced container instance was not found.",
            rules::AGENT_UPDATE,
        ));
    };
    let refuse = |code, message| Err(ApiError::new(code, message, rules::AGENT_UPDATE));
    if found.agent_update.as_ref().is_some_and(AgentUpdate::is_under_way) {
        let message = "There is already a current Amazon ECS container agent update in progress on the specified container instance.";
        return refuse("UpdateInProgressException", message);
    }
    let Some(version) = value::version(&found.agent_version) else {
        let message = "Amazon ECS is unable to determine the current version of the Amazon ECS container agent on the container instance and does not have enough information to proceed with an update.";
        return refuse("MissingVersionException", message);
    };
    if Some(version) >= value::version(AGENT_VERSION) {
        return refuse(
            "NoUpdateAvailableException",
            "There is no update available for your container agent.",
        );
    }
    let arn = found.arn.clone();
    container_instance::enter_update(cx, &arn, UpdateStatus::Pending);
    let found = cx.state.container_instances.get(&arn);
    let container_instance = found.map(|instance| describe(cx.state, instance, false)).unwrap_or_default();
    Ok(UpdateContainerAgentResponse { container_instance })
}
