//! How far a service may go in one pass: floor, ceiling, and what they allow (DEPLOY-06 to DEPLOY-13).

use crate::ecs::rules::services as rules;
use crate::ecs::service::Service;
use crate::rules::Rule;
use crate::units::Percent;

/// What bounds a service while its tasks are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RolloutConfig {
    /// The floor of healthy tasks, as a share of the desired count.
    pub minimum_healthy_percent: Percent,
    /// The ceiling of tasks, as a share of the desired count.
    pub maximum_percent: Percent,
    /// Whether the newest deployment may start tasks; a FAILED one may not.
    pub may_start: bool,
}

impl RolloutConfig {
    /// The bounds of a service.
    pub fn of(service: &Service) -> RolloutConfig {
        RolloutConfig {
            minimum_healthy_percent: service.minimum_healthy_percent,
            maximum_percent: service.maximum_percent,
            may_start: service
                .primary()
                .is_some_and(|primary| primary.rollout != crate::ecs::service::RolloutState::Failed),
        }
    }
}

/// The tasks of a service that were not told to stop, sorted by what a rollout asks of them.
///
/// Old ones belong to an earlier deployment or stand on a DRAINING instance (CINST-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RolloutCounts {
    /// Old ones that are RUNNING and not unhealthy.
    pub old_running: u64,
    /// Old ones that are not RUNNING yet, or unhealthy.
    pub old_other: u64,
    /// New ones that count as healthy (DEPLOY-10).
    pub new_healthy: u64,
    /// New ones that are RUNNING and neither healthy nor unhealthy yet.
    pub new_young: u64,
    /// New ones that are not RUNNING yet.
    pub new_pending: u64,
    /// New ones that fail their checks.
    pub new_unhealthy: u64,
    /// Those among them that are protected.
    pub protected: Protected,
}

/// Tasks that neither scale-in nor a deployment may stop (PLACE-30); each is counted above, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Protected {
    /// Of the old RUNNING ones.
    pub old_running: u64,
    /// Of the old ones that are not RUNNING yet.
    pub old_other: u64,
    /// Of the new healthy ones.
    pub new_healthy: u64,
    /// Of the new ones that are pending, or whose health is not known yet.
    pub new_other: u64,
}

impl RolloutCounts {
    /// All of them: what the ceiling bounds (DEPLOY-07).
    pub fn total(&self) -> u64 {
        self.old() + self.current()
    }

    /// Those that are to be replaced.
    pub fn old(&self) -> u64 {
        self.old_running + self.old_other
    }

    /// Those of the newest deployment.
    pub fn current(&self) -> u64 {
        self.new_healthy + self.new_young + self.new_pending + self.new_unhealthy
    }

    /// Those that count towards the floor (DEPLOY-07).
    pub fn healthy(&self) -> u64 {
        self.old_running + self.new_healthy
    }
}

/// What one pass may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RolloutStep {
    /// The least number of healthy tasks.
    pub floor: u64,
    /// The greatest number of tasks.
    pub ceiling: u64,
    /// New tasks to start.
    pub start: u64,
    /// Old tasks to stop that are not RUNNING yet or unhealthy: all of them, freely.
    pub stop_old_other: u64,
    /// Old RUNNING tasks to stop.
    pub stop_old_running: u64,
    /// New tasks beyond the desired count, to stop.
    pub stop_excess: u64,
    /// An unhealthy task has to go before its replacement can come (SVC-22).
    pub no_room_for_replacement: bool,
    /// Floor and ceiling let nothing move (DEPLOY-08).
    pub stuck: bool,
    /// Tasks that would be stopped now, were they not protected (PLACE-30).
    pub held: u64,
    /// The rule that shaped the step most.
    pub rule: &'static Rule,
}

/// What one pass of the scheduler may do (DEPLOY-12); changes nothing.
///
/// Floor and ceiling come from today's desired count (DEPLOY-15); the first wave is that of DEPLOY-09; a
/// new task that fails its checks never lets an old one go (DEPLOY-11).
pub fn rollout_step(config: RolloutConfig, desired: u64, counts: RolloutCounts) -> RolloutStep {
    let floor = config.minimum_healthy_percent.of_rounded_up(desired);
    let ceiling = config.maximum_percent.of_rounded_down(desired);
    // An unhealthy task does not count towards the wish: its replacement comes first (SVC-22).
    let wanted = desired.saturating_sub(counts.current() - counts.new_unhealthy);
    let room = ceiling.saturating_sub(counts.total());
    let start = if config.may_start { wanted.min(room) } else { 0 };
    let protected = counts.protected;
    let excess = counts.current().saturating_sub(desired);
    let stop_excess = excess.min(counts.current() - protected.new_healthy - protected.new_other);
    // Those beyond the desired count go at the same time; what is healthy among them bears no floor.
    let excess_healthy =
        stop_excess.saturating_sub(counts.current() - counts.new_healthy - protected.new_other);
    let bearing = counts.healthy() - excess_healthy;
    // A deployment that was given up stops where it is (DEPLOY-23).
    let goes_on = |count: u64| if config.may_start { count } else { 0 };
    let may_stop = bearing.saturating_sub(floor);
    let stop_old_running = goes_on(may_stop.min(counts.old_running - protected.old_running));
    let stop_old_other = goes_on(counts.old_other - protected.old_other);
    let held_old =
        may_stop.min(counts.old_running) - may_stop.min(counts.old_running - protected.old_running);
    let held = goes_on(held_old + protected.old_other) + excess - stop_excess;
    let still = start + stop_old_running + stop_old_other + stop_excess == 0;
    let waiting = counts.new_pending + counts.new_young + counts.new_unhealthy > 0;
    let unfinished = counts.old_running > 0 || wanted > 0;
    let stuck =
        still && !waiting && unfinished && config.may_start && (wanted == 0 || room == 0) && held == 0;
    let rule = if stuck {
        rules::STUCK
    } else if counts.new_unhealthy > 0 && counts.old_running > 0 {
        rules::FAILING_REVISION
    } else if counts.new_unhealthy > 0 {
        rules::UNHEALTHY_REPLACED
    } else if stop_old_running > 0 && counts.healthy() - stop_old_running < desired {
        rules::UNDER_DESIRED
    } else if counts.old_running > 0 && counts.current() == 0 {
        rules::FIRST_WAVE
    } else if config.may_start && start < wanted {
        rules::WHAT_BOUNDS
    } else if counts.old() > 0 {
        rules::ROLLOUT_STEP
    } else {
        rules::DESIRED_COUNT
    };
    RolloutStep {
        floor,
        ceiling,
        start,
        stop_old_other,
        stop_old_running,
        stop_excess,
        no_room_for_replacement: config.may_start && counts.new_unhealthy > 0 && wanted > 0 && room == 0,
        stuck,
        held,
        rule,
    }
}
