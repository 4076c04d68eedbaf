//! Updates of an agent: their steps, what holds them up, and that containers run on (CINST-25).

use crate::world::World;
use serde_json::{Value, json};

/// A cluster `shop` with a machine of this image and a task on it; answers the machine's id.
fn world(image: &str) -> (World, String) {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let launch = json!({"ImageId": image, "InstanceType": "m5.large", "UserData": "ECS_CLUSTER=shop"});
    let answer = world.call("ec2", "RunInstances", launch).expect("it launches");
    let id = answer["Instances"][0]["InstanceId"].as_str().expect("an id").to_string();
    world.wait(100);
    let container = json!({"name": "web", "image": "shop/web:1", "memory": 256});
    world.ok("RegisterTaskDefinition", json!({"family": "web", "containerDefinitions": [container]}));
    world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "web"}));
    world.wait(60);
    (world, id)
}

fn arn(world: &mut World) -> String {
    let listed = world.ok("ListContainerInstances", json!({"cluster": "shop"}));
    listed["containerInstanceArns"][0].as_str().expect("an ARN").to_string()
}

fn shown(world: &mut World) -> Value {
    let asked = json!({"cluster": "shop", "containerInstances": [arn(world)]});
    world.ok("DescribeContainerInstances", asked)["containerInstances"][0].clone()
}

fn update(world: &mut World) -> Value {
    let asked = json!({"cluster": "shop", "containerInstance": arn(world)});
    world.ok("UpdateContainerAgent", asked)["containerInstance"].clone()
}

/// How far the update is, whether the agent is connected, its version and the tasks that run.
fn seen(world: &mut World) -> String {
    let found = shown(world);
    let (status, connected) = (&found["agentUpdateStatus"], &found["agentConnected"]);
    let status = status.as_str().unwrap_or("none");
    let version = found["versionInfo"]["agentVersion"].as_str().expect("a version");
    format!("{status} {connected} {version} {}", found["runningTasksCount"])
}

fn drydock(world: &mut World, what: &str, id: &str, clear: bool) {
    world.call("drydock", "Fail", json!({"what": what, "instance": id, "clear": clear})).expect("it breaks");
}

/// CINST-25: an agent is fetched, checked and started anew while the containers run on.
#[test]
fn an_agent_is_updated_step_by_step_and_its_containers_run_on() {
    let (mut world, _) = world("ami-ecs-old");
    assert_eq!(seen(&mut world), "none true 1.98.0 1");
    assert_eq!(update(&mut world)["agentUpdateStatus"], "PENDING");
    for (seconds, expected) in [
        (2, "PENDING true 1.98.0 1"),
        (1, "STAGING true 1.98.0 1"),
        (19, "STAGING true 1.98.0 1"),
        (1, "STAGED true 1.98.0 1"),
        (3, "UPDATING false 1.98.0 1"),
        (9, "UPDATING false 1.98.0 1"),
        (1, "UPDATED true 1.105.1 1"),
        (3600, "UPDATED true 1.105.1 1"),
    ] {
        world.wait(seconds);
        assert_eq!(seen(&mut world), expected);
    }
    let filter = json!({"cluster": "shop", "filter": "agentVersion >= 1.105"});
    assert_eq!(
        world.ok("ListContainerInstances", filter)["containerInstanceArns"].as_array().unwrap().len(),
        1
    );
}

/// CINST-25, CINST-11: while the agent is started anew nothing is placed there, and what happens is told after.
#[test]
fn an_agent_that_is_started_anew_is_not_heard() {
    let (mut world, _) = world("ami-ecs-old");
    let task = world.ok("ListTasks", json!({"cluster": "shop"}))["taskArns"][0].clone();
    update(&mut world);
    world.wait(27);
    assert_eq!(seen(&mut world), "UPDATING false 1.98.0 1");
    let refused = world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "web"}));
    assert_eq!(refused["failures"][0]["reason"], "AGENT");
    world.call("drydock", "Kill", json!({"task": task, "cluster": "shop"})).expect("it ends");
    world.wait(8);
    assert_eq!(seen(&mut world), "UPDATING false 1.98.0 1", "nobody hears that the container has ended");
    world.wait(10);
    assert_eq!(seen(&mut world), "UPDATED true 1.105.1 0");
}

/// CINST-25: without connection an update stays where it is and goes on when the agent is back.
#[test]
fn an_update_waits_for_an_agent_without_connection() {
    for (before, stands) in [(0, "PENDING"), (10, "STAGING"), (24, "STAGED"), (30, "UPDATING")] {
        let (mut world, id) = world("ami-ecs-old");
        update(&mut world);
        world.wait(before);
        drydock(&mut world, "agent", &id, false);
        world.wait(300);
        assert_eq!(seen(&mut world), format!("{stands} false 1.98.0 1"));
        drydock(&mut world, "agent", &id, true);
        assert_eq!(seen(&mut world), format!("{stands} {} 1.98.0 1", stands != "UPDATING"));
        world.wait(40);
        assert_eq!(seen(&mut world), "UPDATED true 1.105.1 1");
    }
}

/// CINST-25: a connection that comes and goes while the agent is started anew changes nothing.
#[test]
fn a_short_cut_during_the_start_is_not_noticed() {
    let (mut world, id) = world("ami-ecs-old");
    update(&mut world);
    world.wait(27);
    drydock(&mut world, "agent", &id, false);
    world.wait(2);
    drydock(&mut world, "agent", &id, true);
    assert_eq!(seen(&mut world), "UPDATING false 1.98.0 1", "the new agent is not up yet");
    world.wait(7);
    assert_eq!(seen(&mut world), "UPDATED true 1.105.1 1");
}

/// CINST-25: what is damaged is not started; another attempt may go well.
#[test]
fn a_damaged_update_fails_and_can_be_asked_for_again() {
    let (mut world, id) = world("ami-ecs-old");
    drydock(&mut world, "agent-update", &id, false);
    update(&mut world);
    world.wait(60);
    assert_eq!(seen(&mut world), "FAILED true 1.98.0 1");
    drydock(&mut world, "agent-update", &id, true);
    assert_eq!(update(&mut world)["agentUpdateStatus"], "PENDING");
    world.wait(60);
    assert_eq!(seen(&mut world), "UPDATED true 1.105.1 1");
}

/// CINST-25: what an update is refused for.
#[test]
fn an_update_is_refused() {
    let (mut world, id) = world("ami-ecs");
    let asked = |arn: &str| json!({"cluster": "shop", "containerInstance": arn});
    let current = arn(&mut world);
    let says = world.refused("UpdateContainerAgent", asked(&current));
    assert_eq!(says, "NoUpdateAvailableException: There is no update available for your container agent.");
    let says = world.refused("UpdateContainerAgent", asked(&"0".repeat(32)));
    assert!(says.starts_with("InvalidParameterException: The referenced container instance"), "{says}");
    let elsewhere = json!({"cluster": "nope", "containerInstance": current});
    assert!(world.refused("UpdateContainerAgent", elsewhere).starts_with("ClusterNotFoundException"));
    world.call("ec2", "TerminateInstances", json!({"InstanceIds": [id]})).expect("it ends");
    world.wait(60);
    let says = world.refused("UpdateContainerAgent", asked(&current));
    assert!(says.starts_with("InvalidParameterException"), "an INACTIVE instance has no agent: {says}");
    for (version, code) in [
        (json!(null), "MissingVersionException"),
        (json!({"agentVersion": "custom"}), "MissingVersionException"),
        (json!({"agentVersion": "1.200.0"}), "NoUpdateAvailableException"),
    ] {
        let mut joining = json!({"cluster": "shop",
            "instanceIdentityDocument": json!({"instanceId": "i-1"}).to_string(),
            "totalResources": [{"name": "CPU", "type": "INTEGER", "integerValue": 1024},
                {"name": "MEMORY", "type": "INTEGER", "integerValue": 1024}]});
        if !version.is_null() {
            joining["versionInfo"] = version.clone();
        }
        let joined = world.ok("RegisterContainerInstance", joining)["containerInstance"].clone();
        assert_eq!(joined["versionInfo"]["agentVersion"], version["agentVersion"]);
        let says =
            world.refused("UpdateContainerAgent", asked(joined["containerInstanceArn"].as_str().unwrap()));
        assert!(says.starts_with(code), "{version}: {says}");
    }
}

/// CINST-25: one update at a time.
#[test]
fn two_updates_do_not_run_at_once() {
    let (mut world, _) = world("ami-ecs-old");
    update(&mut world);
    for _ in 0..3 {
        let asked = json!({"cluster": "shop", "containerInstance": arn(&mut world)});
        let says = world.refused("UpdateContainerAgent", asked);
        assert!(says.starts_with("UpdateInProgressException: There is already a current"), "{says}");
        world.wait(11);
    }
}
