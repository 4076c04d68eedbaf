//! The sizes that all zones share, and how much of each thing is drawn.
use super::fleet::{Fleet, Zone};
use super::hold::{Rect, Scale};
use super::plan::Detail;

/// The room for figures left of a hold.
pub const RULER: f64 = 36.0;
const BELOW: f64 = 34.0;
/// Heights of a row in the berth: with two lines of words, with them close together, and with one line.
const ROWS: [f64; 3] = [48.0, 36.0, 22.0];
/// The height of a machine's cell, where there is room, and at least.
const CELL: [f64; 2] = [190.0, 166.0];

/// The largest hold of a zone is at least as wide; a zone without room for it has no words.
const NARROWEST_HOLD: f64 = 44.0;
const NARROWEST_ZONE: f64 = RULER + NARROWEST_HOLD + 14.0 + 98.0;

/// More machines than this are shown small.
const MOST_MACHINES: usize = 90;

/// More tasks than this are not told apart from the last row of a hall.
const MOST_ON_STAGE: usize = 12;

/// Names and rulers for a few, stairs and marks for many, an overview for very many.
pub fn detail_of(fleet: &Fleet, stage: bool, widths: &[f64]) -> Detail {
    let machines = fleet.zones.iter().map(|zone| zone.instances.len()).sum::<usize>();
    if fleet.crowded || machines > MOST_MACHINES {
        return Detail::Overview;
    }
    if stage && fleet.count() > MOST_ON_STAGE {
        return Detail::Compact;
    }
    let mut zones = fleet.zones.iter().zip(widths);
    if zones.any(|(zone, width)| !zone.instances.is_empty() && *width < NARROWEST_ZONE) {
        return Detail::Compact;
    }
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
pub fn zone_widths(fleet: &Fleet, width: f64, narrow: bool) -> Vec<f64> {
    if narrow {
        return vec![width; fleet.zones.len()];
    }
    let weight = |zone: &Zone| if zone.instances.is_empty() { 1.0 } else { 2.0 };
    let sum: f64 = fleet.zones.iter().map(weight).sum();
    fleet.zones.iter().map(|zone| width * weight(zone) / sum).collect()
}

/// The sizes that all zones share.
pub struct Cells {
    /// One scale for all holds.
    pub scale: Scale,
    /// The largest hold, from the upper left corner of its cell.
    pub hold: Rect,
    /// The room of a machine with its words.
    pub cell: (f64, f64),
    /// The height of the water with the machines.
    pub water: f64,
    /// The height of a row in the berth.
    pub berth_row: f64,
    /// Whether the words of a row stand in one line.
    pub one_line: bool,
    /// The width of the widest box in the berth.
    pub berth_box: f64,
    /// The height of the berth.
    pub berth: f64,
    berth_wish: f64,
    /// The room for the sign of a group above a hold.
    pub head: f64,
    /// Whether names and rulers are left out.
    pub compact: bool,
    /// How much is drawn of each thing; less than was asked for where holds are very many.
    pub detail: Detail,
    /// How many Fargate tasks a box in the berth stands for.
    pub tile: u32,
    /// From one box in the berth to the next, where they have no words.
    pub pitch: (f64, f64),
}

/// The sizes of a hold in an overview, with its place in its cell and the cell; the first that finds room.
const OVERVIEWS: [(Rect, (f64, f64)); 3] = [
    (Rect { x: 6.0, y: 23.0, w: 26.0, h: 36.0 }, (34.0, 64.0)),
    (Rect { x: 3.0, y: 4.0, w: 16.0, h: 26.0 }, (22.0, 34.0)),
    (Rect { x: 2.0, y: 3.0, w: 9.0, h: 14.0 }, (13.0, 19.0)),
];

/// More boxes than this in the berth of a zone stand for several tasks each.
const MOST_BOXES: f64 = 400.0;

impl Cells {
    /// Measures the fleet for zones of these widths and this height.
    pub fn of(fleet: &Fleet, widths: &[f64], detail: Detail, narrow: bool, height: f64) -> Cells {
        // Holds give way to the berth, whose boxes in turn have the scale of the holds.
        let first = Cells::measured(fleet, widths, detail, narrow, height, 0.0);
        Cells::measured(fleet, widths, detail, narrow, height, first.berth_wish)
    }

    fn measured(
        fleet: &Fleet,
        widths: &[f64],
        detail: Detail,
        narrow: bool,
        height: f64,
        berth: f64,
    ) -> Cells {
        let instances = || fleet.zones.iter().flat_map(|zone| &zone.instances);
        let floating = || fleet.zones.iter().flat_map(|zone| &zone.fargate);
        let any = fleet.has_instances();
        let most = |of: &dyn Fn(&Zone) -> usize| fleet.zones.iter().map(of).max().unwrap_or(0) as f64;
        let compact = detail != Detail::Full;
        let widest = fleet
            .zones
            .iter()
            .zip(widths)
            .filter(|(zone, _)| !zone.instances.is_empty())
            .map(|(_, width)| *width)
            .fold(f64::INFINITY, f64::min);
        let zone_w = if widest.is_finite() { widest } else { widths.first().copied().unwrap_or(320.0) };
        let floats = most(&Zone::afloat);
        let tile = (0..).map(|power| 10_u32.pow(power)).find(|tile| floats / f64::from(*tile) <= MOST_BOXES);
        let tile = tile.unwrap_or(1);
        let pitch = if detail >= Detail::Overview { (14.0, 12.0) } else { (24.0, 22.0) };
        let boxes =
            |zone: &Zone| zone.crowds.iter().map(|crowd| crowd.count.div_ceil(tile) as usize).sum::<usize>();
        let lines = |zone: &Zone, width: f64| {
            ((zone.fargate.len() + boxes(zone)) as f64 / ((width - 8.0) / pitch.0).floor().max(1.0)).ceil()
        };
        let lines =
            fleet.zones.iter().zip(widths).map(|(zone, width)| lines(zone, *width)).fold(1.0, f64::max);
        let rows = if compact { 1.0 } else { most(&|zone| zone.instances.len()).max(1.0) };
        let room = if narrow { 250.0 * rows } else { (height - berth).max(CELL[1] * rows) };
        let cell_h = room / rows;
        let head = if fleet.groups.is_empty() { 0.0 } else { 16.0 };
        let machines = most(&|zone| zone.instances.len());
        let fits = |(_, cell): &(Rect, (f64, f64))| {
            (machines / (zone_w / cell.0).floor().max(1.0)).ceil() * cell.1 <= (height - berth).max(190.0)
        };
        let least = OVERVIEWS[OVERVIEWS.len() - 1];
        let overview = OVERVIEWS.into_iter().find(fits).unwrap_or(least);
        let signed = overview.1 == OVERVIEWS[0].1;
        let detail = if detail == Detail::Overview && !signed { Detail::Distant } else { detail };
        let hold = if detail >= Detail::Overview {
            overview.0
        } else if compact {
            Rect { x: 8.0, y: 25.0 + head, w: 54.0, h: 84.0 }
        } else {
            let words = (zone_w * 0.34).clamp(if zone_w < 250.0 { 98.0 } else { 106.0 }, 190.0);
            let w = (zone_w - RULER - 14.0 - words).clamp(NARROWEST_HOLD, 400.0);
            let h = (cell_h - 22.0 - head - BELOW).clamp(110.0, 520.0);
            Rect { x: RULER, y: 22.0 + head, w, h }
        };
        let cell = match detail {
            Detail::Overview | Detail::Distant => overview.1,
            Detail::Compact => (64.0, 120.0 + head),
            Detail::Full => (zone_w, cell_h),
        };
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
        let lanes = if compact { lines } else { floats.max(1.0) };
        let holds = if any { rows } else { 0.0 };
        let fits = |row: f64, cell: f64| narrow || lanes * row + 16.0 + cell * holds <= height;
        let berth_row = match ROWS.map(|row| row.max(box_h + row / 3.0)) {
            _ if compact => pitch.1,
            [wide, ..] if fits(wide, CELL[0]) => wide,
            [_, close, _] if fits(close, CELL[1]) => close,
            [.., single] => single,
        };
        let berth = lanes * berth_row + 16.0;
        let water = if any {
            let across = if compact { (zone_w / cell.0).floor().max(1.0) } else { 1.0 };
            let down = (most(&|zone| zone.instances.len()) / across).ceil().max(1.0);
            down * cell.1 + if compact { 14.0 } else { 0.0 }
        } else {
            (height - berth).clamp(96.0, 150.0)
        };
        let berth_wish = berth;
        let berth = if narrow { berth } else { berth.max(height - water) };
        Cells {
            scale,
            hold,
            cell,
            water,
            berth_row,
            one_line: berth_row < ROWS[1],
            berth_box: box_w,
            berth,
            berth_wish,
            head,
            compact,
            detail,
            tile,
            pitch,
        }
    }

    /// Where the words of a zone's machines stand, from the zone's left edge: beside its widest hold.
    pub fn words(&self, zone: &Zone) -> f64 {
        let widest = zone.instances.iter().map(|instance| instance.cpu).max().unwrap_or(0);
        self.hold.x + (f64::from(widest) * self.scale.x).min(self.hold.w) + 14.0
    }

    /// The heights of a zone's water and berth.
    pub fn heights(&self, zone: &Zone, width: f64, narrow: bool) -> (f64, f64) {
        if !narrow {
            return (self.water, self.berth);
        }
        let water = match zone.instances.len() {
            0 => 0.0,
            some if self.compact => {
                let across = (width / self.cell.0).floor().max(1.0);
                (some as f64 / across).ceil() * self.cell.1 + 14.0
            }
            some => some as f64 * self.cell.1,
        };
        let boxes: u32 = zone.crowds.iter().map(|crowd| crowd.count.div_ceil(self.tile)).sum();
        let berth = match zone.fargate.len() as f64 + f64::from(boxes) {
            0.0 => 0.0,
            some if self.compact => {
                (some / ((width - 8.0) / self.pitch.0).floor().max(1.0)).ceil() * self.berth_row + 16.0
            }
            some => some * self.berth_row + 16.0,
        };
        (water, berth)
    }
}
