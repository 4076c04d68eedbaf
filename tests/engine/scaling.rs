//! What a group on CPU does while tasks wait, and what a capacity provider does: the worked contrast.

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
/// The world of the sandbox in which a capacity provider scales the same group.
const PROVIDER: &str = include_str!("../../web/src/studio/worlds/provider.script");

/// The world of the provider with other settings.
fn provider(changes: &[(&str, &str)]) -> Run {
    let script = changes.iter().fold(PROVIDER.to_string(), |script, (from, to)| {
        assert!(script.contains(from), "{from}");
        script.replace(from, to)
    });
    play(&script)
}

/// What the newest measurement of the provider says.
fn reservation(run: &Run) -> String {
    let told = run.timeline().records().iter().rfind(|record| record.text.starts_with("CapacityProviderRes"));
    told.map(|record| record.text.trim_start_matches("CapacityProvider").to_string()).unwrap_or_default()
}

/// OK-01, OK-02, CAP-17, CAP-18, CAP-19, CAP-22, CAP-23, LAT-09: the same tasks, and the group grows by what waits.
#[test]
fn a_capacity_provider_adds_the_machines_that_waiting_tasks_need() {
    let mut run = play(PROVIDER);
    let group = run.sim().state().auto_scaling_groups.values().next().unwrap();
    assert!(group.tags.contains_key("AmazonECSManaged"), "CAP-26");
    enter(&mut run, "drydock wait 6m");
    assert_eq!(reservation(&run), "Reservation 100.0: M = 2 in use, N = 2");
    let from = run.timeline().len();
    enter(&mut run, "aws ecs update-service --cluster shop --service web --desired-count 8");
    assert_eq!(tasks(&run), (4, 4));
    enter(&mut run, "drydock wait 1m");
    // OK-01: the CPU in use is what it was for the group on CPU.
    assert_eq!(reservation(&run), "Reservation 200.0: M = 2 + 2, N = 2");
    let usage = run.enter("drydock usage --query 'instances[].cpuUtilization'").stdout;
    assert_eq!(usage.split_whitespace().collect::<String>(), "[14.648,14.648]");
    enter(&mut run, "drydock wait 9m");
    // OK-02.
    assert_eq!((tasks(&run), reservation(&run).as_str()), ((8, 0), "Reservation 100.0: M = 4 in use, N = 4"));
    insta::assert_snapshot!(story(&run, from), @r"
    00:45  machines  CapacityProviderReservation 200.0: M = 2 + 2, N = 2  CAP-17
    01:45  alarm high  ALARM: Threshold Crossed: 1 out of the last 1  CW-50
    01:45  machines  policy of ECS: scale out to 4: 4 x 100 / 100, rounded up  CAP-23
    01:45  machines  desired capacity 2 to 4 (minimum 1, maximum 6)  ASG-01
    01:48  machines  launches 2: has 2 of 4 desired  ASG-16
    03:45  machines  CapacityProviderReservation 100.0: M = 4 in use, N = 4  CAP-17
    04:45  alarm high  OK: Threshold Crossed: 1 out of the last 1  CW-50
    ");
    // Why four: each group of waiting tasks and each machine is told, and the cause is the wish for eight tasks.
    let records = run.timeline().records();
    let measured = records.iter().position(|record| record.text.contains("M = 2 + 2")).unwrap();
    let verdicts: Vec<(&str, &str)> =
        records[measured].verdicts.iter().map(|verdict| (verdict.reason.as_str(), verdict.rule.id)).collect();
    let tasks = "4 tasks of 1024 CPU units and 1024 MiB: CPU: 4096 together, 2048 on one m5.large: 2 more";
    assert_eq!(verdicts, [(tasks, "CAP-19"), ("has 2 tasks", "CAP-18"), ("has 2 tasks", "CAP-18")]);
    let launched = records.iter().rposition(|record| record.text.starts_with("launches 2")).unwrap();
    let chain = why(&run, launched);
    assert!(chain.last().unwrap().contains("--desired-count 8"), "{chain:#?}");
}

/// CAP-20, CAP-23, CAP-24: from no machine at all always two, and the empty one goes after fifteen minutes.
#[test]
fn from_none_there_are_always_two_machines_and_one_goes_again() {
    let mut run = provider(&[
        ("--min-size 1", "--min-size 0"),
        ("--desired-capacity 2", "--desired-capacity 0"),
        ("--desired-count 4\n", "--desired-count 0\n"),
        ("aws ecs wait services-stable --cluster shop --services web\n", ""),
    ]);
    enter(&mut run, "drydock wait 2m");
    assert_eq!(reservation(&run), "Reservation 100.0: M = 0 in use, N = 0");
    enter(&mut run, "aws ecs update-service --cluster shop --service web --desired-count 1\ndrydock wait 1m");
    assert_eq!(reservation(&run), "Reservation 200.0: M = 0 + 1, N = 0");
    enter(&mut run, "drydock wait 4m");
    assert_eq!((tasks(&run), desired(&run)), ((1, 0), 2));
    assert_eq!(reservation(&run), "Reservation 50.0: M = 1 in use, N = 2");
    enter(&mut run, "drydock wait 11m");
    assert_eq!(desired(&run), 2, "not yet fifteen minutes");
    enter(&mut run, "drydock wait 5m");
    // CAS-06: of the two, the group may end only the one without a task.
    assert_eq!((tasks(&run), desired(&run)), ((1, 0), 1));
    assert_eq!(reservation(&run), "Reservation 100.0: M = 1 in use, N = 1");
}

/// CAP-26: the maximum is never changed, and what finds no machine goes on waiting; CAP-19: what no machine could
/// take is not counted.
#[test]
fn the_maximum_of_the_group_and_the_size_of_its_machines_are_the_end() {
    let mut run = provider(&[("--max-size 6", "--max-size 3")]);
    enter(&mut run, "drydock wait 6m\naws ecs update-service --cluster shop --service web --desired-count 9");
    enter(&mut run, "drydock wait 7m");
    assert_eq!((tasks(&run), desired(&run)), ((6, 3), 3));
    assert!(story(&run, 0).contains("rounded up, and the maximum is 3"), "{}", story(&run, 0));
    enter(&mut run, "aws ecs update-service --cluster shop --service web --desired-count 6\ndrydock wait 2m");
    assert_eq!(reservation(&run), "Reservation 100.0: M = 3 in use, N = 3");
    enter(
        &mut run,
        r#"aws ecs register-task-definition --family large --container-definitions '[{"name": "web", "image": "shop/web:1", "memory": 9000}]'
         aws ecs run-task --cluster shop --task-definition large
         drydock wait 1m"#,
    );
    assert_eq!(reservation(&run), "Reservation 100.0: M = 3 in use, N = 3");
    let told = run.timeline().records().iter().rfind(|record| record.text.starts_with("CapacityProviderRes"));
    let reason = &told.unwrap().verdicts[0].reason;
    assert!(
        reason.contains("memory: a task needs 9000, one m5.large has 7990; no new instance helps"),
        "{reason}"
    );
}

/// CAP-19, CINST-20, TASKDEF-59: the estimate counts the cards and GPUs that a new machine will register: machine,
/// image, account setting, five tasks -> what one has, and how many more
#[test]
fn the_estimate_knows_trunks_and_graphics_processors_as_registration_does() {
    let card = r#"--network-configuration awsvpcConfiguration={subnets=[subnet-pri-a]}"#;
    let cards = r#"--network-mode awsvpc --container-definitions '[{"name": "web", "image": "shop/web:1", "memory": 64}]'"#;
    let gpus = r#"--container-definitions '[{"name": "web", "image": "shop/web:1", "memory": 64, "resourceRequirements": [{"type": "GPU", "value": "2"}]}]'"#;
    for (kind, image, trunking, definition, network, said) in [
        (
            "m5.large",
            "ami-ecs",
            "disabled",
            cards,
            card,
            "network cards: 5 together, 2 on one m5.large: 3 more",
        ),
        ("m5.large", "ami-ecs", "enabled", cards, card, "memory: 320 together, 7990 on one m5.large: 1 more"),
        (
            "t3.large",
            "ami-ecs",
            "enabled",
            cards,
            card,
            "network cards: 5 together, 2 on one t3.large: 3 more",
        ),
        (
            "g4dn.12xlarge",
            "ami-ecs-gpu",
            "disabled",
            gpus,
            "",
            "GPUs: 10 together, 4 on one g4dn.12xlarge: 3 more",
        ),
        ("g4dn.12xlarge", "ami-ecs", "disabled", gpus, "", "GPUs: a task needs 2, one g4dn.12xlarge has 0"),
    ] {
        let mut run = provider(&[
            ("m5.large", kind),
            ("\"ami-ecs\"", &format!("\"{image}\"")),
            ("--min-size 1", "--min-size 0"),
            ("--desired-capacity 2", "--desired-capacity 0"),
            ("--desired-count 4\n", "--desired-count 0\n"),
            ("aws ecs wait services-stable --cluster shop --services web\n", ""),
        ]);
        enter(
            &mut run,
            &format!(
                "aws ecs put-account-setting-default --name awsvpcTrunking --value {trunking}
                 aws ecs register-task-definition --family five {definition}
                 aws ecs run-task --cluster shop --task-definition five --count 5 {network}
                 drydock wait 1m"
            ),
        );
        let measured = |record: &&drydock::timeline::Record| record.text.starts_with("CapacityProviderRes");
        let told = run.timeline().records().iter().rfind(measured).unwrap();
        let reason = told.verdicts.first().map(|verdict| verdict.reason.as_str()).unwrap_or_default();
        assert!(reason.contains(said), "{kind} {image} {trunking}: {reason}");
    }
}

/// CAP-32: spread over all machines, no machine is empty, and nothing shrinks. CAP-31: without protection the
/// group ends a machine with tasks on it.
#[test]
fn a_cluster_shrinks_by_empty_machines_only_where_they_are_protected() {
    for (protection, running) in [("ENABLED", 2), ("DISABLED", 1)] {
        let mut run = provider(&[
            ("managedTerminationProtection=ENABLED", &format!("managedTerminationProtection={protection}")),
            (
                "--new-instances-protected-from-scale-in",
                if protection == "ENABLED" { "--new-instances-protected-from-scale-in" } else { "" },
            ),
            ("targetCapacity=100", "targetCapacity=100,instanceWarmupPeriod=60"),
        ]);
        // One task on each of the two machines; the third stays empty.
        enter(
            &mut run,
            "aws ecs update-service --cluster shop --service web --desired-count 2
             aws autoscaling set-desired-capacity --auto-scaling-group-name machines --desired-capacity 3
             drydock wait 15m",
        );
        assert_eq!((tasks(&run).0, desired(&run)), (2, 3), "{protection}");
        let records = run.timeline().len();
        enter(&mut run, "drydock wait 6m");
        let state = run.sim().state();
        let busy = state.container_instances.values().filter(|instance| !instance.tasks.is_empty()).count();
        assert_eq!((desired(&run), busy >= running), (2, true), "{protection}");
        let at_stake = run.timeline().records()[records..]
            .iter()
            .flat_map(|record| &record.verdicts)
            .filter(|verdict| verdict.rule.id == "CAP-31")
            .count();
        assert_eq!(at_stake, if protection == "ENABLED" { 0 } else { 2 });
        // Spread: two machines with a task each need two machines, however empty they are.
        enter(&mut run, "drydock wait 40m");
        assert_eq!((desired(&run), tasks(&run)), (2, (2, 0)), "{protection}");
    }
}

/// CAP-26, AAS-06: without managed scaling the policy, its alarms and the measuring are gone.
#[test]
fn a_provider_without_managed_scaling_leaves_the_group_alone() {
    let mut run = play(PROVIDER);
    let policies = |run: &Run| run.sim().state().scaling_policies.len();
    assert_eq!((policies(&run), run.sim().state().cloudwatch.alarms.len()), (1, 2));
    // Another target is another policy of the same name.
    enter(
        &mut run,
        "aws ecs update-capacity-provider --name machines --auto-scaling-group-provider 'managedScaling={status=ENABLED,targetCapacity=80}'
         drydock wait 2m",
    );
    let policy = run.sim().state().scaling_policies.values().next().unwrap();
    assert_eq!(policy.target().unwrap().to_string(), "80.0");
    assert_eq!(desired(&run), 2, "two are used of two: 100 > 80, but they still warm up");
    enter(&mut run, "drydock wait 5m");
    assert_eq!(desired(&run), 3, "ceil(2 x 100 / 80)");
    enter(
        &mut run,
        "aws ecs update-service --cluster shop --service web --desired-count 0
         drydock wait 2m
         aws ecs delete-service --cluster shop --service web
         drydock wait 2m
         aws ecs put-cluster-capacity-providers --cluster shop --capacity-providers [] --default-capacity-provider-strategy []
         drydock wait 2m",
    );
    assert_eq!((policies(&run), run.sim().state().cloudwatch.alarms.len()), (0, 0));
}

/// CW-01: two groups are two metrics, and each policy hears only its own.
#[test]
fn a_metric_is_told_apart_by_its_dimensions() {
    let mut run = play(CPU_GROUP);
    enter(
        &mut run,
        "aws autoscaling create-auto-scaling-group --auto-scaling-group-name idle --min-size 1 --max-size 3 --launch-template LaunchTemplateName=machines --vpc-zone-identifier subnet-pri-c
         aws autoscaling put-scaling-policy --auto-scaling-group-name idle --policy-name cpu --policy-type TargetTrackingScaling --target-tracking-configuration 'PredefinedMetricSpecification={PredefinedMetricType=ASGAverageCPUUtilization},TargetValue=12.5'
         drydock wait 10m",
    );
    let metrics = &run.sim().state().cloudwatch.metrics;
    let told: Vec<(&str, String)> = metrics
        .iter()
        .map(|(metric, series)| (metric.dimensions[0].1.as_str(), series.newest().unwrap().level.to_string()))
        .collect();
    assert_eq!(told, [("idle", "7.3".to_string()), ("machines", "10.9".to_string())], "one task has moved");
    let thresholds = run.enter("aws cloudwatch describe-alarms --query 'MetricAlarms[].Threshold'").stdout;
    assert_eq!(thresholds.split_whitespace().collect::<String>(), "[12.5,11.25,50.0,45.0]");
}

/// CINST-19: without protection the group takes out a machine with a task; ECS drains it, the task moves, and
/// only then the machine ends.
#[test]
fn a_machine_that_its_group_takes_out_is_drained_first() {
    let mut run = provider(&[
        (
            "managedTerminationProtection=ENABLED,managedDraining=DISABLED",
            "managedTerminationProtection=DISABLED,managedDraining=ENABLED",
        ),
        (" --new-instances-protected-from-scale-in", ""),
    ]);
    enter(
        &mut run,
        "aws ecs update-service --cluster shop --service web --desired-count 2
         drydock wait 2m",
    );
    let hooks = "aws autoscaling describe-lifecycle-hooks --auto-scaling-group-name machines --query 'LifecycleHooks[].LifecycleHookName' --output text";
    assert_eq!(run.enter(hooks).stdout.trim(), "ecs-managed-draining-termination-hook");
    let from = run.timeline().len();
    enter(
        &mut run,
        "aws autoscaling set-desired-capacity --auto-scaling-group-name machines --desired-capacity 1",
    );
    for _ in 0..240 {
        run.advance(drydock::SimDuration::secs(1));
        assert!(tasks(&run).0 >= 2, "two tasks run at every moment");
    }
    let records = &run.timeline().records()[from..];
    let at = |text: &str| {
        let found = records.iter().position(|record| record.text.starts_with(text));
        found.unwrap_or_else(|| panic!("{text}"))
    };
    let order = [
        "Terminating:Wait in",
        "DRAINING",
        "desiredStatus STOPPED",
        "drained:",
        "Terminating:Proceed",
        "shutting-down",
    ];
    let places: Vec<usize> = order.iter().map(|text| at(text)).collect();
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(run.sim().state().container_instances.len(), 1);
    // An empty machine has nothing to wait for.
    enter(
        &mut run,
        "aws ecs update-service --cluster shop --service web --desired-count 0
         drydock wait 2m
         aws autoscaling update-auto-scaling-group --auto-scaling-group-name machines --min-size 0 --desired-capacity 0
         drydock wait 40s",
    );
    assert!(run.sim().state().container_instances.is_empty());
    // Without managed draining the hook is gone.
    enter(
        &mut run,
        "aws ecs update-capacity-provider --name machines --auto-scaling-group-provider 'managedScaling={status=ENABLED},managedDraining=DISABLED'
         drydock wait 2m",
    );
    assert_eq!(run.enter(hooks).stdout.trim(), "");
}

/// Whether each registered machine of the group may end, and has tasks.
fn protected(run: &Run) -> Vec<(bool, bool)> {
    let state = run.sim().state();
    let members = state.auto_scaling_groups.values().flat_map(|group| group.instances.values());
    let machine = |id: &drydock::arn::InstanceId| {
        state.container_instances.values().find(|it| it.instance == *id).map(|it| !it.tasks.is_empty())
    };
    members.filter_map(|member| Some((member.protected, machine(&member.instance)?))).collect()
}

/// CAS-06: a machine with tasks is protected from the moment of the first one; at the end of a minute an empty one
/// is not. A daemon's task protects nothing (CAP-18).
#[test]
fn machines_with_tasks_are_protected_and_empty_ones_are_not() {
    let mut run = provider(&[("--desired-count 4\n", "--desired-count 0\n")]);
    enter(&mut run, "drydock wait 3m");
    assert_eq!(protected(&run), [(false, false), (false, false)]);
    enter(
        &mut run,
        r#"aws ecs register-task-definition --family agent --container-definitions '[{"name": "c", "image": "shop/logger:1", "memory": 64}]'
         aws ecs create-service --cluster shop --service-name agent --task-definition agent --scheduling-strategy DAEMON
         drydock wait 1s"#,
    );
    assert_eq!(protected(&run), [(false, true), (false, true)], "daemons only");
    enter(&mut run, "drydock wait 2m");
    assert_eq!(protected(&run), [(false, true), (false, true)], "daemons only");
    enter(&mut run, "aws ecs update-service --cluster shop --service web --desired-count 1\ndrydock wait 1s");
    let busy = |run: &Run| protected(run).into_iter().filter(|(protected, _)| *protected).count();
    assert_eq!(busy(&run), 1, "at once");
    enter(&mut run, "drydock wait 3m");
    assert_eq!(busy(&run), 1);
    enter(&mut run, "aws ecs update-service --cluster shop --service web --desired-count 0\ndrydock wait 3m");
    assert_eq!(busy(&run), 0);
}

/// CAP-19: the least step, and of several groups of waiting tasks the one that needs most.
#[test]
fn the_greatest_need_decides_and_the_least_step_adds_to_it() {
    let mut run = provider(&[("targetCapacity=100", "targetCapacity=100,minimumScalingStepSize=3")]);
    let ports = |name: &str, memory: u64| {
        format!(
            "aws ecs register-task-definition --family {name} --container-definitions '[{{\"name\": \"c\", \"image\": \"shop/web:1\", \"memory\": {memory}, \"portMappings\": [{{\"containerPort\": 80, \"hostPort\": 80, \"protocol\": \"{name}\"}}]}}]'"
        )
    };
    enter(
        &mut run,
        &format!(
            "drydock wait 6m
             {}
             {}
             aws ecs update-service --cluster shop --service web --desired-count 6
             aws ecs run-task --cluster shop --task-definition tcp --count 2
             aws ecs run-task --cluster shop --task-definition udp --count 1
             drydock wait 1m",
            ports("tcp", 6000),
            ports("udp", 5950)
        ),
    );
    assert_eq!(reservation(&run), "Reservation 250.0: M = 2 + 3 (needed: 2, by the step sizes 3), N = 2");
    let records = run.timeline().records();
    let measured = records.iter().rposition(|record| record.text.starts_with("CapacityProviderRes")).unwrap();
    let crowds: Vec<String> = records[measured]
        .verdicts
        .iter()
        .filter(|verdict| verdict.rule.id == "CAP-19")
        .map(|verdict| format!("{:?} {}", verdict.outcome, verdict.reason))
        .collect();
    assert_eq!(
        crowds,
        [
            "Passed 2 tasks of 1024 CPU units and 1024 MiB: CPU: 2048 together, 2048 on one m5.large: 1 more",
            "Chosen 2 tasks of 0 CPU units and 6000 MiB, each with a host port of its own: memory: 12000 together, 7990 on one m5.large: 2 more",
            "Passed 1 task of 0 CPU units and 5950 MiB, each with a host port of its own: memory: 5950 together, 7990 on one m5.large: 1 more",
        ]
    );
    // What is measured is caused by what has waited longest.
    let waiting = &run.sim().state().clusters.values().find(|it| it.name == "shop").unwrap().waiting.tasks;
    let cause = run.timeline().causes(drydock::RecordId(u32::try_from(measured).unwrap()))[0];
    let cause = run.timeline().get(cause).unwrap();
    assert_eq!((cause.subject.kind, cause.subject.id.as_str()), (Kind::Task, waiting[0].as_str()));
}

/// CAP-22, CINST-19: one policy for each provider in a cluster, whatever else ECS keeps on the group, and another
/// one when the provider comes anew.
#[test]
fn a_provider_has_one_policy_at_a_time() {
    let mut run = provider(&[("managedDraining=DISABLED", "managedDraining=ENABLED")]);
    let names = |run: &Run| -> Vec<String> {
        run.sim().state().scaling_policies.keys().map(|(_, name)| name.clone()).collect()
    };
    let before = names(&run);
    assert_eq!(before.len(), 1);
    enter(
        &mut run,
        "aws ecs update-service --cluster shop --service web --desired-count 0
         drydock wait 2m
         aws ecs delete-service --cluster shop --service web
         drydock wait 2m
         aws ecs put-cluster-capacity-providers --cluster shop --capacity-providers [] --default-capacity-provider-strategy []
         drydock wait 20s
         aws ecs put-cluster-capacity-providers --cluster shop --capacity-providers machines --default-capacity-provider-strategy capacityProvider=machines
         drydock wait 2m",
    );
    let now = names(&run);
    assert_eq!((now.len(), now == before), (1, false), "{before:?}, {now:?}");
}
