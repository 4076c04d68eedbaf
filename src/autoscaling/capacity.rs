//! How a group keeps its desired capacity: it looks after its instances, launches and ends some.

use crate::arn::{GroupName, InstanceId, SubnetId};
use crate::autoscaling::activity::{self, Status};
use crate::autoscaling::group::{self, Group, moment};
use crate::autoscaling::member::{self, Lifecycle, Member};
use crate::autoscaling::{health, refresh, rules, scale_in, zones};
use crate::dice::Stream;
use crate::ec2::launch::{self, Launch, Wishes};
use crate::ecs::durations;
use crate::ecs::tag::Tag;
use crate::error::ApiError;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::time::SimDuration;
use crate::timeline::{Kind, RecordKind};

/// The group looks after its instances soon (LAT-10).
pub(crate) fn look_soon(cx: &mut Cx<'_>, name: &GroupName) {
    look_in(cx, name, durations::GROUP_REACTION);
}

/// The group looks after its instances so much later, if not earlier.
pub(crate) fn look_in(cx: &mut Cx<'_>, name: &GroupName, after: SimDuration) {
    let at = cx.clock + after;
    let cause = cx.cause;
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    group.pass_cause = cause;
    if group.pass_at.is_none_or(|earlier| at < earlier) {
        group.pass_at = Some(at);
        cx.book(after, Event::GroupPass(name.clone()));
    }
}

/// The group looks after its instances.
pub fn pass_due(cx: &mut Cx<'_>, name: &GroupName) {
    let now = cx.clock;
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    if group.pass_at != Some(now) {
        return;
    }
    group.pass_at = None;
    cx.cause = group.pass_cause.take().or(cx.cause);
    if group.deleting {
        if group.instances.is_empty() {
            cx.state.auto_scaling_groups.remove(name);
            cx.record(
                RecordKind::Change,
                subject(Kind::AutoScalingGroup, name),
                "deleted",
                rules::ACTIVITIES,
            );
            crate::autoscaling::policy::group_gone(cx, name);
        }
        return;
    }
    health::replace_unhealthy(cx, name);
    refresh::go_on(cx, name);
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    // What balances the zones counts when it is in service; then one of the richer zone ends.
    let balancing = group
        .balancing
        .take()
        .filter(|id| group.instances.get(id).is_some_and(|member| member.lifecycle < Lifecycle::InService));
    group.balancing = balancing;
    let extra = u64::from(group.balancing.is_some()) + refresh::surplus(group);
    let (has, wants) = (group.counted().count() as u64, group.desired_capacity + extra);
    if has < wants && !group.is_suspended("Launch") {
        launch_more(cx, name, wants - has);
    } else if has > wants && !group.is_suspended("Terminate") {
        end_some(cx, name, has - wants);
    } else if has == wants && extra == 0 && refresh::active(group).is_none() {
        balance(cx, name);
    }
}

/// Launches one in the poorest zone where the richest has two more; the next look ends one there (ASG-16).
fn balance(cx: &mut Cx<'_>, name: &GroupName) {
    let Some(group) = cx.state.auto_scaling_groups.get(name) else { return };
    let suspended = ["AZRebalance", "Launch", "Terminate"].iter().any(|process| group.is_suspended(process));
    let settled = group.counted().all(|member| member.is_in_service());
    let Some((poor, rich)) = zones::uneven(group).filter(|_| settled && !suspended) else { return };
    let (poor, rich) = (poor.to_string(), rich.to_string());
    let most = group.max_size + (group.max_size / 10).max(1);
    if group.desired_capacity + 1 > most {
        return;
    }
    let at = moment(cx.clock);
    let (places, verdicts) = zones::plan(cx.state, group, 1);
    let Some(subnet) = places.first() else { return };
    let about = subject(Kind::AutoScalingGroup, name);
    let text = format!("balances its zones: launches in {poor} before it ends one in {rich}");
    let record = cx.record_decision(RecordKind::Decision, about, text, rules::BALANCE, verdicts);
    let cause = format!("At {at} an instance was launched to aid in balancing the group's zones.");
    cx.because(record, |cx| {
        let reservation = launch::reservation(cx);
        match launch_one(cx, name, subnet, &reservation, 0, &cause) {
            Err(refusal) => launch_failed(cx, name, cause, &refusal),
            Ok(id) => {
                if let Some(group) = cx.state.auto_scaling_groups.get_mut(name) {
                    group.balancing = Some(id);
                    group.reasons.push(format!(
                        "At {at} instances were launched to balance instances in zones {poor} with other zones resulting in more than desired number of instances in the group."
                    ));
                }
            }
        }
    });
}

fn launch_more(cx: &mut Cx<'_>, name: &GroupName, count: u64) {
    let now = cx.clock;
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    let reasons = std::mem::take(&mut group.reasons).join(" ");
    let Some(group) = cx.state.auto_scaling_groups.get(name) else { return };
    let has = group.counted().count() as u64;
    let (places, verdicts) = zones::plan(cx.state, group, count);
    let text = format!("launches {count}: has {has} of {} desired", has + count);
    let about = subject(Kind::AutoScalingGroup, name);
    let record = cx.record_decision(RecordKind::Decision, about, text, rules::ZONES, verdicts);
    let gap = if reasons.is_empty() { "" } else { " " };
    let cause = format!(
        "{reasons}{gap}At {} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from {has} to {}.",
        moment(now),
        has + count
    );
    cx.because(record, |cx| {
        let reservation = launch::reservation(cx);
        for (index, subnet) in (0..).zip(&places) {
            if let Err(refusal) = launch_one(cx, name, subnet, &reservation, index, &cause) {
                return launch_failed(cx, name, cause, &refusal);
            }
        }
        if let Some(group) = cx.state.auto_scaling_groups.get_mut(name) {
            group.launch_failures = 0;
        }
    });
}

fn launch_one(
    cx: &mut Cx<'_>,
    name: &GroupName,
    subnet: &SubnetId,
    reservation: &str,
    index: u64,
    cause: &str,
) -> Result<InstanceId, ApiError> {
    let group = group::named(cx.state, name.as_str())?;
    let (launch, launch_template) = check(cx.state, group, Some(subnet))?;
    let id = launch::launch(cx, &launch, reservation, index);
    let machine = cx.state.instances.get(&id);
    let availability_zone = machine.map(|machine| machine.availability_zone.clone()).unwrap_or_default();
    let launched_at = cx.clock;
    if let Some(group) = cx.state.auto_scaling_groups.get_mut(name) {
        let member = Member {
            instance: id.clone(),
            instance_type: launch.instance_type.name,
            availability_zone,
            lifecycle: Lifecycle::Pending,
            healthy: true,
            protected: group.new_instances_protected,
            launch_template: Some(launch_template),
            launched_at,
            in_service_at: None,
            actions: std::collections::BTreeMap::new(),
            activity: None,
        };
        group.instances.insert(id.clone(), member);
    }
    activity::begin(cx, name, Some(&id), format!("Launching a new EC2 instance: {id}"), cause.to_string());
    activity::mark(cx, name, &id, Status::PreInService);
    Ok(id)
}

/// What a group would launch now, with the tags of the group, and the template's id, name and version.
///
/// # Errors
/// As EC2 refuses the launch.
pub fn check(
    state: &State,
    group: &Group,
    subnet: Option<&SubnetId>,
) -> Result<(Launch, (String, String, u64)), ApiError> {
    let (template, version, wishes) = group.template(state)?;
    let mut tags = vec![Tag { key: group::GROUP_TAG.to_string(), value: group.name.to_string() }];
    for (key, tag) in group.tags.iter().filter(|(_, tag)| tag.propagate_at_launch) {
        tags.push(Tag { key: key.clone(), value: tag.value.clone() });
    }
    let own = Wishes { subnet: subnet.map(ToString::to_string), tags, ..Wishes::default() };
    let launch = launch::check(state, own.over(wishes))?;
    Ok((launch, (template.id.to_string(), template.name.clone(), version.number)))
}

/// A launch failed: an activity says so, and the group tries again later (ASG-M3).
fn launch_failed(cx: &mut Cx<'_>, name: &GroupName, cause: String, refusal: &ApiError) {
    let message = format!("{} Launching EC2 instance failed.", refusal.message);
    let activity = activity::begin(cx, name, None, "Launching a new EC2 instance".to_string(), cause);
    activity::end(cx, activity, Status::Failed, Some(message.clone()));
    let about = subject(Kind::AutoScalingGroup, name);
    let record = cx.record(RecordKind::Failure, about, message, rules::LAUNCH_FAILS);
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    let wait = durations::GROUP_RETRY.0.saturating_mul(1 << group.launch_failures.min(16));
    group.launch_failures += 1;
    cx.because(record, |cx| {
        look_in(cx, name, SimDuration::millis(wait).min(durations::GROUP_RETRY_MAX));
    });
}

fn end_some(cx: &mut Cx<'_>, name: &GroupName, count: u64) {
    let now = cx.clock;
    let Some(group) = cx.state.auto_scaling_groups.get(name) else { return };
    let has = group.counted().count() as u64;
    let dice = &mut *cx.dice;
    let draw = |bound| if bound < 2 { 0 } else { dice.draw(Stream::ScaleIn, name.as_str(), bound) };
    let (chosen, verdicts) = scale_in::choose(group, now, count, draw);
    let short = chosen.len() as u64;
    let about = subject(Kind::AutoScalingGroup, name);
    let text = match short {
        0 => scale_in::ALL_PROTECTED.to_string(),
        _ => format!("ends {short}: has {has}, {} desired", has - count),
    };
    let rule = if short == 0 { rules::PROTECTION } else { rules::SCALE_IN };
    let record = cx.record_decision(RecordKind::Decision, about, text, rule, scale_in::told(verdicts));
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    let reasons = std::mem::take(&mut group.reasons).join(" ");
    let gap = if reasons.is_empty() { "" } else { " " };
    let at = moment(now);
    let cause = format!(
        "{reasons}{gap}At {at} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from {has} to {}.",
        has - count
    );
    cx.because(record, |cx| {
        for id in &chosen {
            let why = format!("{cause} At {at} instance {id} was selected for termination.");
            member::take_out(cx, name, id, why);
        }
        if short < count {
            let message = Some(scale_in::ALL_PROTECTED.to_string());
            let activity =
                activity::begin(cx, name, None, "Terminating EC2 instance".to_string(), cause.clone());
            activity::end(cx, activity, Status::Cancelled, message);
        }
    });
}
