//! Rules, scenarios and properties of the engine.

mod cli;
mod clusters;
mod properties;
mod runs;
mod task_definitions;
mod tasks;
mod world;
