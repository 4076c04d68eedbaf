//! What will happen: events in the order of their time, then of their booking.

use crate::event::Event;
use crate::time::SimTime;
use crate::timeline::RecordId;
use std::collections::BTreeMap;

/// An event that is booked, and the record that caused the booking.
#[derive(Debug, Clone, PartialEq)]
pub struct Booking {
    /// What will happen.
    pub event: Event,
    /// The record behind it; what the event does is caused by this.
    pub cause: Option<RecordId>,
}

/// Everything that is booked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Agenda {
    booked: BTreeMap<(SimTime, u64), Booking>,
    count: u64,
}

impl Agenda {
    /// Books an event. Events of one moment happen in the order in which they were booked.
    pub fn book(&mut self, at: SimTime, event: Event, cause: Option<RecordId>) {
        self.count += 1;
        self.booked.insert((at, self.count), Booking { event, cause });
    }

    /// When the next event is due.
    pub fn next_at(&self) -> Option<SimTime> {
        self.booked.keys().next().map(|(at, _)| *at)
    }

    /// Takes the next event if it is due by `until`.
    pub fn take_due(&mut self, until: SimTime) -> Option<(SimTime, Booking)> {
        if self.next_at()? > until {
            return None;
        }
        self.booked.pop_first().map(|((at, _), booking)| (at, booking))
    }

    /// What is booked, in order.
    pub fn iter(&self) -> impl Iterator<Item = (SimTime, &Booking)> {
        self.booked.iter().map(|((at, _), booking)| (*at, booking))
    }
}
