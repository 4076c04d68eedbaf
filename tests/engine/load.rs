//! `drydock load`: what tasks really use, as against what they reserve.

use drydock::Run;
use drydock::ecs::usage::{Claim, share};
use serde_json::Value;

/// rule, CPU of the machine, what each wants at which weight -> what each gets
const SHARES: &str = "
    TASKDEF-22  2048  150@1024 150@1024             ->  150 150      // nobody is short
    TASKDEF-22  2048  9000@1024 0@1024              ->  2048 0       // idle CPU is there for the taking
    TASKDEF-22  2048  9000@1024 9000@1024           ->  1024 1024
    TASKDEF-22  2048  9000@512 9000@1536            ->  512 1536     // by weight
    TASKDEF-22  2048  100@512 9000@512 9000@1024    ->  100 650 1298 // what one leaves goes to the others by weight
    TASKDEF-22  2048  9000@2 9000@1022              ->  4 2044
    TASKDEF-22  1000  9000@1 9000@1 9000@1          ->  334 333 333  // nothing is lost to rounding
    TASKDEF-22  2048  ->
";

#[test]
fn cpu_is_shared_by_weight_among_those_who_want_more() {
    for row in SHARES.trim().lines() {
        let row = row.split("//").next().unwrap();
        let (given, expected) = row.split_once("->").unwrap();
        let words: Vec<&str> = given.split_whitespace().collect();
        let claims: Vec<Claim> = words[2..]
            .iter()
            .map(|word| {
                let (demand, weight) = word.split_once('@').unwrap();
                Claim { demand: demand.parse().unwrap(), weight: weight.parse().unwrap() }
            })
            .collect();
        let got = share(words[1].parse().unwrap(), &claims);
        let expected: Vec<u64> = expected.split_whitespace().map(|word| word.parse().unwrap()).collect();
        // The weights 512 and 1024 share 1948: a third is 649 1/3, and the odd unit goes to the first.
        assert_eq!(got, expected, "{row}");
    }
}

/// A machine of 2048 units and 7990 MiB with two tasks of `web` that reserve 512 units, without a limit.
const WORLD: &str = r#"drydock 1 seed=7 behaviour=1
aws ecs create-cluster --cluster-name shop
aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --subnet-id subnet-pri-a --user-data 'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config'
put web.json <<'END'
{"family": "web", "containerDefinitions": [{"name": "web", "image": "shop/web:1", "cpu": 512, "memory": 500}]}
END
put capped.json <<'END'
{"family": "capped", "cpu": "512", "memory": "500", "containerDefinitions": [{"name": "web", "image": "shop/web:1"}]}
END
aws ecs register-task-definition --cli-input-json file://web.json
aws ecs register-task-definition --cli-input-json file://capped.json
drydock wait 2m
aws ecs create-service --cluster shop --service-name web --task-definition web --desired-count 1 --launch-type EC2
aws ecs create-service --cluster shop --service-name capped --task-definition capped --desired-count 1 --launch-type EC2
aws ecs wait services-stable --cluster shop --services web capped
"#;

fn play() -> Run {
    Run::from_script(WORLD).expect("the world is well formed")
}

/// Enters a line that must succeed, and gives what it printed.
#[track_caller]
fn ask(run: &mut Run, line: &str) -> Value {
    let entered = run.enter(line);
    assert_eq!(entered.exit_code, 0, "{line}: {}", entered.stderr);
    serde_json::from_str(&entered.stdout).unwrap_or(Value::Null)
}

/// The CPU in use of the task of this service, and of its machine.
#[track_caller]
fn cpu(run: &mut Run, service: &str) -> (u64, u64) {
    let usage = ask(run, "drydock usage --cluster shop");
    let tasks = usage["tasks"].as_array().unwrap();
    let task = tasks.iter().find(|task| task["group"] == format!("service:{service}")).unwrap();
    (task["cpu"].as_u64().unwrap(), usage["instances"][0]["cpu"].as_u64().unwrap())
}

/// LOAD-01, TASKDEF-22, CW-20: each line of load -> what web, what capped, what the machine uses.
#[test]
fn a_load_is_borne_as_far_as_linux_lets_it() {
    let mut run = play();
    assert_eq!((cpu(&mut run, "web"), cpu(&mut run, "capped")), ((8, 16), (8, 16)), "idle programs");
    for (line, web, capped, machine) in [
        ("--service web --cpu 150", 150, 8, 158),
        // Four times what it reserves: its units are no limit while CPU is idle.
        ("--service web --cpu 2000", 2000, 8, 2008),
        ("--service web --cpu 9000", 2040, 8, 2048),
        // Task-level CPU is a limit, whatever is idle.
        ("--service web --cpu 100", 100, 8, 108),
        ("--service capped --cpu 9000", 100, 512, 612),
        // Both want all there is: the weights are equal, so the limit decides again.
        ("--service web --cpu 9000", 1536, 512, 2048),
        ("--service web --clear", 8, 512, 520),
    ] {
        ask(&mut run, &format!("drydock load {line}"));
        assert_eq!(
            (cpu(&mut run, "web"), cpu(&mut run, "capped")),
            ((web, machine), (capped, machine)),
            "{line}"
        );
    }
    let record = run.timeline().records().iter().rfind(|record| record.text.contains("9000 CPU units"));
    let reasons: Vec<&str> = record.unwrap().verdicts.iter().map(|verdict| verdict.reason.as_str()).collect();
    assert_eq!(reasons, ["wants 9000 CPU units and gets 1536; 96 MiB"]);
    let capped = run
        .timeline()
        .records()
        .iter()
        .find(|record| record.subject.id.ends_with("/capped") && !record.verdicts.is_empty());
    assert_eq!(capped.unwrap().verdicts[0].rule.id, "CW-20");
}

/// A task that is started later has the load too, and a Fargate task never gets beyond its size.
#[test]
fn a_load_is_the_services_and_not_the_tasks() {
    let mut run = play();
    for line in [
        "drydock load --service web --cpu 300 --memory 200",
        "aws ecs update-service --cluster shop --service web --desired-count 3",
        "aws ecs wait services-stable --cluster shop --services web",
    ] {
        ask(&mut run, line);
    }
    let usage = ask(&mut run, "drydock usage");
    let of_web = usage["tasks"].as_array().unwrap().iter().filter(|task| task["group"] == "service:web");
    let used: Vec<_> = of_web.map(|task| (task["cpu"].as_u64(), task["memory"].as_u64())).collect();
    assert_eq!(used, [(Some(300), Some(200)); 3]);
    assert_eq!(usage["instances"][0]["cpuUtilization"].to_string(), "44.335");
    for line in [
        r#"aws ecs register-task-definition --family far --network-mode awsvpc --cpu 256 --memory 512 --requires-compatibilities FARGATE --container-definitions '[{"name": "web", "image": "shop/web:1"}]'"#,
        "aws ecs create-service --cluster shop --service-name far --task-definition far --desired-count 1 --launch-type FARGATE --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a]}'",
        "aws ecs wait services-stable --cluster shop --services far",
        "drydock load --service far --cpu 9000",
    ] {
        ask(&mut run, line);
    }
    assert_eq!(cpu(&mut run, "far").0, 256);
}

/// LIFE-23: memory above the hard limit ends the container, now or as soon as it is reached; below it nothing does.
#[test]
fn memory_beyond_the_limit_is_out_of_memory() {
    let mut run = play();
    let stopped = |run: &Run| {
        let tasks = run.sim().state().tasks.values();
        tasks.filter(|task| task.containers[0].exit_code == Some(137)).count()
    };
    for line in ["drydock load --service web --memory 500", "drydock wait 5m"] {
        ask(&mut run, line);
    }
    assert_eq!(stopped(&run), 0, "500 MiB are allowed");
    // Its program takes 90 seconds until it serves, and only then has the memory of its load.
    for line in [
        r#"aws ecs register-task-definition --family slow --container-definitions '[{"name": "web", "image": "shop/web:slow", "memory": 500}]'"#,
        "aws ecs create-service --cluster shop --service-name slow --task-definition slow --desired-count 1 --launch-type EC2",
        "aws ecs wait services-stable --cluster shop --services slow",
        "drydock load --service slow --memory 501",
        "drydock wait 30s",
        "drydock load --service slow --memory 500",
        "drydock wait 2m",
    ] {
        ask(&mut run, line);
    }
    assert_eq!(stopped(&run), 0, "the load fell before the process had grown");
    for line in ["drydock load --service web --memory 501", "drydock wait 1s"] {
        ask(&mut run, line);
    }
    let task = run.sim().state().tasks.values().find(|task| task.containers[0].exit_code.is_some()).unwrap();
    assert_eq!(task.containers[0].reason.as_deref(), Some(drydock::ecs::container::OUT_OF_MEMORY));
    assert_eq!(task.stop_code.unwrap().word(), "EssentialContainerExited");
    ask(&mut run, "drydock wait 2m");
    assert!(stopped(&run) > 1, "its replacement bears the same load");
    // The chain of causes leads from the end to the load.
    let records = run.timeline().records();
    let end = records.iter().position(|record| record.text.contains("OutOfMemory")).unwrap();
    let chain = run.timeline().causes(drydock::RecordId(u32::try_from(end).unwrap()));
    let last = run.timeline().get(*chain.last().unwrap()).unwrap();
    assert!(last.text.starts_with("drydock load"), "{}", last.text);
    for line in ["drydock load --service web --clear", "drydock wait 5m"] {
        ask(&mut run, line);
    }
    let web = run.sim().state().services.values().find(|service| service.name == "web").unwrap().clone();
    assert_eq!(run.sim().state().tasks_of_service(&web).filter(|task| task.is_running()).count(), 1);
}

/// line -> the sentence that refuses it
#[test]
fn a_load_that_says_nothing_or_too_much_is_refused() {
    let mut run = play();
    for (line, sentence) in [
        ("--service web", "Say how much with --cpu and --memory, or --clear."),
        ("--service web --cpu -1", "--cpu is a number from 0 to 1000000."),
        ("--service web --memory 1000001", "--memory is a number from 0 to 1000000."),
        ("--service web --cpu 1 --clear", "--clear takes the load away; leave out --cpu and --memory."),
        ("--service wbe --cpu 1", "There is no service wbe."),
        ("--service web --cluster nope --cpu 1", "Cluster not found."),
    ] {
        let entered = run.enter(&format!("drydock load {line}"));
        assert!(entered.exit_code != 0 && entered.stderr.contains(sentence), "{line}: {}", entered.stderr);
    }
    ask(&mut run, "aws ecs create-cluster --cluster-name other");
    ask(
        &mut run,
        "aws ecs create-service --cluster other --service-name web --task-definition web --desired-count 0 --launch-type EC2",
    );
    let entered = run.enter("drydock load --service web --cpu 1");
    assert!(entered.stderr.contains("say which one with --cluster"), "{}", entered.stderr);
    ask(&mut run, "drydock load --service web --cluster other --cpu 1");
}
