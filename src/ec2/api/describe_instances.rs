//! `DescribeInstances`: what instances there are.

use crate::arn::{ACCOUNT, InstanceId};
use crate::ec2::api::instance_answer::{Reservation, describe};
use crate::ec2::filter::{self, Filter};
use crate::ec2::instance::{Instance, known};
use crate::ec2::vpc;
use crate::error::ApiError;
use crate::operation::Look;
use crate::order;
use crate::timeline::Kind;

shape! {
    /// Which instances to describe.
    pub struct DescribeInstancesRequest {
        /// Only these; all when absent.
        instance_ids: Vec<String> = "InstanceIds".names(Kind::Instance);
        /// Only those that fit.
        filters: Vec<Filter> = "Filters";
    }
    /// Instances, gathered by launch.
    pub struct DescribeInstancesResponse {
        /// The launches.
        reservations: Vec<Reservation> = "Reservations";
    }
}

/// Describes instances, oldest launch first.
///
/// # Errors
/// `InvalidInstanceID.Malformed` and `InvalidInstanceID.NotFound` for ids that there are not;
/// `InvalidParameterValue` for a filter that there is not.
pub fn describe_instances(
    cx: &Look<'_>,
    request: DescribeInstancesRequest,
) -> Result<DescribeInstancesResponse, ApiError> {
    let ids: Vec<InstanceId> = known(cx.state, &request.instance_ids)?;
    let mut found = Vec::new();
    for instance in cx.state.instances.values() {
        let asked = ids.is_empty() || ids.contains(&instance.id);
        if asked && filter::fits(&request.filters, |name| value(instance, name))? {
            found.push(instance);
        }
    }
    order::sort_by_key(&mut found, |instance| {
        (instance.launched_at, &instance.reservation, instance.launch_index)
    });
    let mut reservations: Vec<Reservation> = Vec::new();
    for instance in found {
        if reservations.last().is_none_or(|last| last.reservation_id != instance.reservation) {
            reservations.push(Reservation {
                reservation_id: instance.reservation.clone(),
                owner_id: ACCOUNT.to_string(),
                ..Default::default()
            });
        }
        if let Some(last) = reservations.last_mut() {
            last.instances.push(describe(cx.state, instance));
        }
    }
    Ok(DescribeInstancesResponse { reservations })
}

fn value(instance: &Instance, name: &str) -> Option<Vec<String>> {
    let value = match name {
        "instance-state-name" => instance.state.word().0.to_string(),
        "instance-state-code" => instance.state.word().1.to_string(),
        "instance-id" => instance.id.to_string(),
        "instance-type" => instance.instance_type.name.to_string(),
        "image-id" => instance.image_id.clone(),
        "availability-zone" => instance.availability_zone.clone(),
        "subnet-id" => instance.subnet.to_string(),
        "vpc-id" => vpc::VPC.to_string(),
        "architecture" => instance.instance_type.architecture.to_string(),
        "private-ip-address" => instance.private_ip.clone(),
        "reservation-id" => instance.reservation.clone(),
        _ => return filter::tag(name, &instance.tags),
    };
    Some(vec![value])
}
