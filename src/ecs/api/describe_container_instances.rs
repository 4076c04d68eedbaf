//! `DescribeContainerInstances`: what instances of a cluster bring and what is left of it.

use crate::ecs::api::container_instance_answer::{ContainerInstanceAnswer, describe, health};
use crate::ecs::rules;
use crate::ecs::tag::Failure;
use crate::ecs::{cluster, container_instance};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which instances to describe.
    pub struct DescribeContainerInstancesRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Ids or ARNs, up to 100.
        container_instances: Vec<String> = "containerInstances".required().names(Kind::ContainerInstance);
        /// TAGS shows the tags too, CONTAINER_INSTANCE_HEALTH what the agent says of Docker.
        include: Vec<String> = "include".one_of(&["TAGS", "CONTAINER_INSTANCE_HEALTH"]);
    }
    /// Instances, and those that are not there.
    pub struct DescribeContainerInstancesResponse {
        /// The instances, in the order asked for.
        container_instances: Vec<ContainerInstanceAnswer> = "containerInstances";
        /// What could not be described.
        failures: Vec<Failure> = "failures";
    }
}

/// Describes container instances; one that was deregistered is INACTIVE for an hour (CINST-09), one that the
/// cluster never had is a failure MISSING (PLACE-33).
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for none or more than 100 (API-07) and
/// for an `include` that does not exist (API-03).
pub fn describe_container_instances(
    cx: &Look<'_>,
    request: DescribeContainerInstancesRequest,
) -> Result<DescribeContainerInstancesResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?;
    if request.container_instances.is_empty() {
        return Err(ApiError::invalid("Container Instances cannot be empty.", rules::PAGES));
    }
    if request.container_instances.len() > 100 {
        let message = "Container Instances cannot have more than 100 elements.";
        return Err(ApiError::invalid(message, rules::PAGES));
    }
    let known = ["TAGS", "CONTAINER_INSTANCE_HEALTH"];
    if let Some(word) = request.include.iter().find(|word| !known.contains(&word.as_str())) {
        return Err(ApiError::invalid(format!("Invalid value for include: {word}"), rules::ENUMS));
    }
    let with_tags = request.include.iter().any(|word| word == "TAGS");
    let with_health = request.include.iter().any(|word| word == "CONTAINER_INSTANCE_HEALTH");
    let mut answer = DescribeContainerInstancesResponse::default();
    for named in &request.container_instances {
        match container_instance::find(cx.state, cluster, named) {
            Ok(instance) => answer.container_instances.push(describe(cx.state, instance, with_tags)),
            Err(arn) => match container_instance::former(cx.state, cluster, &arn) {
                Some(instance) => answer.container_instances.push(describe(cx.state, instance, with_tags)),
                None => answer.failures.push(Failure::missing(arn)),
            },
        }
    }
    if with_health {
        for instance in &mut answer.container_instances {
            instance.health_status = Some(health(instance, cx.clock));
        }
    }
    Ok(answer)
}
