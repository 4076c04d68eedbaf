//! What CreateAutoScalingGroup and UpdateAutoScalingGroup check alike.

use crate::arn::SubnetId;
use crate::autoscaling::api::group_answer::Tag;
use crate::autoscaling::group::{Group, GroupTag, TerminationPolicy, invalid};
use crate::autoscaling::{capacity, rules};
use crate::ec2::launch_template::{self, LaunchTemplateSpecification};
use crate::ecs::tag;
use crate::error::ApiError;
use crate::state::State;
use crate::time::SimDuration;
use std::collections::BTreeMap;

/// Settings of a group, those that a request gives.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What to launch.
    pub launch_template: Option<LaunchTemplateSpecification>,
    /// Subnets, between commas.
    pub subnets: Option<String>,
    /// Zones.
    pub zones: Vec<String>,
    /// The fewest instances.
    pub min_size: Option<i64>,
    /// The most instances.
    pub max_size: Option<i64>,
    /// How many instances.
    pub desired_capacity: Option<i64>,
    /// Seconds between simple scalings.
    pub default_cooldown: Option<i64>,
    /// Seconds of warm-up; -1 takes it back.
    pub default_instance_warmup: Option<i64>,
    /// What tells health.
    pub health_check_type: Option<String>,
    /// Seconds for which health reports do not count.
    pub health_check_grace_period: Option<i64>,
    /// By what instances to end are chosen.
    pub termination_policies: Vec<String>,
    /// Whether new instances are protected.
    pub new_instances_protected: Option<bool>,
}

impl Settings {
    /// Puts these settings into a group, if all of them may be so.
    ///
    /// # Errors
    /// `ValidationError` for what a group may not be ([`rules::GROUP`]).
    pub fn apply(self, state: &State, group: &mut Group) -> Result<(), ApiError> {
        let refuse = |message: String| Err(invalid(message, rules::GROUP));
        if let Some(chosen) = &self.launch_template {
            let (template, _, _) = launch_template::version(state, chosen).map_err(not_launchable)?;
            group.launch_template = LaunchTemplateSpecification {
                launch_template_id: Some(template.id.to_string()),
                launch_template_name: Some(template.name.clone()),
                version: chosen.version.clone(),
            };
            capacity::check(state, group, None).map_err(not_launchable)?;
        }
        if self.subnets.is_some() || !self.zones.is_empty() {
            (group.subnets, group.zones) = places(state, self.subnets.as_deref(), &self.zones)?;
        }
        let size = |wanted: Option<i64>, now: u64, name: &str| {
            match wanted {
            None => Ok(now),
            Some(size) => u64::try_from(size).map_err(|_| {
                let says = "Member must have value greater than or equal to 0";
                invalid(
                    format!("1 validation error detected: Value '{size}' at '{name}' failed to satisfy constraint: {says}"),
                    rules::GROUP,
                )
            }),
        }
        };
        group.min_size = size(self.min_size, group.min_size, "minSize")?;
        group.max_size = size(self.max_size, group.max_size, "maxSize")?;
        group.default_cooldown = size(self.default_cooldown, group.default_cooldown, "defaultCooldown")?;
        let grace = size(
            self.health_check_grace_period,
            group.health_check_grace.as_secs(),
            "healthCheckGracePeriod",
        )?;
        group.health_check_grace = SimDuration::secs(grace);
        let (min, max) = (group.min_size, group.max_size);
        if max < min {
            return refuse(format!("Max bound, {max}, must be greater than or equal to min bound, {min}"));
        }
        match self.desired_capacity {
            Some(desired) => {
                group.desired_capacity = u64::try_from(desired)
                    .ok()
                    .filter(|desired| (min..=max).contains(desired))
                    .ok_or_else(|| {
                        let says = format!("Desired capacity:{desired} must be between the specified min size:{min} and max size:{max}");
                        invalid(says, rules::GROUP)
                    })?;
            }
            None => group.desired_capacity = group.desired_capacity.clamp(min, max),
        }
        match self.default_instance_warmup {
            None => {}
            Some(-1) => group.default_instance_warmup = None,
            Some(seconds) => {
                group.default_instance_warmup = Some(size(Some(seconds), 0, "defaultInstanceWarmup")?);
            }
        }
        if let Some(words) = self.health_check_type {
            if let Some(word) =
                words.split(',').find(|word| !["EC2", "ELB", "EBS", "VPC_LATTICE"].contains(&word.trim()))
            {
                return refuse(format!("Invalid Health Check Type {word}."));
            }
            group.health_check_type = words;
        }
        if !self.termination_policies.is_empty() {
            let mut policies = Vec::new();
            for word in &self.termination_policies {
                let known = TerminationPolicy::ALL.iter().find(|(name, _)| name == word);
                match known {
                    Some((_, policy)) => policies.push(*policy),
                    None => return refuse(format!("Termination policy {word} is not supported.")),
                }
            }
            group.termination_policies = policies;
        }
        if let Some(protected) = self.new_instances_protected {
            group.new_instances_protected = protected;
        }
        Ok(())
    }
}

/// Auto Scaling passes EC2's sentence on.
fn not_launchable(refusal: ApiError) -> ApiError {
    let message = format!("You must use a valid fully-formed launch template. {}", refusal.message);
    ApiError { code: "ValidationError", message, ..refusal }
}

/// The subnets and zones that a request means; zones without subnets stand for their default subnets.
fn places(
    state: &State,
    subnets: Option<&str>,
    zones: &[String],
) -> Result<(Vec<SubnetId>, Vec<String>), ApiError> {
    let mut found: Vec<SubnetId> = Vec::new();
    let mut in_zones: Vec<String> = Vec::new();
    for id in subnets.unwrap_or_default().split(',').map(str::trim).filter(|id| !id.is_empty()) {
        let id = SubnetId::from(id);
        let Some(subnet) = state.subnets.get(&id) else {
            return Err(invalid(format!("The subnet ID '{id}' does not exist"), rules::GROUP));
        };
        if !in_zones.contains(&subnet.availability_zone) {
            in_zones.push(subnet.availability_zone.clone());
        }
        if !found.contains(&id) {
            found.push(id);
        }
    }
    if !found.is_empty() {
        if let Some(zone) = zones.iter().find(|zone| !in_zones.contains(zone)) {
            let message = format!(
                "The availability zones of the specified subnets and the Auto Scaling group do not match: {zone}"
            );
            return Err(invalid(message, rules::GROUP));
        }
        return Ok((found, in_zones));
    }
    for zone in zones {
        let of_zone =
            state.subnets.values().find(|subnet| subnet.public && subnet.availability_zone == *zone);
        let Some(subnet) = of_zone else {
            return Err(invalid(format!("Invalid Availability Zones: [{zone}]"), rules::GROUP));
        };
        found.push(subnet.id.clone());
        in_zones.push(zone.clone());
    }
    if found.is_empty() {
        return Err(invalid("At least one Availability Zone or VPC Subnet is required.", rules::GROUP));
    }
    Ok((found, in_zones))
}

/// The tags of a request, by key.
///
/// # Errors
/// `ValidationError` for what a tag may not be.
pub fn tags(given: Vec<Tag>) -> Result<BTreeMap<String, GroupTag>, ApiError> {
    let plain: Vec<tag::Tag> = given
        .iter()
        .map(|tag| tag::Tag { key: tag.key.clone(), value: tag.value.clone().unwrap_or_default() })
        .collect();
    tag::check(&plain).map_err(|refusal| ApiError { code: "ValidationError", ..refusal })?;
    let tag = |tag: Tag| {
        let propagate_at_launch = tag.propagate_at_launch.unwrap_or(false);
        (tag.key, GroupTag { value: tag.value.unwrap_or_default(), propagate_at_launch })
    };
    Ok(crate::order::map(given.into_iter().map(tag)))
}
