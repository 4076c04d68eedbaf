//! Time that passes by itself: play, pause, speed, and waiting for something.
use std::sync::Arc;

use drydock::SimDuration;
use drydock::run::{Entered, Going, Waiting};
use leptos::prelude::*;

use super::RunHandle;

/// The speeds that can be chosen, in simulated seconds per second.
pub const SPEEDS: [u64; 7] = [1, 2, 10, 30, 60, 120, 600];
/// Milliseconds of a frame that the simulation may take.
const BUDGET: f64 = 9.0;
/// The longest stretch simulated in one go, in milliseconds, and the most events: the budget is looked at
/// in between, while a whole service starts, which is some thousand events within a few seconds.
const SLICE: u64 = 250;
const EVENTS: u32 = 300;
/// Whoever waits for something sees at least so many simulated seconds per second.
const WAITING_PACE: f64 = 60.0;

/// Who is told how a command ended. It belongs to the player: a callback in the arena would go
/// with the button that started the command, and that button goes as soon as the command waits.
pub type Told = Arc<dyn Fn(Entered) + Send + Sync>;

/// The play loop of a run.
#[derive(Clone, Copy)]
pub struct Player {
    run: RunHandle,
    playing: RwSignal<bool>,
    speed: RwSignal<u64>,
    /// Stops by itself when the timeline has more records than this.
    next_record: StoredValue<Option<usize>>,
    /// A command that waits, and who wants to know how it ended.
    waiting: StoredValue<Option<(Waiting, Told)>>,
    clock: StoredValue<Clock>,
}

/// What the loop keeps between frames, in milliseconds.
#[derive(Clone, Copy, Default)]
struct Clock {
    looping: bool,
    last: Option<f64>,
    begun: f64,
    /// What is left of a frame that was too short to give a whole millisecond.
    rest: f64,
}

impl Player {
    /// A player that stands still.
    pub fn new(run: RunHandle) -> Player {
        let player = Player {
            run,
            playing: RwSignal::new(false),
            speed: RwSignal::new(10),
            next_record: StoredValue::new(None),
            waiting: StoredValue::new(None),
            clock: StoredValue::new(Clock::default()),
        };
        on_cleanup(move || {
            player.playing.try_set(false);
        });
        player
    }

    /// Whether time passes.
    pub fn is_playing(self) -> bool {
        self.playing.get()
    }

    /// The speed, in simulated seconds per second.
    pub fn speed(self) -> u64 {
        self.speed.get()
    }

    /// Chooses a speed.
    pub fn set_speed(self, speed: u64) {
        self.speed.set(speed.clamp(SPEEDS[0], SPEEDS[SPEEDS.len() - 1]));
    }

    /// The next faster or slower speed.
    pub fn shift_speed(self, faster: bool) {
        let now = self.speed.get_untracked();
        let next = if faster {
            SPEEDS.into_iter().find(|speed| *speed > now)
        } else {
            SPEEDS.into_iter().rfind(|speed| *speed < now)
        };
        if let Some(next) = next {
            self.speed.set(next);
        }
    }

    /// Lets time pass until it is stopped.
    pub fn play(self) {
        self.next_record.set_value(None);
        self.start();
    }

    /// Plays, or pauses.
    pub fn toggle(self) {
        if self.playing.get_untracked() { self.pause() } else { self.play() }
    }

    /// Plays up to the next thing that happens.
    pub fn play_to_next(self) {
        self.next_record.set_value(Some(self.run.look(|run| run.timeline().len())));
        self.start();
    }

    /// Plays until a waiting command is over.
    pub fn wait(self, waiting: Waiting, done: Told) {
        self.next_record.set_value(None);
        self.waiting.set_value(Some((waiting, done)));
        self.start();
    }

    /// Stops the waiting of a command, if one waits.
    pub fn stop_waiting(self) -> bool {
        let stopped = self.waiting.try_update_value(Option::take).flatten().is_some();
        if stopped {
            self.playing.set(false);
        }
        stopped
    }

    /// Stands still.
    pub fn pause(self) {
        self.playing.set(false);
    }

    fn start(self) {
        let looping = self.clock.with_value(|clock| clock.looping);
        self.clock.set_value(Clock { looping: true, last: None, begun: wall(), rest: 0.0 });
        self.playing.set(true);
        if !looping {
            request_animation_frame(move || self.frame());
        }
    }

    fn frame(self) {
        if self.playing.try_get_untracked() != Some(true) {
            self.clock.try_update_value(|clock| clock.looping = false);
            return;
        }
        let now = wall();
        let mut clock = self.clock.get_value();
        // A tab that was hidden does not catch up.
        let passed = clock.last.map_or(16.0, |last| (now - last).clamp(0.0, 100.0));
        let due = passed * self.pace(now - clock.begun) + clock.rest;
        let mut left = due as u64;
        clock.last = Some(now);
        clock.rest = due - left as f64;
        self.clock.set_value(clock);
        while left > 0 && wall() - now < BUDGET && self.playing.get_untracked() {
            left -= self.slice(SimDuration(left.min(SLICE))).0.min(left);
        }
        request_animation_frame(move || self.frame());
    }

    /// Lets so much time pass, or less where much happens in it; returns how much it was.
    fn slice(self, slice: SimDuration) -> SimDuration {
        let begun = self.run.clock_untracked();
        let waiting = self.waiting.try_update_value(Option::take).flatten();
        let most = waiting.as_ref().map_or(slice, |(waiting, _)| slice.min(waiting.until().since(begun)));
        let there = self.run.pass(|run| run.advance_within(most, EVENTS));
        match waiting {
            // A command that waits looks again at a moment at which everything that was due is done.
            Some((waiting, done)) if there => {
                match self.run.pass(|run| run.resume(waiting, SimDuration(0))) {
                    Going::Waits(waiting) => self.waiting.set_value(Some((waiting, done))),
                    Going::Done(entered) => {
                        self.pause();
                        done(entered);
                    }
                }
            }
            waits @ Some(_) => self.waiting.set_value(waits),
            None if self.next_is_there() => self.pause(),
            None => {}
        }
        self.run.clock_untracked().since(begun)
    }

    fn next_is_there(self) -> bool {
        let Some(before) = self.next_record.get_value() else { return false };
        self.run.look(|run| {
            let nothing_booked = run.sim().agenda().next_at().is_none() && run.clock() >= run.end();
            run.timeline().len() > before || nothing_booked
        })
    }

    /// Simulated seconds per second; who waits long sees time pass faster and faster.
    fn pace(self, playing_for: f64) -> f64 {
        let speed = self.speed.get_untracked() as f64;
        let waits = self.waiting.with_value(Option::is_some) || self.next_record.get_value().is_some();
        if !waits {
            return speed;
        }
        let doublings = ((playing_for - 2_000.0) / 1_000.0).clamp(0.0, 4.0);
        (WAITING_PACE * doublings.exp2()).clamp(speed, 600.0)
    }
}

/// Milliseconds on the browser's own clock.
pub fn wall() -> f64 {
    window().performance().map(|clock| clock.now()).unwrap_or_default()
}
