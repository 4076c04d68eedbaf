//! What a service that finds no place says, and what RunTask says of the same task, word for word.

use crate::world::World;
use serde_json::{Value, json};

const HEAD: &str =
    "(service web) was unable to place a task because no container instance met all of its requirements.";
const MORE: &str = "For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.";

/// A cluster `shop` with a c5.large in us-east-1a, and its container instance.
fn shop() -> (World, String, String) {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let asked = json!({"ImageId": "ami-ecs", "InstanceType": "c5.large", "SubnetId": "subnet-pri-a",
        "UserData": "#!/bin/bash\necho ECS_CLUSTER=shop >> /etc/ecs/ecs.config\n"});
    let launched = world.call("ec2", "RunInstances", asked).expect("it launches");
    let machine = launched["Instances"][0]["InstanceId"].as_str().expect("an id").to_string();
    world.wait(150);
    let arns = world.ok("ListContainerInstances", json!({"cluster": "shop"}));
    let arn = arns["containerInstanceArns"][0].as_str().expect("it joined");
    (world, machine, arn.rsplit('/').next().expect("an id").to_string())
}

fn define(world: &mut World, mode: &str, container: Value, definition: Value) {
    let mut main =
        json!({"name": "web", "image": "busybox", "command": ["sleep", "infinity"], "cpu": 0, "memory": 64});
    let mut asked = json!({"family": "web", "networkMode": mode});
    for (target, changes) in [(&mut main, container), (&mut asked, definition)] {
        let changes = changes.as_object().cloned().unwrap_or_default();
        target.as_object_mut().expect("an object").extend(changes);
    }
    asked["containerDefinitions"] = json!([main]);
    world.ok("RegisterTaskDefinition", asked);
}

fn said(world: &mut World) -> Vec<String> {
    let answer = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
    let events = answer["services"][0]["events"].as_array().cloned().unwrap_or_default();
    events.iter().filter_map(|event| event["message"].as_str().map(str::to_string)).collect()
}

/// PLACE-31, PLACE-35: what the task needs, what befell the instance; the reason of RunTask, and how the event
/// goes on behind the instance's name.
#[test]
fn each_shortage_has_its_words() {
    let none = || json!({});
    let cards = |zone: &str| json!({"networkConfiguration": {"awsvpcConfiguration": {"subnets": [format!("subnet-pri-{zone}")]}}});
    let port = json!({"portMappings": [{"containerPort": 80, "hostPort": 22}]});
    let arm = json!({"runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}});
    let prod =
        json!({"placementConstraints": [{"type": "memberOf", "expression": "attribute:stack == prod"}]});
    let gpu = json!({"resourceRequirements": [{"type": "GPU", "value": "1"}]});
    let rows = [
        (
            "bridge",
            json!({"cpu": 4096}),
            none(),
            none(),
            "",
            "RESOURCE:CPU",
            "has insufficient CPU units available.",
        ),
        (
            "bridge",
            json!({"memory": 4096}),
            none(),
            none(),
            "",
            "RESOURCE:MEMORY",
            "has insufficient memory available.",
        ),
        (
            "bridge",
            port,
            none(),
            none(),
            "",
            "RESOURCE:PORTS",
            "is already using a port required by your task.",
        ),
        ("bridge", none(), arm, none(), "", "ATTRIBUTE", "is missing an attribute required by your task."),
        ("bridge", none(), none(), none(), "agent", "AGENT", "doesn't have the agent connected."),
        ("awsvpc", none(), none(), cards("b"), "", "LOCATION", "encountered error \"LOCATION\"."),
        ("awsvpc", none(), none(), cards("a"), "full", "RESOURCE:ENI", "encountered error \"RESOURCE:ENI\"."),
        ("bridge", gpu, none(), none(), "", "RESOURCE:GPU", "encountered error \"RESOURCE:GPU\"."),
        (
            "bridge",
            none(),
            none(),
            prod,
            "",
            "MemberOf placement constraint unsatisfied.",
            "encountered error \"MemberOf placement constraint unsatisfied.\".",
        ),
    ];
    for (mode, container, definition, asked, befell, reason, goes_on) in rows {
        let (mut world, machine, instance) = shop();
        define(&mut world, mode, container, definition);
        let mut run = json!({"cluster": "shop", "taskDefinition": "web", "launchType": "EC2"});
        run.as_object_mut().expect("an object").extend(asked.as_object().cloned().expect("an object"));
        match befell {
            "agent" => {
                let cut = json!({"what": "agent", "instance": machine});
                world.call("drydock", "Fail", cut).expect("it can be cut off");
                world.wait(60);
            }
            "full" => {
                for _ in 0..2 {
                    assert_eq!(world.ok("RunTask", run.clone())["failures"], json!([]));
                }
            }
            _ => {}
        }
        let failures = world.ok("RunTask", run.clone())["failures"].clone();
        assert_eq!(failures[0]["reason"], reason);
        assert!(failures[0]["arn"].as_str().is_some_and(|arn| arn.ends_with(&instance)), "{failures}");
        run["serviceName"] = json!("web");
        run["desiredCount"] = json!(1);
        world.ok("CreateService", run);
        let event = format!("{HEAD} The closest matching (container-instance {instance}) {goes_on} {MORE}");
        assert_eq!(said(&mut world), [event]);
    }
}

/// SVC-16, DEPLOY-20: a part of a batch, under a circuit breaker.
#[test]
fn a_part_that_could_not_be_launched_is_told_with_the_reason() {
    let (mut world, _, instance) = shop();
    define(&mut world, "bridge", json!({}), json!({}));
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "launchType": "EC2",
            "desiredCount": 3, "placementConstraints": [{"type": "distinctInstance"}],
            "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": false}}}),
    );
    let told = said(&mut world);
    let constraint = "encountered error \"DistinctInstance placement constraint unsatisfied.\".";
    let no_place = format!("{HEAD} The closest matching (container-instance {instance}) {constraint} {MORE}");
    assert!(told.contains(&no_place), "{told:#?}");
    let part = told.iter().find(|text| text.contains("could not launch")).expect("it is told");
    let (begins, ends) = part.split_once(" for deployment ecs-svc/").expect("it names the deployment");
    assert_eq!(begins, "(service web) could not launch 2 tasks");
    assert!(ends.ends_with(". Reason: DistinctInstance placement constraint unsatisfied."), "{part}");
}

/// SVC-16, PLACE-29: tasks that do not run yet are stopped first, and told apart from those that run.
#[test]
fn pending_tasks_that_are_stopped_are_counted_and_not_named() {
    let (mut world, ..) = shop();
    define(&mut world, "bridge", json!({}), json!({}));
    let asked = |desired: u64| json!({"cluster": "shop", "service": "web", "desiredCount": desired});
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "launchType": "EC2", "desiredCount": 1}),
    );
    world.wait(120);
    world.ok("UpdateService", asked(4));
    world.ok("UpdateService", asked(1));
    assert_eq!(said(&mut world)[0], "(service web) stopped 3 pending tasks.");
    world.ok("UpdateService", asked(0));
    assert!(said(&mut world)[0].starts_with("(service web) has stopped 1 running tasks: (task "));
}

/// CINST-15: tasks of a service that do not run yet stop as soon as their instance drains; a standalone task
/// stays.
#[test]
fn pending_tasks_of_a_service_leave_a_draining_instance_at_once() {
    let (mut world, _, instance) = shop();
    define(&mut world, "bridge", json!({}), json!({}));
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "launchType": "EC2", "desiredCount": 2}),
    );
    let run = json!({"cluster": "shop", "taskDefinition": "web", "launchType": "EC2"});
    let alone = world.ok("RunTask", run)["tasks"][0]["taskArn"].clone();
    world.ok(
        "UpdateContainerInstancesState",
        json!({"cluster": "shop", "containerInstances": [instance], "status": "DRAINING"}),
    );
    world.wait(0);
    let told = said(&mut world);
    assert!(told.iter().any(|text| text == "(service web) stopped 2 pending tasks."), "{told:#?}");
    world.wait(60);
    let answer = world.ok("DescribeTasks", json!({"cluster": "shop", "tasks": [alone]}));
    assert_eq!(answer["tasks"][0]["lastStatus"], "RUNNING");
}
