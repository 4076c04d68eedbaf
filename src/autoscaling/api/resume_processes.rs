//! `ResumeProcesses`: let a group do again what it did by itself.

use crate::autoscaling::group::named;
use crate::autoscaling::process::{PROCESSES, known};
use crate::autoscaling::{capacity, rules};
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

shape! {
    /// Which processes of which group.
    pub struct ResumeProcessesRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// The processes; all when absent.
        scaling_processes: Vec<String> = "ScalingProcesses".such_as(PROCESSES);
    }
    /// Nothing.
    pub struct ResumeProcessesResponse {
    }
}

/// Resumes processes of a group; all of them where none is named.
///
/// # Errors
/// In this order: `ValidationError` for a group or a process that there is not; `ResourceInUse` for a group that
/// is being deleted ([`rules::SUSPENDED`]).
pub fn resume_processes(
    cx: &mut Cx<'_>,
    request: ResumeProcessesRequest,
) -> Result<ResumeProcessesResponse, ApiError> {
    let name = named(cx.state, &request.auto_scaling_group_name)?.name.clone();
    let processes = known(&request.scaling_processes)?;

    let Some(group) = cx.state.auto_scaling_groups.get_mut(&name).filter(|group| !group.deleting) else {
        let message = "The AutoScalingGroup is being deleted.";
        return Err(ApiError::new("ResourceInUse", message, rules::SUSPENDED));
    };
    let text = format!("resumed: {}", processes.join(", "));
    for process in processes {
        group.suspended.remove(process);
    }
    let record =
        cx.record(RecordKind::Change, subject(Kind::AutoScalingGroup, &name), text, rules::SUSPENDED);
    cx.because(record, |cx| capacity::look_soon(cx, &name));
    Ok(ResumeProcessesResponse {})
}
