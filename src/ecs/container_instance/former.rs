//! Instances that were deregistered: INACTIVE, and remembered for a while (CINST-09).

use crate::arn::{ContainerInstanceArn, TaskArn};
use crate::ecs::cluster::Cluster;
use crate::ecs::container_instance::{Agent, ContainerInstance, InstanceStatus};
use crate::ecs::durations;
use crate::ecs::tag::Failure;
use crate::event::Event;
use crate::operation::Cx;
use crate::state::State;
use crate::units::{CpuUnits, Mib};
use std::collections::{BTreeMap, BTreeSet};

/// The instance that was deregistered from this cluster under this ARN, while it is remembered (CINST-09).
pub fn former<'a>(
    state: &'a State,
    cluster: &Cluster,
    arn: &ContainerInstanceArn,
) -> Option<&'a ContainerInstance> {
    state.former_container_instances.get(arn).filter(|instance| instance.cluster == cluster.arn)
}

/// Why there is no instance of this ARN to work with: INACTIVE where it was deregistered, else MISSING.
pub fn failure(state: &State, cluster: &Cluster, arn: ContainerInstanceArn) -> Failure {
    let mut failure = Failure::missing(&arn);
    if former(state, cluster, &arn).is_some() {
        failure.reason = InstanceStatus::Inactive.word().to_string();
    }
    failure
}

/// Takes an instance out of its cluster and remembers it for a while as INACTIVE; one with a trunk stays as
/// DEREGISTERING until that is gone (CINST-09). Answers the tasks that stood on it.
pub(crate) fn retire(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) -> BTreeSet<TaskArn> {
    let Some(mut instance) = cx.state.container_instances.remove(arn) else { return BTreeSet::new() };
    let tasks = std::mem::take(&mut instance.tasks);
    let instance = ContainerInstance {
        status: if instance.trunk.is_some() {
            InstanceStatus::Deregistering
        } else {
            InstanceStatus::Inactive
        },
        agent_connected: false,
        agent: Agent::default(),
        cpu_taken: CpuUnits(0),
        memory_taken: Mib(0),
        eni_taken: 0,
        ports_taken: BTreeSet::new(),
        gpus_taken: BTreeSet::new(),
        groups: BTreeMap::new(),
        dynamic_ports: (BTreeSet::new(), 0),
        ..instance
    };
    if instance.trunk.is_some() {
        cx.state.container_instances.insert(arn.clone(), instance);
        cx.book(durations::CARD_DELETE_EC2, Event::TrunkDetached(arn.clone()));
    } else {
        cx.state.former_container_instances.insert(arn.clone(), instance);
        cx.book(durations::INACTIVE_KEPT, Event::ContainerInstanceForgotten(arn.clone()));
    }
    tasks
}

/// An INACTIVE instance is forgotten.
pub fn forget(cx: &mut Cx<'_>, arn: &ContainerInstanceArn) {
    cx.state.former_container_instances.remove(arn);
}
