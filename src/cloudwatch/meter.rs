//! Meters: the CPU of an instance, integrated over the minute, in integers.

use crate::arn::{InstanceId, TaskArn};
use crate::cloudwatch::metric::Level;
use crate::ecs::usage;
use crate::operation::Cx;
use crate::state::State;
use crate::time::SimTime;
use crate::timeline::RecordId;

/// What has been used of an instance's CPU since the minute began.
///
/// Use is piecewise constant: it changes only when a process begins or ends or its load changes, so nothing
/// has to tick in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meter {
    /// CPU units in use now.
    pub units: u64,
    /// Units times milliseconds so far.
    pub used: u64,
    /// Since when the use has been what it is.
    pub since: SimTime,
    /// When the measuring began.
    pub from: SimTime,
    /// The record of the last change.
    pub why: Option<RecordId>,
}

impl Meter {
    /// A meter that begins now.
    fn begun(state: &State, id: &InstanceId, now: SimTime, why: Option<RecordId>) -> Meter {
        Meter { units: units(state, id), used: 0, since: now, from: now, why }
    }

    /// Counts what was used until now.
    fn integrate(&mut self, now: SimTime) {
        self.used = self.used.saturating_add(self.units.saturating_mul(now.since(self.since).0));
        self.since = now;
    }

    /// The mean since the measuring began, of so many CPU units in all; what follows is measured anew.
    fn read(&mut self, now: SimTime, cpu: u64) -> Option<Level> {
        self.integrate(now);
        let level = Level::part(self.used, cpu.saturating_mul(now.since(self.from).0));
        self.used = 0;
        self.from = now;
        level
    }
}

/// The CPU units in use on an EC2 instance: what ECS runs there.
fn units(state: &State, id: &InstanceId) -> u64 {
    let registered = state.instances.get(id).and_then(|machine| machine.container_instance.as_ref());
    let registered = registered.and_then(|arn| state.container_instances.get(arn));
    registered.map_or(0, |instance| usage::instance_cpu(state, instance))
}

/// The use of CPU on a task's instance may have changed; costs next to nothing where nobody measures it.
pub(crate) fn changed_under(cx: &mut Cx<'_>, task: &TaskArn) {
    if cx.state.cloudwatch.meters.is_empty() {
        return;
    }
    let instance = cx.state.tasks.get(task).and_then(|task| task.container_instance.as_ref());
    let Some(instance) = instance.and_then(|arn| cx.state.container_instances.get(arn)) else { return };
    let id = instance.instance.clone();
    set(cx, &id);
}

/// Counts what was used until now, and goes on with what is used now.
pub(crate) fn set(cx: &mut Cx<'_>, id: &InstanceId) {
    if !cx.state.cloudwatch.meters.contains_key(id) {
        return;
    }
    let (now, units, why) = (cx.clock, units(cx.state, id), cx.cause);
    if let Some(meter) = cx.state.cloudwatch.meters.get_mut(id)
        && meter.units != units
    {
        meter.integrate(now);
        meter.units = units;
        meter.why = why.or(meter.why);
    }
}

/// Begins to measure an instance.
pub(crate) fn begin(cx: &mut Cx<'_>, id: &InstanceId) {
    let meter = Meter::begun(cx.state, id, cx.clock, cx.cause);
    cx.state.cloudwatch.meters.entry(id.clone()).or_insert(meter);
}

/// The mean of the minute that ends now, and the record of the last change.
pub(crate) fn read(cx: &mut Cx<'_>, id: &InstanceId) -> Option<(Level, Option<RecordId>)> {
    let cpu = cx.state.instances.get(id)?.instance_type.cpu;
    let now = cx.clock;
    let meter = cx.state.cloudwatch.meters.get_mut(id)?;
    let level = meter.read(now, cpu)?;
    Some((level, meter.why))
}
