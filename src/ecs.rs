//! Amazon ECS: clusters, task definitions, tasks, services and container instances.

pub mod api;
pub mod attribute;
pub mod cluster;
pub mod container;
pub mod container_definition;
pub mod container_instance;
pub mod container_plan;
pub mod durations;
pub mod health;
pub mod network;
pub mod paging;
pub mod placement;
pub mod registration;
pub mod rules;
pub mod service;
pub mod service_deployment;
pub mod service_scheduler;
pub mod tag;
pub mod task;
pub mod task_chain;
pub mod task_definition;
pub mod task_definition_check;
pub mod task_definition_defaults;
pub mod task_launch;
pub mod task_overrides;
pub mod task_size;
