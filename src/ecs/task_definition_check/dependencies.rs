//! Whether `dependsOn` names what there is and can come true.

use super::refuse;
use crate::ecs::container_definition::ContainerDefinition;
use crate::ecs::rules::task_definitions as rules;
use crate::error::ApiError;
use crate::order;
use std::collections::{BTreeMap, BTreeSet};

/// Checks each dependency, then that there is no circle.
pub(super) fn check(containers: &[ContainerDefinition]) -> Result<(), ApiError> {
    let by_name: BTreeMap<&str, &ContainerDefinition> =
        order::map(containers.iter().map(|container| (container.name(), container)));
    for container in containers {
        for dependency in container.depends_on.iter().flatten() {
            let Some(other) = by_name.get(dependency.container_name.as_str()) else {
                return refuse(
                    format!(
                        "Unknown container '{}' in dependsOn of '{}'.",
                        dependency.container_name,
                        container.name()
                    ),
                    rules::DEPENDS_ON_KNOWN,
                );
            };
            let condition = dependency.condition.as_str();
            match condition {
                "START" => {}
                "COMPLETE" | "SUCCESS" if other.is_essential() => {
                    return refuse(
                        format!(
                            "Container '{}' with condition '{condition}' in dependsOn can not be marked as essential.",
                            other.name()
                        ),
                        rules::DEPENDS_ON,
                    );
                }
                "COMPLETE" | "SUCCESS" => {}
                "HEALTHY" if other.health_check.is_none() => {
                    return refuse(
                        format!(
                            "Container '{}' with condition 'HEALTHY' in dependsOn has no health check.",
                            other.name()
                        ),
                        rules::DEPENDS_ON,
                    );
                }
                "HEALTHY" => {}
                other => {
                    return refuse(
                        format!("Invalid condition '{other}' in dependsOn of '{}'.", container.name()),
                        rules::DEPENDS_ON,
                    );
                }
            }
        }
    }
    // Whoever waits for nobody that is left can go; if nobody can, there is a circle.
    let mut left: Vec<&ContainerDefinition> = containers.iter().collect();
    while !left.is_empty() {
        let names: BTreeSet<&str> = order::set(left.iter().map(|container| container.name()));
        let before = left.len();
        left.retain(|container| {
            container
                .depends_on
                .iter()
                .flatten()
                .any(|dependency| names.contains(dependency.container_name.as_str()))
        });
        if left.len() == before {
            return refuse("Invalid container dependency: cycle detected.", rules::DEPENDS_ON_KNOWN);
        }
    }
    Ok(())
}
