//! Whether the sizes of containers fit together, and into their task.

use super::refuse;
use crate::ecs::container_definition::ContainerDefinition;
use crate::ecs::rules::task_definitions as rules;
use crate::error::ApiError;
use crate::units::{CpuUnits, Mib};

/// Checks container sizes, alone and against the task's.
pub(super) fn check(
    containers: &[ContainerDefinition],
    cpu: Option<CpuUnits>,
    memory: Option<Mib>,
) -> Result<(), ApiError> {
    let mut cpu_sum: i64 = 0;
    let mut memory_sum: i64 = 0;
    for container in containers {
        let name = container.name();
        for (setting, value, least) in [
            ("cpu", container.cpu, 0),
            ("memory", container.memory, 6),
            ("memoryReservation", container.memory_reservation, 6),
        ] {
            if value.is_some_and(|value| value < least) {
                return refuse(
                    format!("Invalid '{setting}' setting for container '{name}'."),
                    rules::CONTAINER_MEMORY,
                );
            }
        }
        if container.memory.zip(container.memory_reservation).is_some_and(|(hard, soft)| hard < soft) {
            return refuse(
                format!(
                    "Invalid setting for container '{name}'. 'memory' must be greater than or equal to 'memoryReservation'."
                ),
                rules::CONTAINER_MEMORY,
            );
        }
        let reserved = container.memory_reservation.or(container.memory);
        match memory {
            None if reserved.is_none() => {
                return refuse(
                    format!(
                        "Invalid setting for container '{name}'. At least one of 'memory' or 'memoryReservation' must be specified."
                    ),
                    rules::EC2_SIZE,
                );
            }
            Some(memory) if container.memory.is_some_and(|hard| hard.unsigned_abs() > memory.0) => {
                return refuse(
                    "The 'memory' setting for container is greater than for the task.",
                    rules::SUMS,
                );
            }
            _ => {}
        }
        cpu_sum = cpu_sum.saturating_add(container.cpu.unwrap_or(0));
        memory_sum = memory_sum.saturating_add(reserved.unwrap_or(0));
    }
    if cpu.is_some_and(|cpu| cpu_sum.unsigned_abs() > cpu.0) {
        return refuse(
            "The sum of the 'cpu' settings of the containers is greater than for the task.",
            rules::SUMS,
        );
    }
    if memory.is_some_and(|memory| memory_sum.unsigned_abs() > memory.0) {
        return refuse(
            "The sum of the memory reserved by the containers is greater than for the task.",
            rules::SUMS,
        );
    }
    Ok(())
}
