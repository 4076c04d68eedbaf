//! Sizes of tasks: how CPU and memory are written, and which pairs Fargate has.

use crate::units::{CpuUnits, Mib};

/// Reads task CPU: `1024`, `1 vCPU`, `.5 vcpu` (TASKDEF-18).
pub fn cpu(text: &str) -> Option<CpuUnits> {
    let lower = text.trim().to_ascii_lowercase();
    match lower.strip_suffix("vcpu") {
        Some(count) => thousandths(count.trim()).map(|count| CpuUnits(count.saturating_mul(1024) / 1000)),
        None => lower.parse().ok().map(CpuUnits),
    }
}

/// Reads task memory: `2048`, `2GB`, `0.5 GB` (TASKDEF-18).
pub fn memory(text: &str) -> Option<Mib> {
    let lower = text.trim().to_ascii_lowercase();
    match lower.strip_suffix("gb") {
        Some(count) => thousandths(count.trim()).map(|count| Mib(count.saturating_mul(1024) / 1000)),
        None => lower.parse().ok().map(Mib),
    }
}

/// `1.5` as 1500, without floats.
fn thousandths(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || fraction.len() > 3 || !digits(whole) || !digits(fraction)
    {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction: u64 = format!("{fraction:0<3}").parse().ok()?;
    whole.checked_mul(1000)?.checked_add(fraction)
}

/// A row of the Fargate table: CPU units, and the memory that goes with them (TASKDEF-25).
pub struct FargateSize {
    /// CPU units.
    pub cpu: u64,
    /// Every memory in MiB that AWS sells with it.
    pub memory: Memories,
}

/// The memories of a row.
pub enum Memories {
    /// Just these.
    These(&'static [u64]),
    /// From the first to the second in steps of the third.
    Steps(u64, u64, u64),
}

/// Every Fargate size for Linux (TASKDEF-25).
pub static FARGATE: &[FargateSize] = &[
    FargateSize { cpu: 256, memory: Memories::These(&[512, 1024, 2048]) },
    FargateSize { cpu: 512, memory: Memories::Steps(1024, 4096, 1024) },
    FargateSize { cpu: 1024, memory: Memories::Steps(2048, 8192, 1024) },
    FargateSize { cpu: 2048, memory: Memories::Steps(4096, 16384, 1024) },
    FargateSize { cpu: 4096, memory: Memories::Steps(8192, 30720, 1024) },
    FargateSize { cpu: 8192, memory: Memories::Steps(16384, 61440, 4096) },
    FargateSize { cpu: 16384, memory: Memories::Steps(32768, 122_880, 8192) },
    FargateSize { cpu: 32768, memory: Memories::These(&[61440, 122_880, 249_856]) },
];

/// Whether Fargate has this pair (TASKDEF-25).
pub fn fits_fargate(cpu: CpuUnits, memory: Mib) -> bool {
    FARGATE.iter().any(|size| {
        size.cpu == cpu.0
            && match size.memory {
                Memories::These(memories) => memories.contains(&memory.0),
                Memories::Steps(least, most, step) => {
                    (least..=most).contains(&memory.0) && (memory.0 - least).is_multiple_of(step)
                }
            }
    })
}
