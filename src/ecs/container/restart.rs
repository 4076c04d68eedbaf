//! A container that ends is started again in place, where its restart policy says so (TASKDEF-38).

use crate::arn::TaskArn;
use crate::cloudwatch::meter;
use crate::ecs::container::{self, Container};
use crate::ecs::rules::tasks as rules;
use crate::ecs::task::{self, Health};
use crate::operation::Cx;
use crate::time::{SimDuration, SimTime};
use crate::timeline::RecordKind;

/// What a container's restart policy makes of an end of its process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Restart {
    /// It has none that counts: the end is the container's end.
    None,
    /// The process is started again, and the task hears nothing of its end.
    InPlace,
    /// The policy leaves it ended; the words say why.
    Final(String),
}

/// What the policy makes of an end with this exit code now; changes nothing.
pub fn judge(container: &Container, code: i64, now: SimTime) -> Restart {
    let Some(policy) = &container.plan.restart else { return Restart::None };
    if container.signalled {
        return Restart::None;
    }
    if policy.ignored.contains(&code) {
        return Restart::Final(format!("no restart: its policy ignores exit code {code}"));
    }
    let ran = container.started_at.map_or(SimDuration::default(), |started| now.since(started));
    if ran < policy.period {
        let (ran, period) = (ran.as_secs(), policy.period.as_secs());
        return Restart::Final(format!("no restart: it ran for {ran} s of {period} s"));
    }
    Restart::InPlace
}

/// Starts a process again: the container keeps its place, its ports and its status.
pub(super) fn begin(cx: &mut Cx<'_>, arn: &TaskArn, index: usize, code: i64, reason: Option<&str>) {
    let Some(container) = container::of(cx, arn, index) else { return };
    // What was booked for the old process finds a later life and does nothing.
    container.life += 1;
    container.started_at = None;
    container.health = Health::Unknown;
    container.failed_checks = 0;
    container.check_broken = false;
    container.check_fault = None;
    let why = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    let kind = if code == 0 { RecordKind::Change } else { RecordKind::Failure };
    let text = format!("process ended with exit code {code}{why}; it is started again in place");
    container::record(cx, kind, arn, index, text, rules::RESTART_POLICY);
    meter::changed_under(cx, arn);
    task::changed(cx, arn);
    container::start(cx, arn, index, SimDuration::default());
}
