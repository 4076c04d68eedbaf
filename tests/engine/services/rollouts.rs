//! How many tasks a pass of a rolling update may start and stop: the pure decision, row by row.

use drydock::ecs::service_scheduler::rollout::{Protected, RolloutConfig, RolloutCounts, rollout_step};
use drydock::units::Percent;

/// rule, config, desired, old running, new healthy, young, pending, unhealthy -> start, stop
const STEPS: &str = "
    DEPLOY-07  100/150  4   4 0 0 0 0  ->  2 0   // the ceiling bounds what starts
    DEPLOY-07  100/150  4   4 0 1 1 0  ->  0 0   // pending and young tasks count towards it
    DEPLOY-09  100/200  4   4 0 0 0 0  ->  4 0
    DEPLOY-11  100/200  4   4 0 0 0 4  ->  0 0
    DEPLOY-12  100/200  4   4 3 1 0 0  ->  0 3
    DEPLOY-13  50/100   4   4 0 0 0 0  ->  0 2
    SVC-22     100/200  2   0 1 0 0 1  ->  1 0
    SVC-11     100/200  3   0 1 0 0 0  ->  2 0
";

#[test]
fn each_step_says_what_shaped_it() {
    for row in STEPS.lines().map(|row| row.split("//").next().unwrap().trim()).filter(|row| !row.is_empty()) {
        let words: Vec<&str> = row.split_whitespace().filter(|word| *word != "->").collect();
        let number = |place: usize| words[place].parse::<u64>().unwrap();
        let counts = RolloutCounts {
            old_running: number(3),
            old_other: 0,
            new_healthy: number(4),
            new_young: number(5),
            new_pending: number(6),
            new_unhealthy: number(7),
            ..RolloutCounts::default()
        };
        let step = rollout_step(config(words[1]), number(2), counts);
        assert_eq!((step.start, step.stop_old_running), (number(8), number(9)), "{row}");
        // The first wave names the bound that it meets, if it meets one.
        let first = counts.current() == 0 && counts.old_running > 0 && step.rule.id == "DEPLOY-09";
        assert!(first || step.rule.id == words[0], "{row}: {}", step.rule.id);
    }
}

/// DEPLOY-09: desired count, then floor..ceiling, new tasks startable and old ones stoppable in the
/// first wave, for each pair of minimumHealthyPercent and maximumPercent.
const FIRST_WAVE: &str = "
    |    | 100/200       | 50/200        | 50/100             | 100/150            | 100/125            | 75/125             | 0/100         | 100/100            |
    | 1  | 1..2 +1 -0    | 1..2 +1 -0    | 1..1 +0 -0 STUCK   | 1..1 +0 -0 STUCK   | 1..1 +0 -0 STUCK   | 1..1 +0 -0 STUCK   | 0..1 +0 -1    | 1..1 +0 -0 STUCK   |
    | 2  | 2..4 +2 -0    | 1..4 +2 -1    | 1..2 +0 -1         | 2..3 +1 -0         | 2..2 +0 -0 STUCK   | 2..2 +0 -0 STUCK   | 0..2 +0 -2    | 2..2 +0 -0 STUCK   |
    | 3  | 3..6 +3 -0    | 2..6 +3 -1    | 2..3 +0 -1         | 3..4 +1 -0         | 3..3 +0 -0 STUCK   | 3..3 +0 -0 STUCK   | 0..3 +0 -3    | 3..3 +0 -0 STUCK   |
    | 4  | 4..8 +4 -0    | 2..8 +4 -2    | 2..4 +0 -2         | 4..6 +2 -0         | 4..5 +1 -0         | 3..5 +1 -1         | 0..4 +0 -4    | 4..4 +0 -0 STUCK   |
    | 5  | 5..10 +5 -0   | 3..10 +5 -2   | 3..5 +0 -2         | 5..7 +2 -0         | 5..6 +1 -0         | 4..6 +1 -1         | 0..5 +0 -5    | 5..5 +0 -0 STUCK   |
    | 6  | 6..12 +6 -0   | 3..12 +6 -3   | 3..6 +0 -3         | 6..9 +3 -0         | 6..7 +1 -0         | 5..7 +1 -1         | 0..6 +0 -6    | 6..6 +0 -0 STUCK   |
    | 7  | 7..14 +7 -0   | 4..14 +7 -3   | 4..7 +0 -3         | 7..10 +3 -0        | 7..8 +1 -0         | 6..8 +1 -1         | 0..7 +0 -7    | 7..7 +0 -0 STUCK   |
    | 8  | 8..16 +8 -0   | 4..16 +8 -4   | 4..8 +0 -4         | 8..12 +4 -0        | 8..10 +2 -0        | 6..10 +2 -2        | 0..8 +0 -8    | 8..8 +0 -0 STUCK   |
    | 9  | 9..18 +9 -0   | 5..18 +9 -4   | 5..9 +0 -4         | 9..13 +4 -0        | 9..11 +2 -0        | 7..11 +2 -2        | 0..9 +0 -9    | 9..9 +0 -0 STUCK   |
    | 10 | 10..20 +10 -0 | 5..20 +10 -5  | 5..10 +0 -5        | 10..15 +5 -0       | 10..12 +2 -0       | 8..12 +2 -2        | 0..10 +0 -10  | 10..10 +0 -0 STUCK |
";

fn config(pair: &str) -> RolloutConfig {
    let (minimum, maximum) = pair.split_once('/').unwrap();
    RolloutConfig {
        minimum_healthy_percent: Percent(minimum.parse().unwrap()),
        maximum_percent: Percent(maximum.parse().unwrap()),
        may_start: true,
    }
}

#[test]
fn the_first_wave_of_a_rollout() {
    let mut lines = FIRST_WAVE.lines().filter(|line| line.contains('|'));
    let cells = |line: &str| -> Vec<String> {
        line.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_string()).collect()
    };
    let pairs = cells(lines.next().unwrap());
    let mut seen = 0;
    for line in lines {
        let row = cells(line);
        let desired: u64 = row[0].parse().unwrap();
        for (pair, expected) in pairs.iter().zip(&row).skip(1) {
            let counts = RolloutCounts { old_running: desired, ..RolloutCounts::default() };
            let step = rollout_step(config(pair), desired, counts);
            let stuck = if step.stuck { " STUCK" } else { "" };
            let found =
                format!("{}..{} +{} -{}{stuck}", step.floor, step.ceiling, step.start, step.stop_old_running);
            assert_eq!(&found, expected, "desired {desired}, {pair}");
            seen += 1;
        }
    }
    assert_eq!(seen, 80);
}

#[test]
fn an_unhealthy_task_is_replaced_first_where_there_is_room() {
    let counts = RolloutCounts { new_healthy: 1, new_unhealthy: 1, ..RolloutCounts::default() };
    // SVC-22.
    let step = rollout_step(config("100/200"), 2, counts);
    assert_eq!((step.start, step.no_room_for_replacement), (1, false));
    let step = rollout_step(config("100/100"), 2, counts);
    assert_eq!((step.start, step.no_room_for_replacement), (0, true));
}

#[test]
fn a_failing_revision_never_replaces_a_good_one() {
    // DEPLOY-11: new tasks that fail their checks do not count towards the floor.
    let counts = RolloutCounts { old_running: 4, new_unhealthy: 4, ..RolloutCounts::default() };
    assert_eq!(rollout_step(config("100/200"), 4, counts).stop_old_running, 0);
    let counts = RolloutCounts { old_running: 4, new_healthy: 3, new_young: 1, ..RolloutCounts::default() };
    assert_eq!(rollout_step(config("100/200"), 4, counts).stop_old_running, 3);
}

/// A rollout in the small: tasks become healthy one after the other, in an order that chance gives.
fn roll(pair: &str, desired: u64, mut chance: u64) -> (u64, u64, bool, bool) {
    let mut counts = RolloutCounts { old_running: desired, ..RolloutCounts::default() };
    let (mut least, mut most) = (desired, desired);
    for _ in 0..2000 {
        let step = rollout_step(config(pair), desired, counts);
        counts.new_pending += step.start;
        most = most.max(counts.total());
        counts.old_running -= step.stop_old_running;
        least = least.min(counts.old_running + counts.new_young + counts.new_healthy);
        if counts.new_healthy == desired && counts.old() == 0 {
            return (least, most, true, false);
        }
        if step.stuck {
            return (least, most, false, true);
        }
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match (chance >> 60, counts.new_pending, counts.new_young) {
            (0..8, 1.., _) => {
                (counts.new_pending, counts.new_young) = (counts.new_pending - 1, counts.new_young + 1)
            }
            (_, _, 1..) => {
                (counts.new_young, counts.new_healthy) = (counts.new_young - 1, counts.new_healthy + 1)
            }
            _ => {}
        }
    }
    (least, most, false, false)
}

#[test]
fn whatever_the_order_a_rollout_keeps_its_bounds_and_ends_or_says_that_it_cannot() {
    // DEPLOY-06 to DEPLOY-08, DEPLOY-12, for every pair of percentages in steps.
    for desired in 1..=12_u64 {
        for minimum in [0, 10, 25, 33, 50, 66, 75, 90, 100] {
            for maximum in [100, 101, 110, 125, 133, 150, 175, 200, 300] {
                let (floor, ceiling) = ((desired * minimum).div_ceil(100), desired * maximum / 100);
                let can_move = floor < desired || ceiling > desired;
                for chance in 0..4 {
                    let (least, most, ended, stuck) = roll(&format!("{minimum}/{maximum}"), desired, chance);
                    let case = format!("desired {desired} with {minimum}/{maximum}");
                    assert!(least >= floor, "{case}: {least} running");
                    assert!(most <= ceiling, "{case}: {most} tasks");
                    assert_eq!((ended, stuck), (can_move, !can_move), "{case}");
                }
            }
        }
    }
}

#[test]
fn what_goes_beyond_the_desired_count_bears_no_floor() {
    // A new wish of 2 in the middle of a deployment: three healthy new tasks, one of them beyond it.
    let counts = RolloutCounts { old_running: 2, new_healthy: 3, ..RolloutCounts::default() };
    let step = rollout_step(config("100/200"), 2, counts);
    assert_eq!((step.stop_excess, step.stop_old_running), (1, 2));
    // A floor above the wish: the excess is healthy and must not be counted twice.
    let step = rollout_step(config("150/300"), 2, counts);
    assert_eq!((step.stop_excess, step.stop_old_running), (1, 1));
    // A deployment that was given up leaves the old tasks alone (DEPLOY-23).
    let failed = RolloutConfig { may_start: false, ..config("50/200") };
    let step = rollout_step(failed, 4, RolloutCounts { old_running: 4, ..RolloutCounts::default() });
    assert_eq!((step.start, step.stop_old_running, step.stuck), (0, 0, false));
}

#[test]
fn a_floor_above_the_wish_stops_a_deployment_half_way_and_says_so() {
    // DEPLOY-08 in a case that the guide does not name: 150 % of 4 are 6.
    let counts = RolloutCounts { old_running: 2, new_healthy: 4, ..RolloutCounts::default() };
    assert!(rollout_step(config("150/200"), 4, counts).stuck);
    // A ceiling under the wish never lets it come true.
    let counts = RolloutCounts { new_healthy: 3, ..RolloutCounts::default() };
    assert!(rollout_step(config("50/75"), 4, counts).stuck);
    // While a task is on its way, nothing is stuck.
    let counts = RolloutCounts { old_running: 2, new_healthy: 3, new_young: 1, ..RolloutCounts::default() };
    assert!(!rollout_step(config("150/200"), 4, counts).stuck);
}

#[test]
fn protected_tasks_bear_the_floor_and_fill_the_ceiling_but_do_not_stop() {
    // PLACE-30: of four old tasks three are protected, and all four new ones are healthy.
    let protected = |counts: RolloutCounts, protected: Protected| RolloutCounts { protected, ..counts };
    let replaced = RolloutCounts { old_running: 4, new_healthy: 4, ..RolloutCounts::default() };
    let three = Protected { old_running: 3, ..Protected::default() };
    let step = rollout_step(config("100/200"), 4, protected(replaced, three));
    assert_eq!((step.stop_old_running, step.held, step.stuck), (1, 3, false));
    let rest = RolloutCounts { old_running: 3, ..replaced };
    let step = rollout_step(config("100/200"), 4, protected(rest, three));
    assert_eq!((step.stop_old_running, step.held, step.stuck), (0, 3, false));
    // Old ones that are not RUNNING yet.
    let young = RolloutCounts { old_running: 2, old_other: 3, ..RolloutCounts::default() };
    let step = rollout_step(
        config("50/100"),
        4,
        protected(young, Protected { old_other: 1, ..Protected::default() }),
    );
    assert_eq!((step.stop_old_other, step.held), (2, 1));
    // Scale-in from five to two: three are protected, so two go.
    let five = RolloutCounts { new_healthy: 4, new_young: 1, ..RolloutCounts::default() };
    let some = Protected { new_healthy: 2, new_other: 1, ..Protected::default() };
    let step = rollout_step(config("100/200"), 2, protected(five, some));
    assert_eq!((step.stop_excess, step.held), (2, 1));
    // What goes beyond the desired count bears no floor: here the two that go are healthy, so of five
    // healthy tasks three are left, and one old task may go.
    let both = RolloutCounts { old_running: 2, new_healthy: 3, new_young: 1, ..RolloutCounts::default() };
    let young = Protected { new_other: 1, ..Protected::default() };
    let step = rollout_step(config("100/200"), 2, protected(both, young));
    assert_eq!((step.stop_excess, step.stop_old_running), (2, 1));
}

#[test]
fn a_step_names_the_rule_that_shaped_it_most() {
    let rule = |config_of: &str, desired: u64, counts: RolloutCounts| {
        rollout_step(config(config_of), desired, counts).rule.id
    };
    let old = |old_running: u64| RolloutCounts { old_running, ..RolloutCounts::default() };
    // Under the desired count only what goes below it: at 50/100 two of four old ones stop.
    assert_eq!(rule("50/100", 4, old(4)), "DEPLOY-13");
    // Old ones beyond the desired count stop without going below it.
    assert_eq!(rule("100/200", 2, RolloutCounts { new_healthy: 2, ..old(2) }), "DEPLOY-12");
    // The first wave replaces something; a fresh service only starts.
    assert_eq!(rule("100/200", 4, old(4)), "DEPLOY-09");
    assert_eq!(rule("100/200", 4, RolloutCounts::default()), "SVC-11");
}

#[test]
fn an_unhealthy_task_goes_first_only_where_its_replacement_is_wanted_and_has_no_room() {
    // SVC-22.
    let counts = |new_healthy: u64, new_unhealthy: u64| RolloutCounts {
        new_healthy,
        new_unhealthy,
        ..RolloutCounts::default()
    };
    let goes_first = |config_of: &str, desired: u64, counts: RolloutCounts| {
        rollout_step(config(config_of), desired, counts).no_room_for_replacement
    };
    assert!(goes_first("50/100", 2, counts(1, 1)));
    assert!(!goes_first("100/200", 2, counts(1, 1)), "the ceiling leaves room");
    assert!(!goes_first("50/100", 1, counts(1, 1)), "nothing is missing");
    assert!(!goes_first("50/100", 2, counts(2, 0)), "nothing is unhealthy");
}
