//! `DescribeLaunchTemplateVersions`: what the versions of a launch template say.

use crate::ec2::api::launch_template_answer::{LaunchTemplateVersion, describe_version};
use crate::ec2::launch_template::named;
use crate::error::ApiError;
use crate::operation::Look;
use crate::timeline::Kind;

shape! {
    /// Which versions to describe.
    pub struct DescribeLaunchTemplateVersionsRequest {
        /// The template's id.
        launch_template_id: Option<String> = "LaunchTemplateId";
        /// The template's name.
        launch_template_name: Option<String> = "LaunchTemplateName".names(Kind::LaunchTemplate);
        /// Only these; numbers, `$Latest` and `$Default`.
        versions: Vec<String> = "Versions".wire("LaunchTemplateVersion").such_as(&["$Default", "$Latest", "1"]);
    }
    /// Versions.
    pub struct DescribeLaunchTemplateVersionsResponse {
        /// They, the newest first.
        launch_template_versions: Vec<LaunchTemplateVersion> = "LaunchTemplateVersions".wire("launchTemplateVersionSet");
    }
}

/// Describes versions of a launch template, the newest first.
///
/// # Errors
/// As [`named`] for the template; `InvalidLaunchTemplateId.VersionNotFound` for a version.
pub fn describe_launch_template_versions(
    cx: &Look<'_>,
    request: DescribeLaunchTemplateVersionsRequest,
) -> Result<DescribeLaunchTemplateVersionsResponse, ApiError> {
    let (id, name) = (request.launch_template_id.as_deref(), request.launch_template_name.as_deref());
    let template = named(cx.state, id, name)?;
    let mut asked = Vec::new();
    for word in &request.versions {
        asked.push(template.version(word)?.number);
    }
    let versions = template.versions.values().rev();
    let launch_template_versions = versions
        .filter(|version| asked.is_empty() || asked.contains(&version.number))
        .map(|version| describe_version(template, version))
        .collect();
    Ok(DescribeLaunchTemplateVersionsResponse { launch_template_versions })
}
