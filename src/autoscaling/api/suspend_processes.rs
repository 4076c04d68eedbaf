//! `SuspendProcesses`: stop some of what a group does by itself.

use crate::autoscaling::group::named;
use crate::autoscaling::process::{PROCESSES, known};
use crate::autoscaling::rules;
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

shape! {
    /// Which processes of which group.
    pub struct SuspendProcessesRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// The processes; all when absent.
        scaling_processes: Vec<String> = "ScalingProcesses".such_as(PROCESSES);
    }
    /// Nothing.
    pub struct SuspendProcessesResponse {
    }
}

/// Suspends processes of a group; all of them where none is named.
///
/// # Errors
/// In this order: `ValidationError` for a group or a process that there is not; `ResourceInUse` for a group that
/// is being deleted ([`rules::SUSPENDED`]).
pub fn suspend_processes(
    cx: &mut Cx<'_>,
    request: SuspendProcessesRequest,
) -> Result<SuspendProcessesResponse, ApiError> {
    let name = named(cx.state, &request.auto_scaling_group_name)?.name.clone();
    let processes = known(&request.scaling_processes)?;
    let at = crate::autoscaling::group::moment(cx.clock);
    let Some(group) = cx.state.auto_scaling_groups.get_mut(&name).filter(|group| !group.deleting) else {
        let message = "The AutoScalingGroup is being deleted.";
        return Err(ApiError::new("ResourceInUse", message, rules::SUSPENDED));
    };
    let text = format!("suspended: {}", processes.join(", "));
    for process in processes {
        group.suspended.insert(process, format!("User suspended at {at}"));
    }
    let record =
        cx.record(RecordKind::Change, subject(Kind::AutoScalingGroup, &name), text, rules::SUSPENDED);
    cx.cause = Some(record);
    Ok(SuspendProcessesResponse {})
}
