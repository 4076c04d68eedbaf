//! The health of a group's instances: who is unhealthy is replaced (ASG-03 to ASG-05).

use crate::arn::GroupName;
use crate::autoscaling::group::moment;
use crate::autoscaling::member::{self, Lifecycle, Member};
use crate::autoscaling::{capacity, rules};
use crate::ec2::instance::InstanceState;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

/// Takes out instances that are unhealthy; the next look launches others (ASG-05).
pub(crate) fn replace_unhealthy(cx: &mut Cx<'_>, name: &GroupName) {
    let Some(group) = cx.state.auto_scaling_groups.get(name) else { return };
    let checks = !group.is_suspended("HealthCheck");
    let replaces = !group.is_suspended("ReplaceUnhealthy") && !group.is_suspended("Terminate");
    let state = |member: &Member| cx.state.instances.get(&member.instance).map(|machine| machine.state);
    let gone =
        |member: &Member| !matches!(state(member), Some(InstanceState::Pending | InstanceState::Running));
    let unhealthy: Vec<_> = group
        .instances
        .values()
        .filter(|member| member.lifecycle < Lifecycle::Terminating)
        .filter(|member| (!member.healthy && member.lifecycle.counts()) || (checks && gone(member)))
        .map(|member| (member.instance.clone(), gone(member)))
        .collect();
    for (id, gone) in unhealthy {
        let says = match gone {
            true => "an EC2 health check indicating it has been terminated or stopped",
            false => "a user health-check",
        };
        let Some(member) = member::of(cx, name, &id) else { continue };
        let was_healthy = std::mem::replace(&mut member.healthy, false);
        let mut cause = cx.cause;
        if was_healthy || replaces {
            let text = format!("unhealthy in {name}: {says}");
            let about = subject(Kind::Instance, &id);
            cause = Some(cx.record(RecordKind::Failure, about, text, rules::HEALTH));
        }
        if let Some(cause) = cause.filter(|_| replaces) {
            let at = moment(cx.clock);
            let why = format!("At {at} an instance was taken out of service in response to {says}.");
            cx.because(cause, |cx| {
                member::take_out(cx, name, &id, why);
                capacity::look_soon(cx, name);
            });
        }
    }
}
