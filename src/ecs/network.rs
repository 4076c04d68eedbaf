//! Network configurations: where an awsvpc task's network card may stand (TASKDEF-14).

use crate::arn::SubnetId;
use crate::ecs::rules;
use crate::ecs::service::AwsVpc;
use crate::ecs::task::LaunchType;
use crate::ecs::task_definition::NetworkMode;
use crate::error::ApiError;
use crate::state::State;
use crate::timeline::Kind;

shape! {
    /// Where network cards may stand.
    pub struct AwsVpcConfiguration {
        /// The subnets to choose from, 1 to 16.
        subnets: Vec<String> = "subnets".required().names(Kind::Subnet);
        /// The security groups, up to 5; the VPC's default group when absent.
        security_groups: Option<Vec<String>> = "securityGroups".names(Kind::SecurityGroup);
        /// Whether a public address is assigned (Fargate only); DISABLED when absent.
        assign_public_ip: Option<String> = "assignPublicIp".one_of(&["ENABLED", "DISABLED"]);
    }
    /// The network of awsvpc tasks.
    pub struct NetworkConfiguration {
        /// Subnets and security groups.
        awsvpc_configuration: Option<AwsVpcConfiguration> = "awsvpcConfiguration";
    }
}

/// Checks the network configuration of a request against the network mode of its task definition.
///
/// # Errors
/// `InvalidParameterException` when awsvpc lacks one or another mode has one, when subnets or
/// groups are too many, unknown or absent, and for a public address on EC2 (TASKDEF-14, TASKDEF-15).
pub fn check(
    state: &State,
    mode: NetworkMode,
    launch_type: LaunchType,
    asked: Option<&NetworkConfiguration>,
) -> Result<Option<AwsVpc>, ApiError> {
    let refuse = |message: String| Err(ApiError::invalid(message, rules::NETWORK_CONFIGURATION));
    let asked = asked.and_then(|network| network.awsvpc_configuration.as_ref());
    let asked = match (mode, asked) {
        (NetworkMode::AwsVpc, Some(asked)) => asked,
        (NetworkMode::AwsVpc, None) => {
            return refuse(
                "Network Configuration must be provided when networkMode 'awsvpc' is specified.".to_string(),
            );
        }
        (_, Some(_)) => {
            return refuse(
                "Network Configuration is not valid for the given networkMode of this task definition."
                    .to_string(),
            );
        }
        (_, None) => return Ok(None),
    };
    if asked.subnets.is_empty() {
        return refuse("subnets can not be empty.".to_string());
    }
    if asked.subnets.len() > 16 {
        return refuse("subnets can have at most 16 items.".to_string());
    }
    let groups = asked.security_groups.clone().unwrap_or_default();
    if groups.len() > 5 {
        return refuse("securityGroups can have at most 5 items.".to_string());
    }
    for subnet in &asked.subnets {
        if !state.subnets.contains_key(&SubnetId::from(subnet.as_str())) {
            return refuse(format!(
                "Error retrieving subnet information for [{subnet}]: The subnet ID '{subnet}' does not exist (ErrorCode: InvalidSubnetID.NotFound)"
            ));
        }
    }
    for group in &groups {
        if !state.security_groups.contains_key(group) {
            return refuse(format!(
                "Error retrieving security group information for [{group}]: The security group '{group}' does not exist (ErrorCode: InvalidGroup.NotFound)"
            ));
        }
    }
    let assign_public_ip = asked.assign_public_ip.as_deref() == Some("ENABLED");
    if assign_public_ip && launch_type == LaunchType::Ec2 {
        return Err(ApiError::invalid(
            "Assign public IP is not supported for this launch type.",
            rules::PUBLIC_ADDRESS,
        ));
    }
    let subnets = asked.subnets.iter().map(|subnet| SubnetId::from(subnet.as_str())).collect();
    Ok(Some(AwsVpc { subnets, security_groups: groups, assign_public_ip }))
}

/// A network configuration as the API shows it.
pub fn shown(network: &AwsVpc) -> NetworkConfiguration {
    let assign = if network.assign_public_ip { "ENABLED" } else { "DISABLED" };
    NetworkConfiguration {
        awsvpc_configuration: Some(AwsVpcConfiguration {
            subnets: network.subnets.iter().map(ToString::to_string).collect(),
            security_groups: Some(network.security_groups.clone()),
            assign_public_ip: Some(assign.to_string()),
        }),
    }
}
