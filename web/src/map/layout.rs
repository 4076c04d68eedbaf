//! Where everything on the map stands: a pure function from a fleet and a frame to a plan.
use super::fleet::{Agent, Fleet, Health, Instance, Mark, Plain, Revision, Selection, Task, Zone};
use super::hold::{Rect, Scale, Size, shortfall, stand, stow};
use super::sentence;

/// The room for the map, in px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Width; the plan never exceeds it.
    pub width: f64,
    /// Height to fill; the plan may be higher.
    pub height: f64,
}

/// How much is drawn of each thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Names, rulers and states beside each load.
    Full,
    /// Stairs and marks; names when asked.
    Compact,
}

/// The whole picture, in px.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Its size.
    pub size: (f64, f64),
    /// How much is drawn.
    pub detail: Detail,
    /// Height of the land, where the quay begins.
    pub quay: f64,
    /// Where the zones start; the band names stand left of it.
    pub left: f64,
    /// The zones from left to right, or from top to bottom where it is narrow.
    pub zones: Vec<ZonePlan>,
    /// The machines.
    pub holds: Vec<HoldPlan>,
    /// Everything that is stowed.
    pub loads: Vec<LoadPlan>,
    /// The tasks that are wanted and not there.
    pub wishes: Vec<SlipPlan>,
    /// Where the slips of stopped tasks begin.
    pub stopped_x: f64,
    /// The tasks that stopped a moment ago.
    pub stopped: Vec<SlipPlan>,
    /// How many wishes and stopped tasks found no room on the land.
    pub more: (usize, usize),
    /// The selected wish, tried in every hold.
    pub trials: Vec<Trial>,
    /// Where the legend of states stands; `None` where there is no room.
    pub legend: Option<f64>,
    /// Everything that can be selected.
    pub spots: Vec<Spot>,
}

/// A zone's parts.
#[derive(Debug, Clone, PartialEq)]
pub struct ZonePlan {
    /// The letter on its sign.
    pub letter: char,
    /// AWS's name.
    pub name: String,
    /// Its subnets.
    pub subnets: String,
    /// The upper left corner of its sign.
    pub sign: (f64, f64),
    /// The water in which its machines lie.
    pub water: Rect,
    /// The berth of its Fargate tasks.
    pub berth: Rect,
    /// Whether nothing is in it.
    pub empty: bool,
}

/// A machine's parts.
#[derive(Debug, Clone, PartialEq)]
pub struct HoldPlan {
    /// The machine's EC2 id.
    pub id: String,
    /// Its sign.
    pub plate: String,
    /// Its type.
    pub kind: String,
    /// The inside.
    pub inside: Rect,
    /// What is left, as a corner.
    pub free: Rect,
    /// What is left, in numbers.
    pub left: Size,
    /// Whether ECS reaches it.
    pub agent: Agent,
    /// `ACTIVE`, `DRAINING` or the EC2 state.
    pub status: String,
    /// Upper left corner of the plate.
    pub plate_at: (f64, f64),
    /// Columns, a step of CPU each.
    pub columns: Vec<f64>,
    /// Tiers, a step of memory each.
    pub tiers: Vec<f64>,
    /// Figures below: where and what.
    pub cpu_figures: Vec<(f64, String)>,
    /// Figures at the left: where and what.
    pub memory_figures: Vec<(f64, String)>,
    /// Loads that found no room beside the hold for their label.
    pub unlabelled: usize,
}

/// A stowed load: a task, or a container without a task.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadPlan {
    /// Which one.
    pub selection: Selection,
    /// Its box, to scale.
    pub place: Rect,
    /// Its service, as an index.
    pub service: Option<usize>,
    /// Its mark.
    pub mark: Mark,
    /// Old, new, or the only one.
    pub revision: Revision,
    /// Its name, when it fits inside.
    pub inside: Option<String>,
    /// The label beside it.
    pub label: Option<Label>,
    /// The hold it stands in; `None` in the berth.
    pub hold: Option<Rect>,
    /// The address of its network card, drawn in the berth only.
    pub card: Option<String>,
}

/// Words beside a load, with the way from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// Where the mark stands.
    pub at: (f64, f64),
    /// The state's word.
    pub word: String,
    /// The second line.
    pub detail: String,
    /// Whether both stand in one line.
    pub one_line: bool,
    /// Where the dotted way from the load begins.
    pub from: (f64, f64),
}

/// A task on land: not there yet, or gone.
#[derive(Debug, Clone, PartialEq)]
pub struct SlipPlan {
    /// Which one.
    pub selection: Selection,
    /// Its outline; it has no scale.
    pub place: Rect,
    /// Its name.
    pub name: String,
    /// Its service, as an index.
    pub service: Option<usize>,
}

/// A wish held against a hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Where it would stand.
    pub place: Rect,
    /// The hold's left wall.
    pub wall: f64,
    /// What is missing, if it does not fit.
    pub short: Option<String>,
}

/// Something that can be selected.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// What it is.
    pub selection: Selection,
    /// Where it is; at least as large as a finger or a pointer needs.
    pub place: Rect,
    /// Its sentence.
    pub sentence: String,
}

const NAMES: f64 = 84.0;
const LAND: f64 = 106.0;
const LAND_NARROW: f64 = 70.0;
const CHIP: (f64, f64) = (30.0, 22.0);
const LEGEND: f64 = 34.0;
const SLIP: (f64, f64) = (72.0, 28.0);
const RULER: f64 = 36.0;
const BELOW: f64 = 34.0;
const ROW: f64 = 48.0;

/// Lays the fleet out in the frame.
pub fn layout(fleet: &Fleet, frame: Frame, selected: Option<&Selection>) -> Plan {
    let narrow = frame.width < 600.0;
    let left = if narrow { 0.0 } else { NAMES };
    let quay = if narrow { LAND_NARROW } else { LAND };
    let detail = detail_of(fleet);
    let legend = if frame.height >= 400.0 && !narrow { LEGEND } else { 0.0 };
    let widths = zone_widths(fleet, frame.width - left, narrow);
    let cells = Cells::of(fleet, &widths, detail, narrow, frame.height - quay - legend);

    let mut plan = Plan {
        size: (frame.width, 0.0),
        detail,
        quay,
        left,
        zones: Vec::new(),
        holds: Vec::new(),
        loads: Vec::new(),
        wishes: Vec::new(),
        stopped_x: 0.0,
        stopped: Vec::new(),
        more: (0, 0),
        trials: Vec::new(),
        legend: None,
        spots: Vec::new(),
    };
    land(fleet, &mut plan);
    let (mut x, mut y) = (left, quay);
    for (index, zone) in fleet.zones.iter().enumerate() {
        let head = if narrow { 40.0 } else { 0.0 };
        let (water_h, berth_h) = cells.heights(zone, narrow);
        let water = Rect { x, y, w: widths[index], h: head + water_h };
        let berth = Rect { x, y: y + head + water_h, w: widths[index], h: berth_h };
        let sign_x = match (narrow, zone.instances.is_empty()) {
            (false, false) if detail == Detail::Full => x + RULER + cells.hold.w + 14.0,
            _ => x + 12.0,
        };
        let sign = if narrow { (x + 12.0, y + 6.0) } else { (sign_x, quay - 48.0) };
        plan.zones.push(ZonePlan {
            letter: zone.letter,
            name: zone.name.clone(),
            subnets: zone.subnets.clone(),
            sign,
            water,
            berth,
            empty: zone.instances.is_empty() && zone.fargate.is_empty(),
        });
        let below_head = Rect { y: water.y + head, h: water_h, ..water };
        machines(zone, below_head, &cells, detail, &mut plan);
        afloat(zone, berth, &cells, detail, &mut plan);
        if narrow {
            y += head + water_h + berth_h;
        } else {
            x += widths[index];
        }
    }
    let bottom = plan.zones.iter().map(|zone| zone.berth.y + zone.berth.h).fold(quay + 120.0, f64::max);
    if legend > 0.0 {
        plan.legend = Some(bottom);
    }
    plan.size.1 = bottom + legend;
    tried(fleet, selected, &cells, &mut plan);
    plan
}

fn detail_of(fleet: &Fleet) -> Detail {
    let crowded = fleet.zones.iter().any(|zone| {
        let loads = zone
            .instances
            .iter()
            .map(|instance| instance.tasks.len() + instance.plain.len())
            .max()
            .unwrap_or(0);
        zone.instances.len() > 3 || loads > 10 || zone.fargate.len() > 10
    });
    if crowded { Detail::Compact } else { Detail::Full }
}

/// Zones with machines get twice the room of zones without, once there is a machine.
fn zone_widths(fleet: &Fleet, width: f64, narrow: bool) -> Vec<f64> {
    if narrow {
        return vec![width; fleet.zones.len()];
    }
    let weight = |zone: &Zone| if zone.instances.is_empty() { 1.0 } else { 2.0 };
    let sum: f64 = fleet.zones.iter().map(weight).sum();
    fleet.zones.iter().map(|zone| width * weight(zone) / sum).collect()
}

/// The sizes that all zones share.
struct Cells {
    scale: Scale,
    hold: Rect,
    cell: (f64, f64),
    water: f64,
    berth_row: f64,
    berth_box: f64,
    berth: f64,
    compact: bool,
}

impl Cells {
    fn of(fleet: &Fleet, widths: &[f64], detail: Detail, narrow: bool, height: f64) -> Cells {
        let instances = || fleet.zones.iter().flat_map(|zone| &zone.instances);
        let floating = || fleet.zones.iter().flat_map(|zone| &zone.fargate);
        let any = fleet.has_instances();
        let most = |of: &dyn Fn(&Zone) -> usize| fleet.zones.iter().map(of).max().unwrap_or(0) as f64;
        let compact = detail == Detail::Compact;
        let widest = fleet
            .zones
            .iter()
            .zip(widths)
            .filter(|(zone, _)| !zone.instances.is_empty())
            .map(|(_, width)| *width)
            .fold(f64::INFINITY, f64::min);
        let zone_w = if widest.is_finite() { widest } else { widths.first().copied().unwrap_or(320.0) };
        let floats = most(&|zone| zone.fargate.len());
        let lines =
            |zone: &Zone, width: f64| (zone.fargate.len() as f64 / (width / 24.0).floor().max(1.0)).ceil();
        let lines =
            fleet.zones.iter().zip(widths).map(|(zone, width)| lines(zone, *width)).fold(1.0, f64::max);
        let berth_guess = if compact { lines * 22.0 + 16.0 } else { floats.max(1.0) * ROW + 16.0 };
        let rows = if compact { 1.0 } else { most(&|zone| zone.instances.len()).max(1.0) };
        let room = if narrow { 250.0 * rows } else { (height - berth_guess).max(190.0 * rows) };
        let cell_h = room / rows;
        let hold = if compact {
            Rect { x: 8.0, y: 20.0, w: 54.0, h: 84.0 }
        } else {
            let words = (zone_w * 0.34).clamp(106.0, 190.0);
            let w = (zone_w - RULER - 14.0 - words).clamp(90.0, 400.0);
            let h = (cell_h - 22.0 - BELOW).clamp(110.0, 520.0);
            Rect { x: RULER, y: 22.0, w, h }
        };
        let cell = if compact { (64.0, 116.0) } else { (zone_w, cell_h) };
        let scale = if any {
            let cpu = instances().map(|instance| instance.cpu).max().unwrap_or(1).max(1);
            let memory = instances().map(|instance| instance.memory).max().unwrap_or(1).max(1);
            Scale { x: hold.w / f64::from(cpu), y: hold.h / f64::from(memory) }
        } else {
            let cpu = floating().map(|task| task.cpu).max().unwrap_or(0).max(512);
            let memory = floating().map(|task| task.memory).max().unwrap_or(0).max(1024);
            Scale { x: 84.0 / f64::from(cpu), y: 34.0 / f64::from(memory) }
        };
        let box_w = floating().map(|task| f64::from(task.cpu) * scale.x).fold(24.0, f64::max).min(140.0);
        let box_h = floating().map(|task| f64::from(task.memory) * scale.y).fold(0.0, f64::max).min(160.0);
        let berth_row = if compact { 22.0 } else { ROW.max(box_h + 16.0) };
        let lanes = if compact { lines } else { floats.max(1.0) };
        let berth = lanes * berth_row + 16.0;
        let water = if any {
            let across = if compact { (zone_w / cell.0).floor().max(1.0) } else { 1.0 };
            let down = (most(&|zone| zone.instances.len()) / across).ceil().max(1.0);
            down * cell.1 + if compact { 14.0 } else { 0.0 }
        } else {
            (height - berth).clamp(96.0, 150.0)
        };
        let berth = if narrow { berth } else { berth.max(height - water) };
        Cells { scale, hold, cell, water, berth_row, berth_box: box_w, berth, compact }
    }

    fn heights(&self, zone: &Zone, narrow: bool) -> (f64, f64) {
        if !narrow {
            return (self.water, self.berth);
        }
        let water = match zone.instances.len() {
            0 => 0.0,
            some if self.compact => (some as f64 / 5.0).ceil() * self.cell.1 + 14.0,
            some => some as f64 * self.cell.1,
        };
        let berth = match zone.fargate.len() {
            0 => 0.0,
            some if self.compact => (some as f64 / 15.0).ceil() * self.berth_row + 16.0,
            some => some as f64 * self.berth_row + 16.0,
        };
        (water, berth)
    }
}

/// Puts what is wanted and what has gone on the land.
fn land(fleet: &Fleet, plan: &mut Plan) {
    let start = if plan.left > 0.0 { plan.left } else { 12.0 };
    let half = start + (plan.size.0 - start) * 0.56;
    plan.stopped_x = half;
    let room = |from: f64, to: f64| (((to - from - 34.0) / (SLIP.0 + 8.0)).floor().max(1.0)) as usize;
    let slip = |index: usize, from: f64| Rect {
        x: from + index as f64 * (SLIP.0 + 8.0),
        y: 26.0,
        w: SLIP.0,
        h: SLIP.1,
    };
    let wish_room = room(start, half);
    for (index, wish) in fleet.wishes.iter().take(wish_room).enumerate() {
        let Some(service) = fleet.services.get(wish.service) else { continue };
        let selection = Selection::Wish(service.name.clone(), wish.number);
        let place = slip(index, start);
        plan.spots.push(Spot {
            selection: selection.clone(),
            place,
            sentence: sentence::of_wish(wish, service),
        });
        plan.wishes.push(SlipPlan { selection, place, name: wish.name.clone(), service: Some(wish.service) });
    }
    let gone_room = room(half, plan.size.0);
    for (index, task) in fleet.stopped.iter().take(gone_room).enumerate() {
        let selection = Selection::Task(task.id.clone());
        let place = slip(index, half);
        plan.spots.push(Spot {
            selection: selection.clone(),
            place,
            sentence: sentence::of_task(task, None, None),
        });
        plan.stopped.push(SlipPlan { selection, place, name: task.name.clone(), service: task.service });
    }
    plan.more = (fleet.wishes.len().saturating_sub(wish_room), fleet.stopped.len().saturating_sub(gone_room));
}

/// The machines of a zone, with what is in them.
fn machines(zone: &Zone, water: Rect, cells: &Cells, detail: Detail, plan: &mut Plan) {
    let across = if cells.compact { (water.w / cells.cell.0).floor().max(1.0) } else { 1.0 };
    for (index, instance) in zone.instances.iter().enumerate() {
        let (column, row) = (index as f64 % across, (index as f64 / across).floor());
        let cell = Rect {
            x: water.x + column * cells.cell.0,
            y: water.y + row * cells.cell.1,
            w: cells.cell.0.min(water.w),
            h: cells.cell.1,
        };
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
    let kept: Vec<Size> = staying.iter().map(size).collect();
    let all: Vec<Size> = staying.iter().chain(&going).map(size).collect();
    let stairs = stow(capacity, &kept, inside.x, floor, scale);
    let steps = stow(capacity, &all, inside.x, floor, scale).steps;
    let words_x = cell.x + cells.hold.x + cells.hold.w + 14.0;
    let plate_at = if detail == Detail::Full { (words_x, cell.y + 12.0) } else { (inside.x, inside.y - 4.0) };

    let selection = Selection::Instance(instance.id.clone());
    let place = if detail == Detail::Full {
        Rect { x: inside.x - 4.0, y: plate_at.1 - 2.0, w: cells.hold.w + 4.0, h: floor - plate_at.1 + 6.0 }
    } else {
        inside.grown(2.0)
    };
    plan.spots.push(Spot { selection, place, sentence: sentence::of_instance(instance, zone, stairs.left) });

    let mut steps = steps.iter();
    let mut held = Vec::new();
    for task in staying.into_iter().chain(going) {
        let Some(step) = steps.next() else { break };
        let load = stowed(task, *step, Some(inside));
        plan.spots.push(Spot {
            selection: load.selection.clone(),
            place: load.place,
            sentence: sentence::of_task(task, Some(zone), Some(instance)),
        });
        held.push(load);
    }
    for (index, plain) in instance.plain.iter().enumerate() {
        let x = inside.x + inside.w - 8.0 - (index as f64 + 1.0) * (CHIP.0 + 6.0);
        let place = Rect { x: x.max(inside.x), y: floor - CHIP.1 - 4.0, w: CHIP.0.min(inside.w), h: CHIP.1 };
        held.insert(index, by_hand(plain, instance, place, inside, plan));
    }
    let mut unlabelled = 0;
    if detail == Detail::Full {
        let taken =
            if instance.agent == Agent::Connected && instance.status != "DRAINING" { 68.0 } else { 98.0 };
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
        kind: instance.kind.clone(),
        inside,
        free: stairs.free,
        left: stairs.left,
        agent: instance.agent,
        status: instance.status.clone(),
        plate_at,
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
    });
}

/// A power of two that parts `total` into at most `parts`.
fn grid_step(total: u32, parts: u32) -> u32 {
    let mut step = 128;
    while total / step > parts {
        step *= 2;
    }
    step
}

fn marks(total: u32, step: u32) -> impl Iterator<Item = u32> {
    (1..).map(move |index| index * step).take_while(move |at| *at < total)
}

fn cpu_figures(total: u32, inside: Rect, scale: Scale) -> Vec<(f64, String)> {
    let at = |cpu: u32| (inside.x + f64::from(cpu) * scale.x, cpu.to_string());
    vec![at(0), at(total / 2), at(total)]
}

fn memory_figures(total: u32, step: u32, floor: f64, scale: Scale) -> Vec<(f64, String)> {
    let mut figures: Vec<(f64, String)> = Vec::new();
    for at in std::iter::once(0).chain(marks(total, step)) {
        let y = floor - f64::from(at) * scale.y;
        let gib = f64::from(at) / 1024.0;
        if figures.last().is_none_or(|(last, _)| last - y >= 26.0) {
            figures.push((y, format!("{gib}")));
        }
    }
    figures
}

fn stowed(task: &Task, place: Rect, hold: Option<Rect>) -> LoadPlan {
    let roomy = fits_inside(&task.name, place);
    LoadPlan {
        selection: Selection::Task(task.id.clone()),
        place,
        service: task.service,
        mark: task.mark(),
        revision: task.revision,
        inside: roomy.then(|| task.name.clone()),
        label: Some(Label {
            at: place.centre(),
            word: task.word(),
            detail: detail_line(task, roomy),
            one_line: false,
            from: (place.x + place.w, place.y + place.h / 2.0),
        }),
        hold,
        card: task.eni.clone(),
    }
}

/// What stands under a task's state: its name unless that is inside, its id, and what checks say.
fn detail_line(task: &Task, named: bool) -> String {
    let name = if named { String::new() } else { format!("{} ", task.name) };
    let health = if task.health == Health::Healthy { ", healthy" } else { "" };
    format!("{name}{}{health}", task.short)
}

fn fits_inside(name: &str, place: Rect) -> bool {
    place.w >= 6.8 * name.chars().count() as f64 + 3.0 && place.h >= 17.0
}

fn by_hand(plain: &Plain, instance: &Instance, place: Rect, inside: Rect, plan: &mut Plan) -> LoadPlan {
    let selection = Selection::Container(plain.id.clone());
    plan.spots.push(Spot {
        selection: selection.clone(),
        place,
        sentence: sentence::of_plain(plain, instance),
    });
    let name = plain.image.rsplit('/').next().unwrap_or(&plain.image).to_string();
    LoadPlan {
        selection,
        place,
        service: None,
        mark: if plain.running { Mark::ByHand } else { Mark::Exited },
        revision: Revision::Only,
        inside: None,
        label: Some(Label {
            at: place.centre(),
            word: if plain.running { "by hand" } else { "exited" }.to_string(),
            detail: format!("{name}, no task"),
            one_line: false,
            from: (place.x + place.w, place.y + place.h / 2.0),
        }),
        hold: Some(inside),
        card: None,
    }
}

/// Puts the labels beside the wall, each as near to its row as the others allow, the lowest first.
/// Returns how many found no room.
fn label(loads: &mut [LoadPlan], room: Rect) -> usize {
    let low = room.y + room.h;
    let one_line = 34.0 * loads.len() as f64 > low - room.y || room.w > 250.0;
    let pitch = if one_line { 20.0 } else { 34.0 };
    let fitting = (((low - room.y) / pitch).floor().max(0.0)) as usize;
    let mut rows: Vec<f64> = Vec::with_capacity(fitting);
    let mut next = low - pitch / 2.0;
    for load in loads.iter().take(fitting) {
        let wish = load.label.as_ref().map_or(next, |label| label.from.1);
        rows.push(wish.min(next));
        next = rows[rows.len() - 1] - pitch;
    }
    let mut highest = room.y + pitch / 2.0;
    for row in rows.iter_mut().rev() {
        *row = row.max(highest);
        highest = *row + pitch;
    }
    let mut rows = rows.into_iter();
    for load in loads.iter_mut() {
        match (rows.next(), &mut load.label) {
            (Some(y), Some(label)) => {
                label.at = (room.x + 7.0, y);
                label.one_line = one_line;
            }
            _ => load.label = None,
        }
    }
    loads.len().saturating_sub(fitting)
}

/// The area that selects a load: its box, grown to 24 px.
fn touchable(load: &LoadPlan) -> Rect {
    let (x, y) = load.place.centre();
    let (w, h) = (load.place.w.max(24.0), load.place.h.max(24.0));
    Rect { x: x - w / 2.0, y: y - h / 2.0, w, h }
}

/// Fargate tasks in their berth.
fn afloat(zone: &Zone, berth: Rect, cells: &Cells, detail: Detail, plan: &mut Plan) {
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
                if let Some(card) = &task.eni {
                    label.detail = format!("{} · {card}", label.detail);
                }
            }
            load
        } else {
            let across = (berth.w / 24.0).floor().max(1.0);
            let place = Rect {
                x: berth.x + 8.0 + (index % across) * 24.0,
                y: berth.y + 8.0 + (index / across).floor() * 22.0,
                w: 18.0,
                h: 14.0,
            };
            stowed(task, place, None)
        };
        if detail == Detail::Compact {
            load.label = None;
            load.inside = None;
        }
        plan.spots.push(Spot {
            selection: load.selection.clone(),
            place: touchable(&load),
            sentence: sentence::of_task(task, Some(zone), None),
        });
        plan.loads.push(load);
    }
}

/// Holds the selected wish against every hold.
fn tried(fleet: &Fleet, selected: Option<&Selection>, cells: &Cells, plan: &mut Plan) {
    let Some(Selection::Wish(name, number)) = selected else { return };
    let named = |index: usize| fleet.services.get(index).is_some_and(|service| service.name == *name);
    let wish =
        fleet.wishes.iter().find(|wish| wish.on_instance && wish.number == *number && named(wish.service));
    let Some(wish) = wish else { return };
    let load = Size { cpu: wish.cpu, memory: wish.memory };
    let capacities: Vec<Size> = fleet
        .zones
        .iter()
        .flat_map(|zone| &zone.instances)
        .map(|instance| Size { cpu: instance.cpu, memory: instance.memory })
        .collect();
    for (hold, capacity) in plan.holds.iter().zip(capacities) {
        let used = Size {
            cpu: capacity.cpu - hold.left.cpu.min(capacity.cpu),
            memory: capacity.memory - hold.left.memory.min(capacity.memory),
        };
        let place = stand(used, load, hold.inside.x, hold.inside.y + hold.inside.h, cells.scale);
        let short = match hold.agent {
            Agent::Connected => shortfall(hold.left, load),
            Agent::Silent => Some("agent silent".to_string()),
            Agent::Absent => Some("outside ECS".to_string()),
        };
        plan.trials.push(Trial { place, wall: hold.inside.x, short });
    }
}

/// The nearest thing in a direction, for the arrow keys.
pub fn next_spot(spots: &[Spot], from: usize, key: &str) -> Option<usize> {
    let (x, y) = spots.get(from)?.place.centre();
    let reach = |spot: &Spot| {
        let (dx, dy) = (spot.place.centre().0 - x, spot.place.centre().1 - y);
        let (ahead, aside) = match key {
            "ArrowRight" => (dx, dy),
            "ArrowLeft" => (-dx, dy),
            "ArrowDown" => (dy, dx),
            "ArrowUp" => (-dy, dx),
            _ => return None,
        };
        (ahead > 1.0).then(|| ahead + 2.0 * aside.abs())
    };
    spots
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != from)
        .filter_map(|(index, spot)| Some((index, reach(spot)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(index, _)| index)
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
