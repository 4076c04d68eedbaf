//! The operations of EC2 Auto Scaling, a row each; one file each.

use crate::operation::Operation;

pub mod create_auto_scaling_group;
pub mod delete_auto_scaling_group;
pub mod describe_auto_scaling_groups;
pub mod describe_auto_scaling_instances;
pub mod describe_scaling_activities;
pub mod group_answer;
pub mod set_desired_capacity;
pub mod update_auto_scaling_group;

/// Every operation of EC2 Auto Scaling that exists.
pub static OPERATIONS: &[Operation] = operations! { "autoscaling":
    act "CreateAutoScalingGroup" create_auto_scaling_group::create_auto_scaling_group, CreateAutoScalingGroupRequest => CreateAutoScalingGroupResponse,
        "Makes a group that keeps a number of instances running.";
    act "UpdateAutoScalingGroup" update_auto_scaling_group::update_auto_scaling_group, UpdateAutoScalingGroupRequest => UpdateAutoScalingGroupResponse,
        "Changes a group.";
    act "DeleteAutoScalingGroup" delete_auto_scaling_group::delete_auto_scaling_group, DeleteAutoScalingGroupRequest => DeleteAutoScalingGroupResponse,
        "Deletes a group, by force with its instances.";
    look "DescribeAutoScalingGroups" describe_auto_scaling_groups::describe_auto_scaling_groups, DescribeAutoScalingGroupsRequest => DescribeAutoScalingGroupsResponse,
        "Describes groups and their instances.";
    act "SetDesiredCapacity" set_desired_capacity::set_desired_capacity, SetDesiredCapacityRequest => SetDesiredCapacityResponse,
        "Says how many instances a group wants.";
    look "DescribeAutoScalingInstances" describe_auto_scaling_instances::describe_auto_scaling_instances, DescribeAutoScalingInstancesRequest => DescribeAutoScalingInstancesResponse,
        "Describes the instances of groups.";
    look "DescribeScalingActivities" describe_scaling_activities::describe_scaling_activities, DescribeScalingActivitiesRequest => DescribeScalingActivitiesResponse,
        "Tells what groups did, and why.";
};
