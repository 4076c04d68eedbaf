//! `DescribeSubnets`: the parts of a network, each in one zone.

use crate::arn::{ACCOUNT, REGION, SubnetId};
use crate::ec2::filter::{self, Filter};
use crate::ec2::{rules, vpc};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which subnets to describe.
    pub struct DescribeSubnetsRequest {
        /// Only those that fit.
        filters: Vec<Filter> = "Filters";
        /// Only these; all when absent.
        subnet_ids: Vec<String> = "SubnetIds".names(Kind::Subnet);
    }
    /// A subnet.
    pub struct Subnet {
        /// Its zone.
        availability_zone: String = "AvailabilityZone";
        /// How many addresses are free.
        available_ip_address_count: i64 = "AvailableIpAddressCount";
        /// Its addresses.
        cidr_block: String = "CidrBlock";
        /// Whether instances land here when no subnet is named.
        default_for_az: bool = "DefaultForAz";
        /// Whether instances here get public addresses.
        map_public_ip_on_launch: bool = "MapPublicIpOnLaunch";
        /// Its ARN.
        subnet_arn: String = "SubnetArn";
        /// `available`.
        state: String = "State";
        /// Its id.
        subnet_id: String = "SubnetId";
        /// Its VPC.
        vpc_id: String = "VpcId";
        /// The account.
        owner_id: String = "OwnerId";
    }
    /// Subnets.
    pub struct DescribeSubnetsResponse {
        /// They.
        subnets: Vec<Subnet> = "Subnets";
    }
}

/// Describes subnets.
///
/// # Errors
/// `InvalidSubnetID.NotFound` for an id that there is not; `InvalidParameterValue` for a filter that there is
/// not.
pub fn describe_subnets(
    cx: &Look<'_>,
    request: DescribeSubnetsRequest,
) -> Result<DescribeSubnetsResponse, ApiError> {
    let exists = |id: &&String| cx.state.subnets.contains_key(&SubnetId::from(id.as_str()));
    if let Some(id) = request.subnet_ids.iter().find(|id| !exists(id)) {
        let message = format!("The subnet ID '{id}' does not exist");
        return Err(ApiError::new("InvalidSubnetID.NotFound", message, rules::INSTANCE_FOUND));
    }
    let mut answer = DescribeSubnetsResponse::default();
    for subnet in cx.state.subnets.values() {
        let value = |name: &str| match name {
            "subnet-id" => Some(vec![subnet.id.to_string()]),
            "vpc-id" => Some(vec![vpc::VPC.to_string()]),
            "availability-zone" | "availabilityZone" => Some(vec![subnet.availability_zone.clone()]),
            "cidr-block" | "cidr" => Some(vec![subnet.cidr()]),
            "default-for-az" | "map-public-ip-on-launch" => Some(vec![subnet.public.to_string()]),
            "state" => Some(vec!["available".to_string()]),
            _ => filter::tag(name, &[]),
        };
        let asked =
            request.subnet_ids.is_empty() || request.subnet_ids.iter().any(|id| id == subnet.id.as_str());
        if filter::fits(&request.filters, value)? && asked {
            answer.subnets.push(Subnet {
                availability_zone: subnet.availability_zone.clone(),
                available_ip_address_count: subnet.free(),
                cidr_block: subnet.cidr(),
                default_for_az: subnet.public,
                map_public_ip_on_launch: subnet.public,
                subnet_arn: format!("arn:aws:ec2:{REGION}:{ACCOUNT}:subnet/{}", subnet.id),
                state: "available".to_string(),
                subnet_id: subnet.id.to_string(),
                vpc_id: vpc::VPC.to_string(),
                owner_id: ACCOUNT.to_string(),
            });
        }
    }
    Ok(answer)
}
