//! How long things take: the model's one table of durations (LIFE-27).
//!
//! AWS documents none of them. They were chosen to agree with published logs: a Fargate task is
//! RUNNING after 40 to 65 seconds, a task on a warm host after half a minute.

use crate::time::SimDuration;

/// Fargate finds capacity and attaches the network card.
pub const FARGATE_PROVISIONING: SimDuration = SimDuration::secs(15);
/// EC2 attaches a network card to the instance for an awsvpc task.
pub const CARD_ATTACH_EC2: SimDuration = SimDuration::secs(8);
/// Fargate fetches credentials and logs in to the registry.
pub const FARGATE_LOGIN: SimDuration = SimDuration::secs(3);
/// The part of a pull that does not depend on the image's size.
pub const PULL_BASE: SimDuration = SimDuration::secs(2);
/// Compressed MB per second on Fargate.
pub const FARGATE_MB_PER_SECOND: u64 = 30;
/// Compressed MB per second on an instance.
pub const EC2_MB_PER_SECOND: u64 = 50;
/// Unpacked MB that are written per second.
pub const UNPACK_MB_PER_SECOND: u64 = 100;
/// An unpacked image is so many tenths of its compressed size.
pub const UNPACKED_TENTHS: u64 = 25;
/// An instance that has the image still asks the registry.
pub const PULL_CACHED: SimDuration = SimDuration::secs(1);
/// The registry says at once that there is no such image; the agent gives up after this.
pub const IMAGE_NOT_FOUND: SimDuration = SimDuration::secs(5);
/// Creating and starting a container.
pub const CONTAINER_START: SimDuration = SimDuration::secs(1);
/// The hidden container that owns an awsvpc task's network comes first (TASKDEF-16).
pub const PAUSE_CONTAINER: SimDuration = SimDuration::secs(1);
/// Deleting the network card of a Fargate task.
pub const CARD_DELETE_FARGATE: SimDuration = SimDuration::secs(10);
/// Detaching and deleting the network card of a task on an instance.
pub const CARD_DELETE_EC2: SimDuration = SimDuration::secs(5);
/// Between SIGTERM and SIGKILL where the definition does not say (LIFE-15).
pub const STOP_TIMEOUT: SimDuration = SimDuration::secs(30);
/// How long a process must have run to be restarted in place where the policy does not say (TASKDEF-38).
pub const RESTART_PERIOD: SimDuration = SimDuration::secs(300);
/// A STOPPED task is forgotten after this (LIFE-26).
pub const STOPPED_KEPT: SimDuration = SimDuration::secs(3600);
/// An EC2 instance boots.
pub const INSTANCE_BOOT: SimDuration = SimDuration::secs(45);
/// The longest that a boot may take beyond the usual, in milliseconds.
pub const INSTANCE_BOOT_JITTER_MILLIS: u64 = 15_000;
/// From the end of the boot until the agent registers.
pub const AGENT_START: SimDuration = SimDuration::secs(30);
/// The agent's first wait after a refused registration; it doubles up to the next (CINST-01).
pub const REGISTER_RETRY: SimDuration = SimDuration::secs(3);
/// The longest wait between two attempts to register.
pub const REGISTER_RETRY_MAX: SimDuration = SimDuration::secs(192);
/// The agent stops trying to register after this.
pub const REGISTER_GIVE_UP: SimDuration = SimDuration::secs(3600);
/// From `terminate-instances` until the instance is gone.
pub const INSTANCE_TERMINATION: SimDuration = SimDuration::secs(30);
/// A group acts this long after what it reacts to (LAT-10).
pub const GROUP_REACTION: SimDuration = SimDuration::secs(3);
/// A group's first wait after a launch that failed; it doubles up to the next (ASG-M3).
pub const GROUP_RETRY: SimDuration = SimDuration::secs(60);
/// The longest wait between two attempts to launch.
pub const GROUP_RETRY_MAX: SimDuration = SimDuration::secs(3600);
/// A lost agent connection shows at the control plane after this (CINST-12).
pub const AGENT_SILENCE: SimDuration = SimDuration::secs(60);
/// An agent hears that it shall update itself, or has checked what it fetched for that (CINST-25).
pub const AGENT_UPDATE_HEARD: SimDuration = SimDuration::secs(3);
/// An agent fetches its update.
pub const AGENT_UPDATE_FETCH: SimDuration = SimDuration::secs(20);
/// The new agent is started in place of the old one and is connected.
pub const AGENT_UPDATE_RESTART: SimDuration = SimDuration::secs(10);
/// From the notice of a Spot interruption until EC2 takes the instance (CINST-18).
pub const SPOT_NOTICE: SimDuration = SimDuration::secs(120);
/// A deregistered container instance is described as INACTIVE for so long.
pub const INACTIVE_KEPT: SimDuration = SimDuration::secs(3600);
/// What a capacity provider needs in a cluster is made.
pub const ATTACHMENTS: SimDuration = SimDuration::secs(20);
/// A task of a capacity provider waits for an instance for so long (PLACE-34).
pub const WAITING: SimDuration = SimDuration::secs(900);
/// Tasks that wait are looked at so often.
pub const WAITING_LOOK: SimDuration = SimDuration::secs(10);
/// A capacity provider is changed or deleted.
pub const PROVIDER_CHANGE: SimDuration = SimDuration::secs(10);

/// How long a pull takes at this speed.
pub fn pull(compressed_mb: u64, mb_per_second: u64) -> SimDuration {
    let download = compressed_mb * 1000 / mb_per_second;
    let unpack = compressed_mb * UNPACKED_TENTHS * 100 / UNPACK_MB_PER_SECOND;
    PULL_BASE + SimDuration::millis(download + unpack)
}
