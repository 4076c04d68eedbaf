//! `CreateAutoScalingGroup`: keep a number of instances running.

use crate::arn::GroupName;
use crate::autoscaling::api::group_answer::Tag;
use crate::autoscaling::api::put_lifecycle_hook::LifecycleHookSpecification;
use crate::autoscaling::group::{Group, TerminationPolicy, invalid, set_desired};
use crate::autoscaling::rules;
use crate::autoscaling::settings::{self, Settings};
use crate::ec2::launch_template::LaunchTemplateSpecification;
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::time::SimDuration;
use crate::timeline::{Kind, RecordKind};
use std::collections::BTreeMap;

shape! {
    /// The group to make.
    pub struct CreateAutoScalingGroupRequest {
        /// Its name.
        auto_scaling_group_name: String = "AutoScalingGroupName".required();
        /// What it launches.
        launch_template: Option<LaunchTemplateSpecification> = "LaunchTemplate";
        /// The fewest instances that it may want.
        min_size: Option<i64> = "MinSize".required();
        /// The most instances that it may want.
        max_size: Option<i64> = "MaxSize".required();
        /// How many instances it wants; the minimum when absent.
        desired_capacity: Option<i64> = "DesiredCapacity";
        /// Seconds between simple scalings; 300 when absent.
        default_cooldown: Option<i64> = "DefaultCooldown";
        /// Zones; not needed beside subnets.
        availability_zones: Vec<String> = "AvailabilityZones".names(Kind::AvailabilityZone);
        /// EC2, and with commas ELB.
        health_check_type: Option<String> = "HealthCheckType".such_as(&["EC2", "ELB"]);
        /// Seconds for which reports on the health of a new instance do not count; 0 when absent.
        health_check_grace_period: Option<i64> = "HealthCheckGracePeriod";
        /// Subnets, with commas between them.
        vpc_zone_identifier: Option<String> = "VPCZoneIdentifier".names(Kind::Subnet);
        /// By what instances to end are chosen.
        termination_policies: Vec<String> = "TerminationPolicies".such_as(&["Default", "OldestInstance", "NewestInstance", "OldestLaunchTemplate", "ClosestToNextInstanceHour"]);
        /// Whether new instances are protected from scale-in.
        new_instances_protected_from_scale_in: Option<bool> = "NewInstancesProtectedFromScaleIn";
        /// Lifecycle hooks.
        lifecycle_hooks: Vec<LifecycleHookSpecification> = "LifecycleHookSpecificationList";
        /// Tags.
        tags: Vec<Tag> = "Tags";
        /// Seconds that a new instance warms up.
        default_instance_warmup: Option<i64> = "DefaultInstanceWarmup";
    }
    /// Nothing.
    pub struct CreateAutoScalingGroupResponse {
    }
}

/// Makes a group; it launches its instances soon.
///
/// # Errors
/// In this order: `ValidationError` for a name, `AlreadyExists` for one that is taken; `ValidationError` without
/// a launch template or a place, for a template that could not be launched, and for sizes, policies and tags
/// that may not be so ([`rules::GROUP`]).
pub fn create_auto_scaling_group(
    cx: &mut Cx<'_>,
    request: CreateAutoScalingGroupRequest,
) -> Result<CreateAutoScalingGroupResponse, ApiError> {
    let name = GroupName::from(request.auto_scaling_group_name.as_str());
    if name.as_str().is_empty() || name.as_str().chars().count() > 255 || name.as_str().contains(':') {
        return Err(invalid(format!("Auto Scaling group name '{name}' is not valid."), rules::GROUP));
    }
    if cx.state.auto_scaling_groups.contains_key(&name) {
        let message = format!(
            "AutoScalingGroup by this name already exists - A group with the name {name} already exists"
        );
        return Err(ApiError::new("AlreadyExists", message, rules::GROUP));
    }
    if request.launch_template.is_none() {
        let message = "Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.";
        return Err(invalid(message, rules::GROUP));
    }
    let mut group = Group {
        name: name.clone(),
        arn: String::new(),
        created_at: cx.clock,
        min_size: 0,
        max_size: 0,
        desired_capacity: 0,
        default_cooldown: 300,
        default_instance_warmup: None,
        health_check_type: "EC2".to_string(),
        health_check_grace: SimDuration::default(),
        launch_template: LaunchTemplateSpecification::default(),
        subnets: Vec::new(),
        zones: Vec::new(),
        termination_policies: vec![TerminationPolicy::Default],
        new_instances_protected: false,
        instances: BTreeMap::new(),
        tags: settings::tags(request.tags)?,
        hooks: BTreeMap::new(),
        schedule: BTreeMap::new(),
        refreshes: Vec::new(),
        balancing: None,
        suspended: BTreeMap::new(),
        deleting: false,
        pass_at: None,
        pass_cause: None,
        reasons: Vec::new(),
        scaled_at: None,
        launch_failures: 0,
    };
    let settings = Settings {
        launch_template: request.launch_template,
        // A group needs a place, so that its absence is refused, too.
        subnets: Some(request.vpc_zone_identifier.unwrap_or_default()),
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
    settings.apply(cx.state, &mut group)?;
    for hook in request.lifecycle_hooks {
        let hook = hook.checked()?;
        group.hooks.insert(hook.name.clone(), hook);
    }
    group.arn = Group::arn(&name, &cx.dice.uuid("auto-scaling-group"));
    let desired = std::mem::take(&mut group.desired_capacity);
    let zones = group.zones.join(", ");
    let text = format!("made: {} to {} instances in {zones}", group.min_size, group.max_size);
    cx.state.auto_scaling_groups.insert(name.clone(), group);
    let record = cx.record(RecordKind::Change, subject(Kind::AutoScalingGroup, &name), text, rules::GROUP);
    cx.because(record, |cx| set_desired(cx, &name, desired, "a user request created an AutoScalingGroup"));
    Ok(CreateAutoScalingGroupResponse {})
}
