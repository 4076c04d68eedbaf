//! Lifecycle hooks: what holds an instance before it comes into service or ends, until somebody says go on.
//!
//! A part of AWS that takes instances out with care puts a hook with [`put`] and lets each go with
//! [`complete`]; [`waiting`] tells who waits for it.

use crate::arn::{GroupName, InstanceId};
use crate::autoscaling::activity::{self, Status};
use crate::autoscaling::group::{Group, moment};
use crate::autoscaling::member::{self, Lifecycle};
use crate::autoscaling::rules;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::time::{SimDuration, SimTime};
use crate::timeline::{Kind, RecordKind};

/// When a hook holds an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Transition {
    Launching,
    Terminating,
}

impl Transition {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Transition::Launching => "autoscaling:EC2_INSTANCE_LAUNCHING",
            Transition::Terminating => "autoscaling:EC2_INSTANCE_TERMINATING",
        }
    }

    /// What AWS's word means.
    pub fn of_word(word: &str) -> Option<Transition> {
        [Transition::Launching, Transition::Terminating].into_iter().find(|each| each.word() == word)
    }
}

/// How a lifecycle action ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Result {
    Continue,
    Abandon,
}

impl Result {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Result::Continue => "CONTINUE",
            Result::Abandon => "ABANDON",
        }
    }

    /// What AWS's word means.
    pub fn of_word(word: &str) -> Option<Result> {
        [Result::Continue, Result::Abandon].into_iter().find(|each| each.word() == word)
    }
}

/// A lifecycle hook of a group (ASG-12).
#[derive(Debug, Clone, PartialEq)]
pub struct Hook {
    /// Its name; no other hook of the group has it.
    pub name: String,
    /// When it holds an instance.
    pub transition: Transition,
    /// Seconds after which nobody is waited for any more.
    pub heartbeat_timeout: u64,
    /// How an action ends that nobody completes.
    pub default_result: Result,
    /// Who would be told; kept.
    pub notification_target: Option<String>,
    /// By which role; kept.
    pub role: Option<String>,
    /// With which words; kept.
    pub notification_metadata: Option<String>,
}

impl Hook {
    /// Seconds that heartbeats can make of the timeout, at most.
    pub fn global_timeout(&self) -> u64 {
        self.heartbeat_timeout.saturating_mul(100).min(48 * 3600)
    }
}

/// A hook that holds an instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// A token by which it can be completed.
    pub token: String,
    /// When it ends by itself.
    pub until: SimTime,
    /// Up to when heartbeats can move that.
    pub latest: SimTime,
}

/// Puts a hook on a group, or changes the one of its name; actions under way stay as they are.
pub fn put(cx: &mut Cx<'_>, name: &GroupName, hook: Hook) {
    let text = format!(
        "lifecycle hook {}: {}, {} after {}",
        hook.name,
        hook.transition.word(),
        hook.default_result.word(),
        SimDuration::secs(hook.heartbeat_timeout)
    );
    let Some(group) = cx.state.auto_scaling_groups.get_mut(name) else { return };
    group.hooks.insert(hook.name.clone(), hook);
    cx.record(RecordKind::Change, subject(Kind::AutoScalingGroup, name), text, rules::HOOKS);
}

/// Takes a hook from a group; what it holds goes on: a launch is abandoned, an end continues.
pub fn remove(cx: &mut Cx<'_>, name: &GroupName, hook: &str) {
    let Some(group) = cx.state.auto_scaling_groups.get(name) else { return };
    let Some(found) = group.hooks.get(hook) else { return };
    let result = match found.transition {
        Transition::Launching => Result::Abandon,
        Transition::Terminating => Result::Continue,
    };
    let held: Vec<InstanceId> = holding(group, hook).cloned().collect();
    for id in held {
        complete(cx, name, &id, hook, result);
    }
    if let Some(group) = cx.state.auto_scaling_groups.get_mut(name) {
        group.hooks.remove(hook);
    }
    let text = format!("lifecycle hook {hook} removed");
    cx.record(RecordKind::Change, subject(Kind::AutoScalingGroup, name), text, rules::HOOKS);
}

/// The instances of a group that wait for this hook, by id.
pub fn waiting<'a>(
    state: &'a State,
    name: &GroupName,
    hook: &'a str,
) -> impl Iterator<Item = &'a InstanceId> {
    state.auto_scaling_groups.get(name).into_iter().flat_map(move |group| holding(group, hook))
}

fn holding<'a>(group: &'a Group, hook: &'a str) -> impl Iterator<Item = &'a InstanceId> {
    let held = group.instances.values().filter(move |member| member.actions.contains_key(hook));
    held.map(|member| &member.instance)
}

/// Holds an instance by every hook of this transition; says whether there is any.
pub(crate) fn begin(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, transition: Transition) -> bool {
    let Some(group) = cx.state.auto_scaling_groups.get(name) else { return false };
    let hooks: Vec<Hook> =
        group.hooks.values().filter(|hook| hook.transition == transition).cloned().collect();
    if hooks.is_empty() {
        return false;
    }
    let wait = match transition {
        Transition::Launching => Lifecycle::PendingWait,
        Transition::Terminating => Lifecycle::TerminatingWait,
    };
    member::enter(cx, name, id, wait);
    activity::mark(cx, name, id, Status::MidLifecycleAction);
    for hook in hooks {
        let timeout = SimDuration::secs(hook.heartbeat_timeout);
        let action = Action {
            token: cx.dice.uuid(&format!("lifecycle-action/{name}")),
            until: cx.clock + timeout,
            latest: cx.clock + SimDuration::secs(hook.global_timeout()),
        };
        if let Some(member) = member::of(cx, name, id) {
            member.actions.insert(hook.name.clone(), action);
        }
        book(cx, name, id, &hook.name, timeout);
    }
    crate::ecs::managed_draining::held(cx, name, id);
    true
}

fn book(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, hook: &str, after: SimDuration) {
    let (group, instance, hook) = (name.clone(), id.clone(), hook.to_string());
    cx.book(after, Event::LifecycleTimeout { group, instance, hook });
}

/// Somebody says that an action needs more time: its timeout begins anew, within the latest moment.
pub fn heartbeat(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, hook: &str) {
    let now = cx.clock;
    let group = cx.state.auto_scaling_groups.get(name);
    let Some(timeout) = group.and_then(|group| group.hooks.get(hook)).map(|hook| hook.heartbeat_timeout)
    else {
        return;
    };
    let Some(action) = member::of(cx, name, id).and_then(|member| member.actions.get_mut(hook)) else {
        return;
    };
    action.until = (now + SimDuration::secs(timeout)).min(action.latest);
    let after = action.until.since(now);
    book(cx, name, id, hook, after);
}

/// Nobody completed an action in time: it ends as the hook says.
pub fn timeout(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, hook: &str) {
    let now = cx.clock;
    let Some(group) = cx.state.auto_scaling_groups.get(name) else { return };
    let default = group.hooks.get(hook).map_or(Result::Abandon, |hook| hook.default_result);
    let action = group.instances.get(id).and_then(|member| member.actions.get(hook));
    if action.is_none_or(|action| action.until != now) {
        return;
    }
    let text = format!("lifecycle action of hook {hook} timed out in {name}: {}", default.word());
    let record = cx.record(RecordKind::Failure, subject(Kind::Instance, id), text, rules::HOOKS);
    cx.because(record, |cx| finish(cx, name, id, hook, default, "Heartbeat Timeout"));
}

/// Somebody completed an action. Says whether there was one.
pub fn complete(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, hook: &str, result: Result) -> bool {
    if member::of(cx, name, id).is_none_or(|member| !member.actions.contains_key(hook)) {
        return false;
    }
    let text = format!("lifecycle action of hook {hook} completed in {name}: {}", result.word());
    let record = cx.record(RecordKind::Change, subject(Kind::Instance, id), text, rules::HOOKS);
    let why = format!("Lifecycle Action Completed with {} Result", result.word());
    cx.because(record, |cx| finish(cx, name, id, hook, result, &why));
    true
}

fn finish(cx: &mut Cx<'_>, name: &GroupName, id: &InstanceId, hook: &str, result: Result, why: &str) {
    let Some(member) = member::of(cx, name, id) else { return };
    let Some(action) = member.actions.remove(hook) else { return };
    if result == Result::Abandon {
        member.actions.clear();
    }
    if !member.actions.is_empty() {
        return;
    }
    match (member.lifecycle, result) {
        (Lifecycle::PendingWait, Result::Continue) => {
            member::enter(cx, name, id, Lifecycle::PendingProceed);
            member::into_service(cx, name, id);
        }
        (Lifecycle::PendingWait, Result::Abandon) => {
            let failed = member.activity.take();
            let message = format!(
                "Instance failed to complete user's Lifecycle Action: Lifecycle Action with token {} was abandoned: {why}",
                action.token
            );
            activity::end(cx, failed, Status::Cancelled, Some(message));
            let cause = format!(
                "At {} an instance was taken out of service in response to an abandoned lifecycle action.",
                moment(cx.clock)
            );
            member::take_out(cx, name, id, cause);
            crate::autoscaling::capacity::look_soon(cx, name);
        }
        (Lifecycle::TerminatingWait, _) => {
            member::enter(cx, name, id, Lifecycle::TerminatingProceed);
            activity::mark(cx, name, id, Status::InProgress);
            member::end(cx, name, id);
        }
        _ => {}
    }
}
