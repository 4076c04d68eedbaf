//! The place of a run on this site: what it begins with, what was there before, where it is saved.
use drydock::run::Run;
use leptos::prelude::*;

use super::keep::{self, KeptRun, Trouble, run_key};
use super::keeper::{self, Begun};
use super::{RunHandle, link};

/// A run's place.
#[derive(Clone, Copy)]
pub struct Berth {
    /// The run that lies here.
    pub run: RunHandle,
    /// How it begins.
    pub begun: RwSignal<Begun>,
    /// Whether another run lay here before and can come back.
    pub has_earlier: RwSignal<bool>,
    name: StoredValue<String>,
    start: StoredValue<Run>,
    earlier: StoredValue<Option<Run>>,
    visiting: StoredValue<bool>,
    own: StoredValue<Option<Run>>,
}

/// How a page's run came to be there.
pub enum Found {
    /// From the start.
    Fresh,
    /// It was kept here.
    Kept,
    /// It was kept and could not be read, for the reason in the sentence.
    Lost(String),
}

impl Berth {
    /// The place of this name: the run that was kept here, else its start.
    pub fn open(name: &str, start: Run, from: Option<&str>) -> (Berth, Found) {
        let begun = match from {
            Some(from) => Begun::here(&start, Some(from)),
            None => Begun::default(),
        };
        let (run, found) = match keep::read(&run_key(name)).as_deref().map(KeptRun::read) {
            None => (start.clone(), Found::Fresh),
            Some(None) => {
                (start.clone(), Found::Lost("The run that was saved here cannot be read.".to_string()))
            }
            Some(Some(kept)) => match keeper::restore(&start, &begun, &kept) {
                Ok(run) => (run, Found::Kept),
                Err(why) => (start.clone(), Found::Lost(why)),
            },
        };
        let berth = Berth {
            run: RunHandle::new(run),
            begun: RwSignal::new(begun),
            has_earlier: RwSignal::new(keep::read(&run_key(&earlier_name(name))).is_some()),
            name: StoredValue::new(name.to_string()),
            start: StoredValue::new(start),
            earlier: StoredValue::new(None),
            visiting: StoredValue::new(false),
            own: StoredValue::new(None),
        };
        (berth, found)
    }

    /// The name of the place.
    pub fn name(self) -> String {
        self.name.get_value()
    }

    /// Puts another run here; the one that lay here can be brought back.
    pub fn replace(self, run: Run) {
        self.come_home();
        let old = self.run.act(|here| std::mem::replace(here, run));
        self.set_aside(old);
    }

    /// Puts the start here; the run that lay here can be brought back.
    pub fn restart(self) {
        self.replace(self.start.get_value());
    }

    /// Brings the earlier run back; the one that lay here takes its place.
    ///
    /// # Errors
    /// One sentence, when there is none that can be read.
    pub fn bring_back(self) -> Result<(), String> {
        let earlier = match self.earlier.try_update_value(Option::take).flatten() {
            Some(run) => run,
            None => {
                let text = keep::read(&run_key(&earlier_name(&self.name())));
                let kept = text.as_deref().and_then(KeptRun::read).ok_or("There is no earlier run.")?;
                self.restore(&kept)?
            }
        };
        self.replace(earlier);
        Ok(())
    }

    /// Shows another run for a while; it is not saved, and the one that lay here comes home again.
    pub fn visit(self, run: Run) {
        let own = self.run.act(|here| std::mem::replace(here, run));
        if !self.visiting.get_value() {
            self.own.set_value(Some(own));
            self.visiting.set_value(true);
        }
    }

    /// Ends a visit.
    pub fn come_home(self) {
        self.visiting.set_value(false);
        if let Some(own) = self.own.try_update_value(Option::take).flatten() {
            self.run.act(|here| *here = own);
        }
    }

    /// Reads the run in a link and puts it here.
    ///
    /// # Errors
    /// One sentence; the run that lies here stays.
    pub fn take_link(self, script: &str) -> Result<(), String> {
        self.take_kept(&KeptRun {
            cursor: drydock::SimTime::MAX,
            script: script.to_string(),
            futures: Vec::new(),
        })
    }

    /// Puts a run that was kept elsewhere here.
    ///
    /// # Errors
    /// One sentence; the run that lies here stays.
    pub fn take_kept(self, kept: &KeptRun) -> Result<(), String> {
        let run = self.restore(kept)?;
        self.replace(run);
        Ok(())
    }

    fn restore(self, kept: &KeptRun) -> Result<Run, String> {
        self.start.with_value(|start| self.begun.with_untracked(|begun| keeper::restore(start, begun, kept)))
    }

    fn set_aside(self, old: Run) {
        let kept = self.begun.with_untracked(|begun| keeper::kept(&old, begun));
        // Where storage refuses, the run is still in this tab.
        let _ = keep::write(&run_key(&earlier_name(&self.name())), &kept.write());
        self.earlier.set_value(Some(old));
        self.has_earlier.set(true);
    }

    /// The fragment that carries this run.
    pub fn fragment(self) -> String {
        let kept = self.begun.with_untracked(|begun| self.run.look(|run| keeper::kept(run, begun)));
        link::fragment(&kept.script)
    }

    /// Saves the run from now on, for as long as the page is there.
    pub fn keep_saving(self, acts: RwSignal<u64>, trouble: RwSignal<Option<Trouble>>) {
        keeper::keep_saving(self.name(), self.run, self.begun.into(), self.visiting, acts, trouble);
    }
}

fn earlier_name(name: &str) -> String {
    format!("{name}.earlier")
}
