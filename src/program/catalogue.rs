//! What the registries hold.

use super::{OnSigterm, Program};

/// What most programs here have in common; each entry says how it differs.
const WEB: Program = Program {
    repository: "shop/web",
    tags: &["1"],
    says: "The shop's web app, version 1: serves on port 80 and is healthy.",
    compressed_mb: 100,
    start_millis: 2000,
    on_sigterm: OnSigterm::Ends(1000, 0),
    healthy: true,
    ends: None,
    memory_mib: 96,
    leak_mib_per_minute: 0,
    idle_cpu: 8,
    ports: &[80],
    shell: false,
};

const PUBLIC_SERVER: Program = Program {
    repository: "nginx",
    tags: &[],
    says: "A web server.",
    compressed_mb: 70,
    start_millis: 1000,
    on_sigterm: OnSigterm::Ends(100, 0),
    memory_mib: 12,
    idle_cpu: 2,
    ..WEB
};

const SYSTEM: Program = Program {
    repository: "busybox",
    says: "A bare system: runs the command that it is given, and ends when that ends.",
    compressed_mb: 2,
    start_millis: 0,
    on_sigterm: OnSigterm::Ignores,
    memory_mib: 2,
    idle_cpu: 0,
    ports: &[],
    shell: true,
    ..PUBLIC_SERVER
};

/// Every image that can be pulled.
pub static CATALOGUE: &[Program] = &[
    WEB,
    Program {
        tags: &["2", "latest"],
        says: "The shop's web app, version 2: like version 1, with a new front page.",
        ..WEB
    },
    Program {
        tags: &["3-broken"],
        says: "The shop's web app, version 3: it starts, but its health check fails.",
        healthy: false,
        ..WEB
    },
    Program {
        tags: &["3-crash"],
        says: "The shop's web app, version 3: it crashes 5 seconds after its start with exit code 1.",
        healthy: false,
        ends: Some((5000, 1)),
        ..WEB
    },
    Program {
        tags: &["slow"],
        says: "The shop's web app with a long start: it serves after 90 seconds.",
        start_millis: 90_000,
        ..WEB
    },
    Program {
        tags: &["leak"],
        says: "The shop's web app with a leak: it takes 64 MiB more each minute until it is killed.",
        leak_mib_per_minute: 64,
        ..WEB
    },
    Program {
        tags: &["stubborn"],
        says: "The shop's web app without a handler for SIGTERM: only SIGKILL ends it.",
        on_sigterm: OnSigterm::Ignores,
        ..WEB
    },
    Program {
        repository: "shop/worker",
        tags: &["1", "latest"],
        says: "Takes orders from a queue, one after the other; finishes the one in hand on SIGTERM.",
        compressed_mb: 80,
        start_millis: 1000,
        on_sigterm: OnSigterm::Ends(5000, 0),
        memory_mib: 64,
        ports: &[],
        ..WEB
    },
    Program {
        repository: "shop/batch",
        tags: &["1", "latest"],
        says: "Works for 60 seconds and ends with exit code 0.",
        compressed_mb: 60,
        start_millis: 500,
        on_sigterm: OnSigterm::Ends(0, 143),
        ends: Some((60_000, 0)),
        memory_mib: 128,
        idle_cpu: 256,
        ports: &[],
        ..WEB
    },
    Program {
        repository: "shop/s3-uploader",
        tags: &["1", "latest"],
        says: "Writes a file to S3 with its task role's credentials every minute.",
        compressed_mb: 60,
        start_millis: 1000,
        memory_mib: 48,
        ports: &[],
        ..WEB
    },
    Program {
        repository: "shop/logger",
        tags: &["1", "latest"],
        says: "Collects the log lines of the container beside it.",
        compressed_mb: 20,
        start_millis: 500,
        on_sigterm: OnSigterm::Ends(500, 0),
        memory_mib: 24,
        idle_cpu: 2,
        ports: &[],
        ..WEB
    },
    Program {
        repository: "shop/init",
        tags: &["1", "latest"],
        says: "Prepares the database and ends with exit code 0 after 5 seconds.",
        compressed_mb: 20,
        start_millis: 0,
        on_sigterm: OnSigterm::Ends(0, 143),
        ends: Some((5000, 0)),
        memory_mib: 32,
        ports: &[],
        ..WEB
    },
    PUBLIC_SERVER,
    Program { repository: "httpd", compressed_mb: 60, memory_mib: 16, ..PUBLIC_SERVER },
    Program {
        repository: "redis",
        says: "A key-value store.",
        compressed_mb: 45,
        memory_mib: 8,
        ports: &[6379],
        ..PUBLIC_SERVER
    },
    Program {
        repository: "postgres",
        says: "A database.",
        compressed_mb: 150,
        start_millis: 4000,
        memory_mib: 48,
        ports: &[5432],
        ..PUBLIC_SERVER
    },
    Program {
        repository: "amazon/amazon-ecs-sample",
        says: "The sample web page of Amazon ECS.",
        compressed_mb: 60,
        ..PUBLIC_SERVER
    },
    Program {
        repository: "amazon-ecs-sample",
        says: "The sample web page of Amazon ECS.",
        compressed_mb: 60,
        ..PUBLIC_SERVER
    },
    SYSTEM,
    Program { repository: "alpine", compressed_mb: 4, ..SYSTEM },
    Program { repository: "amazonlinux", compressed_mb: 53, ..SYSTEM },
    Program { repository: "ubuntu", compressed_mb: 30, ..SYSTEM },
    Program { repository: "debian", compressed_mb: 49, ..SYSTEM },
    Program { repository: "python", compressed_mb: 370, memory_mib: 10, ..SYSTEM },
    Program { repository: "node", compressed_mb: 380, memory_mib: 30, ..SYSTEM },
];
