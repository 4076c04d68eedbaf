//! `PutAccountSetting`: choose a setting for a user, a role or the account.

use crate::ecs::account_setting::{self, NAMES, Setting};
use crate::error::ApiError;
use crate::operation::Cx;

shape! {
    /// The setting, and what is chosen.
    pub struct PutAccountSettingRequest {
        /// What it is about.
        name: String = "name".required().one_of(NAMES);
        /// What is chosen.
        value: String = "value".required();
        /// The user, role or root that it is for; who asks when absent.
        principal_arn: Option<String> = "principalArn";
    }
    /// The setting as it stands now.
    pub struct PutAccountSettingResponse {
        /// It.
        setting: Setting = "setting";
    }
}

/// Chooses a setting for one principal. An instance goes by the setting of its role, not of who launched it.
///
/// # Errors
/// `InvalidParameterException` for a setting, value or principal that there is not.
pub fn put_account_setting(
    cx: &mut Cx<'_>,
    request: PutAccountSettingRequest,
) -> Result<PutAccountSettingResponse, ApiError> {
    let PutAccountSettingRequest { name, value, principal_arn } = request;
    account_setting::check(&name, &value)?;
    let principal = account_setting::principal(principal_arn.as_deref(), &cx.principal.arn)?;
    let setting = account_setting::shown(&name, &value, &principal);
    cx.state.account_settings.insert((principal, name), value);
    Ok(PutAccountSettingResponse { setting })
}
