//! Account settings: what an account, or one of its users or roles, has opted in to.

use crate::arn::ACCOUNT;
use crate::ecs::rules::instances as rules;
use crate::error::ApiError;
use crate::state::State;

/// AWS's names for the settings.
pub const NAMES: &[&str] = &[
    "serviceLongArnFormat",
    "taskLongArnFormat",
    "containerInstanceLongArnFormat",
    "awsvpcTrunking",
    "containerInsights",
    "fargateFIPSMode",
    "tagResourceAuthorization",
    "fargateTaskRetirementWaitPeriod",
    "guardDutyActivate",
    "defaultLogDriverMode",
    "fargateEventWindows",
];

/// The values of a setting; the first stands where nobody chose one.
fn values(name: &str) -> &'static [&'static str] {
    match name {
        "serviceLongArnFormat" | "taskLongArnFormat" | "containerInstanceLongArnFormat" => {
            &["enabled", "disabled"]
        }
        "containerInsights" => &["disabled", "enabled", "enhanced"],
        "tagResourceAuthorization" => &["on", "off"],
        "guardDutyActivate" => &["off", "on"],
        "fargateTaskRetirementWaitPeriod" => &["7", "0", "14"],
        "defaultLogDriverMode" => &["non-blocking", "blocking"],
        _ => &["disabled", "enabled"],
    }
}

shape! {
    /// A setting of a user, a role or the account.
    pub struct Setting {
        /// What it is about.
        name: String = "name";
        /// What was chosen.
        value: String = "value";
        /// Whose it is.
        principal_arn: String = "principalArn";
        /// `user`, or `aws_managed` where only AWS changes it.
        kind: String = "type";
    }
}

/// A setting as answers show it.
pub fn shown(name: &str, value: &str, principal: &str) -> Setting {
    let kind = if name == "guardDutyActivate" { "aws_managed" } else { "user" };
    Setting {
        name: name.to_string(),
        value: value.to_string(),
        principal_arn: principal.to_string(),
        kind: kind.to_string(),
    }
}

/// The account's own principal: its settings stand for whoever has none.
pub fn root() -> String {
    format!("arn:aws:iam::{ACCOUNT}:root")
}

/// Whom a request is about: the one it names, or who asks.
///
/// # Errors
/// `InvalidParameterException` for what is no user or role of this account, and not its root.
pub fn principal(asked: Option<&str>, asks: &str) -> Result<String, ApiError> {
    let arn = asked.unwrap_or(asks);
    let own = arn.strip_prefix(&format!("arn:aws:iam::{ACCOUNT}:"));
    let named = |tail: &str| tail == "root" || tail.starts_with("user/") || tail.starts_with("role/");
    if own.is_some_and(named) {
        Ok(arn.to_string())
    } else {
        Err(ApiError::invalid(format!("Invalid principalArn: {arn}"), rules::ACCOUNT_SETTINGS))
    }
}

/// Checks a value for a setting.
///
/// # Errors
/// `InvalidParameterException` for a value that the setting does not have, and for a setting that AWS manages.
pub fn check(name: &str, value: &str) -> Result<(), ApiError> {
    let refuse = |message: String| Err(ApiError::invalid(message, rules::ACCOUNT_SETTINGS));
    if name == "guardDutyActivate" {
        return refuse("The account setting guardDutyActivate is managed by Amazon GuardDuty.".to_string());
    }
    match values(name) {
        known if known.contains(&value) => Ok(()),
        known => refuse(format!("Invalid value '{value}' for {name}. Valid values: {}.", known.join(", "))),
    }
}

/// What holds for a user or role: its own choice, else the account's, else AWS's; and whose choice that is.
pub fn effective(state: &State, principal: &str, name: &str) -> Setting {
    let of = |principal: &str| {
        let value = state.account_settings.get(&(principal.to_string(), name.to_string()))?;
        Some(shown(name, value, principal))
    };
    let root = root();
    of(principal)
        .or_else(|| of(&root))
        .unwrap_or_else(|| shown(name, values(name).first().copied().unwrap_or_default(), &root))
}
