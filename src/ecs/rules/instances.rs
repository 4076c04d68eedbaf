//! How instances join a cluster and what their agent does.

const AGENT: &str = "ECS container agent 1.105.1";

rules! {
    REGISTERED_RESOURCES: "CINST-02", AgentSource, true,
        "The agent registers logical CPUs x 1024 and the memory that the kernel reports.",
        AGENT;
}
