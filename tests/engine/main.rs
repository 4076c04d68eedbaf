//! Rules, scenarios and properties of the engine.

mod cli;
mod clusters;
mod instances;
mod ledgers;
mod properties;
mod runs;
mod scheduler;
mod services;
mod task_definitions;
mod tasks;
mod world;
