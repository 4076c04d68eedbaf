//! Those who watch hear the run from its start, in order, and what they missed.

mod support;

use drydock::Run;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::time::Duration;
use support::Served;

const ECS: &str = "AmazonEC2ContainerServiceV20141113";

/// An event: its name, its id and its data.
type Event = (String, String, Value);

struct Watcher(BufReader<TcpStream>);

impl Watcher {
    fn new(served: &Served, last: Option<&str>) -> Watcher {
        let mut stream = TcpStream::connect(served.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        let last = last.map_or(String::new(), |id| format!("last-event-id: {id}\r\n"));
        let asked = format!("GET /drydock/timeline HTTP/1.1\r\nhost: localhost\r\n{last}\r\n");
        stream.write_all(asked.as_bytes()).expect("a request");
        Watcher(BufReader::new(stream))
    }

    /// The next event.
    fn next(&mut self) -> Event {
        let (mut name, mut id) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).expect("a line in time") > 0, "the stream goes on");
            let line = line.trim_end();
            if let Some(text) = line.strip_prefix("event: ") {
                name = text.to_string();
            } else if let Some(text) = line.strip_prefix("id: ") {
                id = text.to_string();
            } else if let Some(text) = line.strip_prefix("data: ") {
                return (name, id, serde_json::from_str(text).expect("JSON"));
            }
        }
    }

    /// Every event up to the first clock at or behind this moment.
    fn until(&mut self, at: u64) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let event = self.next();
            let done = event.0 == "clock" && event.2["at"].as_u64() >= Some(at);
            events.push(event);
            if done {
                return events;
            }
        }
    }
}

/// Plays what a watcher heard in an engine of its own.
fn follow(events: &[Event]) -> Run {
    let mut run = Run::new(drydock::dice::Seed(events[0].2["seed"].as_u64().expect("a seed")));
    for (name, _, data) in events {
        let to = |run: &mut Run| {
            let at = drydock::SimTime(data["at"].as_u64().expect("a moment"));
            run.advance(at.since(run.clock()));
        };
        match name.as_str() {
            "line" => {
                to(&mut run);
                run.enter_as(data["as"].as_str(), data["command"].as_str().expect("a command"));
            }
            "clock" => to(&mut run),
            _ => {}
        }
    }
    run
}

#[test]
fn a_watcher_with_an_engine_has_the_same_run() {
    let served = Served::manual(9);
    let mut early = Watcher::new(&served, None);
    served.json(ECS, "CreateCluster", &json!({ "clusterName": "shop" }));
    let family = json!({ "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
        "cpu": "256", "memory": "512", "containerDefinitions": [{ "name": "web", "image": "shop/web:1" }] });
    served.json(ECS, "RegisterTaskDefinition", &family);
    served.post("/drydock/advance", &json!({ "seconds": 10 }));
    let network =
        json!({ "awsvpcConfiguration": { "subnets": ["subnet-pub-a"], "assignPublicIp": "ENABLED" } });
    let service = json!({ "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 2,
        "launchType": "FARGATE", "networkConfiguration": network });
    assert_eq!(served.json(ECS, "CreateService", &service).status, 200);
    served.post("/drydock/advance", &json!({ "seconds": 100 }));

    let events = early.until(110_000);
    assert_eq!(events[0].0, "begun");
    let records: Vec<&Value> =
        events.iter().filter(|event| event.0 == "record").map(|event| &event.2).collect();
    let world = served.endpoint.world();
    assert_eq!(records.len(), world.run().timeline().len());
    assert!(records.iter().zip(0..).all(|(record, number)| record["n"] == number), "each once, in order");
    assert_eq!(follow(&events).timeline().hash(), world.run().timeline().hash());
    drop(world);

    let late = Watcher::new(&served, None).until(110_000);
    assert_eq!(follow(&late).timeline().hash(), follow(&events).timeline().hash());
}

#[test]
fn a_watcher_that_was_away_hears_what_it_missed() {
    let served = Served::manual(9);
    served.json(ECS, "CreateCluster", &json!({ "clusterName": "a" }));
    served.post("/drydock/advance", &json!({ "seconds": 1 }));
    let (_, id, _) = Watcher::new(&served, None).until(1000).pop().expect("a clock");
    served.json(ECS, "CreateCluster", &json!({ "clusterName": "b" }));
    served.post("/drydock/advance", &json!({ "seconds": 1 }));
    let missed = Watcher::new(&served, Some(&id)).until(2000);
    let lines: Vec<&str> = missed
        .iter()
        .filter(|event| event.0 == "line")
        .filter_map(|event| event.2["command"].as_str())
        .collect();
    assert_eq!(lines, [r#"aws ecs create-cluster --cli-input-json '{"clusterName":"b"}'"#]);
    assert_eq!(missed[0].2["lines"], 1);

    served.send("POST", "/drydock/reset", &[], "");
    let anew = Watcher::new(&served, Some(&id)).until(0);
    assert_eq!((anew[0].0.as_str(), &anew[0].2["lines"]), ("begun", &json!(0)));
}

#[test]
fn watchers_have_seats() {
    let served = Served::manual(9);
    let seated: Vec<Watcher> = (0..64)
        .map(|_| {
            let mut watcher = Watcher::new(&served, None);
            watcher.next();
            watcher
        })
        .collect();
    assert_eq!(served.get("/drydock/timeline").status, 503);
    assert_eq!(served.json(ECS, "ListClusters", &json!({})).status, 200);
    drop(seated);
}
