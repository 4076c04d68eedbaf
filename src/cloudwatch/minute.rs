//! The minute: what is measured is published, alarms look at it, and policies are called.

use crate::cloudwatch::alarm;
use crate::cloudwatch::metric::{MINUTE, Metric, Point};
use crate::event::Event;
use crate::operation::Cx;
use crate::time::SimTime;

/// Somebody watches: the minutes begin to count, unless they do already.
pub(crate) fn watch(cx: &mut Cx<'_>) {
    if cx.state.cloudwatch.minute_ends.is_none() {
        book(cx);
    }
}

/// Books the end of the minute that lies ahead, by the clock on the wall.
fn book(cx: &mut Cx<'_>) {
    let ends = SimTime((cx.clock.0 / MINUTE.0 + 1) * MINUTE.0);
    cx.state.cloudwatch.minute_ends = Some(ends);
    cx.agenda.book(ends, Event::MetricMinute, cx.cause);
}

/// A minute ends. Nothing is booked again once nobody watches.
pub fn ends(cx: &mut Cx<'_>) {
    if cx.state.cloudwatch.minute_ends != Some(cx.clock) {
        return;
    }
    crate::ecs::managed_scaling::publish(cx);
    crate::autoscaling::group_cpu::publish(cx);
    let names: Vec<String> = cx.state.cloudwatch.alarms.keys().cloned().collect();
    for name in names {
        let cause = cx.cause;
        if let Some(point) = alarm::evaluate(cx, &name) {
            call(cx, &name, &point);
        }
        cx.cause = cause;
    }
    if cx.state.cloudwatch.alarms.is_empty() {
        cx.state.cloudwatch.minute_ends = None;
    } else {
        book(cx);
    }
}

/// An alarm that is in ALARM calls its policy, each minute anew (CW-54).
fn call(cx: &mut Cx<'_>, name: &str, point: &Point) {
    let Some(alarm) = cx.state.cloudwatch.alarms.get(name).cloned() else { return };
    cx.cause = alarm.record.or(cx.cause);
    crate::autoscaling::policy::called(cx, &alarm, point);
}

/// Keeps the point of the minute that ends now.
pub(crate) fn publish(cx: &mut Cx<'_>, metric: Metric, point: Point) {
    let minute = cx.clock - MINUTE;
    cx.state.cloudwatch.metrics.entry(metric).or_default().add(minute, point);
}
