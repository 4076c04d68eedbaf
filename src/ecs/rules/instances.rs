//! How instances join a cluster and what their agent does.

const AGENT: &str = "ECS container agent 1.105.1";
const GUIDE: &str = "Amazon ECS developer guide";
const API_REFERENCE: &str = "Amazon ECS API reference, 2014-11-13";

rules! {
    REGISTRATION: "CINST-01", Documented, true,
        "An agent joins its cluster with RegisterContainerInstance and the identity document of its EC2 instance.",
        AGENT;
    REGISTERED_RESOURCES: "CINST-02", AgentSource, true,
        "The agent registers logical CPUs x 1024 and the memory that the kernel reports.",
        AGENT;
    REGISTERED_MEMORY: "CINST-03", Modelled, true,
        "The kernel reports less memory than is advertised: 984 thousandths of it, less 70 MiB.",
        "fitted to published output";
    GPU_SUPPORT: "TASKDEF-59", Documented, true,
        "An instance registers its GPUs where its machine image has drivers for them; a container gets whole ones of its own, by id.",
        GUIDE;
    ACCOUNT_SETTINGS: "CINST-24", Documented, false,
        "An account setting is chosen for a user or role, or for the account, whose choice stands for whoever has none.",
        API_REFERENCE;
    TRUNKING: "CINST-20", Documented, true,
        "With awsvpcTrunking chosen for its role or account, an instance of a type that has trunks registers one and takes more awsvpc tasks; instances that are there already stay as they are.",
        GUIDE;
    AGENT_SETTINGS: "SIM-07", Documented, true,
        "Settings in /etc/ecs/ecs.config say what an agent registers, what it can do and how it treats tasks; those that change nothing here are kept.",
        GUIDE;
    SPOT_DRAINING: "CINST-18", Documented, true,
        "On the two-minute notice of a Spot interruption the agent drains its instance, if ECS_ENABLE_SPOT_INSTANCE_DRAINING says so.",
        GUIDE;
    RESERVED_PORTS: "CINST-05", AgentSource, true,
        "The host and the agent reserve the TCP ports 22, 2375, 2376, 51678 and 51679.",
        AGENT;
    REMAINING: "CINST-06", Documented, true,
        "remainingResources says how much CPU and memory is left, and which ports are in use.",
        API_REFERENCE;
    ATTRIBUTES: "CINST-07", Documented, true,
        "An instance's attributes are its zone, type, machine image, network, system and what its agent can do.",
        GUIDE;
    CUSTOM_ATTRIBUTES: "CINST-08", Documented, true,
        "An instance has up to 10 custom attributes; their names have up to 128 letters, digits and -_/\\.; what AWS sets cannot be changed.",
        API_REFERENCE;
    STATUS: "CINST-09", Documented, true,
        "A container instance is ACTIVE or DRAINING while it belongs to its cluster, and INACTIVE for a while after it was deregistered; while its trunk is made it is REGISTERING, while that is taken away DEREGISTERING.",
        API_REFERENCE;
    UPDATE_STATE: "CINST-10", Documented, true,
        "Up to 10 instances at once become DRAINING or ACTIVE; a DRAINING one gets no new tasks.",
        API_REFERENCE;
    AGENT_LOST: "CINST-11", Documented, true,
        "An instance without agent connection gets no new tasks; what runs on it runs on, and nothing is reported until it is back.",
        GUIDE;
    AGENT_SILENCE: "CINST-12", Modelled, true,
        "A lost agent connection shows after 60 seconds.",
        AGENT;
    TERMINATION: "CINST-13", Documented, true,
        "A terminated EC2 instance with a connected agent is deregistered, and its tasks stop.",
        GUIDE;
    AGENT_UPDATE: "CINST-25", Documented, true,
        "The update of an agent is PENDING, STAGING while it is fetched, STAGED when it was checked, UPDATING while the agent is started anew, and then UPDATED, or FAILED; containers run on, and without connection it stays where it is.",
        GUIDE;
    DEREGISTER: "CINST-14", Documented, true,
        "An instance with tasks is deregistered only by force; the EC2 instance itself is left as it is.",
        API_REFERENCE;
}
