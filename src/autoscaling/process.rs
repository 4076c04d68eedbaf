//! The processes of a group that can be suspended (ASG-17).

use crate::autoscaling::group::invalid;
use crate::autoscaling::rules;
use crate::error::ApiError;

/// What a group does by itself, by AWS's names.
pub const PROCESSES: &[&str] = &[
    "Launch",
    "Terminate",
    "AddToLoadBalancer",
    "AlarmNotification",
    "AZRebalance",
    "HealthCheck",
    "InstanceRefresh",
    "ReplaceUnhealthy",
    "ScheduledActions",
];

/// The processes of a request; all where it names none.
///
/// # Errors
/// `ValidationError` for a process that there is not ([`rules::SUSPENDED`]).
pub fn known(names: &[String]) -> Result<Vec<&'static str>, ApiError> {
    if names.is_empty() {
        return Ok(PROCESSES.to_vec());
    }
    let of_name = |name: &String| {
        let found = PROCESSES.iter().find(|process| name == *process).copied();
        found.ok_or_else(|| invalid(format!("{name} is not a valid Scaling Process Type"), rules::SUSPENDED))
    };
    names.iter().map(of_name).collect()
}
