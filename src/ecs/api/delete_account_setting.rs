//! `DeleteAccountSetting`: take back what was chosen.

use crate::ecs::account_setting::{self, NAMES, Setting};
use crate::error::ApiError;
use crate::operation::Cx;

shape! {
    /// The setting to take back.
    pub struct DeleteAccountSettingRequest {
        /// What it is about.
        name: String = "name".required().one_of(NAMES);
        /// The user, role or root whose it is; who asks when absent.
        principal_arn: Option<String> = "principalArn";
    }
    /// The setting that was taken back.
    pub struct DeleteAccountSettingResponse {
        /// It, with the value that it had.
        setting: Setting = "setting";
    }
}

/// Takes a choice back: the account's setting holds again, or AWS's own.
///
/// # Errors
/// `InvalidParameterException` for a setting or principal that there is not.
pub fn delete_account_setting(
    cx: &mut Cx<'_>,
    request: DeleteAccountSettingRequest,
) -> Result<DeleteAccountSettingResponse, ApiError> {
    let DeleteAccountSettingRequest { name, principal_arn } = request;
    let principal = account_setting::principal(principal_arn.as_deref(), &cx.principal.arn)?;
    let value = account_setting::effective(cx.state, &principal, &name).value;
    let setting = account_setting::shown(&name, &value, &principal);
    cx.state.account_settings.remove(&(principal, name));
    Ok(DeleteAccountSettingResponse { setting })
}
