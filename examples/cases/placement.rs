//! Placement: where the tasks of one request go (PLACE-01 to PLACE-26).
//!
//! A case's fleet is made by RegisterContainerInstance. The tasks that are there already are started by
//! StartTask; those of a `service:` group, which no standalone task may have, by a service that is led
//! from instance to instance by its placement constraint. The request itself is RunTask, or UpdateService
//! for a `service:` group, one task at a time. Floor and ceiling of every service are its desired count,
//! so that nothing stops and nothing moves.

mod fleet;

use crate::Report;
use crate::client::Client;
use drydock::timeline::RecordKind;
use fleet::Fleet;
use serde_json::{Map, Value, json};

/// The most tasks that a case may ask for.
const MOST: u64 = 10_000;

/// Plays every case and compares.
pub fn judge(cases: &Value) -> Result<Report, String> {
    let cases = cases["cases"].as_array().ok_or("there is no list `cases`")?;
    let mut report = Report::default();
    let mut answers = Map::new();
    for (place, case) in cases.iter().enumerate() {
        let id = case["id"].as_str().map_or_else(|| format!("case {place}"), str::to_string);
        match play(case) {
            Ok(played) => {
                let faults = faults(&case["expect"], &played.places);
                if faults.is_empty() {
                    report.passed += 1;
                } else {
                    let reasons = played.reasons.join(" | ");
                    report
                        .disagreements
                        .push(format!("{id}: {}; the engine says: {reasons}", faults.join("; ")));
                }
                answers.insert(id, json!(played.places));
            }
            Err(refusal) => {
                report.disagreements.push(format!("{id}: it cannot be played: {refusal}"));
                answers.insert(id, Value::Null);
            }
        }
    }
    report.answers = Value::Object(answers);
    Ok(report)
}

/// What the engine did.
struct Played {
    /// The instance of each task, in the words of the case.
    places: Vec<Option<String>>,
    /// Its decisions.
    reasons: Vec<String>,
}

/// What disagrees with the case.
fn faults(expect: &Value, places: &[Option<String>]) -> Vec<String> {
    let mut faults = Vec::new();
    let acceptable = expect["first"].as_array().cloned().unwrap_or_default();
    match places.first() {
        Some(Some(first)) if !acceptable.contains(&json!(first)) => {
            faults.push(format!("the first task is on {first}, expected one of {}", expect["first"]));
        }
        Some(None) if !acceptable.is_empty() => {
            faults.push(format!("the first task has no place, expected one of {}", expect["first"]));
        }
        _ => {}
    }
    let mut counts: Map<String, Value> = Map::new();
    for place in places.iter().flatten() {
        let count = counts.get(place).and_then(Value::as_u64).unwrap_or(0);
        counts.insert(place.clone(), json!(count + 1));
    }
    let outcome = Value::Object(counts);
    if !expect["outcomes"].as_array().is_some_and(|outcomes| outcomes.contains(&outcome)) {
        faults.push(format!("the outcome is {outcome}, expected one of {}", expect["outcomes"]));
    }
    let failed = json!(places.iter().filter(|place| place.is_none()).count());
    if !expect["failed"].as_array().is_some_and(|numbers| numbers.contains(&failed)) {
        faults.push(format!("{failed} tasks have no place, expected one of {}", expect["failed"]));
    }
    faults
}

fn play(case: &Value) -> Result<Played, String> {
    let mut client = Client::new();
    let fleet = Fleet::build(&mut client, case)?;
    let request = &case["request"];
    let group = request["group"].as_str().ok_or("the request has no group")?;
    let count = match &request["count"] {
        Value::Null => 1,
        count => count.as_u64().filter(|count| *count <= MOST).ok_or_else(|| {
            format!("the count of the request is {count}, and has to be a whole number up to {MOST}")
        })?,
    };
    let mut played = Played { places: Vec::new(), reasons: Vec::new() };
    for _ in 0..count {
        let begun = client.records().len();
        let instance = match group.strip_prefix("service:") {
            Some(name) => grow(&mut client, name, request)?,
            None => run(&mut client, group, request)?,
        };
        played.places.push(match instance {
            None => None,
            Some(arn) => Some(fleet.name(&arn).ok_or("a task is on no instance of the case")?.to_string()),
        });
        let records = client.records()[begun..].iter();
        let placing = records.filter(|record| {
            matches!(record.kind, RecordKind::Decision | RecordKind::Failure) && !record.verdicts.is_empty()
        });
        played.reasons.extend(placing.map(|record| fleet.in_its_words(&record.text)));
    }
    Ok(played)
}

/// Runs one more standalone task and says where it is.
fn run(client: &mut Client, group: &str, request: &Value) -> Result<Option<String>, String> {
    let asked = json!({
        "cluster": fleet::CLUSTER, "taskDefinition": fleet::DEFINITION, "launchType": "EC2", "count": 1,
        "group": group, "placementConstraints": constraints(request)?, "placementStrategy": list(request, "strategies")?,
    });
    let answer = match client.ask("ecs", "RunTask", &asked) {
        // A cluster without instances refuses the request (PLACE-32): the task has no place.
        Err(refusal) if refusal.contains("No Container Instances were found") => return Ok(None),
        answer => answer?,
    };
    Ok(answer["tasks"][0]["containerInstanceArn"].as_str().map(str::to_string))
}

/// Lets a service want one task more and says where that is.
fn grow(client: &mut Client, name: &str, request: &Value) -> Result<Option<String>, String> {
    let before = fleet::tasks_of_service(client, name)?;
    let described = json!({"cluster": fleet::CLUSTER, "services": [name]});
    let service = client.ask("ecs", "DescribeServices", &described)?["services"][0].clone();
    let desired = service["desiredCount"].as_u64().unwrap_or(0) + 1;
    let asked = json!({
        "cluster": fleet::CLUSTER, "service": name, "desiredCount": desired,
        "taskDefinition": fleet::DEFINITION, "placementConstraints": constraints(request)?,
        "placementStrategy": list(request, "strategies")?,
    });
    client.ask("ecs", "UpdateService", &asked)?;
    let after = fleet::tasks_of_service(client, name)?;
    let fresh = after.into_iter().find(|task| !before.iter().any(|old| old.0 == task.0));
    Ok(fresh.map(|task| task.1))
}

/// The constraints of a case, without what is there for judges only.
fn constraints(request: &Value) -> Result<Vec<Value>, String> {
    let mut written = list(request, "constraints")?.to_vec();
    for constraint in written.iter_mut().filter_map(Value::as_object_mut) {
        constraint.remove("tree");
    }
    Ok(written)
}

/// A list of a case; one that is not there is empty.
fn list<'a>(holder: &'a Value, name: &str) -> Result<&'a [Value], String> {
    match &holder[name] {
        Value::Null => Ok(&[]),
        Value::Array(items) => Ok(items),
        other => Err(format!("`{name}` is {other}, and has to be a list")),
    }
}
