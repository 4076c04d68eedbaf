//! `StartInstanceRefresh`: replace the instances of a group bit by bit.

use crate::autoscaling::group::{Group, invalid, named};
use crate::autoscaling::refresh::{self, Preferences, Refresh, Spared, Status};
use crate::autoscaling::settings::Settings;
use crate::autoscaling::{capacity, refresh_match, rules};
use crate::ec2::launch_template::LaunchTemplateSpecification;
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::time::SimDuration;
use crate::timeline::{Kind, RecordKind};

/// What becomes of protected instances.
const PROTECTED: &[&str] = &["Refresh", "Ignore", "Wait"];
/// What becomes of instances in Standby.
const STANDBY: &[&str] = &["Terminate", "Ignore", "Wait"];

shape! {
    /// What a group is to be made of.
    pub struct DesiredConfiguration {
        /// The launch template.
        launch_template: Option<LaunchTemplateSpecification> = "LaunchTemplate";
    }
    /// What a refresh goes by.
    pub struct RefreshPreferences {
        /// The least share of the desired capacity that stays in service, in per cent; 90 when absent.
        min_healthy_percentage: Option<i64> = "MinHealthyPercentage";
        /// Seconds that a new instance warms up; as the group has it when absent.
        instance_warmup: Option<i64> = "InstanceWarmup";
        /// Whether instances that are as they should be already stay.
        skip_matching: Option<bool> = "SkipMatching";
        /// What becomes of instances that are protected from scale-in; Wait when absent.
        scale_in_protected_instances: Option<String> = "ScaleInProtectedInstances".one_of(PROTECTED);
        /// What becomes of instances in Standby; Wait when absent.
        standby_instances: Option<String> = "StandbyInstances".one_of(STANDBY);
        /// The largest share of the desired capacity that the group may have, in per cent; 100 when absent.
        max_healthy_percentage: Option<i64> = "MaxHealthyPercentage";
    }
    /// Which group to refresh, and how.
    pub struct StartInstanceRefreshRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// How instances are replaced.
        strategy: Option<String> = "Strategy".one_of(&["Rolling", "ReplaceRootVolume"]);
        /// What the group is to be made of, when all went well.
        desired_configuration: Option<DesiredConfiguration> = "DesiredConfiguration";
        /// What the refresh goes by.
        preferences: Option<RefreshPreferences> = "Preferences";
    }
    /// The refresh that has begun.
    pub struct StartInstanceRefreshResponse {
        /// Its id.
        instance_refresh_id: String = "InstanceRefreshId";
    }
}

/// Begins a refresh; the group replaces its instances from now on.
///
/// # Errors
/// In this order: `ValidationError` for a group that there is not and for preferences that may not be so;
/// `InstanceRefreshInProgress` while another goes on; `ValidationError` for a launch template that cannot be
/// launched ([`rules::REFRESH`]).
pub fn start_instance_refresh(
    cx: &mut Cx<'_>,
    request: StartInstanceRefreshRequest,
) -> Result<StartInstanceRefreshResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    if request.strategy.as_deref() == Some("ReplaceRootVolume") {
        return Err(invalid("The strategy ReplaceRootVolume is not supported here.", rules::REFRESH));
    }
    let preferences = checked(group, &request.preferences.unwrap_or_default())?;
    if refresh::active(group).is_some() {
        let message =
            "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.";
        return Err(ApiError::new("InstanceRefreshInProgress", message, rules::REFRESH));
    }
    let wished = request.desired_configuration.and_then(|wished| wished.launch_template);
    let desired = wished.map(|wished| launchable(cx.state, group, wished)).transpose()?;
    let left = refresh_match::to_replace(cx.state, group, desired.as_ref(), &preferences);
    let name = group.name.clone();
    let id = cx.dice.uuid(&format!("instance-refresh/{name}"));
    let total = left.len() as u64;
    let started = Refresh {
        id: id.clone(),
        status: Status::Pending,
        reason: None,
        started_at: cx.clock,
        ended_at: None,
        preferences,
        desired,
        left,
        total,
        waits_since: None,
    };
    if let Some(group) = cx.state.auto_scaling_groups.get_mut(&name) {
        group.refreshes.push(started);
    }
    let text = format!("instance refresh Pending: {total} to replace");
    let about = subject(Kind::AutoScalingGroup, &name);
    let record = cx.record(RecordKind::Change, about, text, rules::REFRESH);
    cx.because(record, |cx| capacity::look_soon(cx, &name));
    Ok(StartInstanceRefreshResponse { instance_refresh_id: id })
}

/// A launch template as a group keeps it, if the group can launch from it.
fn launchable(
    state: &State,
    group: &Group,
    wished: LaunchTemplateSpecification,
) -> Result<LaunchTemplateSpecification, ApiError> {
    let mut like = group.clone();
    let settings = Settings { launch_template: Some(wished), ..Settings::default() };
    settings.apply(state, &mut like)?;
    Ok(like.launch_template)
}

/// The preferences, filled in.
fn checked(group: &Group, asked: &RefreshPreferences) -> Result<Preferences, ApiError> {
    let within = |value: Option<i64>, least: i64, most: i64, usual: u64, name: &str| {
        let Some(value) = value else { return Ok(usual) };
        let says = match value {
            value if value < least => format!("greater than or equal to {least}"),
            value if value > most => format!("less than or equal to {most}"),
            value => return Ok(value.unsigned_abs()),
        };
        let message = format!(
            "1 validation error detected: Value '{value}' at 'preferences.{name}' failed to satisfy constraint: Member must have value {says}"
        );
        Err(invalid(message, rules::REFRESH))
    };
    let min_healthy = within(asked.min_healthy_percentage, 0, 100, 90, "minHealthyPercentage")?;
    let max_healthy = within(asked.max_healthy_percentage, 100, 200, 100, "maxHealthyPercentage")?;
    if asked.max_healthy_percentage.is_some() && asked.min_healthy_percentage.is_none() {
        let message = "You must specify MinHealthyPercentage when you specify MaxHealthyPercentage.";
        return Err(invalid(message, rules::REFRESH));
    }
    if max_healthy - min_healthy > 100 {
        let message = "The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100.";
        return Err(invalid(message, rules::REFRESH));
    }
    let usual = group.default_instance_warmup.unwrap_or(group.health_check_grace.as_secs());
    let warmup = within(asked.instance_warmup, 0, i64::MAX, usual, "instanceWarmup")?;
    let spared = |word: &Option<String>| match word.as_deref() {
        Some("Refresh" | "Terminate") => Spared::Replace,
        Some("Ignore") => Spared::Ignore,
        _ => Spared::Wait,
    };
    Ok(Preferences {
        min_healthy,
        max_healthy,
        warmup: SimDuration::secs(warmup),
        skip_matching: asked.skip_matching == Some(true),
        protected: spared(&asked.scale_in_protected_instances),
        standby: spared(&asked.standby_instances),
    })
}

/// The preferences as they are shown.
pub fn shown(held: &Preferences) -> RefreshPreferences {
    let number = |value: u64| i64::try_from(value).ok();
    let word = |spared, words: &[&str]| {
        let at = match spared {
            Spared::Replace => 0,
            Spared::Ignore => 1,
            Spared::Wait => 2,
        };
        words.get(at).map(ToString::to_string)
    };
    RefreshPreferences {
        min_healthy_percentage: number(held.min_healthy),
        instance_warmup: number(held.warmup.as_secs()),
        skip_matching: Some(held.skip_matching),
        scale_in_protected_instances: word(held.protected, PROTECTED),
        standby_instances: word(held.standby, STANDBY),
        max_healthy_percentage: number(held.max_healthy),
    }
}
