//! Where a task goes: a pure decision with a verdict per instance.
