//! EC2 instances: virtual machines with Docker, and with the ECS agent if their image has it.

use crate::arn::{ContainerInstanceArn, InstanceId, SubnetId};
use crate::ecs::tag::Tag;
use crate::operation::Cx;
use crate::time::SimTime;

/// Where an instance is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum InstanceState {
    Pending,
    Running,
    ShuttingDown,
    Terminated,
}

/// A container that somebody ran by hand on an instance, outside ECS.
#[derive(Debug, Clone, PartialEq)]
pub struct DockerContainer {
    /// Its id, 12 hex digits as `docker ps` shows.
    pub id: String,
    /// Its image.
    pub image: String,
    /// When its process started.
    pub started_at: SimTime,
    /// When its process ended, and with which exit code.
    pub exited: Option<(SimTime, i64)>,
}

/// An EC2 instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Its id.
    pub id: InstanceId,
    /// Its type, such as `m5.large`.
    pub instance_type: &'static InstanceType,
    /// The machine image it was launched from.
    pub image_id: String,
    /// Its subnet.
    pub subnet: SubnetId,
    /// Its zone.
    pub availability_zone: String,
    /// Its address.
    pub private_ip: String,
    /// Where it is in its life.
    pub state: InstanceState,
    /// When it was launched.
    pub launched_at: SimTime,
    /// The script that ran at its first boot.
    pub user_data: String,
    /// Whether its image has Docker and the ECS agent, or Docker only.
    pub has_agent: bool,
    /// The cluster registration of its agent.
    pub container_instance: Option<ContainerInstanceArn>,
    /// Containers run by hand.
    pub docker: Vec<DockerContainer>,
    /// Images that lie in its cache.
    pub cached_images: Vec<String>,
    /// Its instance profile, if any.
    pub instance_profile: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

/// What a type of instance offers (CINST-22).
#[derive(Debug, PartialEq)]
pub struct InstanceType {
    /// Its name.
    pub name: &'static str,
    /// `x86_64` or `arm64`.
    pub architecture: &'static str,
    /// CPU units in all.
    pub cpu: u64,
    /// Memory as advertised, in MiB.
    pub nominal_mib: u64,
    /// Network cards in all, its own included.
    pub max_eni: u64,
    /// Price in millionths of a US dollar per hour.
    pub micro_usd_per_hour: u64,
}

/// The step that the instance is in has taken its time.
pub fn step(_cx: &mut Cx<'_>, _instance: &InstanceId) {}

/// A container that was run by hand ends.
pub fn docker_exits(_cx: &mut Cx<'_>, _instance: &InstanceId, _container: &str, _code: i64) {}
