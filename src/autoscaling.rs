//! Amazon EC2 Auto Scaling: groups that keep a number of instances running.

pub mod activity;
pub mod api;
pub mod capacity;
pub mod group;
pub mod health;
pub mod hook;
pub mod member;
pub mod process;
pub mod rules;
pub mod scale_in;
pub mod settings;
pub mod standby;
pub mod zones;
