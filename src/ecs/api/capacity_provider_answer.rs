//! A capacity provider as the API shows it, and its settings as requests give them.

use crate::ecs::capacity_provider::{self, GroupProvider};
use crate::ecs::rules::capacity as rules;
use crate::ecs::tag::{self, Tag};
use crate::error::ApiError;
use crate::state::State;
use crate::time::SimDuration;
use crate::units::Percent;

shape! {
    /// How ECS changes the size of a group.
    pub struct ManagedScaling {
        /// Whether it does.
        status: Option<String> = "status".one_of(SWITCH);
        /// The share of the group's instances that is to be in use, in percent; 100 when absent.
        target_capacity: Option<i64> = "targetCapacity".range(1, 100);
        /// The least step outwards; 1 when absent.
        minimum_scaling_step_size: Option<i64> = "minimumScalingStepSize".range(1, 10_000);
        /// The greatest step outwards; 10000 when absent.
        maximum_scaling_step_size: Option<i64> = "maximumScalingStepSize".range(1, 10_000);
        /// Seconds for which a new instance counts as on its way; 300 when absent.
        instance_warmup_period: Option<i64> = "instanceWarmupPeriod".range(0, 10_000);
    }
    /// The Auto Scaling group behind a provider, and what ECS does with it.
    pub struct AutoScalingGroupProvider {
        /// The group, by ARN or name.
        auto_scaling_group_arn: String = "autoScalingGroupArn".required();
        /// How ECS changes its size.
        managed_scaling: Option<ManagedScaling> = "managedScaling";
        /// Whether ECS keeps instances with tasks from being scaled in; DISABLED when absent.
        managed_termination_protection: Option<String> = "managedTerminationProtection".one_of(SWITCH);
        /// Whether instances drain before they are terminated; ENABLED when absent.
        managed_draining: Option<String> = "managedDraining".one_of(SWITCH);
    }
    /// What to change of a provider; an absent part stays as it is.
    pub struct AutoScalingGroupProviderUpdate {
        /// How ECS changes the size of the group.
        managed_scaling: Option<ManagedScaling> = "managedScaling";
        /// Whether ECS keeps instances with tasks from being scaled in.
        managed_termination_protection: Option<String> = "managedTerminationProtection".one_of(SWITCH);
        /// Whether instances drain before they are terminated.
        managed_draining: Option<String> = "managedDraining".one_of(SWITCH);
    }
    /// A capacity provider.
    pub struct CapacityProvider {
        /// Its ARN.
        capacity_provider_arn: String = "capacityProviderArn";
        /// Its name.
        name: String = "name";
        /// ACTIVE, or INACTIVE once deleted.
        status: String = "status";
        /// The group behind it.
        auto_scaling_group_provider: Option<AutoScalingGroupProvider> = "autoScalingGroupProvider";
        /// How its last change went.
        update_status: Option<String> = "updateStatus";
        /// Why its last change went wrong.
        update_status_reason: Option<String> = "updateStatusReason";
        /// Its tags.
        tags: Vec<Tag> = "tags";
        /// EC2_AUTOSCALING, FARGATE or FARGATE_SPOT.
        kind: String = "type";
    }
}

/// On or off, in AWS's words.
const SWITCH: &[&str] = &["ENABLED", "DISABLED"];

/// A provider as the API shows it.
pub fn describe(provider: &capacity_provider::CapacityProvider, include: &[String]) -> CapacityProvider {
    CapacityProvider {
        capacity_provider_arn: provider.arn(),
        name: provider.name.clone(),
        status: "ACTIVE".to_string(),
        auto_scaling_group_provider: provider.group().map(shown),
        update_status: provider.update_status.map(str::to_string),
        update_status_reason: provider.update_status_reason.clone(),
        tags: tag::shown(&provider.tags, include),
        kind: provider.kind.word().to_string(),
    }
}

fn switch(on: bool) -> Option<String> {
    Some(if on { "ENABLED" } else { "DISABLED" }.to_string())
}

fn shown(group: &GroupProvider) -> AutoScalingGroupProvider {
    let number = |number: u64| i64::try_from(number).ok();
    AutoScalingGroupProvider {
        auto_scaling_group_arn: group.group_arn.clone(),
        managed_scaling: Some(match &group.managed_scaling {
            None => ManagedScaling { status: switch(false), ..ManagedScaling::default() },
            Some(scaling) => ManagedScaling {
                status: switch(true),
                target_capacity: number(scaling.target_capacity.0),
                minimum_scaling_step_size: number(scaling.minimum_step),
                maximum_scaling_step_size: number(scaling.maximum_step),
                instance_warmup_period: number(scaling.instance_warmup.0 / 1000),
            },
        }),
        managed_termination_protection: switch(group.managed_termination_protection),
        managed_draining: switch(group.managed_draining),
    }
}

/// The group's settings with what a request changes of them ([`rules::MANAGED_SCALING`]).
///
/// # Errors
/// `InvalidParameterException` for a number out of range; `ClientException` for termination protection
/// without managed scaling or protected instances ([`rules::TERMINATION_PROTECTION`]).
pub fn changed(
    state: &State,
    present: &GroupProvider,
    asked: &AutoScalingGroupProviderUpdate,
) -> Result<GroupProvider, ApiError> {
    let mut group = present.clone();
    if let Some(asked) = &asked.managed_scaling {
        let on = asked.status.as_deref().is_none_or(|word| word == "ENABLED");
        let scaling = scaling(group.managed_scaling, asked)?;
        group.managed_scaling = on.then_some(scaling);
    }
    if let Some(word) = &asked.managed_termination_protection {
        group.managed_termination_protection = word == "ENABLED";
    }
    if let Some(word) = &asked.managed_draining {
        group.managed_draining = word == "ENABLED";
    }
    let machines = state.auto_scaling_groups.get(&group.group_name().into());
    let turned_on = group.managed_termination_protection && !present.managed_termination_protection;
    if turned_on && machines.is_some_and(|machines| !machines.new_instances_protected) {
        return Err(ApiError::client(
            "The managed termination protection setting for the capacity provider is invalid. To enable managed termination protection for a capacity provider, the Auto Scaling group must have instance protection from scale in enabled.",
            rules::TERMINATION_PROTECTION,
        ));
    }
    if group.managed_termination_protection && group.managed_scaling.is_none() {
        return Err(ApiError::client(
            "The managed termination protection setting for the capacity provider is invalid. To enable managed termination protection for a capacity provider, managed scaling must be enabled.",
            rules::TERMINATION_PROTECTION,
        ));
    }
    Ok(group)
}

fn scaling(
    present: Option<capacity_provider::ManagedScaling>,
    asked: &ManagedScaling,
) -> Result<capacity_provider::ManagedScaling, ApiError> {
    let present = present.unwrap_or(capacity_provider::ManagedScaling {
        target_capacity: Percent(100),
        minimum_step: 1,
        maximum_step: 10_000,
        instance_warmup: SimDuration::secs(300),
    });
    let number = |name: &str, asked: Option<i64>, present: u64, least: u64, most: u64| match asked {
        None => Ok(present),
        Some(number) => {
            u64::try_from(number).ok().filter(|it| (least..=most).contains(it)).ok_or_else(|| {
                ApiError::invalid(
                    format!("The {name} of managed scaling must be between {least} and {most}."),
                    rules::MANAGED_SCALING,
                )
            })
        }
    };
    let target = number("targetCapacity", asked.target_capacity, present.target_capacity.0, 1, 100)?;
    let minimum =
        number("minimumScalingStepSize", asked.minimum_scaling_step_size, present.minimum_step, 1, 10_000)?;
    let maximum =
        number("maximumScalingStepSize", asked.maximum_scaling_step_size, present.maximum_step, 1, 10_000)?;
    let warmup = present.instance_warmup.0 / 1000;
    let warmup = number("instanceWarmupPeriod", asked.instance_warmup_period, warmup, 0, 10_000)?;
    if minimum > maximum {
        return Err(ApiError::invalid(
            "The minimumScalingStepSize of managed scaling must not be greater than its maximumScalingStepSize.",
            rules::MANAGED_SCALING,
        ));
    }
    Ok(capacity_provider::ManagedScaling {
        target_capacity: Percent(target),
        minimum_step: minimum,
        maximum_step: maximum,
        instance_warmup: SimDuration::secs(warmup),
    })
}
