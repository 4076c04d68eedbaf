//! Launch templates: what to launch, written down once, in versions that never change.

use crate::arn::LaunchTemplateId;
use crate::ec2::api::instance_answer::Tag;
use crate::ec2::launch::Wishes;
use crate::ec2::market::InstanceMarketOptionsRequest;
use crate::ec2::{rules, user_data};
use crate::ecs::tag;
use crate::error::ApiError;
use crate::state::State;
use crate::time::SimTime;
use crate::timeline::Kind;
use std::collections::BTreeMap;

shape! {
    /// An instance profile, by name or ARN.
    pub struct IamInstanceProfileSpecification {
        /// Its ARN.
        arn: Option<String> = "Arn";
        /// Its name.
        name: Option<String> = "Name";
    }
    /// Tags for what is launched.
    pub struct TagSpecification {
        /// `instance` or `volume`.
        resource_type: Option<String> = "ResourceType".such_as(&["instance", "volume", "network-interface"]);
        /// The tags.
        tags: Vec<Tag> = "Tags";
    }
    /// A launch template, by name or id, and one of its versions.
    pub struct LaunchTemplateSpecification {
        /// Its id.
        launch_template_id: Option<String> = "LaunchTemplateId";
        /// Its name.
        launch_template_name: Option<String> = "LaunchTemplateName".names(Kind::LaunchTemplate);
        /// The version: a number, `$Latest` or `$Default`.
        version: Option<String> = "Version".such_as(&["$Default", "$Latest", "1"]);
    }
    /// What a launch template says.
    pub struct LaunchTemplateData {
        /// The instance profile.
        iam_instance_profile: Option<IamInstanceProfileSpecification> = "IamInstanceProfile";
        /// The machine image.
        image_id: Option<String> = "ImageId".such_as(&["ami-ecs", "ami-ecs-2", "ami-ecs-old", "ami-ecs-gpu", "ami-docker"]);
        /// The instance type.
        instance_type: Option<String> = "InstanceType";
        /// The key for logging in; kept.
        key_name: Option<String> = "KeyName";
        /// The script that runs at the first boot, in base64.
        user_data: Option<String> = "UserData";
        /// Tags.
        tag_specifications: Vec<TagSpecification> = "TagSpecifications";
        /// The security groups.
        security_group_ids: Vec<String> = "SecurityGroupIds".names(Kind::SecurityGroup);
        /// How the instances are bought: on demand, or as Spot instances.
        instance_market_options: Option<InstanceMarketOptionsRequest> = "InstanceMarketOptions";
    }
}

/// A version of a launch template; it never changes (EC2-02).
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number, from 1.
    pub number: u64,
    /// When it was made.
    pub created_at: SimTime,
    /// Who made it.
    pub created_by: String,
    /// What its maker says of it.
    pub description: Option<String>,
    /// What it says.
    pub data: LaunchTemplateData,
}

/// A launch template.
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchTemplate {
    /// Its id.
    pub id: LaunchTemplateId,
    /// Its name; no other template of the account has it.
    pub name: String,
    /// When it was made.
    pub created_at: SimTime,
    /// Who made it.
    pub created_by: String,
    /// The version that is used where none is named.
    pub default_version: u64,
    /// The last number that was given out.
    pub latest_version: u64,
    /// Its versions, by number.
    pub versions: BTreeMap<u64, Version>,
    /// Its tags.
    pub tags: Vec<tag::Tag>,
}

/// The template of this id or name.
///
/// # Errors
/// `MissingParameter` without either, `InvalidParameterCombination` with both;
/// `InvalidLaunchTemplateId.Malformed`, `InvalidLaunchTemplateId.NotFound` and
/// `InvalidLaunchTemplateName.NotFoundException` for what there is not ([`rules::LAUNCH_TEMPLATE`]).
pub fn named<'a>(
    state: &'a State,
    id: Option<&str>,
    name: Option<&str>,
) -> Result<&'a LaunchTemplate, ApiError> {
    let refuse = |code, message: String| Err(ApiError::new(code, message, rules::LAUNCH_TEMPLATE));
    match (id, name) {
        (None, None) => refuse(
            "MissingParameter",
            "Either a launch template ID or a launch template name must be specified in the request."
                .to_string(),
        ),
        (Some(_), Some(_)) => refuse(
            "InvalidParameterCombination",
            "A launch template ID and a launch template name must not be specified together in the request."
                .to_string(),
        ),
        (Some(id), None) if !id.starts_with("lt-") => refuse(
            "InvalidLaunchTemplateId.Malformed",
            format!("Invalid id: \"{id}\" (expecting \"lt-...\")"),
        ),
        (Some(id), None) => match state.launch_templates.get(&LaunchTemplateId::from(id)) {
            Some(found) => Ok(found),
            None => refuse(
                "InvalidLaunchTemplateId.NotFound",
                format!("The specified launch template, with template ID {id}, does not exist."),
            ),
        },
        (None, Some(name)) => match state.launch_templates.values().find(|each| each.name == name) {
            Some(found) => Ok(found),
            None => refuse(
                "InvalidLaunchTemplateName.NotFoundException",
                format!("The specified launch template, with template name {name}, does not exist."),
            ),
        },
    }
}

impl LaunchTemplate {
    /// The version that a word means: a number, `$Latest` or `$Default`.
    ///
    /// # Errors
    /// `InvalidLaunchTemplateId.VersionNotFound` ([`rules::LAUNCH_TEMPLATE`]).
    pub fn version(&self, word: &str) -> Result<&Version, ApiError> {
        let number = match word {
            "$Latest" => Some(self.latest_version),
            "$Default" => Some(self.default_version),
            digits => digits.parse().ok(),
        };
        number.and_then(|number| self.versions.get(&number)).ok_or_else(|| {
            let id = &self.id;
            let message =
                format!("Could not find the specified version {word} for the launch template with ID {id}.");
            ApiError::new("InvalidLaunchTemplateId.VersionNotFound", message, rules::LAUNCH_TEMPLATE)
        })
    }
}

/// The template and the version that a specification means, and what that wishes for.
///
/// # Errors
/// As in [`named`] and [`LaunchTemplate::version`].
pub fn version<'a>(
    state: &'a State,
    chosen: &LaunchTemplateSpecification,
) -> Result<(&'a LaunchTemplate, &'a Version, Wishes), ApiError> {
    let (id, name) = (chosen.launch_template_id.as_deref(), chosen.launch_template_name.as_deref());
    let template = named(state, id, name)?;
    let version = template.version(chosen.version.as_deref().unwrap_or("$Default"))?;
    let mut wishes = wishes(&version.data);
    for (key, value) in [
        ("aws:ec2launchtemplate:id", template.id.to_string()),
        ("aws:ec2launchtemplate:version", version.number.to_string()),
    ] {
        wishes.tags.push(tag::Tag { key: key.to_string(), value });
    }
    Ok((template, version, wishes))
}

/// Checks what a template is to say.
///
/// # Errors
/// `InvalidUserData.Malformed` for user data that is not base64 ([`rules::LAUNCH_TEMPLATE_DATA`]).
pub fn check(data: &LaunchTemplateData) -> Result<(), ApiError> {
    match &data.user_data {
        Some(text) if user_data::decode(text).is_none() => Err(ApiError::new(
            "InvalidUserData.Malformed",
            "Invalid BASE64 encoding of user data.",
            rules::LAUNCH_TEMPLATE_DATA,
        )
        .hint(format!("In base64 it is {}", user_data::encode(text)))),
        _ => tag::check(&instance_tags(&data.tag_specifications)),
    }
}

/// The tags that specifications give to instances.
pub fn instance_tags(specifications: &[TagSpecification]) -> Vec<tag::Tag> {
    specifications
        .iter()
        .filter(|each| each.resource_type.as_deref() == Some("instance"))
        .flat_map(|each| &each.tags)
        .map(|tag| tag::Tag { key: tag.key.clone(), value: tag.value.clone() })
        .collect()
}

fn wishes(data: &LaunchTemplateData) -> Wishes {
    let profile = data.iam_instance_profile.as_ref();
    Wishes {
        image_id: data.image_id.clone(),
        instance_type: data.instance_type.clone(),
        subnet: None,
        security_groups: data.security_group_ids.clone(),
        user_data: data.user_data.as_deref().and_then(user_data::decode),
        instance_profile: profile.and_then(|profile| profile.arn.clone().or_else(|| profile.name.clone())),
        tags: instance_tags(&data.tag_specifications),
        market: data.instance_market_options.clone(),
    }
}
