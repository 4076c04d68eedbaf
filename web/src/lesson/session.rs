//! A learner in a lesson: which step is open, what is met, what was answered.
use std::sync::Arc;

use drydock::script::Script;
use drydock_lessons::{Drill, Item, Judge, Lesson, Play, StepVerdict};
use leptos::ev;
use leptos::prelude::*;

use crate::run::{Berth, Progress, keep, wall};
use crate::studio::desk::Desk;
use crate::studio::{Notice, Notices};

/// Milliseconds between two judgements while time passes.
const PAUSE: f64 = 200.0;
/// What stands in the progress for a lesson whose steps are all met.
pub const ALL: &str = "*";

/// The worlds of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// The world of its steps.
    Lesson,
    /// The world of a drill, by place.
    Drill(usize),
}

/// What the reader shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// What the lesson is about.
    Intro,
    /// A step, by place.
    Step(usize),
    /// The questions at the end.
    Quiz,
    /// What can be said now, and what comes next.
    End,
}

/// What the parts of a lesson share.
#[derive(Clone, Copy)]
pub struct Session {
    /// The run and its terminal.
    pub desk: Desk,
    /// Lesson or one of its drills.
    pub room: RwSignal<Room>,
    /// What the reader shows.
    pub stop: RwSignal<Stop>,
    /// How far the learner is.
    pub progress: RwSignal<Progress>,
    /// What is to be said about each step now.
    pub verdicts: RwSignal<Vec<StepVerdict>>,
    /// Whether the run on the screen proves an answer, and is not the learner's own.
    pub proving: RwSignal<bool>,
    berth: Berth,
    notices: Notices,
    lesson: StoredValue<Arc<Lesson>>,
    slug: StoredValue<String>,
    judge: StoredValue<Judge>,
}

impl Session {
    /// A learner comes in; `None` when the start of the lesson cannot be played.
    pub fn begin(
        lesson: Arc<Lesson>,
        slug: String,
        room: RwSignal<Room>,
        desk: Desk,
        berth: Berth,
        notices: Notices,
    ) -> Option<Session> {
        let judge = Judge::of_play(play(&lesson, room.get_untracked()), lesson.keys()).ok()?;
        let session = Session {
            desk,
            room,
            stop: RwSignal::new(Stop::Intro),
            progress: RwSignal::new(keep::progress(&slug)),
            verdicts: RwSignal::new(Vec::new()),
            proving: RwSignal::new(false),
            berth,
            notices,
            judge: StoredValue::new(judge),
            lesson: StoredValue::new(lesson),
            slug: StoredValue::new(slug),
        };
        session.judge();
        let begun = session.progress.with_untracked(|progress| *progress != Progress::default());
        if begun || room.get_untracked() != Room::Lesson {
            session.stop.set(session.first_open());
        }
        session.follow();
        session.hear_other_tabs();
        Some(session)
    }

    /// The lesson.
    pub fn lesson(self) -> Arc<Lesson> {
        self.lesson.get_value()
    }

    /// The drill whose world this is.
    pub fn drill(self) -> Option<Drill> {
        self.lesson.with_value(|lesson| drill(lesson, self.room.get_untracked()).cloned())
    }

    /// The steps of this room.
    pub fn play(self) -> Play {
        self.lesson.with_value(|lesson| play(lesson, self.room.get_untracked()).clone())
    }

    /// A text of the lesson: heading and HTML.
    pub fn text(self, anchor: &str) -> Option<(String, String)> {
        self.lesson
            .with_value(|lesson| lesson.texts.get(anchor).map(|text| (text.title.clone(), text.html.clone())))
    }

    /// Whether a step was ever met.
    pub fn is_met(self, step: &str) -> bool {
        let name = self.named(step);
        self.progress.with(|progress| progress.met.contains(&name))
    }

    /// The name of a step in the progress; steps of drills stand apart.
    fn named(self, step: &str) -> String {
        match self.room.get_untracked() {
            Room::Lesson => step.to_string(),
            Room::Drill(_) => format!("drill.{step}"),
        }
    }

    /// The first step that is not met yet, or the quiz.
    pub fn first_open(self) -> Stop {
        let progress = self.progress.get_untracked();
        let open = self.play().steps.iter().position(|step| !progress.met.contains(&self.named(&step.id)));
        match (open, self.room.get_untracked()) {
            (Some(step), _) => Stop::Step(step),
            (None, Room::Drill(_)) => Stop::Step(0),
            (None, Room::Lesson) => Stop::Quiz,
        }
    }

    /// Writes down that something was done.
    pub fn note(self, change: impl FnOnce(&mut Progress)) {
        let slug = self.slug.get_value();
        self.progress.update(|progress| {
            change(progress);
            // That storage refuses is said where the run is saved.
            let _ = keep::keep_progress(&slug, progress);
        });
    }

    /// Writes down the answer to a question of the quiz.
    pub fn answer(self, item: &Item, choice: &str) {
        let right = item.key().is_some_and(|key| key.key == choice);
        self.note(|progress| {
            let chosen = progress.chosen.entry(item.id.clone()).or_default();
            if chosen.is_empty() && right {
                progress.first_try.insert(item.id.clone());
            }
            chosen.insert(choice.to_string());
        });
    }

    /// Keeps a prediction, and says it to the run as a line of its script.
    pub fn predict(self, item: &Item, choice: &str) {
        self.note(|progress| {
            progress.predicted.entry(item.id.clone()).or_insert_with(|| choice.to_string());
        });
        self.desk.enter(&format!("drydock answer {} {choice}", item.id));
    }

    /// Says an answer of the drill to the run.
    pub fn answer_drill(self, item: &Item, choice: &str) {
        self.answer(item, choice);
        self.desk.enter(&format!("drydock answer {} {choice}", item.id));
    }

    /// Puts the run that shows an answer on the screen; the learner's own is kept.
    pub fn prove(self, lines: &str) {
        let mut run = self.judge.with_value(|judge| judge.start().clone());
        let text =
            format!("drydock 1 seed={} behaviour={}\n{lines}\n", run.seed().0, drydock::script::BEHAVIOUR);
        let script = match Script::parse(&text) {
            Ok(script) => script,
            Err(error) => {
                return self.notices.set(Some(Notice::wrong(format!("That run cannot be read: {error}."))));
            }
        };
        run.play(&script);
        self.desk.interrupt();
        self.desk.player.pause();
        self.desk.selected.set(None);
        self.proving.set(true);
        self.berth.visit(run);
        self.desk.page.set(crate::studio::desk::Page::Map);
        self.notices.set(Some(
            Notice::tell("This is the run that shows it. Your own run is kept.")
                .with("Back to my own run", move || self.come_home()),
        ));
    }

    /// Back from a proof to the learner's own run.
    pub fn come_home(self) {
        self.desk.interrupt();
        self.desk.player.pause();
        self.desk.selected.set(None);
        self.berth.come_home();
        self.proving.set(false);
        self.judge();
    }

    /// Judges whenever something happened; while time only passes, now and then.
    fn follow(self) {
        let last = StoredValue::new(0.0);
        Effect::new(move |seen: Option<u64>| {
            let changes = self.desk.run.changes();
            self.desk.run.clock();
            let playing = self.desk.player.is_playing();
            let only_time = seen == Some(changes);
            if !(only_time && playing && wall() - last.get_value() < PAUSE) {
                last.set_value(wall());
                self.judge();
            }
            changes
        });
    }

    fn judge(self) {
        if self.proving.get_untracked() {
            return;
        }
        let play = self.play();
        let verdicts = self.judge.try_update_value(|judge| {
            self.desk.run.look(|run| judge.catch_up(run));
            judge.steps(&play)
        });
        let Some(verdicts) = verdicts else { return };
        let met: Vec<String> = verdicts
            .iter()
            .filter(|verdict| verdict.met_at.is_some())
            .map(|verdict| self.named(&verdict.step))
            .collect();
        let known =
            self.progress.with_untracked(|progress| met.iter().all(|step| progress.met.contains(step)));
        if !known {
            self.note(|progress| {
                progress.met.extend(met);
                let mut needed = play.steps.iter().filter(|step| !step.optional);
                if needed.all(|step| progress.met.contains(&step.id)) {
                    progress.met.insert(ALL.to_string());
                }
            });
        }
        if self.verdicts.with_untracked(|now| *now != verdicts) {
            self.verdicts.set(verdicts);
        }
    }

    /// What another tab reached in this lesson counts here too.
    fn hear_other_tabs(self) {
        let key = keep::progress_key(&self.slug.get_value());
        let heard = window_event_listener(ev::storage, move |event| {
            let theirs = event.new_value().as_deref().and_then(Progress::read);
            if event.key().as_deref() == Some(key.as_str())
                && let Some(theirs) = theirs
            {
                self.progress.update(|progress| progress.merge(&theirs));
            }
        });
        on_cleanup(move || heard.remove());
    }
}

/// How a learner stands with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not answered.
    Open,
    /// Right at the first try.
    Right,
    /// Right at a later try.
    Later,
    /// Answered, and never rightly.
    Wrong,
}

impl Standing {
    /// How a learner with this progress stands.
    pub fn of(item: &Item, progress: &Progress) -> Standing {
        match progress.chosen.get(&item.id) {
            _ if progress.first_try.contains(&item.id) => Standing::Right,
            None => Standing::Open,
            Some(chosen) if item.key().is_some_and(|key| chosen.contains(&key.key)) => Standing::Later,
            Some(_) => Standing::Wrong,
        }
    }

    /// In the names of classes.
    pub fn class(self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Right => "right",
            Standing::Later => "later",
            Standing::Wrong => "answered",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Standing::Open => "open",
            Standing::Right => "right",
            Standing::Later => "right at a later try",
            Standing::Wrong => "not right yet",
        }
    }
}

/// The world of a room, and what to reach in it.
pub fn play(lesson: &Lesson, room: Room) -> &Play {
    drill(lesson, room).map_or(&lesson.play, |drill| &drill.play)
}

fn drill(lesson: &Lesson, room: Room) -> Option<&Drill> {
    match room {
        Room::Lesson => None,
        Room::Drill(place) => lesson.drills.get(place),
    }
}
