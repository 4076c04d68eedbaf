//! `CompleteLifecycleAction`: let an instance that a hook holds go on.

use crate::arn::{GroupName, InstanceId};
use crate::autoscaling::api::put_lifecycle_hook::RESULTS;
use crate::autoscaling::group::{invalid, named};
use crate::autoscaling::hook::{self, Result as ActionResult};
use crate::autoscaling::rules;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::state::State;
use crate::timeline::Kind;

shape! {
    /// Which action ends, and how.
    pub struct CompleteLifecycleActionRequest {
        /// The hook.
        lifecycle_hook_name: String = "LifecycleHookName".required();
        /// The group.
        auto_scaling_group_name: String = "AutoScalingGroupName".required().names(Kind::AutoScalingGroup);
        /// The token of the action, in place of the instance.
        lifecycle_action_token: Option<String> = "LifecycleActionToken";
        /// CONTINUE or ABANDON.
        lifecycle_action_result: String = "LifecycleActionResult".required().such_as(RESULTS);
        /// The instance.
        instance_id: Option<String> = "InstanceId".names(Kind::Instance);
    }
    /// Nothing.
    pub struct CompleteLifecycleActionResponse {
    }
}

/// Ends a lifecycle action; the instance goes on when its other hooks let it.
///
/// # Errors
/// `ValidationError` for a group or an action that there is not, and for a result that may not be
/// ([`rules::HOOKS`]).
pub fn complete_lifecycle_action(
    cx: &mut Cx<'_>,
    request: CompleteLifecycleActionRequest,
) -> Result<CompleteLifecycleActionResponse, ApiError> {
    let (name, id) = held(
        cx.state,
        &request.auto_scaling_group_name,
        &request.lifecycle_hook_name,
        request.instance_id.as_deref(),
        request.lifecycle_action_token.as_deref(),
    )?;
    let word = &request.lifecycle_action_result;
    let Some(result) = ActionResult::of_word(word) else {
        return Err(invalid(
            format!("Lifecycle action result {word} must be CONTINUE or ABANDON."),
            rules::HOOKS,
        ));
    };
    hook::complete(cx, &name, &id, &request.lifecycle_hook_name, result);
    Ok(CompleteLifecycleActionResponse {})
}

/// The instance that a hook holds, by its id or by the action's token.
///
/// # Errors
/// `ValidationError` for a group or an action that there is not ([`rules::HOOKS`]).
pub(crate) fn held(
    state: &State,
    group: &str,
    hook: &str,
    id: Option<&str>,
    token: Option<&str>,
) -> Result<(GroupName, InstanceId), ApiError> {
    let group = named(state, group)?;
    let found = group.instances.values().find(|member| {
        let action = member.actions.get(hook);
        action.is_some_and(|action| match (id, token) {
            (Some(id), _) => id == member.instance.as_str(),
            (None, token) => token == Some(action.token.as_str()),
        })
    });
    let Some(member) = found else {
        let message = match (id, token) {
            (Some(id), _) => format!("No active Lifecycle Action found with instance ID {id}"),
            (None, Some(token)) => format!("No active Lifecycle Action found with token {token}"),
            (None, None) => "Either LifecycleActionToken or InstanceId must be specified".to_string(),
        };
        return Err(invalid(message, rules::HOOKS));
    };
    Ok((group.name.clone(), member.instance.clone()))
}
