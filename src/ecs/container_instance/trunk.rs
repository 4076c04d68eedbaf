//! Trunks: the network card of an instance that carries those of its tasks, and what the instance is while
//! it is made and taken away (CINST-09, CINST-20).

use crate::arn::ContainerInstanceArn;
use crate::ecs::container_instance::{InstanceStatus, retire};
use crate::ecs::rules::instances as rules;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

/// The network card of an instance that carries those of its tasks (CINST-20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trunk {
    /// Its id.
    pub id: String,
    /// The id of its attachment.
    pub attachment: String,
}

/// The trunk of an instance is attached: it takes tasks from now on (CINST-09).
pub fn attached(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    if instance.status != InstanceStatus::Registering {
        return;
    }
    instance.status = InstanceStatus::Active;
    let cluster = instance.cluster.short().to_string();
    let text = format!("ACTIVE with a trunk: {} awsvpc tasks fit", instance.eni_slots);
    let record = cx.record(RecordKind::Change, subject(Kind::ContainerInstance, arn), text, rules::TRUNKING);
    cx.cause = Some(record);
    crate::ecs::service_scheduler::instances_changed(cx, &cluster);
}

/// The trunk of a deregistered instance is gone: the instance is INACTIVE now (CINST-09).
pub fn detached(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(instance) = cx.state.container_instances.get_mut(arn) else { return };
    instance.trunk = None;
    let about = subject(Kind::ContainerInstance, arn);
    cx.record(RecordKind::Change, about, "INACTIVE: its trunk is gone", rules::TRUNKING);
    retire(cx, arn);
}
