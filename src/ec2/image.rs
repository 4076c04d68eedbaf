//! Machine images: what an instance has on it when it boots.

use crate::ecs::registration::AGENT_VERSION;

/// A machine image.
#[derive(Debug, PartialEq, Eq)]
pub struct Image {
    /// Its id. Real ones have 17 hex digits; ours are readable, says the fidelity ledger.
    pub id: &'static str,
    /// Whether it has the ECS agent beside Docker.
    pub has_agent: bool,
    /// The version of that agent.
    pub agent_version: &'static str,
    /// Whether it has drivers for graphics processors, which the agent then registers (TASKDEF-59).
    pub has_gpu_drivers: bool,
    /// What it is, in one sentence.
    pub says: &'static str,
}

/// Every machine image.
pub static IMAGES: &[Image] = &[
    image("ami-ecs", true, false, "Amazon Linux with Docker and the ECS agent."),
    image("ami-ecs-optimized", true, false, "The same under its longer name."),
    image("ami-ecs-2", true, false, "The next release of the first, with a patched kernel."),
    Image {
        agent_version: "1.98.0",
        ..image("ami-ecs-old", true, false, "An earlier release of the first, with an agent of its time.")
    },
    image("ami-ecs-gpu", true, true, "The first with drivers for graphics processors."),
    image("ami-docker", false, false, "Amazon Linux with Docker, without the ECS agent."),
];

/// The image of this id.
pub fn find(id: &str) -> Option<&'static Image> {
    IMAGES.iter().find(|image| image.id == id)
}

const fn image(id: &'static str, has_agent: bool, has_gpu_drivers: bool, says: &'static str) -> Image {
    Image { id, has_agent, agent_version: AGENT_VERSION, has_gpu_drivers, says }
}
