//! Tags: names and values on a resource (API-11).

use crate::ecs::rules;
use crate::error::ApiError;

shape! {
    /// A tag.
    pub struct Tag {
        /// The tag's name, up to 128 characters.
        key: String = "key".required();
        /// The tag's value, up to 256 characters.
        value: String = "value";
    }
    /// A name and a value, as environment variables and attachment details have.
    pub struct KeyValuePair {
        /// The name.
        name: String = "name";
        /// The value.
        value: String = "value";
    }
    /// A resource that could not be described or started, and why (PLACE-31, PLACE-33).
    pub struct Failure {
        /// The resource.
        arn: Option<String> = "arn";
        /// The reason, such as `MISSING`.
        reason: String = "reason";
        /// More about the reason.
        detail: Option<String> = "detail";
    }
}

/// Checks the tags of a request.
///
/// # Errors
/// `InvalidParameterException` for what a tag may not be (API-11).
pub fn check(tags: &[Tag]) -> Result<(), ApiError> {
    let refuse = |message: String| Err(ApiError::invalid(message, rules::TAGS));
    if tags.len() > 50 {
        return refuse("The number of tags exceeds the limit of 50.".to_string());
    }
    for (index, tag) in tags.iter().enumerate() {
        if tag.key.is_empty() || tag.key.chars().count() > 128 {
            return refuse("Tag key must be between 1 and 128 characters.".to_string());
        }
        if tag.value.chars().count() > 256 {
            return refuse(format!("The value of tag '{}' is longer than 256 characters.", tag.key));
        }
        if tag.key.to_lowercase().starts_with("aws:") {
            return refuse(format!("Tag key '{}' is reserved for AWS use.", tag.key));
        }
        if tags[..index].iter().any(|earlier| earlier.key == tag.key) {
            return refuse(format!("Duplicate tag keys found: {}.", tag.key));
        }
    }
    Ok(())
}
