//! Fargate: what a platform version can run, what a request may ask for, and the processor of a task.

use crate::world::World;
use serde_json::{Value, json};

/// Registers `web`, a good Fargate definition with these members instead of its own.
fn register(world: &mut World, changes: &Value) {
    let mut input = json!({
        "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
        "memory": "512", "containerDefinitions": [{"name": "web", "image": "shop/web:1"}],
    });
    input.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    world.ok("RegisterTaskDefinition", input);
}

fn request(extra: &Value) -> Value {
    let network = json!({"awsvpcConfiguration": {"subnets": ["subnet-pub-a"], "assignPublicIp": "ENABLED"}});
    let mut request = json!({"cluster": "shop", "taskDefinition": "web", "launchType": "FARGATE",
        "networkConfiguration": network});
    request.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    request
}

fn shop() -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    world
}

/// TASKDEF-25, TASKDEF-46, TASKDEF-55, TASKDEF-58: changes of a definition -> whether 1.3.0 runs it.
const CAPABILITIES: &str = r#"
    {} -> yes
    {"cpu": "4096", "memory": "8192"} -> yes
    {"cpu": "8192", "memory": "16384"} -> no
    {"ephemeralStorage": {"sizeInGiB": 21}} -> no
    {"volumes": [{"name": "v"}]} -> yes
    {"volumes": [{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}]} -> no
    {"containerDefinitions": [{"name": "web", "image": "shop/web:1", "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::b/a.env"}]}]} -> no
    {"runtimePlatform": {"cpuArchitecture": "X86_64"}} -> yes
    {"runtimePlatform": {"cpuArchitecture": "ARM64"}} -> no
"#;

#[test]
fn platform_version_1_3_0_lacks_what_came_with_1_4_0() {
    const SAYS: &str = "PlatformTaskDefinitionIncompatibilityException: One or more of the requested capabilities are not supported.";
    for row in CAPABILITIES.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (changes, runs) = row.rsplit_once(" -> ").expect("a row has an outcome");
        let mut world = shop();
        register(&mut world, &serde_json::from_str(changes).expect("JSON"));
        for version in ["LATEST", "1.4.0"] {
            let answer = world.ok("RunTask", request(&json!({"platformVersion": version})));
            assert_eq!(answer["tasks"][0]["platformVersion"], "1.4.0", "{row}");
        }
        let old = request(&json!({"platformVersion": "1.3.0"}));
        let mut service =
            request(&json!({"serviceName": "old", "desiredCount": 1, "platformVersion": "1.3.0"}));
        if runs == "yes" {
            let answer = world.ok("RunTask", old);
            assert_eq!(answer["tasks"][0]["platformVersion"], "1.3.0", "{row}");
            world.ok("CreateService", service);
            continue;
        }
        assert_eq!(world.refused("RunTask", old), SAYS, "{row}");
        assert_eq!(world.refused("CreateService", service.clone()), SAYS, "{row}");
        service["platformVersion"] = json!("LATEST");
        world.ok("CreateService", service);
        let back = json!({"cluster": "shop", "service": "old", "platformVersion": "1.3.0"});
        assert_eq!(world.refused("UpdateService", back), SAYS, "{row}");
    }
    let mut world = shop();
    register(&mut world, &json!({}));
    let unknown = request(&json!({"platformVersion": "1.2.0"}));
    assert_eq!(
        world.refused("RunTask", unknown),
        "PlatformUnknownException: The specified platform does not exist."
    );
}

/// TASKDEF-58: definition, request -> the storage of a task; 1.3.0 does not tell of it.
#[test]
fn storage_is_the_requests_or_the_definitions_or_twenty() {
    let rows = [(None, None, 20), (Some(30), None, 30), (None, Some(200), 200), (Some(30), Some(21), 21)];
    for (own, asked, size) in rows {
        let mut world = shop();
        let own = own.map_or(json!({}), |size| json!({"ephemeralStorage": {"sizeInGiB": size}}));
        register(&mut world, &own);
        let asked =
            asked.map_or(json!({}), |size| json!({"overrides": {"ephemeralStorage": {"sizeInGiB": size}}}));
        let task = world.ok("RunTask", request(&asked))["tasks"][0].clone();
        assert_eq!(task["ephemeralStorage"], json!({"sizeInGiB": size}));
        assert_eq!(task["fargateEphemeralStorage"], json!({"sizeInGiB": size}));
    }
    let mut world = shop();
    register(&mut world, &json!({}));
    let old = world.ok("RunTask", request(&json!({"platformVersion": "1.3.0"})))["tasks"][0].clone();
    assert!(old.get("ephemeralStorage").is_none() && old.get("fargateEphemeralStorage").is_none());
    for size in [20, 201] {
        let asked = request(&json!({"overrides": {"ephemeralStorage": {"sizeInGiB": size}}}));
        let says = format!(
            "InvalidParameterException: Ephemeral storage of {size} GiB is not between 21 and 200 GiB."
        );
        assert_eq!(world.refused("RunTask", asked), says);
    }
    // The key that a cluster names for it is told with it.
    let keyed = json!({"clusterName": "keyed", "configuration": {"managedStorageConfiguration":
        {"fargateEphemeralStorageKmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/k"}}});
    world.ok("CreateCluster", keyed);
    let task = world.ok("RunTask", request(&json!({"cluster": "keyed"})))["tasks"][0].clone();
    assert_eq!(task["fargateEphemeralStorage"]["kmsKeyId"], "arn:aws:kms:us-east-1:111122223333:key/k");
}

/// TASKDEF-59: a request cannot bring a GPU to Fargate either.
#[test]
fn a_request_for_a_gpu_on_fargate_is_refused() {
    let mut world = shop();
    register(&mut world, &json!({}));
    let asked = json!({"overrides": {"containerOverrides": [
        {"name": "web", "resourceRequirements": [{"type": "GPU", "value": "1"}]}
    ]}});
    let says = "InvalidParameterException: Fargate compatible task definitions do not support GPU resource requirements.";
    assert_eq!(world.refused("RunTask", request(&asked)), says);
}

/// TASKDEF-57: instance type, runtimePlatform -> the failure, and what the verdict says.
#[test]
fn on_instances_the_processor_and_the_system_are_matched() {
    let rows = [
        ("t3.medium", json!({}), ""),
        ("t4g.medium", json!({}), ""),
        ("t3.medium", json!({"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"}), ""),
        (
            "t3.medium",
            json!({"cpuArchitecture": "ARM64"}),
            "attribute: ecs.cpu-architecture is x86_64, the task needs arm64",
        ),
        ("t4g.medium", json!({"cpuArchitecture": "ARM64"}), ""),
        (
            "t4g.medium",
            json!({"cpuArchitecture": "X86_64"}),
            "attribute: ecs.cpu-architecture is arm64, the task needs x86_64",
        ),
        (
            "t3.medium",
            json!({"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}),
            "attribute: ecs.os-type is linux, the task needs windows",
        ),
    ];
    for (kind, platform, says) in rows {
        let mut world = shop();
        let input = json!({"ImageId": "ami-ecs", "InstanceType": kind, "UserData": "ECS_CLUSTER=shop"});
        world.call("ec2", "RunInstances", input).expect("it launches");
        world.wait(90);
        let container = json!({"name": "web", "image": "shop/web:1", "memory": 128});
        let definition =
            json!({"family": "web", "containerDefinitions": [container], "runtimePlatform": platform});
        world.ok("RegisterTaskDefinition", definition);
        let answer = world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "web"}));
        if says.is_empty() {
            assert_eq!(answer["failures"], json!([]), "{kind} {platform}");
            continue;
        }
        assert_eq!(answer["failures"][0]["reason"], "ATTRIBUTE", "{kind} {platform}");
        let record =
            world.timeline.records().iter().rev().find(|record| !record.verdicts.is_empty()).unwrap();
        assert_eq!((record.verdicts[0].reason.as_str(), record.verdicts[0].rule.id), (says, "TASKDEF-57"));
    }
    // On Fargate the task tells the processor that it has.
    let mut world = shop();
    register(&mut world, &json!({"runtimePlatform": {"cpuArchitecture": "ARM64"}}));
    let task = world.ok("RunTask", request(&json!({})))["tasks"][0].clone();
    assert_eq!(task["attributes"], json!([{"name": "ecs.cpu-architecture", "value": "arm64"}]));
}
