//! A group and its instances as Auto Scaling shows them.

use crate::autoscaling::group::{Group, invalid};
use crate::autoscaling::member::Member;
use crate::autoscaling::rules;
use crate::ec2::filter::Filter;
use crate::ec2::launch_template::LaunchTemplateSpecification;
use crate::ecs::paging;
use crate::error::ApiError;
use crate::time::SimTime;

shape! {
    /// A tag of a group.
    pub struct Tag {
        /// The group.
        resource_id: Option<String> = "ResourceId";
        /// `auto-scaling-group`.
        resource_type: Option<String> = "ResourceType".such_as(&["auto-scaling-group"]);
        /// The tag's name.
        key: String = "Key".required();
        /// The tag's value.
        value: Option<String> = "Value";
        /// Whether instances get it when they are launched.
        propagate_at_launch: Option<bool> = "PropagateAtLaunch";
    }
    /// A tag of a group, as it is shown.
    pub struct TagDescription {
        /// The group.
        resource_id: String = "ResourceId";
        /// `auto-scaling-group`.
        resource_type: String = "ResourceType";
        /// The tag's name.
        key: String = "Key";
        /// The tag's value.
        value: String = "Value";
        /// Whether instances get it when they are launched.
        propagate_at_launch: bool = "PropagateAtLaunch";
    }
    /// An instance of a group.
    pub struct Instance {
        /// Its id.
        instance_id: String = "InstanceId";
        /// Its type.
        instance_type: String = "InstanceType";
        /// Its zone.
        availability_zone: String = "AvailabilityZone";
        /// Where it is in its life in the group.
        lifecycle_state: String = "LifecycleState";
        /// `Healthy` or `Unhealthy`.
        health_status: String = "HealthStatus";
        /// What it was launched from.
        launch_template: Option<LaunchTemplateSpecification> = "LaunchTemplate";
        /// Whether it is protected from scale-in.
        protected_from_scale_in: bool = "ProtectedFromScaleIn";
    }
    /// A process that is suspended.
    pub struct SuspendedProcess {
        /// Its name.
        process_name: String = "ProcessName";
        /// Why, and since when.
        suspension_reason: String = "SuspensionReason";
    }
    /// A group.
    pub struct AutoScalingGroup {
        /// Its name.
        auto_scaling_group_name: String = "AutoScalingGroupName";
        /// Its ARN.
        auto_scaling_group_arn: String = "AutoScalingGroupARN";
        /// What it launches.
        launch_template: Option<LaunchTemplateSpecification> = "LaunchTemplate";
        /// The fewest instances that it may want.
        min_size: i64 = "MinSize";
        /// The most instances that it may want.
        max_size: i64 = "MaxSize";
        /// How many instances it wants.
        desired_capacity: i64 = "DesiredCapacity";
        /// Seconds between simple scalings.
        default_cooldown: i64 = "DefaultCooldown";
        /// Its zones.
        availability_zones: Vec<String> = "AvailabilityZones";
        /// Classic load balancers: none.
        load_balancer_names: Vec<String> = "LoadBalancerNames";
        /// Target groups: none.
        target_group_arns: Vec<String> = "TargetGroupARNs";
        /// What tells health.
        health_check_type: String = "HealthCheckType";
        /// Seconds for which reports on the health of a new instance do not count.
        health_check_grace_period: i64 = "HealthCheckGracePeriod";
        /// Its instances.
        instances: Vec<Instance> = "Instances";
        /// When it was made.
        created_time: SimTime = "CreatedTime";
        /// Processes that are suspended.
        suspended_processes: Vec<SuspendedProcess> = "SuspendedProcesses";
        /// Its subnets, with commas between them.
        vpc_zone_identifier: String = "VPCZoneIdentifier";
        /// `Delete in progress`, where it is.
        status: Option<String> = "Status";
        /// Its tags.
        tags: Vec<TagDescription> = "Tags";
        /// By what instances to end are chosen.
        termination_policies: Vec<String> = "TerminationPolicies";
        /// Whether new instances are protected from scale-in.
        new_instances_protected_from_scale_in: bool = "NewInstancesProtectedFromScaleIn";
        /// The role that acts for it.
        service_linked_role_arn: String = "ServiceLinkedRoleARN";
        /// Seconds that a new instance warms up.
        default_instance_warmup: Option<i64> = "DefaultInstanceWarmup";
    }
}

/// A number as answers hold it.
pub fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A group as it is shown.
pub fn describe(group: &Group, with_instances: bool) -> AutoScalingGroup {
    AutoScalingGroup {
        auto_scaling_group_name: group.name.to_string(),
        auto_scaling_group_arn: group.arn.clone(),
        launch_template: Some(group.launch_template.clone()),
        min_size: number(group.min_size),
        max_size: number(group.max_size),
        desired_capacity: number(group.desired_capacity),
        default_cooldown: number(group.default_cooldown),
        availability_zones: group.zones.clone(),
        load_balancer_names: Vec::new(),
        target_group_arns: Vec::new(),
        health_check_type: group.health_check_type.clone(),
        health_check_grace_period: number(group.health_check_grace.as_secs()),
        instances: group.instances.values().filter(|_| with_instances).map(instance).collect(),
        created_time: group.created_at,
        suspended_processes: group
            .suspended
            .iter()
            .map(|(name, why)| SuspendedProcess {
                process_name: (*name).to_string(),
                suspension_reason: why.clone(),
            })
            .collect(),
        vpc_zone_identifier: group.subnets.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(","),
        status: group.deleting.then(|| "Delete in progress".to_string()),
        tags: tags(group),
        termination_policies: group.termination_policies.iter().map(|each| each.word().to_string()).collect(),
        new_instances_protected_from_scale_in: group.new_instances_protected,
        service_linked_role_arn: format!(
            "arn:aws:iam::{}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
            crate::arn::ACCOUNT
        ),
        default_instance_warmup: group.default_instance_warmup.map(number),
    }
}

/// The tags of a group as they are shown.
pub fn tags(group: &Group) -> Vec<TagDescription> {
    let shown = group.tags.iter().map(|(key, tag)| TagDescription {
        resource_id: group.name.to_string(),
        resource_type: "auto-scaling-group".to_string(),
        key: key.clone(),
        value: tag.value.clone(),
        propagate_at_launch: tag.propagate_at_launch,
    });
    shown.collect()
}

/// The template that an instance was launched from.
pub fn template(member: &Member) -> Option<LaunchTemplateSpecification> {
    let (id, name, version) = member.launch_template.as_ref()?;
    Some(LaunchTemplateSpecification {
        launch_template_id: Some(id.clone()),
        launch_template_name: Some(name.clone()),
        version: Some(version.to_string()),
    })
}

fn instance(member: &Member) -> Instance {
    Instance {
        instance_id: member.instance.to_string(),
        instance_type: member.instance_type.to_string(),
        availability_zone: member.availability_zone.clone(),
        lifecycle_state: member.lifecycle.word().to_string(),
        health_status: if member.healthy { "Healthy" } else { "Unhealthy" }.to_string(),
        launch_template: template(member),
        protected_from_scale_in: member.protected,
    }
}

/// A page of a listing, and the token of the next.
///
/// # Errors
/// `ValidationError` for a size, `InvalidNextToken` for a token that was never given out.
pub fn page<T>(
    items: Vec<T>,
    size: Option<i64>,
    token: Option<&str>,
    default_size: usize,
) -> Result<(Vec<T>, Option<String>), ApiError> {
    if let Some(size) = size.filter(|size| !(1..=100).contains(size)) {
        let says = "Member must have value less than or equal to 100 and greater than or equal to 1";
        let message = format!(
            "1 validation error detected: Value '{size}' at 'maxRecords' failed to satisfy constraint: {says}"
        );
        return Err(invalid(message, rules::GROUP));
    }
    paging::page(items, size, token, default_size).map_err(|refusal| {
        let message = format!("Invalid Next Token: {}", token.unwrap_or_default());
        ApiError { code: "InvalidNextToken", message, ..refusal }
    })
}

/// Refuses filters of other names.
///
/// # Errors
/// `ValidationError` for the first that there is not.
pub fn known_filters(filters: &[Filter], known: impl Fn(&str) -> bool) -> Result<(), ApiError> {
    let odd = filters.iter().find(|filter| !filter.name.as_deref().is_some_and(&known));
    match odd {
        None => Ok(()),
        Some(odd) => {
            let name = odd.name.as_deref().unwrap_or_default();
            Err(invalid(format!("The filter '{name}' is invalid"), rules::GROUP))
        }
    }
}
