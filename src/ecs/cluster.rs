//! Clusters: what tasks and services are grouped in; a name and its counts, no machine.

use crate::arn::ClusterArn;
use crate::ecs::rules;
use crate::ecs::tag::Tag;
use crate::error::ApiError;
use crate::state::State;
use serde_json::Value;

/// A cluster that is ACTIVE.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// Its ARN.
    pub arn: ClusterArn,
    /// Its name.
    pub name: String,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Settings that are validated and kept for later: `settings`, `configuration`, and so on.
    pub kept: Vec<(String, Value)>,
}

/// The cluster that a request names by short name or ARN; `default` when it names none (API-04).
///
/// # Errors
/// `ClusterNotFoundException` (API-04).
pub fn find<'a>(state: &'a State, named: Option<&str>) -> Result<&'a Cluster, ApiError> {
    let name = named.unwrap_or("default");
    let arn = if name.starts_with("arn:") { ClusterArn::from(name) } else { ClusterArn::named(name) };
    state
        .clusters
        .get(&arn)
        .ok_or_else(|| ApiError::new("ClusterNotFoundException", "Cluster not found.", rules::CLUSTER_NAMED))
}
