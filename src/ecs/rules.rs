//! The behaviours of ECS that the engine follows, each with its source.

pub mod instances;
pub mod services;
pub mod task_definitions;
pub mod tasks;

const API_REFERENCE: &str = "Amazon ECS API reference, 2014-11-13";

rules! {
    API_FIELDS: "API-02", Documented, true,
        "Member names are lowerCamelCase; absent values are omitted; clients check names, types and required members before they send.",
        API_REFERENCE;
    CLUSTER_NAMED: "API-04", Documented, true,
        "cluster takes a short name or an ARN and is `default` when absent; a cluster that does not exist is refused.",
        API_REFERENCE;
    API_AT_ONCE: "LIFE-27", Modelled, true,
        "A request takes effect at once; everything after it takes the time that the model's table of durations says.",
        "durations chosen to agree with published logs";
    PAGES: "API-07", Documented, true,
        "List calls answer pages of at most maxResults (1 to 100); nextToken asks for the next page.",
        API_REFERENCE;
    TAGS: "API-11", Documented, true,
        "A resource has at most 50 tags; keys have up to 128 characters, values up to 256; the prefix aws: is reserved.",
        API_REFERENCE;
}
