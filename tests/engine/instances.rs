//! Instances: from launch to registration, what they bring, and how they leave.

use crate::world::World;
use drydock::timeline::Kind;
use serde_json::{Value, json};

/// A world with the cluster `shop` and one instance in it, after so many seconds.
fn joined(instance_type: &str, seconds: u64) -> (World, String) {
    let mut world = World::new();
    world.ok("CreateCluster", json!({ "clusterName": "shop" }));
    let id = launch(&mut world, instance_type, "shop");
    world.wait(seconds);
    (world, id)
}

fn launch(world: &mut World, instance_type: &str, cluster: &str) -> String {
    let user_data = format!("#!/bin/bash\necho ECS_CLUSTER={cluster} >> /etc/ecs/ecs.config\n");
    let launched = world
        .call(
            "ec2",
            "RunInstances",
            json!({ "ImageId": "ami-ecs", "InstanceType": instance_type, "SubnetId": "subnet-pri-a", "UserData": user_data }),
        )
        .expect("it launches");
    launched["Instances"][0]["InstanceId"].as_str().expect("an id").to_string()
}

fn instances(world: &mut World) -> Value {
    let arns = world.ok("ListContainerInstances", json!({ "cluster": "shop" }));
    let arns = arns["containerInstanceArns"].clone();
    if arns == json!([]) {
        return json!([]);
    }
    let asked = json!({ "cluster": "shop", "containerInstances": arns });
    world.ok("DescribeContainerInstances", asked)["containerInstances"].clone()
}

/// A definition in bridge mode with this memory.
fn register(world: &mut World, memory: u64, extra: Value) {
    let mut container = json!({ "name": "web", "image": "shop/web:1", "cpu": 0, "memory": memory });
    for (name, value) in extra.as_object().expect("members") {
        container[name] = value.clone();
    }
    world.ok(
        "RegisterTaskDefinition",
        json!({ "family": "web", "networkMode": "bridge", "containerDefinitions": [container] }),
    );
}

fn run(world: &mut World, count: u64) -> Value {
    world.ok("RunTask", json!({ "cluster": "shop", "taskDefinition": "web", "count": count }))
}

fn tasks(world: &mut World) -> Vec<Value> {
    let mut arns = Vec::new();
    for status in ["RUNNING", "STOPPED"] {
        let listed = world.ok("ListTasks", json!({ "cluster": "shop", "desiredStatus": status }));
        arns.extend(listed["taskArns"].as_array().expect("a list").clone());
    }
    world.ok("DescribeTasks", json!({ "cluster": "shop", "tasks": arns }))["tasks"]
        .as_array()
        .expect("a list")
        .clone()
}

/// CINST-01, CINST-02, CINST-03, CINST-05, CINST-22, LIFE-27
#[test]
fn an_instance_registers_within_ninety_seconds() {
    let (mut world, id) = joined("m5.large", 74);
    assert_eq!(instances(&mut world), json!([]), "a boot takes at least 45 seconds, the agent 30");
    world.wait(16);
    let found = instances(&mut world)[0].clone();
    assert_eq!(found["ec2InstanceId"], id.as_str());
    assert_eq!(found["agentConnected"], true);
    assert_eq!(found["registeredResources"][0]["integerValue"], 2048);
    assert_eq!(found["registeredResources"][1]["integerValue"], 7990);
    assert_eq!(
        found["remainingResources"][2]["stringSetValue"],
        json!(["22", "2375", "2376", "51678", "51679"])
    );
}

/// CINST-03, CINST-20, CINST-22: type, architecture -> CPU units, registered MiB, cards for tasks without and with
/// a trunk, millionths of a US dollar per hour
const TYPES: &str = "
    t3.micro    x86_64  2048    937  1  1   10400
    t3.small    x86_64  2048   1945  2  2   20800
    t3.medium   x86_64  2048   3960  2  2   41600
    t3.large    x86_64  2048   7990  2  2   83200
    t3.xlarge   x86_64  4096  16051  3  3  166400
    t4g.medium  arm64   2048   3960  2  2   33600
    m5.large    x86_64  2048   7990  2 10   96000
    m5.xlarge   x86_64  4096  16051  3 20  192000
    m5.2xlarge  x86_64  8192  32173  3 40  384000
    c5.large    x86_64  2048   3960  2 10   85000
    c5.xlarge   x86_64  4096   7990  3 20  170000
    c5.2xlarge  x86_64  8192  16051  3 40  340000
    r5.large    x86_64  2048  16051  2 10  126000
    r5.xlarge   x86_64  4096  32173  3 20  252000
    m6g.medium  arm64   1024   3960  1  4   38500
    m6g.large   arm64   2048   7990  2 10   77000
    m6g.xlarge  arm64   4096  16051  3 20  154000
    m6i.large   x86_64  2048   7990  2 10   96000
    g4dn.xlarge x86_64  4096  16051  2  2  526000
    g5.xlarge   x86_64  4096  16051  3  6 1006000
";

#[test]
fn every_type_registers_what_the_table_says() {
    for row in TYPES.trim().lines() {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let found = drydock::ec2::instance_type::InstanceType::find(cells[0]).expect("it is in the table");
        let numbers = [
            found.cpu,
            found.registered_mib(),
            found.eni_slots(false),
            found.eni_slots(true),
            found.micro_usd_per_hour,
        ];
        assert_eq!(found.architecture, cells[1], "{row}");
        assert_eq!(numbers.map(|number| number.to_string()), cells[2..], "{row}");
    }
}

/// CINST-01: the agent tries again until the cluster exists; `default` is made for it.
#[test]
fn an_agent_waits_for_its_cluster() {
    let mut world = World::new();
    launch(&mut world, "t3.small", "shop");
    let alone = world.call("ec2", "RunInstances", json!({ "ImageId": "ami-ecs" })).expect("it launches");
    assert_eq!(alone["Instances"][0]["State"]["Name"], "pending");
    world.wait(100);
    let clusters = world.ok("ListClusters", json!({}));
    assert_eq!(clusters["clusterArns"], json!(["arn:aws:ecs:us-east-1:111122223333:cluster/default"]));
    world.ok("CreateCluster", json!({ "clusterName": "shop" }));
    world.wait(192);
    assert_eq!(instances(&mut world).as_array().map(Vec::len), Some(1));
}

/// An image without the agent never joins.
#[test]
fn docker_alone_does_not_join_a_cluster() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({}));
    world.call("ec2", "RunInstances", json!({ "ImageId": "ami-docker" })).expect("it launches");
    world.wait(3600);
    let listed = world.ok("ListContainerInstances", json!({}));
    assert_eq!(listed["containerInstanceArns"], json!([]));
}

/// SIM-04: a container run by hand stays dead.
#[test]
fn a_container_run_by_hand_is_restarted_by_nobody() {
    let mut world = World::new();
    let launched =
        world.call("ec2", "RunInstances", json!({ "ImageId": "ami-docker" })).expect("it launches");
    let id = launched["Instances"][0]["InstanceId"].clone();
    let run = json!({ "image": "shop/web:1", "on": id });
    let refusal = world.call("drydock", "DockerRun", run.clone()).expect_err("it still boots");
    assert_eq!(refusal.code, "DockerError");
    world.wait(60);
    world.call("drydock", "DockerRun", run).expect("it runs");
    let count = |world: &mut World| {
        let listed = world.call("drydock", "DockerPs", json!({ "on": id })).expect("it lists");
        listed["containers"].as_array().expect("a list").len()
    };
    assert_eq!(count(&mut world), 1);
    world.call("drydock", "DockerKill", json!({ "container": "web", "on": id })).expect("it ends");
    world.wait(3600);
    assert_eq!(count(&mut world), 0);
}

/// PLACE-02, PLACE-31, TASKDEF-24: as many as fit by memory, then a failure with the closest instance.
#[test]
fn tasks_fill_an_instance_and_the_next_is_a_failure() {
    let (mut world, _) = joined("t3.medium", 90);
    register(&mut world, 1024, json!({}));
    let answer = run(&mut world, 5);
    assert_eq!(answer["tasks"].as_array().map(Vec::len), Some(3));
    assert_eq!(answer["failures"].as_array().map(Vec::len), Some(2));
    let found = instances(&mut world)[0].clone();
    assert_eq!(answer["failures"][0]["reason"], "RESOURCE:MEMORY");
    assert_eq!(answer["failures"][0]["arn"], found["containerInstanceArn"]);
    assert_eq!(found["remainingResources"][1]["integerValue"], 3960 - 3 * 1024);
    let verdicts: Vec<&str> = world
        .timeline
        .records()
        .iter()
        .filter(|record| record.subject.kind == Kind::Cluster)
        .flat_map(|record| &record.verdicts)
        .map(|verdict| verdict.reason.as_str())
        .collect();
    assert!(verdicts.contains(&"memory: needs 1024 MiB, 888 MiB are left"), "{verdicts:?}");
}

/// PLACE-32
#[test]
fn a_cluster_without_instances_refuses_ec2_tasks() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({ "clusterName": "shop" }));
    register(&mut world, 128, json!({}));
    let refusal =
        world.refused("RunTask", json!({ "cluster": "shop", "taskDefinition": "web", "launchType": "EC2" }));
    assert_eq!(refusal, "InvalidParameterException: No Container Instances were found in your cluster.");
}

/// TASKDEF-40, TASKDEF-41, TASKDEF-43: dynamic ports ascend; a static one is there once.
#[test]
fn host_ports_are_dynamic_or_there_once() {
    let (mut world, _) = joined("t3.medium", 90);
    register(&mut world, 128, json!({ "portMappings": [{ "containerPort": 80 }] }));
    run(&mut world, 2);
    world.wait(30);
    let mut ports: Vec<i64> = tasks(&mut world)
        .iter()
        .filter_map(|task| task["containers"][0]["networkBindings"][0]["hostPort"].as_i64())
        .collect();
    ports.sort_unstable();
    assert_eq!(ports, [32768, 32769]);
    register(&mut world, 128, json!({ "portMappings": [{ "containerPort": 80, "hostPort": 8080 }] }));
    let answer = run(&mut world, 2);
    assert_eq!(answer["tasks"].as_array().map(Vec::len), Some(1));
    assert_eq!(answer["failures"][0]["reason"], "RESOURCE:PORTS");
}

/// LIFE-14: placement gives the room away at once, the agent holds the newcomer until it is free.
#[test]
fn a_newcomer_waits_in_pending_until_the_old_task_has_really_ended() {
    let (mut world, _) = joined("t3.small", 90);
    register(&mut world, 1200, json!({ "image": "shop/web:stubborn" }));
    let first = run(&mut world, 1)["tasks"][0]["taskArn"].clone();
    world.wait(30);
    world.ok("StopTask", json!({ "cluster": "shop", "task": first }));
    let second = run(&mut world, 1);
    assert_eq!(second["failures"], json!([]), "there is room for placement");
    let second = json!({ "cluster": "shop", "tasks": [second["tasks"][0]["taskArn"]] });
    world.wait(29);
    assert_eq!(world.ok("DescribeTasks", second.clone())["tasks"][0]["lastStatus"], "PENDING");
    world.wait(5);
    assert_eq!(world.ok("DescribeTasks", second)["tasks"][0]["lastStatus"], "RUNNING");
    let first = world.ok("DescribeTasks", json!({ "cluster": "shop", "tasks": [first] }));
    assert_eq!(first["tasks"][0]["containers"][0]["exitCode"], 137, "LIFE-15: SIGKILL after 30 s");
}

/// LIFE-25: the second pull on an instance asks the registry and no more.
#[test]
fn an_image_that_was_pulled_once_is_there() {
    let (mut world, _) = joined("t3.small", 90);
    register(&mut world, 128, json!({}));
    run(&mut world, 1);
    world.wait(60);
    let before = world.sim.clock();
    run(&mut world, 1);
    world.wait(60);
    let pulled = world
        .timeline
        .records()
        .iter()
        .rfind(|record| record.text == "image shop/web:1 pulled")
        .expect("it was pulled");
    assert_eq!(pulled.at.since(before).as_secs(), 1);
}

/// CINST-13, LIFE-21
#[test]
fn tasks_stop_with_their_instance() {
    let (mut world, id) = joined("t3.small", 90);
    register(&mut world, 128, json!({}));
    run(&mut world, 1);
    world.wait(60);
    world.call("ec2", "TerminateInstances", json!({ "InstanceIds": [id] })).expect("it ends");
    world.wait(31);
    let task = tasks(&mut world)[0].clone();
    assert_eq!(task["lastStatus"], "STOPPED");
    assert_eq!(task["stopCode"], "TerminationNotice");
    assert_eq!(task["stoppedReason"], format!("Host EC2 (instance {id}) terminated."));
    assert_eq!(instances(&mut world), json!([]));
    let cluster = world.ok("DescribeClusters", json!({ "clusters": ["shop"] }));
    assert_eq!(cluster["clusters"][0]["status"], "ACTIVE");
}

/// CINST-11, CINST-12: a lost agent freezes what is reported; it is told when the agent is back.
#[test]
fn a_silent_agent_reports_nothing_and_stops_nothing() {
    let (mut world, id) = joined("t3.small", 90);
    register(&mut world, 128, json!({}));
    let arn = run(&mut world, 1)["tasks"][0]["taskArn"].clone();
    world.wait(60);
    world.call("drydock", "Fail", json!({ "what": "agent", "instance": id })).expect("it fails");
    world.wait(59);
    assert_eq!(instances(&mut world)[0]["agentConnected"], true);
    world.wait(1);
    assert_eq!(instances(&mut world)[0]["agentConnected"], false);
    assert_eq!(run(&mut world, 1)["failures"][0]["reason"], "AGENT");
    world.ok("StopTask", json!({ "cluster": "shop", "task": arn }));
    world.wait(600);
    assert_eq!(tasks(&mut world)[0]["lastStatus"], "RUNNING");
    assert_eq!(tasks(&mut world)[0]["desiredStatus"], "STOPPED");
    world.call("drydock", "Fail", json!({ "what": "agent", "instance": id, "clear": true })).expect("mended");
    world.wait(2);
    assert_eq!(tasks(&mut world)[0]["lastStatus"], "STOPPED");
}

/// CINST-14
#[test]
fn an_instance_with_tasks_is_deregistered_by_force_only() {
    let (mut world, _) = joined("t3.small", 90);
    register(&mut world, 128, json!({}));
    run(&mut world, 1);
    world.wait(60);
    let arn = instances(&mut world)[0]["containerInstanceArn"].clone();
    let asked = json!({ "cluster": "shop", "containerInstance": arn });
    assert_eq!(
        world.refused("DeregisterContainerInstance", asked),
        "InvalidParameterException: Found running tasks on the instance."
    );
    world.ok(
        "DeregisterContainerInstance",
        json!({ "cluster": "shop", "containerInstance": arn, "force": true }),
    );
    let task = tasks(&mut world)[0].clone();
    assert_eq!(task["stoppedReason"], "Container instance deregistration forced by user");
    assert_eq!(task["stopCode"], "UserInitiated");
}

/// EC2-01
#[test]
fn a_repeated_launch_launches_nothing() {
    let mut world = World::new();
    let launch = json!({ "ImageId": "ami-ecs", "MaxCount": 2, "MinCount": 2, "ClientToken": "once" });
    let first = world.call("ec2", "RunInstances", launch.clone()).expect("it launches");
    let again = world.call("ec2", "RunInstances", launch).expect("it answers");
    assert_eq!(first, again);
    assert_eq!(world.sim.state().instances.len(), 2);
    let other = json!({ "ImageId": "ami-docker", "MaxCount": 2, "MinCount": 2, "ClientToken": "once" });
    let refused = world.call("ec2", "RunInstances", other).expect_err("other parameters");
    assert_eq!(refused.code, "IdempotentParameterMismatch");
    assert_eq!(refused.rule.id, "EC2-01");
}
