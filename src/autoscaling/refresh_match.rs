//! Which instances an instance refresh has to replace (ASG-18).

use crate::arn::InstanceId;
use crate::autoscaling::group::Group;
use crate::autoscaling::member::{Lifecycle, Member};
use crate::autoscaling::refresh::{Preferences, Spared};
use crate::ec2::launch_template::{self, LaunchTemplateSpecification};
use crate::state::State;
use std::collections::BTreeSet;

/// The instances of a group that do not stay as they are. Changes nothing.
pub fn to_replace(
    state: &State,
    group: &Group,
    desired: Option<&LaunchTemplateSpecification>,
    preferences: &Preferences,
) -> BTreeSet<InstanceId> {
    let by_id = LaunchTemplateSpecification {
        launch_template_name: None,
        ..desired.unwrap_or(&group.launch_template).clone()
    };
    let wanted = launch_template::version(state, &by_id).ok();
    let wanted = wanted.map(|(template, version, _)| (template.id.to_string(), version.number));
    let matches = |member: &Member| {
        let has = member.launch_template.as_ref().map(|(id, _, version)| (id.clone(), *version));
        preferences.skip_matching && has.is_some() && has == wanted
    };
    let ignored = |member: &Member| {
        let standby = member.lifecycle == Lifecycle::Standby;
        (standby && preferences.standby == Spared::Ignore)
            || (member.protected && preferences.protected == Spared::Ignore)
    };
    let here = group.instances.values().filter(|member| member.lifecycle < Lifecycle::Detaching);
    let left = here.filter(|member| !matches(member) && !ignored(member));
    left.map(|member| member.instance.clone()).collect()
}
