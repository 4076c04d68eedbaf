//! EC2 Spot: a notice of two minutes, and an agent that drains or does not (CINST-18).

use crate::world::World;
use serde_json::{Value, json};

/// A Spot machine in `shop` with these agent settings, and one on demand that is too small for the tasks
/// of the service `web`, which wants two; answers the Spot machine's id.
fn spot(settings: &str) -> (World, String) {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let launch = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large",
        "InstanceMarketOptions": {"MarketType": "spot"}, "UserData": format!("echo ECS_CLUSTER=shop >> x\n{settings}")});
    let answer = world.call("ec2", "RunInstances", launch).expect("it launches");
    let id = answer["Instances"][0]["InstanceId"].as_str().expect("an id").to_string();
    assert_eq!(answer["Instances"][0]["InstanceLifecycle"], "spot");
    world.wait(90);
    let container = json!({"name": "web", "image": "shop/web:1", "memory": 256});
    world.ok("RegisterTaskDefinition", json!({"family": "web", "containerDefinitions": [container]}));
    world.ok(
        "CreateService",
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 2}),
    );
    world.ok("RunTask", json!({"cluster": "shop", "taskDefinition": "web"}));
    world.wait(60);
    (world, id)
}

fn on_demand(world: &mut World) {
    let launch = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large", "UserData": "ECS_CLUSTER=shop"});
    world.call("ec2", "RunInstances", launch).expect("it launches");
    world.wait(90);
}

fn interrupt(world: &mut World, id: &str) {
    world.call("drydock", "Fail", json!({"what": "spot", "instance": id})).expect("it breaks");
}

/// The status of the Spot machine's registration, and how many tasks of `web` run.
fn seen(world: &mut World, id: &str) -> (String, u64) {
    let state = world.sim.state();
    let mut all = state.container_instances.values().chain(state.former_container_instances.values());
    let status = all.find(|each| each.instance.as_str() == id).map(|each| each.status.word());
    let status = status.unwrap_or("none").to_string();
    let answer = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
    (status, answer["services"][0]["runningCount"].as_u64().expect("a count"))
}

fn machine(world: &mut World, id: &str) -> Value {
    let answer = world.call("ec2", "DescribeInstances", json!({"InstanceIds": [id]})).expect("it is there");
    answer["Reservations"][0]["Instances"][0].clone()
}

/// CINST-18: with the setting the instance drains at the notice, and its service moves to where there is room
/// before EC2 takes the machine; standalone tasks go down with it.
#[test]
fn an_agent_that_drains_for_spot_saves_its_service() {
    let (mut world, id) = spot("echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> x");
    on_demand(&mut world);
    interrupt(&mut world, &id);
    assert_eq!(seen(&mut world, &id), ("DRAINING".to_string(), 2));
    let draining = world.timeline.records().iter().rev().find(|record| record.text == "DRAINING").unwrap();
    assert_eq!(draining.rule.map(|rule| rule.id), Some("CINST-18"));
    for _ in 0..119 {
        world.wait(1);
        assert!(seen(&mut world, &id).1 >= 2, "the floor of 100 percent holds");
    }
    assert_eq!(machine(&mut world, &id)["State"]["Name"], "running");
    world.wait(1);
    assert_eq!(machine(&mut world, &id)["State"]["Name"], "shutting-down");
    world.wait(30);
    assert_eq!(seen(&mut world, &id), ("INACTIVE".to_string(), 2));
    let stopped =
        world.ok("ListTasks", json!({"cluster": "shop", "desiredStatus": "STOPPED", "family": "web"}));
    let asked = json!({"cluster": "shop", "tasks": stopped["taskArns"]});
    let tasks = world.ok("DescribeTasks", asked)["tasks"].clone();
    let alone = tasks.as_array().unwrap().iter().find(|task| task["group"] == "family:web").expect("it ran");
    assert_eq!(alone["stopCode"], "TerminationNotice");
    assert_eq!(alone["stoppedReason"], format!("Host EC2 (instance {id}) terminated."));
}

/// CINST-18: without the setting, which is the default, the tasks run on until the machine is gone.
#[test]
fn an_agent_that_does_not_drain_loses_its_tasks_with_the_machine() {
    for settings in ["", "echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=false >> x"] {
        let (mut world, id) = spot(settings);
        on_demand(&mut world);
        interrupt(&mut world, &id);
        world.wait(119);
        assert_eq!(seen(&mut world, &id), ("ACTIVE".to_string(), 2));
        world.wait(31);
        assert_eq!(seen(&mut world, &id), ("INACTIVE".to_string(), 0));
        let gone = machine(&mut world, &id);
        assert_eq!(
            (&gone["State"]["Name"], &gone["InstanceLifecycle"]),
            (&json!("terminated"), &json!("spot"))
        );
        assert_eq!(gone["StateReason"]["Code"], "Server.SpotInstanceTermination");
        world.wait(60);
        assert_eq!(seen(&mut world, &id).1, 2, "they run on the other machine");
    }
}

/// EC2-04: what is asked of a Spot interruption -> why it cannot be.
#[test]
fn only_a_living_spot_instance_gets_a_notice_and_only_one() {
    let (mut world, id) = spot("");
    on_demand(&mut world);
    let all = world.call("ec2", "DescribeInstances", json!({})).expect("they are there");
    let other = all["Reservations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["Instances"][0].clone())
        .find(|each| each["InstanceId"] != json!(id))
        .expect("one on demand");
    assert!(other.get("InstanceLifecycle").is_none() && other.get("StateReason").is_none(), "{other}");
    let refused = |world: &mut World, input: Value| {
        world.call("drydock", "Fail", input).expect_err("it cannot be").message
    };
    let on_demand = refused(&mut world, json!({"what": "spot", "instance": other["InstanceId"]}));
    assert!(on_demand.contains("runs on demand"), "{on_demand}");
    interrupt(&mut world, &id);
    let again = refused(&mut world, json!({"what": "spot", "instance": id}));
    assert!(again.contains("has its notice already"), "{again}");
    let cleared = refused(&mut world, json!({"what": "spot", "instance": id, "clear": true}));
    assert!(cleared.contains("does not take back"), "{cleared}");
    world.wait(200);
    let late = refused(&mut world, json!({"what": "spot", "instance": id}));
    assert!(late.contains("is terminated already"), "{late}");
    // Who ends an instance oneself reads so.
    world.call("ec2", "TerminateInstances", json!({"InstanceIds": [other["InstanceId"]]})).expect("it ends");
    let ended = machine(&mut world, other["InstanceId"].as_str().unwrap());
    assert_eq!(ended["StateReason"]["Code"], "Client.UserInitiatedShutdown");
}

/// EC2-04: how instances are bought -> the refusal.
#[test]
fn a_market_that_there_is_not_is_refused() {
    let mut world = World::new();
    for (options, says) in [
        (json!({"MarketType": "capacity-block"}), "Invalid value 'capacity-block' for MarketType."),
        (
            json!({"MarketType": "spot", "SpotOptions": {"InstanceInterruptionBehavior": "stop"}}),
            "Invalid value 'stop' for InstanceInterruptionBehavior.",
        ),
    ] {
        let input = json!({"ImageId": "ami-ecs", "InstanceMarketOptions": options});
        let refusal = world.call("ec2", "RunInstances", input).expect_err("it is refused");
        assert_eq!((refusal.code, refusal.message.as_str()), ("InvalidParameterValue", says));
    }
}

/// CINST-18, EC2-04, ASG-05: a group whose template asks for Spot machines replaces one that EC2 takes back, and
/// its service moves meanwhile.
#[test]
fn a_group_of_spot_machines_replaces_one_that_is_taken_back() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let script = "echo ECS_CLUSTER=shop >> x\necho ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> x";
    let data = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large",
        "UserData": drydock::ec2::user_data::encode(script), "InstanceMarketOptions": {"MarketType": "spot"}});
    let template = json!({"LaunchTemplateName": "spare", "LaunchTemplateData": data});
    world.call("ec2", "CreateLaunchTemplate", template).expect("a template");
    let shown = world.call("ec2", "DescribeLaunchTemplateVersions", json!({"LaunchTemplateName": "spare"}));
    let shown = shown.expect("its version")["LaunchTemplateVersions"][0]["LaunchTemplateData"].clone();
    assert_eq!(shown["InstanceMarketOptions"], json!({"MarketType": "spot"}));
    let group = json!({"AutoScalingGroupName": "spare", "MinSize": 2, "MaxSize": 4,
        "LaunchTemplate": {"LaunchTemplateName": "spare"}, "VPCZoneIdentifier": "subnet-pri-a,subnet-pri-b"});
    world.call("autoscaling", "CreateAutoScalingGroup", group).expect("a group");
    world.wait(120);
    let container = json!({"name": "web", "image": "shop/web:1", "memory": 256});
    world.ok("RegisterTaskDefinition", json!({"family": "web", "containerDefinitions": [container]}));
    let service =
        json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 4});
    world.ok("CreateService", service);
    world.wait(60);
    let ids: Vec<String> = world.sim.state().instances.keys().map(ToString::to_string).collect();
    assert_eq!(ids.len(), 2);
    for id in &ids {
        assert_eq!(machine(&mut world, id)["InstanceLifecycle"], "spot");
    }
    interrupt(&mut world, &ids[0]);
    assert_eq!(seen(&mut world, &ids[0]), ("DRAINING".to_string(), 4));
    world.wait(115);
    assert_eq!(world.sim.state().instances.len(), 2, "the group waits until the machine is gone");
    let tasks = world.sim.state().container_instances.values().find(|each| each.instance.as_str() == ids[0]);
    assert_eq!(tasks.map(|each| each.tasks.len()), Some(0), "the service has moved");
    world.wait(160);
    assert_eq!(seen(&mut world, &ids[0]), ("INACTIVE".to_string(), 4));
    let running = world.sim.state().instances.values().filter(|each| each.state.word().0 == "running");
    assert_eq!(running.map(|each| each.spot).collect::<Vec<_>>(), [true, true]);
    let asked = json!({"AutoScalingGroupName": "spare"});
    let told = world.call("autoscaling", "DescribeScalingActivities", asked).expect("activities");
    let causes: Vec<&str> =
        told["Activities"].as_array().unwrap().iter().filter_map(|each| each["Cause"].as_str()).collect();
    assert!(
        causes[0].contains("in response to a difference between desired and actual capacity"),
        "{causes:#?}"
    );
    assert!(
        causes[1].contains("an EC2 health check indicating it has been terminated or stopped"),
        "{causes:#?}"
    );
}

/// EC2-03, EC2-04: a launch that says how it is bought counts before its template; what cannot be bought is
/// refused where it is launched.
#[test]
fn a_template_says_how_instances_are_bought() {
    let mut world = World::new();
    for (name, options) in [
        ("spare", json!({"MarketType": "spot"})),
        ("strange", json!({"MarketType": "barter"})),
        (
            "asleep",
            json!({"MarketType": "spot", "SpotOptions": {"InstanceInterruptionBehavior": "hibernate"}}),
        ),
    ] {
        let data = json!({"ImageId": "ami-ecs", "InstanceMarketOptions": options});
        let template = json!({"LaunchTemplateName": name, "LaunchTemplateData": data});
        world.call("ec2", "CreateLaunchTemplate", template).expect("a template");
    }
    let data = json!({"InstanceType": "m5.large"});
    let version = json!({"LaunchTemplateName": "spare", "SourceVersion": "1", "LaunchTemplateData": data});
    world.call("ec2", "CreateLaunchTemplateVersion", version).expect("a version");
    for version in ["1", "2"] {
        let chosen = json!({"LaunchTemplate": {"LaunchTemplateName": "spare", "Version": version}});
        let launched = world.call("ec2", "RunInstances", chosen).expect("it launches");
        assert_eq!(launched["Instances"][0]["InstanceLifecycle"], "spot", "version {version}");
    }
    for (name, says) in [
        ("strange", "Invalid value 'barter' for MarketType."),
        ("asleep", "Invalid value 'hibernate' for InstanceInterruptionBehavior."),
    ] {
        let chosen = json!({"LaunchTemplate": {"LaunchTemplateName": name}});
        let refusal = world.call("ec2", "RunInstances", chosen).expect_err("it is refused");
        assert_eq!((refusal.code, refusal.message.as_str()), ("InvalidParameterValue", says));
        let group = json!({"AutoScalingGroupName": "web", "MinSize": 0, "MaxSize": 1,
            "LaunchTemplate": {"LaunchTemplateName": name}, "VPCZoneIdentifier": "subnet-pri-a"});
        let refusal = world.call("autoscaling", "CreateAutoScalingGroup", group).expect_err("it is refused");
        assert!(refusal.message.ends_with(says), "{refusal}");
        let own = json!({"LaunchTemplate": {"LaunchTemplateName": name},
            "InstanceMarketOptions": {"MarketType": "spot"}});
        world.call("ec2", "RunInstances", own).expect("its own word counts");
    }
}
