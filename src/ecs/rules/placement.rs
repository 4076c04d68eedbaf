//! Constraints, strategies and the cluster query language.

const GUIDE: &str = "Amazon ECS developer guide";
const API_REFERENCE: &str = "Amazon ECS API reference, 2014-11-13";
const SEEN: &str = "output of real clusters published by users";
const OURS: &str = "undocumented; our own choice";

rules! {
    STEPS: "PLACE-01", Documented, true,
        "First instances with room are found, then those that meet every constraint; strategies only rank what is left.",
        GUIDE;
    BINPACK: "PLACE-08", Documented, true,
        "binpack takes the instance with the least CPU or memory left that the task still fits on.",
        GUIDE;
    RANDOM: "PLACE-09", Documented, true,
        "random takes any instance that would do; it has no field.",
        GUIDE;
    CHAIN: "PLACE-10", Modelled, true,
        "Of chained strategies each breaks only the ties that the one before it left; a last tie goes to the instance with the fewest tasks of the group, then to the one that registered first.",
        "agrees with every documented example";
    NO_VALUE: "PLACE-11", Modelled, true,
        "Instances without the attribute that tasks are spread over count as one group.",
        OURS;
    COUNTED: "PLACE-12", Modelled, true,
        "Spread and distinctInstance count every task of the group that was not told to stop, whether it runs yet or not.",
        OURS;
    STRATEGY_UPDATED: "PLACE-16", Documented, true,
        "New strategies and constraints of a service need no deployment; they decide where later tasks go and which tasks stop.",
        API_REFERENCE;
    DISTINCT: "PLACE-17", Documented, true,
        "distinctInstance has no expression and lets one task of the group stand on each instance.",
        API_REFERENCE;
    MEMBER_OF: "PLACE-18", Documented, true,
        "memberOf has an expression that must be true of the instance; definitions, services and requests can have it.",
        API_REFERENCE;
    UNPLACED: "PLACE-20", Documented, true,
        "A service's task without a place is not created and is tried again; RunTask answers with a failure and creates nothing.",
        GUIDE;
    QUERY: "PLACE-21", Documented, true,
        "An expression asks about agentConnected, agentVersion, attribute:NAME, ec2InstanceId, registeredAt, runningTasksCount and task:group, and joins conditions with and, or, not and parentheses.",
        GUIDE;
    PATTERNS: "PLACE-22", Documented, true,
        "=~ takes a regular expression as in Java, which has to match the whole value.",
        GUIDE;
    ABSENT: "PLACE-24", Modelled, true,
        "Of an attribute that an instance lacks only !exists is true.",
        "a documented example reads so";
    LIST_FILTER: "PLACE-25", Documented, true,
        "ListContainerInstances takes an expression as its filter.",
        API_REFERENCE;
    SYNTAX: "PLACE-26", Modelled, true,
        "An expression that cannot be read is refused.",
        SEEN;
}
