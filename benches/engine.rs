//! How fast the engine is. `cargo xtask bench` runs this and adds what it cannot see itself.
//!
//! A line of output is a figure: its name, units of work, nanoseconds per unit (the median of
//! several rounds), and how far the rounds lay apart in per cent. With `--once NAME` one round is
//! played without a clock, with `--prepare NAME` only what comes before the measured part; the
//! difference of the two in instructions does not depend on what else the machine does.

#![allow(clippy::disallowed_types, reason = "a bench is there to look at the clock")]

use std::hint::black_box;
use std::time::Instant;

use drydock::agenda::Agenda;
use drydock::arn::InstanceId;
use drydock::ecs::task::TaskStatus;
use drydock::event::Event;
use drydock::run::Run;
use drydock::sim::{Call, Sim};
use drydock::{Operation, Principal, SimDuration, SimTime, Timeline};
use serde_json::{Value, json};

const ROUNDS: usize = 5;
/// No further round is begun after so many seconds.
const ENOUGH: u128 = 20;

/// A figure: its name, and one round that says how many units of work it measured.
type Figure = (&'static str, fn(&mut Watch) -> u64);

const FIGURES: &[Figure] = &[
    ("agenda: book and take an event", agenda),
    ("RunTask: one Fargate task accepted", run_task),
    ("CreateService: one service accepted", create_service),
    ("1,000 Fargate tasks to RUNNING, per task", |watch| fargate(watch, 1_000)),
    ("10,000 Fargate tasks to RUNNING, per task", |watch| fargate(watch, 10_000)),
    ("1,000 tasks on 100 instances to RUNNING, per task", |watch| fleet(watch, 100)),
    ("10,000 tasks on 1,000 instances to RUNNING, per task", |watch| fleet(watch, 1_000)),
    ("100,000 tasks on 10,000 instances to RUNNING, per task", |watch| fleet(watch, 10_000)),
    ("10,000 tasks on 1,000 instances by two strategies and a constraint, per task", chosen),
    ("rolling update of a service of 500 tasks, per task", |watch| rolling(watch, 500)),
    ("rolling update of a service of 5,000 tasks, per task", |watch| rolling(watch, 5_000)),
    ("rolling update of a service of 500 tasks on 100 instances, per task", |watch| rolling_on(watch, 100)),
    ("rolling update of a service of 5,000 tasks on 1,000 instances, per task", |watch| {
        rolling_on(watch, 1_000)
    }),
    ("replay of a script of 2,000 commands, per command", replay),
    ("a simulated day of a service of 200 tasks", day),
];

/// What a round may do with its measured part.
enum Watch {
    /// Play it and note how long it took.
    Timed(u128),
    /// Play it.
    Once,
    /// Leave it out.
    Prepare,
}

impl Watch {
    fn measure(&mut self, work: impl FnOnce()) {
        match self {
            Watch::Timed(nanos) => {
                let begun = Instant::now();
                work();
                *nanos = begun.elapsed().as_nanos();
            }
            Watch::Once => work(),
            Watch::Prepare => {}
        }
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--once", name] => drop(black_box(round(name, Watch::Once))),
        ["--prepare", name] => drop(black_box(round(name, Watch::Prepare))),
        ["--list"] => FIGURES.iter().for_each(|(name, _)| println!("{name}")),
        ["--space"] => space(),
        // Cargo adds `--bench`.
        _ => FIGURES.iter().for_each(|figure| timed(*figure)),
    }
}

fn round(name: &str, mut watch: Watch) -> u64 {
    let (_, figure) = FIGURES.iter().find(|(known, _)| *known == name).expect("--list names the figures");
    figure(&mut watch)
}

fn timed((name, figure): Figure) {
    let mut units = 0;
    let mut rounds: Vec<u128> = Vec::new();
    while rounds.len() < ROUNDS && rounds.iter().sum::<u128>() < ENOUGH * 1_000_000_000 {
        let mut watch = Watch::Timed(0);
        units = figure(&mut watch);
        let Watch::Timed(nanos) = watch else { unreachable!("the watch stays what it is") };
        rounds.push(nanos);
    }
    rounds.sort_unstable();
    let (least, median, most) = (rounds[0], rounds[rounds.len() / 2], rounds[rounds.len() - 1]);
    println!(
        "{name}\t{units}\t{}\t{}",
        median / u128::from(units.max(1)),
        (most - least) * 100 / median.max(1)
    );
}

fn agenda(watch: &mut Watch) -> u64 {
    const EVENTS: u64 = 200_000;
    let instance = InstanceId::from("i-0123456789abcdef0");
    let mut agenda = Agenda::default();
    watch.measure(|| {
        for number in 0..EVENTS {
            // Spread over an hour, out of order, with ties.
            let at = SimTime(number.wrapping_mul(2_654_435_761) % 3_600_000);
            agenda.book(at, Event::InstanceStep(instance.clone()), None);
        }
        while let Some(due) = agenda.take_due(SimTime::MAX) {
            black_box(due);
        }
    });
    EVENTS
}

/// A run with a cluster, two task definitions and so many machines of room for ten tasks each.
fn furnished(instances: u64) -> Run {
    let mut script = String::from(
        "drydock 1 seed=7 behaviour=1
aws ecs create-cluster --cluster-name shop
put small.json <<'END'
{ \"family\": \"small\", \"networkMode\": \"bridge\", \"requiresCompatibilities\": [\"EC2\"],
  \"containerDefinitions\": [{ \"name\": \"web\", \"image\": \"shop/web:1\", \"cpu\": 128, \"memory\": 256 }] }
END
put light.json <<'END'
{ \"family\": \"light\", \"networkMode\": \"awsvpc\", \"requiresCompatibilities\": [\"FARGATE\"],
  \"cpu\": \"256\", \"memory\": \"512\", \"executionRoleArn\": \"arn:aws:iam::111122223333:role/ecsTaskExecutionRole\",
  \"containerDefinitions\": [{ \"name\": \"web\", \"image\": \"shop/web:1\" }] }
END
put join.sh <<'END'
#!/bin/bash
echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config
END
aws ecs register-task-definition --cli-input-json file://small.json
aws ecs register-task-definition --cli-input-json file://light.json
",
    );
    for twenty in 0..instances / 20 {
        let zone = ["a", "b", "c"][twenty as usize % 3];
        script.push_str(&format!(
            "aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --count 20 \
             --subnet-id subnet-pri-{zone} --iam-instance-profile Name=ecsInstanceRole \
             --user-data file://join.sh\n",
        ));
    }
    script.push_str("drydock wait 10m\n");
    played(&script)
}

fn played(script: &str) -> Run {
    let script = drydock::script::Script::parse(script).expect("the script can be read");
    let mut run = Run::new(script.seed);
    for (line, entered) in script.lines.iter().zip(run.play(&script)) {
        assert_eq!(entered.exit_code, 0, "line {}: {}", line.number, entered.stderr);
    }
    run
}

fn call(sim: &mut Sim, timeline: &mut Timeline, name: &str, input: &Value) -> Value {
    let operation = Operation::find("ecs", name).expect("the operation exists");
    let principal = Principal::student();
    let call = Call { principal: &principal, operation, input, typed: name };
    sim.call(call, timeline).expect("the call is accepted")
}

fn network() -> Value {
    json!({ "awsvpcConfiguration": { "subnets": ["subnet-pri-a"], "securityGroups": ["sg-default"] } })
}

fn launch_fargate(sim: &mut Sim, timeline: &mut Timeline, tasks: u64) {
    let input = json!({ "cluster": "shop", "taskDefinition": "light", "count": 10,
        "launchType": "FARGATE", "networkConfiguration": network() });
    for _ in 0..tasks / 10 {
        call(sim, timeline, "RunTask", &input);
    }
}

fn running(sim: &Sim) -> u64 {
    let running = sim.state().tasks.values().filter(|task| task.last_status == TaskStatus::Running);
    running.count() as u64
}

fn go(sim: &mut Sim, timeline: &mut Timeline, by: SimDuration) {
    let until = sim.clock() + by;
    sim.advance(until, u32::MAX, timeline);
}

fn run_task(watch: &mut Watch) -> u64 {
    let mut sim = furnished(0).sim().clone();
    let mut timeline = Timeline::default();
    watch.measure(|| launch_fargate(&mut sim, &mut timeline, 1_000));
    1_000
}

fn create_service(watch: &mut Watch) -> u64 {
    let mut sim = furnished(0).sim().clone();
    let mut timeline = Timeline::default();
    watch.measure(|| {
        for number in 0..200 {
            let input = json!({ "cluster": "shop", "serviceName": format!("web-{number}"),
                "taskDefinition": "light", "desiredCount": 1, "launchType": "FARGATE",
                "networkConfiguration": network() });
            call(&mut sim, &mut timeline, "CreateService", &input);
        }
    });
    200
}

fn fargate(watch: &mut Watch, tasks: u64) -> u64 {
    let mut sim = furnished(0).sim().clone();
    let mut timeline = Timeline::default();
    watch.measure(|| {
        launch_fargate(&mut sim, &mut timeline, tasks);
        go(&mut sim, &mut timeline, SimDuration::secs(300));
        assert_eq!(running(&sim), tasks, "every task runs after five minutes");
    });
    tasks
}

fn fleet(watch: &mut Watch, instances: u64) -> u64 {
    let mut sim = furnished(instances).sim().clone();
    let mut timeline = Timeline::default();
    let tasks = instances * 10;
    watch.measure(|| {
        let input = json!({ "cluster": "shop", "taskDefinition": "small", "count": 10, "launchType": "EC2" });
        for _ in 0..tasks / 10 {
            call(&mut sim, &mut timeline, "RunTask", &input);
        }
        go(&mut sim, &mut timeline, SimDuration::secs(300));
        assert_eq!(running(&sim), tasks, "every task runs after five minutes");
    });
    tasks
}

/// Tasks that are to stand in one type of machine, spread over zones and packed by memory there.
fn chosen(watch: &mut Watch) -> u64 {
    let mut sim = furnished(1_000).sim().clone();
    let mut timeline = Timeline::default();
    watch.measure(|| {
        let input = json!({ "cluster": "shop", "taskDefinition": "small", "count": 10, "launchType": "EC2",
            "placementStrategy": [{ "type": "spread", "field": "attribute:ecs.availability-zone" },
                                  { "type": "binpack", "field": "memory" }],
            "placementConstraints": [{ "type": "memberOf",
                                       "expression": "attribute:ecs.instance-type =~ m5.*" }] });
        for _ in 0..1_000 {
            call(&mut sim, &mut timeline, "RunTask", &input);
        }
        go(&mut sim, &mut timeline, SimDuration::secs(300));
        assert_eq!(running(&sim), 10_000, "every task runs after five minutes");
    });
    10_000
}

/// A service of so many tasks on Fargate changes its revision.
fn rolling(watch: &mut Watch, tasks: u64) -> u64 {
    let service =
        json!({ "taskDefinition": "light", "launchType": "FARGATE", "networkConfiguration": network() });
    updated(watch, &furnished(0), service, tasks)
}

/// A service of five tasks for each of so many instances changes its revision.
fn rolling_on(watch: &mut Watch, instances: u64) -> u64 {
    let service = json!({ "taskDefinition": "small", "launchType": "EC2" });
    updated(watch, &furnished(instances), service, instances * 5)
}

/// A service of so many tasks changes its revision, from the request until it is COMPLETED.
fn updated(watch: &mut Watch, run: &Run, service: Value, tasks: u64) -> u64 {
    let mut sim = run.sim().clone();
    let mut timeline = Timeline::default();
    let mut input = service;
    input["cluster"] = json!("shop");
    input["serviceName"] = json!("web");
    input["desiredCount"] = json!(tasks);
    input["deploymentConfiguration"] = json!({ "minimumHealthyPercent": 90, "maximumPercent": 110 });
    call(&mut sim, &mut timeline, "CreateService", &input);
    go(&mut sim, &mut timeline, SimDuration::secs(900));
    assert_eq!(running(&sim), tasks, "the service is steady after a quarter of an hour");
    watch.measure(|| {
        let input = json!({ "cluster": "shop", "service": "web", "forceNewDeployment": true });
        call(&mut sim, &mut timeline, "UpdateService", &input);
        go(&mut sim, &mut timeline, SimDuration::secs(7_200));
        let service = sim.state().services.values().next().expect("the service is there");
        let over = service.deployments.len() == 1
            && service.deployments[0].rollout == drydock::ecs::service::RolloutState::Completed;
        assert!(over, "the deployment is over after two hours");
    });
    tasks
}

fn replay(watch: &mut Watch) -> u64 {
    let mut text = furnished(0).script();
    let before = text.lines().count() as u64;
    while (text.lines().count() as u64) < before + 2_000 {
        text.push_str(
            "+1 aws ecs run-task --cluster shop --task-definition light --launch-type FARGATE \
             --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a]}'\n\
             TASK=$(aws ecs list-tasks --cluster shop --query 'taskArns[0]' --output text)\n\
             +5 aws ecs stop-task --cluster shop --task $TASK\n\
             aws ecs describe-tasks --cluster shop --tasks $TASK\n",
        );
    }
    watch.measure(|| drop(black_box(played(&text))));
    2_000
}

fn service_of_200() -> (Sim, Timeline) {
    let mut sim = furnished(0).sim().clone();
    let mut timeline = Timeline::default();
    let input = json!({ "cluster": "shop", "serviceName": "web", "taskDefinition": "light",
        "desiredCount": 200, "launchType": "FARGATE", "networkConfiguration": network() });
    call(&mut sim, &mut timeline, "CreateService", &input);
    go(&mut sim, &mut timeline, SimDuration::secs(900));
    assert_eq!(running(&sim), 200, "the service is steady after a quarter of an hour");
    (sim, timeline)
}

fn day(watch: &mut Watch) -> u64 {
    let (mut sim, mut timeline) = service_of_200();
    watch.measure(|| go(&mut sim, &mut timeline, SimDuration::secs(86_400)));
    1
}

/// Figures in bytes: memory per task, and what a quiet day leaves on the timeline.
fn space() {
    let mut sim = furnished(0).sim().clone();
    let mut timeline = Timeline::default();
    let before = resident();
    launch_fargate(&mut sim, &mut timeline, 10_000);
    go(&mut sim, &mut timeline, SimDuration::secs(300));
    let after = resident();
    if let (Some(before), Some(after)) = (before, after) {
        println!("memory per running Fargate task, its records included\t{}", (after - before) / 10_000);
    }
    black_box((&sim, &timeline));
    let (mut sim, mut timeline) = service_of_200();
    let begun = timeline.len();
    go(&mut sim, &mut timeline, SimDuration::secs(86_400));
    let text: usize = timeline.records()[begun..].iter().map(|record| record.to_string().len() + 1).sum();
    println!("timeline text of a quiet day of a service of 200 tasks\t{text}");
}

/// Resident bytes of this process, where Linux tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
