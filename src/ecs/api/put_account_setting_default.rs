//! `PutAccountSettingDefault`: choose a setting for everybody who has chosen none.

use crate::ecs::account_setting::{self, NAMES, Setting};
use crate::error::ApiError;
use crate::operation::Cx;

shape! {
    /// The setting, and what is chosen.
    pub struct PutAccountSettingDefaultRequest {
        /// What it is about.
        name: String = "name".required().one_of(NAMES);
        /// What is chosen.
        value: String = "value".required();
    }
    /// The setting as it stands now.
    pub struct PutAccountSettingDefaultResponse {
        /// It, as the account's.
        setting: Setting = "setting";
    }
}

/// Chooses a setting for the account.
///
/// # Errors
/// `InvalidParameterException` for a setting or value that there is not.
pub fn put_account_setting_default(
    cx: &mut Cx<'_>,
    request: PutAccountSettingDefaultRequest,
) -> Result<PutAccountSettingDefaultResponse, ApiError> {
    let PutAccountSettingDefaultRequest { name, value } = request;
    account_setting::check(&name, &value)?;
    let setting = account_setting::shown(&name, &value, &account_setting::root());
    cx.state.account_settings.insert((setting.principal_arn.clone(), name), value);
    Ok(PutAccountSettingDefaultResponse { setting })
}
