//! Auto Scaling groups: sizes, zones, the life of their instances, and what is told of it.

mod refreshes;
mod scale_in;
mod schedules;
mod upkeep;

use crate::world::World;
use drydock::ApiError;
use drydock::timeline::{Outcome, RecordKind};
use serde_json::{Value, json};

/// `echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config` in base64.
const JOINS_SHOP: &str = "ZWNobyBFQ1NfQ0xVU1RFUj1zaG9wID4+IC9ldGMvZWNzL2Vjcy5jb25maWc=";
const PRIVATE: &str = "subnet-pri-a,subnet-pri-b,subnet-pri-c";

fn asg(world: &mut World, operation: &str, input: Value) -> Result<Value, ApiError> {
    world.call("autoscaling", operation, input)
}

#[track_caller]
fn done(world: &mut World, operation: &str, input: Value) -> Value {
    asg(world, operation, input).unwrap_or_else(|refusal| panic!("{operation}: {refusal}"))
}

#[track_caller]
fn refused(world: &mut World, operation: &str, input: Value) -> String {
    let before = world.sim.clone();
    let refusal = asg(world, operation, input).expect_err("it is refused");
    assert_eq!(world.sim, before, "a refused request changes nothing");
    refusal.to_string()
}

/// A cluster and a launch template for its instances.
fn world() -> World {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let data = json!({"ImageId": "ami-ecs", "InstanceType": "m5.large", "UserData": JOINS_SHOP});
    let template = json!({"LaunchTemplateName": "machines", "LaunchTemplateData": data});
    world.call("ec2", "CreateLaunchTemplate", template).expect("a template");
    world
}

fn create(world: &mut World, min: u64, max: u64, desired: u64, more: Value) {
    let mut input = json!({
        "AutoScalingGroupName": "web", "MinSize": min, "MaxSize": max, "DesiredCapacity": desired,
        "LaunchTemplate": {"LaunchTemplateName": "machines", "Version": "$Latest"},
        "VPCZoneIdentifier": PRIVATE,
    });
    for (name, value) in more.as_object().expect("members") {
        input[name] = value.clone();
    }
    done(world, "CreateAutoScalingGroup", input);
}

fn group(world: &mut World) -> Value {
    let asked = json!({"AutoScalingGroupNames": ["web"]});
    (&done(world, "DescribeAutoScalingGroups", asked))["AutoScalingGroups"][0].clone()
}

/// Zone letter and lifecycle of each instance, in order.
fn members(world: &mut World) -> Vec<String> {
    let mut all: Vec<String> = group(world)["Instances"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let zone = one["AvailabilityZone"].as_str().unwrap().trim_start_matches("us-east-1");
            format!("{zone} {}", one["LifecycleState"].as_str().unwrap())
        })
        .collect();
    all.sort();
    all
}

fn activities(world: &mut World) -> Vec<Value> {
    let asked = json!({"AutoScalingGroupName": "web"});
    done(world, "DescribeScalingActivities", asked)["Activities"].as_array().expect("a list").clone()
}

fn ids(world: &mut World) -> Vec<String> {
    let group = group(world);
    let instances = group["Instances"].as_array().expect("a list").iter();
    instances.map(|one| one["InstanceId"].as_str().unwrap().to_string()).collect()
}

fn set(world: &mut World, desired: u64) {
    done(world, "SetDesiredCapacity", json!({"AutoScalingGroupName": "web", "DesiredCapacity": desired}));
}

/// ASG-01, ASG-02, ASG-16, ASG-M1, LAT-10
#[test]
fn a_group_launches_evenly_and_its_instances_join_the_cluster() {
    let mut world = world();
    create(&mut world, 0, 5, 4, json!({}));
    assert_eq!(members(&mut world), [""; 0], "a group acts after three seconds");
    world.wait(3);
    assert_eq!(members(&mut world), ["a Pending", "a Pending", "b Pending", "c Pending"]);
    world.wait(60);
    assert_eq!(members(&mut world), ["a InService", "a InService", "b InService", "c InService"]);
    world.wait(30);
    let listed = world.ok("ListContainerInstances", json!({"cluster": "shop"}));
    assert_eq!(listed["containerInstanceArns"].as_array().unwrap().len(), 4);
    let decision = world.timeline.records().iter().find(|it| it.kind == RecordKind::Decision).unwrap();
    let told: Vec<_> = decision.verdicts.iter().map(|it| (it.reason.as_str(), it.rule.id)).collect();
    assert_eq!(told, [("has 0, gets 2", "ASG-M1"), ("has 0, gets 1", "ASG-M1"), ("has 0, gets 1", "ASG-M1")]);
    let tags = world.call("ec2", "DescribeInstances", json!({})).unwrap();
    let tags = tags["Reservations"][0]["Instances"][0]["Tags"].to_string();
    assert!(
        tags.contains("aws:autoscaling:groupName") && tags.contains("aws:ec2launchtemplate:version"),
        "{tags}"
    );
}

/// ASG-M2, AAPI-11
#[test]
fn activities_say_what_was_done_and_why() {
    let mut world = world();
    create(&mut world, 0, 3, 1, json!({}));
    world.wait(60);
    world.wait(60);
    set(&mut world, 2);
    world.wait(3);
    let all = activities(&mut world);
    assert_eq!((&all[0]["StatusCode"], &all[0]["Progress"]), (&json!("PreInService"), &json!(30)));
    assert_eq!(
        all[0]["Cause"],
        "At 2026-01-05T09:02:00Z a user request explicitly set group desired capacity changing the desired \
         capacity from 1 to 2. At 2026-01-05T09:02:03Z an instance was started in response to a difference \
         between desired and actual capacity, increasing the capacity from 1 to 2."
    );
    assert_eq!(all[1]["StatusCode"], "Successful");
    let first = all[1]["Cause"].as_str().unwrap();
    let created = "a user request created an AutoScalingGroup changing the desired capacity from 0 to 1.";
    assert!(first.contains(created), "{first}");
    assert!(all[1]["Description"].as_str().unwrap().starts_with("Launching a new EC2 instance: i-"));
    let told = all[1]["Details"].as_str().unwrap();
    assert_eq!(told, "{\"Subnet ID\":\"subnet-pri-a\",\"Availability Zone\":\"us-east-1a\"}");
    set(&mut world, 0);
    world.wait(40);
    let last = activities(&mut world)[0].clone();
    let cause = last["Cause"].as_str().unwrap();
    assert!(cause.contains("shrinking the capacity from 2 to 0. At"), "{cause}");
    assert!(cause.ends_with("was selected for termination."), "{cause}");
    assert_eq!(members(&mut world), [""; 0]);
}

/// ASG-01, AAPI-11
#[test]
fn sizes_and_names_are_checked() {
    let mut world = world();
    create(&mut world, 1, 3, 1, json!({}));
    let named = |more: Value| {
        let mut input = json!({"AutoScalingGroupName": "web", "MinSize": 1, "MaxSize": 3,
            "LaunchTemplate": {"LaunchTemplateName": "machines"}, "VPCZoneIdentifier": PRIVATE});
        for (name, value) in more.as_object().expect("members") {
            input[name] = value.clone();
        }
        input
    };
    for (operation, input, says) in [
        (
            "CreateAutoScalingGroup",
            named(json!({})),
            "AlreadyExists: AutoScalingGroup by this name already exists - A group with the name web already exists",
        ),
        (
            "CreateAutoScalingGroup",
            named(json!({"AutoScalingGroupName": "x", "MinSize": 4})),
            "ValidationError: Max bound, 3, must be greater than or equal to min bound, 4",
        ),
        (
            "CreateAutoScalingGroup",
            named(json!({"AutoScalingGroupName": "x", "DesiredCapacity": 4})),
            "ValidationError: Desired capacity:4 must be between the specified min size:1 and max size:3",
        ),
        (
            "CreateAutoScalingGroup",
            named(json!({"AutoScalingGroupName": "x", "VPCZoneIdentifier": "subnet-x"})),
            "ValidationError: The subnet ID 'subnet-x' does not exist",
        ),
        (
            "CreateAutoScalingGroup",
            named(json!({"AutoScalingGroupName": "x", "VPCZoneIdentifier": ""})),
            "ValidationError: At least one Availability Zone or VPC Subnet is required.",
        ),
        (
            "CreateAutoScalingGroup",
            named(json!({"AutoScalingGroupName": "x", "LaunchTemplate": {"LaunchTemplateName": "nope"}})),
            "ValidationError: You must use a valid fully-formed launch template. The specified launch template, \
          with template name nope, does not exist.",
        ),
        (
            "SetDesiredCapacity",
            json!({"AutoScalingGroupName": "web", "DesiredCapacity": 4}),
            "ValidationError: New SetDesiredCapacity value 4 is above max value 3 for the AutoScalingGroup.",
        ),
        (
            "SetDesiredCapacity",
            json!({"AutoScalingGroupName": "web", "DesiredCapacity": 0}),
            "ValidationError: New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup.",
        ),
        (
            "SetDesiredCapacity",
            json!({"AutoScalingGroupName": "x", "DesiredCapacity": 0}),
            "ValidationError: AutoScalingGroup name not found - null",
        ),
        (
            "DeleteAutoScalingGroup",
            json!({"AutoScalingGroupName": "web"}),
            "ScalingActivityInProgress: You cannot delete an AutoScalingGroup while there are scaling activities \
          in progress for that group.",
        ),
    ] {
        assert_eq!(refused(&mut world, operation, input), says);
    }
    // Raising the minimum raises the desired capacity with it.
    done(&mut world, "UpdateAutoScalingGroup", json!({"AutoScalingGroupName": "web", "MinSize": 2}));
    assert_eq!(group(&mut world)["DesiredCapacity"], 2);
    done(
        &mut world,
        "UpdateAutoScalingGroup",
        json!({"AutoScalingGroupName": "web", "MinSize": 0, "MaxSize": 1}),
    );
    assert_eq!(group(&mut world)["DesiredCapacity"], 1);
}

/// AAPI-11
#[test]
fn a_group_with_instances_goes_by_force_only() {
    let mut world = world();
    create(&mut world, 0, 3, 2, json!({}));
    world.wait(100);
    let says = refused(&mut world, "DeleteAutoScalingGroup", json!({"AutoScalingGroupName": "web"}));
    assert!(
        says.starts_with("ResourceInUse: You cannot delete an AutoScalingGroup while there are"),
        "{says}"
    );
    done(&mut world, "DeleteAutoScalingGroup", json!({"AutoScalingGroupName": "web", "ForceDelete": true}));
    assert_eq!(group(&mut world)["Status"], "Delete in progress");
    let says = refused(
        &mut world,
        "SetDesiredCapacity",
        json!({"AutoScalingGroupName": "web", "DesiredCapacity": 0}),
    );
    assert!(says.starts_with("ScalingActivityInProgress"), "{says}");
    world.wait(40);
    assert_eq!(group(&mut world), Value::Null);
    assert_eq!(activities(&mut world).len(), 0);
    let asked = json!({"IncludeDeletedGroups": true});
    let all = done(&mut world, "DescribeScalingActivities", asked)["Activities"].as_array().unwrap().len();
    assert_eq!(all, 4, "two launches and two ends");
}

/// ASG-03, ASG-05
#[test]
fn a_machine_that_fails_is_replaced_in_its_zone() {
    let mut world = world();
    create(&mut world, 3, 3, 3, json!({}));
    world.wait(100);
    let victim = ids(&mut world)[0].clone();
    world.call("ec2", "TerminateInstances", json!({"InstanceIds": [victim]})).expect("it ends");
    world.wait(3);
    assert!(members(&mut world).iter().any(|one| one.ends_with("Terminating")));
    world.wait(97);
    assert_eq!(members(&mut world), ["a InService", "b InService", "c InService"]);
    assert!(!ids(&mut world).contains(&victim));
    let why: Vec<Value> = activities(&mut world).into_iter().map(|one| one["Cause"].clone()).collect();
    let check = "an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.";
    assert!(why[1].as_str().unwrap().ends_with(check), "{why:#?}");
    // drydock fail ends a machine at once; that is seen too.
    let victim = ids(&mut world)[1].clone();
    world.call("drydock", "Fail", json!({"what": "instance", "instance": victim})).expect("it fails");
    world.wait(100);
    assert_eq!(members(&mut world), ["a InService", "b InService", "c InService"]);
    assert!(!ids(&mut world).contains(&victim));
}

/// ASG-13: a large group that shrinks tells of twelve instances, those that end first.
#[test]
fn a_large_group_tells_of_twelve_instances() {
    let mut world = world();
    create(&mut world, 0, 40, 30, json!({}));
    world.wait(100);
    for (desired, chosen) in [(27, 3), (7, 12)] {
        set(&mut world, desired);
        world.wait(3);
        let decision = world.timeline.records().iter().rfind(|it| it.kind == RecordKind::Decision).unwrap();
        assert!(decision.text.ends_with(&format!("{desired} desired")), "{}", decision.text);
        assert_eq!(decision.verdicts.len(), 12);
        let ends = decision.verdicts.iter().take_while(|it| it.outcome == Outcome::Chosen).count();
        assert_eq!(ends, chosen);
        world.wait(60);
    }
}

/// ASG-13, ASG-14
#[test]
fn the_richest_zone_loses_first_then_the_policy_chooses() {
    // policies -> which of two launches in a zone ends
    for (policy, oldest_goes) in [("OldestInstance", true), ("NewestInstance", false), ("Default", true)] {
        let mut world = world();
        create(&mut world, 0, 9, 1, json!({"TerminationPolicies": [policy]}));
        world.wait(100);
        let first = ids(&mut world)[0].clone();
        set(&mut world, 4);
        world.wait(100);
        assert_eq!(members(&mut world), ["a InService", "a InService", "b InService", "c InService"]);
        set(&mut world, 3);
        world.wait(3);
        let ends: Vec<String> = group(&mut world)["Instances"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["LifecycleState"] == "Terminating")
            .map(|one| one["InstanceId"].as_str().unwrap().to_string())
            .collect();
        assert_eq!(ends.len(), 1);
        assert_eq!(ends[0] == first, oldest_goes, "{policy}");
        let decision = world.timeline.records().iter().rfind(|it| it.kind == RecordKind::Decision).unwrap();
        assert_eq!(decision.text, "ends 1: has 4, 3 desired");
        assert_eq!(decision.verdicts.len(), 4, "one verdict per instance");
        let chosen: Vec<_> = decision.verdicts.iter().filter(|it| it.outcome == Outcome::Chosen).collect();
        assert_eq!(chosen.len(), 1);
        assert!(chosen[0].reason.starts_with("us-east-1a has most, 2; "), "{}", chosen[0].reason);
        let elsewhere =
            decision.verdicts.iter().filter(|it| it.reason.ends_with("another: us-east-1a has 2"));
        assert_eq!(elsewhere.count(), 2);
    }
}

/// ASG-14: instances of an older version of the launch template go first.
#[test]
fn an_older_version_of_the_template_goes_first() {
    let mut world = world();
    create(&mut world, 0, 9, 1, json!({"VPCZoneIdentifier": "subnet-pri-a"}));
    world.wait(100);
    let first = ids(&mut world)[0].clone();
    let newer = json!({"LaunchTemplateName": "machines", "SourceVersion": "1",
                       "LaunchTemplateData": {"InstanceType": "m5.xlarge"}});
    let made = world.call("ec2", "CreateLaunchTemplateVersion", newer).expect("a version");
    assert_eq!(made["LaunchTemplateVersion"]["VersionNumber"], 2);
    assert_eq!(made["LaunchTemplateVersion"]["LaunchTemplateData"]["ImageId"], "ami-ecs");
    set(&mut world, 3);
    world.wait(100);
    let types: Vec<Value> = group(&mut world)["Instances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["InstanceType"].clone())
        .collect();
    assert_eq!(types.iter().filter(|it| *it == "m5.xlarge").count(), 2, "$Latest is version 2 now");
    set(&mut world, 2);
    world.wait(100);
    assert!(!ids(&mut world).contains(&first));
}

/// ASG-15
#[test]
fn protected_instances_stay() {
    let mut world = world();
    create(&mut world, 0, 3, 2, json!({"NewInstancesProtectedFromScaleIn": true}));
    world.wait(100);
    set(&mut world, 1);
    world.wait(100);
    assert_eq!(members(&mut world), ["a InService", "b InService"]);
    assert_eq!(group(&mut world)["DesiredCapacity"], 1);
    let last = activities(&mut world)[0].clone();
    assert_eq!(
        last["StatusMessage"],
        "Could not scale to desired capacity because all remaining instances are protected from scale-in."
    );
    let decision = world.timeline.records().iter().rfind(|it| it.kind == RecordKind::Decision).unwrap();
    assert!(decision.verdicts.iter().all(|it| it.outcome == Outcome::Removed && it.rule.id == "ASG-15"));
    // Protection does not keep a machine that fails.
    let victim = ids(&mut world)[0].clone();
    world.call("ec2", "TerminateInstances", json!({"InstanceIds": [victim]})).expect("it ends");
    world.wait(100);
    assert_eq!(members(&mut world).len(), 1);
}

/// ASG-06
#[test]
fn a_cooldown_holds_those_who_honor_it() {
    let mut world = world();
    create(&mut world, 0, 3, 1, json!({"DefaultCooldown": 120}));
    world.wait(70);
    let honoring = json!({"AutoScalingGroupName": "web", "DesiredCapacity": 2, "HonorCooldown": true});
    let says = refused(&mut world, "SetDesiredCapacity", honoring.clone());
    assert!(says.starts_with("ScalingActivityInProgress"), "{says}");
    world.wait(120);
    done(&mut world, "SetDesiredCapacity", honoring);
}

/// ASG-M3, EC2-02
#[test]
fn a_launch_that_fails_is_told_and_tried_again() {
    let mut world = world();
    create(&mut world, 0, 3, 0, json!({}));
    world.call("ec2", "DeleteLaunchTemplate", json!({"LaunchTemplateName": "machines"})).expect("it goes");
    set(&mut world, 1);
    world.wait(3);
    let failed = activities(&mut world)[0].clone();
    assert_eq!(failed["StatusCode"], "Failed");
    let says = failed["StatusMessage"].as_str().unwrap();
    assert!(says.ends_with("does not exist. Launching EC2 instance failed."), "{says}");
    world.wait(180);
    assert_eq!(activities(&mut world).len(), 3, "after one minute and two more");
}

/// EC2-02, EC2-03
#[test]
fn a_launch_template_says_what_a_launch_leaves_open() {
    let mut world = world();
    let asked = json!({"LaunchTemplate": {"LaunchTemplateName": "machines"}, "InstanceType": "c5.large"});
    let launched = world.call("ec2", "RunInstances", asked).expect("it launches");
    let machine = &launched["Instances"][0];
    assert_eq!((&machine["ImageId"], &machine["InstanceType"]), (&json!("ami-ecs"), &json!("c5.large")));
    world.wait(90);
    let listed = world.ok("ListContainerInstances", json!({"cluster": "shop"}));
    assert_eq!(listed["containerInstanceArns"].as_array().unwrap().len(), 1, "user data was in base64");
    let plain =
        json!({"LaunchTemplateName": "plain", "LaunchTemplateData": {"UserData": "echo ECS_CLUSTER=shop"}});
    let refusal = world.call("ec2", "CreateLaunchTemplate", plain).expect_err("not base64");
    assert_eq!(refusal.to_string(), "InvalidUserData.Malformed: Invalid BASE64 encoding of user data.");
    assert_eq!(refusal.hint.as_deref(), Some("In base64 it is ZWNobyBFQ1NfQ0xVU1RFUj1zaG9w"));
    for (operation, input, code) in [
        (
            "CreateLaunchTemplate",
            json!({"LaunchTemplateName": "machines", "LaunchTemplateData": {}}),
            "InvalidLaunchTemplateName.AlreadyExistsException",
        ),
        (
            "CreateLaunchTemplate",
            json!({"LaunchTemplateName": "x", "LaunchTemplateData": {}}),
            "InvalidLaunchTemplateName.MalformedException",
        ),
        (
            "DescribeLaunchTemplates",
            json!({"LaunchTemplateNames": ["nope"]}),
            "InvalidLaunchTemplateName.NotFoundException",
        ),
        (
            "DescribeLaunchTemplateVersions",
            json!({"LaunchTemplateName": "machines", "Versions": ["7"]}),
            "InvalidLaunchTemplateId.VersionNotFound",
        ),
        (
            "RunInstances",
            json!({"LaunchTemplate": {"LaunchTemplateId": "lt-0123"}}),
            "InvalidLaunchTemplateId.NotFound",
        ),
        ("DeleteLaunchTemplate", json!({"LaunchTemplateId": "x"}), "InvalidLaunchTemplateId.Malformed"),
        ("DeleteLaunchTemplate", json!({}), "MissingParameter"),
    ] {
        assert_eq!(world.call("ec2", operation, input).expect_err(operation).code, code);
    }
    let newer = json!({"LaunchTemplateName": "machines", "LaunchTemplateData": {"ImageId": "ami-docker"}});
    world.call("ec2", "CreateLaunchTemplateVersion", newer).expect("a version");
    let shown = |world: &mut World| {
        let all =
            world.call("ec2", "DescribeLaunchTemplates", json!({})).unwrap()["LaunchTemplates"][0].take();
        (all["DefaultVersionNumber"].as_i64().unwrap(), all["LatestVersionNumber"].as_i64().unwrap())
    };
    assert_eq!(shown(&mut world), (1, 2));
    let chosen = json!({"LaunchTemplateName": "machines", "DefaultVersion": "2"});
    world.call("ec2", "ModifyLaunchTemplate", chosen).expect("a default");
    assert_eq!(shown(&mut world), (2, 2));
    let asked = json!({"LaunchTemplateName": "machines", "Versions": ["1", "2", "3"]});
    let gone = world.call("ec2", "DeleteLaunchTemplateVersions", asked).expect("an answer");
    assert_eq!(gone["SuccessfullyDeletedLaunchTemplateVersions"][0]["VersionNumber"], 1);
    assert_eq!(gone["UnsuccessfullyDeletedLaunchTemplateVersions"].as_array().unwrap().len(), 2);
}
