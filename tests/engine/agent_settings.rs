//! What user data says to the agent: registered, able, and how tasks are treated (CINST-02 to 08, SIM-07).

use crate::world::World;
use serde_json::{Value, json};

/// A world with one m5.large in `shop` whose agent has these settings.
fn machine(settings: &str) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let script = format!("#!/bin/bash\necho ECS_CLUSTER=shop >> /etc/ecs/ecs.config\n{settings}\n");
    let input = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large", "UserData": script});
    world.call("ec2", "RunInstances", input).expect("it launches");
    world.wait(90);
    world
}

/// The instance; null where none is registered.
fn instance(world: &mut World) -> Value {
    let listed =
        world.ok("ListContainerInstances", json!({"cluster": "shop"}))["containerInstanceArns"].clone();
    if listed == json!([]) {
        return Value::Null;
    }
    let asked = json!({"cluster": "shop", "containerInstances": listed, "include": ["TAGS"]});
    world.ok("DescribeContainerInstances", asked)["containerInstances"][0].clone()
}

fn attribute(instance: &Value, name: &str) -> Option<Value> {
    let all = instance["attributes"].as_array().expect("a list");
    all.iter().find(|each| each["name"] == name).map(|each| each["value"].clone())
}

fn definition(world: &mut World, mode: &str, extra: Value) {
    let mut container = json!({"name": "web", "image": "shop/web:1", "memory": 128});
    container.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    let input = json!({"family": "web", "networkMode": mode, "containerDefinitions": [container]});
    world.ok("RegisterTaskDefinition", input);
}

fn run(world: &mut World, extra: Value) -> Value {
    let mut request = json!({"cluster": "shop", "taskDefinition": "web"});
    request.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    world.ok("RunTask", request)
}

/// CINST-04, CINST-05, CINST-08, SIM-07: what is registered, however the script quotes it.
#[test]
fn settings_say_what_an_instance_registers() {
    let mut world = machine(
        r#"
cat <<'EOF' >> /etc/ecs/ecs.config
ECS_RESERVED_MEMORY=256
ECS_RESERVED_PORTS=[22, 9100]
ECS_RESERVED_PORTS_UDP=[53]
ECS_INSTANCE_ATTRIBUTES={"stack": "prod", "rack": "7"}
EOF
echo "ECS_CONTAINER_INSTANCE_TAGS={\"team\": \"shop\"}" >> /etc/ecs/ecs.config
echo ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION=10m >> /etc/ecs/ecs.config"#,
    );
    let found = instance(&mut world);
    let registered = |place: usize, member: &str| found["registeredResources"][place][member].clone();
    assert_eq!(registered(1, "integerValue"), 7990 - 256);
    assert_eq!(registered(2, "stringSetValue"), json!(["22", "9100"]));
    assert_eq!(registered(3, "stringSetValue"), json!(["53"]));
    assert_eq!(attribute(&found, "stack"), Some(json!("prod")));
    assert_eq!(attribute(&found, "rack"), Some(json!("7")));
    assert_eq!(found["tags"], json!([{"key": "team", "value": "shop"}]));
    // Placement goes by them.
    definition(&mut world, "bridge", json!({"portMappings": [{"containerPort": 80, "hostPort": 9100}]}));
    assert_eq!(run(&mut world, json!({}))["failures"][0]["reason"], "RESOURCE:PORTS");
    definition(&mut world, "bridge", json!({}));
    let wanted = |stack: &str| json!({"placementConstraints": [{"type": "memberOf", "expression": format!("attribute:stack == {stack}")}]});
    assert_eq!(run(&mut world, wanted("prod"))["failures"], json!([]));
    assert_eq!(run(&mut world, wanted("test"))["tasks"], json!([]));
}

/// CINST-02, CINST-08: settings with which ECS does not register an instance -> what the agent says.
#[test]
fn an_agent_with_settings_that_cannot_be_does_not_register() {
    let rows = [
        ("echo ECS_RESERVED_MEMORY=8000 >> x", "ClientException: ECS_RESERVED_MEMORY: 8000 MiB are more"),
        (
            r#"echo 'ECS_INSTANCE_ATTRIBUTES={"a b": "c"}' >> x"#,
            "InvalidParameterException: Invalid attribute name 'a b'.",
        ),
        (
            r#"echo 'ECS_INSTANCE_ATTRIBUTES={"ecs.os-type": "c"}' >> x"#,
            "InvalidParameterException: The attribute 'ecs.os-type'",
        ),
        (
            r#"echo 'ECS_CONTAINER_INSTANCE_TAGS={"aws:x": "c"}' >> x"#,
            "InvalidParameterException: Tag key 'aws:x'",
        ),
    ];
    for (setting, says) in rows {
        let mut world = machine(setting);
        assert_eq!(instance(&mut world), Value::Null, "{setting}");
        let told =
            world.timeline.records().iter().any(|record| record.text.starts_with(&format!("agent: {says}")));
        assert!(told, "{setting}");
    }
}

/// TASKDEF-61, TASKDEF-62: setting, network mode, container -> the failure of RunTask.
#[test]
fn what_an_agent_cannot_do_is_a_missing_attribute() {
    let awslogs = json!({"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g"}}});
    let rows = [
        ("echo ECS_ENABLE_TASK_ENI=false >> x", "awsvpc", json!({}), true),
        ("echo ECS_ENABLE_TASK_ENI=true >> x", "awsvpc", json!({}), false),
        (
            r#"echo 'ECS_AVAILABLE_LOGGING_DRIVERS=["json-file","none"]' >> x"#,
            "bridge",
            awslogs.clone(),
            true,
        ),
        (r#"echo 'ECS_AVAILABLE_LOGGING_DRIVERS=["json-file","awslogs"]' >> x"#, "bridge", awslogs, false),
    ];
    for (setting, mode, container, fails) in rows {
        let mut world = machine(setting);
        definition(&mut world, mode, container);
        let network = json!({"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pub-a"]}}});
        let answer = run(&mut world, if mode == "awsvpc" { network } else { json!({}) });
        let reason = answer["failures"][0]["reason"].clone();
        assert_eq!(reason, if fails { json!("ATTRIBUTE") } else { Value::Null }, "{setting} {mode}");
    }
}

/// LIFE-15: setting, stopTimeout of the container -> seconds from StopTask to STOPPED of a process that
/// does not heed SIGTERM.
#[test]
fn a_stop_timeout_is_the_containers_then_the_agents_then_half_a_minute() {
    let rows = [
        ("", None, 30),
        ("echo ECS_CONTAINER_STOP_TIMEOUT=90s >> x", None, 90),
        ("echo ECS_CONTAINER_STOP_TIMEOUT=1m30s >> x", Some(5), 5),
        ("echo ECS_CONTAINER_STOP_TIMEOUT=soon >> x", None, 30),
    ];
    for (setting, own, seconds) in rows {
        let mut world = machine(setting);
        let mut container = json!({"image": "shop/web:stubborn"});
        if let Some(own) = own {
            container["stopTimeout"] = json!(own);
        }
        definition(&mut world, "bridge", container);
        let task = run(&mut world, json!({}))["tasks"][0]["taskArn"].clone();
        world.wait(60);
        world.ok("StopTask", json!({"cluster": "shop", "task": task}));
        let status = |world: &mut World| {
            let asked = json!({"cluster": "shop", "tasks": [task]});
            world.ok("DescribeTasks", asked)["tasks"][0]["lastStatus"].clone()
        };
        world.wait(seconds - 1);
        assert_eq!(status(&mut world), "STOPPING", "{setting} {own:?}");
        world.wait(2);
        assert_eq!(status(&mut world), "STOPPED", "{setting} {own:?}");
    }
}

/// LIFE-25: an image that is there costs a second at the registry, or none where the agent trusts its cache;
/// TASKDEF-41: dynamic ports come from the range that the agent was given.
#[test]
fn pulls_and_ports_follow_the_agents_settings() {
    for (setting, millis) in [("", 1000), ("echo ECS_IMAGE_PULL_BEHAVIOR=prefer-cached >> x", 0)] {
        let mut world = machine(&format!("{setting}\necho ECS_DYNAMIC_HOST_PORT_RANGE=40000-40001 >> x"));
        definition(&mut world, "bridge", json!({"portMappings": [{"containerPort": 80}]}));
        let mut tasks = Vec::new();
        for _ in 0..2 {
            tasks.push(run(&mut world, json!({}))["tasks"][0]["taskArn"].clone());
            world.wait(60);
        }
        let asked = json!({"cluster": "shop", "tasks": tasks});
        let told = world.ok("DescribeTasks", asked)["tasks"].clone();
        let port = |place: usize| told[place]["containers"][0]["networkBindings"][0]["hostPort"].clone();
        assert_eq!((port(0), port(1)), (json!(40000), json!(40001)));
        let second =
            world.sim.state().tasks.values().find(|task| task.arn.to_string() == tasks[1].as_str().unwrap());
        let second = second.expect("it is there");
        let pull = second.pull_stopped_at.unwrap().since(second.pull_started_at.unwrap());
        assert_eq!(pull.0, millis, "{setting}");
    }
}
