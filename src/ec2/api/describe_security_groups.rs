//! `DescribeSecurityGroups`: who may talk to whom.

use crate::arn::ACCOUNT;
use crate::ec2::filter::{self, Filter};
use crate::ec2::{rules, vpc};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which groups to describe.
    pub struct DescribeSecurityGroupsRequest {
        /// Only these; all when absent.
        group_ids: Vec<String> = "GroupIds".names(Kind::SecurityGroup);
        /// Only those of these names.
        group_names: Vec<String> = "GroupNames";
        /// Only those that fit.
        filters: Vec<Filter> = "Filters";
    }
    /// A range of addresses.
    pub struct IpRange {
        /// The addresses.
        cidr_ip: String = "CidrIp";
    }
    /// A group whose members may come or go.
    pub struct UserIdGroupPair {
        /// The account.
        user_id: String = "UserId";
        /// The group.
        group_id: String = "GroupId";
    }
    /// What a group lets through.
    pub struct IpPermission {
        /// `-1` for everything.
        ip_protocol: String = "IpProtocol";
        /// Groups.
        user_id_group_pairs: Vec<UserIdGroupPair> = "UserIdGroupPairs".wire("groups");
        /// Addresses.
        ip_ranges: Vec<IpRange> = "IpRanges".wire("ipRanges");
    }
    /// A security group.
    pub struct SecurityGroup {
        /// Its id.
        group_id: String = "GroupId";
        /// What it lets out.
        ip_permissions_egress: Vec<IpPermission> = "IpPermissionsEgress".wire("ipPermissionsEgress");
        /// Its VPC.
        vpc_id: String = "VpcId";
        /// The account.
        owner_id: String = "OwnerId";
        /// Its name.
        group_name: String = "GroupName";
        /// What it is for.
        description: String = "Description".wire("groupDescription");
        /// What it lets in.
        ip_permissions: Vec<IpPermission> = "IpPermissions".wire("ipPermissions");
    }
    /// Security groups.
    pub struct DescribeSecurityGroupsResponse {
        /// They.
        security_groups: Vec<SecurityGroup> = "SecurityGroups".wire("securityGroupInfo");
    }
}

/// Describes security groups. A default group lets its own members in, and everything out.
///
/// # Errors
/// `InvalidGroup.NotFound` for an id or name that there is not; `InvalidParameterValue` for a filter that there
/// is not.
pub fn describe_security_groups(
    cx: &Look<'_>,
    request: DescribeSecurityGroupsRequest,
) -> Result<DescribeSecurityGroupsResponse, ApiError> {
    let refuse = |word: &str| {
        let message = format!("The security group '{word}' does not exist");
        Err(ApiError::new("InvalidGroup.NotFound", message, rules::INSTANCE_FOUND))
    };
    if let Some(id) = request.group_ids.iter().find(|id| !cx.state.security_groups.contains_key(*id)) {
        return refuse(id);
    }
    let named = |name: &&String| cx.state.security_groups.values().any(|group| group.name == **name);
    if let Some(name) = request.group_names.iter().find(|name| !named(name)) {
        return refuse(name);
    }
    let mut answer = DescribeSecurityGroupsResponse::default();
    for group in cx.state.security_groups.values() {
        let value = |name: &str| match name {
            "group-id" => Some(vec![group.id.clone()]),
            "group-name" => Some(vec![group.name.clone()]),
            "vpc-id" => Some(vec![vpc::VPC.to_string()]),
            "description" => Some(vec![group.description.clone()]),
            _ => filter::tag(name, &[]),
        };
        let asked = (request.group_ids.is_empty() || request.group_ids.contains(&group.id))
            && (request.group_names.is_empty() || request.group_names.contains(&group.name));
        if filter::fits(&request.filters, value)? && asked {
            answer.security_groups.push(SecurityGroup {
                group_id: group.id.clone(),
                ip_permissions_egress: vec![IpPermission {
                    ip_protocol: "-1".to_string(),
                    user_id_group_pairs: Vec::new(),
                    ip_ranges: vec![IpRange { cidr_ip: "0.0.0.0/0".to_string() }],
                }],
                vpc_id: vpc::VPC.to_string(),
                owner_id: ACCOUNT.to_string(),
                group_name: group.name.clone(),
                description: group.description.clone(),
                ip_permissions: vec![IpPermission {
                    ip_protocol: "-1".to_string(),
                    user_id_group_pairs: vec![UserIdGroupPair {
                        user_id: ACCOUNT.to_string(),
                        group_id: group.id.clone(),
                    }],
                    ip_ranges: Vec::new(),
                }],
            });
        }
    }
    Ok(answer)
}
