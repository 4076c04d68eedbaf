//! `ModifyLaunchTemplate`: say which version of a launch template is its default.

use crate::ec2::api::launch_template_answer::{LaunchTemplate, describe};
use crate::ec2::launch_template::named;
use crate::ec2::once::once;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which version shall be the default.
    pub struct ModifyLaunchTemplateRequest {
        /// A word that makes a repeated request do nothing new.
        client_token: Option<String> = "ClientToken";
        /// The template's id.
        launch_template_id: Option<String> = "LaunchTemplateId";
        /// The template's name.
        launch_template_name: Option<String> = "LaunchTemplateName".names(Kind::LaunchTemplate);
        /// The number of the version.
        default_version: Option<String> = "DefaultVersion".wire("SetDefaultVersion");
    }
    /// The template as it is now.
    pub struct ModifyLaunchTemplateResponse {
        /// It.
        launch_template: Option<LaunchTemplate> = "LaunchTemplate";
    }
}

/// Makes another version the default; nothing that runs changes.
///
/// # Errors
/// `IdempotentParameterMismatch` for a token that was used for another request;
/// as [`named`] for the template; `InvalidLaunchTemplateId.VersionNotFound` for the version.
pub fn modify_launch_template(
    cx: &mut Cx<'_>,
    request: ModifyLaunchTemplateRequest,
) -> Result<ModifyLaunchTemplateResponse, ApiError> {
    let token = request.client_token.clone();
    once(cx, "modify_launch_template", token.as_deref(), request, act)
}

fn act(
    cx: &mut Cx<'_>,
    request: ModifyLaunchTemplateRequest,
) -> Result<ModifyLaunchTemplateResponse, ApiError> {
    let (id, name) = (request.launch_template_id.as_deref(), request.launch_template_name.as_deref());
    let template = named(cx.state, id, name)?;
    let id = template.id.clone();
    let number = match &request.default_version {
        None => template.default_version,
        Some(word) => template.version(word)?.number,
    };
    let template = cx.state.launch_templates.get_mut(&id);
    Ok(ModifyLaunchTemplateResponse {
        launch_template: template.map(|template| {
            template.default_version = number;
            describe(template)
        }),
    })
}
