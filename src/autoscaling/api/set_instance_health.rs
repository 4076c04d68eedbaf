//! `SetInstanceHealth`: call an instance healthy or not.

use crate::arn::InstanceId;
use crate::autoscaling::group::{invalid, of_instance};
use crate::autoscaling::member::Lifecycle;
use crate::autoscaling::{capacity, member, rules};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// How an instance is.
    pub struct SetInstanceHealthRequest {
        /// The instance.
        instance_id: String = "InstanceId".required().names(Kind::Instance);
        /// Healthy or Unhealthy.
        health_status: String = "HealthStatus".required().such_as(&["Healthy", "Unhealthy"]);
        /// Whether a new instance is spared within the grace period; true when absent.
        should_respect_grace_period: Option<bool> = "ShouldRespectGracePeriod";
    }
    /// Nothing.
    pub struct SetInstanceHealthResponse {
    }
}

/// Calls an instance of a group healthy or unhealthy; an unhealthy one is replaced.
///
/// # Errors
/// `ValidationError` for an instance of no group and for another word ([`rules::USER_HEALTH`]).
pub fn set_instance_health(
    cx: &mut Cx<'_>,
    request: SetInstanceHealthRequest,
) -> Result<SetInstanceHealthResponse, ApiError> {
    let id = InstanceId::from(request.instance_id.as_str());
    let Some(group) = of_instance(cx.state, &id) else {
        let message = format!("Instance Id not found - No managed instance found for instance ID {id}");
        return Err(invalid(message, rules::USER_HEALTH));
    };
    let healthy = match request.health_status.as_str() {
        "Healthy" => true,
        "Unhealthy" => false,
        other => {
            let message = format!("Valid instance health states are: [Healthy, Unhealthy]. {other} is none.");
            return Err(invalid(message, rules::USER_HEALTH));
        }
    };
    let (name, grace) = (group.name.clone(), group.health_check_grace);
    let now = cx.clock;
    let respects = request.should_respect_grace_period != Some(false);
    let Some(member) = member::of(cx, &name, &id) else { return Ok(SetInstanceHealthResponse {}) };
    let young = member.in_service_at.is_none_or(|at| now < at + grace);
    let spared = !healthy && respects && young;
    if !spared && member.lifecycle < Lifecycle::Terminating {
        member.healthy = healthy;
        capacity::look_soon(cx, &name);
    }
    Ok(SetInstanceHealthResponse {})
}
