//! Reads, judges and proves Drydock's lessons.
//!
//! A [`Lesson`] is data; a [`Judge`] follows a run and says which [`Goal`]s are met, and why not.
#![deny(clippy::float_arithmetic)]
#![warn(missing_docs)]

#[cfg(feature = "authoring")]
pub mod authoring;
pub mod goal;
pub mod item;
pub mod judge;
pub mod lesson;
pub mod moment;
pub mod progress;
#[cfg(feature = "authoring")]
pub mod prove;
pub mod view;

pub use goal::Goal;
pub use item::Item;
pub use judge::{Judge, StepVerdict, Verdict};
pub use lesson::{Drill, Lesson, Play, Step};
pub use progress::Progress;
