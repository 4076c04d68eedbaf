//! Rules, scenarios and properties of the engine.
