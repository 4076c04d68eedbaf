//! What a task definition may say.

const API_REFERENCE: &str = "Amazon ECS API reference, RegisterTaskDefinition and ContainerDefinition";
const GUIDE: &str = "Amazon ECS developer guide, task definition parameters";
const AGENT: &str = "ECS container agent 1.105.1";
const SEEN: &str = "refusals published by users";

rules! {
    REQUIRED: "TASKDEF-01", Documented, true,
        "RegisterTaskDefinition needs a family and containers; each container needs a name and an image.",
        API_REFERENCE;
    NAMES: "TASKDEF-02", Documented, true,
        "Families and container names have 1 to 255 letters, digits, hyphens and underscores; images also dots, slashes, colons, hashes and a digest.",
        API_REFERENCE;
    REVISIONS: "TASKDEF-03", Documented, true,
        "The first registration in a family is revision 1, each later one the highest ever plus 1; no number is used twice.",
        GUIDE;
    IMMUTABLE: "TASKDEF-04", Documented, true,
        "A task definition never changes; editing it means registering a new revision, even with the same content.",
        GUIDE;
    REFERENCES: "TASKDEF-05", Documented, true,
        "A reference is a family (its newest ACTIVE revision at that moment), family:revision, or an ARN.",
        API_REFERENCE;
    STATES: "TASKDEF-06", Documented, true,
        "ACTIVE becomes INACTIVE by deregistering, DELETE_IN_PROGRESS by deleting, then gone; there is no way back.",
        GUIDE;
    INACTIVE: "TASKDEF-07", Documented, true,
        "An INACTIVE revision starts no new tasks or services; what exists goes on with it.",
        GUIDE;
    DELETION: "TASKDEF-08", Documented, true,
        "Only INACTIVE revisions can be deleted, up to 10 in a call, each named with its revision; DELETE_IN_PROGRESS lasts until nothing refers to it.",
        GUIDE;
    LISTS: "TASKDEF-09", Documented, true,
        "ListTaskDefinitions shows ACTIVE revisions unless asked otherwise, by family then revision; familyPrefix there is the whole family name.",
        API_REFERENCE;
    ANSWER: "TASKDEF-10", Documented, true,
        "The answer adds ARN, revision, status, required attributes, compatibilities, when and by whom it was registered.",
        API_REFERENCE;
    MEMBER_OF_ONLY: "TASKDEF-56", Documented, true,
        "A task definition's placement constraints are memberOf only, and none on Fargate.",
        API_REFERENCE;
    COMPATIBILITY: "TASKDEF-11", Documented, true,
        "requiresCompatibilities switches on the checks of a launch type; compatibilities reports every launch type that would do.",
        API_REFERENCE;
    LIMITS: "TASKDEF-12", Documented, false,
        "A definition has at most 10 containers and 64 KiB.",
        GUIDE;
    NETWORK_MODE: "TASKDEF-13", Documented, true,
        "Without networkMode a definition uses bridge on EC2; Fargate needs awsvpc.",
        GUIDE;
    ALIASES: "TASKDEF-17", Documented, true,
        "links work in bridge mode only; containers of an awsvpc or host task share localhost and its ports.",
        GUIDE;
    TASK_SIZE: "TASKDEF-18", Documented, true,
        "Task cpu and memory are texts such as 1024, 1 vCPU, 2048 or 2GB, kept as whole units and MiB.",
        GUIDE;
    EC2_SIZE: "TASKDEF-19", Documented, true,
        "On EC2 task cpu lies between 128 and 196608 units and may be left out; without task memory every container needs memory or memoryReservation.",
        GUIDE;
    FARGATE_SIZE: "TASKDEF-20", Documented, true,
        "Fargate needs task cpu and memory, both of one row of its table.",
        GUIDE;
    CONTAINER_MEMORY: "TASKDEF-21", Documented, true,
        "memory is a hard limit and not below memoryReservation, the soft one; the least is 6 MiB.",
        API_REFERENCE;
    SUMS: "TASKDEF-23", Documented, true,
        "The containers' cpu adds up to no more than the task's, and no container has more memory than the task.",
        GUIDE;
    TAKES: "TASKDEF-24", AgentSource, true,
        "A task takes its own cpu and memory, or else the sum of its containers' cpu and of their memoryReservation or memory, its static host ports, and one network card in awsvpc mode.",
        AGENT;
    FARGATE_TABLE: "TASKDEF-25", Documented, true,
        "Fargate sells 0.25 to 32 vCPU, each with its own range of memory.",
        GUIDE;
    ESSENTIAL: "TASKDEF-27", Documented, true,
        "A container is essential unless it says otherwise, and at least one is; when an essential one ends, for whatever reason, its task stops.",
        API_REFERENCE;
    DEPENDS_ON: "TASKDEF-28", Documented, true,
        "dependsOn waits for START, COMPLETE, SUCCESS or HEALTHY of another container; COMPLETE and SUCCESS not of an essential one, HEALTHY only of one with a health check.",
        API_REFERENCE;
    DEPENDS_ON_KNOWN: "TASKDEF-32", Documented, true,
        "Circles and unknown names in dependsOn are refused at registration.",
        API_REFERENCE;
    HEALTH_CHECK: "TASKDEF-33", Documented, true,
        "A health check has a command, and interval 5-300 (30), timeout 2-60 (5), retries 1-10 (3) and startPeriod 0-300 (0) in seconds.",
        API_REFERENCE;
    HOST_PORTS: "TASKDEF-39", Documented, true,
        "In awsvpc and host mode a host port is left out or equals the container port.",
        GUIDE;
    LOGS_REGION: "TASKDEF-48", Documented, true,
        "Fargate needs an execution role for ECR images, for awslogs and for secrets.",
        GUIDE;
    VOLUMES: "TASKDEF-52", Documented, true,
        "A mount point names a volume that the definition declares.",
        API_REFERENCE;
    EPHEMERAL_STORAGE: "TASKDEF-58", Documented, true,
        "Ephemeral storage on Fargate is 21 to 200 GiB; 20 when left out.",
        API_REFERENCE;
    RUNTIME_PLATFORM: "TASKDEF-57", Modelled, true,
        "On EC2 the processor and system of a runtimePlatform are matched with the instance's ecs.cpu-architecture and ecs.os-type; on Fargate they are X86_64 and LINUX unless it says otherwise.",
        "so that a task for one processor is not placed on another";
    PLATFORM_VERSIONS: "TASKDEF-25", Documented, true,
        "More than 4 vCPU, larger ephemeral storage, environment files, EFS and ARM64 need Fargate platform version 1.4.0.",
        GUIDE;
    NO_GPU_ON_FARGATE: "TASKDEF-59", Documented, true,
        "GPUs are had on EC2 only.",
        GUIDE;
    NOT_ON_FARGATE: "TASKDEF-60", Documented, false,
        "Fargate takes no links, privileged containers, DNS settings, extra hosts, placement constraints and the like.",
        GUIDE;
    REQUIRED_ATTRIBUTES: "TASKDEF-61", AgentSource, true,
        "What a definition uses becomes an attribute that an instance must have.",
        AGENT;
    REFUSALS: "TASKDEF-63", Observed, true,
        "A definition that makes no sense is refused with ClientException.",
        SEEN;
}
