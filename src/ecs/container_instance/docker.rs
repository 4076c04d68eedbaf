//! What an instance's Docker has: images in its cache, and dynamic host ports (LIFE-25, TASKDEF-41).

use crate::arn::ContainerInstanceArn;
use crate::ecs::task::Task;
use crate::operation::Cx;
use crate::program;
use crate::state::State;

/// Whether an image lies in the cache of an instance (LIFE-25).
pub(crate) fn has_image(state: &State, arn: &ContainerInstanceArn, image: &str) -> bool {
    let image = program::whole_name(image);
    state
        .container_instances
        .get(arn)
        .and_then(|instance| state.instances.get(&instance.instance))
        .is_some_and(|machine| machine.cached_images.contains(&image))
}

/// Whether the agent under a task uses an image that is there without asking the registry (LIFE-25).
pub(crate) fn trusts_cache(state: &State, task: &Task) -> bool {
    let instance = task.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn));
    instance.is_some_and(|instance| instance.settings.trusts_cache)
}

/// Keeps a pulled image in the cache of an instance.
pub(crate) fn keep_image(cx: &mut Cx<'_>, arn: &ContainerInstanceArn, image: &str) {
    let Some(instance) = cx.state.container_instances.get(arn) else { return };
    if let Some(machine) = cx.state.instances.get_mut(&instance.instance) {
        let image = program::whole_name(image);
        if !machine.cached_images.contains(&image) {
            machine.cached_images.push(image);
        }
    }
}

/// The range from which Docker takes dynamic host ports (TASKDEF-41).
const DYNAMIC: (i64, i64) = (32_768, 60_999);

/// The next free dynamic port: ascending, wrapping, skipping ports in use.
pub(crate) fn dynamic_port(state: &mut State, arn: &ContainerInstanceArn) -> Option<i64> {
    let instance = state.container_instances.get_mut(arn)?;
    let (used, last) = &mut instance.dynamic_ports;
    let (least, most) = instance.settings.dynamic_ports.unwrap_or(DYNAMIC);
    let from = if (least..=most).contains(last) { *last + 1 } else { least };
    let port = (from..=most).chain(least..=most).find(|port| {
        !used.contains(port) && !instance.agent.ports_held.contains(&(false, port.unsigned_abs()))
    })?;
    used.insert(port);
    *last = port;
    Some(port)
}

/// A container has ended: its dynamic ports are free.
pub(crate) fn free_dynamic_ports(state: &mut State, arn: &ContainerInstanceArn, ports: &[i64]) {
    if let Some(instance) = state.container_instances.get_mut(arn) {
        for port in ports {
            instance.dynamic_ports.0.remove(port);
        }
    }
}
