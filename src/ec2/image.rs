//! Machine images: what an instance has on it when it boots.

/// A machine image.
#[derive(Debug, PartialEq, Eq)]
pub struct Image {
    /// Its id. Real ones have 17 hex digits; ours are readable, says the fidelity ledger.
    pub id: &'static str,
    /// Whether it has the ECS agent beside Docker.
    pub has_agent: bool,
    /// What it is, in one sentence.
    pub says: &'static str,
}

/// Every machine image.
pub static IMAGES: &[Image] = &[
    Image { id: "ami-ecs", has_agent: true, says: "Amazon Linux with Docker and the ECS agent." },
    Image { id: "ami-ecs-optimized", has_agent: true, says: "The same under its longer name." },
    Image { id: "ami-ecs-2", has_agent: true, says: "The next release of the first, with a patched kernel." },
    Image { id: "ami-docker", has_agent: false, says: "Amazon Linux with Docker, without the ECS agent." },
];

/// The image of this id.
pub fn find(id: &str) -> Option<&'static Image> {
    IMAGES.iter().find(|image| image.id == id)
}
