//! A deterministic simulation of Amazon ECS.
//!
//! A run is a seed and a list of timed requests; the same run gives the same timeline on every
//! machine. [`Sim`] is the world at one moment, [`Run`] is a script being played.
#![deny(clippy::float_arithmetic)]
#![warn(missing_docs)]

#[macro_use]
pub mod shape;
#[macro_use]
pub mod operation;
#[macro_use]
pub mod rules;

pub mod agenda;
pub mod arn;
pub mod autoscaling;
pub mod cli;
pub mod cloudwatch;
pub mod dice;
pub mod ec2;
pub mod ecs;
pub mod error;
pub mod event;
pub mod fidelity;
pub mod order;
pub mod program;
pub mod run;
pub mod sandbox;
pub mod script;
pub mod sim;
pub mod state;
pub mod sts;
pub mod time;
pub mod timeline;
pub mod units;

pub use error::ApiError;
pub use fidelity::{Simplification, fidelity};
pub use operation::{Operation, Principal, operations};
pub use rules::{Basis, Rule, rules};
pub use run::{Entered, Going, Run};
pub use script::{Script, ScriptError};
pub use sim::{Call, Sim};
pub use state::State;
pub use time::{SimDuration, SimTime};
pub use timeline::{Record, RecordId, Timeline};
