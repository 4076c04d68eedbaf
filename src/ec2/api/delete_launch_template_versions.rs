//! `DeleteLaunchTemplateVersions`: forget single versions of a launch template.

use crate::ec2::launch_template::named;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which versions to forget.
    pub struct DeleteLaunchTemplateVersionsRequest {
        /// The template's id.
        launch_template_id: Option<String> = "LaunchTemplateId";
        /// The template's name.
        launch_template_name: Option<String> = "LaunchTemplateName".names(Kind::LaunchTemplate);
        /// Their numbers.
        versions: Vec<String> = "Versions".required().wire("LaunchTemplateVersion");
    }
    /// A version that was forgotten.
    pub struct DeletedVersion {
        /// The template's id.
        launch_template_id: String = "LaunchTemplateId";
        /// The template's name.
        launch_template_name: String = "LaunchTemplateName";
        /// Its number.
        version_number: i64 = "VersionNumber";
    }
    /// Why a version was not forgotten.
    pub struct ResponseError {
        /// `launchTemplateVersionDoesNotExist` or `unexpectedError`.
        code: String = "Code";
        /// In words.
        message: String = "Message";
    }
    /// A version that was not forgotten.
    pub struct KeptVersion {
        /// The template's id.
        launch_template_id: String = "LaunchTemplateId";
        /// The template's name.
        launch_template_name: String = "LaunchTemplateName";
        /// Its number.
        version_number: i64 = "VersionNumber";
        /// Why.
        response_error: ResponseError = "ResponseError";
    }
    /// What became of the versions.
    pub struct DeleteLaunchTemplateVersionsResponse {
        /// Those that were forgotten.
        forgotten: Vec<DeletedVersion> = "SuccessfullyDeletedLaunchTemplateVersions".wire("successfullyDeletedLaunchTemplateVersionSet");
        /// Those that were not.
        kept: Vec<KeptVersion> = "UnsuccessfullyDeletedLaunchTemplateVersions".wire("unsuccessfullyDeletedLaunchTemplateVersionSet");
    }
}

/// Forgets versions, each by itself; the default version stays until another is the default.
///
/// # Errors
/// As [`named`] for the template.
pub fn delete_launch_template_versions(
    cx: &mut Cx<'_>,
    request: DeleteLaunchTemplateVersionsRequest,
) -> Result<DeleteLaunchTemplateVersionsResponse, ApiError> {
    let (id, name) = (request.launch_template_id.as_deref(), request.launch_template_name.as_deref());
    let id = named(cx.state, id, name)?.id.clone();
    let mut answer = DeleteLaunchTemplateVersionsResponse::default();
    let Some(template) = cx.state.launch_templates.get_mut(&id) else { return Ok(answer) };
    for word in &request.versions {
        let number = word.parse::<u64>().unwrap_or(0);
        let (launch_template_id, launch_template_name) = (id.to_string(), template.name.clone());
        let version_number = i64::try_from(number).unwrap_or(i64::MAX);
        let wrong = match template.versions.contains_key(&number) {
            true if number == template.default_version => Some((
                "unexpectedError",
                "Cannot delete the default version of a launch template.".to_string(),
            )),
            true => None,
            false => Some((
                "launchTemplateVersionDoesNotExist",
                format!("Could not find the specified version {word} for the launch template with ID {id}."),
            )),
        };
        match wrong {
            Some((code, message)) => answer.kept.push(KeptVersion {
                launch_template_id,
                launch_template_name,
                version_number,
                response_error: ResponseError { code: code.to_string(), message },
            }),
            None => {
                template.versions.remove(&number);
                answer.forgotten.push(DeletedVersion {
                    launch_template_id,
                    launch_template_name,
                    version_number,
                });
            }
        }
    }
    Ok(answer)
}
