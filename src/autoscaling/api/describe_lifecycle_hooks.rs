//! `DescribeLifecycleHooks`: the hooks of a group.

use crate::autoscaling::api::group_answer::number;
use crate::autoscaling::group::named;
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which hooks to describe.
    pub struct DescribeLifecycleHooksRequest {
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// Only these; all when absent.
        lifecycle_hook_names: Vec<String> = "LifecycleHookNames";
    }
    /// A hook.
    pub struct LifecycleHook {
        /// Its name.
        lifecycle_hook_name: String = "LifecycleHookName";
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName";
        /// When it holds an instance.
        lifecycle_transition: String = "LifecycleTransition";
        /// Who is told.
        notification_target_arn: Option<String> = "NotificationTargetARN";
        /// By which role.
        role_arn: Option<String> = "RoleARN";
        /// With which words.
        notification_metadata: Option<String> = "NotificationMetadata";
        /// Seconds to wait.
        heartbeat_timeout: i64 = "HeartbeatTimeout";
        /// Seconds to wait in all, heartbeats included.
        global_timeout: i64 = "GlobalTimeout";
        /// How it ends when nobody says.
        default_result: String = "DefaultResult";
    }
    /// Hooks.
    pub struct DescribeLifecycleHooksResponse {
        /// They, by name.
        lifecycle_hooks: Vec<LifecycleHook> = "LifecycleHooks";
    }
}

/// Describes the hooks of a group.
///
/// # Errors
/// `ValidationError` for a group that there is not.
pub fn describe_lifecycle_hooks(
    cx: &Look<'_>,
    request: DescribeLifecycleHooksRequest,
) -> Result<DescribeLifecycleHooksResponse, ApiError> {
    let group = named(cx.state, &request.auto_scaling_group_name)?;
    let names = &request.lifecycle_hook_names;
    let asked = group.hooks.values().filter(|hook| names.is_empty() || names.contains(&hook.name));
    let shown = asked.map(|hook| LifecycleHook {
        lifecycle_hook_name: hook.name.clone(),
        auto_scaling_group_name: group.name.to_string(),
        lifecycle_transition: hook.transition.word().to_string(),
        notification_target_arn: hook.notification_target.clone(),
        role_arn: hook.role.clone(),
        notification_metadata: hook.notification_metadata.clone(),
        heartbeat_timeout: number(hook.heartbeat_timeout),
        global_timeout: number(hook.global_timeout()),
        default_result: hook.default_result.word().to_string(),
    });
    Ok(DescribeLifecycleHooksResponse { lifecycle_hooks: shown.collect() })
}
