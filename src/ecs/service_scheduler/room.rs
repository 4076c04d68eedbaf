//! Not asking again and again for a place that cannot be there (SVC-07).

use crate::arn::{ClusterArn, ContainerInstanceArn};
use crate::ecs::attribute;
use crate::ecs::container_instance::{ContainerInstance, Registered};
use crate::ecs::task::LaunchType;
use crate::state::State;
use crate::time::{SimDuration, SimTime};

/// The same message is told again after so long.
const TOLD_AGAIN: SimDuration = SimDuration::secs(6 * 3600);
/// Where capacity cannot be seen, the scheduler tries again after so long.
const TRIED_AGAIN: SimDuration = SimDuration::secs(60);

/// The last failure to find a place.
#[derive(Debug, Clone, PartialEq)]
pub struct NoPlace {
    /// What was told.
    pub message: String,
    /// When it was told.
    pub told: SimTime,
    /// When it was last tried.
    pub tried: SimTime,
    /// What the cluster's instances looked like.
    pub room: u64,
    /// Whether a task was lost since, which may have run through another provider.
    pub stale: bool,
}

impl NoPlace {
    /// Whether trying again can end differently, or is due to be told again.
    pub fn over(&self, state: &mut State, cluster: &ClusterArn, on: LaunchType, now: SimTime) -> bool {
        self.stale
            || now >= self.told + TOLD_AGAIN
            || match on {
                LaunchType::Ec2 => fingerprint(state, cluster) != self.room,
                LaunchType::Fargate => now >= self.tried + TRIED_AGAIN,
            }
    }

    /// Whether this message is to be told: it is another one, or the old one is 6 hours old.
    pub fn tells(before: Option<&NoPlace>, message: &str, now: SimTime) -> bool {
        before.is_none_or(|before| before.message != message || now >= before.told + TOLD_AGAIN)
    }
}

/// A number that changes whenever an instance of a cluster gains or loses room, or its queue a task.
pub fn fingerprint(state: &mut State, cluster: &ClusterArn) -> u64 {
    let waiting = state.clusters.get(cluster).map_or(0, |cluster| cluster.waiting.tasks.len());
    state.container_instances.room(cluster).rotate_left(7) ^ u64::try_from(waiting).unwrap_or(u64::MAX)
}

/// A number that changes whenever an instance of a cluster gains or loses room.
pub fn instances(registered: &Registered, cluster: &ClusterArn) -> u64 {
    let fold = |hash: u64, part: u64| (hash ^ part).wrapping_mul(0x0100_0000_01b3).rotate_left(23);
    let from_first = registered.range(ContainerInstanceArn::named(cluster.short(), "")..);
    from_first.map(|(_, instance)| instance).take_while(|instance| instance.cluster == *cluster).fold(
        0xcbf2_9ce4_8422_2325,
        |hash, instance| {
            [
                instance.registered_at.0,
                instance.cpu_left().0,
                instance.memory_left().0,
                u64::from(instance.agent_connected),
                instance.status as u64,
                u64::from(instance.shutting_down),
                instance.eni_taken,
                u64::try_from(instance.gpus_taken.len()).unwrap_or(u64::MAX),
                instance
                    .ports_taken
                    .iter()
                    .fold(0, |hash, (udp, port)| fold(hash, port * 2 + u64::from(*udp))),
                instance.groups.iter().fold(0, |hash, (group, count)| fold(bytes(hash, group), *count)),
                bytes(0, &instance.agent_version),
                u64::try_from(instance.attributes.len()).unwrap_or(u64::MAX),
                attributes(instance),
            ]
            .into_iter()
            .fold(hash, fold)
        },
    )
}

/// A number that changes with the custom attributes of an instance.
fn attributes(instance: &ContainerInstance) -> u64 {
    let custom = instance.attributes.iter().filter(|(name, _)| !attribute::is_own(name));
    custom.fold(0xcbf2_9ce4_8422_2325, |hash, (name, value)| {
        bytes(bytes(bytes(hash, name), "="), value.as_deref().unwrap_or_default())
    })
}

/// A number that changes with a text.
fn bytes(hash: u64, text: &str) -> u64 {
    text.bytes().fold(hash, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
