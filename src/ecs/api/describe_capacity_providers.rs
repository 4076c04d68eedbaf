//! `DescribeCapacityProviders`: what there is for tasks to run on.

use crate::ecs::api::capacity_provider_answer::{self, CapacityProvider};
use crate::ecs::capacity_provider;
use crate::ecs::tag::Failure;
use crate::ecs::{cluster, paging};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which providers to describe.
    pub struct DescribeCapacityProvidersRequest {
        /// Names or ARNs; all when absent.
        capacity_providers: Vec<String> = "capacityProviders".names(Kind::CapacityProvider);
        /// Only those of this cluster.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// TAGS shows their tags.
        include: Vec<String> = "include".one_of(&["TAGS"]);
        /// How many on a page, 1 to 10; 10 when absent.
        max_results: Option<i64> = "maxResults".range(1, 10);
        /// Where the page begins, from an earlier answer.
        next_token: Option<String> = "nextToken";
    }
    /// Providers, and those that are not there.
    pub struct DescribeCapacityProvidersResponse {
        /// They.
        capacity_providers: Vec<CapacityProvider> = "capacityProviders";
        /// What could not be described.
        failures: Vec<Failure> = "failures";
        /// Absent on the last page.
        next_token: Option<String> = "nextToken";
    }
}

/// Describes providers, those of AWS included (CAP-01); one that does not exist is a failure MISSING.
///
/// # Errors
/// `ClusterNotFoundException`; `InvalidParameterException` for a bad page (API-07).
pub fn describe_capacity_providers(
    cx: &Look<'_>,
    request: DescribeCapacityProvidersRequest,
) -> Result<DescribeCapacityProvidersResponse, ApiError> {
    let of_cluster = match &request.cluster {
        None => None,
        Some(named) => Some(&cluster::find(cx.state, Some(named))?.capacity_providers),
    };
    let mut answer = DescribeCapacityProvidersResponse::default();
    let mut found = Vec::new();
    let names: Vec<&str> = match request.capacity_providers.as_slice() {
        [] => cx.state.capacity_providers.keys().map(String::as_str).collect(),
        asked => asked.iter().map(|named| capacity_provider::name_of(named)).collect(),
    };
    for name in names {
        match cx.state.capacity_providers.get(name) {
            Some(_) if of_cluster.is_some_and(|known| !known.iter().any(|it| it == name)) => {}
            Some(provider) => found.push(capacity_provider_answer::describe(provider, &request.include)),
            None => answer.failures.push(Failure::missing(capacity_provider::arn_of(name))),
        }
    }
    let size = request.max_results.map(|size| if size > 10 { 0 } else { size });
    (answer.capacity_providers, answer.next_token) =
        paging::page(found, size, request.next_token.as_deref(), 10)?;
    Ok(answer)
}
