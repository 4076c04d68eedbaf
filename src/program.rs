//! The image catalogue: small programs that declare how they behave.

/// A program that an image holds. Everything it does follows from this declaration.
#[derive(Debug, PartialEq)]
pub struct Program {
    /// The repository, such as `shop/web`.
    pub repository: &'static str,
    /// The tags under which it can be pulled.
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
}

/// How a program takes SIGTERM.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub enum OnSigterm {
    /// It ends with this exit code after so many milliseconds.
    Ends(u64, i64),
    /// It goes on until SIGKILL.
    Ignores,
}
