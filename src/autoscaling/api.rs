//! The operations of EC2 Auto Scaling, a row each; one file each.

use crate::operation::Operation;

pub mod attach_instances;
pub mod cancel_instance_refresh;
pub mod complete_lifecycle_action;
pub mod create_auto_scaling_group;
pub mod create_or_update_tags;
pub mod delete_auto_scaling_group;
pub mod delete_lifecycle_hook;
pub mod delete_policy;
pub mod delete_scheduled_action;
pub mod delete_tags;
pub mod describe_auto_scaling_groups;
pub mod describe_auto_scaling_instances;
pub mod describe_instance_refreshes;
pub mod describe_lifecycle_hooks;
pub mod describe_policies;
pub mod describe_scaling_activities;
pub mod describe_scheduled_actions;
pub mod describe_tags;
pub mod detach_instances;
pub mod enter_standby;
pub mod execute_policy;
pub mod exit_standby;
pub mod group_answer;
pub mod policy_answer;
pub mod put_lifecycle_hook;
pub mod put_scaling_policy;
pub mod put_scheduled_update_group_action;
pub mod record_lifecycle_action_heartbeat;
pub mod resume_processes;
pub mod set_desired_capacity;
pub mod set_instance_health;
pub mod set_instance_protection;
pub mod start_instance_refresh;
pub mod suspend_processes;
pub mod terminate_instance_in_auto_scaling_group;
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
    act "SetInstanceProtection" set_instance_protection::set_instance_protection, SetInstanceProtectionRequest => SetInstanceProtectionResponse,
        "Keeps instances when their group grows smaller, or no longer.";
    act "SetInstanceHealth" set_instance_health::set_instance_health, SetInstanceHealthRequest => SetInstanceHealthResponse,
        "Calls an instance healthy or unhealthy.";
    act "TerminateInstanceInAutoScalingGroup" terminate_instance_in_auto_scaling_group::terminate_instance_in_auto_scaling_group, TerminateInstanceInAutoScalingGroupRequest => TerminateInstanceInAutoScalingGroupResponse,
        "Ends an instance through its group.";
    act "PutLifecycleHook" put_lifecycle_hook::put_lifecycle_hook, PutLifecycleHookRequest => PutLifecycleHookResponse,
        "Holds instances before they come into service or end.";
    look "DescribeLifecycleHooks" describe_lifecycle_hooks::describe_lifecycle_hooks, DescribeLifecycleHooksRequest => DescribeLifecycleHooksResponse,
        "Describes the lifecycle hooks of a group.";
    act "DeleteLifecycleHook" delete_lifecycle_hook::delete_lifecycle_hook, DeleteLifecycleHookRequest => DeleteLifecycleHookResponse,
        "Deletes a lifecycle hook.";
    act "CompleteLifecycleAction" complete_lifecycle_action::complete_lifecycle_action, CompleteLifecycleActionRequest => CompleteLifecycleActionResponse,
        "Lets an instance that a hook holds go on.";
    act "RecordLifecycleActionHeartbeat" record_lifecycle_action_heartbeat::record_lifecycle_action_heartbeat, RecordLifecycleActionHeartbeatRequest => RecordLifecycleActionHeartbeatResponse,
        "Gives an instance that a hook holds more time.";
    act "SuspendProcesses" suspend_processes::suspend_processes, SuspendProcessesRequest => SuspendProcessesResponse,
        "Stops some of what a group does by itself.";
    act "ResumeProcesses" resume_processes::resume_processes, ResumeProcessesRequest => ResumeProcessesResponse,
        "Lets a group do again what was suspended.";
    act "EnterStandby" enter_standby::enter_standby, EnterStandbyRequest => EnterStandbyResponse,
        "Takes instances out of service and lets them run on.";
    act "ExitStandby" exit_standby::exit_standby, ExitStandbyRequest => ExitStandbyResponse,
        "Puts instances back into service.";
    act "DetachInstances" detach_instances::detach_instances, DetachInstancesRequest => DetachInstancesResponse,
        "Lets instances go from their group and run on.";
    act "AttachInstances" attach_instances::attach_instances, AttachInstancesRequest => AttachInstancesResponse,
        "Takes instances that run into a group.";
    act "CreateOrUpdateTags" create_or_update_tags::create_or_update_tags, CreateOrUpdateTagsRequest => CreateOrUpdateTagsResponse,
        "Puts tags on groups.";
    look "DescribeTags" describe_tags::describe_tags, DescribeTagsRequest => DescribeTagsResponse,
        "Describes the tags of groups.";
    act "DeleteTags" delete_tags::delete_tags, DeleteTagsRequest => DeleteTagsResponse,
        "Takes tags from groups.";
    act "PutScalingPolicy" put_scaling_policy::put_scaling_policy, PutScalingPolicyRequest => PutScalingPolicyResponse,
        "Says what changes the desired capacity of a group, and when.";
    look "DescribePolicies" describe_policies::describe_policies, DescribePoliciesRequest => DescribePoliciesResponse,
        "Describes what changes the desired capacity of groups.";
    act "DeletePolicy" delete_policy::delete_policy, DeletePolicyRequest => DeletePolicyResponse,
        "Deletes a policy and the alarms that it made.";
    act "ExecutePolicy" execute_policy::execute_policy, ExecutePolicyRequest => ExecutePolicyResponse,
        "Calls a simple or step policy by hand.";
    act "StartInstanceRefresh" start_instance_refresh::start_instance_refresh, StartInstanceRefreshRequest => StartInstanceRefreshResponse,
        "Replaces the instances of a group bit by bit.";
    look "DescribeInstanceRefreshes" describe_instance_refreshes::describe_instance_refreshes, DescribeInstanceRefreshesRequest => DescribeInstanceRefreshesResponse,
        "Describes how the refreshes of a group stand.";
    act "CancelInstanceRefresh" cancel_instance_refresh::cancel_instance_refresh, CancelInstanceRefreshRequest => CancelInstanceRefreshResponse,
        "Stops replacing the instances of a group.";
    act "PutScheduledUpdateGroupAction" put_scheduled_update_group_action::put_scheduled_update_group_action, PutScheduledUpdateGroupActionRequest => PutScheduledUpdateGroupActionResponse,
        "Says how the sizes of a group change at a moment to come.";
    look "DescribeScheduledActions" describe_scheduled_actions::describe_scheduled_actions, DescribeScheduledActionsRequest => DescribeScheduledActionsResponse,
        "Describes what groups will do, and when.";
    act "DeleteScheduledAction" delete_scheduled_action::delete_scheduled_action, DeleteScheduledActionRequest => DeleteScheduledActionResponse,
        "Takes an action from the schedule of a group.";
};
