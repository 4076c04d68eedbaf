//! Drydock's chores.
fn main() {}
