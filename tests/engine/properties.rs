//! What holds for any script: the same script gives the same timeline, however time is cut;
//! reading and refusals change nothing; reservations are sums; undo and seeking tell the truth.

use drydock::dice::Seed;
use drydock::{Run, SimDuration, SimTime};
use proptest::prelude::*;

/// A world in which most lines of [`line`] mean something.
const WORLD: &str = r#"drydock 1 seed=7 behaviour=1
aws ecs create-cluster --cluster-name shop
aws ec2 run-instances --image-id ami-ecs-optimized --instance-type m5.large --count 2 --subnet-id subnet-pri-a --user-data 'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config'
put web.json <<'END'
{"family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
 "containerDefinitions": [
  {"name": "web", "image": "shop/web:1", "healthCheck": {"command": ["CMD-SHELL", "curl -f localhost"], "interval": 5, "retries": 2}},
  {"name": "logger", "image": "shop/logger:1", "essential": false, "stopTimeout": 5}]}
END
aws ecs register-task-definition --cli-input-json file://web.json
aws ecs register-task-definition --family bridge --container-definitions '[{"name": "b", "image": "shop/web:2", "cpu": 512, "memory": 1000, "portMappings": [{"containerPort": 80, "hostPort": 80}]}]'
aws ecs register-task-definition --family leak --container-definitions '[{"name": "l", "image": "shop/web:leak", "memory": 300}]'
aws ecs register-task-definition --family again --container-definitions '[{"name": "web", "image": "shop/batch:1", "memory": 200, "portMappings": [{"containerPort": 80}], "restartPolicy": {"enabled": true, "restartAttemptPeriod": 60}}]'
drydock wait 2m
"#;

const NETWORK: &str = "--network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a,subnet-pri-b]}'";

/// A line that a learner might type, waits included.
fn line() -> impl Strategy<Value = String> {
    let task = (0..6_usize).prop_map(|index| {
        format!("TASK=$(aws ecs list-tasks --cluster shop --query 'taskArns[{index}]' --output text)")
    });
    prop_oneof![
        3 => (1..400_u32).prop_map(|seconds| format!("drydock wait {seconds}s")),
        3 => task,
        2 => (1..4_u32).prop_map(|count| format!("aws ecs run-task --cluster shop --task-definition web --launch-type FARGATE --count {count} {NETWORK}")),
        2 => (1..4_u32).prop_map(|count| format!("aws ecs run-task --cluster shop --task-definition bridge --count {count}")),
        1 => Just("aws ecs run-task --cluster shop --task-definition leak".to_string()),
        1 => Just("aws ecs run-task --cluster shop --task-definition again --count 2".to_string()),
        1 => (1..4_u32).prop_map(|count| format!("aws ecs run-task --cluster shop --task-definition bridge --count {count} --placement-strategy type=binpack,field=memory --placement-constraints type=distinctInstance")),
        1 => Just("aws ecs create-service --cluster shop --service-name all --task-definition again --scheduling-strategy DAEMON --launch-type EC2".to_string()),
        1 => Just("aws ecs run-task --cluster shop --task-definition bridge --count 3 --placement-strategy type=spread,field=instanceId type=random".to_string()),
        1 => Just("aws ecs run-task --cluster shop --task-definition leak --count 3 --placement-constraints type=distinctInstance --placement-strategy type=binpack,field=memory".to_string()),
        1 => Just("aws ecs update-service --cluster shop --service api --placement-strategy type=random --placement-constraints 'type=memberOf,expression=runningTasksCount < 3'".to_string()),
        1 => Just(format!("aws ecs create-service --cluster shop --service-name web --task-definition web --desired-count 2 --launch-type FARGATE {NETWORK}")),
        1 => Just("aws ecs create-service --cluster shop --service-name api --task-definition bridge --desired-count 3 --launch-type EC2".to_string()),
        2 => (0..5_u32).prop_map(|count| format!("aws ecs update-service --cluster shop --service web --desired-count {count}")),
        1 => Just("aws ecs update-service --cluster shop --service api --force-new-deployment".to_string()),
        1 => Just("aws ecs delete-service --cluster shop --service api --force".to_string()),
        2 => Just("aws ecs stop-task --cluster shop --task $TASK".to_string()),
        2 => Just("drydock kill --task $TASK --container web".to_string()),
        1 => Just("drydock fail health-check --task $TASK --container web".to_string()),
        1 => Just("INSTANCE=$(aws ec2 describe-instances --query 'Reservations[].Instances[].InstanceId | [0]' --output text)".to_string()),
        1 => Just("aws ec2 terminate-instances --instance-ids $INSTANCE".to_string()),
        1 => Just("drydock fail agent $INSTANCE".to_string()),
        1 => Just("aws ecs describe-clusters --clusters shop nope".to_string()),
        1 => Just("aws ecs delete-cluster --cluster shop".to_string()),
        1 => Just("aws ecs describe-tasks --cluster shop --tasks $TASK".to_string()),
    ]
}

fn play(lines: &[String]) -> Run {
    let mut run = Run::from_script(WORLD).expect("the world is well formed");
    for line in lines {
        run.enter(line);
    }
    run
}

/// Each line of the world is one that AWS would accept, so that the lines above find what they name.
#[test]
fn the_world_stands() {
    let script = drydock::Script::parse(WORLD).expect("the world is well formed");
    let mut run = Run::new(script.seed);
    for (line, entered) in script.lines.iter().zip(run.play(&script)) {
        assert_eq!(entered.exit_code, 0, "{}: {}", line.command, entered.stderr);
    }
    assert_eq!(run.sim().state().container_instances.len(), 2);
}

fn scripts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(line(), 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_script_is_all_there_is_of_a_run(lines in scripts()) {
        let run = play(&lines);
        let again = Run::from_script(&run.script()).expect("a run writes a good script");
        prop_assert_eq!(again.timeline().hash(), run.timeline().hash());
        prop_assert_eq!(again.sim().state(), run.sim().state());
        prop_assert_eq!(again.clock(), run.clock());
    }

    #[test]
    fn one_long_step_equals_many_short_ones(lines in scripts(), millis in 1..90_000_u64) {
        let mut long = play(&lines);
        let mut short = play(&lines);
        long.advance(SimDuration::secs(600));
        let end = long.clock();
        while short.clock() < end {
            let step = SimDuration(millis.min(end.since(short.clock()).0));
            short.advance(step);
        }
        prop_assert_eq!(short.timeline().hash(), long.timeline().hash());
        prop_assert_eq!(short.sim(), long.sim());
    }

    #[test]
    fn a_refused_or_reading_request_changes_nothing(lines in scripts(), last in line()) {
        let mut run = play(&lines);
        let before = run.sim().state().clone();
        let agenda: Vec<_> = run.sim().agenda().iter().map(|(at, booking)| (at, booking.event.clone())).collect();
        let waits = last.starts_with("drydock wait");
        let entered = run.enter(&last);
        let reads = last.contains(" describe-") || last.contains(" list-");
        if !waits && (entered.exit_code != 0 || reads) {
            prop_assert_eq!(run.sim().state(), &before);
            let after: Vec<_> = run.sim().agenda().iter().map(|(at, booking)| (at, booking.event.clone())).collect();
            prop_assert_eq!(after, agenda);
        }
    }

    #[test]
    fn a_run_at_rest_has_done_all_that_is_due(lines in scripts()) {
        let mut run = Run::from_script(WORLD).expect("the world is well formed");
        for line in &lines {
            run.enter(line);
            prop_assert!(run.sim().agenda().next_at().is_none_or(|next| next > run.clock()), "{line}");
        }
    }

    #[test]
    fn what_is_reserved_is_the_sum_of_the_tasks_and_within_capacity(lines in scripts()) {
        let run = play(&lines);
        let state = run.sim().state();
        for instance in state.container_instances.values() {
            let tasks = || state.tasks.values().filter(|task| task.container_instance.as_ref() == Some(&instance.arn) && !task.told_to_stop);
            prop_assert_eq!(tasks().map(|task| task.cpu.0).sum::<u64>(), instance.cpu_taken.0);
            prop_assert_eq!(tasks().map(|task| task.memory.0).sum::<u64>(), instance.memory_taken.0);
            prop_assert!(instance.cpu_taken <= instance.cpu && instance.memory_taken <= instance.memory);
        }
    }

    #[test]
    fn no_record_is_without_a_cause_but_commands(lines in scripts()) {
        use drydock::timeline::RecordKind;
        let run = play(&lines);
        for (index, record) in run.timeline().records().iter().enumerate() {
            let asked = matches!(record.kind, RecordKind::Command | RecordKind::Fault | RecordKind::Answer | RecordKind::Refusal);
            prop_assert!(asked || record.cause.is_some_and(|cause| (cause.0 as usize) < index), "{}", record);
        }
    }

    #[test]
    fn seeking_shows_what_was_and_comes_back_to_what_is(lines in scripts(), per_mille in 0..1000_u64) {
        let mut run = play(&lines);
        let (end, state, hash) = (run.clock(), run.sim().state().clone(), run.timeline().hash());
        run.seek(SimTime(end.0 / 1000 * per_mille));
        let seen = run.timeline().len();
        prop_assert!(run.timeline().records().iter().all(|record| record.at <= run.clock()));
        run.seek(end);
        prop_assert!(run.timeline().len() >= seen);
        prop_assert_eq!(run.timeline().hash(), hash);
        prop_assert_eq!(run.sim().state(), &state);
    }

    #[test]
    fn undo_is_as_if_it_had_not_been_typed(lines in scripts(), last in line()) {
        let mut run = play(&lines);
        let (state, hash, count) = (run.sim().state().clone(), run.timeline().hash(), run.lines().len());
        run.enter(&last);
        if run.lines().len() > count {
            let after = (run.sim().state().clone(), run.timeline().hash());
            run.undo(0).expect("there is a line to undo");
            prop_assert_eq!(run.sim().state(), &state);
            prop_assert_eq!(run.timeline().hash(), hash);
            prop_assert!(run.redo());
            prop_assert_eq!((run.sim().state().clone(), run.timeline().hash()), after);
        }
    }

    #[test]
    fn an_unrelated_cluster_changes_no_record_of_this_one(lines in scripts()) {
        let about_shop = |run: &Run| -> Vec<String> {
            run.timeline().records().iter()
                .filter(|record| record.subject.id.contains("/shop"))
                .map(|record| format!("{} {:?} {} {}", record.at.0, record.kind, record.subject.id, record.text))
                .collect()
        };
        let alone = play(&lines);
        let other = WORLD.replacen("aws ecs create-cluster", "aws ecs create-cluster --cluster-name other\naws ecs create-cluster", 1);
        let mut beside = Run::from_script(&other).expect("the world is well formed");
        for (index, line) in lines.iter().enumerate() {
            if index == 0 {
                beside.enter(&format!("aws ecs run-task --cluster other --task-definition web --launch-type FARGATE --count 2 {NETWORK}"));
            }
            beside.enter(line);
        }
        prop_assert_eq!(about_shop(&beside), about_shop(&alone));
    }
}

#[test]
fn acting_in_the_past_begins_a_branch_and_keeps_the_old_future() {
    let mut run = Run::new(Seed(7));
    run.enter("aws ecs create-cluster --cluster-name shop");
    run.enter("drydock wait 60s");
    run.enter("aws ecs create-cluster --cluster-name late");
    run.seek(SimTime(30_000));
    assert_eq!(run.sim().state().clusters.len(), 1);
    assert_eq!(run.known_future().len(), 2, "the command and the cluster that it made lie ahead");
    run.enter("aws ecs create-cluster --cluster-name other");
    assert_eq!(run.branches().len(), 2);
    let names = |run: &Run| {
        run.sim().state().clusters.values().map(|cluster| cluster.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(names(&run), ["other", "shop"]);
    assert!(run.switch(0));
    assert_eq!(names(&run), ["late", "shop"]);
    assert_eq!(run.clock(), SimTime(60_000));
    assert!(!run.switch(9));
}
