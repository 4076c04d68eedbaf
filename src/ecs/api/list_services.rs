//! `ListServices`: the ARNs of a cluster's services, ten at a time.

use crate::ecs::service::ServiceStatus;
use crate::ecs::task::LaunchType;
use crate::ecs::{cluster, paging};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which services, and which page of them.
    pub struct ListServicesRequest {
        /// Their cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Where the page begins, from an earlier answer.
        next_token: Option<String> = "nextToken";
        /// How many on a page, 1 to 100; 10 when absent.
        max_results: Option<i64> = "maxResults".range(1, 100);
        /// Only those of this launch type.
        launch_type: Option<String> = "launchType".one_of(LaunchType::WORDS);
        /// Only those of this scheduling strategy.
        scheduling_strategy: Option<String> = "schedulingStrategy".one_of(&["REPLICA", "DAEMON"]);
        /// Only those that are looked after so: `CUSTOMER` is every one, `ECS` none.
        resource_management_type: Option<String> = "resourceManagementType".one_of(&["CUSTOMER", "ECS"]);
    }
    /// A page of services.
    pub struct ListServicesResponse {
        /// The ARNs.
        service_arns: Vec<String> = "serviceArns";
        /// Absent on the last page.
        next_token: Option<String> = "nextToken";
    }
}

/// Lists services; INACTIVE ones have left the list (SVC-04).
///
/// # Errors
/// `ClusterNotFoundException`; `InvalidParameterException` for a bad page (API-07).
pub fn list_services(cx: &Look<'_>, request: ListServicesRequest) -> Result<ListServicesResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let arns = cluster::services(cx.state, cluster)
        .filter(|service| service.status != ServiceStatus::Inactive)
        .filter(|service| {
            request
                .launch_type
                .as_deref()
                .is_none_or(|word| service.strategy.is_empty() && service.launch_type.word() == word)
        })
        .filter(|_| request.resource_management_type.as_deref().is_none_or(|word| word == "CUSTOMER"))
        .filter(|service| {
            request.scheduling_strategy.as_deref().is_none_or(|word| service.scheduling.word() == word)
        })
        .map(|service| service.arn.to_string())
        .collect();
    let (service_arns, next_token) =
        paging::page(arns, request.max_results, request.next_token.as_deref(), 10)?;
    Ok(ListServicesResponse { service_arns, next_token })
}
