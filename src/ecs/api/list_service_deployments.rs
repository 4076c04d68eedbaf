//! `ListServiceDeployments`: how a service changed, newest first.

use crate::ecs::service_deployment::{self, Status};
use crate::ecs::{cluster, paging, service};
use crate::error::ApiError;
use crate::operation::Look;
use crate::time::SimTime;
use crate::timeline::Kind;

shape! {
    /// A stretch of time.
    pub struct CreatedAt {
        /// Before this moment.
        before: Option<SimTime> = "before";
        /// After this moment.
        after: Option<SimTime> = "after";
    }
    /// Which service, and which of its deployments.
    pub struct ListServiceDeploymentsRequest {
        /// The service, by name or ARN.
        service: String = "service".required().names(Kind::Service);
        /// Its cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Only those that stand so.
        status: Vec<String> = "status".one_of(Status::WORDS);
        /// Only those that were created then.
        created_at: Option<CreatedAt> = "createdAt";
        /// Where the page begins, from an earlier answer.
        next_token: Option<String> = "nextToken";
        /// How many on a page, 1 to 100; 20 when absent.
        max_results: Option<i64> = "maxResults";
    }
    /// A service deployment in short.
    pub struct ServiceDeploymentBrief {
        /// Its ARN.
        service_deployment_arn: String = "serviceDeploymentArn";
        /// The service.
        service_arn: String = "serviceArn";
        /// The cluster.
        cluster_arn: String = "clusterArn";
        /// When its work began.
        started_at: SimTime = "startedAt";
        /// When it was asked for.
        created_at: SimTime = "createdAt";
        /// When it came to its end.
        finished_at: Option<SimTime> = "finishedAt";
        /// The service revision that it brings.
        target_service_revision_arn: String = "targetServiceRevisionArn";
        /// Where it stands.
        status: String = "status";
        /// Why it stands there.
        status_reason: Option<String> = "statusReason";
    }
    /// A page of service deployments.
    pub struct ListServiceDeploymentsResponse {
        /// The service deployments, newest first.
        service_deployments: Vec<ServiceDeploymentBrief> = "serviceDeployments";
        /// Absent on the last page.
        next_token: Option<String> = "nextToken";
    }
}

/// Lists the deployments of a service ([`rules::SERVICE_DEPLOYMENTS`]).
///
/// # Errors
/// `ClusterNotFoundException`, `ServiceNotFoundException`; `InvalidParameterException` for a bad page
/// (API-07).
///
/// [`rules::SERVICE_DEPLOYMENTS`]: crate::ecs::rules::services::SERVICE_DEPLOYMENTS
pub fn list_service_deployments(
    cx: &Look<'_>,
    request: ListServiceDeploymentsRequest,
) -> Result<ListServiceDeploymentsResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    let service = service::find(cx.state, cluster, &request.service)?;
    let span = request.created_at.clone().unwrap_or_default();
    let briefs = service
        .history
        .iter()
        .rev()
        .filter(|it| request.status.is_empty() || request.status.iter().any(|word| word == it.status.word()))
        .filter(|it| span.before.is_none_or(|before| it.created_at < before))
        .filter(|it| span.after.is_none_or(|after| it.created_at > after))
        .map(|it| ServiceDeploymentBrief {
            service_deployment_arn: service_deployment::arn(&service.arn, &it.id),
            service_arn: service.arn.to_string(),
            cluster_arn: service.cluster.to_string(),
            started_at: it.created_at,
            created_at: it.created_at,
            finished_at: it.finished_at,
            target_service_revision_arn: service_deployment::revision_arn(&service.arn, &it.target),
            status: it.status.word().to_string(),
            status_reason: it.reason.clone(),
        })
        .collect();
    let (service_deployments, next_token) =
        paging::page(briefs, request.max_results, request.next_token.as_deref(), 20)?;
    Ok(ListServiceDeploymentsResponse { service_deployments, next_token })
}
