//! Boards that are kept from one request to the next.

use crate::arn::ContainerInstanceArn;
use crate::ecs::container_instance::Registered;
use crate::ecs::placement::{Board, Request};

/// So many boards are kept: a request for other tasks than these judges every instance anew.
const MOST: usize = 8;

/// The boards that were used last.
#[derive(Debug, Default)]
pub struct Boards(Vec<Board>);

impl Boards {
    /// The board of this request, as the instances are now.
    pub fn current(&mut self, instances: &Registered, request: &Request) -> &Board {
        let kept = self.0.iter().position(|board| board.request() == request);
        let mut kept = kept.map(|place| self.0.remove(place));
        let whole = kept.as_mut().is_some_and(|board| board.refresh(instances));
        let board = kept.filter(|_| whole).unwrap_or_else(|| Board::new(instances, request));
        debug_assert!(board == Board::new(instances, request), "a kept board is what a new one would be");
        self.0.truncate(MOST - 1);
        self.0.insert(0, board);
        &self.0[0]
    }

    /// Somebody may have changed this instance.
    pub fn touch(&mut self, arn: &ContainerInstanceArn) {
        self.0.iter_mut().for_each(|board| board.touch(arn));
    }

    /// An instance came to a cluster or left it: the cluster's boards are of no use.
    pub fn forget(&mut self, arn: &ContainerInstanceArn) {
        self.0.retain(|board| board.request().cluster.short() != arn.cluster());
    }
}
