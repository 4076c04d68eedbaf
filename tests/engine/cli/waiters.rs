//! Waiters: how often they ask, and what they make of an answer.

use super::{documents, words};
use drydock::cli::{Command, Judgement, Waiter, parse};
use serde_json::json;

fn waiter(line: &str) -> Waiter {
    match parse(&words(line), &documents()) {
        Ok(Command::Waiter(waiter)) => waiter,
        other => panic!("{line} is no waiter: {other:?}"),
    }
}

/// waiter -> seconds between tries, tries
const WAITERS: &[(&str, u64, u32)] = &[
    ("aws ecs wait services-stable --services web", 15, 40),
    ("aws ecs wait services-inactive --services web", 15, 40),
    ("aws ecs wait tasks-running --tasks a", 6, 100),
    ("aws ecs wait tasks-stopped --tasks a", 6, 100),
    ("aws ec2 wait instance-running --instance-ids i-1", 15, 40),
    ("aws ec2 wait instance-terminated --instance-ids i-1", 15, 40),
];

/// waiter, answer -> what it makes of it
const JUDGED: &str = r#"
    services-stable | {"services": [{"deployments": [1], "runningCount": 2, "desiredCount": 2}]} -> Done
    services-stable | {"services": [{"deployments": [1], "runningCount": 1, "desiredCount": 2}]} -> Again
    services-stable | {"services": [{"deployments": [1, 2], "runningCount": 2, "desiredCount": 2}]} -> Again
    services-stable | {"services": [{"status": "DRAINING"}]} -> path: "DRAINING"
    services-stable | {"services": [{"status": "INACTIVE"}]} -> path: "INACTIVE"
    services-stable | {"services": [], "failures": [{"reason": "MISSING"}]} -> path: "MISSING"
    services-inactive | {"services": [{"status": "ACTIVE"}, {"status": "INACTIVE"}]} -> Done
    services-inactive | {"services": [{"status": "ACTIVE"}]} -> Again
    tasks-running | {"tasks": [{"lastStatus": "RUNNING"}, {"lastStatus": "RUNNING"}]} -> Done
    tasks-running | {"tasks": [{"lastStatus": "RUNNING"}, {"lastStatus": "PENDING"}]} -> Again
    tasks-running | {"tasks": [{"lastStatus": "RUNNING"}, {"lastStatus": "STOPPED"}]} -> path: "STOPPED"
    tasks-running | {"tasks": []} -> Again
    tasks-stopped | {"tasks": [{"lastStatus": "STOPPED"}]} -> Done
    tasks-stopped | {"tasks": [{"lastStatus": "DEPROVISIONING"}]} -> Again
    instance-running | {"Reservations": [{"Instances": [{"State": {"Name": "running"}}]}]} -> Done
    instance-running | {"Reservations": [{"Instances": [{"State": {"Name": "pending"}}]}]} -> Again
    instance-running | {"Reservations": [{"Instances": [{"State": {"Name": "terminated"}}]}]} -> path: "terminated"
    instance-terminated | {"Reservations": [{"Instances": [{"State": {"Name": "terminated"}}]}]} -> Done
"#;

#[test]
fn waiters_ask_and_judge_as_aws_declares_them() {
    // DEPLOY-17.
    for (line, seconds, tries) in WAITERS {
        let waiter = waiter(line);
        assert_eq!((waiter.interval.as_secs(), waiter.tries), (*seconds, *tries), "{line}");
    }
    for row in JUDGED.lines().filter(|line| !line.trim().is_empty()) {
        let (case, expected) = row.split_once(" -> ").unwrap();
        let (name, answer) = case.split_once(" | ").unwrap();
        let line = WAITERS.iter().map(|(line, ..)| line).find(|line| line.contains(name.trim())).unwrap();
        match waiter(line).judge(&Ok(serde_json::from_str(answer).unwrap())) {
            Judgement::Failed(text) => assert!(text.contains(expected), "{row}: {text}"),
            other => assert_eq!(format!("{other:?}"), expected, "{row}"),
        }
    }
    assert_eq!(
        waiter("aws ecs wait services-stable --services web").gave_up(),
        "aws: [ERROR]: Waiter ServicesStable failed: Max attempts exceeded"
    );
    let refusal = crate::world::World::new().ecs("DescribeTasks", json!({"cluster": "nope", "tasks": ["a"]}));
    assert_eq!(
        waiter("aws ecs wait tasks-running --tasks a").judge(&refusal),
        Judgement::Failed(
            "aws: [ERROR]: Waiter TasksRunning failed: An error occurred (ClusterNotFoundException): Cluster not found."
                .to_string()
        )
    );
}
