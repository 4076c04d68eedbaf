//! Instance refreshes: how a group replaces its instances, and what holds that up (ASG-18).

use super::*;

fn start(world: &mut World, preferences: Value) {
    let asked = json!({"AutoScalingGroupName": "web", "Preferences": preferences});
    done(world, "StartInstanceRefresh", asked);
}

fn shown(world: &mut World) -> Value {
    let asked = json!({"AutoScalingGroupName": "web"});
    done(world, "DescribeInstanceRefreshes", asked)["InstanceRefreshes"][0].clone()
}

/// How the refresh stands, how far it is in per cent, and how many instances are left.
fn stands(world: &mut World) -> String {
    let found = shown(world);
    let word = found["Status"].as_str().expect("a status");
    format!("{word} {} {}", found["PercentageComplete"], found["InstancesToUpdate"])
}

/// How many instances of the group are in service, and how many there are but for those that end.
fn counts(world: &mut World) -> (usize, usize) {
    let all = members(world);
    let in_service = all.iter().filter(|one| one.ends_with("InService")).count();
    (in_service, all.iter().filter(|one| !one.contains("Terminat")).count())
}

fn newer(world: &mut World) {
    let data = json!({"ImageId": "ami-ecs-2"});
    let version = json!({"LaunchTemplateName": "machines", "SourceVersion": "1", "LaunchTemplateData": data});
    world.call("ec2", "CreateLaunchTemplateVersion", version).expect("a version");
}

fn versions(world: &mut World) -> Vec<String> {
    let group = group(world);
    let instances = group["Instances"].as_array().expect("a list").iter();
    instances.map(|one| one["LaunchTemplate"]["Version"].as_str().unwrap_or("none").to_string()).collect()
}

/// A group of so many instances of the first version; a second one is there.
fn fleet(count: u64, more: Value) -> World {
    let mut world = world();
    create(&mut world, 0, 10, count, more);
    world.wait(100);
    newer(&mut world);
    world
}

/// ASG-18: preferences, instances -> the least and the most that there are meanwhile, in service and at all.
#[test]
fn a_refresh_keeps_its_bounds_and_replaces_everything() {
    for (preferences, count, least, most) in [
        (json!({}), 2, 1, 2),                           // too small for 90 per cent: one at a time
        (json!({}), 10, 9, 10),                         // one of ten may be away
        (json!({"MinHealthyPercentage": 50}), 4, 2, 4), // two at a time
        (json!({"MinHealthyPercentage": 0}), 3, 0, 3),  // all at once
        (json!({"MinHealthyPercentage": 67}), 3, 2, 3), // 67 per cent of three are three, so one at a time
        (json!({"MinHealthyPercentage": 100}), 3, 2, 3), // no room either: one at a time
        (json!({"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150}), 4, 4, 6),
        (json!({"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}), 3, 3, 4),
    ] {
        let mut world = fleet(count, json!({}));
        let before = ids(&mut world);
        // What the zones need afterwards is not looked at here.
        let balance = json!({"AutoScalingGroupName": "web", "ScalingProcesses": ["AZRebalance"]});
        done(&mut world, "SuspendProcesses", balance);
        start(&mut world, preferences.clone());
        assert_eq!(stands(&mut world), format!("Pending 0 {count}"));
        let (mut low, mut high) = (usize::MAX, 0);
        for _ in 0..3600 {
            world.wait(1);
            let (in_service, all) = counts(&mut world);
            (low, high) = (low.min(in_service), high.max(all));
            if stands(&mut world) == "Successful 100 0" {
                break;
            }
        }
        assert_eq!(stands(&mut world), "Successful 100 0", "{preferences}");
        assert_eq!((low, high), (least, most), "{preferences} {count}");
        // What goes last is on its way out still.
        world.wait(60);
        let after = ids(&mut world);
        assert!(after.iter().all(|id| !before.contains(id)), "{preferences} {count}");
        assert_eq!(after.len() as u64, count, "{preferences}");
        assert!(versions(&mut world).iter().all(|version| version == "2"));
        world.wait(600);
        assert_eq!(ids(&mut world), after, "and nothing more happens");
    }
}

/// ASG-18, ASG-M5: what is replaced is told with its reason, the oldest first, and in activities.
#[test]
fn a_refresh_says_what_it_replaces_and_why() {
    let mut world = fleet(1, json!({}));
    let oldest = ids(&mut world)[0].clone();
    set(&mut world, 3);
    world.wait(100);
    start(&mut world, json!({"InstanceWarmup": 100}));
    world.wait(3);
    let decision =
        world.timeline.records().iter().rfind(|it| !it.verdicts.is_empty() && it.text.contains("refresh"));
    let decision = decision.expect("a decision");
    assert_eq!(decision.kind, RecordKind::Decision);
    assert_eq!(decision.text, "instance refresh replaces 1 of 3 left: 3 of 3 are ready, 3 have to be");
    assert_eq!(decision.rule.map(|rule| rule.id), Some("ASG-18"));
    assert_eq!(decision.verdicts.len(), 1);
    assert_eq!(decision.verdicts[0].candidate.id, oldest);
    assert_eq!(decision.verdicts[0].rule.id, "ASG-M5");
    assert!(decision.verdicts[0].reason.starts_with("us-east-1a has 1; launched at "));
    let ended = activities(&mut world);
    let ended = ended.iter().find(|one| one["Description"] == format!("Terminating EC2 instance: {oldest}"));
    let cause = ended.expect("it ends")["Cause"].as_str().unwrap();
    assert!(cause.ends_with("taken out of service in response to an instance refresh."), "{cause}");
    assert_eq!(stands(&mut world), "InProgress 0 3", "its successor is not ready yet");
    world.wait(30);
    let reason = shown(&mut world)["StatusReason"].as_str().unwrap().to_string();
    assert!(
        reason.starts_with("Waiting for remaining instances to be available. For example: i-"),
        "{reason}"
    );
    world.wait(45);
    let reason = shown(&mut world)["StatusReason"].as_str().unwrap().to_string();
    assert!(reason.ends_with(" is warming up."), "{reason}");
    assert_eq!(stands(&mut world), "InProgress 0 3");
    world.wait(100);
    assert_eq!(stands(&mut world), "InProgress 33 2");
}

/// ASG-18: instances that are as they should be already stay where that is asked for.
#[test]
fn a_refresh_may_skip_what_matches() {
    let mut world = fleet(2, json!({}));
    let old = ids(&mut world);
    set(&mut world, 3);
    world.wait(100);
    start(&mut world, json!({"SkipMatching": true, "MinHealthyPercentage": 0}));
    let fresh: Vec<String> = ids(&mut world).into_iter().filter(|id| !old.contains(id)).collect();
    world.wait(300);
    assert_eq!(stands(&mut world), "Successful 100 0");
    assert!(ids(&mut world).contains(&fresh[0]) && !ids(&mut world).iter().any(|id| old.contains(id)));
    let kept = ids(&mut world);
    start(&mut world, json!({"SkipMatching": true}));
    world.wait(10);
    assert_eq!((stands(&mut world), ids(&mut world)), ("Successful 100 0".to_string(), kept));
}

/// ASG-18, ASG-15, ASG-02b: what is protected or in Standby is waited for, ignored or replaced.
#[test]
fn a_refresh_waits_for_what_it_may_not_replace() {
    // preference -> how the refresh ends, and whether the protected and the resting instance are still there
    for (word, ends, stay) in
        [("Wait", "Failed", true), ("Ignore", "Successful", true), ("Replace", "Successful", false)]
    {
        for resting in [false, true] {
            let mut world = fleet(2, json!({}));
            let spared = ids(&mut world)[0].clone();
            let named = json!({"AutoScalingGroupName": "web", "InstanceIds": [spared]});
            let (operation, member, value, preference, replace) = match resting {
                false => (
                    "SetInstanceProtection",
                    "ProtectedFromScaleIn",
                    true,
                    "ScaleInProtectedInstances",
                    "Refresh",
                ),
                true => {
                    ("EnterStandby", "ShouldDecrementDesiredCapacity", true, "StandbyInstances", "Terminate")
                }
            };
            let mut asked = named.clone();
            asked[member] = json!(value);
            done(&mut world, operation, asked);
            let word = if word == "Replace" { replace } else { word };
            start(&mut world, json!({preference: word}));
            world.wait(900);
            if ends == "Failed" {
                let reason = shown(&mut world)["StatusReason"].as_str().unwrap().to_string();
                assert!(
                    reason.contains("protected from scale-in or in Standby") && reason.contains(&spared),
                    "{reason}"
                );
                assert!(stands(&mut world).starts_with("InProgress 50"));
                world.wait(3600);
            }
            assert!(stands(&mut world).starts_with(ends), "{word} {resting}: {}", stands(&mut world));
            assert_eq!(ids(&mut world).contains(&spared), stay, "{word} {resting}");
        }
    }
    let mut world = fleet(2, json!({"NewInstancesProtectedFromScaleIn": true}));
    start(&mut world, json!({}));
    world.wait(60);
    let asked =
        json!({"AutoScalingGroupName": "web", "InstanceIds": ids(&mut world), "ProtectedFromScaleIn": false});
    done(&mut world, "SetInstanceProtection", asked);
    world.wait(3600);
    assert_eq!(stands(&mut world), "Successful 100 0", "it goes on when the protection falls");
}

/// ASG-18: a refresh that is cancelled leaves what it has replaced, and the group as it was.
#[test]
fn a_refresh_can_be_cancelled() {
    for (waits, first) in [(true, "Cancelling"), (false, "Cancelled")] {
        let mut world = fleet(3, json!({}));
        let before = ids(&mut world);
        let wished = json!({"LaunchTemplate": {"LaunchTemplateName": "machines", "Version": "2"}});
        let asked = json!({"AutoScalingGroupName": "web", "DesiredConfiguration": wished});
        done(&mut world, "StartInstanceRefresh", asked);
        world.wait(20);
        let cancel = json!({"AutoScalingGroupName": "web", "WaitForTransitioningInstances": waits});
        let id = done(&mut world, "CancelInstanceRefresh", cancel.clone())["InstanceRefreshId"].clone();
        assert_eq!(shown(&mut world)["InstanceRefreshId"], id);
        assert!(stands(&mut world).starts_with(first));
        world.wait(300);
        assert!(stands(&mut world).starts_with("Cancelled "), "{}", stands(&mut world));
        assert_eq!(ids(&mut world).iter().filter(|id| before.contains(id)).count(), 2);
        assert_eq!(group(&mut world)["LaunchTemplate"]["Version"], "$Latest");
        let says = refused(&mut world, "CancelInstanceRefresh", cancel);
        assert!(says.starts_with("ActiveInstanceRefreshNotFound"), "{says}");
    }
}

/// ASG-18: what a refresh was asked to make of the group is what the group launches from then on.
#[test]
fn a_refresh_brings_the_group_to_its_desired_configuration() {
    let mut world = fleet(2, json!({"LaunchTemplate": {"LaunchTemplateName": "machines", "Version": "1"}}));
    let wished = json!({"LaunchTemplate": {"LaunchTemplateName": "machines", "Version": "2"}});
    let asked = json!({"AutoScalingGroupName": "web", "DesiredConfiguration": wished});
    done(&mut world, "StartInstanceRefresh", asked);
    assert_eq!(group(&mut world)["LaunchTemplate"]["Version"], "1");
    world.wait(600);
    assert_eq!(stands(&mut world), "Successful 100 0");
    assert_eq!(group(&mut world)["LaunchTemplate"]["Version"], "2");
    assert_eq!(versions(&mut world), ["2", "2"]);
    assert_eq!(shown(&mut world)["DesiredConfiguration"]["LaunchTemplate"]["Version"], "2");
}

/// ASG-17, ASG-18: a refresh rests while its process is suspended.
#[test]
fn a_refresh_rests_while_it_is_suspended() {
    let mut world = fleet(2, json!({}));
    let before = ids(&mut world);
    let named = json!({"AutoScalingGroupName": "web", "ScalingProcesses": ["InstanceRefresh"]});
    done(&mut world, "SuspendProcesses", named.clone());
    start(&mut world, json!({}));
    world.wait(600);
    assert_eq!((stands(&mut world), ids(&mut world)), ("Pending 0 2".to_string(), before));
    done(&mut world, "ResumeProcesses", named);
    world.wait(600);
    assert_eq!(stands(&mut world), "Successful 100 0");
}

/// ASG-18: what is changed in a good request -> the refusal.
#[test]
fn a_refresh_is_refused() {
    let mut world = fleet(2, json!({}));
    let within = |name: &str, value: i64, says: &str| {
        format!(
            "ValidationError: 1 validation error detected: Value '{value}' at 'preferences.{name}' failed to satisfy constraint: Member must have value {says}"
        )
    };
    for (preferences, says) in [
        (json!({"MinHealthyPercentage": 101}), within("minHealthyPercentage", 101, "less than or equal to 100")),
        (json!({"MinHealthyPercentage": -1}), within("minHealthyPercentage", -1, "greater than or equal to 0")),
        (json!({"MinHealthyPercentage": 50, "MaxHealthyPercentage": 99}), within("maxHealthyPercentage", 99, "greater than or equal to 100")),
        (json!({"InstanceWarmup": -1}), within("instanceWarmup", -1, "greater than or equal to 0")),
        (json!({"MaxHealthyPercentage": 110}), "ValidationError: You must specify MinHealthyPercentage when you specify MaxHealthyPercentage.".to_string()),
        (json!({"MinHealthyPercentage": 50, "MaxHealthyPercentage": 151}), "ValidationError: The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100.".to_string()),
    ] {
        let asked = json!({"AutoScalingGroupName": "web", "Preferences": preferences});
        assert_eq!(refused(&mut world, "StartInstanceRefresh", asked), says);
    }
    let wished = json!({"LaunchTemplate": {"LaunchTemplateName": "machines", "Version": "9"}});
    let asked = json!({"AutoScalingGroupName": "web", "DesiredConfiguration": wished});
    let says = refused(&mut world, "StartInstanceRefresh", asked);
    assert!(says.contains("Could not find the specified version 9"), "{says}");
    let says = refused(
        &mut world,
        "StartInstanceRefresh",
        json!({"AutoScalingGroupName": "web", "Strategy": "ReplaceRootVolume"}),
    );
    assert!(says.contains("ReplaceRootVolume"), "{says}");
    start(&mut world, json!({}));
    let says = refused(&mut world, "StartInstanceRefresh", json!({"AutoScalingGroupName": "web"}));
    assert_eq!(
        says,
        "InstanceRefreshInProgress: An Instance Refresh is already in progress and blocks the execution of this Instance Refresh."
    );
}
