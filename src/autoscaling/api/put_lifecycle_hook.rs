//! `PutLifecycleHook`: hold instances before they come into service or end.

use crate::autoscaling::group::{invalid, named};
use crate::autoscaling::hook::{self, Hook, Result as ActionResult, Transition};
use crate::autoscaling::rules;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

/// What a hook can wait for.
pub const TRANSITIONS: &[&str] =
    &["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"];
/// How an action can end.
pub const RESULTS: &[&str] = &["CONTINUE", "ABANDON"];

shape! {
    /// A hook of a group that is made with it.
    pub struct LifecycleHookSpecification {
        /// Its name.
        lifecycle_hook_name: String = "LifecycleHookName".required();
        /// When it holds an instance.
        lifecycle_transition: String = "LifecycleTransition".required().such_as(TRANSITIONS);
        /// Words for who is told; kept.
        notification_metadata: Option<String> = "NotificationMetadata";
        /// Seconds to wait; 3600 when absent.
        heartbeat_timeout: Option<i64> = "HeartbeatTimeout";
        /// How it ends when nobody says; ABANDON when absent.
        default_result: Option<String> = "DefaultResult".such_as(RESULTS);
        /// Who is told; kept.
        notification_target_arn: Option<String> = "NotificationTargetARN";
        /// By which role; kept.
        role_arn: Option<String> = "RoleARN";
    }
    /// The hook, and what to change of it if it is there.
    pub struct PutLifecycleHookRequest {
        /// Its name.
        lifecycle_hook_name: String = "LifecycleHookName".required();
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// When it holds an instance; needed for a new hook.
        lifecycle_transition: Option<String> = "LifecycleTransition".such_as(TRANSITIONS);
        /// By which role; kept.
        role_arn: Option<String> = "RoleARN";
        /// Who is told; kept.
        notification_target_arn: Option<String> = "NotificationTargetARN";
        /// Words for who is told; kept.
        notification_metadata: Option<String> = "NotificationMetadata";
        /// Seconds to wait; 3600 when absent.
        heartbeat_timeout: Option<i64> = "HeartbeatTimeout";
        /// How it ends when nobody says; ABANDON when absent.
        default_result: Option<String> = "DefaultResult".such_as(RESULTS);
    }
    /// Nothing.
    pub struct PutLifecycleHookResponse {
    }
}

impl LifecycleHookSpecification {
    /// The hook, if it may be so.
    ///
    /// # Errors
    /// `ValidationError` for a name, a transition, a timeout or a result that may not be ([`rules::HOOKS`]).
    pub fn checked(self) -> Result<Hook, ApiError> {
        let refuse = |message: String| Err(invalid(message, rules::HOOKS));
        let name = self.lifecycle_hook_name;
        if name.is_empty() || !name.chars().all(|sign| sign.is_ascii_alphanumeric() || "-_/".contains(sign)) {
            return refuse(format!("Lifecycle hook name '{name}' is not valid."));
        }
        let Some(transition) = Transition::of_word(&self.lifecycle_transition) else {
            return refuse(format!("Lifecycle transition {} is not supported.", self.lifecycle_transition));
        };
        let seconds = self.heartbeat_timeout.unwrap_or(3600);
        let timeout = u64::try_from(seconds).ok().filter(|seconds| (30..=7200).contains(seconds));
        let Some(heartbeat_timeout) = timeout else {
            return refuse(format!("Heartbeat timeout {seconds} must be between 30 and 7200 seconds."));
        };
        let word = self.default_result.as_deref().unwrap_or("ABANDON");
        let Some(default_result) = ActionResult::of_word(word) else {
            return refuse(format!("Default result {word} must be CONTINUE or ABANDON."));
        };
        Ok(Hook {
            name,
            transition,
            heartbeat_timeout,
            default_result,
            notification_target: self.notification_target_arn,
            role: self.role_arn,
            notification_metadata: self.notification_metadata,
        })
    }
}

/// Puts a hook on a group, or changes the one of its name.
///
/// # Errors
/// In this order: `ValidationError` for a group that there is not, for a new hook without a transition, and for
/// what a hook may not be; `LimitExceeded` for the 51st hook ([`rules::HOOKS`]).
pub fn put_lifecycle_hook(
    cx: &mut Cx<'_>,
    request: PutLifecycleHookRequest,
) -> Result<PutLifecycleHookResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let name = group.name.clone();
    let before = group.hooks.get(&request.lifecycle_hook_name).cloned();
    let count = group.hooks.len();
    let word = before.as_ref().map(|hook| hook.transition.word().to_string());
    let Some(lifecycle_transition) = request.lifecycle_transition.or(word) else {
        return Err(invalid(
            "Parameter LifecycleTransition is required for a new lifecycle hook.",
            rules::HOOKS,
        ));
    };
    let old = before.as_ref();
    let seconds = old.and_then(|hook| i64::try_from(hook.heartbeat_timeout).ok());
    let hook = LifecycleHookSpecification {
        lifecycle_hook_name: request.lifecycle_hook_name,
        lifecycle_transition,
        notification_metadata: request
            .notification_metadata
            .or(old.and_then(|hook| hook.notification_metadata.clone())),
        heartbeat_timeout: request.heartbeat_timeout.or(seconds),
        default_result: request.default_result.or(old.map(|hook| hook.default_result.word().to_string())),
        notification_target_arn: request
            .notification_target_arn
            .or(old.and_then(|hook| hook.notification_target.clone())),
        role_arn: request.role_arn.or(old.and_then(|hook| hook.role.clone())),
    };
    let hook = hook.checked()?;
    if before.is_none() && count >= 50 {
        let message = format!("Maximum number of lifecycle hooks for Auto Scaling group {name} reached: 50");
        return Err(ApiError::new("LimitExceeded", message, rules::HOOKS));
    }
    hook::put(cx, &name, hook);
    Ok(PutLifecycleHookResponse {})
}
