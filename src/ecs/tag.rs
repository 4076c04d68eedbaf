//! Tags: names and values on a resource (API-11).

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
