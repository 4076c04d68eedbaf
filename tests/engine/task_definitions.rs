//! Task definitions: what is refused and with which words, revisions, defaults, life and death.

use crate::world::World;
use drydock::ecs::task_size;
use drydock::units::{CpuUnits, Mib};
use serde_json::{Value, json};

/// rule | what is changed in a good Fargate definition (JSON merge) -> the refusal
const REFUSED: &str = r#"
TASKDEF-25 | {"memory": "8192"} -> ClientException: No Fargate configuration exists for given values.
TASKDEF-20 | {"cpu": null} -> ClientException: Fargate requires that 'cpu' be defined at the task level.
TASKDEF-20 | {"memory": null} -> ClientException: Fargate requires that 'memory' be defined at the task level.
TASKDEF-13 | {"networkMode": "bridge"} -> ClientException: Fargate only supports network mode ‘awsvpc’.
TASKDEF-13 | {"networkMode": "host"} -> ClientException: Fargate only supports network mode ‘awsvpc’.
TASKDEF-13 | {"networkMode": "none"} -> ClientException: Fargate only supports network mode ‘awsvpc’.
TASKDEF-25 | {"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}} -> ClientException: No Fargate configuration exists for given values.
TASKDEF-60 | {"volumes": [{"name": "v", "host": {"sourcePath": "/srv"}}]} -> ClientException: host.sourcePath should not be set for volumes in Fargate.
TASKDEF-60 | {"volumes": [{"name": "v", "dockerVolumeConfiguration": {"scope": "task"}}]} -> ClientException: Fargate compatible task definitions do not support dockerVolumeConfiguration.
TASKDEF-60 | {"containerDefinitions": [{"name": "a", "image": "b", "startTimeout": 121}]} -> ClientException: The startTimeout of a container on Fargate must be between 2 and 120 seconds.
TASKDEF-13 | {"networkMode": null} -> ClientException: Fargate only supports network mode ‘awsvpc’.
TASKDEF-18 | {"cpu": "lots"} -> ClientException: Invalid 'cpu' setting for task.
TASKDEF-02 | {"family": "my shop"} -> ClientException: Invalid family name. Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed.
TASKDEF-01 | {"containerDefinitions": []} -> ClientException: Container list cannot be empty.
TASKDEF-01 | {"containerDefinitions": [{"image": "a"}]} -> ClientException: Container.name should not be null or empty.
TASKDEF-01 | {"containerDefinitions": [{"name": "a"}]} -> ClientException: Container.image should not be null or empty.
TASKDEF-02 | {"containerDefinitions": [{"name": "a", "image": "shop web"}]} -> ClientException: Container.image contains invalid characters.
TASKDEF-27 | {"containerDefinitions": [{"name": "a", "image": "b", "essential": false}]} -> ClientException: Invalid 'essential' setting for task. At least one container must be essential.
TASKDEF-39 | {"containerDefinitions": [{"name": "a", "image": "b", "portMappings": [{"containerPort": 80, "hostPort": 8080}]}]} -> ClientException: When networkMode=awsvpc, the host ports and container ports in port mappings must match.
TASKDEF-52 | {"containerDefinitions": [{"name": "a", "image": "b", "mountPoints": [{"sourceVolume": "v"}]}]} -> ClientException: Unknown volume 'v'.
TASKDEF-32 | {"containerDefinitions": [{"name": "a", "image": "b", "dependsOn": [{"containerName": "x", "condition": "START"}]}]} -> ClientException: Unknown container 'x' in dependsOn of 'a'.
TASKDEF-32 | {"containerDefinitions": [{"name": "a", "image": "b", "dependsOn": [{"containerName": "c", "condition": "START"}]}, {"name": "c", "image": "b", "dependsOn": [{"containerName": "a", "condition": "START"}]}]} -> ClientException: Invalid container dependency: cycle detected.
TASKDEF-28 | {"containerDefinitions": [{"name": "a", "image": "b", "dependsOn": [{"containerName": "c", "condition": "SUCCESS"}]}, {"name": "c", "image": "b"}]} -> ClientException: Container 'c' with condition 'SUCCESS' in dependsOn can not be marked as essential.
TASKDEF-33 | {"containerDefinitions": [{"name": "a", "image": "b", "healthCheck": {"command": ["CMD-SHELL", "true"], "interval": 4}}]} -> ClientException: Invalid 'healthCheck' setting for container. 'interval' must be between 5 and 300.
TASKDEF-23 | {"containerDefinitions": [{"name": "a", "image": "b", "memory": 513}]} -> ClientException: The 'memory' setting for container is greater than for the task.
TASKDEF-21 | {"containerDefinitions": [{"name": "a", "image": "b", "memory": 100, "memoryReservation": 200}]} -> ClientException: Invalid setting for container 'a'. 'memory' must be greater than or equal to 'memoryReservation'.
TASKDEF-48 | {"containerDefinitions": [{"name": "a", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/web:1"}]} -> ClientException: Fargate requires task definition to have execution role ARN to support ECR images.
TASKDEF-48 | {"containerDefinitions": [{"name": "a", "image": "b", "logConfiguration": {"logDriver": "awslogs"}}]} -> ClientException: Fargate requires task definition to have execution role ARN to support log driver awslogs.
TASKDEF-12 | {"containerDefinitions": [{"name":"a","image":"i"},{"name":"b","image":"i"},{"name":"c","image":"i"},{"name":"d","image":"i"},{"name":"e","image":"i"},{"name":"f","image":"i"},{"name":"g","image":"i"},{"name":"h","image":"i"},{"name":"i","image":"i"},{"name":"j","image":"i"},{"name":"k","image":"i"}]} -> ClientException: Too many containers. The maximum number of containers in a task definition is 10.
TASKDEF-17 | {"requiresCompatibilities": ["EC2"], "containerDefinitions": [{"name": "a", "image": "b", "links": ["c"]}, {"name": "c", "image": "b"}]} -> ClientException: Links are only supported when networkMode is bridge.
TASKDEF-17 | {"requiresCompatibilities": ["EC2"], "networkMode": "host", "containerDefinitions": [{"name": "a", "image": "b", "links": ["c"]}, {"name": "c", "image": "b"}]} -> ClientException: Links are only supported when networkMode is bridge.
TASKDEF-17 | {"containerDefinitions": [{"name": "a", "image": "b", "portMappings": [{"containerPort": 80}]}, {"name": "c", "image": "b", "portMappings": [{"containerPort": 80}]}]} -> ClientException: Containers of one task share their network and cannot use the same port twice.
TASKDEF-17 | {"requiresCompatibilities": ["EC2"], "networkMode": "host", "containerDefinitions": [{"name": "a", "image": "b", "portMappings": [{"containerPort": 80}]}, {"name": "c", "image": "b", "portMappings": [{"containerPort": 80, "hostPort": 80}]}]} -> ClientException: Containers of one task share their network and cannot use the same port twice.
TASKDEF-38 | {"containerDefinitions": [{"name": "a", "image": "b", "restartPolicy": {"enabled": true, "restartAttemptPeriod": 59}}]} -> ClientException: Invalid 'restartPolicy' setting for container. 'restartAttemptPeriod' must be between 60 and 1800.
TASKDEF-38 | {"containerDefinitions": [{"name": "a", "image": "b", "restartPolicy": {"enabled": true, "restartAttemptPeriod": 1801}}]} -> ClientException: Invalid 'restartPolicy' setting for container. 'restartAttemptPeriod' must be between 60 and 1800.
TASKDEF-38 | {"containerDefinitions": [{"name": "a", "image": "b", "restartPolicy": {"enabled": true, "ignoredExitCodes": [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50]}}]} -> ClientException: Invalid 'restartPolicy' setting for container. 'ignoredExitCodes' can have at most 50 items.
TASKDEF-58 | {"ephemeralStorage": {"sizeInGiB": 20}} -> ClientException: Ephemeral storage of 20 GiB is not between 21 and 200 GiB.
TASKDEF-58 | {"ephemeralStorage": {"sizeInGiB": 201}} -> ClientException: Ephemeral storage of 201 GiB is not between 21 and 200 GiB.
TASKDEF-59 | {"containerDefinitions": [{"name": "a", "image": "b", "resourceRequirements": [{"type": "GPU", "value": "1"}]}]} -> ClientException: Fargate compatible task definitions do not support GPU resource requirements.
TASKDEF-60 | {"placementConstraints": [{"type": "memberOf", "expression": "attribute:x exists"}]} -> ClientException: Fargate compatible task definitions do not support placement constraints.
TASKDEF-60 | {"ipcMode": "host"} -> ClientException: Fargate compatible task definitions do not support ipcMode.
TASKDEF-19 | {"requiresCompatibilities": ["EC2"], "cpu": null, "memory": null} -> ClientException: Invalid setting for container 'web'. At least one of 'memory' or 'memoryReservation' must be specified.
"#;

fn good() -> Value {
    json!({
        "family": "web",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": [{"name": "web", "image": "shop/web:1", "portMappings": [{"containerPort": 80}]}],
    })
}

#[test]
fn a_definition_that_makes_no_sense_is_refused_in_awss_words() {
    for row in REFUSED.trim().lines() {
        let (rule, case) = row.split_once(" | ").expect("a row has a rule");
        let (change, refusal) = case.split_once(" -> ").expect("a row has an outcome");
        let mut input = good();
        for (name, value) in serde_json::from_str::<Value>(change).expect(change).as_object().unwrap() {
            match value {
                Value::Null => drop(input.as_object_mut().unwrap().remove(name)),
                value => input[name] = value.clone(),
            }
        }
        let mut world = World::new();
        assert_eq!(world.refused("RegisterTaskDefinition", input.clone()), refusal, "{row}");
        assert_eq!(world.ecs("RegisterTaskDefinition", input).unwrap_err().rule.id, rule, "{row}");
        // A refused request changes nothing (TASKDEF-03): the next registration is still the first.
        assert_eq!(world.ok("RegisterTaskDefinition", good())["taskDefinition"]["revision"], 1, "{row}");
    }
}

#[test]
fn clients_check_names_and_types_and_report_every_place() {
    let mut input = good();
    input["containerDefinitions"][0]["cpu"] = json!("10");
    input["containerDefinitions"][0]["colour"] = json!("red");
    input.as_object_mut().unwrap().remove("family");
    let refusal = World::new().refused("RegisterTaskDefinition", input);
    for part in [
        "Missing required parameter in input: \"family\"",
        "Invalid type for parameter containerDefinitions[0].cpu, value: 10, type: <class 'str'>, valid types: <class 'int'>",
        "Unknown parameter in containerDefinitions[0]: \"colour\", must be one of: name, image,",
    ] {
        assert!(refusal.contains(part), "{refusal}");
    }
}

/// TASKDEF-25: CPU units, then memories in MiB that exist and that do not.
const SIZES: &str = "
    256    512 1024 2048           ->  256 1536 3072
    512    1024 2048 4096          ->  512 5120 1536
    1024   2048 8192               ->  1024 9216
    2048   4096 16384              ->  3072 17408
    4096   8192 30720              ->  7168 31744
    8192   16384 20480 61440       ->  17408 65536
    16384  32768 40960 122880      ->  36864 131072
    32768  61440 122880 249856     ->  65536 131072
    128                            ->  512
";

#[test]
fn fargate_has_the_sizes_of_its_table() {
    for row in SIZES.trim().lines() {
        let (there, missing) = row.split_once("->").expect("a row has two sides");
        let numbers =
            |text: &str| text.split_whitespace().map(|word| word.parse().unwrap()).collect::<Vec<u64>>();
        let there = numbers(there);
        for memory in &there[1..] {
            assert!(task_size::fits_fargate(CpuUnits(there[0]), Mib(*memory)), "{row}: {memory}");
        }
        for memory in numbers(missing) {
            assert!(!task_size::fits_fargate(CpuUnits(there[0]), Mib(memory)), "{row}: {memory}");
        }
    }
}

#[test]
fn sizes_are_written_in_several_ways() {
    // TASKDEF-18.
    for (text, units) in
        [("1024", 1024), ("1 vCPU", 1024), ("1 vcpu", 1024), (".5 vCPU", 512), ("0.25vCPU", 256)]
    {
        assert_eq!(task_size::cpu(text), Some(CpuUnits(units)), "{text}");
    }
    for (text, mib) in [("2048", 2048), ("2GB", 2048), ("2 GB", 2048), ("0.5 gb", 512)] {
        assert_eq!(task_size::memory(text), Some(Mib(mib)), "{text}");
    }
    for text in ["", "vCPU", "-1", "1.2.3", "a", "1e3", "99999999999999999999", "."] {
        assert_eq!(task_size::cpu(text), None, "{text}");
        assert_eq!(task_size::memory(text), None, "{text}");
    }
}

#[test]
fn revisions_only_count_up() {
    // TASKDEF-03, TASKDEF-04, TASKDEF-05, TASKDEF-09.
    let mut world = World::new();
    for revision in 1..=3 {
        assert_eq!(world.ok("RegisterTaskDefinition", good())["taskDefinition"]["revision"], revision);
    }
    world.ok("DeregisterTaskDefinition", json!({"taskDefinition": "web:3"}));
    let newest = world.ok("DescribeTaskDefinition", json!({"taskDefinition": "web"}));
    assert_eq!(newest["taskDefinition"]["revision"], 2, "a family means its newest ACTIVE revision");
    let listed = world.ok("ListTaskDefinitions", json!({"sort": "DESC"}));
    assert_eq!(
        listed["taskDefinitionArns"],
        json!([
            "arn:aws:ecs:us-east-1:111122223333:task-definition/web:2",
            "arn:aws:ecs:us-east-1:111122223333:task-definition/web:1"
        ])
    );
    // TASKDEF-06, TASKDEF-08: deleting needs INACTIVE, and frees no number.
    let deleted = world.ok("DeleteTaskDefinitions", json!({"taskDefinitions": ["web:3", "web:2", "web:9"]}));
    assert_eq!(deleted["taskDefinitions"][0]["status"], "DELETE_IN_PROGRESS");
    assert_eq!(deleted["failures"].as_array().unwrap().len(), 2);
    assert_eq!(world.ok("RegisterTaskDefinition", good())["taskDefinition"]["revision"], 4);
    assert_eq!(
        world.refused("DeregisterTaskDefinition", json!({"taskDefinition": "web"})),
        "ClientException: Revision is missing."
    );
}

#[test]
fn the_answer_has_what_aws_fills_in() {
    // TASKDEF-10, TASKDEF-11, TASKDEF-61.
    let answer = World::new().ok("RegisterTaskDefinition", good());
    let definition = &answer["taskDefinition"];
    assert_eq!(definition["compatibilities"], json!(["EC2", "FARGATE"]));
    assert_eq!(
        definition["containerDefinitions"][0]["portMappings"],
        json!([{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}])
    );
    assert_eq!(definition["containerDefinitions"][0]["essential"], true);
    let needed = definition["requiresAttributes"].to_string();
    assert!(needed.contains("ecs.capability.task-eni") && needed.contains("task-cpu-mem-limit"), "{needed}");
}

/// TASKDEF-60: a member of a container, as JSON -> what Fargate says that it does not take; none where it does.
const NOT_ON_FARGATE: &str = r#"
    {"links": ["c"]} -> links
    {"privileged": true} -> privileged
    {"privileged": false} ->
    {"dockerSecurityOptions": ["no-new-privileges"]} -> dockerSecurityOptions
    {"dnsServers": ["10.0.0.2"]} -> dnsServers
    {"dnsSearchDomains": ["shop.internal"]} -> dnsSearchDomains
    {"extraHosts": [{"hostname": "db", "ipAddress": "10.0.0.9"}]} -> extraHosts
    {"disableNetworking": true} -> disableNetworking
    {"linuxParameters": {"devices": [{"hostPath": "/dev/fuse"}]}} -> devices
    {"linuxParameters": {"sharedMemorySize": 64}} -> sharedMemorySize
    {"linuxParameters": {"tmpfs": [{"containerPath": "/run", "size": 64}]}} -> tmpfs
    {"linuxParameters": {"maxSwap": 64}} -> maxSwap
    {"linuxParameters": {"swappiness": 60}} -> swappiness
    {"linuxParameters": {"capabilities": {"add": ["NET_ADMIN"]}}} -> the capability NET_ADMIN
    {"linuxParameters": {"capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]}}} ->
    {"linuxParameters": {"initProcessEnabled": true}} ->
"#;

#[test]
fn what_a_container_may_not_have_on_fargate_it_may_have_on_instances() {
    for row in NOT_ON_FARGATE.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (member, word) = row.split_once("->").expect("a row has an outcome");
        let member: Value = serde_json::from_str(member).expect(member);
        let mut input = good();
        input["containerDefinitions"][0].as_object_mut().unwrap().extend(member.as_object().unwrap().clone());
        let mut world = World::new();
        match word.trim() {
            "" => drop(world.ok("RegisterTaskDefinition", input)),
            word => {
                let refusal = world.refused("RegisterTaskDefinition", input.clone());
                let expected =
                    format!("ClientException: Fargate compatible task definitions do not support {word}.");
                assert_eq!(refusal, expected);
                let rule = world.ecs("RegisterTaskDefinition", input.clone()).unwrap_err().rule;
                assert_eq!(rule.id, "TASKDEF-60", "{row}");
                input["requiresCompatibilities"] = json!(["EC2"]);
                input["networkMode"] = json!("bridge");
                let kept = world.ok("RegisterTaskDefinition", input)["taskDefinition"].clone();
                assert_eq!(kept["compatibilities"], json!(["EC2", "EXTERNAL"]), "{row}");
            }
        }
    }
}

/// TASKDEF-12: ten containers and 65,536 bytes are the most.
#[test]
fn a_definition_has_its_limits() {
    let mut input = good();
    let containers = |count: usize| {
        (0..count).map(|number| json!({"name": format!("c{number}"), "image": "nginx"})).collect::<Vec<_>>()
    };
    input["containerDefinitions"] = json!(containers(10));
    World::new().ok("RegisterTaskDefinition", input.clone());
    input["containerDefinitions"][0]["environment"] = json!([{"name": "TEXT", "value": "x".repeat(64_000)}]);
    World::new().ok("RegisterTaskDefinition", input.clone());
    input["containerDefinitions"][0]["environment"][0]["value"] = json!("x".repeat(65_536));
    let refusal = World::new().refused("RegisterTaskDefinition", input.clone());
    let length = input.to_string().len();
    assert_eq!(
        refusal,
        format!("ClientException: Actual length: '{length}'. Max allowed length is '65536' bytes.")
    );
}

/// TASKDEF-17: in bridge mode each container has its own address, so a port may come twice, and links work.
#[test]
fn containers_in_bridge_mode_have_a_network_each() {
    let container = |name: &str| json!({"name": name, "image": "b", "portMappings": [{"containerPort": 80}]});
    let mut input = good();
    input["requiresCompatibilities"] = json!(["EC2"]);
    input["networkMode"] = json!("bridge");
    input["containerDefinitions"] = json!([container("a"), container("c")]);
    input["containerDefinitions"][0]["links"] = json!(["c"]);
    World::new().ok("RegisterTaskDefinition", input);
}

/// TASKDEF-58, TASKDEF-59: what fits Fargate is kept; a GPU makes a definition one for instances.
#[test]
fn storage_is_kept_and_a_gpu_is_for_instances() {
    let mut input = good();
    for size in [21, 200] {
        input["ephemeralStorage"] = json!({"sizeInGiB": size});
        let answer = World::new().ok("RegisterTaskDefinition", input.clone());
        assert_eq!(answer["taskDefinition"]["ephemeralStorage"]["sizeInGiB"], size);
    }
    let mut input = good();
    input["requiresCompatibilities"] = json!(["EC2"]);
    input["containerDefinitions"][0]["resourceRequirements"] = json!([{"type": "GPU", "value": "1"}]);
    let answer = World::new().ok("RegisterTaskDefinition", input);
    assert_eq!(answer["taskDefinition"]["compatibilities"], json!(["EC2"]));
}

/// TASKDEF-63: what a definition says wrongly is a ClientException, also when it is asked for later.
#[test]
fn a_definition_that_is_not_there_is_told_in_fixed_words() {
    let mut world = World::new();
    for (operation, member, message) in [
        ("DescribeTaskDefinition", "web:7", "Unable to describe task definition."),
        ("DeregisterTaskDefinition", "web", "Revision is missing."),
    ] {
        let refusal = world.ecs(operation, json!({"taskDefinition": member})).unwrap_err();
        assert_eq!((refusal.code, refusal.message.as_str()), ("ClientException", message));
        assert_eq!(refusal.rule.id, "TASKDEF-63");
    }
}
