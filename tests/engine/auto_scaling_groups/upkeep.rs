//! What befalls a group's instances: hooks, Standby, suspended processes, health, balance and tags.

use super::*;

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
