//! `DeleteLaunchTemplate`: forget a launch template and all its versions.

use crate::ec2::api::launch_template_answer::{LaunchTemplate, describe};
use crate::ec2::launch_template::named;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which launch template to forget.
    pub struct DeleteLaunchTemplateRequest {
        /// The template's id.
        launch_template_id: Option<String> = "LaunchTemplateId";
        /// The template's name.
        launch_template_name: Option<String> = "LaunchTemplateName".names(Kind::LaunchTemplate);
    }
    /// What it was.
    pub struct DeleteLaunchTemplateResponse {
        /// The template.
        launch_template: Option<LaunchTemplate> = "LaunchTemplate";
    }
}

/// Forgets a template; instances that were launched from it run on, and a group that names it can launch no more.
///
/// # Errors
/// As [`named`] for the template.
pub fn delete_launch_template(
    cx: &mut Cx<'_>,
    request: DeleteLaunchTemplateRequest,
) -> Result<DeleteLaunchTemplateResponse, ApiError> {
    let (id, name) = (request.launch_template_id.as_deref(), request.launch_template_name.as_deref());
    let id = named(cx.state, id, name)?.id.clone();
    let launch_template = cx.state.launch_templates.remove(&id).as_ref().map(describe);
    Ok(DeleteLaunchTemplateResponse { launch_template })
}
