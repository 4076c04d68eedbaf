//! `DescribeVpcs`: the account's networks.

use crate::arn::ACCOUNT;
use crate::ec2::filter::{self, Filter};
use crate::ec2::rules;
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which VPCs to describe.
    pub struct DescribeVpcsRequest {
        /// Only those that fit.
        filters: Vec<Filter> = "Filters";
        /// Only these; all when absent.
        vpc_ids: Vec<String> = "VpcIds".names(Kind::Vpc);
    }
    /// A VPC.
    pub struct Vpc {
        /// The account.
        owner_id: String = "OwnerId";
        /// Whether instances share hosts.
        instance_tenancy: String = "InstanceTenancy";
        /// Whether it is the account's default VPC.
        is_default: bool = "IsDefault";
        /// Its id.
        vpc_id: String = "VpcId";
        /// `available`.
        state: String = "State";
        /// Its addresses.
        cidr_block: String = "CidrBlock";
    }
    /// VPCs.
    pub struct DescribeVpcsResponse {
        /// They.
        vpcs: Vec<Vpc> = "Vpcs";
    }
}

/// Describes VPCs.
///
/// # Errors
/// `InvalidVpcID.NotFound` for an id that there is not; `InvalidParameterValue` for a filter that there is not.
pub fn describe_vpcs(cx: &Look<'_>, request: DescribeVpcsRequest) -> Result<DescribeVpcsResponse, ApiError> {
    if let Some(id) = request.vpc_ids.iter().find(|id| !cx.state.vpcs.contains_key(*id)) {
        let message = format!("The vpc ID '{id}' does not exist");
        return Err(ApiError::new("InvalidVpcID.NotFound", message, rules::INSTANCE_FOUND));
    }
    let mut answer = DescribeVpcsResponse::default();
    for vpc in cx.state.vpcs.values() {
        let value = |name: &str| match name {
            "vpc-id" => Some(vec![vpc.id.clone()]),
            "cidr" | "cidr-block" => Some(vec![vpc.cidr.clone()]),
            "is-default" | "isDefault" => Some(vec!["true".to_string()]),
            "state" => Some(vec!["available".to_string()]),
            _ => filter::tag(name, &[]),
        };
        let asked = request.vpc_ids.is_empty() || request.vpc_ids.contains(&vpc.id);
        if filter::fits(&request.filters, value)? && asked {
            answer.vpcs.push(Vpc {
                owner_id: ACCOUNT.to_string(),
                instance_tenancy: "default".to_string(),
                is_default: true,
                vpc_id: vpc.id.clone(),
                state: "available".to_string(),
                cidr_block: vpc.cidr.clone(),
            });
        }
    }
    Ok(answer)
}
