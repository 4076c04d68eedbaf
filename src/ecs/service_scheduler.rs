//! The service scheduler: passes that bring a service nearer to its wish (SVC-08).

use crate::arn::{ServiceArn, TaskArn};
use crate::operation::Cx;
use crate::time::SimTime;

/// What the scheduler remembers of a service between passes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scheduler {
    /// When the next pass is booked.
    pub next_pass: Option<SimTime>,
}

/// A booked pass is due.
pub fn pass_due(_cx: &mut Cx<'_>, _service: &ServiceArn) {}

/// A task changed; if it belongs to a service, the service's scheduler takes note.
pub fn task_changed(_cx: &mut Cx<'_>, _task: &TaskArn) {}

/// AWS forgets an INACTIVE service (SVC-05).
pub fn forget(_cx: &mut Cx<'_>, _service: &ServiceArn) {}
