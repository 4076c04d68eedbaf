//! What holds for any input, whoever makes it up: a fuzzer, or the engine's own tests.

use drydock::operation::Handler;
use drydock::script::Script;
use drydock::{Call, Principal, Run, SimDuration, Timeline, operations};
use serde_json::Value;
use std::sync::OnceLock;

/// A world in which many requests find something: a cluster, machines, definitions, tasks and services.
const WORLD: &str = r#"drydock 1 seed=7 behaviour=1
aws ecs create-cluster --cluster-name shop --capacity-providers FARGATE FARGATE_SPOT
aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --count 2 --user-data 'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config'
put web.json <<'END'
{"family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
 "containerDefinitions": [{"name": "web", "image": "shop/web:1", "portMappings": [{"containerPort": 80}]}]}
END
aws ecs register-task-definition --cli-input-json file://web.json
aws ecs register-task-definition --family api --container-definitions '[{"name": "api", "image": "shop/web:2", "cpu": 256, "memory": 300, "portMappings": [{"containerPort": 80, "hostPort": 80}]}]'
drydock wait 2m
aws ecs create-service --cluster shop --service-name web --task-definition web --desired-count 2 --launch-type FARGATE --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a,subnet-pri-b]}'
aws ecs create-service --cluster shop --service-name api --task-definition api --desired-count 2 --launch-type EC2
aws ecs run-task --cluster shop --task-definition api
drydock wait 2m
"#;

/// The run of that world.
pub fn world() -> Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| Run::from_script(WORLD).expect("the world is well formed")).clone()
}

/// Whatever is typed at the terminal gets an answer, and completion never falls over it.
pub fn terminal(text: &str) {
    let mut run = world();
    for line in text.lines() {
        for (cursor, _) in line.char_indices() {
            run.complete(line, cursor);
        }
        let entered = run.enter(line);
        assert!(entered.exit_code == 0 || !entered.stderr.is_empty(), "a failure says why: {line}");
    }
}

/// Whatever JSON an operation is called with is answered or refused; a refusal and a look change nothing, and
/// what was begun goes on for a while.
pub fn api(choice: usize, input: &Value) {
    let count = operations().count();
    let Some(operation) = operations().nth(choice % count.max(1)) else { return };
    let (mut sim, mut timeline) = (world().sim().clone(), Timeline::default());
    let before = sim.clone();
    let principal = Principal::student();
    let call = Call { principal: &principal, operation, input, typed: operation.name };
    let refused = sim.call(call, &mut timeline).is_err();
    if refused || matches!(operation.handler, Handler::Look(_)) {
        assert!(sim == before, "{} changed something: {input}", operation.name);
    } else {
        let later = sim.clock() + SimDuration::secs(3600);
        sim.advance(later, 500, &mut timeline);
    }
}

/// Whatever a file or a link holds is played or refused, and what was played can be written and read.
pub fn script(text: &str) {
    if let Ok(run) = Run::from_script(text) {
        Script::parse(&run.script()).expect("a run writes a script that can be read");
    }
}
