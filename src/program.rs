//! The image catalogue: small programs that declare how they behave.

mod catalogue;
mod command;

pub use catalogue::CATALOGUE;
pub use command::{Script, script};

use crate::arn::{ACCOUNT, REGION};

/// A program that an image holds. Everything it does follows from this declaration.
#[derive(Debug, PartialEq)]
pub struct Program {
    /// The repository, such as `shop/web`.
    pub repository: &'static str,
    /// The tags under which it can be pulled; empty where any tag will do.
    pub tags: &'static [&'static str],
    /// What it does, in one sentence for learners.
    pub says: &'static str,
    /// The compressed size, in MB.
    pub compressed_mb: u64,
    /// From the start of the process until it serves, in milliseconds.
    pub start_millis: u64,
    /// How it takes SIGTERM.
    pub on_sigterm: OnSigterm,
    /// What its health check answers once it serves.
    pub healthy: bool,
    /// The end that it comes to by itself: milliseconds after its start, and the exit code.
    pub ends: Option<(u64, i64)>,
    /// Memory in use once it serves, in MiB.
    pub memory_mib: u64,
    /// Memory that it takes more each minute, in MiB.
    pub leak_mib_per_minute: u64,
    /// CPU units in use when idle.
    pub idle_cpu: u64,
    /// Ports it listens on.
    pub ports: &'static [u64],
    /// Whether it is a bare system whose container runs the command that it is given.
    pub shell: bool,
}

/// How a program takes SIGTERM.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum OnSigterm {
    /// It ends with this exit code after so many milliseconds.
    Ends(u64, i64),
    /// It goes on until SIGKILL.
    Ignores,
}

/// Why an image cannot be had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotFound {
    /// The whole reference that the registry was asked for.
    pub reference: String,
    /// Whether the repository exists and only the tag does not.
    pub repository_exists: bool,
    /// Whether it is the sandbox's own registry that was asked, and not a public one.
    pub private: bool,
    /// The tags that do exist.
    pub tags: Vec<&'static str>,
}

/// The host of the sandbox's own registry.
pub fn registry() -> String {
    format!("{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com")
}

/// The hosts, and the paths on them, under which public images go by their bare name.
const PUBLIC_HOSTS: &[&str] = &[
    "public.ecr.aws/docker/library/",
    "public.ecr.aws/nginx/",
    "public.ecr.aws/ecs-sample-image/",
    "docker.io/library/",
    "docker.io/",
    "public.ecr.aws/",
];

/// What an image reference means: its registry's whole name for it, its repository and its tag.
struct Reference {
    whole: String,
    repository: String,
    tag: String,
    private: bool,
}

fn parse(image: &str) -> Reference {
    let image = image.split('@').next().unwrap_or(image);
    let (path, tag) = match image.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, tag),
        _ => (image, "latest"),
    };
    let host = registry();
    if let Some(repository) = path.strip_prefix(&host).and_then(|rest| rest.strip_prefix('/')) {
        return Reference {
            whole: format!("{path}:{tag}"),
            repository: repository.to_string(),
            tag: tag.to_string(),
            private: true,
        };
    }
    // `shop/web` is short for the repository in the sandbox's own registry.
    if path.starts_with("shop/") {
        return Reference {
            whole: format!("{host}/{path}:{tag}"),
            repository: path.to_string(),
            tag: tag.to_string(),
            private: true,
        };
    }
    let bare = PUBLIC_HOSTS.iter().find_map(|host| path.strip_prefix(host));
    let whole = match (bare, path.split_once('/')) {
        (Some(_), _) => format!("{path}:{tag}"),
        (None, Some((host, _))) if host.contains('.') => format!("{path}:{tag}"),
        (None, Some(_)) => format!("docker.io/{path}:{tag}"),
        (None, None) => format!("docker.io/library/{path}:{tag}"),
    };
    Reference { whole, repository: bare.unwrap_or(path).to_string(), tag: tag.to_string(), private: false }
}

/// The program behind an image reference.
///
/// # Errors
/// The registry has no such image.
pub fn find(image: &str) -> Result<&'static Program, NotFound> {
    let reference = parse(image);
    let of_repository = || {
        CATALOGUE.iter().filter(|program| {
            program.repository == reference.repository
                && program.repository.starts_with("shop/") == reference.private
        })
    };
    of_repository()
        .find(|program| program.tags.is_empty() || program.tags.contains(&reference.tag.as_str()))
        .ok_or_else(|| NotFound {
            repository_exists: of_repository().next().is_some(),
            tags: of_repository().flat_map(|program| program.tags).copied().collect(),
            private: reference.private,
            reference: reference.whole.clone(),
        })
}

/// The name under which an instance's cache keeps an image.
pub fn whole_name(image: &str) -> String {
    parse(image).whole
}

impl NotFound {
    /// What a Fargate task says about it (LIFE-21).
    pub fn on_fargate(&self) -> String {
        let NotFound { reference, .. } = self;
        let detail = if self.private || self.repository_exists {
            format!("{reference}: not found")
        } else {
            let path = reference.rsplit_once(':').map_or(reference.as_str(), |(path, _)| path);
            return format!(
                "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {path}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
            );
        };
        format!(
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {reference}: {detail}"
        )
    }

    /// What the agent of an instance says about it (LIFE-21).
    pub fn on_ec2(&self) -> String {
        let NotFound { reference, .. } = self;
        let detail = if self.private || self.repository_exists {
            format!(
                "Error response from daemon: manifest for {reference} not found: manifest unknown: Requested image not found"
            )
        } else {
            let path = reference.rsplit_once(':').map_or(reference.as_str(), |(path, _)| path);
            let path = path.trim_start_matches("docker.io/library/").trim_start_matches("docker.io/");
            format!(
                "Error response from daemon: pull access denied for {path}, repository does not exist or may require 'docker login'"
            )
        };
        format!(
            "CannotPullContainerError: The task can\u{2019}t pull the image. Check whether the image exists. {detail}"
        )
    }

    /// What exists instead, for the learner.
    pub fn hint(&self) -> String {
        if self.repository_exists {
            format!("this repository has the tags {}", self.tags.join(", "))
        } else {
            let repositories = crate::order::set(CATALOGUE.iter().map(|program| program.repository));
            let repositories: Vec<_> = repositories.into_iter().collect();
            format!("the registries hold {}", repositories.join(", "))
        }
    }
}

impl Program {
    /// When its memory use goes beyond this limit, from this use on: milliseconds after its start.
    ///
    /// It has that memory once it serves and grows evenly from then on, so the moment can be
    /// computed and nothing has to tick.
    pub fn outgrows(&self, from_mib: u64, limit_mib: u64) -> Option<u64> {
        if from_mib > limit_mib {
            return Some(self.start_millis);
        }
        let room = (limit_mib - from_mib).checked_mul(60_000)?;
        let millis = room.checked_div(self.leak_mib_per_minute)? + 1;
        Some(self.start_millis + millis)
    }
}
