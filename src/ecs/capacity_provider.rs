//! Capacity providers: names for what tasks run on, Fargate or an Auto Scaling group (CAP-01).

use crate::arn::{ACCOUNT, ClusterArn, InstanceId, REGION};
use crate::ecs::cluster::Cluster;
use crate::ecs::rules::capacity as rules;
use crate::ecs::tag::Tag;
use crate::ecs::task::{LaunchType, TaskStatus};
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::time::SimDuration;
use crate::timeline::{Kind, RecordKind};
use crate::units::Percent;

/// Capacity of AWS at its full price.
pub const FARGATE: &str = "FARGATE";
/// Spare capacity of AWS, which it may take back.
pub const FARGATE_SPOT: &str = "FARGATE_SPOT";

/// How ECS changes the size of a provider's group (CAP-16).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ManagedScaling {
    /// The share of the group's instances that is to be in use.
    pub target_capacity: Percent,
    /// The least number of instances of a step outwards.
    pub minimum_step: u64,
    /// The greatest number of instances of a step outwards.
    pub maximum_step: u64,
    /// For so long a new instance counts as one that is on its way.
    pub instance_warmup: SimDuration,
}

/// What a provider of an Auto Scaling group is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupProvider {
    /// The group's ARN.
    pub group_arn: String,
    /// How ECS changes its size; none where managed scaling is DISABLED.
    pub managed_scaling: Option<ManagedScaling>,
    /// Whether ECS keeps instances with tasks from being scaled in (CAP-30).
    pub managed_termination_protection: bool,
    /// Whether instances drain before they are terminated.
    pub managed_draining: bool,
}

impl GroupProvider {
    /// The name of the group.
    pub fn group_name(&self) -> &str {
        self.group_arn.rsplit_once("autoScalingGroupName/").map_or(&self.group_arn, |(_, name)| name)
    }
}

/// What stands behind a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderKind {
    /// Fargate.
    Fargate,
    /// Fargate Spot.
    FargateSpot,
    /// An Auto Scaling group.
    Group(GroupProvider),
}

impl ProviderKind {
    /// AWS's word for it.
    pub fn word(&self) -> &'static str {
        match self {
            ProviderKind::Fargate => FARGATE,
            ProviderKind::FargateSpot => FARGATE_SPOT,
            ProviderKind::Group(_) => "EC2_AUTOSCALING",
        }
    }

    /// What its tasks run on.
    pub fn launch_type(&self) -> LaunchType {
        match self {
            ProviderKind::Fargate | ProviderKind::FargateSpot => LaunchType::Fargate,
            ProviderKind::Group(_) => LaunchType::Ec2,
        }
    }
}

/// A capacity provider.
#[derive(Debug, Clone, PartialEq)]
pub struct CapacityProvider {
    /// Its name.
    pub name: String,
    /// What stands behind it.
    pub kind: ProviderKind,
    /// AWS's word for how its last change went, if it was changed since it was created.
    pub update_status: Option<&'static str>,
    /// Why its last change went wrong.
    pub update_status_reason: Option<String>,
    /// Its tags.
    pub tags: Vec<Tag>,
}

impl CapacityProvider {
    /// `arn:aws:ecs:<region>:<account>:capacity-provider/<name>`.
    pub fn arn(&self) -> String {
        arn_of(&self.name)
    }

    /// Its group, if it has one.
    pub fn group(&self) -> Option<&GroupProvider> {
        match &self.kind {
            ProviderKind::Group(group) => Some(group),
            ProviderKind::Fargate | ProviderKind::FargateSpot => None,
        }
    }

    /// Whether its deletion is under way.
    pub fn is_going(&self) -> bool {
        self.update_status == Some("DELETE_IN_PROGRESS")
    }
}

/// Puts the providers into a fresh world that every account has (CAP-01).
pub fn furnish(state: &mut State) {
    for (name, kind) in [(FARGATE, ProviderKind::Fargate), (FARGATE_SPOT, ProviderKind::FargateSpot)] {
        let provider = CapacityProvider {
            name: name.to_string(),
            kind,
            update_status: None,
            update_status_reason: None,
            tags: Vec::new(),
        };
        state.capacity_providers.insert(name.to_string(), provider);
    }
}

/// The ARN of the provider of this name.
pub fn arn_of(name: &str) -> String {
    format!("arn:aws:ecs:{REGION}:{ACCOUNT}:capacity-provider/{name}")
}

/// The name of the provider that a request names by name or ARN.
pub fn name_of(named: &str) -> &str {
    named
        .strip_prefix("arn:aws:ecs:")
        .and_then(|rest| rest.split_once(":capacity-provider/"))
        .map_or(named, |(_, name)| name)
}

/// The provider that a request names by name or ARN.
///
/// # Errors
/// `InvalidParameterException` ([`rules::PROVIDER_NAMES`]).
pub fn find<'a>(state: &'a State, named: &str) -> Result<&'a CapacityProvider, ApiError> {
    state.capacity_providers.get(name_of(named)).filter(|provider| !provider.is_going()).ok_or_else(|| {
        ApiError::invalid(
            format!(
                "The specified capacity provider '{named}' was not found. Specify a valid capacity provider name or ARN and try again."
            ),
            rules::PROVIDER_NAMES,
        )
    })
}

/// The clusters that a provider belongs to.
pub fn clusters<'a>(state: &'a State, name: &'a str) -> impl Iterator<Item = &'a Cluster> {
    state.clusters.values().filter(move |cluster| cluster.capacity_providers.iter().any(|it| it == name))
}

/// Whether tasks of a cluster that are not STOPPED run through a provider, or an ACTIVE service of it names
/// the provider.
pub fn in_use(state: &State, cluster: &Cluster, name: &str) -> bool {
    let runs = |task: &crate::ecs::task::Task| {
        task.capacity_provider.as_deref() == Some(name) && task.last_status != TaskStatus::Stopped
    };
    let names = |service: &crate::ecs::service::Service| {
        service.status == crate::ecs::service::ServiceStatus::Active
            && service.strategy.iter().any(|item| item.capacity_provider == name)
    };
    state.tasks_in_cluster(&cluster.arn).any(runs) || crate::ecs::cluster::services(state, cluster).any(names)
}

/// The provider of a cluster in whose group a machine stands.
pub fn of_machine(state: &State, cluster: &ClusterArn, machine: &InstanceId) -> Option<String> {
    let group = crate::autoscaling::group::of_instance(state, machine)?;
    let cluster = state.clusters.get(cluster)?;
    let mut providers =
        cluster.capacity_providers.iter().filter_map(|name| state.capacity_providers.get(name));
    providers
        .find(|provider| provider.group().is_some_and(|it| it.group_arn == group.arn))
        .map(|provider| provider.name.clone())
}

/// A change or the deletion of a provider is over ([`rules::PROVIDER_TIMES`]).
pub fn settles(cx: &mut Cx<'_>, name: &str) {
    let Some(provider) = cx.state.capacity_providers.get_mut(name) else { return };
    let about = subject(Kind::CapacityProvider, arn_of(name));
    match provider.update_status {
        Some("DELETE_IN_PROGRESS") => {
            cx.state.capacity_providers.remove(name);
            cx.record(RecordKind::Change, about, "INACTIVE", rules::PROVIDER_TIMES);
        }
        Some("UPDATE_IN_PROGRESS") => {
            provider.update_status = Some("UPDATE_COMPLETE");
            let record = cx.record(RecordKind::Change, about, "UPDATE_COMPLETE", rules::PROVIDER_TIMES);
            cx.because(record, crate::ecs::managed_scaling::reconcile);
        }
        _ => {}
    }
}
