//! Amazon EC2 Auto Scaling: groups that keep a number of instances running.

pub mod activity;
pub mod api;
pub mod capacity;
pub mod group;
pub mod group_cpu;
pub mod health;
pub mod hook;
pub mod member;
pub mod policy;
pub mod policy_rules;
pub mod process;
pub mod refresh;
pub mod refresh_match;
pub mod refresh_step;
pub mod rules;
pub mod scale_in;
pub mod schedule;
pub mod settings;
pub mod standby;
pub mod step_scaling;
pub mod target_tracking;
pub mod zones;
