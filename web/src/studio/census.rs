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
    /// By zone.
    afloat: Vec<(&'a str, Vec<&'a Real>)>,
    /// The places of machines by their short ARNs, whose first letters differ, so that they are found soon.
    hosts: BTreeMap<&'a str, usize>,
    stowed: Vec<Vec<Crowd>>,
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
            afloat: Vec::new(),
            hosts: BTreeMap::new(),
            stowed: Vec::new(),
            waiting: Vec::new(),
            stopped: Vec::new(),
            crowded: there.count() > MOST_SINGLE,
        };
        if census.crowded {
            let hosts = state.container_instances.keys().enumerate();
            census.hosts = order::map(hosts.map(|(index, arn)| (arn.short(), index)));
            census.stowed.resize(census.hosts.len(), Vec::new());
        }
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
            match self.afloat.iter_mut().find(|(zone, _)| *zone == task.availability_zone) {
                Some((_, tasks)) => tasks.push(task),
                None => self.afloat.push((&task.availability_zone, vec![task])),
            }
        } else if let Some(host) =
            task.container_instance.as_ref().and_then(|arn| self.hosts.get(arn.short()))
        {
            join(&mut self.stowed[*host], place, task);
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
            let place = self.hosts.get(host.arn.short());
            return (Vec::new(), place.map(|place| self.stowed[*place].clone()).unwrap_or_default());
        }
        let tasks = host.tasks.iter().filter_map(|arn| self.state.tasks.get(arn));
        (in_order(tasks).map(|task| self.draw(task)).collect(), Vec::new())
    }

    /// The Fargate tasks in a zone, one by one, or together.
    pub fn afloat(&self, zone: &str) -> (Vec<Task>, Vec<Crowd>) {
        let here = self.afloat.iter().find(|(name, _)| *name == zone);
        let tasks = here.map(|(_, tasks)| tasks.as_slice()).unwrap_or_default();
        if !self.crowded {
            return (in_order(tasks.iter().copied()).map(|task| self.draw(task)).collect(), Vec::new());
        }
        let mut crowds = Vec::new();
        for task in tasks {
            join(&mut crowds, self.place(task), task);
        }
        (Vec::new(), crowds)
    }
}

/// Lets a task join those of its service and state; crowds stand by service, and those that run before
/// those that go.
fn join(crowds: &mut Vec<Crowd>, service: Option<usize>, task: &Real) {
    let mark = Mark::of(task.last_status.word(), task.told_to_stop, task.health() == Checked::Unhealthy);
    let (cpu, memory) = (small(task.cpu.0), small(task.memory.0));
    let place = crowds.iter().position(|crowd| (crowd.service, crowd.mark) >= (service, mark));
    let place = place.unwrap_or(crowds.len());
    match crowds.get_mut(place).filter(|crowd| (crowd.service, crowd.mark) == (service, mark)) {
        Some(crowd) => {
            crowd.count += 1;
            crowd.cpu = crowd.cpu.saturating_add(cpu);
            crowd.memory = crowd.memory.saturating_add(memory);
        }
        None => crowds.insert(place, Crowd { service, mark, count: 1, cpu, memory }),
    }
}
