//! How many instances a provider's tasks need: the arithmetic of managed scaling, pure.

use crate::cloudwatch::metric::Level;
use crate::ecs::capacity_provider::ManagedScaling;

/// What one instance offers to tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// CPU units.
    pub cpu: u64,
    /// MiB.
    pub memory: u64,
    /// Network cards for tasks.
    pub enis: u64,
    /// Graphics processors.
    pub gpus: u64,
}

/// Tasks alike that wait for an instance, and what each takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many.
    pub count: u64,
    /// CPU units of each.
    pub cpu: u64,
    /// MiB of each.
    pub memory: u64,
    /// Whether each takes a network card.
    pub eni: bool,
    /// Graphics processors of each.
    pub gpus: u64,
    /// Whether each takes a host port that only one task of an instance can have.
    pub port: bool,
}

/// How many new instances a group of waiting tasks needs, and by which resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need {
    /// New instances.
    pub instances: u64,
    /// The resource that needs most of them.
    pub by: &'static str,
    /// What all tasks of the group take of it together.
    pub demand: u64,
    /// What one instance has of it.
    pub each: u64,
}

/// How many new instances a group of waiting tasks needs: of its resources, the one that needs most (CAP-19).
///
/// # Errors
/// The resource of which a task needs more than an instance has, what it needs and what there is: such a
/// group stays PROVISIONING and counts nothing.
pub fn need(waiting: &Waiting, size: &Size) -> Result<Need, (&'static str, u64, u64)> {
    let resources = [
        ("CPU", waiting.cpu, size.cpu),
        ("memory", waiting.memory, size.memory),
        ("network cards", u64::from(waiting.eni), size.enis),
        ("GPUs", waiting.gpus, size.gpus),
        ("host ports", u64::from(waiting.port), 1),
    ];
    if let Some((by, one, each)) = resources.iter().copied().find(|(_, one, each)| one > each) {
        return Err((by, one, each));
    }
    let needs = resources.iter().filter(|(_, one, _)| *one > 0).map(|(by, one, each)| {
        let demand = one.saturating_mul(waiting.count);
        Need { instances: demand.div_ceil(*each), by, demand, each: *each }
    });
    // Of resources that need as many, the first is told; a task that takes nothing still needs an instance.
    let most = needs.reduce(|best, next| if next.instances > best.instances { next } else { best });
    Ok(most.unwrap_or(Need { instances: 1, by: "CPU", demand: 0, each: size.cpu }))
}

/// The steps that a scale-out may take: at least the one, at most the other (CAP-19).
pub fn step(needed: u64, minimum: u64, maximum: u64) -> u64 {
    needed.min(maximum).max(minimum)
}

/// `CapacityProviderReservation`: needed instances in percent of those that there are (CAP-17, CAP-20).
pub fn reservation(needed: u64, there: u64) -> Level {
    match (needed, there) {
        (0, 0) => Level::percent(100),
        (_, 0) => Level::percent(200),
        _ => Level::part(needed, there).unwrap_or_default(),
    }
}

/// The desired capacity after a scale-out (CAP-23): from none at all, always two.
pub fn scale_out_to(needed: u64, there: u64, scaling: &ManagedScaling) -> u64 {
    if there == 0 && needed > 0 {
        return 2;
    }
    at_target(needed, scaling)
}

/// The desired capacity after a minute of scale-in (CAP-24): one instance at least, at most half of them.
pub fn scale_in_to(needed: u64, there: u64, scaling: &ManagedScaling) -> u64 {
    at_target(needed, scaling).max(there.saturating_sub((there / 2).max(1)))
}

/// So many instances that those that are needed are the target's share of them.
fn at_target(needed: u64, scaling: &ManagedScaling) -> u64 {
    needed.saturating_mul(100).div_ceil(scaling.target_capacity.0.max(1))
}
