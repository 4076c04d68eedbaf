//! The resources of the world, as candidates.

use super::{Candidate, candidate};
use crate::ecs::task::Task;
use crate::order;
use crate::state::State;
use crate::timeline::Kind;

/// The living resources of a kind, by short name, or by ARN when one was begun.
pub fn living(state: &State, kind: Kind, by_arn: bool, cluster: Option<&str>) -> Vec<Candidate> {
    let here = |arn: &str| cluster.is_none_or(|cluster| arn.rsplit('/').nth(1) == Some(cluster));
    let name = |arn: &str| {
        if by_arn { arn.to_string() } else { arn.rsplit('/').next().unwrap_or(arn).to_string() }
    };
    match kind {
        Kind::Cluster => state.clusters.keys().map(|arn| candidate(name(arn.as_str()), "cluster")).collect(),
        Kind::CapacityProvider => state
            .capacity_providers
            .values()
            .map(|one| {
                let name = if by_arn { one.arn() } else { one.name.clone() };
                candidate(name, format!("capacity provider, {}", one.kind.word()))
            })
            .collect(),
        Kind::TaskDefinition => state
            .task_definitions
            .values()
            .map(|one| candidate(name(one.arn.as_str()), format!("task definition, {}", one.status.word())))
            .collect(),
        Kind::Task => {
            let mut tasks: Vec<_> = state.tasks.values().filter(|task| here(task.arn.as_str())).collect();
            order::sort_by_key(&mut tasks, |task| task.told_to_stop);
            let said = |task: &Task| format!("task of {}, {}", task.group, task.last_status.word());
            tasks.into_iter().map(|task| candidate(name(task.arn.as_str()), said(task))).collect()
        }
        Kind::Service => state
            .services
            .values()
            .filter(|service| here(service.arn.as_str()))
            .map(|service| {
                candidate(name(service.arn.as_str()), format!("service, {}", service.status.word()))
            })
            .collect(),
        Kind::ContainerInstance => state
            .container_instances
            .values()
            .filter(|one| here(one.arn.as_str()))
            .map(|one| candidate(name(one.arn.as_str()), format!("container instance {}", one.instance)))
            .collect(),
        Kind::Instance => state
            .instances
            .values()
            .map(|one| {
                candidate(one.id.as_str(), format!("{} in {}", one.instance_type.name, one.availability_zone))
            })
            .collect(),
        Kind::Container => {
            let mut names: Vec<&str> =
                state.tasks.values().flat_map(|task| &task.containers).map(|one| one.name.as_str()).collect();
            order::sort(&mut names);
            names.dedup();
            names.into_iter().map(|name| candidate(name, "container")).collect()
        }
        Kind::Subnet => state
            .subnets
            .values()
            .map(|one| {
                let kind = if one.public { "public" } else { "private" };
                candidate(one.id.as_str(), format!("{kind} subnet in {}", one.availability_zone))
            })
            .collect(),
        Kind::SecurityGroup => {
            state.security_groups.values().map(|one| candidate(&*one.id, &*one.description)).collect()
        }
        Kind::Vpc => state.vpcs.values().map(|one| candidate(&*one.id, &*one.cidr)).collect(),
        Kind::Alarm => {
            state.cloudwatch.alarms.values().map(|one| candidate(&*one.name, one.state.word())).collect()
        }
        Kind::AvailabilityZone => {
            let mut zones: Vec<&str> =
                state.subnets.values().map(|one| one.availability_zone.as_str()).collect();
            order::sort(&mut zones);
            zones.dedup();
            zones.into_iter().map(|zone| candidate(zone, "Availability Zone")).collect()
        }
        Kind::Image => crate::program::CATALOGUE
            .iter()
            .flat_map(|program| {
                program
                    .tags
                    .iter()
                    .map(|tag| candidate(format!("{}:{tag}", program.repository), program.says))
            })
            .collect(),
        Kind::LaunchTemplate => state
            .launch_templates
            .values()
            .map(|one| candidate(&*one.name, format!("launch template, version {}", one.default_version)))
            .collect(),
        Kind::AutoScalingGroup => state
            .auto_scaling_groups
            .values()
            .map(|one| {
                candidate(one.name.as_str(), format!("Auto Scaling group, {} desired", one.desired_capacity))
            })
            .collect(),
        Kind::Run => Vec::new(),
    }
}
