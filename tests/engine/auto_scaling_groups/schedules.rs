//! Scheduled actions: a group changes its sizes at a moment that was said before (ASG-19).

use super::*;

/// Runs begin at 09:00 on 5 January 2026.
fn put(world: &mut World, name: &str, at: &str, sizes: Value) {
    done(world, "PutScheduledUpdateGroupAction", action(name, at, sizes));
}

fn action(name: &str, at: &str, sizes: Value) -> Value {
    let mut input = json!({"AutoScalingGroupName": "web", "ScheduledActionName": name,
        "StartTime": format!("2026-01-05T{at}Z")});
    for (name, value) in sizes.as_object().expect("members") {
        input[name] = value.clone();
    }
    input
}

fn sizes(world: &mut World) -> String {
    let group = group(world);
    format!("{} {} {}", group["MinSize"], group["DesiredCapacity"], group["MaxSize"])
}

fn names(world: &mut World) -> Vec<String> {
    let told = done(world, "DescribeScheduledActions", json!({"AutoScalingGroupName": "web"}));
    let told = told["ScheduledUpdateGroupActions"].as_array().expect("a list").iter();
    told.map(|one| one["ScheduledActionName"].as_str().unwrap().to_string()).collect()
}

/// ASG-19: sizes of an action -> minimum, desired capacity and maximum of a group of 1, 2 and 5 afterwards
#[test]
fn an_action_changes_the_sizes_at_its_moment_and_is_gone() {
    for (changes, after) in [
        (json!({"DesiredCapacity": 4}), "1 4 5"),
        (json!({"MinSize": 3}), "3 3 5"),
        (json!({"MaxSize": 1}), "1 1 1"),
        (json!({"MinSize": 0, "MaxSize": 9, "DesiredCapacity": 0}), "0 0 9"),
        (json!({"DesiredCapacity": 8}), "1 5 5"), // brought to the maximum
        (json!({"MinSize": 6}), "1 2 5"),         // above the maximum: the action fails
    ] {
        let mut world = world();
        create(&mut world, 1, 5, 2, json!({}));
        put(&mut world, "morning", "09:30:00", changes.clone());
        world.wait(1799);
        assert_eq!((sizes(&mut world).as_str(), names(&mut world).len()), ("1 2 5", 1), "{changes}");
        world.wait(1);
        assert_eq!((sizes(&mut world).as_str(), names(&mut world).len()), (after, 0), "{changes}");
    }
}

/// ASG-19: the activity tells that the schedule did it.
#[test]
fn an_action_is_told_as_the_cause() {
    let mut world = world();
    create(&mut world, 1, 5, 2, json!({}));
    put(&mut world, "morning", "09:30:00", json!({"DesiredCapacity": 3}));
    world.wait(1900);
    assert_eq!(ids(&mut world).len(), 3);
    let cause = activities(&mut world)[0]["Cause"].as_str().unwrap().to_string();
    assert!(cause.starts_with("At 2026-01-05T09:30:00Z a scheduled action update of AutoScalingGroup constraints to min: 1, max: 5, desired: 3 changing the desired capacity from 2 to 3."), "{cause}");
}

/// ASG-19: an action of the same name takes the place of the one before; a deleted one does nothing.
#[test]
fn an_action_can_be_moved_and_deleted() {
    let mut world = world();
    create(&mut world, 1, 5, 2, json!({}));
    put(&mut world, "morning", "09:30:00", json!({"DesiredCapacity": 3}));
    put(&mut world, "noon", "12:00:00", json!({"DesiredCapacity": 5}));
    put(&mut world, "morning", "10:00:00", json!({"DesiredCapacity": 4}));
    assert_eq!(names(&mut world), ["morning", "noon"]);
    world.wait(1800);
    assert_eq!(sizes(&mut world), "1 2 5");
    world.wait(1800);
    assert_eq!(sizes(&mut world), "1 4 5");
    done(
        &mut world,
        "DeleteScheduledAction",
        json!({"AutoScalingGroupName": "web", "ScheduledActionName": "noon"}),
    );
    world.wait(3 * 3600);
    assert_eq!(sizes(&mut world), "1 4 5");
}

/// ASG-17, ASG-19: what falls into a suspension is not made up for.
#[test]
fn an_action_is_passed_over_while_that_is_suspended() {
    let mut world = world();
    create(&mut world, 1, 5, 2, json!({}));
    put(&mut world, "morning", "09:30:00", json!({"DesiredCapacity": 3}));
    let named = json!({"AutoScalingGroupName": "web", "ScalingProcesses": ["ScheduledActions"]});
    done(&mut world, "SuspendProcesses", named.clone());
    world.wait(1800);
    done(&mut world, "ResumeProcesses", named);
    world.wait(600);
    assert_eq!((sizes(&mut world).as_str(), names(&mut world).len()), ("1 2 5", 0));
}

/// ASG-19: what an action is refused for.
#[test]
fn an_action_is_refused() {
    let mut world = world();
    create(&mut world, 1, 5, 2, json!({}));
    put(&mut world, "morning", "09:30:00", json!({"DesiredCapacity": 3}));
    let mut without = action("night", "22:00:00", json!({"MinSize": 1}));
    without.as_object_mut().unwrap().remove("StartTime");
    for (input, says) in [
        (
            action("night", "22:00:00", json!({})),
            "ValidationError: At least one of MinSize, MaxSize, or DesiredCapacity must be specified.",
        ),
        (
            action("night", "22:00:00", json!({"MinSize": 3, "MaxSize": 2})),
            "ValidationError: Max bound, 2, must be greater than or equal to min bound, 3",
        ),
        (
            action("night", "22:00:00", json!({"DesiredCapacity": -1})),
            "ValidationError: The size -1 must be greater than or equal to 0.",
        ),
        (
            action("night", "08:00:00", json!({"MinSize": 1})),
            "ValidationError: Given start time is in the past",
        ),
        (
            action("night", "09:30:00", json!({"MinSize": 1})),
            "AlreadyExists: Scheduled action with the same start time already exists.",
        ),
        (
            without,
            "ValidationError: Either a recurrence or a start time must be specified; recurrences are not supported here.",
        ),
    ] {
        assert_eq!(refused(&mut world, "PutScheduledUpdateGroupAction", input), says);
    }
    let unknown = json!({"AutoScalingGroupName": "web", "ScheduledActionName": "night"});
    let says = refused(&mut world, "DeleteScheduledAction", unknown);
    assert_eq!(says, "ValidationError: Scheduled action name not found");
}
