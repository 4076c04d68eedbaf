//! What must hold after every event, whatever went wrong before it: lives, bounds, protection, causes.

use super::Trial;
use super::blows::is_spot;
use drydock::arn::{ServiceArn, TaskArn};
use drydock::ecs::container_instance::InstanceStatus;
use drydock::ecs::service::{Scheduling, Service, ServiceStatus};
use drydock::ecs::task::{Health, StopCode, Task, TaskStatus};
use drydock::timeline::RecordKind;
use drydock::{Record, SimDuration, SimTime, State};
use std::collections::BTreeMap;

/// What was there before an event, to compare with what is there after it.
#[derive(Default)]
pub struct Before {
    tasks: BTreeMap<TaskArn, Known>,
    /// How many tasks each service wished for.
    desired: BTreeMap<ServiceArn, u64>,
}

/// A task as it was.
#[derive(Clone, Copy)]
struct Known {
    status: TaskStatus,
    told: bool,
    unhealthy: bool,
    protected: bool,
}

impl Trial {
    /// Looks behind an event, and remembers what is there for the next one.
    pub fn compare(&mut self) {
        let (seed, now, state, before) =
            (self.seed, self.world.sim.clock(), self.world.sim.state(), &self.before);
        let (mut earlier, mut moved) = (before.tasks.iter().peekable(), false);
        for task in state.tasks.values() {
            while let Some((arn, known)) = earlier.next_if(|(arn, _)| **arn < task.arn) {
                gone(known).unwrap_or_else(|what| panic!("seed {seed}, {now}: {arn} {what}"));
            }
            let known = earlier.next_if(|(arn, _)| **arn == task.arn).map(|(_, known)| *known);
            moved |= known.is_none_or(|known| known.told != task.told_to_stop);
            if known.is_some_and(|known| known.status == TaskStatus::Stopped) {
                assert!(
                    task.last_status == TaskStatus::Stopped,
                    "seed {seed}, {now}: {} came back",
                    task.arn
                );
                continue;
            }
            if let Err(what) = lives(task, known).and_then(|()| protection(task, known)) {
                panic!("seed {seed}, {now}: {} {what}: {task:#?}", task.arn);
            }
            // CAP-12: nothing begins on Fargate Spot where it has no capacity.
            let short =
                known.is_none() && is_spot(task) && state.spot_shortage.contains(&task.availability_zone);
            assert!(!short, "seed {seed}, {now}: {} began without capacity", task.arn);
        }
        for (arn, known) in earlier {
            gone(known).unwrap_or_else(|what| panic!("seed {seed}, {now}: {arn} {what}"));
        }
        // Only what starts and what is stopped can break the bounds of a service.
        for service in state.services.values().filter(|it| moved && it.status == ServiceStatus::Active) {
            if let Err(what) = bounds(state, service, before, now) {
                let tasks = state.tasks_of_service(service).map(|task| {
                    let told = if task.told_to_stop { ", told to stop" } else { "" };
                    let new = if before.tasks.contains_key(&task.arn) { "" } else { ", new" };
                    let on = task.container_instance.as_ref().map(ToString::to_string).unwrap_or_default();
                    format!(
                        "\n  {} {} {:?}{told}{new} {on}",
                        task.arn,
                        task.last_status.word(),
                        task.health()
                    )
                });
                panic!("seed {seed}, {now}: {} {what}:{}", service.name, tasks.collect::<String>());
            }
        }
        if let Err(what) = self.ledgers() {
            panic!("seed {seed}, {now}: {what}");
        }
        let records = self.world.timeline.records();
        for (place, record) in records.iter().enumerate().skip(self.records) {
            assert!(caused(place, record), "seed {seed}, {now}: no cause of {record}");
        }
        self.records = records.len();
        self.before.remember(self.world.sim.state());
    }
}

impl Before {
    fn remember(&mut self, state: &State) {
        let known = |task: &Task| Known {
            status: task.last_status,
            told: task.told_to_stop,
            unhealthy: task.health() == Health::Unhealthy,
            protected: task.protected_until.is_some(),
        };
        if self.tasks.keys().eq(state.tasks.keys()) {
            self.tasks.values_mut().zip(state.tasks.values()).for_each(|(it, task)| *it = known(task));
        } else {
            self.tasks = state.tasks.values().map(|task| (task.arn.clone(), known(task))).collect();
        }
        for service in state.services.values() {
            match self.desired.get_mut(&service.arn) {
                Some(desired) => *desired = service.desired_count,
                None => drop(self.desired.insert(service.arn.clone(), service.desired_count)),
            }
        }
    }
}

/// LIFE-26: ECS forgets a task only once it has STOPPED.
fn gone(known: &Known) -> Result<(), &'static str> {
    if known.status == TaskStatus::Stopped { Ok(()) } else { Err("is gone and has not STOPPED") }
}

/// A task only goes forward in its life, and what was told to stop stays told (LIFE-01, LIFE-09, LIFE-10).
fn lives(task: &Task, known: Option<Known>) -> Result<(), &'static str> {
    let (status, told) = (task.last_status, task.told_to_stop);
    let must = |holds: bool, what: &'static str| if holds { Ok(()) } else { Err(what) };
    match known {
        // One event can end several machines, and a daemon begin on one of them in between.
        None => must(status <= TaskStatus::Pending || told, "did not begin at the beginning")?,
        Some(known) => {
            must(status >= known.status, "went back")?;
            must(told || !known.told, "was told to go on")?;
            let moved = status != known.status;
            must(!moved || !known.told || status > TaskStatus::Running, "started after it was told to stop")?;
        }
    }
    must(told || status <= TaskStatus::Running, "ended without being told to")?;
    must(!told || task.stop_code.is_some(), "stops without a code")?;
    must(status != TaskStatus::Running || task.started_at.is_some(), "runs and never started")?;
    must((status == TaskStatus::Stopped) == task.stopped_at.is_some(), "has not the time of its end")?;
    let times = [
        Some(task.created_at),
        task.pull_started_at,
        task.pull_stopped_at,
        task.started_at,
        task.execution_stopped_at,
        task.stopped_at,
    ];
    must(times.iter().flatten().is_sorted(), "has times out of order")
}

/// PLACE-30: the scheduler itself stops no protected task, unless its checks fail.
fn protection(task: &Task, known: Option<Known>) -> Result<(), &'static str> {
    let Some(known) = known else { return Ok(()) };
    let stopped = !known.told && task.told_to_stop;
    let by_scheduler = task.stop_code == Some(StopCode::ServiceSchedulerInitiated);
    let fails = known.unhealthy || task.health() == Health::Unhealthy;
    let protected = known.protected && task.protected_until.is_some();
    if stopped && by_scheduler && protected && !fails { Err("was stopped under protection") } else { Ok(()) }
}

/// DEPLOY-07: the scheduler never starts above the ceiling, and never stops below the floor.
fn bounds(state: &State, service: &Service, before: &Before, now: SimTime) -> Result<(), String> {
    let replica = service.scheduling == Scheduling::Replica;
    // Where one event drains several machines, a DAEMON service decides in between, by those still ACTIVE.
    let now_desired = service.desired_count;
    let was_desired = before.desired.get(&service.arn).copied().filter(|_| !replica).unwrap_or(now_desired);
    let floor = service.minimum_healthy_percent.of_rounded_up(now_desired.min(was_desired));
    let ceiling = service.maximum_percent.of_rounded_down(now_desired.max(was_desired));
    let primary = service.primary().map(|it| it.id.as_str());
    let known = |task: &Task| before.tasks.get(&task.arn).copied();
    let active = |task: &Task| {
        let on = task.container_instance.as_ref().and_then(|on| state.container_instances.get(on));
        on.is_none_or(|on| on.status == InstanceStatus::Active)
    };
    // A daemon that is the last to leave a draining machine is none of those that are wished for.
    let tasks: Vec<&Task> = state.tasks_of_service(service).filter(|task| replica || active(task)).collect();
    let count = |such: &dyn Fn(&Task) -> bool| tasks.iter().filter(|task| such(task)).count() as u64;
    let stopped = |task: &Task| {
        let by_scheduler = task.stop_code == Some(StopCode::ServiceSchedulerInitiated);
        task.told_to_stop && by_scheduler && known(task).is_some_and(|known| !known.told)
    };
    if count(&|task| known(task).is_none()) > 0 {
        let most = count(&|task| !task.told_to_stop || stopped(task));
        if most > ceiling {
            return Err(format!("has {most} tasks, above {ceiling}"));
        }
    }
    // Nor can what ran then be told from what runs now, where some of it stands on a machine drained since.
    if was_desired != now_desired {
        return Ok(());
    }
    let bore = |task: &Task| {
        let known = known(task);
        stopped(task) && known.is_some_and(|it| it.status == TaskStatus::Running && !it.unhealthy)
    };
    let old = |task: &Task| task.started_by.as_deref() != primary || !active(task);
    let runs = |task: &Task| task.is_running() && task.health() != Health::Unhealthy;
    let running = count(&runs);
    if count(&bore) > 0 && running < floor {
        return Err(format!("has {running} tasks running, under {floor}"));
    }
    // What a deployment or a drained machine takes away, healthy tasks have made up for (DEPLOY-10).
    let healthy = count(&|task| runs(task) && (old(task) || is_healthy(state, task, now)));
    if count(&|task| bore(task) && old(task)) > 0 && healthy < floor {
        return Err(format!("has {healthy} healthy tasks, under {floor}"));
    }
    Ok(())
}

/// Whether a RUNNING task counts as healthy: by its check, or without one after 40 seconds (DEPLOY-10).
fn is_healthy(state: &State, task: &Task, now: SimTime) -> bool {
    let definition = &state.task_definitions[&task.task_definition];
    if definition.containers[0].health_check.is_some() {
        return task.health() == Health::Healthy;
    }
    task.started_at.is_some_and(|at| now >= at + SimDuration::secs(40))
}

/// No record is without a cause but what somebody asked for; so every chain of causes begins there.
fn caused(place: usize, record: &Record) -> bool {
    let asked = matches!(
        record.kind,
        RecordKind::Command | RecordKind::Fault | RecordKind::Answer | RecordKind::Refusal
    );
    asked || record.cause.is_some_and(|cause| (cause.0 as usize) < place)
}
