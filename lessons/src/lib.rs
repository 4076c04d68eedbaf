//! Reads, judges and proves Drydock's lessons.
//!
//! A [`Lesson`] is data; a [`Judge`] follows a run and says which [`Goal`]s are met, and why not.
#![deny(clippy::float_arithmetic)]
#![warn(missing_docs)]

pub mod goal;
pub mod item;
pub mod lesson;
pub mod progress;

pub use goal::Goal;
pub use item::Item;
pub use lesson::{Lesson, Step};
pub use progress::Progress;
