//! The operations of EC2 that a learner of ECS types, a row each; one file each.

use crate::operation::Operation;

pub mod describe_availability_zones;
pub mod describe_instances;
pub mod describe_security_groups;
pub mod describe_subnets;
pub mod describe_vpcs;
pub mod instance_answer;
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
};
