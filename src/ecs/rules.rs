//! The behaviours of ECS that the engine follows, each with its source.

pub mod capacity;
pub mod instances;
pub mod managed;
pub mod placement;
pub mod services;
pub mod task_definitions;
pub mod tasks;
pub mod usage;

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
    ARNS: "API-17", Documented, true,
        "An ARN names partition, service, Region, account, kind and name; resources of a cluster carry the cluster's name.",
        API_REFERENCE;
    INCLUDE: "API-09", Documented, true,
        "Tags are shown only when include asks for TAGS; DescribeClusters has more such words.",
        API_REFERENCE;
    ENUMS: "API-03", Documented, true,
        "The service refuses a value that is not one of those that a field may have with InvalidParameterException.",
        API_REFERENCE;
    DELETE_CLUSTER: "API-14", Documented, true,
        "A cluster can be deleted when it holds no container instances, services or tasks; its name is free again at once.",
        API_REFERENCE;
    CREATE_CLUSTER: "API-15", Documented, true,
        "CreateCluster without a name makes `default`; a name that is ACTIVE gives back the cluster it has.",
        API_REFERENCE;
    NETWORK_CONFIGURATION: "TASKDEF-14", Documented, true,
        "awsvpc tasks need a network configuration with 1 to 16 subnets and up to 5 security groups; other modes must not have one.",
        API_REFERENCE;
    PUBLIC_ADDRESS: "TASKDEF-15", Documented, true,
        "On EC2 a task's network card never gets a public address; assignPublicIp works on Fargate only.",
        API_REFERENCE;
}
