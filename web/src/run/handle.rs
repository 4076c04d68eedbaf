//! The one handle by which the screen reaches the run.
use drydock::SimTime;
use drydock::run::Run;
use leptos::prelude::*;

/// A run, and the signals that tell when to look at it again.
#[derive(Clone, Copy)]
pub struct RunHandle {
    run: StoredValue<Run>,
    /// Counts changes of the world, of the script and of the branches.
    changed: RwSignal<u64>,
    /// The moment that is shown.
    clock: RwSignal<SimTime>,
}

impl RunHandle {
    /// A handle for this run.
    pub fn new(run: Run) -> RunHandle {
        let clock = RwSignal::new(run.clock());
        RunHandle { run: StoredValue::new(run), changed: RwSignal::new(0), clock }
    }

    /// Changes the run, then lets whoever looks at it look again.
    pub fn act<T>(self, change: impl FnOnce(&mut Run) -> T) -> T {
        let result = self.run.try_update_value(change).expect("the run lives as long as its page");
        self.clock.set(self.run.with_value(|run| run.clock()));
        self.changed.update(|count| *count += 1);
        result
    }

    /// Lets time pass; who looks at the world looks again only if something happened.
    pub fn pass<T>(self, time: impl FnOnce(&mut Run) -> T) -> T {
        let (result, happened, clock) = self
            .run
            .try_update_value(|run| {
                let before = mark(run);
                let result = time(run);
                (result, before != mark(run), run.clock())
            })
            .expect("the run lives as long as its page");
        self.clock.set(clock);
        if happened {
            self.changed.update(|count| *count += 1);
        }
        result
    }

    /// What `read` sees; dependents run again only when the answer differs.
    pub fn view<T: PartialEq + Send + Sync + 'static>(
        self,
        read: impl Fn(&Run) -> T + Send + Sync + 'static,
    ) -> Memo<T> {
        Memo::new(move |_| {
            self.changed.track();
            self.run.with_value(&read)
        })
    }

    /// What `read` sees now, and no more.
    pub fn look<T>(self, read: impl FnOnce(&Run) -> T) -> T {
        self.run.with_value(read)
    }

    /// The moment that is shown.
    pub fn clock(self) -> SimTime {
        self.clock.get()
    }

    /// The moment that is shown, without following it.
    pub fn clock_untracked(self) -> SimTime {
        self.clock.get_untracked()
    }

    /// How often the world has changed.
    pub fn changes(self) -> u64 {
        self.changed.get()
    }

    /// Follows changes of the world.
    pub fn track(self) {
        self.changed.track();
    }
}

/// What differs as soon as an event has happened.
fn mark(run: &Run) -> (usize, usize, Option<SimTime>) {
    (run.timeline().len(), run.lines().len(), run.sim().agenda().next_at())
}
