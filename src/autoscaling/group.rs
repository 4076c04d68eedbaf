//! Auto Scaling groups: how many instances, of what, and where.

use crate::arn::{ACCOUNT, GroupName, InstanceId, REGION, SubnetId};
use crate::autoscaling::hook::Hook;
use crate::autoscaling::member::{Lifecycle, Member};
use crate::autoscaling::refresh::{self, Refresh};
use crate::autoscaling::schedule::Scheduled;
use crate::autoscaling::{capacity, rules};
use crate::ec2::instance::Instance;
use crate::ec2::launch::Wishes;
use crate::ec2::launch_template::{self, LaunchTemplate, LaunchTemplateSpecification, Version};
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::rules::Rule;
use crate::state::State;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, RecordId, RecordKind};
use std::collections::BTreeMap;

/// The tag by which EC2 tells the group of an instance.
pub const GROUP_TAG: &str = "aws:autoscaling:groupName";

/// A tag of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupTag {
    /// Its value.
    pub value: String,
    /// Whether instances get it when they are launched.
    pub propagate_at_launch: bool,
}

/// By what an instance to end is chosen (ASG-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum TerminationPolicy {
    Default,
    AllocationStrategy,
    ClosestToNextInstanceHour,
    NewestInstance,
    OldestInstance,
    OldestLaunchConfiguration,
    OldestLaunchTemplate,
}

impl TerminationPolicy {
    /// Every policy, by AWS's name.
    pub const ALL: [(&'static str, TerminationPolicy); 7] = [
        ("Default", TerminationPolicy::Default),
        ("AllocationStrategy", TerminationPolicy::AllocationStrategy),
        ("ClosestToNextInstanceHour", TerminationPolicy::ClosestToNextInstanceHour),
        ("NewestInstance", TerminationPolicy::NewestInstance),
        ("OldestInstance", TerminationPolicy::OldestInstance),
        ("OldestLaunchConfiguration", TerminationPolicy::OldestLaunchConfiguration),
        ("OldestLaunchTemplate", TerminationPolicy::OldestLaunchTemplate),
    ];

    /// AWS's name.
    pub fn word(self) -> &'static str {
        TerminationPolicy::ALL.iter().find(|(_, policy)| *policy == self).map_or("Default", |(word, _)| word)
    }
}

/// An Auto Scaling group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name.
    pub name: GroupName,
    /// Its ARN.
    pub arn: String,
    /// When it was made.
    pub created_at: SimTime,
    /// The fewest instances that it may want.
    pub min_size: u64,
    /// The most instances that it may want.
    pub max_size: u64,
    /// How many instances it wants.
    pub desired_capacity: u64,
    /// Seconds between simple scalings.
    pub default_cooldown: u64,
    /// Seconds that a new instance warms up; `None` when not said.
    pub default_instance_warmup: Option<u64>,
    /// `EC2`, or a list of more.
    pub health_check_type: String,
    /// How long health reports about a new instance do not count.
    pub health_check_grace: SimDuration,
    /// What it launches; the id and the name stand both there.
    pub launch_template: LaunchTemplateSpecification,
    /// Where it launches.
    pub subnets: Vec<SubnetId>,
    /// The zones of those subnets, in the order in which they were given.
    pub zones: Vec<String>,
    /// By what an instance to end is chosen.
    pub termination_policies: Vec<TerminationPolicy>,
    /// Whether new instances are protected from scale-in.
    pub new_instances_protected: bool,
    /// Its instances.
    pub instances: BTreeMap<InstanceId, Member>,
    /// Its tags, by key.
    pub tags: BTreeMap<String, GroupTag>,
    /// Its lifecycle hooks, by name.
    pub hooks: BTreeMap<String, Hook>,
    /// What it will do at moments to come, by name.
    pub schedule: BTreeMap<String, Scheduled>,
    /// Its instance refreshes, the latest last.
    pub refreshes: Vec<Refresh>,
    /// The instance that was launched to balance its zones, until it is in service.
    pub balancing: Option<InstanceId>,
    /// Processes that are suspended, and why.
    pub suspended: BTreeMap<&'static str, String>,
    /// Whether it is being deleted.
    pub deleting: bool,
    /// When it looks after its instances next; an event at another time is stale.
    pub pass_at: Option<SimTime>,
    /// What made it look, for records.
    pub pass_cause: Option<RecordId>,
    /// Why the desired capacity changed since it last acted, in sentences.
    pub reasons: Vec<String>,
    /// When its last scaling ended.
    pub scaled_at: Option<SimTime>,
    /// How many launches failed in a row.
    pub launch_failures: u32,
}

impl Group {
    /// The ARN of a group of this name; AWS puts a uuid into it.
    pub fn arn(name: &GroupName, uuid: &str) -> String {
        format!("arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}")
    }

    /// The instances that count towards the desired capacity.
    pub fn counted(&self) -> impl Iterator<Item = &Member> {
        self.instances.values().filter(|member| member.lifecycle.counts())
    }

    /// Whether one of its processes is suspended (ASG-17).
    pub fn is_suspended(&self, process: &str) -> bool {
        self.suspended.contains_key(process)
    }

    /// The template, the version of it that a launch would take now, and what that wishes for: those of an
    /// instance refresh that goes on, where it has its own.
    ///
    /// # Errors
    /// As EC2, where there is no such template or version any more.
    pub fn template<'a>(
        &self,
        state: &'a State,
    ) -> Result<(&'a LaunchTemplate, &'a Version, Wishes), ApiError> {
        let chosen = refresh::active(self).and_then(|refresh| refresh.desired.as_ref());
        let chosen = chosen.unwrap_or(&self.launch_template).clone();
        let by_id = LaunchTemplateSpecification { launch_template_name: None, ..chosen };
        launch_template::version(state, &by_id)
    }
}

/// The group of this name.
///
/// # Errors
/// `ValidationError` for a group that there is not.
pub fn named<'a>(state: &'a State, name: &str) -> Result<&'a Group, ApiError> {
    state.auto_scaling_groups.get(&GroupName::from(name)).ok_or_else(|| {
        ApiError::new("ValidationError", "AutoScalingGroup name not found - null", rules::GROUP)
            .hint(format!("There is no Auto Scaling group `{name}`."))
    })
}

/// A `ValidationError`: what Auto Scaling calls most that it does not take.
pub fn invalid(message: impl Into<String>, rule: &'static Rule) -> ApiError {
    ApiError::new("ValidationError", message, rule)
}

/// The instance of this id in a group.
///
/// # Errors
/// `ValidationError` for an instance that is not there or on its way out.
pub fn member<'a>(group: &'a Group, id: &str, rule: &'static Rule) -> Result<&'a Member, ApiError> {
    let found = group.instances.get(&InstanceId::from(id));
    found.filter(|member| member.lifecycle < Lifecycle::Terminating).ok_or_else(|| {
        let name = &group.name;
        invalid(format!("The instance {id} is not part of Auto Scaling group {name}."), rule)
    })
}

/// The name of the group that an instance belongs to, by its tag.
pub fn name_of(machine: &Instance) -> Option<GroupName> {
    let tag = machine.tags.iter().find(|tag| tag.key == GROUP_TAG)?;
    Some(GroupName::from(tag.value.as_str()))
}

/// The group that an instance belongs to.
pub fn of_instance<'a>(state: &'a State, id: &InstanceId) -> Option<&'a Group> {
    let group = state.auto_scaling_groups.get(&name_of(state.instances.get(id)?)?)?;
    group.instances.contains_key(id).then_some(group)
}

/// The instances of a group that are InService, by id.
pub fn in_service<'a>(state: &'a State, name: &GroupName) -> impl Iterator<Item = &'a Member> {
    let group = state.auto_scaling_groups.get(name);
    group.into_iter().flat_map(|group| group.instances.values()).filter(|member| member.is_in_service())
}

/// Changes the desired capacity, within minimum and maximum; the group acts on it soon. `reason` says who
/// did it, as in activity histories: `a user request explicitly set group desired capacity`. Says whether
/// anything changed.
pub fn set_desired(cx: &mut Cx<'_>, name: &GroupName, desired: u64, reason: &str) -> bool {
    let now = cx.clock;
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return false };
    let before = group.desired_capacity;
    let desired = desired.clamp(group.min_size, group.max_size.max(group.min_size));
    if desired == before {
        return false;
    }
    group.desired_capacity = desired;
    let (min, max) = (group.min_size, group.max_size);
    group.reasons.push(format!(
        "At {} {reason} changing the desired capacity from {before} to {desired}.",
        moment(now)
    ));
    let text = format!("desired capacity {before} to {desired} (minimum {min}, maximum {max}): {reason}");
    let record = cx.record(RecordKind::Change, subject(Kind::AutoScalingGroup, name), text, rules::GROUP);
    cx.because(record, |cx| capacity::look_soon(cx, name));
    true
}

/// Protects an instance of a group from scale-in, or no longer. Says whether anything changed.
pub fn protect(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, protected: bool) -> bool {
    let group = cx.state.auto_scaling_groups.get_mut(name);
    let member = group.and_then(|group| group.instances.get_mut(id));
    let Some(member) = member.filter(|member| member.protected != protected) else { return false };
    member.protected = protected;
    let text = match protected {
        true => format!("protected from scale-in in {name}"),
        false => format!("no longer protected from scale-in in {name}"),
    };
    let record = cx.record(RecordKind::Change, subject(Kind::Instance, id), text, rules::PROTECTION);
    if !protected {
        // A group that could not shrink for protection goes on when that falls (ASG-15), and so does a refresh.
        let group = cx.state.auto_scaling_groups.get(name);
        let waits = |group: &Group| {
            group.counted().count() as u64 > group.desired_capacity || refresh::active(group).is_some()
        };
        if group.is_some_and(waits) {
            cx.because(record, |cx| capacity::look_soon(cx, name));
        }
    }
    true
}

/// A moment as activity histories print it: `2026-01-05T09:00:00Z`.
pub fn moment(at: SimTime) -> String {
    format!("{}Z", at.iso().get(..19).unwrap_or_default())
}
