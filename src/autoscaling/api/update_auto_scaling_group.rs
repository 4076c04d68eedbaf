//! `UpdateAutoScalingGroup`: change a group.

use crate::autoscaling::capacity;
use crate::autoscaling::group::{named, set_desired};
use crate::autoscaling::settings::Settings;
use crate::ec2::launch_template::LaunchTemplateSpecification;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// The parts of a group to change; an absent part stays as it is.
    pub struct UpdateAutoScalingGroupRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// What it launches from now on.
        launch_template: Option<LaunchTemplateSpecification> = "LaunchTemplate";
        /// The fewest instances that it may want.
        min_size: Option<i64> = "MinSize";
        /// The most instances that it may want.
        max_size: Option<i64> = "MaxSize";
        /// How many instances it wants.
        desired_capacity: Option<i64> = "DesiredCapacity";
        /// Seconds between simple scalings.
        default_cooldown: Option<i64> = "DefaultCooldown";
        /// Zones; not needed beside subnets.
        availability_zones: Vec<String> = "AvailabilityZones".names(Kind::AvailabilityZone);
        /// EC2, and with commas ELB.
        health_check_type: Option<String> = "HealthCheckType".such_as(&["EC2", "ELB"]);
        /// Seconds for which reports on the health of a new instance do not count.
        health_check_grace_period: Option<i64> = "HealthCheckGracePeriod";
        /// Subnets, with commas between them.
        vpc_zone_identifier: Option<String> = "VPCZoneIdentifier".names(Kind::Subnet);
        /// By what instances to end are chosen.
        termination_policies: Vec<String> = "TerminationPolicies".such_as(&["Default", "OldestInstance", "NewestInstance", "OldestLaunchTemplate", "ClosestToNextInstanceHour"]);
        /// Whether new instances are protected from scale-in; those that are there stay as they are.
        new_instances_protected_from_scale_in: Option<bool> = "NewInstancesProtectedFromScaleIn";
        /// Seconds that a new instance warms up.
        default_instance_warmup: Option<i64> = "DefaultInstanceWarmup";
    }
    /// Nothing.
    pub struct UpdateAutoScalingGroupResponse {
    }
}

/// Changes a group; instances that run stay as they are.
///
/// # Errors
/// `ValidationError` for a group that there is not, for a template that could not be launched, and for sizes and
/// policies that may not be so ([`rules::GROUP`](crate::autoscaling::rules::GROUP)); `ScalingActivityInProgress` for one that is being
/// deleted ([`rules::ACTIVITIES`](crate::autoscaling::rules::ACTIVITIES)).
pub fn update_auto_scaling_group(
    cx: &mut Cx<'_>,
    request: UpdateAutoScalingGroupRequest,
) -> Result<UpdateAutoScalingGroupResponse, ApiError> {
    let mut group = named(cx.state, &request.auto_scaling_group_name)?.clone();
    if group.deleting {
        return Err(super::delete_auto_scaling_group::in_deletion());
    }
    let settings = Settings {
        launch_template: request.launch_template,
        subnets: request.vpc_zone_identifier,
        zones: request.availability_zones,
        min_size: request.min_size,
        max_size: request.max_size,
        desired_capacity: request.desired_capacity,
        default_cooldown: request.default_cooldown,
        default_instance_warmup: request.default_instance_warmup,
        health_check_type: request.health_check_type,
        health_check_grace_period: request.health_check_grace_period,
        termination_policies: request.termination_policies,
        new_instances_protected: request.new_instances_protected_from_scale_in,
    };
    let before = group.desired_capacity;
    settings.apply(cx.state, &mut group)?;
    let (min, max, desired) = (group.min_size, group.max_size, group.desired_capacity);
    group.desired_capacity = before;
    let name = group.name.clone();
    cx.state.auto_scaling_groups.insert(name.clone(), group);
    let reason = format!(
        "a user request update of AutoScalingGroup constraints to min: {min}, max: {max}, desired: {desired}"
    );
    if !set_desired(cx, &name, desired, &reason) {
        capacity::look_soon(cx, &name);
    }
    Ok(UpdateAutoScalingGroupResponse {})
}
