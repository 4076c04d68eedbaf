//! Auto Scaling groups: sizes, zones, the life of their instances, and what is told of it.

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

fn hook(world: &mut World, name: &str, transition: &str, more: Value) {
    let mut input = json!({"AutoScalingGroupName": "web", "LifecycleHookName": name,
        "LifecycleTransition": format!("autoscaling:EC2_INSTANCE_{transition}")});
    for (name, value) in more.as_object().expect("members") {
        input[name] = value.clone();
    }
    done(world, "PutLifecycleHook", input);
}

fn complete(world: &mut World, hook: &str, id: &str, result: &str) {
    let input = json!({"AutoScalingGroupName": "web", "LifecycleHookName": hook, "InstanceId": id,
        "LifecycleActionResult": result});
    done(world, "CompleteLifecycleAction", input);
}

/// ASG-12, ASG-M4
#[test]
fn a_terminating_hook_holds_an_instance_until_somebody_lets_it_go() {
    let mut world = world();
    create(&mut world, 0, 3, 1, json!({}));
    hook(&mut world, "drain", "TERMINATING", json!({}));
    hook(&mut world, "copy-logs", "TERMINATING", json!({}));
    world.wait(100);
    let id = ids(&mut world)[0].clone();
    set(&mut world, 0);
    world.wait(600);
    assert_eq!(members(&mut world), ["a Terminating:Wait"]);
    assert_eq!(activities(&mut world)[0]["StatusCode"], "MidLifecycleAction");
    complete(&mut world, "drain", &id, "CONTINUE");
    assert_eq!(members(&mut world), ["a Terminating:Wait"], "the other hook holds it still");
    complete(&mut world, "copy-logs", &id, "CONTINUE");
    assert_eq!(members(&mut world), ["a Terminating:Proceed"]);
    world.wait(31);
    assert_eq!(members(&mut world), [""; 0]);
    // ABANDON skips the hooks that are left.
    set(&mut world, 1);
    world.wait(100);
    let id = ids(&mut world)[0].clone();
    set(&mut world, 0);
    world.wait(5);
    complete(&mut world, "drain", &id, "ABANDON");
    assert_eq!(members(&mut world), ["a Terminating:Proceed"]);
    let again = json!({"AutoScalingGroupName": "web", "LifecycleHookName": "copy-logs", "InstanceId": id,
        "LifecycleActionResult": "CONTINUE"});
    let says = refused(&mut world, "CompleteLifecycleAction", again);
    assert_eq!(says, format!("ValidationError: No active Lifecycle Action found with instance ID {id}"));
}

/// ASG-12
#[test]
fn a_launch_that_nobody_completes_is_abandoned_and_tried_again() {
    let mut world = world();
    create(
        &mut world,
        0,
        3,
        0,
        json!({"LifecycleHookSpecificationList": [{
        "LifecycleHookName": "prepare", "HeartbeatTimeout": 60,
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING"}]}),
    );
    set(&mut world, 1);
    world.wait(65);
    assert_eq!(members(&mut world), ["a Pending:Wait"]);
    let first = ids(&mut world)[0].clone();
    world.wait(65);
    assert!(!members(&mut world).contains(&"a InService".to_string()));
    let failed = activities(&mut world).into_iter().find(|one| one["StatusCode"] == "Cancelled").unwrap();
    let says = failed["StatusMessage"].as_str().unwrap();
    assert!(says.starts_with("Instance failed to complete user's Lifecycle Action:"), "{says}");
    assert!(says.ends_with("was abandoned: Heartbeat Timeout"), "{says}");
    world.wait(60);
    let second = ids(&mut world)[0].clone();
    assert_ne!(first, second, "another is launched in its place");
    // A heartbeat makes room, a completion ends it.
    let beat = json!({"AutoScalingGroupName": "web", "LifecycleHookName": "prepare", "InstanceId": second});
    done(&mut world, "RecordLifecycleActionHeartbeat", beat);
    world.wait(50);
    assert_eq!(members(&mut world), ["a Pending:Wait"]);
    complete(&mut world, "prepare", &second, "CONTINUE");
    assert_eq!(members(&mut world), ["a InService"]);
}

/// ASG-12
#[test]
fn hooks_are_checked_listed_and_deleted() {
    let mut world = world();
    create(&mut world, 0, 3, 1, json!({}));
    for (more, says) in [
        (
            json!({"HeartbeatTimeout": 29}),
            "ValidationError: Heartbeat timeout 29 must be between 30 and 7200 seconds.",
        ),
        (
            json!({"DefaultResult": "STOP"}),
            "ValidationError: Default result STOP must be CONTINUE or ABANDON.",
        ),
        (json!({"LifecycleTransition": "x"}), "ValidationError: Lifecycle transition x is not supported."),
    ] {
        let mut input = json!({"AutoScalingGroupName": "web", "LifecycleHookName": "drain",
            "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING"});
        for (name, value) in more.as_object().unwrap() {
            input[name] = value.clone();
        }
        assert_eq!(refused(&mut world, "PutLifecycleHook", input), says);
    }
    let bare = json!({"AutoScalingGroupName": "web", "LifecycleHookName": "drain"});
    assert!(
        refused(&mut world, "PutLifecycleHook", bare.clone()).contains("LifecycleTransition is required")
    );
    hook(&mut world, "drain", "TERMINATING", json!({"HeartbeatTimeout": 7200}));
    // A hook that is there keeps what is not said.
    done(
        &mut world,
        "PutLifecycleHook",
        json!({"AutoScalingGroupName": "web", "LifecycleHookName": "drain",
        "DefaultResult": "CONTINUE"}),
    );
    let shown = done(&mut world, "DescribeLifecycleHooks", json!({"AutoScalingGroupName": "web"}));
    let shown = &shown["LifecycleHooks"][0];
    assert_eq!((&shown["HeartbeatTimeout"], &shown["DefaultResult"]), (&json!(7200), &json!("CONTINUE")));
    assert_eq!(shown["GlobalTimeout"], 172_800, "48 hours are less than a hundred timeouts");
    world.wait(100);
    set(&mut world, 0);
    world.wait(10);
    assert_eq!(members(&mut world), ["a Terminating:Wait"]);
    done(&mut world, "DeleteLifecycleHook", bare.clone());
    assert_eq!(members(&mut world), ["a Terminating:Proceed"], "what the hook held goes on");
    assert!(refused(&mut world, "DeleteLifecycleHook", bare).contains("No Lifecycle Hook found"));
    for number in 0..50 {
        hook(&mut world, &format!("h{number}"), "TERMINATING", json!({}));
    }
    let one_more = json!({"AutoScalingGroupName": "web", "LifecycleHookName": "more",
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING"});
    assert!(refused(&mut world, "PutLifecycleHook", one_more).starts_with("LimitExceeded"));
}

/// ASG-17
#[test]
fn a_suspended_process_rests() {
    // process -> instances after the desired capacity rose to 3, and after one machine ended
    for (process, after_rise, after_loss) in
        [("Launch", 1, 0), ("Terminate", 3, 3), ("ReplaceUnhealthy", 3, 3), ("HealthCheck", 3, 3)]
    {
        let mut world = world();
        create(&mut world, 0, 5, 1, json!({}));
        world.wait(100);
        let named = json!({"AutoScalingGroupName": "web", "ScalingProcesses": [process]});
        done(&mut world, "SuspendProcesses", named.clone());
        set(&mut world, 3);
        world.wait(100);
        assert_eq!(ids(&mut world).len(), after_rise, "{process}");
        let victim = ids(&mut world)[0].clone();
        world.call("ec2", "TerminateInstances", json!({"InstanceIds": [victim]})).expect("it ends");
        world.wait(200);
        assert_eq!(ids(&mut world).len(), after_loss, "{process}");
        assert_eq!(ids(&mut world).contains(&victim), process != "Launch", "{process}");
        let shown = group(&mut world)["SuspendedProcesses"][0].clone();
        assert_eq!(shown["ProcessName"], process);
        assert!(
            shown["SuspensionReason"].as_str().unwrap().starts_with("User suspended at 2026-01-05T09:01:40Z")
        );
        done(&mut world, "ResumeProcesses", named);
        world.wait(200);
        assert_eq!(members(&mut world), ["a InService", "b InService", "c InService"], "{process}");
        assert!(!ids(&mut world).contains(&victim));
    }
    let mut world = world();
    create(&mut world, 0, 5, 1, json!({}));
    done(&mut world, "SuspendProcesses", json!({"AutoScalingGroupName": "web"}));
    assert_eq!(group(&mut world)["SuspendedProcesses"].as_array().unwrap().len(), 9);
    let odd = json!({"AutoScalingGroupName": "web", "ScalingProcesses": ["Sleep"]});
    assert!(
        refused(&mut world, "SuspendProcesses", odd).ends_with("Sleep is not a valid Scaling Process Type")
    );
}

/// ASG-02b
#[test]
fn instances_in_standby_run_on_and_come_back() {
    let mut world = world();
    create(&mut world, 1, 3, 3, json!({}));
    world.wait(100);
    let all = ids(&mut world);
    let one = |ids: &[&String], decrement: bool| json!({"AutoScalingGroupName": "web", "InstanceIds": ids, "ShouldDecrementDesiredCapacity": decrement});
    let says = refused(&mut world, "EnterStandby", one(&[&all[0], &all[1], &all[2]], true));
    assert_eq!(
        says,
        "ValidationError: AutoScalingGroup web has min-size=1, max-size=3, and desired-size=3. To place into \
         standby 3 instance, please update the AutoScalingGroup sizes appropriately."
    );
    let answer = done(&mut world, "EnterStandby", one(&[&all[0]], true));
    let cause = answer["Activities"][0]["Cause"].as_str().unwrap().to_string();
    let expected = format!(
        "At 2026-01-05T09:01:40Z instance {} was moved to standby in response to a user request, shrinking the capacity from 3 to 2.",
        all[0]
    );
    assert_eq!(cause, expected);
    world.wait(100);
    assert_eq!(members(&mut world).len(), 3, "nothing is launched or ended");
    assert_eq!(members(&mut world).iter().filter(|it| it.ends_with("Standby")).count(), 1);
    done(&mut world, "ExitStandby", json!({"AutoScalingGroupName": "web", "InstanceIds": [all[0]]}));
    assert_eq!(group(&mut world)["DesiredCapacity"], 3);
    world.wait(100);
    assert_eq!(ids(&mut world), all);
    // Detached, an instance is nobody's; the group launches another.
    done(&mut world, "DetachInstances", one(&[&all[1]], false));
    world.wait(100);
    assert_eq!(members(&mut world), ["a InService", "b InService", "c InService"]);
    assert!(!ids(&mut world).contains(&all[1]));
    let alone = json!({"InstanceIds": [all[1]]});
    let shown = world.call("ec2", "DescribeInstances", alone).unwrap();
    assert_eq!(shown["Reservations"][0]["Instances"][0]["State"]["Name"], "running");
    // And it can be taken in again, where the maximum allows it.
    let join = json!({"AutoScalingGroupName": "web", "InstanceIds": [all[1]]});
    assert!(
        refused(&mut world, "AttachInstances", join.clone()).contains("has max-size=3 and desired-size=3")
    );
    done(&mut world, "UpdateAutoScalingGroup", json!({"AutoScalingGroupName": "web", "MaxSize": 4}));
    done(&mut world, "AttachInstances", join.clone());
    assert!(refused(&mut world, "AttachInstances", join).contains("is already part of AutoScalingGroup:web"));
    world.wait(100);
    assert_eq!(ids(&mut world).len(), 4);
    assert_eq!(group(&mut world)["DesiredCapacity"], 4);
}

/// ASG-15b, ASG-13
#[test]
fn an_instance_is_ended_by_hand_with_the_desired_capacity_or_without() {
    let mut world = world();
    create(&mut world, 1, 3, 2, json!({"NewInstancesProtectedFromScaleIn": true}));
    world.wait(100);
    let first = ids(&mut world)[0].clone();
    let end =
        |id: &str, decrement: bool| json!({"InstanceId": id, "ShouldDecrementDesiredCapacity": decrement});
    let answer = done(&mut world, "TerminateInstanceInAutoScalingGroup", end(&first, true));
    assert_eq!(answer["Activity"]["StatusCode"], "InProgress");
    let cause = answer["Activity"]["Cause"].as_str().unwrap();
    assert!(cause.ends_with("in response to a user request, shrinking the capacity from 2 to 1."), "{cause}");
    let says = refused(&mut world, "TerminateInstanceInAutoScalingGroup", end(&first, true));
    assert!(says.starts_with("ScalingActivityInProgress"), "{says}");
    world.wait(60);
    let left = ids(&mut world);
    assert_eq!(left.len(), 1);
    let says = refused(&mut world, "TerminateInstanceInAutoScalingGroup", end(&left[0], true));
    assert!(says.starts_with("ValidationError: Currently, desiredSize equals minSize (1)."), "{says}");
    done(&mut world, "TerminateInstanceInAutoScalingGroup", end(&left[0], false));
    world.wait(100);
    assert_eq!(ids(&mut world).len(), 1);
    assert_ne!(ids(&mut world), left, "without the desired capacity another takes its place");
}

/// ASG-15
#[test]
fn a_group_goes_on_shrinking_when_protection_falls() {
    let mut world = world();
    create(&mut world, 0, 3, 2, json!({"NewInstancesProtectedFromScaleIn": true}));
    world.wait(100);
    set(&mut world, 1);
    world.wait(60);
    let all = ids(&mut world);
    let input =
        json!({"AutoScalingGroupName": "web", "InstanceIds": [all[1]], "ProtectedFromScaleIn": false});
    done(&mut world, "SetInstanceProtection", input);
    world.wait(60);
    assert_eq!(ids(&mut world), all[..1]);
    let odd = json!({"AutoScalingGroupName": "web", "InstanceIds": ["i-x"], "ProtectedFromScaleIn": false});
    let says = refused(&mut world, "SetInstanceProtection", odd);
    assert_eq!(says, "ValidationError: The instance i-x is not part of Auto Scaling group web.");
}

/// ASG-04
#[test]
fn somebody_may_call_an_instance_unhealthy() {
    let mut world = world();
    create(&mut world, 1, 3, 1, json!({"HealthCheckGracePeriod": 300}));
    world.wait(100);
    let id = ids(&mut world)[0].clone();
    let call = json!({"InstanceId": id, "HealthStatus": "Unhealthy"});
    done(&mut world, "SetInstanceHealth", call.clone());
    world.wait(100);
    assert_eq!(ids(&mut world), std::slice::from_ref(&id), "within the grace period it does not count");
    world.wait(300);
    done(&mut world, "SetInstanceHealth", call);
    world.wait(100);
    assert_ne!(ids(&mut world), [id]);
    assert!(
        activities(&mut world)[1]["Cause"].as_str().unwrap().ends_with("in response to a user health-check.")
    );
    let id = ids(&mut world)[0].clone();
    let now = json!({"InstanceId": id, "HealthStatus": "Unhealthy", "ShouldRespectGracePeriod": false});
    done(&mut world, "SetInstanceHealth", now);
    world.wait(100);
    assert_ne!(ids(&mut world), [id]);
}

/// ASG-16b
#[test]
fn a_group_balances_its_zones_by_launching_first() {
    let mut world = world();
    create(&mut world, 0, 3, 3, json!({"VPCZoneIdentifier": "subnet-pri-a"}));
    world.wait(100);
    let update = json!({"AutoScalingGroupName": "web", "VPCZoneIdentifier": PRIVATE});
    done(&mut world, "UpdateAutoScalingGroup", update);
    world.wait(4);
    assert_eq!(members(&mut world), ["a InService", "a InService", "a InService", "b Pending"]);
    world.wait(70);
    let balanced = members(&mut world);
    assert!(balanced.iter().filter(|it| it.ends_with("InService")).count() >= 3, "{balanced:?}");
    world.wait(300);
    assert_eq!(members(&mut world), ["a InService", "b InService", "c InService"]);
    let told: Vec<&str> = world
        .timeline
        .records()
        .iter()
        .filter(|it| it.rule.is_some_and(|rule| rule.id == "ASG-16b"))
        .map(|it| it.text.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "balances its zones: launches in us-east-1b before it ends one in us-east-1a",
            "balances its zones: launches in us-east-1c before it ends one in us-east-1a"
        ]
    );
    let causes: Vec<String> =
        activities(&mut world).iter().map(|it| it["Cause"].as_str().unwrap().to_string()).collect();
    assert!(
        causes
            .iter()
            .any(|it| it.ends_with("an instance was launched to aid in balancing the group's zones."))
    );
    assert!(
        causes
            .iter()
            .any(|it| it.contains("resulting in more than desired number of instances in the group. At"))
    );
}

/// ASG-16b: what is protected is not balanced away.
#[test]
fn protected_instances_are_not_balanced() {
    let mut world = world();
    create(
        &mut world,
        0,
        3,
        3,
        json!({"VPCZoneIdentifier": "subnet-pri-a", "NewInstancesProtectedFromScaleIn": true}),
    );
    world.wait(100);
    let update = json!({"AutoScalingGroupName": "web", "VPCZoneIdentifier": PRIVATE});
    done(&mut world, "UpdateAutoScalingGroup", update);
    world.wait(300);
    assert_eq!(members(&mut world), ["a InService", "a InService", "a InService"]);
}

/// ASG-01
#[test]
fn tags_are_put_on_groups_and_on_what_they_launch() {
    let mut world = world();
    create(&mut world, 0, 3, 0, json!({"Tags": [{"Key": "team", "Value": "a"}]}));
    let tag = |key: &str, value: &str, propagate: bool| {
        json!({"ResourceId": "web", "ResourceType": "auto-scaling-group", "Key": key, "Value": value,
               "PropagateAtLaunch": propagate})
    };
    done(
        &mut world,
        "CreateOrUpdateTags",
        json!({"Tags": [tag("Name", "machine", true), tag("team", "b", false)]}),
    );
    let filter = json!({"Filters": [{"Name": "key", "Values": ["team"]}]});
    let shown = done(&mut world, "DescribeTags", filter);
    assert_eq!(shown["Tags"], json!([tag("team", "b", false)]));
    set(&mut world, 1);
    world.wait(5);
    let id = ids(&mut world)[0].clone();
    let machine = world.call("ec2", "DescribeInstances", json!({"InstanceIds": [id]})).unwrap();
    let tags = machine["Reservations"][0]["Instances"][0]["Tags"].to_string();
    assert!(tags.contains("\"machine\"") && !tags.contains("team"), "{tags}");
    done(
        &mut world,
        "DeleteTags",
        json!({"Tags": [{"ResourceId": "web", "ResourceType": "auto-scaling-group", "Key": "team"}]}),
    );
    assert_eq!(group(&mut world)["Tags"].as_array().unwrap().len(), 1);
    let odd = json!({"Tags": [{"ResourceId": "x", "ResourceType": "auto-scaling-group", "Key": "team"}]});
    let says = refused(&mut world, "CreateOrUpdateTags", odd);
    assert_eq!(says, "ValidationError: AutoScalingGroup not found - AutoScaling Group x not found");
}

/// EC2-03: user data is written as a document, and put into a template in base64.
#[test]
fn a_document_goes_into_a_template_in_base64() {
    let mut run = drydock::Run::new(drydock::dice::Seed(7));
    let said = [
        "put user-data.sh <<'END'\n#!/bin/bash\necho ECS_CLUSTER=shop >> /etc/ecs/ecs.config\nEND",
        "DATA=$(base64 -w0 user-data.sh)",
        "aws ecs create-cluster --cluster-name shop",
        "aws ec2 create-launch-template --launch-template-name machines --launch-template-data ImageId=ami-ecs,UserData=$DATA",
        "aws autoscaling create-auto-scaling-group --auto-scaling-group-name fleet --min-size 1 --max-size 1 \
         --launch-template LaunchTemplateName=machines --availability-zones us-east-1a",
        "drydock wait 100s",
    ]
    .map(|line| (line, run.enter(line)));
    for (line, entered) in said {
        assert_eq!(entered.exit_code, 0, "{line}: {}", entered.stderr);
    }
    assert_eq!(run.sim().state().container_instances.len(), 1);
    let again = drydock::Run::from_script(&run.script()).expect("a run writes what can be read");
    assert_eq!(run.timeline().hash(), again.timeline().hash());
    for (line, says) in [
        ("X=$(base64 nope.sh)", "base64: nope.sh: No such file or directory"),
        ("X=$(base64 -w0)", "base64 takes one document: X=$(base64 -w0 user-data.sh)"),
    ] {
        assert_eq!(run.enter(line).stderr, format!("drydock: {says}"));
    }
}
