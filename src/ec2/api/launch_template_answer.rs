//! A launch template as EC2 shows it.

use crate::ec2::api::instance_answer::{self, Tag};
use crate::ec2::launch_template::{self, LaunchTemplateData};
use crate::time::SimTime;

shape! {
    /// A launch template.
    pub struct LaunchTemplate {
        /// Its id.
        launch_template_id: String = "LaunchTemplateId";
        /// Its name.
        launch_template_name: String = "LaunchTemplateName";
        /// When it was made.
        create_time: SimTime = "CreateTime";
        /// Who made it.
        created_by: String = "CreatedBy";
        /// The version that is used where none is named.
        default_version_number: i64 = "DefaultVersionNumber";
        /// The newest version.
        latest_version_number: i64 = "LatestVersionNumber";
        /// Its tags.
        tags: Option<Vec<Tag>> = "Tags";
    }
    /// A version of a launch template.
    pub struct LaunchTemplateVersion {
        /// The template's id.
        launch_template_id: String = "LaunchTemplateId";
        /// The template's name.
        launch_template_name: String = "LaunchTemplateName";
        /// Its number.
        version_number: i64 = "VersionNumber";
        /// What its maker says of it.
        version_description: Option<String> = "VersionDescription";
        /// When it was made.
        create_time: SimTime = "CreateTime";
        /// Who made it.
        created_by: String = "CreatedBy";
        /// Whether it is used where none is named.
        default_version: bool = "DefaultVersion";
        /// What it says.
        launch_template_data: LaunchTemplateData = "LaunchTemplateData";
    }
}

/// A template as EC2 shows it.
pub fn describe(found: &launch_template::LaunchTemplate) -> LaunchTemplate {
    LaunchTemplate {
        launch_template_id: found.id.to_string(),
        launch_template_name: found.name.clone(),
        create_time: found.created_at,
        created_by: found.created_by.clone(),
        default_version_number: i64::try_from(found.default_version).unwrap_or(i64::MAX),
        latest_version_number: i64::try_from(found.latest_version).unwrap_or(i64::MAX),
        tags: instance_answer::tags(&found.tags),
    }
}

/// A version as EC2 shows it.
pub fn describe_version(
    of: &launch_template::LaunchTemplate,
    found: &launch_template::Version,
) -> LaunchTemplateVersion {
    LaunchTemplateVersion {
        launch_template_id: of.id.to_string(),
        launch_template_name: of.name.clone(),
        version_number: i64::try_from(found.number).unwrap_or(i64::MAX),
        version_description: found.description.clone(),
        create_time: found.created_at,
        created_by: found.created_by.clone(),
        default_version: of.default_version == found.number,
        launch_template_data: found.data.clone(),
    }
}
