//! The fleet drawn as a stowage plan, and the board of services above it.
pub mod board;
mod candidates;
mod cells;
mod crowd;
mod draw;
mod fleet;
mod glyph;
mod ground;
mod groups;
pub mod hold;
mod labels;
mod land;
mod layout;
mod load;
mod patterns;
mod plan;
mod sentence;
mod slips;
mod spots;
mod stowage;

pub use candidates::Candidate;
pub use draw::FleetMap;
pub use fleet::{
    Agent, Beyond, Crowd, Fleet, Group, Health, Instance, MOST_SINGLE, Mark, Membership, Plain, Revision,
    Selection, Service, Task, Wish, Zone, colour,
};
