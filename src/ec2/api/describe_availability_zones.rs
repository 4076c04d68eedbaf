//! `DescribeAvailabilityZones`: the Region's separate places.

use crate::arn::REGION;
use crate::ec2::filter::{self, Filter};
use crate::ec2::{rules, vpc};
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which zones to describe.
    pub struct DescribeAvailabilityZonesRequest {
        /// Only these; all when absent.
        zone_names: Vec<String> = "ZoneNames".names(Kind::AvailabilityZone);
        /// Only those that fit.
        filters: Vec<Filter> = "Filters";
    }
    /// A zone.
    pub struct AvailabilityZone {
        /// Whether the account has to opt in.
        opt_in_status: String = "OptInStatus";
        /// Its Region.
        region_name: String = "RegionName";
        /// Its name.
        zone_name: String = "ZoneName";
        /// Its id, the same in every account.
        zone_id: String = "ZoneId";
        /// `availability-zone`.
        zone_type: String = "ZoneType";
        /// `available`.
        state: String = "State".wire("zoneState");
    }
    /// Zones.
    pub struct DescribeAvailabilityZonesResponse {
        /// They.
        availability_zones: Vec<AvailabilityZone> = "AvailabilityZones".wire("availabilityZoneInfo");
    }
}

/// Describes the Region's zones.
///
/// # Errors
/// `InvalidParameterValue` for a zone or a filter that there is not.
pub fn describe_availability_zones(
    _cx: &Look<'_>,
    request: DescribeAvailabilityZonesRequest,
) -> Result<DescribeAvailabilityZonesResponse, ApiError> {
    let zones = vpc::zones();
    if let Some(name) = request.zone_names.iter().find(|name| !zones.contains(name)) {
        let message = format!("Invalid availability zone: [{name}]");
        return Err(ApiError::new("InvalidParameterValue", message, rules::INSTANCE_FOUND));
    }
    let mut answer = DescribeAvailabilityZonesResponse::default();
    for (name, number) in zones.into_iter().zip(1..) {
        let value = |filter: &str| match filter {
            "zone-name" => Some(vec![name.clone()]),
            "state" => Some(vec!["available".to_string()]),
            "region-name" => Some(vec![REGION.to_string()]),
            "zone-type" => Some(vec!["availability-zone".to_string()]),
            _ => filter::tag(filter, &[]),
        };
        let asked = request.zone_names.is_empty() || request.zone_names.contains(&name);
        if filter::fits(&request.filters, value)? && asked {
            answer.availability_zones.push(AvailabilityZone {
                opt_in_status: "opt-in-not-required".to_string(),
                region_name: REGION.to_string(),
                zone_name: name,
                zone_id: format!("use1-az{number}"),
                zone_type: "availability-zone".to_string(),
                state: "available".to_string(),
            });
        }
    }
    Ok(answer)
}
