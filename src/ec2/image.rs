//! Machine images: what an instance has on it when it boots.

/// A machine image.
#[derive(Debug, PartialEq, Eq)]
pub struct Image {
    /// Its id. Real ones have 17 hex digits; ours are readable, says the fidelity ledger.
    pub id: &'static str,
    /// Whether it has the ECS agent beside Docker.
    pub has_agent: bool,
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
    image("ami-ecs-gpu", true, true, "The first with drivers for graphics processors."),
    image("ami-docker", false, false, "Amazon Linux with Docker, without the ECS agent."),
];

/// The image of this id.
pub fn find(id: &str) -> Option<&'static Image> {
    IMAGES.iter().find(|image| image.id == id)
}

const fn image(id: &'static str, has_agent: bool, has_gpu_drivers: bool, says: &'static str) -> Image {
    Image { id, has_agent, has_gpu_drivers, says }
}
