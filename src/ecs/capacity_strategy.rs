//! Capacity provider strategies: which providers take tasks, and in which shares (CAP-04 to CAP-11).

mod shares;

use crate::ecs::capacity_provider::{self, FARGATE_SPOT};
use crate::ecs::cluster::{CapacityProviderStrategyItem, Cluster};
use crate::ecs::rules::capacity as rules;
use crate::ecs::task::LaunchType;
use crate::ecs::task_definition::TaskDefinition;
use crate::error::ApiError;
use crate::state::State;

pub use shares::Shares;

/// So many items a strategy may have.
const MOST: usize = 20;

/// What tasks run on: a launch type, and the strategy by which they get there, if any.
#[derive(Debug, Clone, PartialEq)]
pub struct Capacity {
    /// What they run on.
    pub launch_type: LaunchType,
    /// By which strategy; empty for a launch type.
    pub strategy: Vec<CapacityProviderStrategyItem>,
}

/// Launch type, strategy, the cluster's own strategy, EC2: the first that is given counts (CAP-05).
///
/// # Errors
/// `InvalidParameterException` for both, or for a strategy that [`check`] refuses;
/// `UnsupportedFeatureException` for a launch type that is not simulated.
pub fn asked(
    state: &State,
    cluster: &Cluster,
    launch_type: Option<&str>,
    strategy: &[CapacityProviderStrategyItem],
) -> Result<Capacity, ApiError> {
    let launch_type = match launch_type {
        None => None,
        Some("EC2") => Some(LaunchType::Ec2),
        Some("FARGATE") => Some(LaunchType::Fargate),
        Some(other) => {
            return Err(ApiError::new(
                "UnsupportedFeatureException",
                format!("The launch type {other} is not simulated."),
                rules::LAUNCH_TYPE_OR_STRATEGY,
            ));
        }
    };
    match launch_type {
        Some(_) if !strategy.is_empty() => Err(ApiError::invalid(
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
            rules::LAUNCH_TYPE_OR_STRATEGY,
        )),
        Some(launch_type) => Ok(Capacity { launch_type, strategy: Vec::new() }),
        None if !strategy.is_empty() => {
            check(state, strategy, &cluster.capacity_providers)?;
            Ok(of(state, strategy))
        }
        None if !cluster.default_strategy.is_empty() => Ok(of(state, &cluster.default_strategy)),
        None => Ok(Capacity { launch_type: LaunchType::Ec2, strategy: Vec::new() }),
    }
}

/// What tasks of a checked strategy run on.
pub fn of(state: &State, strategy: &[CapacityProviderStrategyItem]) -> Capacity {
    let provider = strategy.first().and_then(|item| state.capacity_providers.get(&item.capacity_provider));
    Capacity {
        launch_type: provider.map_or(LaunchType::Fargate, |provider| provider.kind.launch_type()),
        strategy: strategy.to_vec(),
    }
}

/// Checks a strategy against the providers it may name (CAP-04, CAP-08).
///
/// # Errors
/// `InvalidParameterException` for a provider that is not the cluster's, a number out of range, two bases, a
/// mix of Fargate and groups, several items without any weight, or more than 20 items.
pub fn check(
    state: &State,
    strategy: &[CapacityProviderStrategyItem],
    providers: &[String],
) -> Result<(), ApiError> {
    let refuse = |message: &str, rule| Err(ApiError::invalid(message, rule));
    if strategy.len() > MOST {
        return refuse(
            "A capacity provider strategy can contain a maximum of 20 capacity providers.",
            rules::NO_MIX,
        );
    }
    for item in strategy {
        if !providers.contains(&item.capacity_provider) {
            return refuse(
                "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster or specify a valid capacity provider and try again.",
                rules::ASSOCIATION,
            );
        }
        if !(0..=1000).contains(&item.weight.unwrap_or(0)) || !(0..=100_000).contains(&item.base.unwrap_or(0))
        {
            return refuse(
                "The weight of a capacity provider strategy item is between 0 and 1000, its base between 0 and 100000.",
                rules::BASE_AND_WEIGHT,
            );
        }
    }
    if strategy.iter().filter(|item| item.base.unwrap_or(0) > 0).count() > 1 {
        return refuse(
            "Only one capacity provider in a capacity provider strategy can have a base defined.",
            rules::BASE_AND_WEIGHT,
        );
    }
    let mut kinds = strategy
        .iter()
        .filter_map(|item| state.capacity_providers.get(capacity_provider::name_of(&item.capacity_provider)))
        .map(|provider| provider.kind.launch_type());
    if let Some(first) = kinds.next()
        && kinds.any(|other| other != first)
    {
        return refuse(
            "A capacity provider strategy cannot contain a mix of capacity providers using Auto Scaling groups and Fargate providers. Specify one or the other and try again.",
            rules::NO_MIX,
        );
    }
    if strategy.len() > 1 && strategy.iter().all(|item| item.weight.unwrap_or(0) == 0) {
        return refuse(
            "At least one capacity provider in a capacity provider strategy must have a weight greater than 0.",
            rules::BASE_AND_WEIGHT,
        );
    }
    Ok(())
}

/// A strategy in words: `through FARGATE (base 1, weight 1), FARGATE_SPOT (weight 3)`.
pub fn words(strategy: &[CapacityProviderStrategyItem], launch_type: LaunchType) -> String {
    if strategy.is_empty() {
        return format!("by launch type {}", launch_type.word());
    }
    let item = |item: &CapacityProviderStrategyItem| {
        let numbers = [("base", item.base), ("weight", item.weight)];
        let numbers: Vec<String> =
            numbers.iter().filter_map(|(name, number)| Some(format!("{name} {}", (*number)?))).collect();
        if numbers.is_empty() {
            return item.capacity_provider.clone();
        }
        format!("{} ({})", item.capacity_provider, numbers.join(", "))
    };
    format!("through {}", strategy.iter().map(item).collect::<Vec<_>>().join(", "))
}

/// Checks whether Fargate Spot can run a definition: Linux only, and ARM64 from platform version 1.4.0 on
/// ([`rules::SPOT_WHERE`]).
///
/// # Errors
/// `PlatformTaskDefinitionIncompatibilityException`.
pub fn check_spot(
    strategy: &[CapacityProviderStrategyItem],
    definition: &TaskDefinition,
    platform_version: Option<&str>,
) -> Result<(), ApiError> {
    if !strategy.iter().any(|item| item.capacity_provider == FARGATE_SPOT) {
        return Ok(());
    }
    let platform = definition.kept.iter().find(|(name, _)| *name == "runtimePlatform");
    let word = |name: &str| platform.and_then(|(_, value)| value[name].as_str()).unwrap_or_default();
    let refuse = |message: &str| {
        Err(ApiError::new("PlatformTaskDefinitionIncompatibilityException", message, rules::SPOT_WHERE))
    };
    if word("operatingSystemFamily").starts_with("WINDOWS") {
        return refuse("The FARGATE_SPOT capacity provider does not support Windows tasks.");
    }
    if word("cpuArchitecture") == "ARM64" && platform_version == Some("1.3.0") {
        return refuse(
            "The FARGATE_SPOT capacity provider supports ARM64 tasks from platform version 1.4.0 on.",
        );
    }
    Ok(())
}
