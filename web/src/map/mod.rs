//! The fleet drawn as a stowage plan, and the board of services above it.
pub mod board;
mod draw;
mod fleet;
mod glyph;
pub mod hold;
mod layout;
mod patterns;
mod sentence;

pub use draw::FleetMap;
pub use fleet::{Agent, Fleet, Health, Instance, Plain, Revision, Selection, Service, Task, Wish, Zone};
