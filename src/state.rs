//! The world: one map per kind of resource.

use crate::arn::{
    ClusterArn, ContainerInstanceArn, GroupName, InstanceId, LaunchTemplateId, ServiceArn, SubnetId, TaskArn,
    TaskDefinitionArn,
};
use crate::autoscaling::activity::Activity;
use crate::autoscaling::group::Group;
use crate::ec2::instance::Instance;
use crate::ec2::launch_template::LaunchTemplate;
use crate::ec2::vpc::{SecurityGroup, Subnet, Vpc};
use crate::ecs::capacity_provider::CapacityProvider;
use crate::ecs::cluster::Cluster;
use crate::ecs::container_instance::{ContainerInstance, Instances};
use crate::ecs::service::Service;
use crate::ecs::task::Task;
use crate::ecs::task_definition::TaskDefinition;
use std::collections::BTreeMap;

/// Every resource of the account and Region.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// Clusters that are not INACTIVE.
    pub clusters: BTreeMap<ClusterArn, Cluster>,
    /// Capacity providers, those of AWS included, by name.
    pub capacity_providers: BTreeMap<String, CapacityProvider>,
    /// Every revision that still exists, by ARN.
    pub task_definitions: BTreeMap<TaskDefinitionArn, TaskDefinition>,
    /// The last revision given out in each family (TASKDEF-03).
    pub families: BTreeMap<String, u64>,
    /// Tasks, STOPPED ones included until they are forgotten (LIFE-26).
    pub tasks: BTreeMap<TaskArn, Task>,
    /// Services, INACTIVE ones included until they are forgotten (SVC-05).
    pub services: BTreeMap<ServiceArn, Service>,
    /// Registered instances of every cluster.
    pub container_instances: Instances,
    /// Instances that were deregistered, INACTIVE until they are forgotten (CINST-09).
    pub former_container_instances: BTreeMap<ContainerInstanceArn, ContainerInstance>,
    /// Account settings that were chosen: of a principal, by name.
    pub account_settings: BTreeMap<(String, String), String>,
    /// EC2 instances, terminated ones included.
    pub instances: BTreeMap<InstanceId, Instance>,
    /// Launch templates, by id.
    pub launch_templates: BTreeMap<LaunchTemplateId, LaunchTemplate>,
    /// Auto Scaling groups, by name.
    pub auto_scaling_groups: BTreeMap<GroupName, Group>,
    /// What Auto Scaling groups did, oldest first, those of deleted groups included.
    pub scaling_activities: BTreeMap<u64, Activity>,
    /// The Region's VPCs, by id.
    pub vpcs: BTreeMap<String, Vpc>,
    /// Subnets, by id.
    pub subnets: BTreeMap<SubnetId, Subnet>,
    /// Security groups, by id.
    pub security_groups: BTreeMap<String, SecurityGroup>,
    /// How many Fargate tasks of a cluster's group stand in a zone, for their spread (PLACE-04).
    pub fargate_spread: BTreeMap<(ClusterArn, String, String), u64>,
    /// Scaling policies, by group and name.
    pub scaling_policies: BTreeMap<(GroupName, String), crate::autoscaling::policy::Policy>,
    /// What is measured, and who watches it.
    pub cloudwatch: crate::cloudwatch::CloudWatch,
    /// What `drydock load` asks of each task of a service.
    pub loads: BTreeMap<ServiceArn, crate::ecs::usage::Load>,
    /// Zones in which Fargate Spot has no capacity, by a fault (CAP-15).
    pub spot_shortage: std::collections::BTreeSet<String>,
    /// What `drydock answer` recorded: question and answer.
    pub answers: BTreeMap<String, String>,
    /// What RunTask answered for each client token (API-06).
    pub client_tokens: BTreeMap<String, (serde_json::Value, serde_json::Value)>,
}

impl State {
    /// The world that every run starts in: one VPC with public and private subnets in three zones,
    /// and the capacity providers of AWS.
    pub fn new() -> State {
        let mut state = State::default();
        crate::ec2::vpc::furnish(&mut state);
        crate::ecs::capacity_provider::furnish(&mut state);
        state
    }

    /// The tasks of this service, by ARN.
    pub fn tasks_of_service<'a>(&'a self, service: &'a Service) -> impl Iterator<Item = &'a Task> {
        service.tasks.iter().filter_map(|arn| self.tasks.get(arn))
    }

    /// The tasks of this cluster that are not STOPPED or are still remembered, by ARN.
    pub fn tasks_in_cluster<'a>(&'a self, cluster: &'a ClusterArn) -> impl Iterator<Item = &'a Task> {
        self.tasks.values().filter(move |task| task.cluster == *cluster)
    }
}
