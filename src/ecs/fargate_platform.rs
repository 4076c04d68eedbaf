//! Fargate platform versions: what a definition needs of them (TASKDEF-25, TASKDEF-28, TASKDEF-46, TASKDEF-55, TASKDEF-58).

use crate::ecs::rules::task_definitions as rules;
use crate::ecs::task::LaunchType;
use crate::ecs::task_definition::TaskDefinition;
use crate::error::ApiError;
use crate::units::CpuUnits;

/// The most CPU units that 1.3.0 gives a task.
const MOST_BEFORE: CpuUnits = CpuUnits(4096);

/// Checks that a platform version can run a definition of this size; 1.3.0 lacks what came with 1.4.0.
///
/// # Errors
/// `PlatformTaskDefinitionIncompatibilityException`; its hint names what is lacking.
pub fn check(
    definition: &TaskDefinition,
    cpu: Option<CpuUnits>,
    launch_type: LaunchType,
    asked: Option<&str>,
) -> Result<(), ApiError> {
    if launch_type != LaunchType::Fargate || asked != Some("1.3.0") {
        return Ok(());
    }
    let files = |each: &crate::ecs::task_definition::ContainerDefinition| {
        each.environment_files.as_ref().is_some_and(|files| !files.is_empty())
    };
    let efs = definition.kept("volumes").and_then(|volumes| volumes.as_array()).is_some_and(|volumes| {
        volumes.iter().any(|volume| volume.get("efsVolumeConfiguration").is_some_and(|efs| !efs.is_null()))
    });
    let lacks = [
        (cpu > Some(MOST_BEFORE), "more than 4 vCPU"),
        (definition.kept("ephemeralStorage").is_some(), "ephemeralStorage"),
        (definition.containers.iter().any(files), "environmentFiles"),
        (efs, "efsVolumeConfiguration"),
        (definition.architecture() == Some("arm64"), "ARM64"),
    ];
    match lacks.iter().find(|(needed, _)| *needed) {
        None => Ok(()),
        Some((_, what)) => Err(ApiError::new(
            "PlatformTaskDefinitionIncompatibilityException",
            "One or more of the requested capabilities are not supported.",
            rules::PLATFORM_VERSIONS,
        )
        .hint(format!("Platform version 1.3.0 has no {what}; 1.4.0 has."))),
    }
}
