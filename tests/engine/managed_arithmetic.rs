//! The arithmetic of scaling, as tables: alarms, target tracking, steps, and managed scaling.

use drydock::autoscaling::step_scaling::{Adjustment, Step, adjusted, distance, fault, select};
use drydock::autoscaling::target_tracking::at_target;
use drydock::cloudwatch::judge::{AlarmState, Missing, judge};
use drydock::cloudwatch::metric::Level;
use drydock::ecs::capacity_provider::ManagedScaling;
use drydock::ecs::managed_scaling::estimate::{
    Size, Waiting, need, reservation, scale_in_to, scale_out_to, step,
};
use drydock::time::SimDuration;
use drydock::units::Percent;

/// rule, points of the range (oldest left), M, N -> missing, ignore (before: OK), breaching, notBreaching
const POINTS: &str = "
    CW-51  0-X-X  3 3  ->  OK ok OK OK
    CW-60  0----  3 3  ->  OK ok OK OK
    CW-60  -----  3 3  ->  INSUFFICIENT_DATA keep ALARM OK
    CW-51  0XX-X  3 3  ->  ALARM ALARM ALARM ALARM
    CW-60  --X--  3 3  ->  ALARM keep ALARM OK
    CW-51  0-X-X  2 3  ->  ALARM ALARM ALARM ALARM
    CW-51  00X0X  2 3  ->  ALARM ALARM ALARM ALARM
    CW-60  0-X--  2 3  ->  OK ok ALARM OK
    CW-60  ----0  2 3  ->  OK ok ALARM OK
    CW-60  ---X-  2 3  ->  ALARM keep ALARM OK
    CW-61  ----X  3 3  ->  OK ok ALARM OK
    CW-61  XX0XX  3 3  ->  OK ok OK OK
    CW-51  --X    1 1  ->  ALARM ALARM ALARM ALARM
    CW-51  X-0    1 1  ->  OK ok OK OK
";

#[test]
fn an_alarm_judges_its_points_as_the_tables_of_aws_do() {
    for row in POINTS.trim().lines() {
        let words: Vec<&str> = row.split_whitespace().collect();
        let points: Vec<Option<bool>> = words[1]
            .chars()
            .map(|sign| match sign {
                'X' => Some(true),
                '0' => Some(false),
                _ => None,
            })
            .collect();
        let (needed, last) = (words[2].parse().unwrap(), words[3].parse().unwrap());
        let kinds = [Missing::Missing, Missing::Ignore, Missing::Breaching, Missing::NotBreaching];
        for (kind, expected) in kinds.into_iter().zip(&words[5..]) {
            // What is kept shows only where it differs from what the points would say.
            let before = AlarmState::InsufficientData;
            let expected = match *expected {
                "keep" => "INSUFFICIENT_DATA",
                "ok" => "OK",
                word => word,
            };
            assert_eq!(judge(&points, needed, last, kind, before).word(), expected, "{row}: {kind:?}");
        }
    }
}

/// rule, capacity, percent, magnitude -> capacity after
const PERCENTAGES: &str = "
    AAS-46  10   10  -  ->  11
    AAS-46  11   30  -  ->  14
    AAS-46  14  -10  -  ->  13
    AAS-46  13  -30  -  ->  10
    AAS-47   4   25  2  ->   6
    AAS-46   4   10  -  ->   5
    AAS-46   3  -10  -  ->   2
    AAS-46   7   50  -  ->  10
    AAS-46   2  -90  -  ->   1
    AAS-46   1   50  -  ->   2
    AAS-47   6  -25  3  ->   3
    AAS-46  10  127  -  ->  22
    AAS-47   3  -30  2  ->   1
    AAS-46   5    0  -  ->   5
    AAS-46   0   50  -  ->   0
";

#[test]
fn percentages_are_rounded_towards_zero_but_never_to_nothing() {
    for row in PERCENTAGES.trim().lines() {
        let words: Vec<&str> = row.split_whitespace().collect();
        let (capacity, change) = (words[1].parse().unwrap(), words[2].parse().unwrap());
        let got = adjusted(capacity, Adjustment::PercentChangeInCapacity, change, words[3].parse().ok());
        assert_eq!(got.to_string(), words[5], "{row}");
    }
    // AAS-45.
    assert_eq!(adjusted(4, Adjustment::ChangeInCapacity, -6, None), 0);
    assert_eq!(adjusted(4, Adjustment::ExactCapacity, 9, None), 9);
}

fn bounds(lower: Option<i64>, upper: Option<i64>, change: i64) -> Step {
    Step { lower: lower.map(|bound| bound * 1000), upper: upper.map(|bound| bound * 1000), change }
}

/// AAS-41: tenths of percent at a threshold of 50 -> the change of the step that they select
#[test]
fn the_distance_from_the_threshold_selects_a_step() {
    let outwards = [bounds(Some(0), Some(10), 0), bounds(Some(10), Some(20), 10), bounds(Some(20), None, 30)];
    let inwards =
        [bounds(Some(-10), Some(0), 0), bounds(Some(-20), Some(-10), -10), bounds(None, Some(-20), -30)];
    for (steps, tenths, change) in [
        (&outwards, 599, 0),
        (&outwards, 600, 10),
        (&outwards, 699, 10),
        (&outwards, 700, 30),
        (&outwards, 500, 0),
        (&inwards, 450, 0),
        (&inwards, 400, -10),
        (&inwards, 301, -10),
        (&inwards, 300, -30),
        (&inwards, 500, 0),
    ] {
        let gap = distance(Level(tenths * 100_000), Level::percent(50));
        assert_eq!(select(steps, gap).map(|step| step.change), Some(change), "{tenths}");
    }
    let both = [bounds(Some(-10), Some(0), -1), bounds(Some(0), None, 1), bounds(None, Some(-10), -2)];
    assert_eq!(select(&both, 0).map(|step| step.change), Some(1), "on the threshold counts as above");
    assert_eq!(select(&outwards, -1), None);
}

/// AAS-42: steps -> what is wrong with them
#[test]
fn steps_leave_no_gap_and_do_not_overlap() {
    let fine = [bounds(None, Some(-10), -2), bounds(Some(-10), Some(0), -1), bounds(Some(0), None, 1)];
    assert_eq!(fault(&fine), None);
    for (steps, words) in [
        (vec![], "1 to 20"),
        (vec![bounds(None, None, 1)], "At least one of the bounds"),
        (vec![bounds(Some(0), None, 1), bounds(Some(10), None, 2)], "Only one step"),
        (vec![bounds(Some(10), Some(5), 1)], "less than its upper"),
        (vec![bounds(Some(0), Some(10), 1), bounds(Some(20), None, 2)], "gap"),
        (vec![bounds(Some(0), Some(10), 1), bounds(Some(5), None, 2)], "gap"),
        (vec![bounds(Some(-10), Some(0), 1)], "negative lower bound"),
        (vec![bounds(Some(0), Some(10), 1)], "positive upper bound"),
    ] {
        assert!(fault(&steps).is_some_and(|fault| fault.contains(words)), "{words}: {:?}", fault(&steps));
    }
}

/// rule, instances, metric in tenths of percent, target -> instances that bring it to the target
const TRACKED: &str = "
    ASG-08  2  1000  50  ->  4
    ASG-08  2   146  50  ->  1
    ASG-08  3   510  50  ->  4
    ASG-08  1  1000  50  ->  2
    ASG-08  8   440  50  ->  8
    ASG-08  4   500  50  ->  4
    ASG-08  4     0  50  ->  0
";

#[test]
fn a_target_is_reached_rounding_up() {
    for row in TRACKED.trim().lines() {
        let words: Vec<&str> = row.split_whitespace().collect();
        let tenths: u64 = words[2].parse().unwrap();
        let target = Level::percent(words[3].parse().unwrap());
        let got = at_target(words[1].parse().unwrap(), Level(tenths * 100_000), target);
        assert_eq!(got.to_string(), words[5], "{row}");
    }
}

/// rule, target, least step, M without waiting, new instances needed, N -> metric, desired outwards, inwards
const EXAMPLES: &str = "
    CAP-25  100  1  3  0  3  ->  100.0  3  3   // three instances, tasks on all, none waiting
    CAP-25  100  1  2  0  3  ->   66.6  2  2   // one of three is empty
    CAP-25  100  1  3  2  3  ->  166.6  5  5   // three full, waiting tasks need two more
    CAP-25  100  1  0  1  0  ->  200.0  2  1   // none, one task waits
    CAP-25  100  1  0  0  0  ->  100.0  0  0   // none, nothing
    CAP-25   80  1  4  0  4  ->  100.0  5  5   // target 80, all four used
    CAP-25   50  1  2  0  3  ->   66.6  4  4   // target 50
    CAP-25  100  3  2  1  2  ->  250.0  5  5   // two instances, least step three
    CAP-24  100  1  0  0  9  ->    0.0  0  5   // at most half of them in a minute
    CAP-24  100  1  1  0  2  ->   50.0  1  1   // at least one
    CAP-24  100  1  4  0  5  ->   80.0  4  4
    CAP-23   90  1  9  0  9  ->  100.0  10 10
";

#[test]
fn the_worked_examples_of_managed_scaling_hold() {
    for row in EXAMPLES.trim().lines() {
        let row = row.split("//").next().unwrap();
        let words: Vec<&str> = row.split_whitespace().collect();
        let number = |at: usize| words[at].parse::<u64>().unwrap();
        let scaling = ManagedScaling {
            target_capacity: Percent(number(1)),
            minimum_step: number(2),
            maximum_step: 10_000,
            instance_warmup: SimDuration::secs(300),
        };
        let (used, new, there) = (number(3), number(4), number(5));
        let needed = match new {
            0 => used,
            new => there + step(new, scaling.minimum_step, scaling.maximum_step),
        };
        assert_eq!(reservation(needed, there).to_string(), words[7], "{row}");
        assert_eq!(scale_out_to(needed, there, &scaling), number(8), "{row}");
        assert_eq!(scale_in_to(needed, there, &scaling), number(9), "{row}");
    }
    assert_eq!((step(1, 3, 10), step(7, 3, 10), step(40, 3, 10)), (3, 7, 10));
}

/// CAP-19: with 2048 units, 7990 MiB and two network cards for tasks, of GPUs one: count, CPU, memory, card, GPUs,
/// port -> new instances and by what, or what never fits
#[test]
fn waiting_tasks_need_instances_by_their_scarcest_resource() {
    let size = Size { cpu: 2048, memory: 7990, enis: 2, gpus: 1 };
    for (count, cpu, memory, eni, gpus, port, expected) in [
        (4, 1024, 1024, false, 0, false, Ok((2, "CPU"))),
        (4, 256, 4000, false, 0, false, Ok((3, "memory"))),
        (5, 256, 512, true, 0, false, Ok((3, "network cards"))),
        (3, 256, 512, true, 0, true, Ok((3, "host ports"))),
        (3, 256, 512, true, 1, false, Ok((3, "GPUs"))),
        (1, 256, 512, false, 2, false, Err("GPUs")),
        (1, 2048, 7990, false, 0, false, Ok((1, "CPU"))),
        (9, 0, 0, false, 0, false, Ok((1, "CPU"))),
        (1, 2049, 512, false, 0, false, Err("CPU")),
        (7, 256, 8000, false, 0, false, Err("memory")),
    ] {
        let waiting = Waiting { count, cpu, memory, eni, gpus, port };
        let got = need(&waiting, &size).map(|need| (need.instances, need.by)).map_err(|fault| fault.0);
        assert_eq!(got, expected, "{waiting:?}");
    }
}
