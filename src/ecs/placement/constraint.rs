//! Placement constraints: conditions that bind (PLACE-17, PLACE-18).

use crate::ecs::placement::query::Expression;
use crate::ecs::rules::{placement as rules, task_definitions, tasks};
use crate::ecs::service::settings::PlacementConstraint;
use crate::error::ApiError;

/// How many constraints a task may have, those of its definition included (PLACE-05).
const MOST: usize = 10;

/// A condition that an instance must meet to take a task.
#[derive(Debug, Clone, PartialEq)]
pub enum Constraint {
    /// No other task of the group stands on it.
    DistinctInstance,
    /// The expression is true of it.
    MemberOf(Expression),
}

/// Reads the constraints of a request, and checks them with those of the task definition.
///
/// # Errors
/// `InvalidParameterException` for a constraint that cannot be (PLACE-17, PLACE-18, PLACE-26), and for
/// more than 10 (PLACE-05).
pub fn read(
    definition: &[PlacementConstraint],
    asked: &[PlacementConstraint],
) -> Result<Vec<Constraint>, ApiError> {
    if definition.len() + asked.len() > MOST {
        let message = "Placement constraints can have at most 10 items.";
        return Err(ApiError::invalid(message, tasks::RUN_TASK_COUNT));
    }
    definition.iter().chain(asked).map(one).collect()
}

fn one(asked: &PlacementConstraint) -> Result<Constraint, ApiError> {
    let refuse = |message: String, rule| Err(ApiError::invalid(message, rule));
    match (asked.ty.as_deref(), asked.expression.as_deref()) {
        (Some("distinctInstance"), None) => Ok(Constraint::DistinctInstance),
        (Some("distinctInstance"), Some(_)) => {
            refuse("distinctInstance expression should not be specified.".to_string(), rules::DISTINCT)
        }
        (Some("memberOf"), Some(expression)) if !expression.trim().is_empty() => {
            Ok(Constraint::MemberOf(Expression::read(expression)?))
        }
        (Some("memberOf"), _) => {
            refuse("The memberOf placement constraint needs an expression.".to_string(), rules::MEMBER_OF)
        }
        (ty, _) => {
            let message = format!("constraint.type '{}' is not supported.", ty.unwrap_or("null"));
            refuse(message, rules::MEMBER_OF)
        }
    }
}

/// Checks the constraints of a task definition: `memberOf` only (TASKDEF-56).
///
/// # Errors
/// `ClientException` for another type; as [`read`] for the rest.
pub fn check_definition(asked: &[PlacementConstraint]) -> Result<(), ApiError> {
    let stray = asked.iter().find(|constraint| constraint.ty.as_deref() != Some("memberOf"));
    if let Some(constraint) = stray {
        let ty = constraint.ty.as_deref().unwrap_or("null");
        let message = format!("constraint.type '{ty}' is not supported.");
        return Err(ApiError::client(message, task_definitions::MEMBER_OF_ONLY));
    }
    read(asked, &[]).map(drop)
}
