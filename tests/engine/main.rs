//! Rules, scenarios and properties of the engine.

mod clusters;
mod task_definitions;
mod world;
