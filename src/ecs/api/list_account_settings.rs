//! `ListAccountSettings`: what was chosen, and what holds.

use crate::ecs::account_setting::{self, NAMES, Setting};
use crate::ecs::paging;
use crate::ecs::rules::instances as rules;
use crate::error::ApiError;
use crate::operation::Look;

shape! {
    /// Which settings to list.
    pub struct ListAccountSettingsRequest {
        /// Only this one.
        name: Option<String> = "name".one_of(NAMES);
        /// Only settings of this value; needs a name.
        value: Option<String> = "value";
        /// Whose; those of who asks when absent.
        principal_arn: Option<String> = "principalArn";
        /// Also what the account or AWS chose for whoever has chosen nothing.
        effective_settings: Option<bool> = "effectiveSettings";
        /// Where the last page ended.
        next_token: Option<String> = "nextToken";
        /// How many to a page, 1 to 10; 10 when absent.
        max_results: Option<i64> = "maxResults".range(1, 10);
    }
    /// A page of settings.
    pub struct ListAccountSettingsResponse {
        /// They.
        settings: Vec<Setting> = "settings";
        /// Asks for the next page.
        next_token: Option<String> = "nextToken";
    }
}

/// Lists the settings of a principal: those that it chose, or those that hold for it.
///
/// # Errors
/// `InvalidParameterException` for a principal that there is not, a value without a name, and a page that
/// cannot be (API-07).
pub fn list_account_settings(
    cx: &Look<'_>,
    request: ListAccountSettingsRequest,
) -> Result<ListAccountSettingsResponse, ApiError> {
    let principal = account_setting::principal(request.principal_arn.as_deref(), &cx.principal.arn)?;
    if request.value.is_some() && request.name.is_none() {
        let message = "A value can be filtered by only together with a name.";
        return Err(ApiError::invalid(message, rules::ACCOUNT_SETTINGS));
    }
    let effective = request.effective_settings == Some(true);
    let settings = NAMES
        .iter()
        .filter(|name| request.name.as_deref().is_none_or(|asked| asked == **name))
        .map(|name| account_setting::effective(cx.state, &principal, name))
        .filter(|setting| {
            effective || cx.state.account_settings.contains_key(&(principal.clone(), setting.name.clone()))
        })
        .filter(|setting| request.value.as_ref().is_none_or(|value| *value == setting.value))
        .collect();
    let size = request.max_results.map(|size| if size > 10 { 0 } else { size });
    let (settings, next_token) = paging::page(settings, size, request.next_token.as_deref(), 10)?;
    Ok(ListAccountSettingsResponse { settings, next_token })
}
