//! Spot instances: EC2's spare machines, which it takes back after a notice of two minutes.

use crate::arn::{ContainerInstanceArn, InstanceId};
use crate::ec2::{instance, rules};
use crate::ecs::container_instance::{self, InstanceStatus};
use crate::ecs::durations;
use crate::ecs::rules::instances as ecs_rules;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

/// Gives the notice; an agent that is told to drains its instance (CINST-18).
pub(crate) fn give_notice(cx: &mut Cx<'_>, id: &InstanceId) {
    let Some(machine) = cx.state.instances.get_mut(id) else { return };
    machine.spot_notice = Some(cx.clock);
    let registered = machine.container_instance.clone();
    let about = subject(Kind::Instance, id);
    let text = "Spot interruption notice: EC2 takes the instance back in two minutes";
    let record = cx.record(RecordKind::Failure, about, text, rules::SPOT_NOTICE);
    cx.cause = Some(record);
    cx.book(durations::SPOT_NOTICE, Event::SpotReclaim(id.clone()));
    if let Some(registered) = registered {
        drain(cx, &registered);
    }
}

/// An agent that can be heard drains its instance after the notice, if it is told to (CINST-18).
pub(crate) fn drain(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    let Some(found) = cx.state.container_instances.get(arn) else { return };
    let machine = cx.state.instances.get(&found.instance);
    let drains = found.settings.drains_for_spot
        && !found.agent.silent
        && !container_instance::restarts(found)
        && found.status == InstanceStatus::Active
        && machine.is_some_and(|machine| machine.spot_notice.is_some());
    if drains {
        container_instance::set_status(cx, arn, InstanceStatus::Draining, ecs_rules::SPOT_DRAINING);
    }
}

/// The two minutes are over: EC2 takes the instance back.
pub fn reclaim(cx: &mut Cx<'_>, id: &InstanceId) {
    if cx.state.instances.get(id).is_some_and(|machine| machine.spot_notice.is_some()) {
        instance::terminate(cx, id);
    }
}
