//! Capacity providers: what tasks run on, in which shares, and who waits for it.

const GUIDE: &str = "Amazon ECS developer guide";
const API_REFERENCE: &str = "Amazon ECS API reference, 2014-11-13";
const SEEN: &str = "answers of the service published by users";
const OURS: &str = "undocumented; our own choice";

rules! {
    PROVIDER_NAMES: "CAP-01", Documented, true,
        "FARGATE and FARGATE_SPOT are built in; a provider of an Auto Scaling group is created first, under a name of letters, digits, hyphens and underscores that does not begin with aws, ecs or fargate. A cluster has at most 20.",
        API_REFERENCE;
    ASSOCIATION: "CAP-02", Documented, true,
        "PutClusterCapacityProviders replaces a cluster's providers and its default strategy; a provider in use stays, and while resources of a group are being made there is no second change.",
        API_REFERENCE;
    ONE_GROUP: "CAP-03", Documented, false,
        "An Auto Scaling group has one capacity provider at most, and a provider with managed scaling belongs to one cluster at most.",
        GUIDE;
    NO_MIX: "CAP-04", Documented, true,
        "A strategy names Fargate providers or providers of Auto Scaling groups, not both, and at most 20; a cluster may have both.",
        GUIDE;
    LAUNCH_TYPE_OR_STRATEGY: "CAP-05", Documented, true,
        "launchType and capacityProviderStrategy exclude each other; without both the cluster's default strategy counts, and without that EC2.",
        API_REFERENCE;
    STRATEGY_CHANGED: "CAP-07", Documented, true,
        "UpdateService changes a service's strategy for tasks that start later; an empty list returns it to its launch type.",
        API_REFERENCE;
    BASE_AND_WEIGHT: "CAP-08", Documented, true,
        "Of a strategy's items at most one has a base; weights are 0 to 1000, and of several items one has a weight.",
        API_REFERENCE;
    MANAGED_SCALING: "CAP-16", Documented, true,
        "Managed scaling has a targetCapacity of 1 to 100 (100), steps of 1 to 10000 (1 and 10000), and a warm-up of 0 to 10000 seconds (300).",
        API_REFERENCE;
    TERMINATION_PROTECTION: "CAP-30", Observed, true,
        "Managed termination protection needs managed scaling, and a group whose new instances are protected from scale-in.",
        SEEN;
    PROVIDER_TIMES: "SIM-20", Modelled, true,
        "What a group's provider needs in its cluster is made in 20 seconds; a change or deletion of a provider takes 10.",
        OURS;
}
