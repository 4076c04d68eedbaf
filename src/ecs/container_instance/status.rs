//! Whether an instance takes tasks, and how that changes (CINST-09, CINST-10).

use crate::arn::ContainerInstanceArn;
use crate::operation::{Cx, subject};
use crate::rules::Rule;
use crate::timeline::{Kind, RecordKind};

/// Whether an instance takes tasks (CINST-09).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum InstanceStatus {
    Registering,
    Active,
    Draining,
    Deregistering,
    Inactive,
}

impl InstanceStatus {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            InstanceStatus::Registering => "REGISTERING",
            InstanceStatus::Active => "ACTIVE",
            InstanceStatus::Draining => "DRAINING",
            InstanceStatus::Deregistering => "DEREGISTERING",
            InstanceStatus::Inactive => "INACTIVE",
        }
    }
}

/// Lets an instance drain, or take tasks again, and tells the services of its tasks.
pub(crate) fn set_status(
    cx: &mut Cx<'_>,
    arn: &ContainerInstanceArn,
    status: InstanceStatus,
    rule: &'static Rule,
) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    if instance.status != status {
        instance.status = status;
        let changed =
            cx.record(RecordKind::Change, subject(Kind::ContainerInstance, arn), status.word(), rule);
        cx.because(changed, |cx| crate::ecs::service_scheduler::instance_changed(cx, arn));
    }
}
