//! Graphics processors: registered, given out whole and by id, and waited for (TASKDEF-59).

use crate::world::World;
use serde_json::{Value, json};

/// The cluster `shop` with an instance of each of these types, images and settings, all registered.
fn fleet(machines: &[(&str, &str, &str)]) -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    for (kind, image, setting) in machines {
        let input = json!({"ImageId": image, "InstanceType": kind, "UserData": format!("ECS_CLUSTER=shop\n{setting}")});
        world.call("ec2", "RunInstances", input).expect("it launches");
    }
    world.wait(90);
    world
}

/// The instances, in the order of their registration.
fn instances(world: &mut World) -> Vec<Value> {
    let listed = world.ok("ListContainerInstances", json!({"cluster": "shop"}));
    let asked = json!({"cluster": "shop", "containerInstances": listed["containerInstanceArns"]});
    world.ok("DescribeContainerInstances", asked)["containerInstances"].as_array().expect("a list").clone()
}

/// The ids of a resource GPU, where there is one.
fn gpus(resources: &Value) -> Option<Vec<String>> {
    let found = resources.as_array()?.iter().find(|resource| resource["name"] == "GPU")?;
    assert_eq!(found["type"], "STRINGSET");
    Some(found["stringSetValue"].as_array()?.iter().map(|id| id.as_str().unwrap().to_string()).collect())
}

/// Registers `train`, whose containers ask for so many GPUs each.
fn register(world: &mut World, counts: &[&str]) {
    let containers: Vec<Value> = counts
        .iter()
        .enumerate()
        .map(|(at, count)| {
            json!({"name": format!("c{at}"), "image": "shop/web:1", "memory": 128, "stopTimeout": 30,
                "resourceRequirements": [{"type": "GPU", "value": count}]})
        })
        .collect();
    world.ok("RegisterTaskDefinition", json!({"family": "train", "containerDefinitions": containers}));
}

fn run(world: &mut World) -> Value {
    world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "train"}))
}

/// TASKDEF-59: type, image, setting -> GPUs registered; none is no resource at all.
const REGISTERED: &str = "
    g4dn.xlarge    ami-ecs-gpu  -                              ->  1
    g4dn.12xlarge  ami-ecs-gpu  -                              ->  4
    g4dn.12xlarge  ami-ecs-gpu  ECS_ENABLE_GPU_SUPPORT=false   ->  0
    g4dn.xlarge    ami-ecs      -                              ->  0   // no drivers
    g4dn.xlarge    ami-ecs      ECS_ENABLE_GPU_SUPPORT=true    ->  0   // a setting is no driver
    m5.large       ami-ecs-gpu  -                              ->  0
";

#[test]
fn an_instance_registers_the_gpus_that_its_image_has_drivers_for() {
    for row in REGISTERED.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (row, _) = row.split_once("//").unwrap_or((row, ""));
        let (given, count) = row.split_once("->").expect("a row has an outcome");
        let words: Vec<&str> = given.split_whitespace().collect();
        let mut world = fleet(&[(words[0], words[1], words[2])]);
        let instance = &instances(&mut world)[0];
        let registered = gpus(&instance["registeredResources"]);
        assert_eq!(registered.as_ref().map_or(0, Vec::len).to_string(), count.trim(), "{row}");
        assert_eq!(registered.is_none(), count.trim() == "0", "{row}");
        assert!(registered.iter().flatten().all(|id| id.starts_with("GPU-")), "{registered:?}");
        assert_eq!(gpus(&instance["remainingResources"]), registered, "{row}");
    }
}

/// TASKDEF-59, TASKDEF-24: a task takes what its containers ask for together; each container has its own.
#[test]
fn each_container_has_gpus_of_its_own_until_its_task_is_told_to_stop() {
    let mut world = fleet(&[("g4dn.12xlarge", "ami-ecs-gpu", "")]);
    register(&mut world, &["2", "1"]);
    let task = run(&mut world)["tasks"][0].clone();
    let all = gpus(&instances(&mut world)[0]["registeredResources"]).expect("it has some");
    assert_eq!(task["containers"][0]["gpuIds"], json!(all[..2]));
    assert_eq!(task["containers"][1]["gpuIds"], json!(all[2..3]));
    assert_eq!(gpus(&instances(&mut world)[0]["remainingResources"]), Some(all[3..].to_vec()));
    // One is left, three are wanted: nothing starts, and the failure names the resource.
    let arn = instances(&mut world)[0]["containerInstanceArn"].clone();
    let refused = run(&mut world);
    assert_eq!((&refused["tasks"], &refused["failures"][0]["reason"]), (&json!([]), &json!("RESOURCE:GPU")));
    assert_eq!(refused["failures"][0]["arn"], arn);
    let record = world.timeline.records().iter().rev().find(|record| !record.verdicts.is_empty()).unwrap();
    assert_eq!(record.verdicts[0].reason, "GPUs: needs 3, 1 of 4 are left");
    assert_eq!(record.verdicts[0].rule.id, "TASKDEF-59");
    // Told to stop, it gives them back to placement; the agent lets the newcomer wait until they are free.
    world.wait(60);
    world.ok("StopTask", json!({"cluster": "shop", "task": task["taskArn"]}));
    assert_eq!(gpus(&instances(&mut world)[0]["remainingResources"]), Some(all.clone()));
    let next = run(&mut world)["tasks"][0].clone();
    assert_eq!(next["containers"][0]["gpuIds"], json!(all[..2]));
    let waits = world.timeline.records().iter().rev().find(|record| record.text.starts_with("waits on"));
    assert_eq!(waits.and_then(|record| record.rule).map(|rule| rule.id), Some("LIFE-14"));
    world.wait(120);
    let asked = json!({"cluster": "shop", "tasks": [next["taskArn"]]});
    assert_eq!(world.ok("DescribeTasks", asked)["tasks"][0]["lastStatus"], "RUNNING");
}

/// PLACE-02: GPUs are looked at last, so an instance that lacks only them is the closest; PLACE-35 its event.
#[test]
fn a_service_without_gpus_to_have_says_which_resource_is_short() {
    let mut world = fleet(&[("m5.large", "ami-ecs", "")]);
    register(&mut world, &["1"]);
    let request =
        json!({"cluster": "shop", "serviceName": "train", "taskDefinition": "train", "desiredCount": 1});
    world.ok("CreateService", request);
    world.wait(30);
    let answer = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["train"]}));
    let message = answer["services"][0]["events"][0]["message"].as_str().expect("an event").to_string();
    assert!(message.contains("encountered error \"RESOURCE:GPU\"."), "{message}");
    let remedy = world.timeline.records().iter().find(|record| record.text.starts_with("no place")).unwrap();
    assert!(
        remedy.text.ends_with("next, see that an instance joins that registers at least 1 GPUs"),
        "{}",
        remedy.text
    );
}

/// TASKDEF-59: a number of GPUs is a positive whole number, in a definition and in a request's overrides.
#[test]
fn a_number_of_gpus_is_positive_and_whole() {
    let mut world = fleet(&[("g4dn.12xlarge", "ami-ecs-gpu", "")]);
    let says = "Invalid 'resourceRequirements' setting for container 'c0'. The number of GPUs must be a positive whole number.";
    for value in ["0", "-1", "1.5", "ALL", ""] {
        let needs = json!([{"type": "GPU", "value": value}]);
        let container =
            json!({"name": "c0", "image": "shop/web:1", "memory": 128, "resourceRequirements": needs});
        let input = json!({"family": "train", "containerDefinitions": [container]});
        assert_eq!(world.refused("RegisterTaskDefinition", input), format!("ClientException: {says}"));
    }
    register(&mut world, &["1"]);
    let overriding = |value: &str| {
        json!({"cluster": "shop", "taskDefinition": "train", "overrides": {"containerOverrides": [
            {"name": "c0", "resourceRequirements": [{"type": "GPU", "value": value}]}
        ]}})
    };
    assert_eq!(world.refused("RunTask", overriding("none")), format!("InvalidParameterException: {says}"));
    let task = world.ok("RunTask", overriding("3"))["tasks"][0].clone();
    assert_eq!(task["containers"][0]["gpuIds"].as_array().map(Vec::len), Some(3));
}

/// CINST-02: an instance registered by request brings the GPUs that the request says, each once.
#[test]
fn an_instance_registered_by_request_brings_its_gpus() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let request = json!({"cluster": "shop", "instanceIdentityDocument": "{\"instanceId\": \"i-0123456789abcdef0\"}",
    "totalResources": [
        {"name": "CPU", "type": "INTEGER", "integerValue": 4096},
        {"name": "MEMORY", "type": "INTEGER", "integerValue": 16000},
        {"name": "GPU", "type": "STRINGSET", "stringSetValue": ["GPU-b", "GPU-a", "GPU-b"]},
    ]});
    let answer = world.ok("RegisterContainerInstance", request);
    let registered = gpus(&answer["containerInstance"]["registeredResources"]);
    assert_eq!(registered, Some(vec!["GPU-a".to_string(), "GPU-b".to_string()]));
    register(&mut world, &["2"]);
    assert_eq!(run(&mut world)["tasks"][0]["containers"][0]["gpuIds"], json!(["GPU-a", "GPU-b"]));
    assert_eq!(run(&mut world)["failures"][0]["reason"], "RESOURCE:GPU");
}
