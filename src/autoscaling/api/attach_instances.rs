//! `AttachInstances`: take instances that run into a group.

use crate::arn::InstanceId;
use crate::autoscaling::group::{invalid, named};
use crate::autoscaling::{rules, standby};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which instances join.
    pub struct AttachInstancesRequest {
        /// The instances.
        instance_ids: Vec<String> = "InstanceIds".names(Kind::Instance);
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
    }
    /// Nothing.
    pub struct AttachInstancesResponse {
    }
}

/// Takes instances into a group, which wants so many more.
///
/// # Errors
/// `ValidationError` for a group that there is not, for an instance that does not run, belongs to a group or
/// stands elsewhere, and where the maximum size does not allow it
/// ([`rules::STANDBY`](crate::autoscaling::rules::STANDBY)).
pub fn attach_instances(
    cx: &mut Cx<'_>,
    request: AttachInstancesRequest,
) -> Result<AttachInstancesResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let mut ids = Vec::new();
    for id in &request.instance_ids {
        let id = InstanceId::from(id.as_str());
        standby::joinable(cx.state, group, &id)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let (name, max, desired) = (group.name.clone(), group.max_size, group.desired_capacity);
    if desired + ids.len() as u64 > max {
        let message = format!(
            "Instances cannot be attached: AutoScalingGroup {name} has max-size={max} and desired-size={desired}."
        );
        return Err(invalid(message, rules::STANDBY));
    }
    for id in ids {
        standby::attach(cx, &name, &id);
    }
    Ok(AttachInstancesResponse {})
}
