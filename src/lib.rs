//! A deterministic simulation of Amazon ECS.
