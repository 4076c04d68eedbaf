//! Placement strategies: how instances that would do are ranked (PLACE-07 to PLACE-10).

use crate::ecs::rules::{placement as rules, services, tasks};
use crate::ecs::service::settings::PlacementStrategy;
use crate::error::ApiError;
use std::fmt;

/// How many strategies can be chained (PLACE-05).
pub(super) const MOST: usize = 5;

/// A way to rank instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strategy {
    /// Fewest tasks of the group on the instance (PLACE-07).
    SpreadInstances,
    /// Fewest tasks of the group on instances with the same value of this attribute (PLACE-07).
    Spread(String),
    /// Least CPU left (PLACE-08).
    BinPackCpu,
    /// Least memory left (PLACE-08).
    BinPackMemory,
    /// By chance (PLACE-09).
    Random,
}

/// The attribute that tells an instance's zone.
pub const ZONE: &str = "ecs.availability-zone";

impl Strategy {
    /// What a service's tasks follow where nothing else is said (PLACE-13).
    pub fn of_services() -> Vec<Strategy> {
        vec![Strategy::Spread(ZONE.to_string()), Strategy::SpreadInstances]
    }

    /// What standalone tasks follow where nothing else is said (PLACE-14).
    pub fn of_standalone_tasks() -> Vec<Strategy> {
        vec![Strategy::Spread(ZONE.to_string()), Strategy::Random]
    }

    /// The rule behind it.
    pub fn rule(&self) -> &'static crate::Rule {
        match self {
            Strategy::SpreadInstances | Strategy::Spread(_) => services::PLACEMENT_STRATEGIES,
            Strategy::BinPackCpu | Strategy::BinPackMemory => rules::BINPACK,
            Strategy::Random => rules::RANDOM,
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Strategy::SpreadInstances => f.write_str("spread instanceId"),
            Strategy::Spread(name) => write!(f, "spread attribute:{name}"),
            Strategy::BinPackCpu => f.write_str("binpack cpu"),
            Strategy::BinPackMemory => f.write_str("binpack memory"),
            Strategy::Random => f.write_str("random"),
        }
    }
}

/// Reads the strategies of a request.
///
/// # Errors
/// `InvalidParameterException` for a field that does not go with its type (PLACE-07 to PLACE-09), and for
/// more than five (PLACE-05).
pub fn read(asked: &[PlacementStrategy]) -> Result<Vec<Strategy>, ApiError> {
    if asked.len() > MOST {
        let message = "Placement strategies can have at most 5 items.";
        return Err(ApiError::invalid(message, tasks::RUN_TASK_COUNT));
    }
    asked.iter().map(one).collect()
}

fn one(asked: &PlacementStrategy) -> Result<Strategy, ApiError> {
    let field = asked.field.as_deref().unwrap_or_default();
    let attribute = field.strip_prefix("attribute:").filter(|name| !name.is_empty());
    match (asked.ty.as_deref(), field) {
        (Some("random"), "") => Ok(Strategy::Random),
        (Some("binpack"), field) if field.eq_ignore_ascii_case("cpu") => Ok(Strategy::BinPackCpu),
        (Some("binpack"), field) if field.eq_ignore_ascii_case("memory") => Ok(Strategy::BinPackMemory),
        (Some("spread"), "instanceId" | "host") => Ok(Strategy::SpreadInstances),
        (Some("spread"), _) if attribute.is_some() => {
            Ok(Strategy::Spread(attribute.unwrap_or_default().to_string()))
        }
        (ty, _) => Err(ApiError::invalid(
            format!("Invalid field '{field}' for placement strategy '{}'.", ty.unwrap_or_default()),
            services::PLACEMENT_STRATEGIES,
        )),
    }
}
