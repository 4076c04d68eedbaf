//! What a group on CPU does while tasks wait, and what a capacity provider does: the worked contrast.

mod providers;

use drydock::Run;
use drydock::timeline::{Kind, Record};

/// The world of the sandbox in which a group scales on CPU.
const CPU_GROUP: &str = include_str!("../../web/src/studio/worlds/cpu-group.script");

fn play(script: &str) -> Run {
    let parsed = drydock::Script::parse(script).expect("the script is well formed");
    let mut run = Run::new(parsed.seed);
    for (line, entered) in parsed.lines.iter().zip(run.play(&parsed)) {
        assert_eq!(entered.exit_code, 0, "{}: {}", line.command, entered.stderr);
    }
    run
}

/// Enters lines, each of which must succeed.
#[track_caller]
fn enter(run: &mut Run, lines: &str) {
    for line in lines.trim().lines() {
        let entered = run.enter(line.trim());
        assert_eq!(entered.exit_code, 0, "{line}: {}", entered.stderr);
    }
}

/// The records of scaling from a place on, a line each: minute and second since then, and what happened.
fn story(run: &Run, from: usize) -> String {
    let records = &run.timeline().records()[from..];
    let begun = records[0].at;
    let told = |record: &&Record| {
        matches!(record.subject.kind, Kind::Alarm | Kind::AutoScalingGroup | Kind::CapacityProvider)
    };
    let line = |record: &Record| {
        let seconds = record.at.since(begun).as_secs();
        let name = match record.subject.kind {
            Kind::Alarm => {
                if record.subject.id.contains("AlarmHigh") {
                    "alarm high"
                } else {
                    "alarm low"
                }
            }
            _ => record.subject.short(),
        };
        let text = record.text.split(" datapoints [").next().unwrap_or_default();
        let text = text.split(": a monitor alarm").next().unwrap_or_default();
        let text = match text.split_once("ECSManagedAutoScalingPolicy-") {
            Some((before, rest)) => format!("{before}of ECS{}", rest.get(36..).unwrap_or_default()),
            None => text.to_string(),
        };
        let rule = record.rule.map(|rule| rule.id).unwrap_or_default();
        format!("{:02}:{:02}  {name}  {text}  {rule}", seconds / 60, seconds % 60)
    };
    records.iter().filter(told).map(line).collect::<Vec<_>>().join("\n")
}

/// The texts along the chain of causes behind a record, nearest first.
fn why(run: &Run, from: usize) -> Vec<String> {
    let chain = run.timeline().causes(drydock::RecordId(u32::try_from(from).unwrap()));
    chain.iter().map(|id| run.timeline().get(*id).unwrap().text.clone()).collect()
}

/// Running tasks, and tasks that the services want beyond them.
fn tasks(run: &Run) -> (u64, u64) {
    let state = run.sim().state();
    let running = state.tasks.values().filter(|task| task.is_running()).count() as u64;
    let desired: u64 = state.services.values().map(|service| service.desired_count).sum();
    (running, desired.saturating_sub(running))
}

/// The newest point of a metric of this name.
fn level(run: &Run, name: &str) -> String {
    let metrics = &run.sim().state().cloudwatch.metrics;
    let (_, series) = metrics.iter().find(|(metric, _)| metric.name == name).expect("it is measured");
    series.newest().expect("it has a point").level.to_string()
}

/// How many instances the one group wants.
fn desired(run: &Run) -> u64 {
    run.sim().state().auto_scaling_groups.values().next().expect("a group").desired_capacity
}

/// FAIL-01 to FAIL-03, ASG-08, ASG-09, CW-08, CW-54: tasks wait for room, CPU is idle, and the group shrinks.
#[test]
fn a_group_that_scales_on_cpu_takes_a_machine_away_while_tasks_wait() {
    let mut run = play(CPU_GROUP);
    let from = run.timeline().records().iter().rposition(|record| record.text.contains("put-scaling-policy"));
    let from = from.unwrap();
    assert_eq!(tasks(&run), (4, 0), "FAIL-01");
    enter(
        &mut run,
        "aws ecs update-service --cluster shop --service web --desired-count 8\ndrydock wait 15m",
    );
    // FAIL-02: four tasks wait, and 2 x 150 of 2 x 2048 units are in use.
    assert_eq!((tasks(&run), level(&run, "CPUUtilization").as_str()), ((4, 4), "14.6"));
    let told = run.enter(
        "aws ecs describe-services --cluster shop --services web --query 'services[0].events[0].message'",
    );
    assert!(told.stdout.contains("insufficient CPU units available"), "{}", told.stdout);
    enter(&mut run, "drydock wait 10m");
    // FAIL-03: it has killed two tasks while four were waiting.
    assert_eq!((tasks(&run), level(&run, "CPUUtilization").as_str()), ((2, 6), "14.6"));
    insta::assert_snapshot!(story(&run, from), @r"
    00:00  machines  policy cpu50: keeps CPUUtilization at 50.0  ASG-08
    00:00  alarm high  INSUFFICIENT_DATA: made; 3 of 3 minutes must be greater than 50.0  CW-50
    00:00  alarm low  INSUFFICIENT_DATA: made; 15 of 15 minutes must be less than 45.0  CW-50
    05:45  alarm high  OK: Threshold Crossed: 1 out of the last 1  CW-50
    05:45  alarm low  OK: 1 of the 15 datapoints that ALARM needs are there.  CW-50
    19:45  alarm low  ALARM: Threshold Crossed: 15 out of the last 15  CW-50
    19:45  machines  policy cpu50: scale in to 1: 2 x 14.6 / 50.0, rounded up  ASG-08
    19:45  machines  desired capacity 2 to 1 (minimum 1, maximum 6)  ASG-01
    19:48  machines  ends 1: has 2, 1 desired  ASG-13
    ");
    // The end of a machine leads back to the policy, by way of the alarm.
    let ended = run.timeline().records().iter().position(|record| record.text.starts_with("ends 1")).unwrap();
    let chain = why(&run, ended);
    let alarm = "ALARM: Threshold Crossed: 15 out of the last 15";
    assert!(chain.iter().any(|text| text.starts_with(alarm)), "{chain:#?}");
    let alarm = run.timeline().records().iter().find(|record| record.text.starts_with("ALARM"));
    assert_eq!(alarm.unwrap().verdicts.len(), 15, "each minute is told");
}

/// FAIL-04: one task burns a machine; more machines only dilute the mean, and serve nobody.
#[test]
fn more_machines_do_not_help_a_task_that_burns_one() {
    let mut run = play(CPU_GROUP);
    enter(
        &mut run,
        "aws ecs update-service --cluster shop --service web --desired-count 1
         drydock wait 1m
         aws autoscaling set-desired-capacity --auto-scaling-group-name machines --desired-capacity 1
         drydock wait 7m
         drydock load --service web --cpu 9000
         drydock wait 3m",
    );
    assert_eq!(level(&run, "CPUUtilization"), "100.0");
    enter(&mut run, "drydock wait 3m");
    assert_eq!(desired(&run), 2, "ceil(1 x 100 / 50)");
    // The new machine is in the mean once it is warm, and the alarm is quiet.
    enter(&mut run, "drydock wait 10m");
    assert_eq!((level(&run, "CPUUtilization").as_str(), desired(&run)), ("50.0", 2));
    enter(
        &mut run,
        "aws autoscaling set-desired-capacity --auto-scaling-group-name machines --desired-capacity 3
         drydock wait 10m",
    );
    assert_eq!(level(&run, "CPUUtilization"), "33.3");
    let usage = run.enter("drydock usage --query 'tasks[].cpu'").stdout;
    assert_eq!(usage.split_whitespace().collect::<String>(), "[2048]", "the task has what it had");
}

/// FAIL-05: a quarter of the CPU is free, and no machine has room for one more task.
#[test]
fn reserved_cpu_says_nothing_about_the_room_on_one_machine() {
    let mut run = play(CPU_GROUP);
    enter(
        &mut run,
        r#"aws autoscaling set-desired-capacity --auto-scaling-group-name machines --desired-capacity 4
         aws ecs update-service --cluster shop --service web --desired-count 0
         drydock wait 3m
         aws ecs register-task-definition --family half --container-definitions '[{"name": "web", "image": "shop/web:1", "cpu": 512, "memory": 512}]'
         aws ecs create-service --cluster shop --service-name half --task-definition half --desired-count 12 --launch-type EC2
         aws ecs wait services-stable --cluster shop --services half"#,
    );
    let words = |text: String| text.split_whitespace().collect::<String>();
    let usage = run.enter("drydock usage --query 'instances[].[cpuReserved,cpuRegistered]'").stdout;
    assert_eq!(words(usage), "[[1536,2048],[1536,2048],[1536,2048],[1536,2048]]");
    let ran =
        run.enter("aws ecs run-task --cluster shop --task-definition web --query 'failures[].reason'").stdout;
    assert_eq!(words(ran), r#"["RESOURCE:CPU"]"#);
}

/// line -> what it is refused with (AAPI-04, AAS-42, AAS-47, ASG-06)
#[test]
fn a_policy_without_what_it_needs_is_refused() {
    let mut run = play(CPU_GROUP);
    let put = "put-scaling-policy --auto-scaling-group-name machines --policy-name p";
    let tracks = "--policy-type TargetTrackingScaling";
    let config = "--target-tracking-configuration";
    let cpu = "PredefinedMetricSpecification={PredefinedMetricType=ASGAverageCPUUtilization}";
    let network = "PredefinedMetricSpecification={PredefinedMetricType=ASGAverageNetworkIn}";
    let change = "--adjustment-type ChangeInCapacity";
    let gap = "--step-adjustments MetricIntervalLowerBound=0,MetricIntervalUpperBound=10,ScalingAdjustment=1";
    for (line, words) in [
        (format!("{put} {tracks}"), "TargetTrackingConfiguration must be specified"),
        (format!("{put} {tracks} {config} {cpu},TargetValue=0"), "greater than 0"),
        (
            format!("{put} {tracks} {config} {cpu},TargetValue=fifty"),
            "could not convert string to float: 'fifty'",
        ),
        (format!("{put} {tracks} {config} {network},TargetValue=5"), "not simulated"),
        (format!("{put} {tracks} {config} TargetValue=5"), "Exactly one of"),
        (format!("{put} --policy-type PredictiveScaling"), "not simulated"),
        (format!("{put} --policy-type Steps {change}"), "'Steps' is no PolicyType"),
        (format!("{put} --adjustment-type Change --scaling-adjustment 1"), "'Change' is no AdjustmentType"),
        (
            format!("{put} {change} --scaling-adjustment 1 --metric-aggregation-type Sum"),
            "'Sum' is no MetricAggregationType",
        ),
        (format!("{put} --scaling-adjustment 1"), "AdjustmentType must be specified"),
        (format!("{put} {change}"), "ScalingAdjustment must be specified"),
        (
            format!("{put} {change} --scaling-adjustment 1 --min-adjustment-magnitude 2"),
            "MinAdjustmentMagnitude",
        ),
        (format!("{put} {change} --scaling-adjustment 1 --cooldown -1"), "greater than or equal to 0"),
        (format!("{put} --policy-type StepScaling {change} {gap}"), "positive upper bound"),
        (format!("{put}x {change} --scaling-adjustment 1").replace("px", "cpu50"), "can not be changed"),
        (format!("{put} {change} --scaling-adjustment 1").replace("machines", "nope"), "name not found"),
        ("delete-policy --auto-scaling-group-name machines --policy-name p".to_string(), "No policy found"),
        ("delete-policy --policy-name arn:aws:autoscaling:nope".to_string(), "No policy found"),
        ("delete-policy --policy-name p".to_string(), "group name is required"),
        (
            "execute-policy --auto-scaling-group-name machines --policy-name cpu50".to_string(),
            "can not be executed",
        ),
    ] {
        let entered = run.enter(&format!("aws autoscaling {line}"));
        assert!(entered.exit_code != 0 && entered.stderr.contains(words), "{line}: {}", entered.stderr);
    }
    let entered = run.enter("aws cloudwatch describe-alarms --next-token nope");
    assert!(entered.stderr.contains("InvalidNextToken"), "{}", entered.stderr);
}

/// ASG-06, ASG-07, ASG-09, AAS-41, AAS-45: policies that somebody calls, and what the group wants then.
#[test]
fn simple_and_step_policies_adjust_the_capacity() {
    let mut run = play(CPU_GROUP);
    enter(
        &mut run,
        "aws autoscaling put-scaling-policy --auto-scaling-group-name machines --policy-name one-more --adjustment-type ChangeInCapacity --scaling-adjustment 1 --cooldown 60
         aws autoscaling put-scaling-policy --auto-scaling-group-name machines --policy-name steps --policy-type StepScaling --adjustment-type PercentChangeInCapacity --step-adjustments MetricIntervalLowerBound=0,MetricIntervalUpperBound=20,ScalingAdjustment=10 MetricIntervalLowerBound=20,ScalingAdjustment=50
         aws autoscaling put-scaling-policy --auto-scaling-group-name machines --policy-name fewer --policy-type StepScaling --adjustment-type ChangeInCapacity --step-adjustments MetricIntervalUpperBound=0,ScalingAdjustment=-2",
    );
    let call = "aws autoscaling execute-policy --auto-scaling-group-name machines --policy-name";
    for (line, wanted) in [
        (format!("{call} one-more"), 3),
        (format!("{call} steps --metric-value 65.5 --breach-threshold 50"), 4),
        (format!("{call} steps --metric-value 70 --breach-threshold 50.0"), 6),
        // The new machines warm up, so nothing scales in.
        (format!("{call} fewer --metric-value 10 --breach-threshold 50"), 6),
        ("drydock wait 8m".to_string(), 6),
        (format!("{call} fewer --metric-value 10 --breach-threshold 50"), 4),
        (format!("{call} fewer --metric-value 60 --breach-threshold 50"), 4),
    ] {
        enter(&mut run, &line);
        assert_eq!(desired(&run), wanted, "{line}");
    }
    enter(&mut run, &format!("{call} one-more"));
    let refused = run.enter(&format!("{call} one-more --honor-cooldown"));
    assert!(refused.stderr.contains("ScalingActivityInProgress"), "{}", refused.stderr);
    let missing = run.enter(&format!("{call} steps"));
    assert!(missing.stderr.contains("MetricValue and BreachThreshold"), "{}", missing.stderr);
    enter(&mut run, &format!("drydock wait 61s\n{call} one-more --honor-cooldown"));
    for (line, count) in [
        ("aws autoscaling describe-policies --auto-scaling-group-name machines", 4),
        ("aws autoscaling describe-policies --policy-types StepScaling", 2),
        ("aws autoscaling describe-policies --policy-names steps", 1),
        ("aws autoscaling describe-policies --auto-scaling-group-name nope", 0),
        ("aws cloudwatch describe-alarms --alarm-name-prefix TargetTracking-machines-AlarmHigh", 1),
        ("aws cloudwatch describe-alarms --state-value ALARM", 0),
    ] {
        let query = if line.contains("alarms") { "MetricAlarms" } else { "ScalingPolicies" };
        let shown = run.enter(&format!("{line} --query 'length({query})'")).stdout;
        assert_eq!(shown.trim(), count.to_string(), "{line}");
    }
    // Nobody watches any more: nothing is measured, and no minute is booked.
    enter(&mut run, "aws autoscaling delete-policy --auto-scaling-group-name machines --policy-name cpu50");
    let watched = &run.sim().state().cloudwatch;
    assert!(watched.alarms.is_empty() && watched.meters.is_empty() && watched.metrics.is_empty());
    enter(&mut run, "drydock wait 2m");
    let booked = drydock::event::Event::MetricMinute;
    assert!(run.sim().agenda().iter().all(|(_, booking)| booking.event != booked));
}
