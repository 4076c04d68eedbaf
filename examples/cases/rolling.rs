//! Rolling updates: floor, ceiling, and whether a deployment can move at all (DEPLOY-06 to DEPLOY-13).
//!
//! A case is played as a Fargate service whose old tasks are all RUNNING when `UpdateService` brings
//! the second revision; the counts of `DescribeServices` are read after everything that happens.

use crate::Report;
use crate::client::Client;
use drydock::timeline::RecordKind;
use serde_json::{Value, json};

/// A deployment ends, or says that it cannot, within so many seconds for every task.
const SECONDS_A_TASK: u64 = 300;
/// How the event ends that tells of a deployment which cannot move (DEPLOY-08).
const CANNOT_MOVE: &str = "Update the minimumHealthyPercent or maximumPercent value and try again.";

/// What a case asks, and what it expects.
struct Case {
    desired: u64,
    min: u64,
    max: u64,
    running_min: u64,
    total_max: u64,
    progress: bool,
    /// Whether no move at all is legal.
    still: bool,
}

/// What the engine did.
struct Played {
    /// RUNNING and pending tasks, at every change.
    samples: Vec<(u64, u64)>,
    finished: bool,
    told: bool,
    reason: String,
}

/// Plays every case and compares.
pub fn judge(cases: &Value) -> Result<Report, String> {
    let cases = cases["cases"].as_array().ok_or("there is no list `cases`")?;
    let mut report = Report::default();
    let mut answers = Vec::new();
    for (place, written) in cases.iter().enumerate() {
        let case = read(written).map_err(|lack| format!("case {place} cannot be played: {lack}"));
        let tried = case.and_then(|case| match play(&case) {
            Ok(played) => Ok((case, played)),
            Err(refusal) => Err(format!("{}: it cannot be played: {refusal}", case.name())),
        });
        let (case, played) = match tried {
            Ok(both) => both,
            Err(complaint) => {
                report.disagreements.push(complaint);
                answers.push(Value::Null);
                continue;
            }
        };
        let faults = faults(&case, &played);
        if faults.is_empty() {
            report.passed += 1;
        } else {
            report.disagreements.push(format!("{}: {}; {}", case.name(), faults.join("; "), played.reason));
        }
        let samples: Vec<Value> =
            played.samples.iter().map(|(running, pending)| json!([running, pending])).collect();
        answers.push(json!({
            "desired": case.desired, "min": case.min, "max": case.max,
            "samples": samples, "finished": played.finished,
        }));
    }
    report.answers = Value::Array(answers);
    Ok(report)
}

impl Case {
    fn name(&self) -> String {
        format!("desired {} with {}/{}", self.desired, self.min, self.max)
    }
}

fn read(written: &Value) -> Result<Case, String> {
    let number = |name: &str| {
        written[name].as_u64().ok_or_else(|| format!("`{name}` is {}, and has to be a number", written[name]))
    };
    Ok(Case {
        desired: number("desired")?,
        min: number("min")?,
        max: number("max")?,
        running_min: number("running_min")?,
        total_max: number("total_max")?,
        progress: written["progress"].as_bool().ok_or("`progress` has to be true or false")?,
        still: written["states"].as_u64().unwrap_or(1) == 1,
    })
}

/// What disagrees with the case.
fn faults(case: &Case, played: &Played) -> Vec<String> {
    let mut faults = Vec::new();
    let least = played.samples.iter().map(|(running, _)| *running).min().unwrap_or(0);
    let most = played.samples.iter().map(|(running, pending)| running + pending).max().unwrap_or(0);
    if least < case.running_min {
        faults.push(format!("{least} running at the least, expected {} or more", case.running_min));
    }
    if most > case.total_max {
        faults.push(format!("{most} running or pending at the most, expected {} or fewer", case.total_max));
    }
    if played.finished != case.progress {
        let (did, expected) =
            if case.progress { ("did not finish", "to finish") } else { ("finished", "not to move") };
        faults.push(format!("it {did}, and was expected {expected}"));
    }
    if played.told == case.progress {
        let told = if played.told { "an event says" } else { "no event says" };
        faults.push(format!("{told} that it can neither stop nor start tasks"));
    }
    if !case.progress && case.still && played.samples.len() > 1 {
        faults.push("it moved".to_string());
    }
    faults
}

/// Plays a case from the start of its deployment to the end.
fn play(case: &Case) -> Result<Played, String> {
    let mut client = Client::new();
    client.ask("ecs", "CreateCluster", &json!({"clusterName": "shop"}))?;
    register(&mut client)?;
    client.ask(
        "ecs",
        "CreateService",
        &json!({
            "cluster": "shop", "serviceName": "web", "taskDefinition": "web:1", "launchType": "FARGATE",
            "desiredCount": case.desired, "availabilityZoneRebalancing": "DISABLED",
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pri-a", "subnet-pri-b"]}},
        }),
    )?;
    let limit = SECONDS_A_TASK * (case.desired + 1);
    watch(&mut client, limit, |service| service["deployments"][0]["rolloutState"] == "COMPLETED")?;
    register(&mut client)?;
    client.ask(
        "ecs",
        "UpdateService",
        &json!({
            "cluster": "shop", "service": "web", "taskDefinition": "web:2",
            "deploymentConfiguration": {"minimumHealthyPercent": case.min, "maximumPercent": case.max},
        }),
    )?;
    let over =
        |service: &Value| service["deployments"][0]["rolloutState"] == "COMPLETED" || cannot_move(service);
    let mut samples = watch(&mut client, limit, over)?;
    // It begins with what was there.
    if samples.first() != Some(&(case.desired, 0)) {
        samples.insert(0, (case.desired, 0));
    }
    let service = describe(&mut client)?;
    let said = |kind| client.last(kind, "/web").map(ToString::to_string).unwrap_or_default();
    Ok(Played {
        samples,
        finished: service["deployments"][0]["rolloutState"] == "COMPLETED",
        told: cannot_move(&service),
        reason: format!(
            "the engine says: {} / {}",
            said(RecordKind::Decision),
            said(RecordKind::ServiceEvent)
        ),
    })
}

/// Whether an event says that the deployment can neither stop nor start tasks.
fn cannot_move(service: &Value) -> bool {
    let events = service["events"].as_array().into_iter().flatten();
    events.filter_map(|event| event["message"].as_str()).any(|text| text.ends_with(CANNOT_MOVE))
}

fn register(client: &mut Client) -> Result<Value, String> {
    client.ask(
        "ecs",
        "RegisterTaskDefinition",
        &json!({
            "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
            "cpu": "256", "memory": "512",
            "containerDefinitions": [{"name": "web", "image": "shop/web:1"}],
        }),
    )
}

/// Lets things happen until the service is as wished, at most for so many seconds; the counts on the way.
fn watch(client: &mut Client, limit: u64, done: impl Fn(&Value) -> bool) -> Result<Vec<(u64, u64)>, String> {
    let until = client.seconds() + limit;
    let mut samples = Vec::new();
    loop {
        let service = describe(client)?;
        let sample = (
            service["runningCount"].as_u64().unwrap_or_default(),
            service["pendingCount"].as_u64().unwrap_or_default(),
        );
        if samples.last() != Some(&sample) {
            samples.push(sample);
        }
        if done(&service) || client.seconds() >= until || !client.step() {
            return Ok(samples);
        }
    }
}

fn describe(client: &mut Client) -> Result<Value, String> {
    let answer = client.ask("ecs", "DescribeServices", &json!({"cluster": "shop", "services": ["web"]}))?;
    Ok(answer["services"][0].clone())
}
