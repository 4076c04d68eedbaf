//! How ECS scales the group of a capacity provider, and how it looks after tasks while that shrinks.

const GUIDE: &str = "Amazon ECS developer guide, cluster auto scaling";
const BLOG: &str = "AWS containers blog, deep dive on ECS cluster auto scaling";
const OURS: &str = "AWS documents the idea and not the arithmetic";

rules! {
    RESERVATION: "CAP-17", Documented, true,
        "Each minute and for each provider, CapacityProviderReservation is 100 x M / N: M instances are needed, N are in service and registered.",
        GUIDE;
    IN_USE: "CAP-18", Documented, true,
        "While no task waits, the needed instances are those with a task that is not a daemon's.",
        BLOG;
    ESTIMATE: "CAP-19", Documented, true,
        "For tasks that wait, new instances are estimated by group of like tasks and resource; the largest group counts, within the step sizes, and a group that no instance could take does not.",
        BLOG;
    CORNERS: "CAP-20", Documented, true,
        "Without instances the metric is 100 when nothing waits, and 200 when something does.",
        BLOG;
    POLICY: "CAP-22", Observed, true,
        "Managed scaling is a target tracking policy on the group: one minute above the target scales out, fifteen below it scale in.",
        BLOG;
    SCALE_OUT: "CAP-23", Modelled, true,
        "A scale-out goes to M x 100 / target, rounded up, from none to two, and waits while an instance warms up.",
        OURS;
    SCALE_IN: "CAP-24", Modelled, true,
        "A scale-in goes there too, by one instance at least and by half of them at most each minute.",
        OURS;
    LIMITS: "CAP-26", Documented, true,
        "Managed scaling never changes the group's minimum and maximum, and marks the group with the tag AmazonECSManaged.",
        GUIDE;
    PROTECTED: "CAS-06", Documented, true,
        "With managed termination protection an instance with tasks, daemons' aside, is protected from scale-in, and an empty one is not.",
        GUIDE;
    UNPROTECTED: "CAP-31", Documented, true,
        "Without termination protection the group ends instances by its own policy, whatever runs on them.",
        GUIDE;
    DRAINING: "CINST-19", Documented, false,
        "With managed draining a lifecycle hook holds an instance that is to end; ECS drains it and lets it go when its tasks are gone.",
        GUIDE;
}
