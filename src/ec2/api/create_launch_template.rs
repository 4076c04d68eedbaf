//! `CreateLaunchTemplate`: write down what to launch.

use crate::arn::LaunchTemplateId;
use crate::ec2::api::launch_template_answer::{LaunchTemplate, describe};
use crate::ec2::launch_template::{self, LaunchTemplateData, TagSpecification, Version};
use crate::ec2::once::once;
use crate::ec2::rules;
use crate::ecs::tag;
use crate::error::ApiError;
use crate::operation::Cx;
use std::collections::BTreeMap;

shape! {
    /// What to write down.
    pub struct CreateLaunchTemplateRequest {
        /// A word that makes a repeated request do nothing new.
        client_token: Option<String> = "ClientToken";
        /// The template's name.
        launch_template_name: String = "LaunchTemplateName".required();
        /// What to say of its first version.
        version_description: Option<String> = "VersionDescription";
        /// What it says.
        launch_template_data: LaunchTemplateData = "LaunchTemplateData".required();
        /// Tags for the template itself, as resource type `launch-template`.
        tag_specifications: Vec<TagSpecification> = "TagSpecifications";
    }
    /// The template.
    pub struct CreateLaunchTemplateResponse {
        /// It.
        launch_template: Option<LaunchTemplate> = "LaunchTemplate";
    }
}

/// Makes a launch template with its first version, which is its default.
///
/// # Errors
/// `IdempotentParameterMismatch` for a token that was used for another request;
/// in this order `InvalidLaunchTemplateName.MalformedException` for a name of other letters or length,
/// `InvalidLaunchTemplateName.AlreadyExistsException` ([`rules::LAUNCH_TEMPLATE`]);
/// `InvalidUserData.Malformed` for user data that is not base64 ([`rules::LAUNCH_TEMPLATE_DATA`]).
pub fn create_launch_template(
    cx: &mut Cx<'_>,
    request: CreateLaunchTemplateRequest,
) -> Result<CreateLaunchTemplateResponse, ApiError> {
    let token = request.client_token.clone();
    once(cx, "create_launch_template", token.as_deref(), request, act)
}

fn act(
    cx: &mut Cx<'_>,
    request: CreateLaunchTemplateRequest,
) -> Result<CreateLaunchTemplateResponse, ApiError> {
    let name = request.launch_template_name;
    let fits = (3..=128).contains(&name.chars().count())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-().[]/_".contains(letter));
    if !fits {
        let message = "A launch template name must be between 3 and 128 characters, and may contain letters, numbers, and the following characters: - ( ) . / _.";
        return Err(ApiError::new(
            "InvalidLaunchTemplateName.MalformedException",
            message,
            rules::LAUNCH_TEMPLATE,
        ));
    }
    if cx.state.launch_templates.values().any(|each| each.name == name) {
        let message = "Launch template name already in use.";
        return Err(ApiError::new(
            "InvalidLaunchTemplateName.AlreadyExistsException",
            message,
            rules::LAUNCH_TEMPLATE,
        ));
    }
    launch_template::check(&request.launch_template_data)?;
    let tags: Vec<tag::Tag> = request
        .tag_specifications
        .iter()
        .filter(|each| each.resource_type.as_deref() == Some("launch-template"))
        .flat_map(|each| &each.tags)
        .map(|tag| tag::Tag { key: tag.key.clone(), value: tag.value.clone() })
        .collect();
    tag::check(&tags)?;
    let id = LaunchTemplateId::from(format!("lt-{}", &cx.dice.hex("launch-template")[..17]));
    let created_by = cx.principal.arn.clone();
    let first = Version {
        number: 1,
        created_at: cx.clock,
        created_by: created_by.clone(),
        description: request.version_description,
        data: request.launch_template_data,
    };
    let made = launch_template::LaunchTemplate {
        id: id.clone(),
        name,
        created_at: cx.clock,
        created_by,
        default_version: 1,
        latest_version: 1,
        versions: BTreeMap::from([(1, first)]),
        tags,
    };
    let launch_template = Some(describe(&made));
    cx.state.launch_templates.insert(id, made);
    Ok(CreateLaunchTemplateResponse { launch_template })
}
