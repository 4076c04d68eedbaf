//! How tasks live and die, and where they are placed.

const GUIDE: &str = "Amazon ECS developer guide";
const API_REFERENCE: &str = "Amazon ECS API reference, 2014-11-13";
const AGENT: &str = "ECS container agent 1.105.1";
const SEEN: &str = "output of real clusters published by users";
const OURS: &str = "undocumented; our own choice";

rules! {
    TASK_STATES: "LIFE-01", Documented, true,
        "A task passes PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED in this order; states without work are skipped.",
        GUIDE;
    DESIRED_STATUS: "LIFE-02", Documented, true,
        "A task's desired status is RUNNING or STOPPED and nothing else.",
        GUIDE;
    CONTAINER_STATES: "LIFE-06", AgentSource, true,
        "A container is PENDING, RUNNING or STOPPED; what the agent does in between is not reported.",
        AGENT;
    TASK_RUNNING: "LIFE-07", AgentSource, true,
        "A task is RUNNING once each of its containers is RUNNING or has already STOPPED.",
        AGENT;
    TIMESTAMPS: "LIFE-10", Documented, true,
        "A task tells when it was created, connected, pulled, started, told to stop and stopped; what never happened is absent.",
        API_REFERENCE;
    GROUP: "LIFE-13", Documented, true,
        "A service's tasks have the group service:<name>; a standalone task has family:<family> unless the request says otherwise.",
        API_REFERENCE;
    AGENT_QUEUE: "LIFE-14", AgentSource, true,
        "Placement gives a stopping task's resources away at once; the agent holds the newcomer in PENDING until they are really free.",
        AGENT;
    STOP_TIMEOUT: "LIFE-15", Documented, true,
        "Stopping sends SIGTERM, waits for stopTimeout, 30 seconds unless the definition says otherwise, and sends SIGKILL.",
        GUIDE;
    STOP_ORDER: "LIFE-16", AgentSource, true,
        "A container is stopped once every container that depends on it has stopped; independent ones stop side by side.",
        AGENT;
    STOP_REASON: "LIFE-17", Documented, true,
        "The reason of StopTask is shown as stoppedReason; without one it is `Task stopped by user`.",
        API_REFERENCE;
    STOP_CODES: "LIFE-20", Documented, true,
        "A stopped task says why as a code: TaskFailedToStart, EssentialContainerExited, UserInitiated, ServiceSchedulerInitiated, SpotInterruption, TerminationNotice or InfrastructureHealth.",
        API_REFERENCE;
    STOPPED_REASONS: "LIFE-21", Observed, true,
        "A task that cannot pull its image stops with CannotPullContainerError and the registry's own words.",
        SEEN;
    OUT_OF_MEMORY: "LIFE-23", AgentSource, true,
        "A container that uses more memory than it may is killed: exit code 137 and OutOfMemoryError as its reason.",
        AGENT;
    IMAGE_CACHE: "LIFE-25", AgentSource, true,
        "An instance keeps the images that it has pulled; Fargate pulls for every task.",
        AGENT;
    STOPPED_KEPT: "LIFE-26", Modelled, true,
        "A STOPPED task can be described for an hour; then it is MISSING.",
        GUIDE;
    IMAGE_CATALOGUE: "SIM-01", Modelled, true,
        "The registries hold a catalogue of small programs that declare how they behave.",
        OURS;
    DEPENDS_ON: "TASKDEF-29", AgentSource, true,
        "A container begins when what it depends on is true: START, COMPLETE, SUCCESS or HEALTHY; if that cannot come true any more, the task fails.",
        AGENT;
    START_TIMEOUT: "TASKDEF-31", AgentSource, true,
        "startTimeout counts from the start of the container that others wait for; then they give up and the task stops.",
        AGENT;
    RESTART_POLICY: "TASKDEF-38", Documented, true,
        "With a restart policy a container that ran for its period is started again in place, whatever its exit code unless that is ignored; its task hears nothing of it. An earlier end is final.",
        "Amazon ECS developer guide, container restart policies";
    HEALTH_STATUS: "TASKDEF-35", Documented, true,
        "A task is UNHEALTHY when one of its essential containers is, HEALTHY when all are, else UNKNOWN.",
        API_REFERENCE;
    HEALTH_TIMING: "TASKDEF-37", Modelled, true,
        "The first check ends one interval after the container's start, each later one an interval after the one before.",
        OURS;
    DYNAMIC_PORTS: "TASKDEF-41", Modelled, true,
        "Dynamic host ports are given out from 32768 upwards, skipping those in use.",
        OURS;
    FILTERS: "PLACE-02", Modelled, true,
        "An instance is tested for status, agent, attributes, zone, CPU, memory, ports and network cards, in this order, up to the first test that it fails.",
        OURS;
    CLOSEST: "PLACE-03", Modelled, true,
        "The closest matching instance is the one that passed the most tests, then the one that lacks the least.",
        OURS;
    FARGATE_SPREAD: "PLACE-04", Documented, true,
        "Fargate spreads a group's tasks over the zones of the given subnets.",
        GUIDE;
    START_TASK: "PLACE-06", Documented, true,
        "StartTask names its instances and skips the choice; an unsuitable one comes back as a failure.",
        API_REFERENCE;
    SERVICE_SPREAD: "PLACE-13", Documented, true,
        "Without a strategy a service's tasks are spread over zones, then go to the instance with the fewest of them.",
        GUIDE;
    TASK_SPREAD: "PLACE-14", Modelled, true,
        "Without a strategy standalone tasks are spread over zones by their group, then placed by chance.",
        OURS;
    FAILURES: "PLACE-31", Documented, true,
        "A task that finds no place is a failure in the answer, with the closest instance and the test that it failed.",
        GUIDE;
    NO_INSTANCES: "PLACE-32", Observed, false,
        "Where a cluster has no instances at all, RunTask on EC2 is refused.",
        SEEN;
    MISSING: "PLACE-33", Documented, true,
        "Describing what does not exist is no error: it comes back as a failure with the reason MISSING.",
        GUIDE;
    CARD_SLOTS: "CINST-20", Documented, true,
        "An instance has one network card less for awsvpc tasks than its type allows.",
        GUIDE;
    RUN_TASK_COUNT: "PLACE-05", Documented, true,
        "RunTask starts 1 to 10 tasks.",
        API_REFERENCE;
    CLIENT_TOKEN: "API-06", Documented, true,
        "The same client token with the same request gives the same tasks again; with another request it is a conflict.",
        API_REFERENCE;
    PROTECTION: "PLACE-30", Documented, true,
        "A service's task can be protected for 1 to 2880 minutes, 120 unless told otherwise: neither scale-in nor a deployment stops it, while StopTask, failing checks and the loss of its machine do.",
        API_REFERENCE;
    OVERRIDES: "API-10", Documented, true,
        "A request may change commands, environment, sizes and roles for its own tasks, in at most 8192 characters.",
        API_REFERENCE;
    LIST_TASKS: "API-08", Documented, true,
        "ListTasks shows tasks whose desired status is RUNNING unless asked otherwise; startedBy must be the only filter.",
        API_REFERENCE;
    STOP_TASK: "API-13", Observed, true,
        "StopTask on a stopped task changes nothing; an unknown task is refused.",
        SEEN;
}
