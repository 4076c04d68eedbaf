//! Quantities that carry their unit.

use std::fmt;

/// CPU in AWS CPU units; 1024 units are one vCPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct CpuUnits(pub u64);

/// Memory in MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Mib(pub u64);

/// A share in whole percent, as minimumHealthyPercent and maximumPercent are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent(pub u64);

impl Percent {
    /// This share of `count`, rounded up.
    pub fn of_rounded_up(self, count: u64) -> u64 {
        count.saturating_mul(self.0).div_ceil(100)
    }

    /// This share of `count`, rounded down.
    pub fn of_rounded_down(self, count: u64) -> u64 {
        count.saturating_mul(self.0) / 100
    }
}

impl fmt::Display for CpuUnits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Mib {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
