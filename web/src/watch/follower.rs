//! A run of our own that does what another one did: the same lines at the same moments.
use drydock::SimTime;
use drydock::dice::Seed;
use drydock::run::Run;
use drydock::script::BEHAVIOUR;
use leptos::prelude::*;
use serde_json::Value;

use super::source::News;
use crate::run::RunHandle;

/// Follows the run of an endpoint, as docs/endpoint.md describes its news.
#[derive(Clone, Copy)]
pub struct Follower {
    run: RunHandle,
    /// Simulated seconds per second over there; 0 when time passes by request.
    speed: RwSignal<u64>,
}

impl Follower {
    /// A follower that has heard nothing yet.
    pub fn new(run: RunHandle) -> Follower {
        Follower { run, speed: RwSignal::new(0) }
    }

    /// How fast time passes over there, in words.
    pub fn pace(self) -> String {
        match self.speed.get() {
            0 => "time stands".to_string(),
            speed => format!("time at {speed}\u{d7}"),
        }
    }

    /// Does what a piece of news says.
    ///
    /// # Errors
    /// One sentence, when the endpoint is of another version than this page.
    pub fn hear(self, news: &News) -> Result<(), String> {
        let Ok(data) = serde_json::from_str::<Value>(&news.data) else { return Ok(()) };
        if news.name == "clock" {
            self.speed.set(data["speed"].as_u64().unwrap_or(0));
        }
        if news.name == "begun" {
            check_version(&data)?;
        }
        self.run.pass(|run| follow(run, &news.name, &data));
        Ok(())
    }
}

fn check_version(begun: &Value) -> Result<(), String> {
    if begun["behaviour"].as_u64() == Some(u64::from(BEHAVIOUR)) {
        return Ok(());
    }
    Err("The endpoint and this page are of different versions; what you see may differ from what it answers."
        .to_string())
}

fn follow(run: &mut Run, name: &str, data: &Value) {
    let at = SimTime(data["at"].as_u64().unwrap_or_default());
    match name {
        "begun" if data["lines"] == 0 && data["records"] == 0 => {
            *run = Run::new(Seed(data["seed"].as_u64().unwrap_or_default())).only_forward();
        }
        "line" => {
            run.advance(at.since(run.clock()));
            run.enter_as(data["as"].as_str(), data["command"].as_str().unwrap_or_default());
        }
        "clock" => run.advance(at.since(run.clock())),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{check_version, follow};
    use drydock::dice::Seed;
    use drydock::run::Run;
    use serde_json::json;

    #[test]
    fn the_same_news_give_the_same_run() {
        let mut theirs = Run::new(Seed(3));
        theirs.enter("aws ecs create-cluster --cluster-name shop");
        theirs.advance(drydock::SimDuration::secs(90));
        theirs.enter("drydock docker ps --on i-0");
        let mut ours = Run::new(Seed(9));
        follow(&mut ours, "begun", &json!({ "seed": 3, "lines": 0, "records": 0 }));
        for line in theirs.lines() {
            follow(&mut ours, "line", &json!({ "at": line.at.0, "command": line.command }));
        }
        follow(&mut ours, "clock", &json!({ "at": theirs.clock().0 }));
        follow(&mut ours, "record", &json!({ "text": "is for those who have no engine" }));
        assert_eq!(ours.script(), theirs.script());
        assert_eq!(ours.timeline().hash(), theirs.timeline().hash());
    }

    #[test]
    fn a_new_beginning_forgets_what_was() {
        let mut run = Run::new(Seed(3));
        run.enter("aws ecs create-cluster --cluster-name shop");
        follow(&mut run, "begun", &json!({ "seed": 4, "lines": 2, "records": 1 }));
        assert_eq!(run.lines().len(), 1, "a watcher that has heard the lines goes on");
        follow(&mut run, "begun", &json!({ "seed": 4, "lines": 0, "records": 0 }));
        assert_eq!((run.lines().len(), run.seed()), (0, Seed(4)));
    }

    #[test]
    fn another_version_is_said() {
        assert!(check_version(&json!({ "behaviour": drydock::script::BEHAVIOUR })).is_ok());
        assert!(check_version(&json!({ "behaviour": 99 })).is_err());
        assert!(check_version(&json!({})).is_err());
    }
}
