//! One walk over all tasks: what the map has to know of each service, each zone and each machine.
use std::collections::BTreeMap;

use drydock::ecs::container_instance::ContainerInstance;
use drydock::ecs::task::{Health as Checked, LaunchType, Task as Real, TaskStatus};
use drydock::{Sim, SimDuration, State, order};

use super::fleet::{in_order, small, task, waits};
use crate::map::{Crowd, MOST_SINGLE, Mark, Task};

/// How long a stopped task stays on the map.
const REMEMBERED: SimDuration = SimDuration::secs(120);

/// How the tasks of a service stand.
#[derive(Debug, Clone, Copy, Default)]
pub struct Count {
    /// RUNNING.
    pub running: u64,
    /// On their way.
    pub pending: u64,
    /// RUNNING, and their checks pass.
    pub healthy: u64,
}

/// What the walk found.
pub struct Census<'a> {
    state: &'a State,
    /// The services' places by their ARNs.
    places: BTreeMap<&'a str, usize>,
    counts: Vec<Count>,
    afloat: BTreeMap<&'a str, Vec<&'a Real>>,
    /// Crowds by the short ARN of their machine: its first letters differ, so it is found soon.
    stowed: BTreeMap<&'a str, Vec<Crowd>>,
    /// Tasks that wait for a machine.
    pub waiting: Vec<&'a Real>,
    /// Tasks that stopped a moment ago, the latest first.
    pub stopped: Vec<&'a Real>,
    /// Whether there are so many tasks that they are told together.
    pub crowded: bool,
}

impl<'a> Census<'a> {
    /// Counts the tasks of services in this order.
    pub fn of(sim: &'a Sim, services: impl Iterator<Item = &'a str>) -> Census<'a> {
        let state = sim.state();
        let places = order::map(services.enumerate().map(|(index, arn)| (arn, index)));
        let there = state.tasks.values().filter(|task| task.last_status != TaskStatus::Stopped);
        let mut census = Census {
            state,
            counts: vec![Count::default(); places.len()],
            places,
            afloat: BTreeMap::new(),
            stowed: BTreeMap::new(),
            waiting: Vec::new(),
            stopped: Vec::new(),
            crowded: there.count() > MOST_SINGLE,
        };
        for task in state.tasks.values() {
            census.take(task, sim);
        }
        order::sort_by_key(&mut census.stopped, |task| std::cmp::Reverse(task.stopped_at));
        census
    }

    fn take(&mut self, task: &'a Real, sim: &Sim) {
        let place = self.place(task);
        if let Some(count) = place.and_then(|place| self.counts.get_mut(place)) {
            count.running += u64::from(task.is_running());
            count.pending += u64::from(task.is_pending());
            count.healthy += u64::from(task.is_running() && task.health() == Checked::Healthy);
        }
        if task.last_status == TaskStatus::Stopped {
            if task.stopped_at.is_some_and(|at| sim.clock().since(at) <= REMEMBERED) {
                self.stopped.push(task);
            }
        } else if waits(task) {
            self.waiting.push(task);
        } else if task.launch_type == LaunchType::Fargate {
            self.afloat.entry(&task.availability_zone).or_default().push(task);
        } else if let Some(host) = task.container_instance.as_ref().filter(|_| self.crowded) {
            join(self.stowed.entry(host.short()).or_default(), place, task);
        }
    }

    fn place(&self, task: &Real) -> Option<usize> {
        task.service.as_ref().and_then(|arn| self.places.get(arn.as_str()).copied())
    }

    /// How the tasks of the service with this place stand.
    pub fn count(&self, place: usize) -> Count {
        self.counts.get(place).copied().unwrap_or_default()
    }

    /// A task as the map shows it.
    pub fn draw(&self, of: &Real) -> Task {
        task(self.state, of, self.place(of))
    }

    /// What is on a machine: its tasks one by one, or together.
    pub fn stowed(&self, host: &ContainerInstance) -> (Vec<Task>, Vec<Crowd>) {
        if self.crowded {
            return (Vec::new(), self.stowed.get(host.arn.short()).map(sorted).unwrap_or_default());
        }
        let tasks = host.tasks.iter().filter_map(|arn| self.state.tasks.get(arn));
        (in_order(tasks).map(|task| self.draw(task)).collect(), Vec::new())
    }

    /// The Fargate tasks in a zone, one by one, or together.
    pub fn afloat(&self, zone: &str) -> (Vec<Task>, Vec<Crowd>) {
        let tasks = self.afloat.get(zone).map(Vec::as_slice).unwrap_or_default();
        if !self.crowded {
            return (in_order(tasks.iter().copied()).map(|task| self.draw(task)).collect(), Vec::new());
        }
        let mut crowds = Vec::new();
        for task in tasks {
            join(&mut crowds, self.place(task), task);
        }
        (Vec::new(), sorted(&crowds))
    }
}

/// Lets a task join those of its service and state.
fn join(crowds: &mut Vec<Crowd>, service: Option<usize>, task: &Real) {
    let mark = Mark::of(task.last_status.word(), task.told_to_stop, task.health() == Checked::Unhealthy);
    let (cpu, memory) = (small(task.cpu.0), small(task.memory.0));
    match crowds.iter_mut().find(|crowd| crowd.service == service && crowd.mark == mark) {
        Some(crowd) => {
            crowd.count += 1;
            crowd.cpu = crowd.cpu.saturating_add(cpu);
            crowd.memory = crowd.memory.saturating_add(memory);
        }
        None => crowds.push(Crowd { service, mark, count: 1, cpu, memory }),
    }
}

/// By service, and those that run before those that go.
fn sorted(crowds: &Vec<Crowd>) -> Vec<Crowd> {
    let mut crowds = crowds.clone();
    order::sort_by_key(&mut crowds, |crowd| (crowd.service, crowd.mark));
    crowds
}
