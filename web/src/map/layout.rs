//! Where everything on the map stands: a pure function from a fleet and a frame to a plan.
use super::cells::{Cells, detail_of, zone_widths};
use super::fleet::{Agent, Fleet, Selection};
use super::groups;
use super::hold::{Rect, Size, shortfall, stand};
use super::land::land;
use super::plan::{Detail, Frame, Plan, Spot, Trial, ZonePlan};
use super::stowage::{afloat, machines};

const NAMES: f64 = 84.0;
const LAND: f64 = 106.0;
const LAND_NARROW: f64 = 70.0;
const LEGEND: f64 = 34.0;

/// Lays the fleet out in the frame.
pub fn layout(fleet: &Fleet, frame: Frame, selected: Option<&Selection>) -> Plan {
    let few;
    let fleet = if frame.scale > 1.0 {
        few = fleet.occupied();
        &few
    } else {
        fleet
    };
    let narrow = frame.width < 600.0;
    let left = if narrow { 0.0 } else { NAMES };
    let quay = if narrow { LAND_NARROW } else { LAND };
    let legend = if frame.height >= 400.0 && !narrow { LEGEND } else { 0.0 };
    let widths = zone_widths(fleet, frame.width - left, narrow);
    let detail = detail_of(fleet, frame.scale > 1.0, &widths);
    let cells = Cells::of(fleet, &widths, detail, narrow, frame.height - quay - legend);
    let detail = cells.detail;

    let mut plan = Plan {
        size: (frame.width, 0.0),
        detail,
        quay,
        left,
        zones: Vec::new(),
        holds: Vec::new(),
        loads: Vec::new(),
        stacks: Vec::new(),
        tile: cells.tile,
        frames: Vec::new(),
        lines: Vec::new(),
        trials: Vec::new(),
        legend: None,
        spots: Vec::new(),
    };
    land(fleet, &mut plan);
    let (mut x, mut y) = (left, quay);
    for (index, zone) in fleet.zones.iter().enumerate() {
        let head = if narrow { 40.0 } else { 0.0 };
        let (water_h, berth_h) = cells.heights(zone, widths[index], narrow);
        let water = Rect { x, y, w: widths[index], h: head + water_h };
        let berth = Rect { x, y: y + head + water_h, w: widths[index], h: berth_h };
        let sign_x = match (narrow, zone.instances.is_empty()) {
            (false, false) if detail == Detail::Full => x + cells.words(zone),
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
            empty: zone.instances.is_empty() && zone.afloat() == 0,
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
    groups::name_frames(fleet, &mut plan);
    tried(fleet, selected, &cells, &mut plan);
    plan
}

/// Holds the selected wish against every hold, where holds are large enough for words.
fn tried(fleet: &Fleet, selected: Option<&Selection>, cells: &Cells, plan: &mut Plan) {
    let Some(Selection::Wish(name, number)) = selected.filter(|_| !plan.is_together()) else { return };
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
