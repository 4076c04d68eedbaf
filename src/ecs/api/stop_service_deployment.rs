//! `StopServiceDeployment`: a deployment is undone before it is over.

use crate::ecs::rules::services as rules;
use crate::ecs::service_deployment::{self, Status};
use crate::ecs::service_scheduler::{self, breaker};
use crate::error::ApiError;
use crate::operation::Cx;

shape! {
    /// Which service deployment to stop.
    pub struct StopServiceDeploymentRequest {
        /// Its ARN.
        service_deployment_arn: String = "serviceDeploymentArn".required();
        /// ROLLBACK: what was completed last comes back.
        stop_type: Option<String> = "stopType".one_of(&["ABORT", "ROLLBACK"]);
    }
    /// What is being stopped.
    pub struct StopServiceDeploymentResponse {
        /// Its ARN.
        service_deployment_arn: String = "serviceDeploymentArn";
    }
}

/// Gives a deployment up and brings back what was completed last ([`rules::SERVICE_DEPLOYMENTS`]).
///
/// # Errors
/// `InvalidParameterException` for ABORT, `ServiceDeploymentNotFoundException`, and `ConflictException` for
/// one that is not in progress or that replaces nothing that was completed.
pub fn stop_service_deployment(
    cx: &mut Cx<'_>,
    request: StopServiceDeploymentRequest,
) -> Result<StopServiceDeploymentResponse, ApiError> {
    if request.stop_type.as_deref() == Some("ABORT") {
        return Err(ApiError::invalid("The only valid stop type is ROLLBACK.", rules::SERVICE_DEPLOYMENTS));
    }
    let (service, it) = service_deployment::find(cx.state, &request.service_deployment_arn)
        .ok_or_else(service_deployment::not_found)?;
    let conflict = |message: &str| ApiError::new("ConflictException", message, rules::SERVICE_DEPLOYMENTS);
    if it.status != Status::InProgress {
        return Err(conflict("The service deployment is not in progress."));
    }
    if service.last_completed.is_none() {
        return Err(conflict("There is no completed service deployment to roll back to."));
    }
    let arn = service.arn.clone();
    breaker::undo(cx, &arn);
    service_scheduler::look_at_once(cx, &arn);
    Ok(StopServiceDeploymentResponse { service_deployment_arn: request.service_deployment_arn })
}
