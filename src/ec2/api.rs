//! The operations of EC2 and STS that a learner of ECS types, a row each; one file each.

use crate::operation::Operation;

/// Every EC2 operation that exists.
pub static OPERATIONS: &[Operation] = &[];
