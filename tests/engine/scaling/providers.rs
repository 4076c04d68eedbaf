//! What a capacity provider does for tasks that wait and for machines that are empty.

use super::{CPU_GROUP, desired, enter, play, story, tasks, why};
use drydock::Run;
use drydock::timeline::Kind;

/// The world of the sandbox in which a capacity provider scales the same group.
const PROVIDER: &str = include_str!("../../../web/src/studio/worlds/provider.script");

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
