//! `DescribeLaunchTemplates`: what launch templates there are.

use crate::ec2::api::launch_template_answer::{LaunchTemplate, describe};
use crate::ec2::filter::{self, Filter};
use crate::ec2::launch_template::named;
use crate::error::ApiError;
use crate::operation::Look;
use crate::order;
use crate::timeline::Kind;

shape! {
    /// Which launch templates to describe.
    pub struct DescribeLaunchTemplatesRequest {
        /// Only those of these ids.
        launch_template_ids: Vec<String> = "LaunchTemplateIds";
        /// Only those of these names.
        launch_template_names: Vec<String> = "LaunchTemplateNames".names(Kind::LaunchTemplate);
        /// Only those that fit.
        filters: Vec<Filter> = "Filters";
    }
    /// Launch templates.
    pub struct DescribeLaunchTemplatesResponse {
        /// They.
        launch_templates: Vec<LaunchTemplate> = "LaunchTemplates".wire("launchTemplates");
    }
}

/// Describes launch templates, by name.
///
/// # Errors
/// `InvalidLaunchTemplateId.NotFound` and `InvalidLaunchTemplateName.NotFoundException` for what there is not;
/// `InvalidParameterValue` for a filter that there is not.
pub fn describe_launch_templates(
    cx: &Look<'_>,
    request: DescribeLaunchTemplatesRequest,
) -> Result<DescribeLaunchTemplatesResponse, ApiError> {
    for id in &request.launch_template_ids {
        named(cx.state, Some(id), None)?;
    }
    for name in &request.launch_template_names {
        named(cx.state, None, Some(name))?;
    }
    let (ids, names) = (&request.launch_template_ids, &request.launch_template_names);
    let mut found = Vec::new();
    for template in cx.state.launch_templates.values() {
        let asked = (ids.is_empty() || ids.iter().any(|id| id == template.id.as_str()))
            && (names.is_empty() || names.contains(&template.name));
        let value = |name: &str| match name {
            "launch-template-name" => Some(vec![template.name.clone()]),
            _ => filter::tag(name, &template.tags),
        };
        if filter::fits(&request.filters, value)? && asked {
            found.push(template);
        }
    }
    order::sort_by_key(&mut found, |template| &template.name);
    Ok(DescribeLaunchTemplatesResponse { launch_templates: found.into_iter().map(describe).collect() })
}
