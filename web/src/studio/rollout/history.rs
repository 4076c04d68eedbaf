//! How a service went from one revision to the next: its tasks over time, worked out from the tasks that
//! ECS still remembers. No browser is needed to know that.
use drydock::ecs::service::{RolloutState, Service};
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
    /// The least number of healthy tasks that the deployment may leave.
    pub floor: u64,
    /// The number of tasks wished for.
    pub desired: u64,
    /// The greatest number of tasks that the deployment may make.
    pub ceiling: u64,
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
        floor: service.minimum_healthy_percent.of_rounded_up(service.desired_count),
        desired: service.desired_count,
        ceiling: service.maximum_percent.of_rounded_down(service.desired_count),
        revision: primary.task_definition.short().to_string(),
        earlier: service.deployments.get(1).map(|it| it.task_definition.short().to_string()),
        state: primary.rollout.word(),
    })
}

impl History {
    /// The counts at the end of what is shown.
    pub fn latest(&self) -> Counts {
        self.steps.last().map(|(_, counts)| *counts).unwrap_or_default()
    }

    /// The greatest number that has to find room on the chart.
    pub fn top(&self) -> u64 {
        self.steps.iter().map(|(_, counts)| counts.total()).max().unwrap_or(0).max(self.ceiling).max(1)
    }

    /// The chart in a sentence.
    pub fn sentence(&self) -> String {
        let counts = self.latest();
        let end = match self.state {
            "COMPLETED" if counts.old == 0 => " It is COMPLETED.".to_string(),
            "FAILED" => format!(" It is FAILED: {} starts no more tasks.", self.revision),
            _ => String::new(),
        };
        format!(
            "{} new running ({}), {} old running{}, {} pending. At least {} healthy, at most {} in all, {} wanted.{end}",
            counts.new,
            self.revision,
            counts.old,
            self.earlier.as_ref().map(|earlier| format!(" ({earlier})")).unwrap_or_default(),
            counts.pending,
            self.floor,
            self.ceiling,
            self.desired
        )
    }
}
