//! The operations of ECS, a row each; one file each.

use crate::operation::Operation;

/// Every ECS operation that exists.
pub static OPERATIONS: &[Operation] = &[];
