//! The part of Amazon EC2 that ECS stands on: instances, subnets, security groups, zones.

pub mod api;
pub mod filter;
pub mod image;
pub mod instance;
pub mod instance_type;
pub mod launch;
pub mod launch_template;
pub mod market;
pub mod once;
pub mod rules;
pub mod spot;
pub mod user_data;
pub mod vpc;
