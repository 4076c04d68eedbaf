//! The service scheduler at work: healing, causes, places, and which tasks it stops.

use drydock::ecs::container_instance::InstanceStatus;
use drydock::ecs::service_scheduler::choice::{Candidate, Rank, Urgency, choose, ranks};
use drydock::timeline::{RecordId, RecordKind};
use drydock::{Run, SimDuration, SimTime};
use proptest::prelude::*;

/// A cluster with one machine that has room for three tasks of `web`, and the service `web` with two.
const WORLD: &str = r#"drydock 1 seed=7 behaviour=1
aws ecs create-cluster --cluster-name shop
INSTANCE=$(aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --subnet-id subnet-pri-a --user-data 'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config' --query 'Instances[0].InstanceId' --output text)
put web.json <<'END'
{"family": "web", "containerDefinitions": [{"name": "web", "image": "shop/web:1", "cpu": 256, "memory": 2000,
 "healthCheck": {"command": ["CMD-SHELL", "curl -f localhost"], "interval": 10, "retries": 3}}]}
END
aws ecs register-task-definition --cli-input-json file://web.json
drydock wait 2m
aws ecs create-service --cluster shop --service-name web --task-definition web --desired-count 2 --launch-type EC2
aws ecs wait services-stable --cluster shop --services web
drydock wait 1m
"#;

fn play() -> Run {
    Run::from_script(WORLD).expect("the world is well formed")
}

/// Enters lines, each of which must succeed.
#[track_caller]
fn enter(run: &mut Run, lines: &str) {
    for line in lines.trim().lines() {
        let entered = run.enter(line.trim());
        assert_eq!(entered.exit_code, 0, "{line}: {}", entered.stderr);
    }
}

fn events(run: &Run) -> Vec<String> {
    let state = run.sim().state();
    state
        .services
        .values()
        .flat_map(|service| service.events.iter().map(|event| event.message.clone()))
        .collect()
}

fn running(run: &Run) -> usize {
    run.sim().state().tasks.values().filter(|task| task.is_running()).count()
}

/// The texts along the chain of causes behind a record, nearest first.
fn why(run: &Run, from: usize) -> Vec<String> {
    let id = RecordId(u32::try_from(from).unwrap());
    let chain = run.timeline().causes(id);
    chain.iter().map(|id| run.timeline().get(*id).unwrap().text.clone()).collect()
}

#[test]
fn a_replacement_leads_back_to_the_command_that_killed_the_old_task() {
    let mut run = play();
    enter(
        &mut run,
        "TASK=$(aws ecs list-tasks --cluster shop --query 'taskArns[0]' --output text)
         drydock kill --task $TASK --container web
         drydock wait 2m",
    );
    assert_eq!(running(&run), 2);
    let records = run.timeline().records();
    let last = records.iter().rposition(|record| record.text.contains("has started 1 tasks")).unwrap();
    let chain = why(&run, last);
    assert!(chain[0].starts_with("start 1 of web:1"), "{chain:#?}");
    assert_eq!(
        records[run.timeline().causes(RecordId(u32::try_from(last).unwrap()))[0].0 as usize].rule.unwrap().id,
        "SVC-21"
    );
    assert!(chain.iter().any(|text| text.contains("Essential container in task exited")), "{chain:#?}");
    assert!(chain.last().unwrap().starts_with("drydock kill"), "{chain:#?}");
    // The new task itself leads there too.
    let task = records.iter().rposition(|record| record.text == "PENDING").unwrap();
    assert!(why(&run, task).last().unwrap().starts_with("drydock kill"));
}

#[test]
fn a_task_that_somebody_stopped_is_replaced_ten_seconds_later() {
    let mut run = play();
    enter(
        &mut run,
        "TASK=$(aws ecs list-tasks --cluster shop --query 'taskArns[0]' --output text)
         aws ecs stop-task --cluster shop --task $TASK",
    );
    let stopped = run.clock();
    enter(&mut run, "drydock wait 1m");
    // LIFE-18.
    let decided =
        run.timeline().records().iter().rfind(|record| record.rule.is_some_and(|rule| rule.id == "LIFE-18"));
    assert_eq!(decided.map(|record| record.at.since(stopped).as_secs()), Some(10));
}

#[test]
fn a_service_leaves_a_draining_instance() {
    let mut run = play();
    enter(
        &mut run,
        "aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --subnet-id subnet-pri-b --user-data 'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config'
         drydock wait 3m
         OLD=$(aws ecs list-tasks --cluster shop --query 'taskArns[0]' --output text)
         CI=$(aws ecs describe-tasks --cluster shop --tasks $OLD --query 'tasks[0].containerInstanceArn' --output text)
         aws ecs update-container-instances-state --cluster shop --container-instances $CI --status DRAINING",
    );
    for _ in 0..180 {
        run.advance(SimDuration::secs(1));
        assert!(running(&run) >= 2, "the floor holds while tasks move");
    }
    // CINST-15.
    let state = run.sim().state();
    let left = state.tasks.values().filter(|task| task.is_running()).filter(|task| {
        let instance = task.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn));
        instance.is_some_and(|instance| instance.status == InstanceStatus::Draining)
    });
    assert_eq!(left.count(), 0);
    let mut rules = run.timeline().records().iter().filter_map(|record| record.rule);
    assert!(rules.any(|rule| rule.id == "CINST-15"));
}

#[test]
fn an_ill_task_goes_after_its_replacement_was_started() {
    let mut run = play();
    enter(
        &mut run,
        "TASK=$(aws ecs list-tasks --cluster shop --query 'taskArns[0]' --output text)
         drydock fail health-check --task $TASK --container web
         drydock wait 3m",
    );
    let told = events(&run);
    let at = told
        .iter()
        .position(|text| text.ends_with("Amazon ECS replaced 1 tasks due to an unhealthy status."))
        .unwrap();
    // SVC-22, in the order of published logs.
    assert!(told[at + 1].ends_with("failed container health checks."));
    assert!(told[at + 2].contains("has stopped 1 running tasks"));
    assert_eq!(told[at + 3], "(service web) has reached a steady state.");
    assert_eq!(running(&run), 2);
    let stopped = run.sim().state().tasks.values().find(|task| task.stopped_at.is_some()).unwrap();
    // SVC-24.
    assert_eq!(stopped.stopped_reason.as_deref(), Some("Task failed container health checks"));
}

#[test]
fn a_task_without_room_is_told_once_in_six_hours() {
    let mut run = play();
    enter(&mut run, "aws ecs update-service --cluster shop --service web --desired-count 4\ndrydock wait 5h");
    let lacks = "has insufficient memory available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";
    let count = |run: &Run| events(run).iter().filter(|text| text.ends_with(lacks)).count();
    assert_eq!((running(&run), count(&run)), (3, 1));
    let records = run.timeline().len();
    enter(&mut run, "drydock wait 30m");
    // Waiting for room that cannot come writes nothing.
    assert_eq!(run.timeline().len(), records);
    // SVC-07.
    enter(&mut run, "drydock wait 1h");
    assert_eq!(count(&run), 2);
    // Room that comes is used at the next pass.
    enter(
        &mut run,
        "aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --subnet-id subnet-pri-b --user-data 'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config'
         drydock wait 4m",
    );
    assert_eq!(running(&run), 4);
    assert_eq!(events(&run).last().unwrap(), "(service web) has reached a steady state.");
}

#[test]
fn a_cluster_that_lost_its_machines_says_so() {
    let mut run = play();
    enter(&mut run, "aws ec2 terminate-instances --instance-ids $INSTANCE\ndrydock wait 3m");
    assert_eq!(running(&run), 0);
    // PLACE-35.
    assert_eq!(
        events(&run).last().unwrap(),
        "(service web) was unable to place a task because no container instance met all of its requirements. Reason: No Container Instances were found in your cluster. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide."
    );
}

#[test]
fn a_revision_that_fails_its_checks_never_replaces_a_good_one() {
    let mut run = play();
    enter(
        &mut run,
        "aws ecs register-task-definition --family web --container-definitions '[{\"name\": \"web\", \"image\": \"shop/web:3-broken\", \"memory\": 200, \"healthCheck\": {\"command\": [\"CMD-SHELL\", \"curl -f localhost\"], \"interval\": 10}}]'
         aws ecs update-service --cluster shop --service web --task-definition web:2",
    );
    for _ in 0..60 {
        run.advance(SimDuration::secs(10));
        let good = run
            .sim()
            .state()
            .tasks
            .values()
            .filter(|task| task.is_running() && task.task_definition.short() == "web:1");
        // DEPLOY-11.
        assert_eq!(good.count(), 2);
    }
    assert!(events(&run).iter().filter(|text| text.ends_with("failed container health checks.")).count() > 2);
    // A good revision gets through afterwards.
    enter(
        &mut run,
        "aws ecs update-service --cluster shop --service web --task-definition web:1\ndrydock wait 10m",
    );
    assert_eq!(events(&run).last().unwrap(), "(service web) has reached a steady state.");
}

#[test]
fn a_crash_after_running_is_restarted_without_throttle() {
    let mut run = play();
    enter(
        &mut run,
        "aws ecs register-task-definition --family crash --container-definitions '[{\"name\": \"c\", \"image\": \"shop/web:3-crash\", \"memory\": 200}]'
         aws ecs create-service --cluster shop --service-name crash --task-definition crash --desired-count 1
         drydock wait 10m",
    );
    // SVC-21.
    let told = events(&run);
    let starts = told.iter().filter(|text| text.starts_with("(service crash) has started")).count();
    assert!(starts > 15, "{starts} starts in ten minutes");
    assert!(!told.iter().any(|text| text.contains("unable to consistently start")));
}

#[test]
fn without_a_circuit_breaker_a_failing_deployment_goes_on_trying() {
    let mut run = play();
    enter(
        &mut run,
        "aws ecs register-task-definition --family gone --container-definitions '[{\"name\": \"c\", \"image\": \"shop/web:9\", \"memory\": 200}]'
         aws ecs create-service --cluster shop --service-name gone --task-definition gone --desired-count 1
         drydock wait 1h",
    );
    let shown = run.enter(
        "aws ecs describe-services --cluster shop --services gone --query 'services[0].[deployments[0].rolloutState, deploymentConfiguration.deploymentCircuitBreaker.enable, deploymentConfiguration.deploymentCircuitBreaker.rollback]' --output text",
    );
    // DEPLOY-18: it is disabled unless asked for, and then nothing gives a deployment up.
    assert_eq!(shown.stdout.split_whitespace().collect::<Vec<_>>(), ["IN_PROGRESS", "False", "False"]);
    let starts =
        |run: &Run| events(run).iter().filter(|text| text.starts_with("(service gone) has started")).count();
    let before = starts(&run);
    enter(&mut run, "drydock wait 1h");
    assert!(starts(&run) > before, "{before} attempts, and none after an hour");
    // Given at all, it says both whether it counts and whether it rolls back.
    let half = run.enter(
        "aws ecs update-service --cluster shop --service gone --deployment-configuration 'deploymentCircuitBreaker={enable=true}'",
    );
    assert!(half.stderr.contains("rollback"), "{}", half.stderr);
}

/// PLACE-36: launch type, the reason, the closest instance -> the event.
#[test]
fn on_fargate_a_missing_place_is_told_without_an_instance() {
    use drydock::arn::{ContainerInstanceArn, ServiceArn};
    use drydock::ecs::service_scheduler::events::not_placed;
    use drydock::ecs::task::LaunchType;
    use drydock::ecs::task_chain::NotPlaced;
    let service = ServiceArn::named("shop", "web");
    let reason =
        "Capacity is unavailable at this time. Please try again later or in a different availability zone";
    let why = NotPlaced {
        closest: Some(ContainerInstanceArn::named("shop", "0123")),
        reason: reason.to_string(),
        rule: drydock::ecs::rules::services::PLACEMENT_EVENTS_FARGATE,
        record: RecordId(0),
    };
    let text = not_placed(&service, LaunchType::Fargate, &why);
    assert!(
        text.starts_with(&format!("(service web) was unable to place a task. Reason: {reason}. ")),
        "{text}"
    );
    assert!(!text.contains("container-instance"), "{text}");
    let text = not_placed(&service, LaunchType::Ec2, &why);
    assert!(text.contains("The closest matching (container-instance 0123)"), "{text}");
}

fn candidate(number: u64, urgency: Urgency, zone: &str, instance: &str) -> Candidate {
    Candidate {
        task: format!("task/{number}").as_str().into(),
        may_stop: true,
        urgency,
        ranks: ranks(&[], zone, Some(&instance.into()), (0, 0), (0, 0), |_| String::new()),
        created_at: SimTime(number),
    }
}

/// The candidates as number, urgency, zone and instance -> the tasks chosen, in order.
const CHOICES: &str = "
    PLACE-28  1 - a i1, 2 - a i2, 3 - b i3                -> 2
    PLACE-28  1 - a i1, 2 - a i1, 3 - a i2, 4 - b i3      -> 2 3
    PLACE-28  1 - a i1, 2 - a i1, 3 - b i2, 4 - b i3      -> 2 4 3 1
    PLACE-29  1 pending b i3, 2 - a i1, 3 - a i1          -> 1 3
    PLACE-29  1 unhealthy b i3, 2 draining a i1, 3 - a i2 -> 1 2 3
    PLACE-29  1 - a i1, 2 - a i1                          -> 2 1
";

#[test]
fn the_task_to_stop_is_the_one_that_keeps_the_balance() {
    for row in CHOICES.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (given, expected) = row[9..].split_once("->").unwrap();
        let candidates: Vec<Candidate> = given
            .split(',')
            .map(|part| {
                let words: Vec<&str> = part.split_whitespace().collect();
                let urgency = match words[1] {
                    "pending" => Urgency::Pending,
                    "unhealthy" => Urgency::Unhealthy,
                    "draining" => Urgency::Draining,
                    _ => Urgency::None,
                };
                candidate(words[0].parse().unwrap(), urgency, words[2], words[3])
            })
            .collect();
        let expected: Vec<&str> = expected.split_whitespace().collect();
        let chosen = choose(&candidates, expected.len() as u64, false);
        let chosen: Vec<&str> = chosen.iter().map(|choice| choice.task.short()).collect();
        assert_eq!(chosen, expected, "{row}");
    }
}

#[test]
fn a_binpacked_service_empties_the_instance_with_most_room() {
    let free = |number: u64, instance: &str, mib: u64| Candidate {
        ranks: vec![Rank::Free(instance.to_string(), mib, 50)],
        ..candidate(number, Urgency::None, "a", instance)
    };
    // PLACE-27.
    let chosen = choose(&[free(1, "i1", 500), free(2, "i2", 6000), free(3, "i3", 100)], 1, true);
    assert_eq!((chosen[0].task.short(), chosen[0].rule.id), ("2", "PLACE-27"));
    // What the first gives back counts for the second: one instance is emptied, not two half.
    let even = [free(1, "i1", 500), free(2, "i2", 500), free(3, "i1", 500), free(4, "i2", 500)];
    let chosen: Vec<String> =
        choose(&even, 2, true).iter().map(|choice| choice.task.short().to_string()).collect();
    assert_eq!(chosen, ["4", "2"]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_service_with_room_comes_back_to_its_wish(kills in prop::collection::vec((0..3_usize, 1..90_u32), 1..6)) {
        let mut run = play();
        for (index, seconds) in kills {
            run.enter(&format!("TASK=$(aws ecs list-tasks --cluster shop --query 'taskArns[{index}]' --output text)"));
            run.enter("drydock kill --task $TASK --container web");
            run.enter(&format!("drydock wait {seconds}s"));
        }
        run.enter("drydock wait 3m");
        prop_assert_eq!(running(&run), 2);
        prop_assert_eq!(events(&run).pop().unwrap(), "(service web) has reached a steady state.");
    }

    #[test]
    fn a_rolling_update_never_breaks_its_bounds(desired in 1..7_u64, minimum in 0..101_u64, maximum in 100..251_u64) {
        let subnets = "--network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a]}'";
        let mut run = Run::from_script("drydock 1 seed=7 behaviour=1\naws ecs create-cluster --cluster-name shop\n").unwrap();
        run.enter("aws ecs register-task-definition --family web --network-mode awsvpc --requires-compatibilities FARGATE --cpu 256 --memory 512 --container-definitions '[{\"name\": \"web\", \"image\": \"shop/web:1\"}]'");
        let created = run.enter(&format!("aws ecs create-service --cluster shop --service-name web --task-definition web --desired-count {desired} --launch-type FARGATE {subnets} --availability-zone-rebalancing DISABLED --deployment-configuration minimumHealthyPercent={minimum},maximumPercent={maximum}"));
        prop_assert_eq!(created.exit_code, 0, "{}", created.stderr);
        run.enter("drydock wait 5m");
        run.enter("aws ecs update-service --cluster shop --service web --force-new-deployment");
        let floor = (desired * minimum).div_ceil(100);
        let ceiling = desired * maximum / 100;
        for _ in 0..1200 {
            run.advance(SimDuration::secs(1));
            let state = run.sim().state();
            let alive = state.tasks.values().filter(|task| task.is_running() || task.is_pending()).count() as u64;
            prop_assert!(running(&run) as u64 >= floor, "{} running under the floor {floor}", running(&run));
            prop_assert!(alive <= ceiling, "{alive} over the ceiling {ceiling}");
        }
        // DEPLOY-08: it ends, unless neither bound leaves room.
        let stuck = floor >= desired && ceiling <= desired;
        let service = run.sim().state().services.values().next().unwrap();
        prop_assert_eq!(service.deployments.len() == 1, !stuck);
        prop_assert_eq!(running(&run) as u64, desired);
        prop_assert_eq!(run.timeline().records().iter().any(|record| record.kind == RecordKind::ServiceEvent && record.rule.unwrap().id == "DEPLOY-08"), stuck);
    }
}
