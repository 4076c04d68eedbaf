//! Stows machines into the water of a zone, and Fargate tasks into its berth.
use super::cells::Cells;
use super::fleet::{Agent, Crowd, Instance, Mark, Selection, Task, Zone};
use super::ground::shortened;
use super::groups;
use super::hold::{Rect, Size, stow};
use super::labels::{
    by_hand, cpu_figures, grid_step, is_within, label, marks, memory_figures, short_enough, stowed, touchable,
};
use super::plan::{Detail, HoldPlan, Plan, Spot, StackPlan};
use super::sentence;

const CHIP: (f64, f64) = (30.0, 22.0);

/// The machines of a zone, with what is in them.
pub fn machines(zone: &Zone, water: Rect, cells: &Cells, detail: Detail, plan: &mut Plan) {
    let across = if cells.compact { (water.w / cells.cell.0).floor().max(1.0) } else { 1.0 };
    for (index, instance) in zone.instances.iter().enumerate() {
        let (column, row) = (index as f64 % across, (index as f64 / across).floor());
        let cell = Rect {
            x: water.x + column * cells.cell.0,
            y: water.y + row * cells.cell.1,
            w: cells.cell.0.min(water.w),
            h: cells.cell.1,
        };
        if let Some(group) = &instance.group {
            groups::frame(plan, &group.name, cell);
        }
        machine(zone, instance, cell, cells, detail, plan);
    }
}

fn machine(zone: &Zone, instance: &Instance, cell: Rect, cells: &Cells, detail: Detail, plan: &mut Plan) {
    let scale = cells.scale;
    let (w, h) = (f64::from(instance.cpu) * scale.x, f64::from(instance.memory) * scale.y);
    let floor = cell.y + cells.hold.y + cells.hold.h;
    let inside = Rect { x: cell.x + cells.hold.x, y: floor - h, w, h };
    let capacity = Size { cpu: instance.cpu, memory: instance.memory };
    // Placement gives the room of a task that was told to stop away at once (LIFE-14), so those
    // stand last, in the open corner, and take nothing from it.
    let (staying, going): (Vec<&Task>, Vec<&Task>) =
        instance.tasks.iter().partition(|task| task.desired_status != "STOPPED");
    let size = |task: &&Task| Size { cpu: task.cpu, memory: task.memory };
    let sum = |crowd: &&Crowd| Size { cpu: crowd.cpu, memory: crowd.memory };
    let (still, ending): (Vec<&Crowd>, Vec<&Crowd>) =
        instance.crowds.iter().partition(|crowd| crowd.mark != Mark::Leaving);
    let kept: Vec<Size> = staying.iter().map(size).chain(still.iter().map(sum)).collect();
    let all: Vec<Size> =
        staying.iter().chain(&going).map(size).chain(still.iter().chain(&ending).map(sum)).collect();
    let stairs = stow(capacity, &kept, inside.x, floor, scale);
    let steps = stow(capacity, &all, inside.x, floor, scale).steps;
    let words = cells.words(zone);
    let words_x = cell.x + words;
    let plate_at = if detail == Detail::Full {
        (words_x, cell.y + 12.0 + cells.head)
    } else {
        (inside.x, inside.y - 4.0)
    };

    let selection = Selection::Instance(instance.id.clone());
    let place = if detail == Detail::Full {
        Rect {
            x: inside.x - 4.0,
            y: plate_at.1 - 2.0,
            w: words - cells.hold.x - 10.0,
            h: floor - plate_at.1 + 6.0,
        }
    } else {
        inside.grown(2.0)
    };
    plan.spots.push(Spot { selection, place, sentence: sentence::of_instance(instance, zone, stairs.left) });

    let mut steps = steps.iter();
    let mut held = Vec::new();
    for task in staying.into_iter().chain(going) {
        let Some(step) = steps.next() else { break };
        let load = stowed(task, seen(*step, inside), Some(inside));
        let sentence = sentence::of_task(task, Some(zone), Some(instance));
        plan.spots.push(Spot { selection: load.selection.clone(), place: load.place, sentence });
        held.push(load);
    }
    for (crowd, step) in still.into_iter().chain(ending).zip(steps) {
        let top = step.y.max(inside.y);
        let place = Rect {
            y: top,
            w: step.w.min(inside.x + inside.w - step.x).max(1.0),
            h: (step.y + step.h - top).max(1.0),
            ..*step
        };
        plan.stacks.push(StackPlan { boxes: vec![place], service: crowd.service, mark: crowd.mark });
    }
    for (index, plain) in instance.plain.iter().enumerate() {
        let x = inside.x + inside.w - 8.0 - (index as f64 + 1.0) * (CHIP.0 + 6.0);
        let place = Rect { x: x.max(inside.x), y: floor - CHIP.1 - 4.0, w: CHIP.0.min(inside.w), h: CHIP.1 };
        held.insert(index, by_hand(plain, instance, place, inside, plan));
    }
    let mut unlabelled = 0;
    let notices = notices(instance);
    if detail == Detail::Full {
        let taken = 68.0 + 21.0 * notices.len() as f64 + if notices.is_empty() { 0.0 } else { 9.0 };
        let room = Rect {
            x: words_x,
            y: plate_at.1 + taken,
            w: (cell.x + cell.w - words_x - 6.0).max(0.0),
            h: floor - plate_at.1 - taken,
        };
        unlabelled = label(&mut held, room);
    } else {
        for load in &mut held {
            load.inside = None;
            load.label = None;
        }
    }
    for load in &held {
        if let Some(spot) = plan.spots.iter_mut().rev().find(|spot| spot.selection == load.selection) {
            spot.place = touchable(load);
        }
    }
    plan.loads.extend(held);
    let full = detail == Detail::Full;
    let (cpu_step, memory_step) = (grid_step(instance.cpu, 8), grid_step(instance.memory, 8));
    plan.holds.push(HoldPlan {
        id: instance.id.clone(),
        plate: instance.plate.clone(),
        kind: if instance.spot { format!("{} SPOT", instance.kind) } else { instance.kind.clone() },
        inside,
        free: stairs.free,
        left: stairs.left,
        agent: instance.agent,
        status: instance.status.clone(),
        plate_at,
        words_w: cell.x + cell.w - words_x - 2.0,
        columns: if full {
            marks(instance.cpu, cpu_step).map(|at| inside.x + f64::from(at) * scale.x).collect()
        } else {
            Vec::new()
        },
        tiers: if full {
            marks(instance.memory, memory_step).map(|at| floor - f64::from(at) * scale.y).collect()
        } else {
            Vec::new()
        },
        cpu_figures: if full { cpu_figures(instance.cpu, inside, scale) } else { Vec::new() },
        memory_figures: if full {
            memory_figures(instance.memory, memory_step, floor, scale)
        } else {
            Vec::new()
        },
        unlabelled,
        notices,
        warns: instance.agent == Agent::Silent || instance.status == "DRAINING" || instance.warning.is_some(),
        spot: instance.spot,
        protected: instance.group.as_ref().is_some_and(|group| group.protected),
    });
}

/// The box of a load as it is drawn: one that reserves no CPU is still seen, and none reaches far above the hold.
fn seen(step: Rect, inside: Rect) -> Rect {
    let y = step.y.max(inside.y - 12.0);
    let h = (step.y + step.h - y).max(3.0);
    let w = step.w.max(8.0);
    Rect { x: step.x.min(inside.x + inside.w - w).max(inside.x), y, w, h }
}

/// What has to be known of a machine before anything else, a line each.
fn notices(instance: &Instance) -> Vec<String> {
    let group = instance.group.as_ref().filter(|group| group.lifecycle != "InService");
    let ecs = match instance.agent {
        Agent::Silent => Some("AGENT SILENT"),
        // A machine that its group is bringing or taking away is not forgotten by ECS.
        Agent::Absent if group.is_some() => None,
        Agent::Absent if instance.status == "pending" => Some("pending"),
        Agent::Absent => Some("OUTSIDE ECS"),
        Agent::Connected if instance.status == "DRAINING" => Some("DRAINING"),
        Agent::Connected => None,
    };
    let cluster = instance.cluster.as_ref().map(|cluster| format!("in {}", shortened(cluster, 11)));
    let life = group.map(|group| group.lifecycle.clone());
    instance.warning.iter().cloned().chain(ecs.map(str::to_string)).chain(life).chain(cluster).collect()
}

/// Fargate tasks in their berth.
pub fn afloat(zone: &Zone, berth: Rect, cells: &Cells, detail: Detail, plan: &mut Plan) {
    for (index, task) in zone.fargate.iter().enumerate() {
        let index = index as f64;
        let mut load = if detail == Detail::Full {
            let middle = berth.y + 8.0 + (index + 0.5) * cells.berth_row;
            let w = (f64::from(task.cpu) * cells.scale.x).min(cells.berth_box);
            let h = (f64::from(task.memory) * cells.scale.y).min(160.0);
            let mut load = stowed(task, Rect { x: berth.x + 14.0, y: middle - h / 2.0, w, h }, None);
            if let Some(label) = &mut load.label {
                label.from = (berth.x + 14.0 + cells.berth_box + 14.0, middle);
                label.at = (label.from.0 + 24.0, middle);
                label.one_line = cells.one_line;
                let beside =
                    if label.one_line { 18.0 + 8.0 * label.word.chars().count() as f64 } else { 12.0 };
                let room = berth.x + berth.w - label.at.0 - beside;
                let with_card = task.eni.as_ref().map(|card| format!("{} · {card}", label.detail));
                label.detail = with_card
                    .filter(|text| is_within(text, room))
                    .unwrap_or_else(|| short_enough(&label.detail, room));
            }
            load
        } else {
            stowed(task, moored(berth, cells, index), None)
        };
        if detail != Detail::Full {
            load.label = None;
            load.inside = None;
        }
        let sentence = sentence::of_task(task, Some(zone), None);
        plan.spots.push(Spot { selection: load.selection.clone(), place: touchable(&load), sentence });
        plan.loads.push(load);
    }
    let mut index = 0..;
    for crowd in &zone.crowds {
        let count = crowd.count.div_ceil(cells.tile) as usize;
        let boxes = index.by_ref().take(count).map(|index| moored(berth, cells, f64::from(index))).collect();
        plan.stacks.push(StackPlan { boxes, service: crowd.service, mark: crowd.mark });
    }
}

/// The place of a box without words in a berth.
fn moored(berth: Rect, cells: &Cells, index: f64) -> Rect {
    let (w, h) = cells.pitch;
    let across = ((berth.w - 8.0) / w).floor().max(1.0);
    Rect {
        x: berth.x + 8.0 + (index % across) * w,
        y: berth.y + 8.0 + (index / across).floor() * h,
        w: w * 0.75,
        h: h * 0.65,
    }
}
