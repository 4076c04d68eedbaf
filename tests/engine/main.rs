//! Rules, scenarios and properties of the engine.

mod anything;
mod attributes;
mod breaker;
mod cli;
mod clusters;
mod codes;
mod container_instances;
mod daemon;
mod faults;
mod instances;
mod ledgers;
mod load;
mod moments;
mod placement;
mod properties;
mod rebalance;
mod restarts;
mod runs;
mod sandbox;
mod scheduler;
mod service_deployments;
mod services;
mod task_definitions;
mod task_states;
mod tasks;
mod world;
