//! The plan keeps what the picture promises: exact, inside the frame, nothing lost.
use super::super::candidates::{self, Candidate};
use super::super::fleet::{
    Beyond, Crowd, Group, Health, Instance, Mark, Membership, Revision, Service, Task, Wish, Zone,
};
use super::super::plan::{FramePlan, LoadPlan, SlipKind};
use super::*;

fn task(number: usize, cpu: u32, memory: u32) -> Task {
    Task {
        id: format!("arn:task/{number}"),
        short: format!("{number:04x}"),
        name: "web:1".to_string(),
        service: Some(0),
        cpu,
        memory,
        last_status: "RUNNING".to_string(),
        desired_status: "RUNNING".to_string(),
        health: Health::Unknown,
        eni: None,
        revision: Revision::Only,
        note: String::new(),
        spot: false,
        warning: None,
    }
}

fn fleet(per_hold: usize, holds: usize, afloat: usize) -> Fleet {
    let zones = ['A', 'B', 'C'].into_iter().enumerate().map(|(index, letter)| Zone {
        letter,
        name: format!("us-east-1{}", letter.to_ascii_lowercase()),
        subnets: String::new(),
        instances: (0..holds)
            .map(|hold| Instance {
                plate: format!("{letter}{}", hold + 1),
                id: format!("i-{letter}{hold}"),
                kind: "m5.large".to_string(),
                cpu: 2048,
                memory: 7990,
                agent: Agent::Connected,
                status: "ACTIVE".to_string(),
                cluster: None,
                tasks: (0..per_hold)
                    .map(|number| task(index * 10_000 + hold * 100 + number, 256, 512))
                    .collect(),
                crowds: Vec::new(),
                plain: Vec::new(),
                group: None,
                spot: false,
                warning: None,
            })
            .collect(),
        fargate: (0..afloat).map(|number| task(50_000 + index * 100 + number, 256, 512)).collect(),
        crowds: Vec::new(),
    });
    Fleet {
        cluster: Some("shop".to_string()),
        zones: zones.collect(),
        services: vec![Service {
            name: "web".to_string(),
            wanted: 9,
            running: 8,
            pending: 0,
            healthy: None,
            detail: String::new(),
        }],
        wishes: vec![Wish {
            service: 0,
            number: 1,
            name: "web:1".to_string(),
            cpu: 512,
            memory: 1024,
            on_instance: true,
        }],
        waiting: Vec::new(),
        groups: Vec::new(),
        stopped: vec![task(99_999, 256, 512)],
        crowded: false,
        beyond: Beyond::default(),
    }
}

const FRAMES: [Frame; 4] = [
    Frame { width: 390.0, height: 420.0, scale: 1.0 },
    Frame { width: 700.0, height: 500.0, scale: 1.0 },
    Frame { width: 1016.0, height: 528.0, scale: 1.0 },
    Frame { width: 1416.0, height: 700.0, scale: 1.0 },
];

#[test]
fn everything_stands_inside_the_frame_and_can_be_selected_once() {
    for (per_hold, holds, afloat) in [(0, 0, 0), (3, 1, 1), (8, 1, 0), (6, 3, 4), (8, 12, 30)] {
        let fleet = fleet(per_hold, holds, afloat);
        for frame in FRAMES {
            let plan = layout(&fleet, frame, None);
            for load in &plan.loads {
                assert!(
                    load.place.x >= 0.0 && load.place.x + load.place.w <= frame.width,
                    "{:?} at {frame:?}",
                    load.place
                );
                assert!(load.place.y >= plan.quay && load.place.y + load.place.h <= plan.size.1);
            }
            assert_eq!(plan.loads.len(), fleet.count());
            let mut selections: Vec<_> = plan.spots.iter().map(|spot| spot.selection.clone()).collect();
            let count = selections.len();
            selections.sort();
            selections.dedup();
            assert_eq!(selections.len(), count);
            assert_eq!(count, fleet.count() + holds * 3 + 2);
        }
    }
}

/// A crowded fleet: so many tasks on each of so many machines of a zone, and so many afloat in it.
fn crowded(per_hold: u32, holds: usize, afloat: u32) -> Fleet {
    let mut fleet = fleet(0, holds, 0);
    let crowd = |mark: Mark, count: u32| {
        let (cpu, memory) = (256 * count, 512 * count);
        Crowd { service: Some(0), mark, count, cpu, memory }
    };
    for zone in &mut fleet.zones {
        for machine in zone.instances.iter_mut().filter(|_| per_hold > 0) {
            machine.crowds = vec![crowd(Mark::Running, per_hold - 1), crowd(Mark::Leaving, 1)];
        }
        if afloat > 0 {
            zone.crowds =
                vec![crowd(Mark::Provisioning, afloat / 2), crowd(Mark::Running, afloat - afloat / 2)];
        }
    }
    fleet.crowded = true;
    fleet
}

#[test]
fn very_many_tasks_are_drawn_together_and_only_machines_are_selected() {
    for (per_hold, holds, afloat) in
        [(8, 20, 0), (8, 60, 0), (8, 420, 0), (0, 0, 334), (0, 0, 3_334), (8, 20, 900)]
    {
        let fleet = crowded(per_hold, holds, afloat);
        for frame in FRAMES {
            let plan = layout(&fleet, frame, None);
            let case = format!("{per_hold} {holds} {afloat} at {frame:?}");
            assert!(plan.detail >= Detail::Overview && plan.loads.is_empty(), "{case}");
            let machines = plan.spots.iter().filter(|spot| matches!(spot.selection, Selection::Instance(_)));
            assert_eq!((machines.count(), plan.spots.len()), (3 * holds, 3 * holds + 2), "{case}");
            let boxes: Vec<&Rect> = plan.stacks.iter().flat_map(|stack| &stack.boxes).collect();
            assert!(boxes.len() <= 3 * (2 * holds + 402), "{case}: {} boxes", boxes.len());
            for place in boxes {
                let inside = place.x >= 0.0 && place.x + place.w <= frame.width + 0.1;
                assert!(
                    inside && place.y >= plan.quay && place.y + place.h <= plan.size.1 + 0.1,
                    "{case}: {place:?}"
                );
            }
        }
    }
}

#[test]
fn ten_thousand_tasks_on_machines_still_fit_a_large_frame() {
    let plan = layout(&crowded(8, 420, 0), FRAMES[3], None);
    assert_eq!(plan.detail, Detail::Distant);
    assert!(plan.size.1 <= FRAMES[3].height, "{}", plan.size.1);
    // What the corner says survives every level.
    assert!(plan.holds.iter().all(|hold| hold.left == Size { cpu: 2048 - 7 * 256, memory: 7990 - 7 * 512 }));
}

#[test]
fn a_few_things_fill_the_frame_and_no_more() {
    for (per_hold, holds, afloat) in [(0, 0, 0), (3, 1, 0), (3, 1, 2), (0, 0, 3)] {
        let plan = layout(&fleet(per_hold, holds, afloat), FRAMES[2], None);
        assert!((plan.size.1 - FRAMES[2].height).abs() < 0.5, "{per_hold} {holds} {afloat}: {}", plan.size.1);
    }
}

#[test]
fn the_stage_shows_names_in_three_zones_and_every_row_of_the_berth() {
    let stage = Frame { width: 663.7, height: 379.0, scale: 1.9 };
    let three = layout(&fleet(3, 1, 0), stage, None);
    assert_eq!(three.detail, Detail::Full);
    assert!(three.loads.iter().any(|load| load.label.is_some()));
    for rows in 1..=4 {
        let mut fleet = fleet(1, 1, rows);
        fleet.zones[1].instances.clear();
        fleet.zones.pop();
        let plan = layout(&fleet, stage, None);
        assert_eq!(plan.detail, Detail::Full);
        assert!(plan.size.1 <= stage.height + 0.5, "{rows} rows are {} high", plan.size.1);
        let words =
            |load: &LoadPlan| load.label.clone().map(|label| (label.at.0, label.word + &label.detail));
        let zone = &plan.zones[1].berth;
        for (x, words) in plan.loads.iter().filter(|load| load.place.x >= zone.x).filter_map(words) {
            assert!(x + 6.2 * words.len() as f64 <= zone.x + zone.w, "{words} from {x} in {zone:?}");
        }
    }
}

#[test]
fn all_holds_have_one_scale() {
    let mut fleet = fleet(2, 1, 0);
    fleet.zones[1].instances[0].cpu = 4096;
    let plan = layout(&fleet, FRAMES[2], None);
    let widths: Vec<f64> = plan.holds.iter().map(|hold| hold.inside.w).collect();
    assert!((widths[1] - 2.0 * widths[0]).abs() < 1e-6);
    let boxes: Vec<f64> = plan.loads.iter().map(|load| load.place.w).collect();
    assert!(boxes.iter().all(|w| (w - boxes[0]).abs() < 1e-6));
}

#[test]
fn labels_of_one_hold_do_not_touch() {
    for count in 1..=10 {
        let plan = layout(&fleet(count, 1, 0), FRAMES[2], None);
        let mut rows: Vec<f64> =
            plan.loads.iter().take(count).filter_map(|load| Some(load.label.as_ref()?.at.1)).collect();
        rows.sort_by(f64::total_cmp);
        assert!(rows.windows(2).all(|pair| pair[1] - pair[0] >= 19.9), "{count} loads: {rows:?}");
        let labelled = rows.len() + plan.holds[0].unlabelled;
        assert_eq!(labelled, count);
    }
}

#[test]
fn a_task_that_was_told_to_stop_takes_nothing_from_the_open_corner() {
    let mut fleet = fleet(3, 1, 0);
    fleet.zones[0].instances[0].tasks[0].desired_status = "STOPPED".to_string();
    let plan = layout(&fleet, FRAMES[2], None);
    assert_eq!(plan.holds[0].left, Size { cpu: 2048 - 512, memory: 7990 - 1024 });
    let going = plan.loads.iter().find(|load| load.mark == Mark::Leaving).unwrap();
    assert!((going.place.x - plan.holds[0].free.x).abs() < 1e-6);
}

#[test]
fn a_selected_wish_is_tried_in_every_hold() {
    let fleet = fleet(7, 1, 0);
    let wish = Selection::Wish("web".to_string(), 1);
    let plan = layout(&fleet, FRAMES[2], Some(&wish));
    assert_eq!(plan.trials.len(), 3);
    assert!(plan.trials.iter().all(|trial| trial.short.as_deref() == Some("256 CPU short")));
    assert!(layout(&fleet, FRAMES[2], None).trials.is_empty());
}

#[test]
fn a_wish_that_has_room_is_told_the_test_that_it_fails() {
    let fleet = fleet(0, 1, 0);
    let wish = Selection::Wish("web".to_string(), 1);
    let plan = layout(&fleet, FRAMES[2], Some(&wish));
    let removed = |id: &str| Candidate {
        instance: id.to_string(),
        outcome: drydock::timeline::Outcome::Removed,
        test: "memberOf".to_string(),
    };
    let told = candidates::told(&plan.trials, &fleet, &[removed("i-B0"), removed("elsewhere")]);
    let short: Vec<_> = told.iter().map(|trial| trial.short.as_deref()).collect();
    assert_eq!(short, [None, Some("memberOf"), None]);
}

#[test]
fn the_arrow_keys_reach_the_neighbouring_hold() {
    let plan = layout(&fleet(0, 1, 0), FRAMES[2], None);
    let at = |id: &str| {
        plan.spots.iter().position(|spot| spot.selection == Selection::Instance(id.to_string())).unwrap()
    };
    assert_eq!(next_spot(&plan.spots, at("i-A0"), "ArrowRight"), Some(at("i-B0")));
    assert_eq!(next_spot(&plan.spots, at("i-C0"), "ArrowLeft"), Some(at("i-B0")));
    assert_eq!(next_spot(&plan.spots, at("i-C0"), "ArrowRight"), None);
}

/// A fleet of one group of so many machines a zone, of which so many more are wanted.
fn grouped(holds: usize, missing: u32) -> Fleet {
    let mut fleet = fleet(1, holds, 0);
    let lifecycle = "InService".to_string();
    for machine in fleet.zones.iter_mut().flat_map(|zone| &mut zone.instances) {
        let name = "machines".to_string();
        machine.group = Some(Membership { name, lifecycle: lifecycle.clone(), protected: false });
    }
    let there = holds as u32 * 3;
    let name = "machines".to_string();
    fleet.groups = vec![Group { name, desired: there + missing, in_service: there, missing }];
    fleet
}

#[test]
fn a_frame_stands_around_the_machines_of_a_group_and_is_selected_once() {
    for holds in [1, 3, 12] {
        let fleet = grouped(holds, 0);
        for frame in FRAMES {
            let plan = layout(&fleet, frame, None);
            for hold in &plan.holds {
                let (x, y) = hold.inside.centre();
                let around = |frame: &FramePlan| {
                    let Rect { x: left, y: top, w, h } = frame.place;
                    left < x && x < left + w && top < y && y < top + h
                };
                assert_eq!(
                    plan.frames.iter().filter(|frame| around(frame)).count(),
                    1,
                    "{holds} at {frame:?}"
                );
            }
            let group = Selection::Group("machines".to_string());
            assert_eq!(plan.spots.iter().filter(|spot| spot.selection == group).count(), 1);
        }
    }
}

#[test]
fn wanted_machines_are_ghosts_on_the_land_and_take_no_room() {
    let (without, with) = (grouped(1, 0), grouped(1, 2));
    let ghosts = |plan: &Plan| {
        let slips = plan.lines.iter().flat_map(|line| &line.slips);
        slips.filter(|slip| slip.kind == SlipKind::Machine).count()
    };
    let (before, after) = (layout(&without, FRAMES[3], None), layout(&with, FRAMES[3], None));
    assert_eq!((ghosts(&before), ghosts(&after)), (0, 2));
    assert_eq!(before.holds, after.holds);
}

#[test]
fn a_machine_that_its_group_ends_says_so() {
    let mut fleet = grouped(1, 0);
    let machine = &mut fleet.zones[0].instances[0];
    machine.status = "DRAINING".to_string();
    machine.group.as_mut().unwrap().lifecycle = "Terminating:Wait".to_string();
    assert_eq!(layout(&fleet, FRAMES[2], None).holds[0].notices, ["DRAINING", "Terminating:Wait"]);
}

#[test]
fn a_task_that_waits_stands_in_front_and_in_no_hold() {
    let mut fleet = fleet(1, 1, 0);
    let mut waiting = task(77_777, 256, 512);
    waiting.last_status = "PROVISIONING".to_string();
    fleet.waiting.push(waiting);
    let plan = layout(&fleet, FRAMES[2], None);
    let line = plan.lines.iter().find(|line| line.title == "Waiting for a machine").unwrap();
    assert_eq!(line.slips[0].kind, SlipKind::Waiting);
    assert_eq!(plan.loads.len(), fleet.count());
}
