//! The registered instances, and what placement remembers of them.

use crate::arn::{ClusterArn, ContainerInstanceArn};
use crate::ecs::container_instance::ContainerInstance;
use crate::ecs::placement::{Boards, Decision, Request};
use crate::ecs::service_scheduler::room;
use std::collections::BTreeMap;

/// The registered instances, by ARN.
pub type Registered = BTreeMap<ContainerInstanceArn, ContainerInstance>;

/// The registered instances of every cluster.
///
/// Whoever is lent one to change it is noted, so that what placement remembers of it never goes stale. What is
/// remembered is no part of the world: it does not count when two worlds are compared, and a copy has none of it.
#[derive(Debug, Default)]
pub struct Instances {
    registered: Registered,
    boards: Boards,
    /// Per cluster: a number that changes whenever an instance of it gains or loses room.
    rooms: Vec<(ClusterArn, u64)>,
}

impl Instances {
    /// The instance of this ARN, to be changed.
    pub fn get_mut(&mut self, arn: &ContainerInstanceArn) -> Option<&mut ContainerInstance> {
        self.boards.touch(arn);
        self.rooms.clear();
        self.registered.get_mut(arn)
    }

    /// Registers an instance, or puts it in the place of the one that has its ARN.
    pub fn insert(&mut self, arn: ContainerInstanceArn, instance: ContainerInstance) {
        self.boards.forget(&arn);
        self.rooms.clear();
        self.registered.insert(arn, instance);
    }

    /// Takes an instance out of its cluster.
    pub fn remove(&mut self, arn: &ContainerInstanceArn) -> Option<ContainerInstance> {
        self.boards.forget(arn);
        self.rooms.clear();
        self.registered.remove(arn)
    }

    /// Decides where a task goes. `draw` gives a number below its argument, for `random`.
    pub fn place(&mut self, request: &Request, draw: impl FnMut(u64) -> u64) -> Decision {
        self.boards.current(&self.registered, request).decide(&self.registered, draw)
    }

    /// A number that changes whenever an instance of a cluster gains or loses room.
    pub fn room(&mut self, cluster: &ClusterArn) -> u64 {
        if let Some((_, known)) = self.rooms.iter().find(|(of, _)| of == cluster) {
            debug_assert_eq!(*known, room::instances(&self.registered, cluster), "what is kept is what is");
            return *known;
        }
        let room = room::instances(&self.registered, cluster);
        self.rooms.push((cluster.clone(), room));
        room
    }
}

impl std::ops::Deref for Instances {
    type Target = Registered;

    fn deref(&self) -> &Self::Target {
        &self.registered
    }
}

impl Clone for Instances {
    fn clone(&self) -> Instances {
        Instances { registered: self.registered.clone(), ..Instances::default() }
    }
}

impl PartialEq for Instances {
    fn eq(&self, other: &Instances) -> bool {
        self.registered == other.registered
    }
}
