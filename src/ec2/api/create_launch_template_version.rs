//! `CreateLaunchTemplateVersion`: write down a change of what to launch.

use crate::ec2::api::launch_template_answer::{LaunchTemplateVersion, describe_version};
use crate::ec2::launch_template::{self, LaunchTemplateData, Version, named};
use crate::ec2::once::once;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// What to write down.
    pub struct CreateLaunchTemplateVersionRequest {
        /// A word that makes a repeated request do nothing new.
        client_token: Option<String> = "ClientToken";
        /// The template's id.
        launch_template_id: Option<String> = "LaunchTemplateId";
        /// The template's name.
        launch_template_name: Option<String> = "LaunchTemplateName".names(Kind::LaunchTemplate);
        /// The version that says what this one leaves open.
        source_version: Option<String> = "SourceVersion".such_as(&["$Default", "$Latest", "1"]);
        /// What to say of the version.
        version_description: Option<String> = "VersionDescription";
        /// What it says.
        launch_template_data: LaunchTemplateData = "LaunchTemplateData".required();
    }
    /// The version.
    pub struct CreateLaunchTemplateVersionResponse {
        /// It.
        launch_template_version: Option<LaunchTemplateVersion> = "LaunchTemplateVersion";
    }
}

/// Makes the next version of a template; the default version stays what it is.
///
/// # Errors
/// `IdempotentParameterMismatch` for a token that was used for another request;
/// as [`named`] for the template; `InvalidLaunchTemplateId.VersionNotFound` for the source;
/// `InvalidUserData.Malformed` ([`rules::LAUNCH_TEMPLATE_DATA`](crate::ec2::rules::LAUNCH_TEMPLATE_DATA)).
pub fn create_launch_template_version(
    cx: &mut Cx<'_>,
    request: CreateLaunchTemplateVersionRequest,
) -> Result<CreateLaunchTemplateVersionResponse, ApiError> {
    let token = request.client_token.clone();
    once(cx, "create_launch_template_version", token.as_deref(), request, act)
}

fn act(
    cx: &mut Cx<'_>,
    request: CreateLaunchTemplateVersionRequest,
) -> Result<CreateLaunchTemplateVersionResponse, ApiError> {
    let (id, name) = (request.launch_template_id.as_deref(), request.launch_template_name.as_deref());
    let template = named(cx.state, id, name)?;
    let id = template.id.clone();
    let own = request.launch_template_data;
    let data = match &request.source_version {
        None => own,
        Some(word) => over(own, &template.version(word)?.data),
    };
    launch_template::check(&data)?;
    let (created_at, created_by) = (cx.clock, cx.principal.arn.clone());
    let mut answer = CreateLaunchTemplateVersionResponse::default();
    if let Some(template) = cx.state.launch_templates.get_mut(&id) {
        template.latest_version += 1;
        let number = template.latest_version;
        let made = Version { number, created_at, created_by, description: request.version_description, data };
        answer.launch_template_version = Some(describe_version(template, &made));
        template.versions.insert(number, made);
    }
    Ok(answer)
}

fn over(own: LaunchTemplateData, source: &LaunchTemplateData) -> LaunchTemplateData {
    let source = source.clone();
    LaunchTemplateData {
        iam_instance_profile: own.iam_instance_profile.or(source.iam_instance_profile),
        image_id: own.image_id.or(source.image_id),
        instance_type: own.instance_type.or(source.instance_type),
        key_name: own.key_name.or(source.key_name),
        user_data: own.user_data.or(source.user_data),
        tag_specifications: match own.tag_specifications.is_empty() {
            true => source.tag_specifications,
            false => own.tag_specifications,
        },
        instance_market_options: own.instance_market_options.or(source.instance_market_options),
        security_group_ids: match own.security_group_ids.is_empty() {
            true => source.security_group_ids,
            false => own.security_group_ids,
        },
    }
}
