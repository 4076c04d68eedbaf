//! How a service went from one revision to the next: its tasks over time, worked out from the tasks that
//! ECS still remembers. No browser is needed to know that.
use drydock::ecs::service::{Bounds, RolloutState, Service};
use drydock::{SimDuration, SimTime, State};
use std::collections::BTreeMap;

/// What is shown before a deployment begins, and after it has ended.
const AROUND: SimDuration = SimDuration::secs(30);
/// The shortest and the longest stretch that is shown.
const STRETCH: (SimDuration, SimDuration) = (SimDuration::secs(120), SimDuration::secs(1800));

/// How many tasks there are of each sort from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// RUNNING ones of the newest deployment.
    pub new: u64,
    /// RUNNING ones of earlier deployments.
    pub old: u64,
    /// Those that are not RUNNING yet, of any deployment.
    pub pending: u64,
}

impl Counts {
    /// What the ceiling bounds.
    pub fn total(self) -> u64 {
        self.new + self.old + self.pending
    }
}

/// A deployment over time, between its floor and its ceiling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The first moment shown.
    pub from: SimTime,
    /// The last moment shown.
    pub to: SimTime,
    /// Now, if it is shown.
    pub now: Option<SimTime>,
    /// The counts from each moment on, the first at `from`.
    pub steps: Vec<(SimTime, Counts)>,
    /// Floor, wish and ceiling from each moment on, the first at `from`.
    pub bounds: Vec<Bounds>,
    /// The newest deployment's revision.
    pub revision: String,
    /// The revision of the earlier deployment, while it is in the list.
    pub earlier: Option<String>,
    /// IN_PROGRESS, COMPLETED or FAILED.
    pub state: &'static str,
}

/// How the newest deployment of a service went; nothing when it replaces nothing that is remembered.
pub fn history(state: &State, service: &Service, clock: SimTime) -> Option<History> {
    let primary = service.primary()?;
    let over = primary.rollout == RolloutState::Completed && service.deployments.len() == 1;
    let began = service.deployments.iter().map(|it| it.created_at).max()?;
    let ended = if over { clock.min(primary.updated_at + AROUND) } else { clock };
    let longest = SimTime(ended.0.saturating_sub(STRETCH.1.0));
    let from = SimTime(began.0.saturating_sub(AROUND.0)).max(longest);
    let to = ended.max(from + STRETCH.0);
    let mut changes: BTreeMap<SimTime, [i64; 3]> = BTreeMap::new();
    let mut change = |at: SimTime, sort: usize, by: i64| changes.entry(at.max(from)).or_default()[sort] += by;
    for task in state.tasks.values().filter(|task| task.service.as_ref() == Some(&service.arn)) {
        let running = usize::from(task.started_by.as_deref() != Some(primary.id.as_str()));
        change(task.created_at, 2, 1);
        let started = task.started_at.filter(|at| task.stopping_at.is_none_or(|end| *at <= end));
        if let Some(at) = started {
            change(at, 2, -1);
            change(at, running, 1);
        }
        if let Some(at) = task.stopping_at {
            change(at, if started.is_some() { running } else { 2 }, -1);
        }
    }
    let mut sums = [0_i64; 3];
    let mut steps = vec![(from, Counts::default())];
    for (at, by) in changes {
        for (sum, by) in sums.iter_mut().zip(by) {
            *sum += by;
        }
        let [new, old, pending] = sums.map(|sum| u64::try_from(sum).unwrap_or(0));
        let counts = Counts { new, old, pending };
        match steps.last_mut() {
            Some(last) if last.0 == at => last.1 = counts,
            _ => steps.push((at, counts)),
        }
    }
    steps.iter().any(|(_, counts)| counts.old > 0).then(|| History {
        from,
        to,
        now: (clock <= to).then_some(clock),
        steps,
        bounds: bounds(service, from, ended),
        revision: primary.task_definition.short().to_string(),
        earlier: service.deployments.get(1).map(|it| it.task_definition.short().to_string()),
        state: primary.rollout.word(),
    })
}

/// Floor, wish and ceiling within a stretch of time; what held before it holds from its beginning on.
fn bounds(service: &Service, from: SimTime, to: SimTime) -> Vec<Bounds> {
    let mut shown: Vec<Bounds> = Vec::new();
    for bounds in service.bounds.iter().filter(|bounds| bounds.at <= to) {
        let bounds = Bounds { at: bounds.at.max(from), ..*bounds };
        match shown.last_mut() {
            Some(last) if last.at == bounds.at => *last = bounds,
            _ => shown.push(bounds),
        }
    }
    if shown.first().is_none_or(|first| first.at > from) {
        let first = shown.first().copied().unwrap_or(service.bounds_at(from));
        shown.insert(0, Bounds { at: from, ..first });
    }
    shown
}

impl History {
    /// Floor, wish and ceiling at the end of what is shown.
    pub fn bound(&self) -> Bounds {
        self.bounds_from(self.to)
    }

    /// Floor, wish and ceiling at a moment.
    pub fn bounds_from(&self, at: SimTime) -> Bounds {
        let held = self.bounds.iter().rfind(|bounds| bounds.at <= at).or(self.bounds.first());
        held.copied().unwrap_or(Bounds { at, floor: 0, desired: 0, ceiling: 0 })
    }

    /// Every moment in which a count or a bound changed, with both, the newest first.
    pub fn rows(&self) -> Vec<(SimTime, Counts, Bounds)> {
        let mut moments: Vec<SimTime> = self.steps.iter().map(|(at, _)| *at).collect();
        moments.extend(self.bounds.iter().map(|bounds| bounds.at));
        drydock::order::sort(&mut moments);
        moments.dedup();
        let counts = |at: SimTime| self.steps.iter().rfind(|step| step.0 <= at).map(|step| step.1);
        let row = |at: SimTime| (at, counts(at).unwrap_or_default(), self.bounds_from(at));
        moments.into_iter().rev().map(row).collect()
    }

    /// The counts at the end of what is shown.
    pub fn latest(&self) -> Counts {
        self.steps.last().map(|(_, counts)| *counts).unwrap_or_default()
    }

    /// The greatest number that has to find room on the chart.
    pub fn top(&self) -> u64 {
        let counts = self.steps.iter().map(|(_, counts)| counts.total());
        let ceilings = self.bounds.iter().map(|bounds| bounds.ceiling.max(bounds.desired));
        counts.chain(ceilings).max().unwrap_or(0).max(1)
    }

    /// The chart in a sentence.
    pub fn sentence(&self) -> String {
        let counts = self.latest();
        let end = match self.state {
            "COMPLETED" if counts.old == 0 => " It is COMPLETED.".to_string(),
            "FAILED" => format!(" It is FAILED: {} starts no more tasks.", self.revision),
            _ => String::new(),
        };
        let bound = self.bound();
        let mut before = String::new();
        for pair in self.bounds.windows(2).rev().take(3) {
            before.push_str(&format!(
                " Until {}: at least {}, at most {}, {} wanted.",
                pair[1].at.clock(),
                pair[0].floor,
                pair[0].ceiling,
                pair[0].desired
            ));
        }
        format!(
            "{} new running ({}), {} old running{}, {} pending. At least {} healthy, at most {} in all, {} wanted.{before}{end}",
            counts.new,
            self.revision,
            counts.old,
            self.earlier.as_ref().map(|earlier| format!(" ({earlier})")).unwrap_or_default(),
            counts.pending,
            bound.floor,
            bound.ceiling,
            bound.desired
        )
    }
}
