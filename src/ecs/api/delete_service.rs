//! `DeleteService`: the wish ends; the tasks go, then the service.

use crate::ecs::api::describe_services;
use crate::ecs::cluster;
use crate::ecs::rules::services as rules;
use crate::ecs::service::settings::Service as Shown;
use crate::ecs::service::{self, Scheduling, ServiceStatus};
use crate::ecs::service_scheduler;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::{Kind, RecordKind};

shape! {
    /// The service to delete.
    pub struct DeleteServiceRequest {
        /// Its cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// The service, by name or ARN.
        service: String = "service".required().names(Kind::Service);
        /// Deletes it although it still wants tasks.
        force: Option<bool> = "force";
    }
    /// The service, now DRAINING.
    pub struct DeleteServiceResponse {
        /// The service.
        service: Shown = "service";
    }
}

/// Deletes a service: it is DRAINING until its tasks have STOPPED, then INACTIVE (SVC-04, SVC-05).
///
/// # Errors
/// `ClusterNotFoundException`, `ServiceNotFoundException`; without `force`,
/// `InvalidParameterException` while it wants or has tasks ([`rules::STATUS`]).
pub fn delete_service(
    cx: &mut Cx<'_>,
    request: DeleteServiceRequest,
) -> Result<DeleteServiceResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let present = service::find(cx.state, cluster, &request.service)?;
    if present.status == ServiceStatus::Inactive {
        return Err(ApiError::new("ServiceNotFoundException", "Service not found.", rules::SERVICE_EXISTS));
    }
    let arn = present.arn.clone();
    if present.status == ServiceStatus::Active {
        let forced = request.force == Some(true) || present.scheduling == Scheduling::Daemon;
        if !forced && present.desired_count > 0 {
            return Err(ApiError::invalid(
                "The service cannot be stopped while it is scaled above 0.",
                rules::STATUS,
            ));
        }
        let alive = cx.state.tasks_of_service(present).any(|task| task.is_running() || task.is_pending());
        if !forced && alive {
            return Err(ApiError::invalid(
                "The service cannot be stopped while deployments are active.",
                rules::STATUS,
            ));
        }
        let subject = present.subject();
        if let Some(service) = cx.state.services.get_mut(&arn) {
            service.status = ServiceStatus::Draining;
            service.desired_count = 0;
        }
        cx.state.loads.remove(&arn);
        cx.record(RecordKind::Change, subject, "DRAINING", rules::STATUS);
    }
    let service = cx.state.services.get(&arn).map(|service| describe_services::describe(cx.state, service));
    service_scheduler::look_at_once(cx, &arn);
    Ok(DeleteServiceResponse { service: service.unwrap_or_default() })
}
