//! Rules, scenarios and properties of the engine.

mod clusters;
mod world;
