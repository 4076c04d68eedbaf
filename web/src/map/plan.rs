//! A plan: where everything on the map stands, in px, as plain data.
use super::fleet::{Agent, Mark, Revision, Selection};
use super::hold::{Rect, Size};

/// The room for the map, in px.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Width; the plan never exceeds it.
    pub width: f64,
    /// Height to fill; the plan may be higher.
    pub height: f64,
    /// How many px a unit of the plan takes; on the stage more than one.
    pub scale: f64,
}

/// How much is drawn of each thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Names, rulers and states beside each load.
    Full,
    /// Stairs and marks; names when asked.
    Compact,
    /// Small holds; tasks are drawn together, and only machines can be selected.
    Overview,
    /// Holds without a sign, drawn together as well.
    Distant,
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
    /// Everything that is stowed and told one by one.
    pub loads: Vec<LoadPlan>,
    /// Everything that is stowed and told together.
    pub stacks: Vec<StackPlan>,
    /// How many Fargate tasks a box of a stack in the berth stands for.
    pub tile: u32,
    /// The frames of Auto Scaling groups.
    pub frames: Vec<FramePlan>,
    /// What stands on the land, kind by kind.
    pub lines: Vec<LinePlan>,
    /// The selected wish, tried in every hold.
    pub trials: Vec<Trial>,
    /// Where the legend of states stands; `None` where there is no room.
    pub legend: Option<f64>,
    /// Everything that can be selected.
    pub spots: Vec<Spot>,
}

/// More loads and holds than this are drawn together, and are pointed at as one surface: each as an element of the
/// page of its own would take longer than a frame when all of them start at once.
const MOST_APART: usize = 100;

impl Plan {
    /// Whether what is stowed is drawn together.
    pub fn is_together(&self) -> bool {
        self.detail >= Detail::Overview || self.loads.len() + self.holds.len() > MOST_APART
    }
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
    /// The room for words beside it.
    pub words_w: f64,
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
    /// What has to be known of it, a line each.
    pub notices: Vec<String>,
    /// Whether one of them is a warning.
    pub warns: bool,
    /// Whether EC2 may take it back.
    pub spot: bool,
    /// Whether its group may not take it in a scale-in.
    pub protected: bool,
}

impl HoldPlan {
    /// Whether nothing new can start in it.
    pub fn is_shut(&self) -> bool {
        self.agent == Agent::Silent || self.status == "DRAINING"
    }

    /// Whether its group ends it.
    pub fn is_leaving(&self) -> bool {
        self.notices.iter().any(|notice| notice.starts_with("Terminat"))
    }
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
    /// Whether AWS may take its capacity back.
    pub spot: bool,
    /// Whether it was warned that it ends.
    pub warned: bool,
}

/// Tasks of one service in one state, drawn together.
#[derive(Debug, Clone, PartialEq)]
pub struct StackPlan {
    /// Their boxes: one in a hold, one for each or for each few in the berth.
    pub boxes: Vec<Rect>,
    /// Their service, as an index.
    pub service: Option<usize>,
    /// Their mark.
    pub mark: Mark,
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

/// A part of an Auto Scaling group in one zone.
#[derive(Debug, Clone, PartialEq)]
pub struct FramePlan {
    /// The group.
    pub name: String,
    /// Around its machines.
    pub place: Rect,
    /// What its sign says; empty where another frame says it.
    pub words: String,
}

/// Slips of one kind, with their title.
#[derive(Debug, Clone, PartialEq)]
pub struct LinePlan {
    /// What they are.
    pub title: &'static str,
    /// Where they begin.
    pub x: f64,
    /// Those that find room.
    pub slips: Vec<SlipPlan>,
    /// How many do not.
    pub more: usize,
}

/// What a slip stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlipKind {
    /// A task that is wanted.
    Wish,
    /// A task that exists and waits for a machine.
    Waiting,
    /// A machine that is wanted.
    Machine,
    /// A group without machines.
    Idle,
    /// A task that has stopped.
    Gone,
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
    /// What it stands for.
    pub kind: SlipKind,
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
