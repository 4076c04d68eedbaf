//! Deployments: what starts one, how it replaces tasks, and when it is over.

use super::{create, describe, fargate, messages, register};
use crate::world::World;
use serde_json::{Value, json};

#[test]
fn a_rolling_update_starts_a_second_set_then_stops_the_first() {
    let mut world = fargate();
    world.ok("CreateService", create(2));
    world.wait(300);
    register(&mut world, "shop/web:2");
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "taskDefinition": "web:2"}));
    let mut least = u64::MAX;
    let mut most = 0;
    for _ in 0..300 {
        world.wait(1);
        let service = describe(&mut world);
        let running = service["runningCount"].as_u64().unwrap();
        least = least.min(running);
        most = most.max(running + service["pendingCount"].as_u64().unwrap());
    }
    // DEPLOY-06: floor 2, ceiling 4.
    assert_eq!((least, most), (2, 4));
    assert_eq!(
        messages(&mut world)[3..],
        [
            "(service web) has started 2 tasks: (task <id>) (task <id>).",
            "(service web) has stopped 2 running tasks: (task <id>) (task <id>).",
            "(service web) (deployment ecs-svc/<id>) deployment completed.",
            "(service web) has reached a steady state.",
        ]
    );
    let service = describe(&mut world);
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert!(service["taskDefinition"].as_str().unwrap().ends_with("web:2"));
}

#[test]
fn scaling_is_no_deployment() {
    let mut world = fargate();
    world.ok("CreateService", create(3));
    world.wait(300);
    let before = describe(&mut world)["deployments"][0]["id"].clone();
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 1}));
    world.wait(120);
    let service = describe(&mut world);
    // SVC-09, SVC-11.
    assert_eq!(service["deployments"][0]["id"], before);
    assert_eq!(service["runningCount"], 1);
    assert_eq!(
        messages(&mut world)[3..],
        [
            "(service web) has stopped 2 running tasks: (task <id>) (task <id>).",
            "(service web) has reached a steady state.",
        ]
    );
}

/// A change -> whether it starts a deployment (SVC-09).
const DEPLOYS: &str = r#"
    {"taskDefinition": "web:2"} -> true
    {"forceNewDeployment": true} -> true
    {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-pub-c"]}}} -> true
    {"platformVersion": "1.4.0"} -> true
    {"desiredCount": 2} -> false
    {"taskDefinition": "web:1"} -> false
    {"deploymentConfiguration": {"minimumHealthyPercent": 50}} -> false
    {"availabilityZoneRebalancing": "DISABLED"} -> false
    {"healthCheckGracePeriodSeconds": 60} -> false
    {"enableExecuteCommand": true} -> false
    {"propagateTags": "SERVICE"} -> false
    {} -> false
"#;

#[test]
fn only_some_changes_start_a_deployment() {
    for line in DEPLOYS.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (change, deploys) = line.split_once(" -> ").unwrap();
        let mut world = fargate();
        register(&mut world, "shop/web:2");
        let mut request = create(1);
        request["taskDefinition"] = json!("web:1");
        world.ok("CreateService", request);
        let mut update: Value = serde_json::from_str(change).unwrap();
        update["cluster"] = json!("shop");
        update["service"] = json!("web");
        let before = describe(&mut world)["deployments"][0]["id"].clone();
        let updated = world.ok("UpdateService", update);
        let after = &updated["service"]["deployments"][0]["id"];
        assert_eq!((*after != before).to_string(), deploys, "{change}");
    }
}

#[test]
fn a_new_deployment_supersedes_one_that_is_not_over() {
    let mut world = fargate();
    world.ok("CreateService", create(2));
    world.wait(300);
    for revision in [2, 3] {
        register(&mut world, "shop/web:2");
        let task_definition = format!("web:{revision}");
        world.ok(
            "UpdateService",
            json!({"cluster": "shop", "service": "web", "taskDefinition": task_definition}),
        );
        world.wait(5);
    }
    // DEPLOY-01, DEPLOY-05.
    let service = describe(&mut world);
    let statuses: Vec<_> =
        service["deployments"].as_array().unwrap().iter().map(|it| &it["status"]).collect();
    assert_eq!(statuses, ["PRIMARY", "ACTIVE", "ACTIVE"]);
    world.wait(600);
    let service = describe(&mut world);
    assert_eq!(service["deployments"].as_array().unwrap().len(), 1);
    assert_eq!(service["runningCount"], 2);
    assert!(service["deployments"][0]["taskDefinition"].as_str().unwrap().ends_with("web:3"));
}

#[test]
fn a_deployment_that_cannot_move_says_so_once() {
    let mut world = fargate();
    let mut request = create(1);
    request["deploymentConfiguration"] = json!({"minimumHealthyPercent": 100, "maximumPercent": 100});
    world.ok("CreateService", request);
    world.wait(300);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "forceNewDeployment": true}));
    world.wait(600);
    // DEPLOY-08.
    assert_eq!(
        messages(&mut world)[3..],
        [
            "(service web) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
        ]
    );
}

#[test]
fn without_checks_a_task_counts_as_healthy_40_seconds_after_running() {
    let mut world = fargate();
    world.ok("CreateService", create(1));
    world.wait(300);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "forceNewDeployment": true}));
    let mut second_ran = None;
    for second in 0..200_u64 {
        world.wait(1);
        let service = describe(&mut world);
        let running = service["runningCount"].as_u64().unwrap();
        match second_ran {
            None if running == 2 => second_ran = Some(second),
            // DEPLOY-10: the old task goes at the first pass after 40 seconds.
            Some(since) if running == 1 => return assert!((40..=51).contains(&(second - since)), "{second}"),
            _ => {}
        }
    }
    panic!("the old task was never stopped");
}

#[test]
fn stability_is_what_the_waiter_sees() {
    use drydock::cli::{Command, Judgement, parse};
    let words = ["ecs", "wait", "services-stable", "--cluster", "shop", "--services", "web"];
    let Ok(Command::Waiter(waiter)) = parse(&words.map(str::to_string), &Default::default()) else {
        panic!("it is a waiter");
    };
    let mut world = fargate();
    let see = |world: &mut World| {
        let answer = world.ecs("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
        match waiter.judge(&answer) {
            Judgement::Failed(_) => "in vain",
            Judgement::Again => "again",
            Judgement::Done => "done",
        }
    };
    // DEPLOY-17.
    assert_eq!(see(&mut world), "in vain");
    world.ok("CreateService", create(1));
    assert_eq!(see(&mut world), "again");
    world.wait(300);
    assert_eq!(see(&mut world), "done");
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "forceNewDeployment": true}));
    assert_eq!(see(&mut world), "again", "two deployments");
    world.ok("DeleteService", json!({"cluster": "shop", "service": "web", "force": true}));
    assert_eq!(see(&mut world), "in vain");
}

#[test]
fn a_new_desired_count_changes_the_bounds_of_a_deployment_at_once() {
    let mut world = fargate();
    world.ok("CreateService", create(2));
    world.wait(300);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "forceNewDeployment": true}));
    world.wait(5);
    world.ok("UpdateService", json!({"cluster": "shop", "service": "web", "desiredCount": 4}));
    // DEPLOY-15: four new ones may stand beside the two old ones.
    let service = describe(&mut world);
    assert_eq!((&service["runningCount"], &service["pendingCount"]), (&json!(2), &json!(4)));
    assert!(
        world.timeline.records().iter().any(|record| record.rule.is_some_and(|rule| rule.id == "DEPLOY-15"))
    );
}

/// DEPLOY-12, DEPLOY-13: minimum, maximum, instances, tasks on each: the cluster is full, so old tasks stop
/// first, and new ones start as soon as these are told to stop.
#[test]
fn old_tasks_make_room_for_new_ones_on_a_full_cluster() {
    for (minimum, maximum, machines, each) in
        [(0, 200, 1, 1_u64), (0, 200, 2, 2), (50, 200, 1, 4), (50, 150, 2, 3), (75, 125, 1, 8)]
    {
        let mut world = World::new();
        world.ok("CreateCluster", json!({"clusterName": "shop"}));
        for machine in 0..machines {
            let resources = json!([{"name": "CPU", "type": "INTEGER", "integerValue": 128 * each},
                {"name": "MEMORY", "type": "INTEGER", "integerValue": 4096},
                {"name": "PORTS", "type": "STRINGSET", "stringSetValue": []}]);
            let document = json!({"instanceId": format!("i-{machine:017}")}).to_string();
            world.ok(
                "RegisterContainerInstance",
                json!({"cluster": "shop", "instanceIdentityDocument": document, "totalResources": resources}),
            );
        }
        let container = json!({"name": "web", "image": "busybox", "command": ["sleep", "infinity"], "cpu": 128,
            "memory": 64});
        world.ok("RegisterTaskDefinition", json!({"family": "web", "containerDefinitions": [container]}));
        let bounds = json!({"minimumHealthyPercent": minimum, "maximumPercent": maximum});
        world.ok(
            "CreateService",
            json!({"cluster": "shop", "serviceName": "web", "taskDefinition": "web", "launchType": "EC2",
                "desiredCount": machines * each, "deploymentConfiguration": bounds}),
        );
        world.wait(300);
        let update = json!({"cluster": "shop", "service": "web", "forceNewDeployment": true});
        world.ok("UpdateService", update);
        world.wait(60 * machines * each + 120);
        let service = describe(&mut world);
        let deployments = service["deployments"].as_array().expect("a list");
        let over = deployments.len() == 1 && deployments[0]["rolloutState"] == "COMPLETED";
        assert!(over, "{minimum}/{maximum} on {machines} instances of {each}: {deployments:#?}");
    }
}

/// SVC-07, SVC-08: a task that waits for a host port gets it although its instance has as much CPU and memory
/// left as before: in one pass the other service stops the task that had the port, and starts one without.
#[test]
fn a_port_that_becomes_free_is_seen_even_if_nothing_else_changes() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let resources = json!([{"name": "CPU", "type": "INTEGER", "integerValue": 1024},
        {"name": "MEMORY", "type": "INTEGER", "integerValue": 4096},
        {"name": "PORTS", "type": "STRINGSET", "stringSetValue": []}]);
    let document = json!({"instanceId": "i-0"}).to_string();
    world.ok(
        "RegisterContainerInstance",
        json!({"cluster": "shop", "instanceIdentityDocument": document, "totalResources": resources}),
    );
    let mut service = |name: &str, operation: &str, host_port: u64| {
        let container = json!({"name": "web", "image": "busybox", "command": ["sleep", "infinity"], "cpu": 128,
            "memory": 64, "portMappings": [{"containerPort": 80, "hostPort": host_port}]});
        world.ok("RegisterTaskDefinition", json!({"family": name, "containerDefinitions": [container]}));
        let mut asked = json!({"cluster": "shop", "taskDefinition": name});
        if operation == "CreateService" {
            asked["serviceName"] = json!(name);
            asked["launchType"] = json!("EC2");
            asked["desiredCount"] = json!(1);
            asked["deploymentConfiguration"] = json!({"minimumHealthyPercent": 0, "maximumPercent": 200});
        } else {
            asked["service"] = json!(name);
        }
        world.ok(operation, asked);
        world.wait(300);
        let described = world.ok("DescribeServices", json!({"cluster": "shop", "services": ["web"]}));
        described["services"][0]["runningCount"].clone()
    };
    service("other", "CreateService", 80);
    assert_eq!(service("web", "CreateService", 80), 0);
    assert_eq!(service("other", "UpdateService", 0), 1);
}
