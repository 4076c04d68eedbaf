//! What a service may be asked to be: the checks that CreateService and UpdateService share.

use crate::ecs::rules as common;
use crate::ecs::rules::services as rules;
use crate::ecs::service::settings::{
    DeploymentConfiguration, DeploymentController, LoadBalancer, ServiceConnectConfiguration,
    ThresholdConfiguration,
};
use crate::ecs::task::LaunchType;
use crate::ecs::task_definition::TaskDefinition;
use crate::error::ApiError;
use crate::units::Percent;

/// Checks that a task definition fits the launch type (TASKDEF-11).
///
/// # Errors
/// `InvalidParameterException`.
pub fn compatible(definition: &TaskDefinition, launch_type: LaunchType) -> Result<(), ApiError> {
    if definition.compatibilities.iter().any(|word| word == launch_type.word()) {
        return Ok(());
    }
    Err(ApiError::invalid(
        format!("Task definition does not support launch_type {}.", launch_type.word()),
        crate::ecs::rules::task_definitions::COMPATIBILITY,
    ))
}

/// Checks a platform version: Fargate only, and one that exists.
///
/// # Errors
/// `InvalidParameterException` on EC2, `PlatformUnknownException` for one that does not exist.
pub fn platform_version(asked: Option<&str>, launch_type: LaunchType) -> Result<(), ApiError> {
    match (asked, launch_type) {
        (None | Some("LATEST" | "1.4.0" | "1.3.0"), LaunchType::Fargate) | (None, LaunchType::Ec2) => Ok(()),
        (Some(_), LaunchType::Ec2) => Err(ApiError::invalid(
            "The platform version must be null when specifying an EC2 launch type.",
            crate::ecs::rules::task_definitions::COMPATIBILITY,
        )),
        (Some(_), LaunchType::Fargate) => Err(ApiError::new(
            "PlatformUnknownException",
            "The specified platform does not exist.",
            crate::ecs::rules::task_definitions::COMPATIBILITY,
        )),
    }
}

/// Checks load balancers against the task definition, then against the target groups (SVC-10).
///
/// # Errors
/// `InvalidParameterException`.
pub fn load_balancers(asked: &[LoadBalancer], definition: &TaskDefinition) -> Result<(), ApiError> {
    let refuse = |message: String| Err(ApiError::invalid(message, rules::LOAD_BALANCERS));
    if asked.len() > 5 {
        return refuse("loadBalancers can have at most 5 items.".to_string());
    }
    for balancer in asked {
        let name = balancer.container_name.as_deref().unwrap_or_default();
        let port = balancer.container_port.unwrap_or_default();
        let Some(container) = definition.containers.iter().find(|it| it.name.as_deref() == Some(name)) else {
            return refuse(format!("The container {name} does not exist in the task definition."));
        };
        let mapped = container.port_mappings.iter().flatten();
        if !mapped.clone().any(|mapping| mapping.container_port == Some(port)) {
            return refuse(format!("The container {name} did not have a container port {port} defined."));
        }
    }
    // No target group has a listener: load balancers are not simulated yet.
    match asked.first() {
        None => Ok(()),
        Some(balancer) => {
            let group = balancer.target_group_arn.as_deref().or(balancer.load_balancer_name.as_deref());
            refuse(format!(
                "The target group with targetGroupArn {} does not have an associated load balancer.",
                group.unwrap_or("null")
            ))
        }
    }
}

/// Checks how many tasks may run during a change, and says the percentages (DEPLOY-06).
///
/// # Errors
/// `InvalidParameterException`; `UnsupportedFeatureException` for strategies other than ROLLING.
pub fn deployment_configuration(
    asked: &DeploymentConfiguration,
    before: (Percent, Percent),
) -> Result<(Percent, Percent), ApiError> {
    let refuse = |message: &str| Err(ApiError::invalid(message, rules::ROLLOUT_BOUNDS));
    if asked.strategy.as_deref().is_some_and(|strategy| strategy != "ROLLING") {
        return Err(ApiError::new(
            "UnsupportedFeatureException",
            "Only the ROLLING deployment strategy is simulated.",
            rules::CONTROLLERS,
        ));
    }
    if let Some(asked) =
        asked.deployment_circuit_breaker.as_ref().and_then(|it| it.threshold_configuration.as_ref())
    {
        threshold(asked)?;
    }
    let percent = |asked: Option<i64>, before: Percent| match asked {
        None => Some(before),
        Some(value) => u64::try_from(value).ok().filter(|value| *value <= 10_000).map(Percent),
    };
    let Some(minimum) = percent(asked.minimum_healthy_percent, before.0) else {
        return refuse("minimumHealthyPercent must not be negative.");
    };
    let Some(maximum) = percent(asked.maximum_percent, before.1) else {
        return refuse("maximumPercent must not be negative.");
    };
    if maximum == Percent(0) || maximum < minimum {
        return refuse("maximumPercent must be greater than 0 and at least minimumHealthyPercent.");
    }
    Ok((minimum, maximum))
}

/// Checks the threshold of a circuit breaker ([`rules::BREAKER_THRESHOLD`]).
fn threshold(asked: &ThresholdConfiguration) -> Result<(), ApiError> {
    let refuse = |message: &str| Err(ApiError::invalid(message, rules::BREAKER_THRESHOLD));
    match (asked.ty.as_str(), asked.value) {
        ("COUNT", 1..) | (_, 1..=100) => Ok(()),
        ("COUNT", _) => refuse("thresholdConfiguration value must be greater than 0 for type COUNT."),
        (ty, _) => refuse(&format!("thresholdConfiguration value must be between 1 and 100 for type {ty}.")),
    }
}

/// Checks whether zone rebalancing goes with the percentages (SVC-26, SVC-29).
///
/// # Errors
/// `InvalidParameterException` when it is asked for with a maximum of 100 % or less.
pub fn zone_rebalancing(asked: Option<&str>, maximum: Percent, before: bool) -> Result<bool, ApiError> {
    let wanted = asked.map_or(before, |word| word == "ENABLED");
    if wanted && maximum <= Percent(100) {
        return Err(ApiError::invalid(
            "The service couldn't be updated because Availability Zone Rebalancing does not support maximumPercent <= 100 % as deployment configuration.",
            rules::REBALANCING_MAXIMUM,
        ));
    }
    Ok(wanted)
}

/// Checks the deployment controller: only the service scheduler itself is simulated.
///
/// # Errors
/// `UnsupportedFeatureException`.
pub fn controller(asked: Option<&DeploymentController>) -> Result<(), ApiError> {
    match asked {
        Some(controller) if controller.ty != "ECS" => Err(ApiError::new(
            "UnsupportedFeatureException",
            format!("The deployment controller {} is not simulated.", controller.ty),
            rules::CONTROLLERS,
        )),
        _ => Ok(()),
    }
}

/// Checks a Service Connect configuration: there is no Cloud Map namespace yet.
///
/// # Errors
/// `NamespaceNotFoundException`.
pub fn service_connect(asked: Option<&ServiceConnectConfiguration>) -> Result<(), ApiError> {
    match asked {
        Some(connect) if connect.enabled => Err(ApiError::new(
            "NamespaceNotFoundException",
            "The specified namespace was not found.",
            common::CREATE_CLUSTER,
        )),
        _ => Ok(()),
    }
}

/// Checks a grace period (SVC-23).
///
/// # Errors
/// `InvalidParameterException`.
pub fn grace_period(asked: Option<i64>) -> Result<Option<u64>, ApiError> {
    match asked {
        None => Ok(None),
        Some(seconds @ 0..=2_147_483_647) => Ok(u64::try_from(seconds).ok()),
        Some(_) => Err(ApiError::invalid(
            "healthCheckGracePeriodSeconds must be between 0 and 2147483647.",
            rules::GRACE_PERIOD,
        )),
    }
}

/// Checks a desired count.
///
/// # Errors
/// `InvalidParameterException`.
pub fn desired_count(asked: i64) -> Result<u64, ApiError> {
    u64::try_from(asked).ok().filter(|count| *count <= 5000).ok_or_else(|| {
        ApiError::invalid("The desired count must be between 0 and 5000.", rules::DESIRED_COUNT)
    })
}
