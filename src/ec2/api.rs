//! The operations of EC2 that a learner of ECS types, a row each; one file each.

use crate::operation::Operation;

pub mod create_launch_template;
pub mod create_launch_template_version;
pub mod delete_launch_template;
pub mod delete_launch_template_versions;
pub mod describe_availability_zones;
pub mod describe_instances;
pub mod describe_launch_template_versions;
pub mod describe_launch_templates;
pub mod describe_security_groups;
pub mod describe_subnets;
pub mod describe_vpcs;
pub mod instance_answer;
pub mod launch_template_answer;
pub mod modify_launch_template;
pub mod run_instances;
pub mod terminate_instances;

/// Every EC2 operation that exists.
pub static OPERATIONS: &[Operation] = operations! { "ec2":
    act "RunInstances" run_instances::run_instances, RunInstancesRequest => RunInstancesResponse,
        "Launches instances.";
    look "DescribeInstances" describe_instances::describe_instances, DescribeInstancesRequest => DescribeInstancesResponse,
        "Describes instances.";
    act "TerminateInstances" terminate_instances::terminate_instances, TerminateInstancesRequest => TerminateInstancesResponse,
        "Ends instances for good.";
    look "DescribeVpcs" describe_vpcs::describe_vpcs, DescribeVpcsRequest => DescribeVpcsResponse,
        "Describes VPCs.";
    look "DescribeSubnets" describe_subnets::describe_subnets, DescribeSubnetsRequest => DescribeSubnetsResponse,
        "Describes subnets.";
    look "DescribeSecurityGroups" describe_security_groups::describe_security_groups, DescribeSecurityGroupsRequest => DescribeSecurityGroupsResponse,
        "Describes security groups.";
    look "DescribeAvailabilityZones" describe_availability_zones::describe_availability_zones, DescribeAvailabilityZonesRequest => DescribeAvailabilityZonesResponse,
        "Describes the Region's Availability Zones.";
    act "CreateLaunchTemplate" create_launch_template::create_launch_template, CreateLaunchTemplateRequest => CreateLaunchTemplateResponse,
        "Makes a launch template: what to launch, written down.";
    act "CreateLaunchTemplateVersion" create_launch_template_version::create_launch_template_version, CreateLaunchTemplateVersionRequest => CreateLaunchTemplateVersionResponse,
        "Makes the next version of a launch template.";
    look "DescribeLaunchTemplates" describe_launch_templates::describe_launch_templates, DescribeLaunchTemplatesRequest => DescribeLaunchTemplatesResponse,
        "Describes launch templates.";
    look "DescribeLaunchTemplateVersions" describe_launch_template_versions::describe_launch_template_versions, DescribeLaunchTemplateVersionsRequest => DescribeLaunchTemplateVersionsResponse,
        "Describes versions of a launch template.";
    act "ModifyLaunchTemplate" modify_launch_template::modify_launch_template, ModifyLaunchTemplateRequest => ModifyLaunchTemplateResponse,
        "Makes another version of a launch template its default.";
    act "DeleteLaunchTemplate" delete_launch_template::delete_launch_template, DeleteLaunchTemplateRequest => DeleteLaunchTemplateResponse,
        "Forgets a launch template and its versions.";
    act "DeleteLaunchTemplateVersions" delete_launch_template_versions::delete_launch_template_versions, DeleteLaunchTemplateVersionsRequest => DeleteLaunchTemplateVersionsResponse,
        "Forgets single versions of a launch template.";
};
