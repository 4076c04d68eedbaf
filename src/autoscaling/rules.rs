//! The behaviours of Auto Scaling groups that the engine follows, each with its source.

const GUIDE: &str = "Amazon EC2 Auto Scaling user guide";
const API_REFERENCE: &str = "Amazon EC2 Auto Scaling API reference, 2011-01-01";

rules! {
    GROUP: "ASG-01", Documented, true,
        "A group has a name, a launch template, a minimum and a maximum; its desired capacity, the minimum where none is given, lies between them.",
        API_REFERENCE;
    LIFECYCLE: "ASG-02", Documented, true,
        "An instance of a group is Pending, InService, Terminating and Terminated, with a Wait and a Proceed where a lifecycle hook holds it.",
        GUIDE;
    HEALTH: "ASG-03", Documented, true,
        "An instance that is not running any more is unhealthy at once, and the group replaces it.",
        GUIDE;
    REPLACEMENT: "ASG-05", Documented, true,
        "The group takes an unhealthy instance out first and launches another then.",
        GUIDE;
    COOLDOWN: "ASG-06", Documented, true,
        "A change of the desired capacity by hand waits for the cooldown only where it asks to.",
        API_REFERENCE;
    SCALE_IN: "ASG-13", Documented, true,
        "An instance to end is sought in the zone with most instances; of the unprotected ones there, the termination policies choose, and chance between equals.",
        GUIDE;
    TERMINATION_POLICIES: "ASG-14", Documented, true,
        "Default takes the oldest version of the launch template, then the instance closest to its next hour; OldestInstance, NewestInstance, OldestLaunchTemplate and ClosestToNextInstanceHour do what they are called.",
        GUIDE;
    PROTECTION: "ASG-15", Documented, true,
        "A protected instance is never chosen when the group grows smaller; where all are protected nothing ends, and the activity says so.",
        GUIDE;
    ZONES: "ASG-16", Documented, true,
        "A group launches where it has fewest instances.",
        GUIDE;
    BALANCE: "ASG-16b", Documented, true,
        "Where zones differ by two or more, the group launches in the poorer zone before it ends an instance in the richer one; for that time it may have one tenth, or one, above its maximum.",
        GUIDE;
    HOOKS: "ASG-12", Documented, true,
        "A lifecycle hook holds an instance for 30 to 7200 seconds, 3600 where nothing is said; heartbeats extend that to 48 hours or a hundred timeouts. ABANDON ends an instance that is launched and skips the other hooks of one that ends.",
        GUIDE;
    HOOK_OF_RUNNING: "ASG-M4", Modelled, true,
        "A launching hook holds an instance as soon as it runs; a terminating hook holds no machine that runs no more.",
        "AWS does not say when exactly";
    SUSPENDED: "ASG-17", Documented, true,
        "Launch, Terminate, HealthCheck, ReplaceUnhealthy, AZRebalance and other processes can be suspended, each by itself, and resumed.",
        GUIDE;
    STANDBY: "ASG-02b", Documented, true,
        "An instance in Standby runs on outside of the desired capacity, which falls by one where that is asked for, and rises by one when the instance comes back; a detached one leaves the group and runs on.",
        GUIDE;
    USER_HEALTH: "ASG-04", Documented, true,
        "Somebody may call an instance unhealthy; within the grace period of the group that does not count, unless it shall.",
        API_REFERENCE;
    BY_HAND: "ASG-15b", Documented, true,
        "An instance can be ended through its group by hand, with the desired capacity or to be replaced; protection does not hold it, the minimum size does.",
        API_REFERENCE;
    REFRESH: "ASG-18", Documented, true,
        "An instance refresh replaces the instances of a group while at least the minimum healthy percentage of its desired capacity, 90 where nothing is said, is in service and warmed up; beyond a maximum healthy percentage of 100 it launches first. A group too small for that replaces one at a time; protected instances and those in Standby are waited for up to an hour, ignored or replaced.",
        GUIDE;
    SCHEDULE: "ASG-19", Documented, true,
        "A scheduled action sets minimum, maximum or desired capacity at its start time, once, and is gone then; while ScheduledActions is suspended it is passed over.",
        GUIDE;
    REFRESH_ORDER: "ASG-M5", Modelled, true,
        "An instance refresh replaces in the zone with most instances first, the oldest there.",
        "AWS does not say; chosen so that runs can be read";
    ZONE_ORDER: "ASG-M1", Modelled, true,
        "Of zones with equally few instances the first of the group's list is taken, and of subnets in a zone the one with fewest instances of the group.",
        "AWS does not say; chosen so that runs can be read";
    REACTION: "LAT-10", Modelled, true,
        "A group acts three seconds after what it reacts to.",
        "order of magnitude of activity histories";
    ACTIVITIES: "AAPI-11", Documented, true,
        "What a group does is told by scaling activities, with description and cause; a group with instances can be deleted by force only.",
        API_REFERENCE;
    ACTIVITY_WORDS: "ASG-M2", Observed, false,
        "Descriptions and causes are worded as activity histories show them.",
        "activity histories in AWS's documentation and re:Post";
    LAUNCH_FAILS: "ASG-M3", Modelled, true,
        "A group whose launch fails tries again after a minute, and after twice as long each time, up to an hour.",
        "AWS documents that it tries again, not when";
}
