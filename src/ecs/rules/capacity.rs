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
    SHARES: "CAP-09", Documented, true,
        "A strategy's base is filled first; what is beyond goes to the items in the ratio of their weights, and an item without weight takes no more than its base.",
        API_REFERENCE;
    BASE_OF_WHOM: "CAP-10", Documented, true,
        "A base counts for each service and for each call of RunTask by itself.",
        API_REFERENCE;
    SHARES_KEPT: "CAP-11", Modelled, true,
        "The next task goes where a task more means the least for the weight, of equals to the earlier item; a task too many goes, of equally urgent ones, from where the most is beyond the base for the weight.",
        OURS;
    NO_OVERFLOW: "CAP-12", Documented, true,
        "What Fargate Spot has no capacity for is not run as FARGATE: the service keeps trying, with RESOURCE:FARGATE as the reason.",
        GUIDE;
    SPOT_WHERE: "CAP-13", Documented, true,
        "Fargate Spot runs Linux tasks from platform version 1.3.0 on, those for ARM64 from 1.4.0 on, and only through its capacity provider.",
        GUIDE;
    SPOT_INTERRUPTION: "CAP-14", Documented, true,
        "A Fargate Spot task that is interrupted gets SIGTERM with the warning, two minutes ahead, and stops with SpotInterruption; its service replaces it at the warning.",
        GUIDE;
    SPOT_BY_FAULT: "CAP-15", Modelled, true,
        "Interruptions and shortages of Fargate Spot come from faults that somebody asks for, never by themselves.",
        OURS;
    WAITING_LIMIT: "CAP-27", Documented, true,
        "A task that waits in PROVISIONING has no instance and counts as pending; 500 of a cluster may wait, then RunTask is refused and a service says so in an event.",
        GUIDE;
    ONLY_PROVIDERS_WAIT: "CAP-28", Documented, true,
        "A task waits for an instance only if it runs through a provider with managed scaling; with launch type EC2 the same shortage fails at once.",
        GUIDE;
    WAITING_PLACED: "CAP-29", Modelled, true,
        "When an instance registers, and every 10 seconds when instances have changed, waiting tasks are placed in the order of their creation.",
        OURS;
    WAITING_ENDS: "PLACE-34", Modelled, true,
        "A task that found no place in 900 seconds stops with TaskFailedToStart and the reason of the last attempt.",
        OURS;
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
