//! What only a sandbox can do: run containers by hand, cause faults, keep a learner's answers.

pub mod api;
